"""How near two wordings are: 2 the same, 1 near enough for the lenient reading, 0 different.

A name is the same when its content words are the same in any order; names of the document's
states are ignored there, unless the two wordings name different states.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from functools import cache

import pycountry
from notation import plain

SAME, NEAR, OTHER = 2, 1, 0
_STOP = frozenset(
    "the a an of on in for to and or with by at from between as its their this that s".split()
)
_HONORIFICS = frozenset("mr mrs ms dr prof sir dame lord".split())
# Words that only name a kind of thing: alone they do not bring two names near.
_HEADS = frozenset(
    """agreement memorandum understanding mou treaty convention protocol pact accord deal act law
    bill programme ministry minister department group working council committee commission agency
    national joint framework dialogue partnership cooperation strategy initiative plan statement
    declaration company bank university office secretary president chief head director general
    state deputy prime foreign economic international""".split()
)
_GENERIC = frozenset(
    """cooperation collaboration sector industry issue matter area field development relation
    related various new further mutual bilateral""".split()
)
_REWRITE = {
    "memorandum of understanding": "mou",
    "memoranda of understanding": "mou",
    "small and medium sized enterprises": "smes",
    "research and development": "r d",
    "ministry of foreign affairs": "foreign ministry",
    "minister of foreign affairs": "foreign minister",
    "minister for foreign affairs": "foreign minister",
    "program": "programme",
    "center": "centre",
    "defense": "defence",
    "labor": "labour",
    "organisation": "organization",
    "headed": "head",
}
# Everyday names that the library does not know; the code is ISO 3166 or the user-assigned one.
_COUNTRIES = {
    "russia": "RU",
    "turkey": "TR",
    "uk": "GB",
    "britain": "GB",
    "great britain": "GB",
    "usa": "US",
    "america": "US",
    "uae": "AE",
    "emirates": "AE",
    "dr congo": "CD",
    "drc": "CD",
    "democratic republic of congo": "CD",
    "republic of congo": "CG",
    "ivory coast": "CI",
    "brunei": "BN",
    "cape verde": "CV",
    "kosovo": "XK",
    "palestine": "PS",
    "vatican": "VA",
    "holy see": "VA",
    "holland": "NL",
    "republic of korea": "KR",
    "rok": "KR",
    "dprk": "KP",
    "democratic republic of the congo": "CD",
    "swaziland": "SZ",
    "macedonia": "MK",
    "burma": "MM",
}


@cache
def state_code(name: str) -> str:
    """Return the ISO 3166 code of a country by any of its usual names, or nothing."""
    words = re.sub(r"^the ", "", plain(name).replace(".", "")).strip()
    if words in _COUNTRIES:
        return _COUNTRIES[words]
    if len(words) < 4 and words != "us":
        return ""
    try:
        return str(pycountry.countries.lookup(words).alpha_2)
    except LookupError:
        return ""


@cache
def words_of(text: str) -> tuple[str, ...]:
    """Return the content words of a wording, in one spelling and without plural endings."""
    flat = " " + re.sub(r"[^\w$€£]+", " ", plain(re.sub(r"['’]s\b", "", text))) + " "
    for long, short in _REWRITE.items():
        flat = flat.replace(f" {long} ", f" {short} ")
    return tuple(_stem(word) for word in flat.split() if word not in _STOP)


def _stem(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def state_words(names: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Return content word → state key, for the names of a document's states."""
    found: dict[str, str] = {}
    for key, wordings in names.items():
        for wording in wordings:
            found.update((word, key) for word in words_of(wording))
    return found


def polity(label: str, names: Iterable[str]) -> int:
    """Compare the name of a state or bloc: the same words, or the same ISO code."""
    code, mine = state_code(label), frozenset(words_of(label))
    for name in names:
        if mine == frozenset(words_of(name)) or (code and code == state_code(name)):
            return SAME
    return OTHER


def name(label: str, names: Iterable[str], states: Mapping[str, str]) -> int:
    """Compare a proper name or office with all names of a thing."""
    return max((_name(label, other, states) for other in names), default=OTHER)


def _name(label: str, other: str, states: Mapping[str, str]) -> int:
    mine, theirs = words_of(label), words_of(other)
    if not mine or not theirs:
        return OTHER
    if sorted(mine) == sorted(theirs):
        return SAME
    here = {states[word] for word in mine if word in states}
    there = {states[word] for word in theirs if word in states}
    if here and there and not (here <= there or there <= here):
        return OTHER
    a = [word for word in mine if word not in states and not re.fullmatch(r"\d{4}", word)]
    b = [word for word in theirs if word not in states and not re.fullmatch(r"\d{4}", word)]
    if a and sorted(a) == sorted(b):
        return SAME
    common = set(a) & set(b)
    if common - _HEADS and (common in (set(a), set(b)) or len(common) >= 0.6 * len({*a, *b})):
        return NEAR
    close = difflib.SequenceMatcher(None, " ".join(a), " ".join(b), autojunk=False).ratio()
    return NEAR if a and b and close >= 0.9 else OTHER


def person(label: str, names: Iterable[str]) -> int:
    """Compare a person's name: the same words, or else the same surname."""
    mine = [word for word in words_of(label) if word not in _HONORIFICS]
    best = OTHER
    for other in names:
        theirs = [word for word in words_of(other) if word not in _HONORIFICS]
        if mine and sorted(mine) == sorted(theirs):
            return SAME
        if mine and theirs and (set(mine) <= set(theirs) or set(theirs) <= set(mine)):
            best = NEAR
    return best


def topic(label: str, names: Iterable[str]) -> int:
    """Compare topics: equal without general words, or else one inside the other."""
    mine = _specific(label)
    best = OTHER
    for other in names:
        theirs = _specific(other)
        if mine == theirs:
            return SAME
        common = len(mine & theirs)
        if common and (mine <= theirs or theirs <= mine or 2 * common >= len(mine | theirs)):
            best = NEAR
    return best


def _specific(text: str) -> frozenset[str]:
    words = frozenset(words_of(text))
    return words - _GENERIC or words


def content(label: str, names: Iterable[str]) -> int:
    """Compare aims, promises, groups: by the words in common, cut to six letters."""
    mine = {word[:6] for word in words_of(label)}
    best = OTHER
    for other in names:
        theirs = {word[:6] for word in words_of(other)}
        common = len(mine & theirs)
        score = 2 * common / (len(mine) + len(theirs) or 1)
        if score >= 0.75:
            return SAME
        inside = common >= 2 and common == min(len(mine), len(theirs))
        best = max(best, NEAR if score >= 0.4 or inside else OTHER)
    return best


def amount(label: str, names: Iterable[str]) -> int:
    """Compare sums of money: the same words, or else the same figures."""
    mine = plain(label).replace(",", "")
    digits = re.findall(r"\d+(?:\.\d+)?", mine)
    best = OTHER
    for other in names:
        theirs = plain(other).replace(",", "")
        if _money(mine) == _money(theirs):
            return SAME
        if digits and digits == re.findall(r"\d+(?:\.\d+)?", theirs):
            best = NEAR
    return best


_ABOUT = frozenset("about around some nearly over up to a an of than more".split())


def _money(text: str) -> tuple[str, ...]:
    loose = re.sub(r"([$€£¥])", r" \1 ", text)
    return tuple(_stem(word) for word in loose.split() if word not in _ABOUT)
