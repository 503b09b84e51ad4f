"""From claims to facts: which claims are accepted, which status is current, and why not.

Rules of `ontology/README.md`: a fact rests on claims that are actual, confident enough, not
contradicted by a later denial, and made by the document itself or about the speaker's own side.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.lift import literal, pg, quad, time_iri, triple
from kg.model import Claim, Linked, TimeRef
from kg.vocab import PG, RDF, Iris

# Stages in the order in which they usually follow; breaks ties between claims of one day.
LIFECYCLE = tuple(
    """rumoured proposed negotiating planned agreed signed approved ratified enacted in-force
    launched active amended extended suspended relaunched postponed cancelled withdrawn
    expired terminated concluded""".split()
)
_TIES = """party involves carriedOutBy jurisdiction hasParticipant associatedState officeOfState
    representsState sentBy organizer madeBy obligor holdsOffice signer bodyOf committedUnder
    taskingOf benefits seeks hasSignatory signingOf launchOf relaunchOf announcementOf sessionOf
    deliverable enactmentOf"""
# What stands in graph entities, or in the document's own graph, and so in no other.
_ELSEWHERE = {RDF + "type", f"{PG}dateIssued"}
# Predicates that tie a thing to the sides it belongs to.
_SIDES = {f"{PG}{name}" for name in _TIES.split()}


@dataclass(frozen=True)
class Verdict:
    """The facts, and for each claim that is none, the reason in words."""

    facts: frozenset[ox.Triple]
    reasons: Mapping[str, str]
    spans: Mapping[ox.Triple, str] = field(default_factory=dict)  # exact date → time span IRI


@dataclass(frozen=True)
class Dated:
    """A claim with its statement as RDF terms and the day that orders it among its like."""

    claim: Claim
    triple: ox.Triple
    issued: dt.date | None
    told: dt.date | None = None  # last day of an inexact time of the event ("in 2022")

    @property
    def order(self) -> tuple[dt.date, int]:
        """Event date, else statement date, else issue date; then the stage of the lifecycle."""
        claim, name = self.claim, _name(self.triple.object)
        # The time of a plan lies ahead; what is done was done before it was reported.
        told = None if name == "planned" else self.told
        told = min(told, self.issued) if told and self.issued else told
        day = claim.as_of or told or claim.statement_date or self.issued or dt.date.min
        return day, LIFECYCLE.index(name) if name in LIFECYCLE else -1


def judge(
    claims: Iterable[Claim],
    issued: Mapping[str, dt.date | None],
    linked: Linked,
    iris: Iris,
    min_confidence: float = 0.5,
    rejected: frozenset[str] = frozenset(),
) -> Verdict:
    """Decide which claims are facts.

    `issued` maps a document's id to its date, `rejected` holds ids of claims that an editor
    refused. Types and labels are no facts here: they live in graph `entities`.
    """
    claims = list(claims)
    told = _told(claims)
    dated = [
        Dated(c, ox.Triple(*triple(c, linked, iris)), issued.get(c.doc), told.get(_place(c)))
        for c in claims
    ]
    denied = _denials(dated)
    sides = _sides(dated)
    accepted: list[Dated] = []
    reasons: dict[str, str] = {}
    for item in dated:
        reason = _refusal(item, denied, sides, linked, min_confidence, rejected)
        if reason:
            reasons[item.claim.id] = reason
        elif item.triple.predicate.value not in _ELSEWHERE:
            accepted.append(item)
    return _settle(accepted, reasons, iris)


def _place(claim: Claim) -> tuple[str, object, str]:
    return claim.doc, claim.evidence[0].span if claim.evidence else None, claim.rule.split(".")[0]


def _told(claims: Iterable[Claim]) -> dict[tuple[str, object, str], dt.date]:
    """Return the last day of the time that a frame of a sentence gives its event."""
    days: dict[tuple[str, object, str], dt.date] = {}
    for claim in claims:
        if isinstance(claim.object, TimeRef) and claim.object.latest and "time" in claim.rule:
            days.setdefault(_place(claim), claim.object.latest)
    return days


def _refusal(
    item: Dated,
    denied: Mapping[ox.Triple, tuple[dt.date, int]],
    sides: Mapping[str, frozenset[str]],
    linked: Linked,
    min_confidence: float,
    rejected: frozenset[str],
) -> str:
    claim = item.claim
    if claim.modality != "actual":
        return f"the text presents it as {claim.modality}"
    if claim.id in rejected:
        return "an editor rejected it"
    if claim.confidence < min_confidence:
        return f"its confidence {claim.confidence:.2f} is below the setting"
    if item.triple in denied and denied[item.triple] >= item.order:
        return "it was denied at the same time or later"
    if claim.speaker and item.triple.predicate.value != RDF + "type":
        speaker = linked.iri[claim.doc, claim.speaker]
        own = sides.get(speaker, frozenset()) | {speaker}
        ends = {_iri(item.triple.subject), _iri(item.triple.object)}
        near = ends.union(*(sides.get(end, frozenset()) for end in ends))
        if not own & near:
            return "only a speaker says so, and not about the speaker's own side"
    return ""


def _denials(dated: Iterable[Dated]) -> dict[ox.Triple, tuple[dt.date, int]]:
    latest: dict[ox.Triple, tuple[dt.date, int]] = {}
    for item in dated:
        if item.claim.modality == "negated":
            latest[item.triple] = max(latest.get(item.triple, item.order), item.order)
    return latest


def _sides(dated: Iterable[Dated]) -> dict[str, frozenset[str]]:
    """Map each thing to the states and bodies that it is tied to, over at most three steps."""
    ties: dict[str, set[str]] = defaultdict(set)
    for item in dated:
        if item.claim.modality != "negated" and item.triple.predicate.value in _SIDES:
            ties[_iri(item.triple.subject)].add(_iri(item.triple.object))
    reach = {node: set(near) for node, near in ties.items()}
    for _ in range(2):
        reach = {
            node: near.union(*(ties.get(other, set()) for other in near))
            for node, near in reach.items()
        }
    return {node: frozenset(near) for node, near in reach.items()}


def _settle(accepted: list[Dated], reasons: dict[str, str], iris: Iris) -> Verdict:
    """Keep the current status of each subject only, and note the time span behind exact dates."""
    current: dict[str, Dated] = {}
    facts: set[ox.Triple] = set()
    spans: dict[ox.Triple, str] = {}
    status = pg("status")
    for item in sorted(accepted, key=lambda i: (i.order, i.claim.id)):
        if item.triple.predicate == status:
            current[_iri(item.triple.subject)] = item
        else:
            facts.add(item.triple)
            if isinstance(item.claim.object, TimeRef):
                spans[item.triple] = time_iri(item.claim.object, iris)
    for item in accepted:
        if item.triple.predicate == status:
            latest = current[_iri(item.triple.subject)]
            if latest.triple != item.triple:
                reasons[item.claim.id] = f"a later status is known: {_name(latest.triple.object)}"
    return Verdict(frozenset(facts | {i.triple for i in current.values()}), reasons, spans)


def _iri(node: object) -> str:
    return str(getattr(node, "value", node))


def _name(node: object) -> str:
    return _iri(node).rsplit("/", 1)[-1]


def fact_quads(verdict: Verdict, iris: Iris) -> Iterator[ox.Quad]:
    """Yield the facts, in graph `facts`; an exact date brings its time span along."""
    graph = iris.graph("facts")
    for fact in verdict.facts:
        yield ox.Quad(fact.subject, fact.predicate, fact.object, ox.NamedNode(graph))
        if fact in verdict.spans and fact.predicate.value != PG + "when":
            yield quad(graph, _iri(fact.subject), pg("when"), ox.NamedNode(verdict.spans[fact]))


def reason_quads(verdict: Verdict, iris: Iris) -> Iterator[ox.Quad]:
    """Yield why claims are no facts, in graph `links`."""
    graph = iris.graph("links")
    for claim, reason in sorted(verdict.reasons.items()):
        yield quad(graph, iris.claim(claim), pg("notAcceptedBecause"), literal(reason))
