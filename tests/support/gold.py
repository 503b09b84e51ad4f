"""The gold facts of the two shared documents as claims, and releases made from claims by hand.

`load(folder)` reads the folder named by PACTGRAPH_SHARED; `World` lets a test write claims down;
`release` walks the line from extractions to a store with every graph of a release, so that
questions can be asked of facts that extraction does not reach yet. Nothing here depends on what
the documents say.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from kg import facts, infer, lift
from kg.model import (
    Amount,
    Claim,
    Document,
    Entity,
    Evidence,
    Extraction,
    Linked,
    Span,
    TimeRef,
    Value,
)
from kg.outline import told
from kg.vocab import PG, Iris, digest, kind_of, ontology_quads

IRIS = Iris()
RUN = IRIS.hashed("run", "gold")


@dataclass(frozen=True)
class Corpus:
    """Documents with one extraction each, linked, and the gold rows they were made from."""

    documents: tuple[Document, ...]
    extractions: tuple[Extraction, ...]
    linked: Linked
    rows: tuple[dict[str, object], ...] = ()


def load(shared: Path, tiers: Iterable[str] = ("core", "full")) -> Corpus:
    """Read the gold facts of some tiers and the documents that they belong to."""
    wanted = set(tiers)
    lines = (shared / "gold" / "seed_gold.jsonl").read_text("utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row["tier"] in wanted]
    documents = {
        path.name[:3]: _document(path, rows)
        for path in sorted((shared / "documents").glob("*.txt"))
    }
    keys = {f"doc:{short}": IRIS.doc(doc.id) for short, doc in documents.items()}
    things: dict[str, Entity] = {}
    iri: dict[tuple[str, str], str] = {}
    extractions = []
    for short, document in documents.items():
        # What a document says of its own date and kind is its metadata, not a claim.
        own = [r for r in rows if r["doc"] == short and not _is_metadata(r)]
        claims = tuple(_claim(row, document) for row in own)
        for row in own:
            for end in ("s", "o"):
                if row[end + "_type"].startswith("pg:") and row[end + "_type"] not in _VALUES:
                    key = row[end]
                    iri[document.id, key] = keys.get(key) or IRIS.entity(*key.split(":", 1))
                    if key not in keys:
                        things[iri[document.id, key]] = Entity(
                            key, row[end + "_type"][3:], row[end + "_label"]
                        )
            if row["speaker"]:
                iri[document.id, row["speaker"]] = IRIS.entity(*row["speaker"].split(":", 1))
        extractions.append(Extraction(document.id, claims=claims))
    linked = Linked(iri, things)
    return Corpus(tuple(documents.values()), tuple(extractions), linked, tuple(rows))


_VALUES = {"pg:LifecycleStatus"}


def _is_metadata(row: dict[str, str]) -> bool:
    return row["s"].startswith("doc:") and row["p"] in {"rdf:type", "pg:dateIssued"}


def _document(path: Path, rows: list[dict[str, str]]) -> Document:
    text = path.read_text("utf-8")
    short = path.name[:3]
    dates = [r["o"] for r in rows if r["doc"] == short and r["p"] == "pg:dateIssued"]
    date = dt.date.fromisoformat(dates[0]) if dates else None
    name = hashlib.sha256(text.encode()).hexdigest()[:16]
    return Document(name, path.name, text, date=date, date_source="header" if date else "")


def _claim(row: dict[str, object], document: Document) -> Claim:
    span = Span(int(str(row["start"])), int(str(row["end"])))
    day = str(row["date"] or "")
    date = dt.date.fromisoformat(day) if re.fullmatch(r"\d{4}-\d\d-\d\d", day) else None
    speaker = row["speaker"] and str(row["speaker"])
    parts = [row[k] for k in ("doc", "s", "p", "o", "modality", "speaker", "start", "end")]
    return Claim(
        id=digest(*parts),
        doc=document.id,
        subject=str(row["s"]),
        predicate=str(row["p"]),
        object=_object(row, span),
        modality=row["modality"],  # type: ignore[arg-type]
        evidence=(Evidence(document.id, span, document.text[span.start : span.end]),),
        rule="gold",
        speaker=speaker or None,
        statement_date=date if speaker else None,
        as_of=None if speaker else date,
    )


def _object(row: dict[str, object], span: Span) -> str | Value | TimeRef:
    value, kind = str(row["o"]), str(row["o_type"])
    if kind == "owl:Class":
        return Value(value.removeprefix("pg:"), "class")
    if kind == "pg:LifecycleStatus":
        return Value(value.removeprefix("status:"), "status")
    if kind == "xsd:date":
        day = dt.date.fromisoformat(value)
        return TimeRef(span, value, day, day)
    return Value(value, kind[4:]) if kind.startswith("xsd:") else value


def release(
    documents: Iterable[Document],
    extractions: Iterable[Extraction],
    linked: Linked,
    *,
    rejected: frozenset[str] = frozenset(),
    inference: bool = True,
) -> ox.Store:
    """Return a store in memory with all graphs of a release of these claims."""
    docs = {document.id: document for document in documents}
    found = {extraction.doc: extraction for extraction in extractions}
    claims = [claim for extraction in found.values() for claim in extraction.claims]
    issued = {key: document.date for key, document in docs.items()}
    verdict = facts.judge(told(claims), issued, linked, IRIS, rejected=rejected)
    ontology = ox.NamedNode(IRIS.graph("ontology"))
    store = ox.Store()
    store.extend(ox.Quad(q.subject, q.predicate, q.object, ontology) for q in ontology_quads())
    for key, document in docs.items():
        store.extend(lift.extraction_quads(document, found[key], linked, IRIS, RUN))
    store.extend(lift.entity_quads(_unknown(linked, store, ontology), IRIS))
    times = [c.object for c in claims if isinstance(c.object, TimeRef | Amount)]
    store.extend(lift.value_quads(times, IRIS))
    store.extend(lift.run_quads(RUN, {"gold": "1"}, IRIS))
    store.extend(facts.fact_quads(verdict, IRIS))
    store.extend(facts.reason_quads(verdict, IRIS))
    if inference:
        infer.materialise(store, IRIS)
    return store


def _unknown(linked: Linked, store: ox.Store, ontology: ox.NamedNode) -> list[tuple[str, Entity]]:
    """Leave out concepts: the ontology types and names them, and a triple stands in one graph."""
    return [
        (iri, thing)
        for iri, thing in linked.things.items()
        if not any(store.quads_for_pattern(ox.NamedNode(iri), None, None, ontology))
    ]


@dataclass
class World:
    """Documents, things and claims written down by a test; `store` makes a release of them.

    A thing is written `slug:Class` at its first mention and `slug` after it; its IRI is the slug
    under the kind of its class.
    """

    things: dict[str, Entity] = field(default_factory=dict)
    claims: dict[str, list[Claim]] = field(default_factory=lambda: defaultdict(list))
    issued: dict[str, dt.date | None] = field(default_factory=dict)

    def iri(self, slug: str) -> str:
        return IRIS.entity(kind_of(self.things[slug].type), slug)

    def thing(self, text: str) -> str:
        slug, _, cls = text.partition(":")
        if cls:
            self.things[slug] = Entity(slug, cls, slug.replace("-", " "))
        return slug

    def says(
        self,
        doc: str,
        subject: str,
        predicate: str,
        obj: str | TimeRef | Amount | Value,
        modality: str = "actual",
        *,
        speaker: str = "",
        said: str = "",
        on: str = "",
        confidence: float = 0.9,
    ) -> Claim:
        """Add a claim of document `doc` and return it.

        `on` is the day from which it holds, `said` the day on which the speaker said it.
        """
        number = len(self.claims[doc])
        claim = Claim(
            id=digest(doc, number),
            doc=doc,
            subject=self.thing(subject),
            predicate=f"pg:{predicate}",
            object=self._end(obj),
            modality=modality,  # type: ignore[arg-type]
            evidence=(Evidence(doc, Span(number * 10, number * 10 + 9), "its words"),),
            rule="test",
            speaker=self.thing(speaker) if speaker else None,
            statement_date=dt.date.fromisoformat(said) if said else None,
            as_of=dt.date.fromisoformat(on) if on else None,
            confidence=confidence,
        )
        self.claims[doc].append(claim)
        return claim

    def _end(self, obj: str | TimeRef | Amount | Value) -> str | TimeRef | Amount | Value:
        if not isinstance(obj, str):
            return obj
        if obj.startswith("status:"):
            return Value(obj[7:], "status")
        if re.fullmatch(r"\d{4}-\d\d-\d\d", obj):
            day = dt.date.fromisoformat(obj)
            return TimeRef(Span(0, 4), obj, day, day)
        return self.thing(obj)

    @property
    def linked(self) -> Linked:
        iri = {(doc, slug): self.iri(slug) for doc in self.claims for slug in self.things}
        return Linked(iri, {self.iri(slug): thing for slug, thing in self.things.items()})

    @property
    def documents(self) -> list[Document]:
        return [
            Document(doc, f"{doc}.txt", "x" * 1000, date=self.issued.get(doc))
            for doc in self.claims
        ]

    @property
    def extractions(self) -> list[Extraction]:
        return [Extraction(doc, claims=tuple(claims)) for doc, claims in self.claims.items()]

    def store(self) -> ox.Store:
        return release(self.documents, self.extractions, self.linked)

    def holds(self, store: ox.Store, subject: str, predicate: str) -> list[str]:
        """Return the last parts of the objects that facts and inferred statements give."""
        node, found = ox.NamedNode(self.iri(subject)), set()
        for name in ("facts", "inferred"):
            graph = ox.NamedNode(IRIS.graph(name))
            rows = store.quads_for_pattern(node, ox.NamedNode(PG + predicate), None, graph)
            found |= {str(quad.object.value).rsplit("/", 1)[-1] for quad in rows}
        return sorted(found)
