"""From claims to facts: which claims are accepted, which status is current, and why not.

Rules of `ontology/README.md`: a fact rests on claims that are actual, confident enough, not
contradicted by a later denial, and made by the document itself or about the speaker's own side.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.lift import literal, pg, quad, time_iri
from kg.model import Linked, TimeRef
from kg.outline import Row, Statements, told, value_of
from kg.vocab import PG, Iris

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
_ELSEWHERE = {"rdf:type", "pg:dateIssued"}
_STATUS = pg("status")
_STAGES = {name: at for at, name in enumerate(LIFECYCLE)}
_Order = tuple[str, int]  # a day, and the stage of the lifecycle
_Rank = tuple[_Order, str]
# Predicates that tie a thing to the sides it belongs to.
_SIDES = {f"pg:{name}" for name in _TIES.split()}


@dataclass(frozen=True)
class Verdict:
    """The facts, and for each claim that is none, the reason in words."""

    facts: frozenset[ox.Triple]
    reasons: Mapping[str, str]
    spans: Mapping[ox.Triple, str] = field(default_factory=dict)  # exact date → time span IRI


@dataclass(frozen=True, slots=True)
class Dated:
    """A claim with its statement by IRIs and the day that orders it among its like."""

    row: Row
    doc: str
    subject: str
    object: str  # a literal as N-Triples write it
    issued: str
    told: str = ""  # last day of an inexact time of the event ("in 2022")

    @property
    def key(self) -> tuple[str, str, str]:
        """The statement."""
        return self.subject, self.row.predicate, self.object

    @property
    def order(self) -> _Order:
        """Event date, else statement date, else issue date; then the stage of the lifecycle."""
        row, name = self.row, _name(self.object)
        # The time of a plan lies ahead; what is done was done before it was reported.
        told = "" if name == "planned" else self.told
        told = min(told, self.issued) if told and self.issued else told
        return row.as_of or told or row.stated or self.issued, _STAGES.get(name, -1)


def judge(
    statements: Statements,
    issued: Mapping[str, dt.date | None],
    linked: Linked,
    iris: Iris,
    min_confidence: float = 0.5,
    rejected: frozenset[str] = frozenset(),
) -> Verdict:
    """Decide which claims are facts.

    `statements` are the claims as rows, document by document (see `kg.outline.told`), gone over
    twice. `issued` maps a document's id to its date, `rejected` holds ids of claims that an editor
    refused. Types and labels are no facts here: they live in graph `entities`.
    """
    denied: dict[tuple[str, str, str], _Order] = {}
    ties: dict[str, set[str]] = defaultdict(set)
    for item in _dated(statements, issued, linked, iris, _matters_first):
        if item.row.modality == "negated":
            denied[item.key] = max(denied.get(item.key, item.order), item.order)
        else:
            ties[item.subject].add(sys.intern(item.object))
    accepted = _Accepted(linked, iris)
    for item in _dated(statements, issued, linked, iris):
        reason = _refusal(item, denied, ties, linked, min_confidence, rejected)
        if reason:
            accepted.reasons[item.row.id] = sys.intern(reason)
        elif item.row.predicate not in _ELSEWHERE:
            accepted.add(item)
    return accepted.verdict()


def _matters_first(row: Row) -> bool:
    return row.modality == "negated" or row.predicate in _SIDES


def _dated(
    statements: Statements,
    issued: Mapping[str, dt.date | None],
    linked: Linked,
    iris: Iris,
    chosen: Callable[[Row], bool] = lambda _: True,
) -> Iterator[Dated]:
    """Yield the claims as statements with their days, one document's after another's."""
    settled = [day for doc, rows in told(linked.added) for day in _told(doc, rows)]
    for doc, rows in statements:
        # Of times that one frame gives its event the document's own count, and of these the first.
        days = dict(reversed([*_told(doc, rows), *settled]))
        day = str(issued.get(doc) or "")
        for row in filter(chosen, rows):
            last = days.get((doc, *row.place), "")
            yield Dated(
                row, doc, linked.iri[doc, row.subject], _end(doc, row, linked, iris), day, last
            )


def _end(doc: str, row: Row, linked: Linked, iris: Iris) -> str:
    kind, text, *_ = row.object
    match kind:
        case "key":
            return linked.iri[doc, text]
        case "own":
            return iris.base + text
        case "node":
            return text
    return str(row.term(doc, linked, iris))


def _told(doc: str, rows: Iterable[Row]) -> list[tuple[tuple[object, ...], str]]:
    """Return the last day of the time that a frame of a sentence gives its event."""
    return [((doc, *row.place), row.last) for row in rows if row.last]


def _refusal(
    item: Dated,
    denied: Mapping[tuple[str, str, str], _Order],
    ties: Mapping[str, set[str]],
    linked: Linked,
    min_confidence: float,
    rejected: frozenset[str],
) -> str:
    row = item.row
    if row.modality != "actual":
        return f"the text presents it as {row.modality}"
    if row.id in rejected:
        return "an editor rejected it"
    if row.confidence < min_confidence:
        return f"its confidence {row.confidence:.2f} is below the setting"
    if denied and item.key in denied and denied[item.key] >= item.order:
        return "it was denied at the same time or later"
    if row.speaker and row.predicate != "rdf:type":
        speaker = linked.iri[item.doc, row.speaker]
        own = _sides(speaker, ties) | {speaker}
        ends = {item.subject, item.object}
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

    def __init__(self, linked: Linked, iris: Iris) -> None:
        self.linked, self.iris = linked, iris
        self.reasons: dict[str, str] = {}
        self._facts: set[ox.Triple] = set()
        self._spans: dict[ox.Triple, tuple[_Rank, str]] = {}
        self._current: dict[str, tuple[_Rank, ox.Triple]] = {}
        self._statuses: list[tuple[str, ox.Triple]] = []

    def add(self, item: Dated) -> None:
        """Take an accepted claim; of equal things the last one, by day and stage, counts."""
        statement = item.row.triple(item.doc, self.linked, self.iris)
        rank = item.order, item.row.id
        if statement.predicate == _STATUS:
            subject = _iri(statement.subject)
            self._statuses.append((item.row.id, statement))
            if subject not in self._current or rank > self._current[subject][0]:
                self._current[subject] = rank, statement
            return
        self._facts.add(statement)
        known = self._spans.get(statement)
        time = value_of(item.row.value) if item.row.value else None
        if isinstance(time, TimeRef) and (known is None or rank > known[0]):
            self._spans[statement] = rank, time_iri(time, self.iris)

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
