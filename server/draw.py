"""The geometry of the two drawings: events per month, and the timeline of a year.

Only numbers are made here; the templates write the SVG. Units are those of the viewBox.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from server import words
from server.ask import Thing

MONTHS = 36  # months that the strip shows at most
LEAST = 24  # months that it shows at least, so that one event is no lone block
LANES = 7  # kinds with a lane of their own; the others share the last
_BAR, _HEIGHT = 16, 48
_LEFT, _RIGHT, _LANE = 150, 720, 34


@dataclass(frozen=True)
class Times:
    """Events of one stretch of time, as counted by the graph."""

    earliest: dt.date
    latest: dt.date
    happened: bool
    count: int


@dataclass(frozen=True)
class Bar:
    """A month of the strip: events that happened below, announced ones above them."""

    x: int
    year: int
    label: str
    done: int
    planned: int
    done_height: float
    planned_height: float


@dataclass(frozen=True)
class Strip:
    """Events per month; `elsewhere` counts those outside it or not known to the month."""

    bars: tuple[Bar, ...]
    width: int
    height: int
    elsewhere: int


def strip(times: Iterable[Times]) -> Strip:
    """Return the strip of the last months in which events lie."""
    done: Counter[int] = Counter()
    planned: Counter[int] = Counter()
    vague = 0
    for item in times:
        month = _month(item.earliest)
        if month != _month(item.latest):
            vague += item.count
        else:
            (done if item.happened else planned)[month] += item.count
    if not done and not planned:
        return Strip((), 0, _HEIGHT, vague)
    last = max({*done, *planned})
    first = max(last - MONTHS + 1, min(last - LEAST + 1, *done, *planned))
    shown = range(first, last + 1)
    top = max(done[month] + planned[month] for month in shown)
    bars = tuple(
        Bar(
            x=place * _BAR,
            year=month // 12,
            label=words.interval(*_ends(month)),
            done=done[month],
            planned=planned[month],
            done_height=round(done[month] / top * _HEIGHT, 1),
            planned_height=round(planned[month] / top * _HEIGHT, 1),
        )
        for place, month in enumerate(shown)
    )
    all_events = done.total() + planned.total()
    inside = sum(bar.done + bar.planned for bar in bars)
    return Strip(bars, len(bars) * _BAR, _HEIGHT, vague + all_events - inside)


def _month(day: dt.date) -> int:
    return day.year * 12 + day.month - 1


def _ends(month: int) -> tuple[dt.date, dt.date]:
    first = dt.date(month // 12, month % 12 + 1, 1)
    following = (first + dt.timedelta(days=31)).replace(day=1)
    return first, following - dt.timedelta(days=1)


@dataclass(frozen=True)
class Happening:
    """An event with its time, as the timeline and its list show it."""

    thing: Thing
    modality: str
    earliest: dt.date
    latest: dt.date
    said: str = ""

    @property
    def mark(self) -> words.Mark:
        """The mark of its modality."""
        return words.mark(self.modality)

    @property
    def when(self) -> str:
        """Its time, as people write it."""
        return words.interval(self.earliest, self.latest)


@dataclass(frozen=True)
class Dot:
    """An event in the drawing: a point where the day is known, else a bar."""

    event: Happening
    x: float
    y: float
    width: float


@dataclass(frozen=True)
class Lane:
    """The events of one kind, on one line."""

    label: str
    y: int
    dots: tuple[Dot, ...]


@dataclass(frozen=True)
class Swim:
    """The drawing of one year: lanes, months and, where it lies in the year, today."""

    lanes: tuple[Lane, ...]
    months: tuple[tuple[float, str], ...]
    today: float | None
    left: int
    right: int
    height: int


def swim(events: Sequence[Happening], year: int, today: dt.date) -> Swim:
    """Return the timeline of a year with a lane for each kind of event."""
    start, end = dt.date(year, 1, 1), dt.date(year, 12, 31)
    days = (end - start).days + 1

    def x(day: dt.date) -> float:
        inside = min(max(day, start), end)
        return round(_LEFT + ((inside - start).days + 0.5) / days * (_RIGHT - _LEFT), 1)

    kinds = Counter(event.thing.kind or "event" for event in events)
    own = [kind for kind, _ in kinds.most_common(LANES)]
    labels = [*own, "other events"] if len(kinds) > LANES else own
    lanes = []
    for place, label in enumerate(labels):
        y = _LANE // 2 + place * _LANE
        members = [e for e in events if _lane(e, own) == label]
        dots = [Dot(e, x(e.earliest), y, round(x(e.latest) - x(e.earliest), 1)) for e in members]
        # Wide bars lie below, so that no bar hides a point.
        lanes.append(Lane(label, y, tuple(sorted(dots, key=lambda dot: -dot.width))))
    months = tuple(
        (x(dt.date(year, month, 1)), name)
        for month, name in enumerate("J F M A M J J A S O N D".split(), start=1)
    )
    now = x(today) if start <= today <= end else None
    return Swim(tuple(lanes), months, now, _LEFT, _RIGHT, len(labels) * _LANE)


def _lane(event: Happening, own: Sequence[str]) -> str:
    kind = event.thing.kind or "event"
    return kind if kind in own else "other events"
