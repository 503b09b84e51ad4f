"""The gate of every release: structure, quotations, quality queries and shapes.

A full run looks at everything; a scoped run at what changed only, so that its time follows the
change and not the graph. Only the project's own graphs are checked: what users keep in graphs of
theirs is theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from itertools import islice

import pyoxigraph as ox

from kg import catalog
from kg.errors import PactgraphError
from kg.model import Document, Finding, Report
from kg.resources import data_dir
from kg.scope import CLAIM, Work
from kg.shapes import Violation, number_of_shapes, violations
from kg.vocab import DEFAULT_BASE, PG, RDF, Iris, shorten

Documents = Callable[[str], Document | None]
FULL = 20_000  # a change of more things than this is checked by a full run
_BATCH = 500
_SCOPE = "# scope"
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
    work = Work(store, iris, changed)
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


# --- structure ------------------------------------------------------------------------------


def _structure(work: Work) -> int:
    """Each claim states one triple with one modality and rests on a span with its words."""
    number = 0

    @lru_cache(10_000)  # several claims rest on one span
    def is_span(node: ox.NamedNode) -> bool:
        return work.about(node).keys() >= _SPAN_HAS

    def flawed() -> Iterator[Finding]:
        nonlocal number
        for claim in work.nodes(CLAIM):
            number += 1
            for message in _flaws(work, claim, is_span):
                yield work.finding("structure", claim, message, True)

    work.add(flawed())
    return number


def _flaws(
    work: Work, claim: ox.NamedNode, is_span: Callable[[ox.NamedNode], bool]
) -> Iterator[str]:
    about = work.about(claim)
    for predicate, word in _EXACTLY_ONE.items():
        number = len(about.get(predicate, ()))
        if number != 1:
            yield f"a claim has one {word}, this one has {number or 'none'}"
    spans = [s for s in about.get(PG + "hasEvidence", ()) if isinstance(s, ox.NamedNode)]
    if not any(map(is_span, spans)):
        yield "a claim rests on a span with document, offsets and words, this one has none"


# --- quotations -----------------------------------------------------------------------------


def _quotations(work: Work, documents: Documents) -> int:
    """Each quotation is what stands between its offsets in the stored document."""
    number = 0

    def wrong() -> Iterator[Finding]:
        nonlocal number
        for spans in work.spans():
            number += len(spans)
            yield from _misquoted(work, spans, documents)

    work.add(wrong())
    return number


def _misquoted(
    work: Work, spans: Iterable[ox.NamedNode], documents: Documents
) -> Iterator[Finding]:
    by_document: dict[str, list[ox.NamedNode]] = {}
    for span in spans:
        by_document.setdefault(work.text(span, PG + "inDocument"), []).append(span)
    for address, group in sorted(by_document.items()):
        document = _stored(documents, address.removeprefix(work.iris.doc("")))
        if document is None:
            name = shorten(address) or "no document"
            yield Finding("quotation", f"{name}: quoted, but its text is not stored")
            continue
        for span in sorted(group, key=str):
            if not _quotes(work, span, document.text):
                message = "does not quote what stands there in the document"
                yield work.finding("quotation", span, message, True)


def _stored(documents: Documents, doc_id: str) -> Document | None:
    try:
        return documents(doc_id)
    except PactgraphError:
        return None


def _quotes(work: Work, span: ox.NamedNode, text: str) -> bool:
    about = work.about(span)
    values = [about.get(PG + name, set()) for name in ("startOffset", "endOffset", "quote")]
    if any(len(found) != 1 for found in values):
        return False
    start, end, quote = (found.pop().value for found in values)
    if not (start.isdecimal() and end.isdecimal() and int(start) < int(end) <= len(text)):
        return False
    return quote == text[int(start) : int(end)]


# --- quality queries ------------------------------------------------------------------------


def _quality(work: Work) -> int:
    """Each row of a query of `queries/quality` is a finding."""
    for query in _queries():
        work.add(_rows(work, query))
    return len(_queries())


@cache
def _queries() -> tuple[catalog.NamedQuery, ...]:
    folder = data_dir("queries") / "quality"
    return tuple(map(catalog.read, sorted(folder.glob("*.rq"))))


def _rows(work: Work, query: catalog.NamedQuery) -> Iterator[Finding]:
    blocks = query.about.get("blocks") is not False
    for text in _scoped(query, work.changed, work.iris.base):
        for row in work.query(text):
            thing, detail = row["thing"], row["detail"]
            message = detail.value if isinstance(detail, ox.Literal) else query.title
            if isinstance(thing, ox.NamedNode):
                yield work.finding(query.name, thing, message, blocks)
            else:
                yield Finding(query.name, f"{thing}: {message}", blocks)


def _scoped(
    query: catalog.NamedQuery, changed: set[str] | None, base: str = DEFAULT_BASE
) -> Iterator[str]:
    """Yield the query, or the query for batches of what changed.

    The header's `scope` names the variable that holds what a row is about: `thing`, unless the
    query says otherwise. Comments `# scope` in the pattern say where its values go, if not to
    the beginning; an inner pattern needs them too, since the engine would look at all of it.
    """
    if changed is None:
        yield query.bind(base=base)
        return
    variable = str(query.about.get("scope") or "thing")
    text = query.text
    if _SCOPE not in text:
        text = text.replace("WHERE {", f"WHERE {{ {_SCOPE}\n", 1)
    nodes = iter(sorted(changed))
    while batch := list(islice(nodes, _BATCH)):
        values = " ".join(f"<{iri}>" for iri in batch)
        scoped = text.replace(_SCOPE, f"VALUES ?{variable} {{ {values} }}")
        yield catalog.with_prefixes(scoped, base)


# --- shapes ---------------------------------------------------------------------------------


def _shapes(work: Work) -> int:
    """Every node that a shape aims at has that shape."""
    found = violations(work.store, work.own, work.query, work.subjects())
    work.add(_broken(work, violation) for violation in found)
    return number_of_shapes()


def _broken(work: Work, violation: Violation) -> Finding:
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


def _states(work: Work, claim: ox.NamedNode, violation: Violation) -> bool:
    if work.text(claim, RDF + "predicate") != violation.path:
        return False
    return not violation.value or work.text(claim, RDF + "object") == violation.value
