"""From claims to facts: which claims are accepted, which status is current, and why not.

Rules of `ontology/README.md`: a fact rests on claims that are actual, confident enough, not
contradicted by a later denial, and made by the document itself or about the speaker's own side.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

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
_STATUS = pg("status")
_Rank = tuple[tuple[dt.date, int], str]
# Predicates that tie a thing to the sides it belongs to.
_SIDES = {f"{PG}{name}" for name in _TIES.split()}


@dataclass(frozen=True)
class Verdict:
    """The facts, and for each claim that is none, the reason in words."""

    facts: frozenset[ox.Triple]
    reasons: Mapping[str, str]
    spans: Mapping[ox.Triple, str] = field(default_factory=dict)  # exact date → time span IRI


@dataclass(frozen=True, slots=True)
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

    `claims` is gone over twice, and holds those of a document one after another. `issued` maps a
    document's id to its date, `rejected` holds ids of claims that an editor refused. Types and
    labels are no facts here: they live in graph `entities`.
    """
    denied: dict[ox.Triple, tuple[dt.date, int]] = {}
    ties: dict[str, set[str]] = defaultdict(set)
    for item in _dated(claims, issued, linked, iris):
        if item.claim.modality == "negated":
            denied[item.triple] = max(denied.get(item.triple, item.order), item.order)
        elif item.triple.predicate.value in _SIDES:
            ties[_iri(item.triple.subject)].add(sys.intern(_iri(item.triple.object)))
    accepted = _Accepted(iris)
    for item in _dated(claims, issued, linked, iris):
        reason = _refusal(item, denied, ties, linked, min_confidence, rejected)
        if reason:
            accepted.reasons[item.claim.id] = sys.intern(reason)
        elif item.triple.predicate.value not in _ELSEWHERE:
            accepted.add(item)
    return accepted.verdict()


def _dated(
    claims: Iterable[Claim],
    issued: Mapping[str, dt.date | None],
    linked: Linked,
    iris: Iris,
) -> Iterator[Dated]:
    """Yield the claims as statements with their days, one document's after another's."""
    settled = _told(linked.added)
    for doc, group in groupby(claims, key=lambda claim: claim.doc):
        own = list(group)
        told = settled | _told(own)
        for claim in own:
            statement = ox.Triple(*triple(claim, linked, iris))
            yield Dated(claim, statement, issued.get(doc), told.get(_place(claim)))


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
    ties: Mapping[str, set[str]],
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
        own = _sides(speaker, ties) | {speaker}
        ends = {_iri(item.triple.subject), _iri(item.triple.object)}
        near = ends.union(*(_sides(end, ties) for end in ends))
        if not own & near:
            return "only a speaker says so, and not about the speaker's own side"
    return ""


def _sides(thing: str, ties: Mapping[str, set[str]]) -> set[str]:
    """Return the states and bodies that a thing is tied to, over at most three steps."""
    near = set(ties.get(thing, ()))
    for _ in range(2):
        near |= set().union(*(ties.get(other, ()) for other in near))
    return near


class _Accepted:
    """The accepted claims: of each subject the current status only, of dates the time span."""

    def __init__(self, iris: Iris) -> None:
        self.iris = iris
        self.reasons: dict[str, str] = {}
        self._facts: set[ox.Triple] = set()
        self._spans: dict[ox.Triple, tuple[_Rank, str]] = {}
        self._current: dict[str, tuple[_Rank, ox.Triple]] = {}
        self._statuses: list[tuple[str, ox.Triple]] = []

    def add(self, item: Dated) -> None:
        """Take an accepted claim; of equal things the last one, by day and stage, counts."""
        statement, rank = item.triple, (item.order, item.claim.id)
        if statement.predicate == _STATUS:
            subject = _iri(statement.subject)
            self._statuses.append((item.claim.id, statement))
            if subject not in self._current or rank > self._current[subject][0]:
                self._current[subject] = rank, statement
            return
        self._facts.add(statement)
        known = self._spans.get(statement)
        if isinstance(item.claim.object, TimeRef) and (known is None or rank > known[0]):
            self._spans[statement] = rank, time_iri(item.claim.object, self.iris)

    def verdict(self) -> Verdict:
        """Return what became of all claims."""
        for ident, statement in self._statuses:
            _, latest = self._current[_iri(statement.subject)]
            if latest != statement:
                reason = f"a later status is known: {_name(latest.object)}"
                self.reasons[ident] = sys.intern(reason)
        facts = self._facts | {statement for _, statement in self._current.values()}
        spans = {statement: span for statement, (_, span) in self._spans.items()}
        return Verdict(frozenset(facts), self.reasons, spans)


def _iri(node: object) -> str:
    return str(getattr(node, "value", node))


def _name(node: object) -> str:
    return _iri(node).rsplit("/", 1)[-1]


def fact_quads(verdict: Verdict, iris: Iris) -> Iterator[ox.Quad]:
    """Yield the facts by subject, in graph `facts`; an exact date brings its time span along."""
    graph = iris.graph("facts")
    for fact in sorted(verdict.facts, key=lambda fact: _iri(fact.subject)):
        yield ox.Quad(fact.subject, fact.predicate, fact.object, ox.NamedNode(graph))
        if fact in verdict.spans and fact.predicate.value != PG + "when":
            yield quad(graph, _iri(fact.subject), pg("when"), ox.NamedNode(verdict.spans[fact]))


def reason_quads(verdict: Verdict, iris: Iris) -> Iterator[ox.Quad]:
    """Yield why claims are no facts, in graph `links`."""
    graph = iris.graph("links")
    for claim, reason in sorted(verdict.reasons.items()):
        yield quad(graph, iris.claim(claim), pg("notAcceptedBecause"), literal(reason))
