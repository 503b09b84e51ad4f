"""Days told by other days: "on Thursday, a day after B had signed", "hours after"."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from kg.model import Span, TimeRef
from kg.spot.dates import COUNTS

_BACK = {"after", "since"}
_AHEAD = {"before"}
_HOURS = {"hour", "minute"}


def apart(token: Any, base: list[TimeRef], spans: list[Span]) -> list[TimeRef]:
    """Return the day of a clause that is told by its distance from the clause around it.

    `base` holds the times of the clause around; days and hours are counted, longer units are not
    exact enough.
    """
    mark = next((c for c in token.children if c.lower_ in _BACK | _AHEAD), None)
    if mark is None or mark.dep_ not in {"mark", "prep", "advmod"} or mark.i < 2:
        return []
    unit, count = mark.doc[mark.i - 1], mark.doc[mark.i - 2].lower_
    lemma = unit.lemma_.lower()
    known = [t for t in base if t.day]
    if len(known) != 1 or known[0].day is None:
        return []
    if lemma in _HOURS:
        days = 0
    elif lemma == "day" and (count in COUNTS or count.isdigit()):
        days = COUNTS.get(count) or int(count)
    else:
        return []
    day = known[0].day + dt.timedelta(days if mark.lower_ in _AHEAD else -days)
    span = spans[mark.i - 2].cover(spans[mark.i])
    words = " ".join(t.text for t in mark.doc[mark.i - 2 : mark.i + 1])
    return [replace(known[0], span=span, text=words, earliest=day, latest=day)]
