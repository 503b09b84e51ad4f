"""Fields in names and titles: "Memorandum of Understanding on Mining", "Security Dialogue"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from kg.claim.what.content import Content
from kg.model import Span
from kg.spot.lexicon import Lexicon
from kg.vocab import is_a

_JOINT = re.compile(
    r"\b(?:(?:co-?operation|collaboration|partnership|promotion|protection|development|assistance"
    r"|exchange|establishment|strengthening|areas?|fields?|sectors?|matters?|spheres?|the|mutual"
    r"|bilateral|joint|reciprocal|enhanced|closer)\s+(?:and\s+)?(?:(?:of|in|on|for|to|against|between)\b)?\s*)+",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*|\s+as well as\s+", re.IGNORECASE)


_REACH = re.compile(r"\s(?:between|with|by|within|under|in (?=[A-Z]))\s?")
# What is done about the field: "Agreement on Combating Drug Trafficking".
_GERUND = re.compile(
    r"^(?:the\s+)?(?:(?:combat|fight|counter|prevent|suppress|promot|develop|protect|strengthen"
    r"|facilitat|eliminat|avoid|support|enhanc|improv|regulat|manag|us|shar|exchang)ing\s+"
    r"(?:and\s+)?(?:the\s+)?)+",
    re.IGNORECASE,
)
_TITLE_TAILS = {"cooperation", "development", "partnership", "exchange"}


@dataclass(frozen=True)
class Field:
    """A field of activity: a topic of the scheme, or else the words of the text."""

    label: str
    topic: str | None
    span: Span


class Entitled:
    """Reads fields from the names of things."""

    content: Content
    lex: Lexicon
    plain: frozenset[str]
    light: frozenset[str]
    vague: frozenset[str]
    trite: frozenset[str]

    @cached_property
    def _doing(self) -> re.Pattern[str]:
        words = "|".join(sorted(map(re.escape, self.light)))
        one = rf"(?:\w+\s+)?(?:{words})"
        return re.compile(rf"(?:the\s+)?{one}(?:\s+and\s+{one})*\s+(?:of|in)\s+", re.IGNORECASE)

    def _field(self, label: str, span: Span, topic: str | None = None) -> Field:
        clean = re.sub(r"['’]s\b|[\"“”]", "", label).strip(" ,;.-")
        return Field(clean, topic or self.content.exact(clean), span)

    def of_name(self, name: str, span: Span) -> list[Field]:
        """Return the fields in a name: "Memorandum of Understanding on Cooperation in Mining"."""
        tail = self._tail(name)
        if not tail:
            return []
        sure = bool(re.search(r"\s(?:on|concerning|regarding|against)\s", name))
        tail = _JOINT.sub(" ", f" {_REACH.split(tail)[0]}").strip()
        tail = _GERUND.sub("", tail)
        if self.content.exact(tail):
            return [self._field(tail, span)]
        while done := self._doing.match(tail):  # "construction and use of roads"
            tail = tail[done.end() :]
        found = []
        for part in _SPLIT.split(tail):
            words = [w for w in part.split() if not self.lex.state(w.strip(",."))]
            while words and words[0].lower() in self.plain | {"of", "in", "on", "for", "to"}:
                words = words[1:]
            text = " ".join(words)
            if words and words[0].lower() in {"phase", "annex", "article", "part", "stage"}:
                continue
            if text and not text.isdigit() and text.lower() not in self.light | self.vague:
                found.append(self._field(_lowered(text), span))
        return unique(f for f in found if sure or f.topic)

    def _tail(self, name: str) -> str:
        """Return what stands behind "on" in a name, or behind "for", "in" where no head follows."""
        cuts = list(re.finditer(r"\s(?:on|concerning|regarding|against)\s(?=\w)", name))
        # "Agreement under the Convention on X on Y" is about Y.
        cut = (
            (cuts[-1] if re.match(r"\w+ (?:under|to|within) ", name) else cuts[0]) if cuts else None
        )
        if cut is None:
            end = re.match(r".*\b(?:Understanding|Intent|Cooperation|Agreement|Group)\b", name)
            cut = re.compile(r"\s(?:for|in)\s(?:the\s)?(?=\w)").search(
                name, end.end() if end else 0
            )
        return name[cut.end() :] if cut else ""

    def of_title(self, name: str, span: Span, cls: str) -> list[Field]:
        """Return the fields before the head of a name: "Law Enforcement and Security Dialogue"."""
        words = re.split(r"\s(?:on|for|of|between|with|concerning|regarding|in)\s", name)[0].split()
        sizes = (n for n in (4, 3, 2, 1) if tuple(w.lower() for w in words[-n:]) in self.lex.heads)
        words = words[: -next(sizes, 0) or None]
        while words and words[-1].lower() in self.plain | _TITLE_TAILS:
            words = words[:-1]
        kept = [w for w in words if not self._states(w)]
        title = " ".join(kept)
        agreement = is_a(cls, "Agreement") or is_a(cls, "Strategy")
        if topic := self.content.exact(title):
            trite = title.lower() in self.trite or is_a(cls, "Strategy")
            return [] if trite else [self._field(_lowered(title), span, topic)]
        parts = [self._lead(part) for part in _SPLIT.split(title)]
        if not parts or not all(parts) or (agreement and len(parts) == 1):
            return []
        found = [self._field(_lowered(p), span) for p in parts if p and p.lower() not in self.trite]
        return unique(found)

    def _states(self, word: str) -> bool:
        """Tell whether a word names states: "Kenya's", "U.S.-Kenya"."""
        halves = re.split(r"[-–/]", re.sub(r"['’]s$", "", word))
        return all(bool(half and self.lex.state(half)) for half in halves)

    def _lead(self, part: str) -> str:
        """Return the topic that a part of a title begins with, or nothing."""
        words = part.split()
        while words and words[0].lower() in self.plain:
            words = words[1:]
        for size in range(len(words), 0, -1):
            if self.content.exact(" ".join(words[:size])):
                return " ".join(words[:size])
        return ""


def _lowered(text: str) -> str:
    """Lower the capitals that only a title has; letters such as "ICT" stay."""
    return " ".join(w if sum(c.isupper() for c in w) > 1 else w.lower() for w in text.split())


def unique(fields: Iterable[Field]) -> list[Field]:
    """Return each field once, the first wording of a concept before later ones."""
    found: dict[str, Field] = {}
    for field in fields:
        found.setdefault(field.topic or field.label.lower(), field)
    return list(found.values())
