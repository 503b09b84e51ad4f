"""Claims as rows of JSON: what `pactgraph extract` prints, one object a claim."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from kg.lift import triple
from kg.model import Claim, Document, Extraction, Linked, TimeRef, Value
from kg.onto import terms
from kg.vocab import PG, XSD, Iris

Row = dict[str, object]


def rows(pairs: Iterable[tuple[Document, Extraction]], linked: Linked, iris: Iris) -> Iterator[Row]:
    """Yield the claims of linked documents, in the order of the documents and of their texts."""
    names = {}
    for document, extraction in pairs:
        names[document.id] = document
        for claim in extraction.claims:
            claim = linked.replaced.get(claim.id, claim)
            yield _Writer(document, linked, iris).row(claim)
    for claim in linked.added:
        yield _Writer(names[claim.doc], linked, iris).row(claim)


class _Writer:
    def __init__(self, document: Document, linked: Linked, iris: Iris) -> None:
        self.document, self.linked, self.iris = document, linked, iris

    def row(self, claim: Claim) -> Row:
        """Return one claim."""
        own = [e for e in claim.evidence if not e.resolved_with] or list(claim.evidence)
        span, quote = own[0].span, own[0].quote
        return {
            "doc": self.document.name,
            "subject": self._thing(self.linked.iri[claim.doc, claim.subject]),
            "predicate": claim.predicate,
            "object": self._object(claim),
            "modality": claim.modality,
            "speaker": self._speaker(claim),
            "date": _date(claim),
            "evidence": {"start": span.start, "end": span.end, "quote": quote},
            "rule": claim.rule,
            "confidence": round(claim.confidence, 2),
        }

    def _thing(self, iri: str) -> Row:
        thing = self.linked.things.get(iri)
        if thing:
            return {"iri": iri, "label": thing.label, "type": f"pg:{thing.type}"}
        label = self.document.title or self.document.name
        kind = "Document" if self.document.source_kind in {"primary", "release"} else "NewsArticle"
        return {"iri": iri, "label": label, "type": f"pg:{kind}"}

    def _speaker(self, claim: Claim) -> Row | None:
        if claim.speaker is None:
            return None
        thing = self._thing(self.linked.iri[claim.doc, claim.speaker])
        return {"iri": thing["iri"], "label": thing["label"]}

    def _object(self, claim: Claim) -> Row:
        node = triple(claim, self.linked, self.iris)[2]
        if isinstance(node, ox.Literal):
            return {"value": node.value, "datatype": node.datatype.value.replace(XSD, "xsd:")}
        match claim.object:
            case str():
                return self._thing(node.value)
            case Value(name, "class"):
                label = terms()[name].label if name in terms() else name
                return {"iri": PG + name, "label": label, "type": "owl:Class"}
            case Value(name, "status"):
                return {"iri": node.value, "label": name, "type": "pg:LifecycleStatus"}
            case Value(name, _):
                return {"iri": node.value, "label": name, "type": "skos:Concept"}
            case TimeRef(text=text):
                return {"iri": node.value, "label": text, "type": "pg:TimeSpan"}
            case amount:
                return {"iri": node.value, "label": amount.text, "type": "pg:Amount"}


def _date(claim: Claim) -> str | None:
    """Return the day from which it holds, else the day or year that it states, else when said."""
    if claim.as_of:
        return claim.as_of.isoformat()
    if isinstance(claim.object, TimeRef):
        if claim.object.day:
            return claim.object.day.isoformat()
        if claim.object.year:
            return str(claim.object.year)
    return claim.statement_date.isoformat() if claim.statement_date else None
