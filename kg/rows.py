"""Claims as rows of JSON: what `pactgraph extract` prints, one object a claim."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from kg.lift import triple
from kg.model import Claim, Document, Entity, Extraction, Linked, TimeRef, Value
from kg.onto import terms
from kg.spot.lexicon import load
from kg.vocab import PG, XSD, Iris, is_a

Row = dict[str, object]


def rows(pairs: Iterable[tuple[Document, Extraction]], linked: Linked, iris: Iris) -> Iterator[Row]:
    """Yield the claims of linked documents, in the order of the documents and of their texts."""
    writers = {}
    for document, extraction in pairs:
        writer = writers[document.id] = _Writer(document, extraction, linked, iris)
        for claim in extraction.claims:
            yield writer.row(linked.replaced.get(claim.id, claim))
    for claim in linked.added:
        yield writers[claim.doc].row(claim)


def own_name(entity: Entity) -> str:
    """Return what the document calls a listed thing, or nothing where it has no name for it.

    The address tells which one is meant; the label is the longest name that the text uses.
    """
    lexicon = load()
    ident = entity.traits.get("authority", "")
    if entity.type == "Office":
        return entity.traits.get("title", "")
    if not ident and is_a(entity.type, "Agreement"):
        return entity.label
    if not ident or (entity.type == "State" and entity.label in entity.names):
        return ""
    listed = [n for n in entity.names if (k := lexicon.names.get(n)) and k.id == ident]
    names = listed or [n for n in entity.names if n[:1].isupper()]
    words = names or [w for w in [entity.traits.get("adjective", "")] if w]
    return max(words, key=lambda n: (len(n), n), default="")


class _Writer:
    def __init__(
        self, document: Document, extraction: Extraction, linked: Linked, iris: Iris
    ) -> None:
        self.document, self.linked, self.iris = document, linked, iris
        self.wording = {
            linked.iri[document.id, entity.key]: name
            for entity in extraction.entities
            if (name := own_name(entity))
        }
        self.topics = {e.key: e.names for e in extraction.entities if e.traits.get("topic")}

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
            label = self.wording.get(iri, thing.label)
            return {"iri": iri, "label": label, "type": f"pg:{thing.type}"}
        label = self.document.title or self.document.name
        kind = "Document" if self.document.source_kind in {"primary", "release"} else "NewsArticle"
        return {"iri": iri, "label": label, "type": f"pg:{kind}"}

    def _told(self, claim: Claim, key: str) -> str:
        """Return what the claim's own words call a topic of the scheme: "flood control"."""
        if not claim.object_span or key not in self.topics:
            return ""
        said = self.document.text[claim.object_span.start : claim.object_span.end].lower()
        names = [
            n for n in self.topics[key] if " ".join(n.lower().split()) in " ".join(said.split())
        ]
        return max(names, key=len, default="")

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
            case str() as key:
                thing = self._thing(node.value)
                return {**thing, "label": self._told(claim, key) or thing["label"]}
            case Value(name, "class"):
                label = terms()[name].label if name in terms() else name
                return {"iri": PG + name, "label": label, "type": "owl:Class"}
            case Value(name, "status"):
                return {"iri": node.value, "label": name, "type": "pg:LifecycleStatus"}
            case Value(name, _):
                return {"iri": node.value, "label": name, "type": "skos:Concept"}
            case TimeRef(text=text, earliest=first, latest=last):
                days = {"earliest": str(first), "latest": str(last)} if first else {}
                return {"iri": node.value, "label": text, "type": "pg:TimeSpan", **days}
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
