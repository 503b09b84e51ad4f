"""The line notation of annotation files, and the finding of evidence in a text.

Pure functions over one line; every mistake is a NotationError whose message says the mend.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import vocabulary as v

_TOKEN = re.compile(
    r"""\s*(?:"(?P<quoted>[^"]*)"
    |\[(?P<speaker>[^\]]*)\]
    |\((?P<tier>opt|optional|core|full)\)
    |(?P<mark>[~^?%!.](?:/[~^?%!.])*)(?P<word>[a-z]*)(?=[\s\[(]|$)
    |(?P<comma>,)
    |(?P<key>[A-Za-z0-9][\w.:-]*))""",
    re.X,
)
_ABBREVIATIONS = frozenset(
    """Mr Mrs Ms Dr Prof Gen Lt Col Sgt Sen Rep Gov St No Nos Art Arts Inc Ltd Co Corp Jan Feb Mar
    Apr Jun Jul Aug Sep Sept Oct Nov Dec vs etc nos approx ca cf fig para""".split()
)
_STOP = frozenset(
    "the a an of on in for to and or with by at from as its their this that new".split()
)
_SHAPES = {
    "date": (r"\d{4}-\d\d-\d\d", "a day as 2021-06-14"),
    "year": (r"\d{4}", "a year as 2021"),
    "time": (r".+", "words"),
    "string": (r".+", "words"),
    "amount": (r".*\d.*|.*(?:million|billion|trillion|thousand).*", "an amount with its figure"),
}


class NotationError(Exception):
    """One line that cannot be read; the message says what to write instead."""


@dataclass(frozen=True)
class Object:
    """One object as written: a key or value, or names in quotation marks."""

    value: str
    quoted: bool = False
    names: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    of: str = ""


@dataclass(frozen=True)
class Marks:
    """What stands behind the objects: modality, speakers (`-` is nobody) and tier."""

    modality: str = "actual"
    alternatives: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    tier: str = ""


def strip_comment(line: str) -> str:
    """Return a line without its comment: `#` at the start or after a blank, outside quotes."""
    parts = re.split(r'("[^"]*")', line)
    for index in range(0, len(parts), 2):
        found = re.search(r"(?:^|\s)#", parts[index])
        if found and (index or found.start() >= 0):
            return ("".join(parts[:index]) + parts[index][: found.start()]).strip()
    return line.strip()


def near(word: str, known: Iterable[str]) -> str:
    """Return a hint at the closest known word, or nothing."""
    close = difflib.get_close_matches(word, list(known), 1, 0.7)
    return f", did you mean {close[0]!r}?" if close else ""


def plain(text: str) -> str:
    """Return lower-case words of a text, without accents and punctuation."""
    folded = unicodedata.normalize("NFKD", text.lower())
    folded = "".join(char for char in folded if not unicodedata.combining(char))
    return " ".join(re.sub(r"[^\w$€£%.,]+", " ", folded).split()).strip(" .,")


def shares_word(name: str, quote: str) -> bool:
    """Tell whether a content word of a name, cut to five letters, begins a word of a quote."""
    there = {word[:5] for word in re.findall(r"\w+", plain(quote))}
    return any(w[:5] in there for w in re.findall(r"\w+", plain(name)) if w not in _STOP)


def thing(line: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Return key, classes and names of a `=` line."""
    head, bar, tail = line.partition("|")
    words = head.split()
    if len(words) != 2:
        raise NotationError("write `= key Class | name ; other name`")
    if not re.fullmatch(r"[A-Za-z0-9][\w-]*", words[0]):
        raise NotationError(f"key {words[0]!r}: only letters, digits and hyphens")
    names = tuple(name.strip() for name in re.split(r"[;|]", tail) if name.strip())
    if not bar or not names:
        raise NotationError(f"{words[0]} has no name: write `= {words[0]} {words[1]} | name`")
    return words[0], tuple(words[1].split("/")), names


def objects(tail: str) -> tuple[list[Object], Marks]:
    """Return objects and marks of the part of a fact behind its predicate."""
    found: list[Object] = []
    marks: dict[str, object] = {}
    place, after_comma, of = 0, True, False
    tail = tail.strip()
    while place < len(tail):
        token = _TOKEN.match(tail, place)
        if not token:
            raise NotationError(f"cannot read {tail[place:]!r}")
        place = token.end()
        if token["comma"]:
            after_comma = True
        elif token["key"] == "of" and found:
            of = True
        elif token["key"] and of:
            found[-1] = Object(found[-1].value, True, found[-1].names, of=token["key"])
            of = False
        elif token["quoted"] is not None or token["key"]:
            _object(token, found, after_comma)
            after_comma = False
        else:
            _mark(token, marks)
        while place < len(tail) and tail[place].isspace():
            place += 1
    if of:
        raise NotationError("`of` wants the key of a state behind it")
    return found, Marks(**marks)  # type: ignore[arg-type]


def _object(token: re.Match[str], found: list[Object], after_comma: bool) -> None:
    if token["quoted"] is not None:
        names = tuple(name.strip() for name in token["quoted"].split(";") if name.strip())
        if not names:
            raise NotationError("empty quotation marks")
        if not after_comma:
            raise NotationError(f"a comma is missing before {token['quoted']!r}")
        found.append(Object(names[0], True, names))
    elif after_comma:
        found.append(Object(token["key"]))
    elif found[-1].quoted and re.fullmatch(r"[\d.-]+", token["key"]):
        last = found[-1]
        found[-1] = Object(last.value, True, last.names, (*last.extra, token["key"]), last.of)
    else:
        raise NotationError(f"a comma is missing before {token['key']!r}")


def _mark(token: re.Match[str], marks: dict[str, object]) -> None:
    if token["mark"]:
        first, *others = [v.MODALITIES[sign] for sign in token["mark"].split("/")]
        if token["word"] and token["word"] != first:
            raise NotationError(f"{token['mark']} means {first}, not {token['word']}")
        marks["modality"], marks["alternatives"] = first, tuple(others)
    elif token["speaker"] is not None:
        marks["speakers"] = tuple(key.strip() for key in token["speaker"].split("/") if key.strip())
    else:
        marks["tier"] = "optional" if token["tier"] == "opt" else token["tier"]


def check_value(kind: str, text: str) -> None:
    """Raise NotationError where a value does not have the form of its kind."""
    if kind == "status":
        if text not in v.STATUSES:
            raise NotationError(f"unknown status {text!r}{near(text, v.STATUSES)}")
        return
    shape, say = _SHAPES[kind]
    if not re.fullmatch(shape, text):
        raise NotationError(f"{text!r} is no {kind}: write {say}")


def _pattern(words: str) -> str:
    quotes = {"'": "['’‘]", "’": "['’‘]", '"': '["“”]', "“": '["“”]', "”": '["“”]', "-": "[-‐‑–]"}
    return r"\s+".join("".join(quotes.get(c, re.escape(c)) for c in w) for w in words.split())


def evidence(text: str, words: str) -> tuple[int, int]:
    """Return the span of the sentence that begins with the words, or that runs `from … to`."""
    begin, _, last = re.sub(r"\s*(?:…|\.\.\.)\s*", "…", words.strip()).partition("…")
    if not begin:
        raise NotationError("write `@` and the first words of a sentence")
    hits = [hit.start() for hit in re.finditer(_pattern(begin), text)]
    starts = [place for place in hits if place in _starts(text)]
    if not hits:
        raise NotationError(f"the text has no {begin!r}")
    if len(starts or hits) > 1:
        raise NotationError(f"{begin!r} stands {len(hits)} times in the text: add words")
    start = (starts or hits)[0]
    if not last:
        return start, _end(text, start)
    found = re.compile(_pattern(last)).search(text, start)
    if not found:
        raise NotationError(f"the text has no {last!r} behind {begin!r}")
    return start, found.end()


def _starts(text: str) -> set[int]:
    """Return where sentences begin: at the first character of a line and behind each end."""
    found: set[int] = set()
    for line in re.finditer(r"[^\n]+", text):
        place = line.start()
        while place < line.end():
            place += len(text[place : line.end()]) - len(text[place : line.end()].lstrip())
            found.add(place)
            place = max(_end(text, place), place + 1)
    return found


def _end(text: str, start: int) -> int:
    stop = text.find("\n", start)
    stop = len(text) if stop < 0 else stop
    for mark in re.finditer(r"[.!?]+[\"”’')\]]*(?=\s|$)", text[start:stop]):
        before = re.search(r"[\w.]*$", text[start : start + mark.start()])
        word = before.group() if before else ""
        behind = text[start + mark.end() : stop].lstrip()
        short = word in _ABBREVIATIONS or re.fullmatch(r"(?:[A-Za-z]\.)*[A-Za-z]", word)
        if behind and mark.group() == "." and (short or behind[0].islower()):
            continue
        return start + mark.end()
    return start + len(text[start:stop].rstrip())
