"""The facts that follow from written ones, so that no annotator has to write them.

Rules of GUIDE.md section 2: types, issue date, statuses, participants. Nothing is added that an
annotator wrote already in the same sentence.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace

import vocabulary as v
from annotation import Annotation, Fact, Node

# An event that is only wished, possible or denied need not be found as a thing of its own.
_REAL = frozenset({"actual", "planned", "expected"})


def first_mention(text: str, names: tuple[str, ...]) -> tuple[int, int] | None:
    """Return the first place in a text where one of the names stands, best name first."""
    for name in names:
        words = r"\s+".join(map(re.escape, name.split()))
        found = re.search(rf"(?<!\w){words}(?!\w)", text, re.I)
        if found:
            return found.span()
    return None


def derived(annotation: Annotation) -> list[Fact]:
    """Return the additional facts of an annotation whose written facts are read."""
    written = annotation.facts
    found = [*_types(annotation), *_issued(annotation)]
    for item in written:
        found += _statuses(item)
        found += _participants(item, written)
    found += _event_statuses(written)
    known = {_mark(item) for item in written}
    return [item for item in found if not (_mark(item) in known or known.add(_mark(item)))]


def settle_speech(written: list[Fact]) -> list[Fact]:
    """Make a Statement optional where an announcement or denial of the same maker was written."""
    named = {(f.object, f.start) for f in written if f.predicate == "madeBy" and not f.derived}
    return [
        replace(f, tier="optional")
        if f.derived and f.predicate == "madeBy" and (f.object, f.start) in named
        else f
        for f in written
    ]


def _mark(fact: Fact) -> tuple[str, str, str, int]:
    return fact.subject.key, fact.predicate, fact.object.key, fact.start


def _status(like: Fact, thing: Node, name: str, tier: str) -> Fact:
    value = Node(name, ("status",), (name,), value=True)
    return replace(
        like, subject=thing, predicate="status", object=value, tier=tier,
        modality="actual", modality_alt=(), derived=True,
    )  # fmt: skip


def _statuses(item: Fact) -> list[Fact]:
    """A done event gives its object a status; a planned signing or launch makes it planned."""
    kind = item.subject.type
    if item.predicate not in v.OBJECT_OF_EVENT or kind not in v.RESULT:
        return []
    if item.modality == "actual":
        return [_status(item, item.object, v.RESULT[kind], item.tier)]
    if item.modality == "planned":
        tier = item.tier if kind in v.PLANNED else "optional"
        return [_status(item, item.object, "planned", tier)]
    return []


def _participants(item: Fact, written: list[Fact]) -> list[Fact]:
    """Who signs, sends, hosts or is a party of what is signed takes part: said a second way."""
    second = replace(item, tier="optional", derived=True)
    if item.predicate in {"ofParty", "sentBy", "madeBy", "organizer"}:
        return [replace(second, predicate="hasParticipant")]
    if item.predicate == "signer":
        signed = [
            other.object
            for other in written
            if other.predicate in {"signingOf", "enactmentOf"} and other.subject == item.subject
        ]
        also = [replace(second, subject=it, predicate="hasSignatory") for it in signed]
        return [replace(second, predicate="hasParticipant"), *also]
    if item.predicate == "party":
        return [
            replace(second, subject=other.subject, predicate="hasParticipant")
            for other in written
            if other.predicate in {"signingOf", "launchOf", "relaunchOf"}
            and (other.object, other.start) == (item.subject, item.start)
        ]
    return []


def _event_statuses(written: list[Fact]) -> list[Fact]:
    """A planned meeting or visit has the status planned; that of other events is optional."""
    events: dict[Node, list[Fact]] = defaultdict(list)
    for item in written:
        if item.subject.has("Event") and not item.subject.has("CommunicationEvent"):
            events[item.subject].append(item)
    found = []
    for event, items in events.items():
        if any(item.predicate == "status" for item in items):
            continue
        tier = "full" if event.has("Meeting") or event.has("Visit") else "optional"
        for item in items:
            if item.modality == "planned":
                found.append(_status(item, event, "planned", tier))
            elif item.modality == "actual":
                found.append(_status(item, event, "concluded", "optional"))
    return found


def _types(annotation: Annotation) -> list[Fact]:
    found = []
    for thing in annotation.nodes.values():
        tier = v.type_tier(thing.type)
        if tier is None:
            continue
        used = [f for f in annotation.facts if thing in (f.subject, f.object)]
        if thing.has("Event") and not any(f.modality in _REAL for f in used if f.subject == thing):
            tier = "optional"
        place = first_mention(annotation.text, thing.names)
        start, end = place or ((used[0].start, used[0].end) if used else (0, len(annotation.text)))
        kind = Node(thing.type, ("class",), thing.types, value=True)
        found.append(
            Fact(annotation.name, thing, "type", kind, start, end, tier=tier, derived=True)
        )
    return found


def _issued(annotation: Annotation) -> list[Fact]:
    place = first_mention(annotation.text, (annotation.date,)) if annotation.date else None
    if not place:
        return []
    day = Node(annotation.date, ("date",), (annotation.date,), value=True)
    doc = annotation.nodes["doc"]
    return [Fact(annotation.name, doc, "dateIssued", day, *place, tier="core", derived=True)]
