"""Claims to quads: the only writer of claim triples.

Every function returns quads of one named graph; a triple is written to one graph only. Claims
are plain RDF 1.1 statement nodes, so that every tool can query them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import cache

import pyoxigraph as ox

from kg.model import Amount, Claim, Document, Entity, Evidence, Extraction, Linked, TimeRef, Value
from kg.vocab import PG, RDF, RDFS, XSD, Iris, expand, superclasses

_TYPE = ox.NamedNode(RDF + "type")
_LABEL = ox.NamedNode(RDFS + "label")
_ALT = ox.NamedNode("http://www.w3.org/2004/02/skos/core#altLabel")
_EXACT = ox.NamedNode("http://www.w3.org/2004/02/skos/core#exactMatch")
_DCT = "http://purl.org/dc/terms/"


def pg(name: str) -> ox.NamedNode:
    """Return the IRI node of a term of the ontology."""
    return ox.NamedNode(PG + name)


def literal(value: object, datatype: str = "string") -> ox.Literal:
    """Return a literal with an XSD datatype given by its local name."""
    return ox.Literal(str(value), datatype=ox.NamedNode(XSD + datatype))


def quad(
    graph: str, subject: str, predicate: ox.NamedNode, obj: ox.NamedNode | ox.Literal
) -> ox.Quad:
    """Return one quad; subject and graph are IRIs as text."""
    return ox.Quad(ox.NamedNode(subject), predicate, obj, ox.NamedNode(graph))


def document_quads(document: Document, iris: Iris) -> Iterator[ox.Quad]:
    """Yield the metadata of a document, in the document's own graph."""
    graph, node = iris.graph(document.id), iris.doc(document.id)
    news = document.source_kind in {"agency", "newspaper", "opinion"}
    # Any text handed over without saying what it is counts as news until its kind is known.
    kinds = (
        ["Document", "NewsArticle"] if news or document.source_kind == "unknown" else ["Document"]
    )
    for kind in kinds:
        yield quad(graph, node, _TYPE, pg(kind))
    yield quad(graph, node, _LABEL, ox.Literal(document.title or document.name))
    yield quad(graph, node, pg("contentHash"), literal(_sha256(document.text)))
    yield quad(graph, node, pg("charLength"), literal(len(document.text), "integer"))
    yield quad(graph, node, pg("fileName"), literal(document.name))
    yield quad(graph, node, pg("sourceKind"), literal(document.source_kind))
    if document.date:
        yield quad(graph, node, pg("dateIssued"), literal(document.date, "date"))
        yield quad(graph, node, pg("dateSource"), literal(document.date_source))
    for name, value in (
        ("title", document.title),
        ("publisher", document.publisher),
        ("source", document.url),
        ("language", document.language),
        ("rights", document.rights),
    ):
        if value:
            yield quad(graph, node, ox.NamedNode(_DCT + name), ox.Literal(value))
    if document.retrieved:
        yield quad(graph, node, pg("retrieved"), literal(document.retrieved, "dateTime"))


def claim_quads(
    claims: Iterable[Claim], graph: str, linked: Linked, iris: Iris, run: str
) -> Iterator[ox.Quad]:
    """Yield claims and their evidence, in `graph` (the document's, or `links`)."""
    for claim in claims:
        node = iris.claim(claim.id)
        yield quad(graph, node, _TYPE, pg("Claim"))
        yield quad(graph, node, _TYPE, ox.NamedNode(RDF + "Statement"))
        subject, predicate, obj = triple(claim, linked, iris)
        yield quad(graph, node, ox.NamedNode(RDF + "subject"), subject)
        yield quad(graph, node, ox.NamedNode(RDF + "predicate"), predicate)
        yield quad(graph, node, ox.NamedNode(RDF + "object"), obj)
        modality = ox.NamedNode(iris.entity("modality", claim.modality))
        yield quad(graph, node, pg("modality"), modality)
        if claim.factuality:
            yield quad(graph, node, pg("factuality"), literal(claim.factuality))
        if claim.speaker:
            speaker = ox.NamedNode(linked.iri[claim.doc, claim.speaker])
            yield quad(graph, node, pg("speaker"), speaker)
        if claim.statement_date:
            yield quad(graph, node, pg("statementDate"), literal(claim.statement_date, "date"))
        if claim.as_of:
            yield quad(graph, node, pg("asOf"), literal(claim.as_of, "date"))
        if isinstance(claim.object, TimeRef):
            yield quad(graph, node, pg("dateText"), literal(claim.object.text))
        yield quad(graph, node, pg("rule"), literal(claim.rule))
        yield quad(graph, node, pg("confidence"), literal(f"{claim.confidence:.2f}", "decimal"))
        yield quad(graph, node, pg("extractedBy"), ox.NamedNode(run))
        for evidence in claim.evidence:
            yield from _evidence_quads(node, evidence, graph, iris)


def _evidence_quads(claim: str, evidence: Evidence, graph: str, iris: Iris) -> Iterator[ox.Quad]:
    span = evidence.span
    node = iris.evidence(evidence.doc, span.start, span.end)
    link = "resolvedWith" if evidence.resolved_with else "hasEvidence"
    yield quad(graph, claim, pg(link), ox.NamedNode(node))
    # A span of another document belongs to that document's graph, which has it already.
    if not evidence.resolved_with:
        yield quad(graph, node, _TYPE, pg("EvidenceSpan"))
        yield quad(graph, node, pg("inDocument"), ox.NamedNode(iris.doc(evidence.doc)))
        yield quad(graph, node, pg("startOffset"), literal(span.start, "integer"))
        yield quad(graph, node, pg("endOffset"), literal(span.end, "integer"))
        yield quad(graph, node, pg("quote"), literal(evidence.quote))


def triple(
    claim: Claim, linked: Linked, iris: Iris
) -> tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]:
    """Return the statement of a claim as RDF terms, with the linked names of its ends."""
    subject = ox.NamedNode(linked.iri[claim.doc, claim.subject])
    return subject, predicate(claim.predicate), object_of(claim, linked, iris)


@cache
def predicate(name: str) -> ox.NamedNode:
    """Return the IRI node of a prefixed name."""
    return ox.NamedNode(expand(name))


def object_of(claim: Claim, linked: Linked, iris: Iris) -> ox.NamedNode | ox.Literal:
    """Return the object of a claim as an RDF term, with its linked name."""
    match claim.object:
        case str(key):
            return ox.NamedNode(linked.iri[claim.doc, key])
        case Value(value, "class"):
            return pg(value)
        case Value(value, "status" | "modality" as kind):
            return ox.NamedNode(iris.entity(kind, value))
        case Value(value, datatype):
            return literal(value, datatype)
        case TimeRef() as time:
            if claim.predicate == "pg:year":
                return literal(time.year, "integer")
            if claim.predicate in {"pg:eventDate", "pg:endDate", "pg:startDate", "pg:dateIssued"}:
                return literal(time.day, "date")
            return ox.NamedNode(time_iri(time, iris))
        case Amount() as amount:
            return ox.NamedNode(amount_iri(amount, iris))
    raise TypeError(f"no RDF term for {claim.object!r}")


def time_iri(time: TimeRef, iris: Iris) -> str:
    """Return the content-addressed IRI of a time span; what is shown of it is all it hashes."""
    return iris.hashed("time", time.earliest, time.latest, time.text)


def dated_quads(linked: Linked, iris: Iris) -> Iterator[ox.Quad]:
    """Yield the days that only another document settles for claims, in graph `links`."""
    graph = iris.graph("links")
    for ident, claim in sorted(linked.replaced.items()):
        if claim.as_of:
            yield quad(graph, iris.claim(ident), pg("asOf"), literal(claim.as_of, "date"))


def copy_quads(linked: Linked, iris: Iris) -> Iterator[ox.Quad]:
    """Yield which document is a copy of which, in graph `links`."""
    graph = iris.graph("links")
    for copy, original in sorted(linked.copies.items()):
        yield quad(graph, iris.doc(copy), pg("copyOf"), ox.NamedNode(iris.doc(original)))


def amount_iri(amount: Amount, iris: Iris) -> str:
    """Return the content-addressed IRI of an amount."""
    return iris.hashed("amount", amount.text, amount.value, amount.currency)


def value_quads(values: Iterable[TimeRef | Amount], iris: Iris) -> Iterator[ox.Quad]:
    """Yield the nodes of time spans and amounts, in graph `entities`: once where many share one."""
    graph = iris.graph("entities")
    done: set[str] = set()
    for value in values:
        if isinstance(value, TimeRef):
            node, found = time_iri(value, iris), _time(value)
        else:
            node, found = amount_iri(value, iris), _amount(value)
        if node not in done:
            done.add(node)
            yield from (quad(graph, node, predicate, term) for predicate, term in found)


_Statement = tuple[ox.NamedNode, ox.NamedNode | ox.Literal]


def _time(time: TimeRef) -> Iterator[_Statement]:
    yield _TYPE, pg("TimeSpan")
    yield pg("dateText"), literal(time.text)
    if time.earliest:
        yield pg("earliest"), literal(time.earliest, "date")
    if time.latest:
        yield pg("latest"), literal(time.latest, "date")


def _amount(amount: Amount) -> Iterator[_Statement]:
    yield _TYPE, pg("Amount")
    yield pg("asStated"), literal(amount.text)
    if amount.value:
        yield pg("amountValue"), literal(amount.value, "decimal")
    if amount.currency:
        yield pg("currency"), literal(amount.currency)


def entity_quads(things: Iterable[tuple[str, Entity]], iris: Iris) -> Iterator[ox.Quad]:
    """Yield type (with the subclass closure) and names of every thing, in graph `entities`."""
    graph = iris.graph("entities")
    for iri, thing in things:
        for cls in (thing.type, *superclasses().get(thing.type, ())):
            yield quad(graph, iri, _TYPE, pg(cls))
        yield quad(graph, iri, _LABEL, ox.Literal(thing.label, language="en"))
        for name in dict.fromkeys(thing.names):
            if name != thing.label:
                yield quad(graph, iri, _ALT, ox.Literal(name, language="en"))
        if iso := thing.traits.get("iso"):
            yield quad(graph, iri, pg("isoCode"), literal(iso.upper()))
        if wikidata := thing.traits.get("wikidata"):
            yield quad(graph, iri, _EXACT, ox.NamedNode(wikidata))


def run_quads(run: str, versions: dict[str, str], iris: Iris) -> Iterator[ox.Quad]:
    """Yield the description of an extraction run, in graph `links`.

    The run's IRI hashes the versions, never the time: the same input gives the same graph.
    """
    graph = iris.graph("links")
    yield quad(graph, run, _TYPE, pg("ExtractionRun"))
    for name, version in sorted(versions.items()):
        yield quad(graph, run, pg("usedVersion"), literal(f"{name} {version}"))


def extraction_quads(
    document: Document, extraction: Extraction, linked: Linked, iris: Iris, run: str
) -> list[ox.Quad]:
    """Return the whole graph of one document."""
    graph = iris.graph(document.id)
    return [
        *document_quads(document, iris),
        *claim_quads(extraction.claims, graph, linked, iris, run),
    ]


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
