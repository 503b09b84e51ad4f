"""Which releases stay: the newest, one an hour for a day, one a day for a month, all builds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

_DAY, _MONTH = dt.timedelta(days=1), dt.timedelta(days=31)


def to_drop(
    releases: Mapping[int, tuple[str, str]], keep: int, now: dt.datetime, current: int | None
) -> list[int]:
    """Return the numbers of the releases to drop, oldest first.

    `releases` maps a number to the time (ISO 8601) and the kind of the release; the current one
    always stays. Of an hour or a day the last release stays.
    """
    numbers = sorted(releases)
    kept = {*numbers[-keep:], current}
    hours: dict[str, int] = {}
    days: dict[str, int] = {}
    for number in numbers:
        created, kind = releases[number]
        age = now - dt.datetime.fromisoformat(created)
        if kind == "build":
            kept.add(number)
        if age <= _DAY:
            hours[created[:13]] = number
        if age <= _MONTH:
            days[created[:10]] = number
    kept |= {*hours.values(), *days.values()}
    return [number for number in numbers if number not in kept]
