"""Claims as the scorer sees them, and which event of a claim is which event of the gold.

Events seldom have names, so a node of the claims is taken for the event of the gold with which
it shares most: class, links to named things, words of evidence. Several nodes may be one event
of the gold (an event that was told apart too often); one node is never two events.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

import names
import vocabulary as v
from annotation import Fact, Node


@dataclass(frozen=True)
class End:
    """One end of a claim: what it is called, its class or datatype, what makes it itself."""

    key: str
    label: str
    type: str
    also: tuple[str, ...] = ()
    days: tuple[str, str] = ("", "")

    @property
    def labels(self) -> tuple[str, ...]:
        """Return every wording of the end."""
        return self.label, *self.also


@dataclass(frozen=True)
class Claim:
    """One claim; `span` is None where it brings no offsets; `excused`: no mistake if unmatched."""

    doc: str
    subject: End
    predicate: str
    object: End
    modality: str
    speaker: End | None
    span: tuple[int, int] | None
    rule: str
    excused: bool = False

    @property
    def triple(self) -> tuple[str, str, str]:
        """Return what claims share that say the same."""
        return self.subject.key, self.predicate, self.object.key


def local(iri: object) -> str:
    """Return the last part of an IRI or prefixed name."""
    return re.split(r"[#/:]", str(iri or "").rstrip("/"))[-1]


def claim(row: Mapping[str, Any]) -> Claim:
    """Return a claim from a line of `pactgraph extract`; raises ValueError where one is broken."""
    try:
        subject, obj = _end(row["subject"]), _end(row["object"])
        predicate, doc = local(row["predicate"]), PurePath(str(row["doc"])).name.split(".")[0]
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a claim of `pactgraph extract`: {error!r} is missing") from None
    evidence = row.get("evidence") or {}
    span = (evidence["start"], evidence["end"]) if evidence.get("end") is not None else None
    speaker = _end(row["speaker"]) if row.get("speaker") else None
    modality = local(row.get("modality") or "actual")
    return Claim(doc, subject, predicate, obj, modality, speaker, span, str(row.get("rule") or ""))


def _end(given: Any) -> End:
    if not isinstance(given, Mapping):
        return End(str(given), str(given), "")
    label = str(given.get("label") or given.get("value") or local(given.get("iri")))
    kind = local(given.get("type") or given.get("datatype"))
    days = str(given.get("earliest") or ""), str(given.get("latest") or "")
    return End(str(given.get("iri") or f"{kind} {label}"), label, kind, (), days)


def class_of(end: End) -> str:
    """Return the class that the object of a type claim names, or nothing where it is unknown."""
    for text in (local(end.key), local(end.label)):
        found = _BY_PLAIN_NAME.get(text.replace(" ", "").lower())
        if found:
            return found
    return ""


_BY_PLAIN_NAME = {cls.lower(): cls for cls in v.CLASSES}


@dataclass
class Document:
    """One document's gold and claims, with the alignment of events between them."""

    facts: Sequence[Fact]
    claims: Sequence[Claim]
    event: dict[str, Node] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    cache: dict[tuple[End, Node], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        nodes = dict.fromkeys(end for fact in self.facts for end in (fact.subject, fact.object))
        self.states = names.state_words({n.key: n.names for n in nodes if n.has("Polity")})
        self._align([node for node in nodes if node.has("Event")])

    def level(self, end: End, node: Node) -> int:
        """Return how well an end of a claim is a thing or value of the gold: 2, 1 or 0."""
        if (end, node) not in self.cache:
            self.cache[end, node] = self._level(end, node)
        return self.cache[end, node]

    def _level(self, end: End, node: Node) -> int:
        if node.value:
            return value(end, node)
        if node.has("Event"):
            if self.event.get(end.key) != node:
                return names.OTHER
            return v.class_fit(end.type, node.types) if end.type in v.CLASSES else names.NEAR
        fit = v.class_fit(end.type, node.types) if end.type in v.CLASSES else names.NEAR
        return min(fit, self.wording(end, node)) if fit else names.OTHER

    def wording(self, end: End, node: Node) -> int:
        """Return how well the label of an end names a thing of the gold, classes aside."""
        if node.has("Document"):
            return names.SAME
        return max(self._wording(label, node) for label in end.labels)

    def speaker_right(self, item: Claim, fact: Fact) -> bool:
        """Tell whether a claim has one of the speakers that its fact accepts."""
        for wanted in (fact.speaker, *fact.speaker_alt):
            if wanted is None or item.speaker is None:
                if wanted is item.speaker:
                    return True
            elif self.wording(item.speaker, wanted):
                return True
        return False

    def _wording(self, label: str, node: Node) -> int:
        if node.has("Polity"):
            return names.polity(label, node.names)
        if node.has("Person"):
            return names.person(label, node.names)
        if node.has("Topic"):
            return names.topic(label, node.names)
        if any(node.has(c) for c in ("PropositionalContent", "Deliverable", "AgentGroup")):
            return names.content(label, node.names)
        return names.name(label, node.names, self.states)

    def _align(self, events: list[Node]) -> None:
        by_node: dict[str, list[Claim]] = defaultdict(list)
        kinds: dict[str, End] = {}
        for item in self.claims:
            for end in (item.subject, item.object):
                if v.below(end.type, "Event"):
                    by_node[end.key].append(item)
                    kinds[end.key] = end
        of: dict[Node, list[Fact]] = defaultdict(list)
        for fact in self.facts:
            for node in {fact.subject, fact.object}:
                of[node].append(fact)
        for key, mine in by_node.items():
            ranked = [
                (self._likeness(kinds[key], mine, node, of[node]), -place)
                for place, node in enumerate(events)
                if _alike(kinds[key].type, node)
            ]
            best = max(ranked, default=(0.0, 0))
            if best[0] > 0:
                self.event[key] = events[-best[1]]

    def _likeness(self, end: End, mine: list[Claim], node: Node, theirs: list[Fact]) -> float:
        score = 0.0
        for item in mine:
            score += max((self._shared(end, item, node, fact) for fact in theirs), default=0.0)
        if score and v.class_fit(end.type, node.types) == 2:
            score += 0.5
        return score + (names.name(end.label, node.names, self.states) if score else 0)

    def _shared(self, end: End, item: Claim, node: Node, fact: Fact) -> float:
        near = 0.1 if overlap(item.span, fact) else 0.0
        first = item.subject.key == end.key
        if not v.says(item.predicate, fact.predicate) or first != (fact.subject == node):
            return near
        if item.predicate == "type":
            return near
        ours, theirs = (item.object, fact.object) if first else (item.subject, fact.subject)
        if not theirs.value and theirs.has("Event"):
            return near + 0.3 * _alike(ours.type, theirs)
        weight = 3.0 if item.predicate in v.OBJECT_OF_EVENT | {"sessionOf"} else 1.0
        agrees = 0.2 if item.modality in (fact.modality, *fact.modality_alt) else 0.0
        return near + (weight + 5 * near + agrees) * self.level(ours, theirs) / 2


def _alike(kind: str, node: Node) -> bool:
    """Tell whether an event of one class may be that event: one class is under the other."""
    if any(v.below(kind, cls) or v.below(cls, kind) for cls in node.types):
        return True
    return any(v.below(kind, c) and node.has(c) for c in ("Meeting", "CommunicationEvent"))


def overlap(span: tuple[int, int] | None, fact: Fact) -> float:
    """Return the intersection over union of a claim's evidence and a fact's."""
    if not span:
        return 0.0
    common = min(span[1], fact.end) - max(span[0], fact.start)
    return max(0, common) / (max(span[1], fact.end) - min(span[0], fact.start))


def value(end: End, node: Node) -> int:
    """Compare a literal end with a value of the gold."""
    kind, text = node.type, end.label
    if kind == "class":
        cls = class_of(end)
        return v.class_fit(cls, node.names) if cls else 0
    if kind == "status":
        return 2 * (node.key in {local(x).lower().replace(" ", "-") for x in (end.key, text)})
    if kind in {"date", "year", "time"}:
        return _time(end, node)
    if kind == "amount":
        return names.amount(text, node.names)
    return 2 * (names.words_of(text) == names.words_of(node.key))


def _time(end: End, node: Node) -> int:
    first, last = _days(end.days[0] or end.label, end.days[1])
    wanted = _days(*(node.names[1] if node.type == "time" and node.names[1:] else node.key, ""))
    if first and wanted[0]:
        if (first, last) == wanted:
            return names.SAME
        loose = node.type == "time" and first <= wanted[1] and wanted[0] <= last
        return names.NEAR if loose else names.OTHER
    same = names.words_of(end.label) == names.words_of(node.names[0])
    return names.SAME if node.type == "time" and same else names.OTHER


def _days(text: str, last: str = "") -> tuple[str, str]:
    """Return first and last day of `2021`, `2021-03`, `2021-03-04` or `from..to`, as ISO dates."""
    begin, _, end = text.strip().partition("..")
    found = [_bounds(part) for part in (begin, last or end or begin)]
    return (found[0][0], found[1][1]) if all(found) else ("", "")


def _bounds(text: str) -> tuple[str, str] | tuple[()]:
    if re.fullmatch(r"\d{4}", text):
        return f"{text}-01-01", f"{text}-12-31"
    if re.fullmatch(r"\d{4}-\d\d", text):
        year, month = map(int, text.split("-"))
        after = dt.date(year + month // 12, month % 12 + 1, 1)
        return f"{text}-01", str(after - dt.timedelta(days=1))
    return (text, text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else ()


def as_claims(facts: Iterable[Fact]) -> list[Claim]:
    """Return facts as claims: the other annotator's work, or the gold against itself."""
    return [
        Claim(
            fact.doc,
            _as_end(fact.subject),
            fact.predicate,
            _as_end(fact.object),
            fact.modality,
            _as_end(fact.speaker) if fact.speaker else None,
            (fact.start, fact.end),
            "annotator",
            excused=fact.tier == "optional",
        )
        for fact in facts
    ]


def _as_end(node: Node) -> End:
    days = node.names[1] if node.type == "time" and node.names[1:] else ""
    also = () if node.value else node.names[1:]
    key = node.key if node.value else f"#{node.key}"
    return End(key, node.names[0], node.type, also, _days(days))
