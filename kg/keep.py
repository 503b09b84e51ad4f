"""Which releases stay: the last ones, one an hour for a day, one a day for a month, all builds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

_DAY, _MONTH = dt.timedelta(days=1), dt.timedelta(days=31)


def kept(releases: Iterable[tuple[int, str, str]], now: dt.datetime, last: int) -> set[int]:
    """Return the numbers that stay, of releases given as number, time (ISO 8601) and kind.

    Of an hour, or of a day, the newest release stays.
    """
    rows = sorted(((n, dt.datetime.fromisoformat(t), k) for n, t, k in releases), reverse=True)
    found = {number for number, _, _ in rows[:last]}
    found |= {number for number, _, kind in rows if kind == "build"}
    slots: set[str] = set()
    for number, made, _ in rows:
        age = now - made
        hour, day = made.strftime("h%Y%m%d%H"), made.strftime("d%Y%m%d")
        for slot, limit in ((hour, _DAY), (day, _MONTH)):
            if age <= limit and slot not in slots:
                slots.add(slot)
                found.add(number)
    return found
