"""The forty questions on the gold facts, loaded as claims: answers computed here without SPARQL.

The expected answers come from the rows of the core and full tiers and from the facts that
`kg.facts` accepts of them; chains are followed by hand. Nothing is written down that the gold
does not say.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest

import gold
import lab
from kg import facts as fact_rules
from kg.outline import told
from kg.vocab import Iris, expand, is_a

SHARED = os.environ.get("PACTGRAPH_SHARED", "")
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SHARED, reason="PACTGRAPH_SHARED names no folder with the gold facts"),
]
IRIS = Iris()
MOU, SESSION = "agreement:in-us-semiconductor-mou", "event:in-us-commercial-dialogue-2023"
ACT, GROUP = "act:us-chips-and-science-act", "wg:in-us-talent-innovation-inclusive-growth"
INDIA, US = "state:india", "state:united-states"
RAIMONDO, GOYAL = "person:gina-raimondo", "person:piyush-goyal"
Rows = set[tuple[str, ...]]


class Tables:
    """The gold as two tables: claims, and the facts that follow from them; ends are short names."""

    def __init__(self, corpus) -> None:
        self.docs = {f"doc:{d.name[:3]}": IRIS.doc(d.id) for d in corpus.documents}
        self.claims = [r for r in corpus.rows if r["p"] != "pg:dateIssued" and not _own_type(r)]
        self.types = {r[e]: r[f"{e}_type"][3:] for r in corpus.rows for e in ("s", "o")}
        claims = [c for e in corpus.extractions for c in e.claims]
        issued = {d.id: d.date for d in corpus.documents}
        verdict = fact_rules.judge(told(claims), issued, corpus.linked, IRIS)
        accepted = {c.id for c in claims} - set(verdict.reasons)
        by_id = dict(zip((c.id for c in claims), self.claims, strict=True))
        self.facts = {
            (r["s"], r["p"][3:], r["o"])
            for key, r in by_id.items()
            if key in accepted and r["p"] != "rdf:type"
        }

    def iri(self, name: str) -> str:
        if name in self.docs:
            return self.docs[name]
        if name.startswith(("pg:", "rdf:")):
            return expand(name)
        kind, colon, slug = name.partition(":")
        return IRIS.entity(kind, slug) if colon else name

    def out(self, rows) -> Rows:
        return {tuple(self.iri(str(value)) for value in row) for row in rows}

    def objects(self, subject: str, predicate: str) -> set[str]:
        return {o for s, p, o in self.facts if (s, p) == (subject, predicate)}

    def said(self, *, s="", p="", o="", modality="", doc="") -> list[dict]:
        wanted = {"s": s, "p": f"pg:{p}" if p else "", "o": o, "modality": modality, "doc": doc}
        return [r for r in self.claims if all(not v or r[k] == v for k, v in wanted.items())]

    def of_class(self, cls: str) -> set[str]:
        return {name for name, kind in self.types.items() if is_a(kind, cls)}

    def wide(self, predicate: str, *narrow: str) -> set[tuple[str, str]]:
        return {(s, o) for s, p, o in self.facts if p in {predicate, *narrow}}


def _own_type(row: dict) -> bool:
    return row["s"].startswith("doc:") and row["p"] == "rdf:type"


TAKES_PART = ("hasParticipant", "signer", "madeBy", "organizer", "sentBy", "witness")
Question = tuple[str, str, tuple[str, ...], Callable[[Tables], object]]


def _pairs(t: Tables, predicate: str):
    return {(s, o) for s, p, o in t.facts if p == predicate}


def _represents(t: Tables):
    return {(p, s) for p, o in _pairs(t, "holdsOffice") for s in t.objects(o, "officeOfState")}


def _involved_in_group(t: Tables):
    involved = {o for s, o in t.wide("involves", "party", "carriedOutBy") if s == GROUP}
    for frame in t.objects(GROUP, "underFramework"):
        involved |= {o for s, o in t.wide("involves", "party", "carriedOutBy") if s == frame}
    return {(o,) for o in involved & t.of_class("State")}


def _met(t: Tables):
    inside: dict[str, set[str]] = defaultdict(set)
    for event, agent in t.wide(*TAKES_PART):
        inside[event].add(agent)
    both = [agents for agents in inside.values() if {INDIA, US} <= agents]
    return {(p,) for agents in both for p in agents & t.of_class("Person")}


def _partners(t: Tables):
    mine = t.said(p="carriedOutBy", o="org:ansi")
    return {
        (r["s"], other["o"], *t.objects(r["s"], "phase"), r["modality"])
        for r in mine
        for other in t.said(s=r["s"], p="carriedOutBy", modality=r["modality"])
        if other["o"] != r["o"]
    }


def _behind(t: Tables):
    return {
        (state, programme, instrument)
        for programme, state in _pairs(t, "carriedOutBy")
        if t.types[programme] == "IncentiveProgramme"
        and "topic:semiconductors" in t.objects(programme, "hasTopic")
        for instrument in t.objects(MOU, "inViewOf")
        if state in t.objects(instrument, "jurisdiction") | t.objects(instrument, "carriedOutBy")
    }


def _planned(t: Tables, confirmed: bool):
    found = set()
    for row in t.said(doc="000", modality="planned"):
        same = t.said(s=row["s"], o=row["o"], modality="actual")
        done = [r for r in same if r["p"] == row["p"]]
        elsewhere = [r for r in done if r["doc"] != "000"]
        if (confirmed and elsewhere) or (not confirmed and not done):
            found.add((row["s"], row["p"], row["o"]))
    return found


def _only_planned(t: Tables):
    concluded = {r["s"] for r in t.said(p="status", o="status:concluded", modality="actual")}
    planned = [
        r for m in ("actual", "planned") for r in t.said(p="status", o="status:planned", modality=m)
    ]
    return {(r["s"],) for r in planned if r["s"] in t.of_class("Event") - concluded}


def _documents(t: Tables, key: str, only=None):
    seen: dict[str, set[str]] = defaultdict(set)
    for row in t.claims:
        seen[row[key]].add(row["doc"])
    return {(x,) for x, docs in seen.items() if len(docs) > 1 and (only is None or x in only)}


def _deliverables(t: Tables):
    return {
        (r["s"], r["o"], about["o"], r["modality"])
        for r in t.said(p="deliverable")
        for about in t.said(s=r["o"], p="hasTopic", modality=r["modality"])
    }


def _relaunched(t: Tables):
    thing = "wg:in-us-travel-and-tourism"
    if not t.said(p="relaunchOf", o=thing, modality="actual"):
        return set()
    return {(r["o"], r["speaker"] or "") for r in t.said(s=thing, p="hasAim", modality="actual")}


def _groups(t: Tables):
    rows = t.said(p="status", modality="actual")
    groups = t.of_class("WorkingGroup")
    return {(r["s"], r["o"], r["speaker"] or "") for r in rows if r["s"] in groups}


def _spoken(t: Tables):
    rows = [r for r in t.claims if r["speaker"] == GOYAL]
    return {(str(len(rows)), str(len({(r["doc"], r["start"], r["end"]) for r in rows})))}


def _per_document(t: Tables):
    rows = [r for r in t.claims if r["speaker"] == RAIMONDO]
    return {(f"doc:{d}", str(sum(r["doc"] == d for r in rows))) for d in {r["doc"] for r in rows}}


DETAILS = {"destination", "place", "year", "eventDate", "when", "sentBy", "organizer", "leadRank"}
MISSION = "event:us-clean-energy-business-mission-india-2024"
QUESTIONS: list[Question] = [
    ("A1", "parties-of-agreement", ("party",), lambda t: [(o,) for o in t.objects(MOU, "party")]),
    (
        "A2",
        "agreements-signed-on",
        ("agreement",),
        lambda t: [
            (x,) for e, x in _pairs(t, "signingOf") if "2023-03-10" in t.objects(e, "eventDate")
        ],
    ),
    ("A3", "aims-of-thing", ("aim",), lambda t: [(o,) for o in t.objects(MOU, "hasAim")]),
    (
        "A4",
        "framework-of-agreement",
        ("framework",),
        lambda t: [(o,) for o in t.objects(MOU, "underFramework")],
    ),
    (
        "A5",
        "instruments-in-view",
        ("instrument",),
        lambda t: [(o,) for o in t.objects(MOU, "inViewOf")],
    ),
    (
        "A6",
        "topics-of-sentence",
        ("topic",),
        lambda t: [(r["o"],) for r in t.said(s=MOU, p="hasTopic") if r["start"] == 1239],
    ),
    (
        "B1",
        "who-enacted-and-when",
        ("person", "year"),
        lambda t: [
            (p, y)
            for e, act in _pairs(t, "enactmentOf")
            if act == ACT
            for p in t.objects(e, "signer")
            for y in t.objects(e, "year")
        ],
    ),
    (
        "B2",
        "aims-and-beneficiaries",
        ("aim", "beneficiary"),
        lambda t: [(a, b) for a in t.objects(ACT, "hasAim") for b in t.objects(a, "benefits")],
    ),
    (
        "B3",
        "jurisdiction-of-act",
        ("jurisdiction",),
        lambda t: [(o,) for o in t.objects(ACT, "jurisdiction")],
    ),
    ("C1", "offices-held", ("person", "office"), lambda t: _pairs(t, "holdsOffice")),
    ("C2", "states-represented", ("person", "polity"), _represents),
    (
        "C3",
        "participants-of-event",
        ("participant",),
        lambda t: [(o,) for s, o in t.wide(*TAKES_PART) if s == SESSION],
    ),
    (
        "C4",
        "planned-signatories",
        ("signatory",),
        lambda t: [(r["o"],) for r in t.said(s=MOU, p="hasSignatory", modality="planned")],
    ),
    ("D1", "partners-in-programme", ("programme", "partner", "phase", "modality"), _partners),
    (
        "D2",
        "running-programmes",
        ("programme", "carrier"),
        lambda t: [
            (s, o)
            for s, o in _pairs(t, "carriedOutBy")
            if t.types[s] == "IncentiveProgramme" and "status:active" in t.objects(s, "status")
        ],
    ),
    (
        "D3",
        "missions-of-state",
        ("mission",),
        lambda t: [
            (s,)
            for s, o in _pairs(t, "carriedOutBy")
            if o == INDIA and t.types[s] == "NationalMission"
        ],
    ),
    (
        "D4",
        "sides-of-bodies",
        ("body", "side"),
        lambda t: [
            (s, o) for s, o in _pairs(t, "associatedState") if t.types[s] == "StandardsBody"
        ],
    ),
    ("E1", "status-of-mechanisms", ("mechanism", "status", "speaker"), _groups),
    (
        "E2",
        "topics-of-thing",
        ("topic", "modality"),
        lambda t: [(r["o"], r["modality"]) for r in t.said(s=GROUP, p="hasTopic")],
    ),
    ("E3", "states-involved", ("state",), _involved_in_group),
    ("E4", "why-relaunched", ("aim", "speaker"), _relaunched),
    (
        "F1",
        "commitments-under",
        ("commitment", "obligor"),
        lambda t: [
            (c, o)
            for c, x in _pairs(t, "committedUnder")
            if x == MOU
            for o in t.objects(c, "obligor")
        ],
    ),
    (
        "F2",
        "deliverables-and-topics",
        ("commitment", "deliverable", "topic", "modality"),
        _deliverables,
    ),
    (
        "F3",
        "status-of-commitments",
        ("commitment", "status"),
        lambda t: [(s, o) for s, o in _pairs(t, "status") if t.types[s] == "Commitment"],
    ),
    ("G1", "events-only-planned", ("event",), _only_planned),
    (
        "G2",
        "details-of-planned-event",
        ("property", "value"),
        lambda t: [
            (r["p"], r["o"]) for r in t.said(s=MISSION, modality="planned") if r["p"][3:] in DETAILS
        ],
    ),
    (
        "G3",
        "interruption-of",
        ("duration",),
        lambda t: [
            (o,) for o in t.objects("framework:in-us-commercial-dialogue", "interruptedFor")
        ],
    ),
    (
        "H1",
        "sentences-for-status",
        ("document", "start", "end"),
        lambda t: [
            (f"doc:{r['doc']}", r["start"], r["end"])
            for r in t.said(s=MOU, p="status", o="status:signed", modality="actual")
        ],
    ),
    ("H2", "how-much-somebody-said", ("claims", "sentences"), _spoken),
    (
        "H3",
        "sources-of-document",
        ("source",),
        lambda t: [(o,) for o in t.objects("doc:000", "citesSource")],
    ),
    (
        "U1",
        "status-history",
        ("status", "document"),
        lambda t: [
            (r["o"], f"doc:{r['doc']}") for r in t.said(s=MOU, p="status", modality="actual")
        ],
    ),
    (
        "U2",
        "day-told-in-document",
        ("day", "modality"),
        lambda t: [(r["o"], r["modality"]) for r in t.said(s=SESSION, p="eventDate", doc="000")],
    ),
    (
        "U3",
        "promises-later-reported-done",
        ("subject", "predicate", "object"),
        lambda t: _planned(t, True),
    ),
    (
        "U4",
        "announced-but-unconfirmed",
        ("subject", "predicate", "object"),
        lambda t: _planned(t, False),
    ),
    (
        "U5",
        "topics-over-documents",
        ("topic",),
        lambda t: [(r["o"],) for r in t.said(s=SESSION, p="hasTopic")],
    ),
    (
        "U6",
        "aims-in-several-documents",
        ("aim",),
        lambda t: _documents(t, "o", t.of_class("Aim")),
    ),
    ("U7", "instruments-behind-programmes", ("state", "programme", "instrument"), _behind),
    ("U8", "claims-of-speaker-per-document", ("document", "claims"), _per_document),
    ("U9", "people-who-met", ("person",), _met),
    ("U10", "things-in-several-documents", ("thing",), lambda t: _documents(t, "s")),
]


@pytest.fixture(scope="module")
def corpus():
    return gold.load(Path(SHARED))


@pytest.fixture(scope="module")
def tables(corpus) -> Tables:
    return Tables(corpus)


@pytest.fixture(scope="module")
def store(corpus):
    return gold.release(corpus.documents, corpus.extractions, corpus.linked)


@pytest.fixture(scope="module")
def twin(store):
    return lab.union(store)


@pytest.mark.parametrize(
    ("key", "name", "columns", "answer"), QUESTIONS, ids=[q[0] for q in QUESTIONS]
)
def test_question(key, name, columns, answer, store, twin, tables):
    path = lab.FOLDER / "competency" / f"{name}.rq"
    assert lab.header(path)["id"] == key
    expected = tables.out(answer(tables))
    expected = {tuple(_modality(v) for v in row) for row in expected}
    assert expected, "the gold answers every question"
    assert set(lab.run(store, path, *columns)) == expected
    names, theirs = lab.on_rdflib(twin, lab.text(path))
    ours = lab.on_oxigraph(store, lab.text(path))
    assert (names, sorted(theirs)) == (ours[0], sorted(ours[1])), "two engines agree"


def _modality(value: str) -> str:
    known = {"actual", "planned", "expected", "desired", "possible", "negated"}
    return IRIS.entity("modality", value) if value in known else value


def test_all_forty_questions_are_asked():
    lines = (Path(SHARED) / "gold" / "competency.txt").read_text("utf-8").splitlines()
    keys = {line.split("¦")[0].strip() for line in lines if "¦" in line}
    assert {question[0] for question in QUESTIONS} == keys
    assert len(QUESTIONS) == len(keys) == 40


def test_the_optional_tier_is_left_out(corpus):
    assert {row["tier"] for row in corpus.rows} == {"core", "full"}
