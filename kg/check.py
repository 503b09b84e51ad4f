"""The gate of every release: structure, quotations, quality queries and shapes.

A full run looks at everything; a scoped run at what changed only, so that its time follows the
change and not the graph. Only the project's own graphs are checked: what users keep in graphs of
theirs is theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import islice

import pyoxigraph as ox

from kg import catalog
from kg.errors import PactgraphError
from kg.model import Document, Finding, Report
from kg.resources import data_dir
from kg.shapes import Violation, number_of_shapes, violations
from kg.store import OWN, is_document_graph
from kg.vocab import PG, RDF, Iris, shorten

Documents = Callable[[str], Document | None]
LIMIT = 100  # findings listed of one check; the rest is counted
FULL = 20_000  # a change of more things than this is checked by a full run
_BATCH = 500
_SCOPE = "# scope"
_TYPE = ox.NamedNode(RDF + "type")
_CLAIM, _SPAN = ox.NamedNode(PG + "Claim"), ox.NamedNode(PG + "EvidenceSpan")
_SPAN_HAS = {PG + name for name in ("inDocument", "startOffset", "endOffset", "quote")}
_EXACTLY_ONE = {
    RDF + "subject": "subject",
    RDF + "predicate": "predicate",
    RDF + "object": "object",
    PG + "modality": "modality",
}


def check(
    store: ox.Store, iris: Iris, documents: Documents, changed: set[str] | None = None
) -> Report:
    """Return what the checks find in a store that is about to be published.

    `documents` returns the stored document of an id, or None (or raises UnknownName) where there
    is none; `changed` holds the IRIs of the subjects whose statements changed, None means all.
    """
    if changed is not None and len(changed) > FULL:
        changed = None
    work = _Work(store, iris, changed)
    counts = {
        "claims": _structure(work),
        "quotations": _quotations(work, documents),
        "quality queries": _quality(work),
        "shapes": _shapes(work),
    }
    scope = "everything" if changed is None else f"{len(changed)} changed things"
    parts = ("structure", "quotations", "quality queries", "SHACL shapes")
    ran = tuple(f"{part} ({scope})" for part in parts)
    return Report(tuple(work.findings), ran, counts)


@dataclass
class _Work:
    """A store under check; collects findings, of one check at most LIMIT."""

    store: ox.Store
    iris: Iris
    changed: set[str] | None
    findings: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.graphs = [g for g in self.store.named_graphs() if self._is_own(g)]
        total = sum(1 for _ in self.store.named_graphs())
        unnamed = any(self.store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
        self.mixed = unnamed or total > len(self.graphs)
        self.own = set(self.graphs)

    def _is_own(self, graph: ox.NamedNode | ox.BlankNode) -> bool:
        own = {self.iris.graph(name) for name in OWN}
        return graph.value in own or is_document_graph(graph.value, self.iris)

    def add(self, found: Iterable[Finding]) -> None:
        """Keep findings; of very many, the first ones and their number."""
        found = iter(found)
        kept = list(islice(found, LIMIT))
        self.findings += kept
        if more := sum(1 for _ in found):
            last = kept[-1]
            self.findings.append(Finding(last.check, f"and {more} more like these", last.blocks))

    def nodes(self, cls: ox.NamedNode) -> Iterator[ox.NamedNode]:
        """Yield the instances of a class that are to be checked."""
        if self.changed is None:
            for quad in self.store.quads_for_pattern(None, _TYPE, cls):
                if quad.graph_name in self.own and isinstance(quad.subject, ox.NamedNode):
                    yield quad.subject
        else:
            for node in map(ox.NamedNode, sorted(self.changed)):
                if self.is_a(node, cls):
                    yield node

    def is_a(self, node: ox.NamedNode, cls: ox.NamedNode) -> bool:
        """Tell whether the project's own graphs say that a node is of a class."""
        quads = self.store.quads_for_pattern(node, _TYPE, cls)
        return any(quad.graph_name in self.own for quad in quads)

    def about(self, node: ox.NamedNode) -> dict[str, set[ox.NamedNode | ox.Literal]]:
        """Return property → values of a node in the project's own graphs."""
        found: dict[str, set[ox.NamedNode | ox.Literal]] = {}
        for quad in self.store.quads_for_pattern(node, None, None):
            if quad.graph_name in self.own and isinstance(quad.object, ox.NamedNode | ox.Literal):
                found.setdefault(quad.predicate.value, set()).add(quad.object)
        return found

    def values(self, node: ox.NamedNode, predicate: str) -> list[ox.NamedNode | ox.Literal]:
        """Return the values of a property in the project's own graphs."""
        quads = self.store.quads_for_pattern(node, ox.NamedNode(predicate), None)
        return [
            quad.object
            for quad in quads
            if quad.graph_name in self.own and isinstance(quad.object, ox.NamedNode | ox.Literal)
        ]

    def text(self, node: ox.NamedNode, predicate: str) -> str:
        """Return the first value of a property as text, or ""."""
        return next((value.value for value in self.values(node, predicate)), "")

    def query(self, text: str) -> ox.QuerySolutions:
        """Return the rows of a query over the project's own graphs."""
        if self.mixed:
            found = self.store.query(text, default_graph=[*self.graphs], named_graphs=self.graphs)
        else:
            found = self.store.query(text, use_default_graph_as_union=True)
        assert isinstance(found, ox.QuerySolutions)
        return found

    def finding(self, check: str, node: ox.NamedNode, message: str, blocks: bool) -> Finding:
        """Return a finding with the document and the words that the node rests on."""
        claim, span = "", node
        if self.is_a(node, _CLAIM):
            claim = node.value
            spans = self.values(node, PG + "hasEvidence")
            span = next((s for s in spans if isinstance(s, ox.NamedNode)), node)
        doc = self.text(span, PG + "inDocument").removeprefix(self.iris.doc(""))
        quote = self.text(span, PG + "quote")
        return Finding(check, f"{shorten(node.value)}: {message}", blocks, claim, doc, quote)


# --- structure ------------------------------------------------------------------------------


def _structure(work: _Work) -> int:
    """Each claim states one triple with one modality and rests on a span with its words."""
    claims = list(dict.fromkeys(work.nodes(_CLAIM)))
    work.add(
        work.finding("structure", claim, message, True)
        for claim in claims
        for message in _flaws(work, claim)
    )
    return len(claims)


def _flaws(work: _Work, claim: ox.NamedNode) -> Iterator[str]:
    about = work.about(claim)
    for predicate, word in _EXACTLY_ONE.items():
        number = len(about.get(predicate, ()))
        if number != 1:
            yield f"a claim has one {word}, this one has {number or 'none'}"
    spans = [s for s in about.get(PG + "hasEvidence", ()) if isinstance(s, ox.NamedNode)]
    if not any(work.about(span).keys() >= _SPAN_HAS for span in spans):
        yield "a claim rests on a span with document, offsets and words, this one has none"


# --- quotations -----------------------------------------------------------------------------


def _quotations(work: _Work, documents: Documents) -> int:
    """Each quotation is what stands between its offsets in the stored document."""
    spans: dict[str, list[ox.NamedNode]] = {}
    for span in set(work.nodes(_SPAN)):
        spans.setdefault(work.text(span, PG + "inDocument"), []).append(span)
    for address, group in sorted(spans.items()):
        document = _stored(documents, address.removeprefix(work.iris.doc("")))
        if document is None:
            name = shorten(address) or "no document"
            message = f"{name}: quoted, but its text is not stored"
            work.add([Finding("quotation", message)])
            continue
        text = document.text
        wrong = (span for span in sorted(group, key=str) if not _quotes(work, span, text))
        message = "does not quote what stands there in the document"
        work.add(work.finding("quotation", span, message, True) for span in wrong)
    return sum(map(len, spans.values()))


def _stored(documents: Documents, doc_id: str) -> Document | None:
    try:
        return documents(doc_id)
    except PactgraphError:
        return None


def _quotes(work: _Work, span: ox.NamedNode, text: str) -> bool:
    about = work.about(span)
    values = [about.get(PG + name, set()) for name in ("startOffset", "endOffset", "quote")]
    if any(len(found) != 1 for found in values):
        return False
    start, end, quote = (found.pop().value for found in values)
    if not (start.isdecimal() and end.isdecimal() and int(start) < int(end) <= len(text)):
        return False
    return quote == text[int(start) : int(end)]


# --- quality queries ------------------------------------------------------------------------


def _quality(work: _Work) -> int:
    """Each row of a query of `queries/quality` is a finding."""
    for query in _queries():
        work.add(_rows(work, query))
    return len(_queries())


@cache
def _queries() -> tuple[catalog.NamedQuery, ...]:
    folder = data_dir("queries") / "quality"
    return tuple(map(catalog.read, sorted(folder.glob("*.rq"))))


def _rows(work: _Work, query: catalog.NamedQuery) -> Iterator[Finding]:
    blocks = query.about.get("blocks") is not False
    for text in _scoped(query, work.changed):
        for row in work.query(text):
            thing, detail = row["thing"], row["detail"]
            message = detail.value if isinstance(detail, ox.Literal) else query.title
            if isinstance(thing, ox.NamedNode):
                yield work.finding(query.name, thing, message, blocks)
            else:
                yield Finding(query.name, f"{thing}: {message}", blocks)


def _scoped(query: catalog.NamedQuery, changed: set[str] | None) -> Iterator[str]:
    """Yield the query, or the query for batches of what changed.

    The header's `scope` names the variable that holds what a row is about: `thing`, unless the
    query says otherwise. Comments `# scope` in the pattern say where its values go, if not to
    the beginning; an inner pattern needs them too, since the engine would look at all of it.
    """
    if changed is None:
        yield query.bind()
        return
    variable = str(query.about.get("scope") or "thing")
    text = query.text
    if _SCOPE not in text:
        text = text.replace("WHERE {", f"WHERE {{ {_SCOPE}\n", 1)
    nodes = iter(sorted(changed))
    while batch := list(islice(nodes, _BATCH)):
        values = " ".join(f"<{iri}>" for iri in batch)
        yield catalog.with_prefixes(text.replace(_SCOPE, f"VALUES ?{variable} {{ {values} }}"))


# --- shapes ---------------------------------------------------------------------------------


def _shapes(work: _Work) -> int:
    """Every node that a shape aims at has that shape."""
    found = violations(work.store, work.own, work.query, work.changed)
    work.add(_broken(work, violation) for violation in found)
    return number_of_shapes()


def _broken(work: _Work, violation: Violation) -> Finding:
    """Return a finding that names the claim whose statement broke the shape, where one did."""
    node = ox.NamedNode(violation.node)
    message = violation.message + (f" ({violation.detail})" if violation.detail else "")
    own = work.finding("shape", node, message, violation.blocks)
    if own.doc or not violation.path:
        return own
    for quad in work.store.quads_for_pattern(None, ox.NamedNode(RDF + "subject"), node):
        claim = quad.subject
        if isinstance(claim, ox.NamedNode) and _states(work, claim, violation):
            said = work.finding("shape", claim, "", violation.blocks)
            return Finding("shape", own.message, own.blocks, said.claim, said.doc, said.quote)
    return own


def _states(work: _Work, claim: ox.NamedNode, violation: Violation) -> bool:
    if work.text(claim, RDF + "predicate") != violation.path:
        return False
    return not violation.value or work.text(claim, RDF + "object") == violation.value
