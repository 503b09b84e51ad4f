"""Time expressions to intervals: words, earliest and latest day, and what they were counted from.

Own table of patterns: in a comparison of seven libraries none resolved half of the phrases that
agreement news uses (docs/quality.md). What cannot be resolved keeps its words and no dates.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from kg.model import Span, TimeRef
from kg.resources import data_dir

_MONTHS = {
    name.lower(): number
    for number in range(1, 13)
    for name in (calendar.month_name[number], calendar.month_abbr[number])
} | {"sept": 9}
_DAYS = {calendar.day_name[n].lower(): n for n in range(7)} | {
    calendar.day_abbr[n].lower(): n for n in range(7)
}
COUNTS = {
    w: n
    for n, w in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve".split()
    )
} | {"a": 1, "an": 1, "a couple of": 2}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4}


def _table() -> tuple[list[tuple[str, re.Pattern[str]]], list[re.Pattern[str]]]:
    """Read the patterns of `ontology/lexicons/dates.yaml`, longest and most exact first."""
    path = data_dir("ontology") / "lexicons" / "dates.yaml"
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    parts: dict[str, str] = {}
    for name, text in rows["parts"].items():
        parts[name] = _filled(text, parts)
    patterns = [
        (kind, re.compile(rf"(?<![\w-])(?:{_filled(text, parts)})(?![\w])", re.IGNORECASE))
        for row in rows["patterns"]
        for kind, text in row.items()
    ]
    return patterns, [re.compile(_filled(x, parts), re.IGNORECASE) for x in rows["durations"]]


def _filled(text: str, parts: dict[str, str]) -> str:
    for name, part in parts.items():
        text = text.replace(f"<<{name}>>", part)
    return text


_PATTERNS, _DURATIONS = _table()


@dataclass(frozen=True)
class Found:
    """A time expression before it is counted from a day; `kind` names the pattern."""

    span: Span
    text: str
    kind: str
    parts: dict[str, str]

    @property
    def relative(self) -> bool:
        """Tell whether the expression means nothing without a day to count from."""
        return self.kind in {
            "weekday",
            "deictic",
            "rel_unit",
            "ago",
            "within",
            "rel_m",
            "m_rel",
            "weekend",
            "vague",
            "part_unit",
            "offset",
        } or ("y" not in self.parts and self.kind not in {"year", "decade", "years", "iso"})


def find(text: str, offset: int = 0) -> list[Found]:
    """Return the time expressions of a text in order; spans are shifted by `offset`."""
    taken: list[tuple[int, int]] = []
    found: list[Found] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span()
            parts = {k: v.lower() for k, v in match.groupdict().items() if v}
            if kind in {"year", "year_of"}:
                year = parts.get("y") or parts.get("yb") or parts.get("yc") or ""
                parts["y"], start = year, end - len(year)
                if kind == "year_of" and not _names_year(text, start, end):
                    continue
            start += len(text[start:end]) - len(text[start:end].lstrip())
            if any(start < e and s < end for s, e in taken) or not _plausible(kind, parts):
                continue
            taken.append((start, end))
            span = Span(offset + start, offset + end)
            found.append(Found(span, text[start:end], kind, parts))
    return sorted(found, key=lambda f: f.span)


def _names_year(text: str, start: int, end: int) -> bool:
    # "of 2022" after a capitalised name belongs to the name, as in "Act of 2022".
    before = re.search(r"(\w+)\s+(?:of|to)\s+$", text[:start])
    return before is not None and not before[1][0].isupper()


def _plausible(kind: str, parts: dict[str, str]) -> bool:
    days = [int(parts[k]) for k in ("d", "d2") if k in parts]
    if any(not 1 <= day <= 31 for day in days):
        return False
    return not (kind == "range_dm" and len(days) == 2 and days[0] >= days[1])


def resolve(found: Found, day: dt.date | None, past: bool = True, anchor: str = "") -> TimeRef:
    """Count an expression from `day`; `past` is the direction that the verb's tense gives.

    Without a day, an expression that needs one keeps its words and gets no dates.
    """
    try:
        bounds = _bounds(found, day, past)
    except ValueError:  # 31 June and the like: the words stay, no dates are made up
        bounds = None
    lo, hi = bounds or (None, None)
    return TimeRef(found.span, found.text, lo, hi, anchor if found.relative and lo else "")


def _bounds(f: Found, day: dt.date | None, past: bool) -> tuple[dt.date, dt.date] | None:
    p = f.parts
    if f.kind == "iso":
        return _one(dt.date(int(p["y"]), int(p["mm"]), int(p["d"])))
    if f.kind in {"year", "year_of"}:
        return _span_of_year(int(p["y"]))
    if f.kind == "years":
        return dt.date(int(p["y"]), 1, 1), dt.date(int(p["y2"]), 12, 31)
    if f.kind == "decade":
        return dt.date(int(p["y"]), 1, 1), dt.date(int(p["y"]) + 9, 12, 31)
    if f.kind in {"quarter", "half", "part_year", "due_year", "season"}:
        return _part_of_year(f, day)
    if f.kind == "vague":
        return None
    if f.kind in {"season_rel", "feast", "mid_year"}:
        return _season(f, day, past) if day else None
    if "m" in p:
        return _with_month(f, day, past)
    return _relative(f, day, past) if day else None


def _with_month(f: Found, day: dt.date | None, past: bool) -> tuple[dt.date, dt.date] | None:
    p, month = f.parts, _month(f.parts["m"])
    year = int(p["y"]) if "y" in p else None
    if year is None and "rel" in p and day:
        if f.kind == "m_rel":
            year = day.year + {"last": -1, "this": 0, "next": 1}[p["rel"]]
        elif p["rel"] == "last":
            year = day.year if month < day.month else day.year - 1
        elif p["rel"] == "next":
            year = day.year if month > day.month else day.year + 1
        else:
            year = day.year
    if year is None and day:
        first = int(p.get("d", 1 if past else 28))
        year = _near_year(month, first, day, past, exact="d" in p)
    if year is None:
        return None
    if "d" not in p:
        return dt.date(year, month, 1), _month_end(year, month)  # "mid-May": no finer than May
    lo = dt.date(year, month, int(p["d"]))
    if "d2" not in p:
        return _one(lo)
    last_month = _month(p["m2"]) if "m2" in p else month
    return lo, dt.date(year + (last_month < month), last_month, int(p["d2"]))


def _near_year(month: int, day_of_month: int, day: dt.date, past: bool, exact: bool) -> int:
    here = (month, day_of_month) if exact else (month, day.day)
    today = (day.month, day.day)
    if past:
        return day.year if here <= today else day.year - 1
    return day.year if here >= today else day.year + 1


def _part_of_year(f: Found, day: dt.date | None) -> tuple[dt.date, dt.date] | None:
    p = f.parts
    if "y" in p:
        year = int(p["y"])
    elif day:
        year = day.year + {"last": -1, "next": 1}.get(p.get("rel", ""), 0)
    else:
        return None
    if f.kind == "quarter":
        first = 3 * _ORDINALS[p["o"]] - 2
        return dt.date(year, first, 1), _month_end(year, first + 2)
    if f.kind == "half":
        first = 6 * _ORDINALS[p["o"]] - 5
        return dt.date(year, first, 1), _month_end(year, first + 5)
    if f.kind == "season":
        return _quarter_from(year, _SEASONS[p["s"]])
    if f.kind == "due_year":
        return _span_of_year(year)
    return _third(year, p["part"])


_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}


def _quarter_from(year: int, month: int) -> tuple[dt.date, dt.date]:
    return dt.date(year, month, 1), _month_end(year + (month == 12), (month + 1) % 12 + 1)


def _season(f: Found, day: dt.date, past: bool) -> tuple[dt.date, dt.date]:
    """Return the season, feast or middle of a year that is meant by "in the autumn"."""
    season = f.parts.get("s") or f.parts.get("sb")
    rel = f.parts.get("rel", "")
    if season:
        lo, hi = _quarter_from(day.year, _SEASONS[season])
    else:
        month = 12 if f.kind == "feast" else 6
        lo, hi = dt.date(day.year, month, 1), _month_end(day.year, month)
    ahead = rel == "next" or (not rel and not past)
    shift = 0
    if (ahead and hi < day) or (rel == "next" and lo <= day):
        shift = 1
    elif (rel == "last" and hi >= day) or (not rel and past and lo > day):
        shift = -1
    if season:
        return _quarter_from(day.year + shift, _SEASONS[season])
    return lo.replace(year=day.year + shift), hi.replace(year=day.year + shift)


def _third(year: int, part: str) -> tuple[dt.date, dt.date]:
    """Return four months of a year: "early", "mid" or "late"."""
    first = 5
    if part in {"early", "beginning of", "start of"}:
        first = 1
    elif part in {"late", "end of", "close of"}:
        first = 9
    return dt.date(year, first, 1), _month_end(year, first + 3)


def _relative(f: Found, day: dt.date, past: bool) -> tuple[dt.date, dt.date] | None:
    p, word = f.parts, f.text.lower().strip().removeprefix("the ")
    if f.kind == "deictic":
        shift = {
            "yesterday": -1,
            "tomorrow": 1,
            "day before yesterday": -2,
            "day after tomorrow": 2,
        }
        return _one(day + dt.timedelta(shift.get(word, 0)))
    if f.kind == "weekday":
        return _one(_weekday(_DAYS[p["wd"]], p.get("rel", ""), day, past))
    if f.kind == "rel_unit":
        step = {
            "next": 1,
            "the coming": 1,
            "the following": 1,
            "last": -1,
            "the past": -1,
            "the previous": -1,
        }
        return _unit(p["u"], day, step.get(p["rel"], 0))
    if f.kind == "part_unit":
        return _unit(p["u"], day, {"next": 1, "last": -1}.get(p["rel"], 0))
    if f.kind == "weekend":
        weeks = {"last": -1, "the past": -1, "next": 1}.get(p.get("rel", ""), 0)
        if not weeks and past and day.weekday() < 5:
            weeks = -1
        monday = day - dt.timedelta(day.weekday()) + dt.timedelta(7 * weeks)
        return monday + dt.timedelta(5), monday + dt.timedelta(6)
    if f.kind == "offset":
        return _one(day + dt.timedelta(_offset(f)))
    count = int(p["n"]) if p["n"].isdigit() else COUNTS[p["n"]]
    if f.kind == "within":
        end = _shift(day, p["u"], count)
        return (day, end) if word.startswith("within") or "next" in word else None
    then = _shift(day, p["u"], -count)
    return _one(then) if p["u"] == "day" else _unit(p["u"], then, 0)


def _offset(f: Found) -> int:
    """Return how many days "two days later", "the next day", "the same day" lie apart."""
    p = f.parts
    if "rel" in p:
        return {"same": 0, "previous": -1}.get(p["rel"], 1)
    if p["u"] == "hour":
        return 0
    return COUNTS.get(p["n"]) or int(p["n"])


def _weekday(wanted: int, rel: str, day: dt.date, past: bool) -> dt.date:
    gap = (day.weekday() - wanted) % 7
    if rel in {"last", "the previous"}:
        return day - dt.timedelta(gap or 7)
    if rel in {"next", "the following"} or (not rel and not past):
        return day + dt.timedelta((7 - gap) % 7 or (7 if rel else 0))
    if rel == "this":
        return day - dt.timedelta(day.weekday()) + dt.timedelta(wanted)
    return day - dt.timedelta(gap)


def _unit(unit: str, day: dt.date, step: int) -> tuple[dt.date, dt.date]:
    if unit == "week":
        monday = day - dt.timedelta(day.weekday()) + dt.timedelta(7 * step)
        return monday, monday + dt.timedelta(6)
    if unit == "month":
        there = _shift(day.replace(day=1), "month", step)
        return there, _month_end(there.year, there.month)
    if unit == "quarter":
        there = _shift(day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1), "month", 3 * step)
        return there, _month_end(*divmod_month(there, 2))
    if unit == "decade":
        start = day.year // 10 * 10 + 10 * step
        return dt.date(start, 1, 1), dt.date(start + 9, 12, 31)
    return _span_of_year(day.year + step)


def divmod_month(day: dt.date, months: int) -> tuple[int, int]:
    """Return year and month that lie `months` after a day's month."""
    total = day.year * 12 + day.month - 1 + months
    return total // 12, total % 12 + 1


def _shift(day: dt.date, unit: str, count: int) -> dt.date:
    if unit in {"day", "week"}:
        return day + dt.timedelta(count * (7 if unit == "week" else 1))
    year, month = divmod_month(day, count * (12 if unit == "year" else 1))
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _month(word: str) -> int:
    return _MONTHS[word.rstrip(".").lower()]


def _month_end(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def _span_of_year(year: int) -> tuple[dt.date, dt.date]:
    return dt.date(year, 1, 1), dt.date(year, 12, 31)


def _one(day: dt.date) -> tuple[dt.date, dt.date]:
    return day, day


def durations(text: str, offset: int = 0) -> Iterator[tuple[Span, str]]:
    """Yield the lengths of interruptions as (span, ISO 8601 duration)."""
    for pattern in _DURATIONS:
        for match in pattern.finditer(text):
            word = match["n"].lower()
            count = int(word) if word.isdigit() else COUNTS[word]
            span = Span(offset + match.start(), offset + match.end())
            yield span, f"P{count}{match['u'][0].upper()}"
