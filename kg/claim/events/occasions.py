"""Which event a sentence means: two parties that ratify one treaty ratify it twice."""

from __future__ import annotations

from dataclasses import dataclass, field

from kg.claim.binding import Binding, Bound
from kg.claim.frames import Frame
from kg.model import TimeRef
from kg.vocab import is_a


@dataclass
class _Told:
    """What the document has said of an event so far."""

    actors: set[str] = field(default_factory=set)
    times: list[TimeRef] = field(default_factory=list)
    denied: bool | None = None


class Occasions(Binding):
    """Tells the events of one policy object apart: by who acts, by day, by being denied."""

    def event_of(self, b: Bound, theme: str) -> str:
        """Return the event that a bound frame means; a new one where none fits."""
        frame, thing = b.frame, self.draft.things[theme]
        base = f"event:{frame.event.lower()}-{theme.replace(':', '-')}"
        known = [k for k in (base, *(f"{base}-{n}" for n in range(2, 9))) if k in self.told]
        key = next((k for k in reversed(known) if self._same(self.told[k], b)), "")
        if not key:
            key = base if not known else f"{base}-{len(known) + 1}"
        event = self.draft.thing(key, frame.event, f"{noun_of(frame)} of the {thing.label}")
        span = self.paragraph.spans[b.token.i]
        self.draft.mention(event.key, span, "description", b.token.text)
        event.traits.setdefault("theme", theme)
        told = self.told.setdefault(key, _Told())
        told.actors |= self._parties(b)
        told.times += b.times
        told.denied = b.stance.modality == "negated"
        return event.key

    def _parties(self, b: Bound) -> set[str]:
        if not any(e.predicate == "pg:ofParty" for e in b.frame.emit):
            return set()
        return {k for k, _ in b.roles.get("actor", [])}

    def _same(self, told: _Told, b: Bound) -> bool:
        if told.denied is not None and told.denied != (b.stance.modality == "negated"):
            return False
        actors = self._parties(b)
        if actors and told.actors and not any(self._one(a, t) for a in actors for t in told.actors):
            return False
        return not any(_apart(a, t) for a in b.times for t in told.times)

    def _one(self, a: str, b: str) -> bool:
        """Tell whether two actors may be one: a state acts through its bodies and people."""
        if a == b:
            return True
        polities = [is_a(self.draft.things[k].cls, "Polity") for k in (a, b)]
        if polities[0] == polities[1]:
            return False
        sides = {self._state_of(k) for k in (a, b)}
        return "" in sides or len(sides) == 1


def _apart(a: TimeRef, b: TimeRef) -> bool:
    if not (a.earliest and a.latest and b.earliest and b.latest):
        return False
    return a.latest < b.earliest or b.latest < a.earliest


def noun_of(frame: Frame) -> str:
    """Return the noun of a frame's event, as in "entry into force"."""
    return frame.event[0].lower() + "".join(
        f" {c.lower()}" if c.isupper() else c for c in frame.event[1:]
    )
