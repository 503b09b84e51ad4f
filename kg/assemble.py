"""From linked claims to the graph of a release: writes what differs, graph by graph."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, groupby, islice

import pyoxigraph as ox

from kg import clash, facts, infer, lift
from kg.facts import Verdict
from kg.model import Claim, Document, Entity, Extraction, Finding, Linked
from kg.outline import Row, row, told, value_of
from kg.packed import outline_of
from kg.resources import data_dir
from kg.settings import Settings
from kg.store import SLICE, Difference, is_document_graph, replace_graph, replace_large
from kg.vocab import RDF, XSD, Iris, digest, ontology_quads

_KEPT = {XSD + "string", RDF + "langString"}  # types whose words the store keeps as they are


@dataclass(frozen=True)
class Input:
    """What a graph is made from: the documents of a release, read and linked."""

    documents: Sequence[Document]
    extractions: Sequence[Extraction]
    linked: Linked
    versions: Mapping[str, str]
    settings: Settings

    @property
    def iris(self) -> Iris:
        """The maker of the collection's addresses."""
        return Iris(self.settings.base)

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the documents."""
        return frozenset(document.id for document in self.documents)

    @property
    def run_versions(self) -> dict[str, str]:
        """The versions that extraction depends on."""
        return {name: self.versions[name] for name in ("pactgraph", "extractor", "model")}

    @property
    def claims(self) -> Claims:
        """All claims, as linking left them, with those that several documents allow."""
        return Claims(self.extractions, self.linked)

    def states(self, idents: Set[str]) -> Iterator[Claim]:
        """Yield the claims of some ids; opens the documents that make them only."""
        docs = {doc for doc, rows in self.claims for row in rows if row.id in idents}
        known = (self.extractions[i] for i, d in enumerate(self.documents) if d.id in docs)
        for claim in chain(*(extraction.claims for extraction in known), self.linked.added):
            if claim.id in idents:
                yield self.linked.replaced.get(claim.id, claim)


@dataclass(frozen=True)
class Claims(Iterable[tuple[str, list[Row]]]):
    """The claims of all documents as rows, to be gone over as often as wanted."""

    extractions: Sequence[Extraction]
    linked: Linked

    def __iter__(self) -> Iterator[tuple[str, list[Row]]]:
        new = {ident: row(claim) for ident, claim in self.linked.replaced.items()}
        for index in range(len(self.extractions)):
            known = outline_of(self.extractions, index)
            yield known.doc, [new.get(own.id, own) for own in known.rows] if new else known.rows
        yield from told(self.linked.added)


@dataclass(frozen=True)
class Before:
    """The release that a graph starts from; by default there is none.

    `keys` says what the graph of each document was made from, where that is known.
    """

    store: ox.Store | None = None
    documents: frozenset[str] = frozenset()
    versions: Mapping[str, str] | None = None
    keys: Mapping[str, str] = field(default_factory=dict)

    def had(self, given: Input, *names: str) -> bool:
        """Tell whether that release was made with the same versions of some parts."""
        versions = self.versions or {}
        return all(versions.get(name) == given.versions[name] for name in names)


@dataclass(frozen=True)
class Assembled:
    """What was written: the subjects (IRIs) that changed, whether anything did, the findings.

    `keys` are for the `Before` of the next release; of a first release no subjects are noted.
    """

    subjects: set[str]
    size: int  # how many statements came and went
    changed: bool
    findings: tuple[Finding, ...]
    keys: Mapping[str, str]


def ontology_version() -> str:
    """Return a digest of the ontology and its vocabularies."""
    folder = data_dir("ontology")
    paths = [folder / "pactgraph.ttl", *sorted((folder / "vocabularies").glob("*.ttl"))]
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()[:16]


def assemble(store: ox.Store, given: Input, before: Before) -> Assembled:
    """Bring a store, a copy of the release before, up to the input."""
    iris, linked = given.iris, given.linked
    same_ontology = before.had(given, "ontology")
    if not same_ontology:
        _ontology(store, iris)
    seen = Difference(noting=before.store is not None)
    run = iris.hashed("run", *sorted(given.run_versions.items()))
    keys = _documents(store, given, before, run, seen)
    claims = given.claims
    verdict = facts.judge(claims, linked.issued, linked, iris, given.settings.min_confidence)
    verdict = clash.withhold(verdict, claims, linked, iris)
    _shared(store, given, claims, verdict, run, seen)
    if before.store is not None and same_ontology and before.had(given, "rules"):
        inferred = infer.materialise(store, iris, seen.subjects, before.store)
    else:
        inferred = infer.materialise(store, iris)
    changed = bool(seen.size or inferred) or not same_ontology
    found = clash.findings(verdict, given.states(clash.withheld(verdict)))
    return Assembled(seen.subjects, seen.size, changed, found, keys)


def _put(store: ox.Store, graph: str, quads: Iterable[ox.Quad], seen: Difference) -> None:
    replace_graph(store, graph, map(_as_stored, quads), seen)


def _as_stored(quad: ox.Quad) -> ox.Quad:
    """Return a quad as the store gives it back, which writes 0.90 as 0.9."""
    term = quad.object
    if not isinstance(term, ox.Literal) or term.datatype.value in _KEPT:
        return quad
    return ox.Quad(quad.subject, quad.predicate, _literal_as_stored(term), quad.graph_name)


@lru_cache(10_000)
def _literal_as_stored(term: ox.Literal) -> ox.Literal:
    node = ox.NamedNode("urn:x")
    store = ox.Store()
    store.add(ox.Quad(node, node, term))
    (stored,) = store
    assert isinstance(stored.object, ox.Literal)
    return stored.object


def _ontology(store: ox.Store, iris: Iris) -> None:
    """Replace the ontology: its blank nodes are new at each parse and cannot be compared."""
    graph = ox.NamedNode(iris.graph("ontology"))
    store.remove_graph(graph)
    store.bulk_extend(ox.Quad(q.subject, q.predicate, q.object, graph) for q in ontology_quads())


def _documents(
    store: ox.Store, given: Input, before: Before, run: str, seen: Difference
) -> dict[str, str]:
    """Write the graphs of the documents that changed, load those that are new in bulk."""
    iris = given.iris
    keys: dict[str, str] = {}
    new: list[tuple[Document, int]] = []
    names: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for (doc, key), iri in given.linked.iri.items():
        names[doc].append((key, iri))
    for at, document in enumerate(given.documents):
        keys[document.id] = _key(document, names[document.id], given, run)
        graph = iris.graph(document.id)
        if before.keys.get(document.id) == keys[document.id]:
            continue
        if any(store.quads_for_pattern(None, None, None, ox.NamedNode(graph))):
            extraction = given.extractions[at]
            quads = lift.extraction_quads(document, extraction, given.linked, iris, run)
            _put(store, graph, quads, seen)
        else:
            new.append((document, at))
    lifted = _lifted(new, given, run)
    while some := list(islice(lifted, SLICE)):
        store.bulk_extend(some)
        seen.note(some)
    for gone in before.documents - keys.keys():
        _put(store, iris.graph(gone), (), seen)
        store.remove_graph(ox.NamedNode(iris.graph(gone)))
    return keys


def _lifted(new: Iterable[tuple[Document, int]], given: Input, run: str) -> Iterator[ox.Quad]:
    for document, at in new:
        extraction = given.extractions[at]
        yield from lift.extraction_quads(document, extraction, given.linked, given.iris, run)


def _key(document: Document, names: Iterable[tuple[str, str]], given: Input, run: str) -> str:
    """Digest all that the graph of a document is made from.

    Run and code stand for what was read from the text; linking decides the addresses of things.
    """
    about = (getattr(document, name) for name in Document.__dataclass_fields__ if name != "text")
    return digest(run, given.versions.get("code"), *about, *chain(*sorted(names)))


def _shared(
    store: ox.Store,
    given: Input,
    claims: Claims,
    verdict: Verdict,
    run: str,
    seen: Difference,
) -> None:
    """Write the graphs that rest on all documents."""
    iris, linked = given.iris, given.linked
    things = lift.entity_quads(_beyond_ontology(store, linked.things, iris), iris)
    found = {tuple(row.value) for _, rows in claims for row in rows if row.value}
    values = lift.value_quads(map(value_of, sorted(found)), iris)
    _put_large(store, iris.graph("entities"), _groups(chain(things, values)), seen)
    _put_large(store, iris.graph("facts"), _groups(facts.fact_quads(verdict, iris)), seen)
    claimed = lift.claim_quads(linked.added, iris.graph("links"), linked, iris, run)
    others = chain(
        lift.run_quads(run, given.run_versions, iris),
        (quad for quad in claimed if not _stated(store, quad, iris)),
        lift.dated_quads(linked, iris),
        lift.copy_quads(linked, iris),
    )
    links = _joined(facts.reason_quads(verdict, iris), others)
    _put_large(store, iris.graph("links"), links, seen)


def _put_large(
    store: ox.Store, graph: str, groups: Iterable[list[ox.Quad]], seen: Difference
) -> None:
    replace_large(store, graph, (list(map(_as_stored, group)) for group in groups), seen)


def _groups(quads: Iterable[ox.Quad]) -> Iterator[list[ox.Quad]]:
    """Yield quads that come by subject as groups."""
    return (list(group) for _, group in groupby(quads, key=lambda quad: quad.subject))


def _joined(many: Iterable[ox.Quad], few: Iterable[ox.Quad]) -> Iterator[list[ox.Quad]]:
    """Yield quads as groups of one subject; `many` has one quad of a subject at most."""
    rest: dict[object, list[ox.Quad]] = defaultdict(list)
    for quad in few:
        rest[quad.subject].append(quad)
    for quad in many:
        yield [quad, *rest.pop(quad.subject, ())]
    yield from rest.values()


def _stated(store: ox.Store, quad: ox.Quad, iris: Iris) -> bool:
    """Tell whether a document's graph has the statement: a span is described in one graph."""
    found = store.quads_for_pattern(quad.subject, quad.predicate, quad.object)
    return any(is_document_graph(str(getattr(q.graph_name, "value", "")), iris) for q in found)


def _beyond_ontology(
    store: ox.Store, things: Mapping[str, Entity], iris: Iris
) -> Iterable[tuple[str, Entity]]:
    """Leave out what the ontology names and types itself: a triple stands in one graph."""
    graph = ox.NamedNode(iris.graph("ontology"))
    for iri, thing in things.items():
        if not any(store.quads_for_pattern(ox.NamedNode(iri), None, None, graph)):
            yield iri, thing
