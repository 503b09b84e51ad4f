"""A small graph for the tests of the pages: three invented texts about two invented countries."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.facts import fact_quads, judge, reason_quads
from kg.lift import (
    entity_quads,
    extraction_quads,
    pg,
    quad,
    run_quads,
    value_quads,
)
from kg.model import (
    Amount,
    Claim,
    Document,
    Entity,
    Evidence,
    Extraction,
    Linked,
    Modality,
    Release,
    Span,
    TimeRef,
    Value,
)
from kg.outline import told
from kg.vocab import Iris, digest, kind_of, ontology_quads, slugify

IRIS = Iris()
PLAN = """Arvania's trade minister Ana Lorca said on Monday that she will sign a memorandum of \
understanding on sea cables with Belmora on Thursday.

"It should make our data links cheaper," Lorca told reporters in Valdera. Talks about a joint \
satellite may follow.

The ministry wants the Cable Council to watch over the work. Nothing else was announced."""
DONE = """Arvania and Belmora signed the sea cable memorandum on 15 May 2025. Ana Lorca and the \
digital minister of Belmora, Piet Onder, signed for the two sides.

Under the memorandum Belmora undertakes to deliver a route survey by 31 December 2026. The \
survey will cost 40 million crowns.

Onder said the memorandum covers military cables. A trade mission from Arvania is to visit \
Belmora in 2026."""
DENIAL = """Belmora's government denied on Sunday that the sea cable memorandum covers military \
cables. <b>"That is <script>alert(1)</script> nonsense,"</b> a spokesman said."""


@dataclass
class Reader:
    """Collects what is read from one text; spans are found by their words."""

    text: str
    name: str
    date: dt.date
    title: str = ""
    publisher: str = "The Valdera Courier"
    entities: dict[str, Entity] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)

    @property
    def id(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]

    @property
    def document(self) -> Document:
        return Document(
            id=self.id,
            name=self.name,
            text=self.text,
            date=self.date,
            date_source="header",
            title=self.title,
            publisher=self.publisher,
            url=f"https://news.example/{self.name}",
            source_kind="newspaper",
        )

    def thing(self, type_: str, label: str, *names: str, **traits: str) -> str:
        """Add an entity and return its key."""
        self.entities[label] = Entity(label, type_, label, (label, *names), traits)
        return label

    def span(self, quote: str) -> Span:
        start = self.text.index(quote)
        return Span(start, start + len(quote))

    def time(self, quote: str, earliest: dt.date, latest: dt.date | None = None) -> TimeRef:
        return TimeRef(self.span(quote), quote, earliest, latest or earliest)

    def say(
        self,
        subject: str,
        predicate: str,
        obj: str | Value | TimeRef | Amount,
        quote: str,
        modality: Modality = "actual",
        **more: object,
    ) -> str:
        """Add a claim and return its id."""
        span = self.span(quote)
        claim_id = digest(self.id, subject, predicate, obj, modality, span.start, span.end)
        evidence = (Evidence(self.id, span, quote),)
        self.claims.append(
            Claim(claim_id, self.id, subject, predicate, obj, modality, evidence, "test", **more)
        )
        return claim_id

    @property
    def extraction(self) -> Extraction:
        sentences, at = [], 0
        for part in self.text.replace("\n\n", "  ").split(". "):
            end = min(at + len(part) + 1, len(self.text))
            start = at + len(self.text[at:end]) - len(self.text[at:end].lstrip())
            sentences.append(Span(start, end))
            at = end + 1
        entities = tuple(self.entities.values())
        return Extraction(self.id, entities, (), tuple(self.claims), tuple(sentences))


def plan() -> Reader:
    doc = Reader(PLAN, "plan.txt", dt.date(2025, 5, 13), "Minister to sign cable memorandum")
    arvania = doc.thing("State", "Arvania", iso="XA")
    belmora = doc.thing("State", "Belmora", iso="XB")
    lorca = doc.thing("Person", "Ana Lorca", "Lorca")
    memo = doc.thing("MemorandumOfUnderstanding", "Sea cable memorandum", "sea cable memorandum")
    signing = doc.thing("Signing", "Signing of the sea cable memorandum")
    council = doc.thing("Organization", "Cable Council")
    office = doc.thing("Office", "trade minister of Arvania", "trade minister")
    satellite = doc.thing("Opportunity", "joint satellite")
    lead = doc.text.split("\n")[0]
    monday, thursday = dt.date(2025, 5, 12), dt.date(2025, 5, 15)
    spoken = {"speaker": lorca, "statement_date": monday}
    doc.say(memo, "rdf:type", Value("MemorandumOfUnderstanding", "class"), lead, **spoken)
    doc.say(memo, "pg:status", Value("planned", "status"), lead, **spoken)
    doc.say(memo, "pg:status", Value("signed", "status"), lead, "planned", **spoken)
    doc.say(memo, "pg:hasSignatory", lorca, lead, "planned", **spoken)
    for side in (arvania, belmora):
        doc.say(memo, "pg:party", side, lead, "planned", **spoken)
    doc.say(signing, "pg:signingOf", memo, lead, "planned", **spoken)
    when = doc.time("Thursday", thursday)
    doc.say(signing, "pg:eventDate", when, "she will sign a memorandum", "planned", **spoken)
    doc.say(lorca, "pg:holdsOffice", office, "Arvania's trade minister Ana Lorca")
    doc.say(office, "pg:officeOfState", arvania, "Arvania's trade minister Ana Lorca said")
    cheaper = doc.thing("Aim", "cheaper data links")
    words = '"It should make our data links cheaper," Lorca told reporters in Valdera.'
    doc.say(memo, "pg:contributesTo", cheaper, words, "expected", **spoken)
    doc.say(
        satellite, "pg:benefits", arvania, "Talks about a joint satellite may follow.", "possible"
    )
    wish = "The ministry wants the Cable Council to watch over the work."
    doc.say(memo, "pg:involves", council, wish, "desired")
    return doc


def done() -> Reader:
    doc = Reader(DONE, "done.txt", dt.date(2025, 5, 16), "Cable memorandum signed")
    arvania = doc.thing("State", "Arvania", iso="XA")
    belmora = doc.thing("State", "Belmora", iso="XB")
    lorca = doc.thing("Person", "Ana Lorca")
    onder = doc.thing("Person", "Piet Onder", "Onder")
    memo = doc.thing("MemorandumOfUnderstanding", "Sea cable memorandum", "memorandum")
    signing = doc.thing("Signing", "Signing of the sea cable memorandum")
    day = dt.date(2025, 5, 15)
    first = "Arvania and Belmora signed the sea cable memorandum on 15 May 2025."
    for side in (arvania, belmora):
        doc.say(memo, "pg:party", side, first)
        doc.say(signing, "pg:hasParticipant", side, first)
    doc.say(memo, "pg:status", Value("signed", "status"), first, as_of=day)
    doc.say(signing, "pg:signingOf", memo, first)
    doc.say(signing, "pg:eventDate", doc.time("15 May 2025", day), first)
    second = doc.text[len(first) + 1 :].split("\n")[0]
    for person in (lorca, onder):
        doc.say(memo, "pg:hasSignatory", person, second)
        doc.say(signing, "pg:signer", person, second)
    duty = doc.thing("Commitment", "route survey commitment")
    survey = doc.thing("Deliverable", "route survey")
    third = "Under the memorandum Belmora undertakes to deliver a route survey by 31 December 2026."
    doc.say(duty, "pg:committedUnder", memo, third)
    doc.say(duty, "pg:obligor", belmora, third)
    doc.say(duty, "pg:deliverable", survey, third, "planned")
    due = doc.time("31 December 2026", dt.date(2026, 12, 31))
    doc.say(duty, "pg:deadline", due, third, "planned")
    doc.say(duty, "pg:status", Value("active", "status"), third)
    cost = Amount(doc.span("40 million crowns"), "40 million crowns", "40000000", "XCR")
    doc.say(survey, "pg:amount", cost, "The survey will cost 40 million crowns.", "planned")
    military = doc.thing("Topic", "military cables")
    said = "Onder said the memorandum covers military cables."
    doc.say(memo, "pg:hasTopic", military, said, speaker=onder, statement_date=dt.date(2025, 5, 16))
    mission = doc.thing("TradeMission", "Arvanian trade mission to Belmora")
    last = "A trade mission from Arvania is to visit Belmora in 2026."
    doc.say(mission, "pg:status", Value("planned", "status"), last)
    doc.say(mission, "pg:sentBy", arvania, last, "planned")
    doc.say(mission, "pg:destination", belmora, last, "planned")
    year = doc.time("2026.", dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    doc.say(mission, "pg:year", year, last, "planned")
    return doc


def denial() -> Reader:
    doc = Reader(
        DENIAL, "denial.txt", dt.date(2025, 5, 19), "No <i>military</i> cables", "Belmora Post"
    )
    memo = doc.thing("MemorandumOfUnderstanding", "Sea cable memorandum")
    belmora = doc.thing("State", "Belmora", iso="XB")
    military = doc.thing("Topic", "military cables")
    words = doc.text.split("\n")[0]
    sentence = words[: words.index(". ") + 1]
    doc.say(
        memo,
        "pg:hasTopic",
        military,
        sentence,
        "negated",
        speaker=belmora,
        statement_date=dt.date(2025, 5, 18),
    )
    # What a hostile document could bring in: markup, a direction override, a long name.
    nasty = doc.thing(
        "Organization",
        '<script>alert(1)</script>\u202eevil" onload="x',
        "javascript:alert(1)",
    )
    quote = '<b>"That is <script>alert(1)</script> nonsense,"</b>'
    doc.say(nasty, "pg:supportsAim", doc.thing("Aim", "nonsense"), quote)
    return doc


def linked(readers: list[Reader]) -> Linked:
    names: dict[tuple[str, str], str] = {}
    found: dict[str, Entity] = {}
    for reader in readers:
        for key, entity in reader.entities.items():
            iri = IRIS.entity(kind_of(entity.type), slugify(entity.label))
            names[reader.id, key] = iri
            seen = found.get(iri, entity)
            both = tuple(dict.fromkeys((*seen.names, *entity.names)))
            found[iri] = Entity(seen.key, seen.type, seen.label, both, seen.traits)
    return Linked(names, found)


@dataclass(frozen=True)
class Sample:
    """The store with the documents and what was read from them."""

    store: ox.Store
    documents: dict[str, Document]
    extractions: dict[str, Extraction]
    release: Release
    plan: str
    done: str
    denial: str


def sample() -> Sample:
    """Build the graph as the pipeline does, with a rule's result and a link between claims."""
    readers = [plan(), done(), denial()]
    names = linked(readers)
    store = ox.Store()
    run = IRIS.hashed("run", "test")
    claims = [claim for reader in readers for claim in reader.claims]
    for reader in readers:
        store.extend(extraction_quads(reader.document, reader.extraction, names, IRIS, run))
    store.extend(entity_quads(names.things.items(), IRIS))
    times = [c.object for c in claims if isinstance(c.object, TimeRef | Amount)]
    store.extend(value_quads(times, IRIS))
    store.extend(run_quads(run, {"test": "1"}, IRIS))
    issued = {reader.id: reader.date for reader in readers}
    verdict = judge(told(claims), issued, names, IRIS)
    store.extend(fact_quads(verdict, IRIS))
    store.extend(reason_quads(verdict, IRIS))
    ontology = ox.NamedNode(IRIS.graph("ontology"))
    store.extend(ox.Quad(q.subject, q.predicate, q.object, ontology) for q in ontology_quads())
    lorca, arvania = IRIS.entity("person", "ana-lorca"), IRIS.entity("state", "arvania")
    store.add(quad(IRIS.graph("inferred"), lorca, pg("representsState"), ox.NamedNode(arvania)))
    memo = IRIS.entity("agreement", "sea-cable-memorandum")
    store.add(quad(IRIS.graph("inferred"), memo, pg("involves"), ox.NamedNode(arvania)))
    store.add(
        quad(
            IRIS.graph("entities"),
            arvania,
            ox.NamedNode("http://www.w3.org/2004/02/skos/core#exactMatch"),
            ox.NamedNode("javascript:alert(1)"),
        )
    )
    return Sample(
        store,
        {reader.id: reader.document for reader in readers},
        {reader.id: reader.extraction for reader in readers},
        Release(3, "2025-05-20T10:00:00Z", "three invented texts", {"documents": 3}),
        *(reader.id for reader in readers),
    )
