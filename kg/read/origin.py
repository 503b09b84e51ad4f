"""What a text says of its own origin, its day and its kind of source; nothing is guessed."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache

import yaml

from kg.model import SourceKind, Span
from kg.resources import data_dir

_HEAD = 1500  # characters at the beginning where a text says what it is
_MONTHS = (
    "january february march april may june july august september october november december".split()
)
_MONTH = r"(?P<month>[A-Za-z]{3,9})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_DATES = (
    rf"{_DAY}\s+{_MONTH},?\s+(?P<year>\d{{4}})",
    rf"{_MONTH}\s+{_DAY},?\s+(?P<year>\d{{4}})",
    r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})",
)
_LABEL = r"(?:(?:published|issued|released|updated|posted|date|dated)(?:\s+on)?:?\s+)?"
_PLACE = r"(?:[A-Z][\w.’' -]{1,30},\s+){0,2}"
_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?"
_CLOCK = r"(?:[,\s]+\d{1,2}[:.]\d{2}(?:\s*[A-Z]{2,4})?)?"
_AGENCY = r"(?:\s*\((?P<agency>[A-Z][\w /.&-]{1,30})\)|\s*/(?P<wire>[A-Z][\w .&-]{1,30})/)"
# A line with a date and nothing else; or a date with its place before the first sentence.
_ALONE = [re.compile(rf"(?i:{_LABEL}){_PLACE}(?i:{_WEEKDAY})({d}){_CLOCK}\s*") for d in _DATES]
_BEFORE = [
    re.compile(rf"{_PLACE}[A-Z][\w.’' -]{{1,30}},?\s+({d}){_AGENCY}?\s*(?:--|—|–|-|:)\s")
    for d in _DATES
]
_WIRE = re.compile(rf"[A-Z][\w.,’'/ -]{{1,70}}?{_AGENCY}\s*(?:--|—|–|-|:)\s")
_RELEASE = re.compile(
    r"(?im)^\W*(?:for immediate release|(?:joint |official )?(?:press|media|news) (?:release|note"
    r"|statement|communiqu[eé])|fact ?sheet)\b(?=\s*(?:$|[:|–—-]|no\b|\d))"
)
_OPINION = re.compile(r"(?im)^\W*(?:opinion|op-?ed|editorial|commentary|letter to the editor)\W*$")
_PRIMARY = re.compile(
    r"(?i)\b(?:have|has) (?:agreed|reached (?:an|the following) understanding) (?:as follows|on the"
    r" following)\s*[:.]"
)


def dated(text: str) -> tuple[dt.date, Span] | None:
    """Return the day that the head of a text gives as its own, with its place; None without one."""
    start = 0
    for line in text[:_HEAD].splitlines(keepends=True)[:20]:
        bare = line.strip()
        at = start + line.find(bare)
        start += len(line)
        alone = [p.fullmatch for p in _ALONE] if len(bare) <= 90 else []
        for match in (*alone, *(p.match for p in _BEFORE)):
            if (found := match(bare)) and (day := _day(found)):
                return day, Span(at + found.start(1), at + found.end(1))
    return None


def _day(match: re.Match[str]) -> dt.date | None:
    month = match["month"].lower()
    number = next((i for i, m in enumerate(_MONTHS, 1) if m.startswith(month[:3])), 0)
    if not month.isdigit() and not (number and _MONTHS[number - 1].startswith(month[:4])):
        return None
    try:
        return dt.date(int(match["year"]), int(month) if month.isdigit() else number,
                       int(match["day"]))  # fmt: skip
    except ValueError:
        return None


def kind(text: str) -> SourceKind:
    """Return what a text says that it is: by a heading, its dateline, the words of a treaty."""
    head = text[:_HEAD]
    if _RELEASE.search(head):
        return "release"
    if _OPINION.search("\n".join(head.splitlines()[:6])):
        return "opinion"
    for line in head.splitlines()[:12]:
        found = _WIRE.match(line.strip())
        if found and is_agency(found["agency"] or found["wire"] or ""):
            return "agency"
    return "primary" if _PRIMARY.search(text[:20_000]) else "unknown"


def is_agency(name: str) -> bool:
    """Tell whether a name is that of a news agency in the word list."""
    return name.strip().casefold() in _agencies()


@cache
def _agencies() -> frozenset[str]:
    path = data_dir("ontology") / "lexicons" / "news.yaml"
    rows = [r for r in yaml.safe_load(path.read_text("utf-8")) if r.get("kind") == "agency"]
    names = [[r["name"], *r.get("aliases", ()), *r.get("weak", ())] for r in rows]
    return frozenset(name.casefold() for row in names for name in row)
