"""Names of people, with the titles that stand before or behind them."""

from __future__ import annotations

import re

from kg.spot.chunk import Chunk, Office, Tokens
from kg.spot.lexicon import Lexicon
from kg.spot.offices import person_end

_ACRONYM = re.compile(r"^[A-Z][A-Za-z]*[A-Z][A-Za-z]*s?$|^[A-Z]{2,}[A-Z0-9-]*s?$|^Mo[A-Z]s?$")


class People:
    """Finds people in paragraphs; keeps the names seen in the document so far."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lex = lexicon
        self.people: dict[str, str] = {}  # surname → full name

    def _people(
        self, tokens: Tokens, at: dict[int, Chunk], offices: list[Office], blocked: set[int]
    ) -> list[Chunk]:
        stop = blocked | set(at)
        by_end = {o.end: o for o in offices}
        found: dict[int, Chunk] = {}
        for start, end, label in tokens.entities:
            if label == "PERSON":
                self._add_person(tokens, start, end, stop, found)
        for title in offices:
            first = self._skip_honorific(tokens, title.end)
            if first < len(tokens) and tokens.cap(first) and first not in found:
                end = person_end(tokens, first, stop, self.lex)
                if end < len(tokens) and (tokens.words[end].lower(),) in self.lex.heads:
                    continue  # "secretary of X's National Security Council"
                if end == first + 1 and title.fields and first not in self._recognised(tokens):
                    continue
                if end > first and not any(first < c.end and c.start < end for c in found.values()):
                    self._add_person(tokens, first, end, stop, found)
        self._before_titles(tokens, offices, stop, found)
        self._known_surnames(tokens, found, stop)
        people = []
        for start, chunk in sorted(found.items()):
            first = start
            while first > 0 and (
                tokens.words[first - 1].lower().rstrip(".") in self.lex.offices["honorifics"]
                or (
                    tokens.words[first - 1] == "."
                    and first > 1
                    and tokens.words[first - 2].lower() in self.lex.offices["honorifics"]
                )
            ):
                first -= 1
            office: Office | None = by_end.get(first)
            if (
                office is None
                and first > 1
                and tokens.words[first - 1] == ","
                and (before := by_end.get(first - 1))
                and chunk.end < len(tokens)
                and tokens.words[chunk.end] == ","
            ):
                office = before
            if office is not None:
                chunk.office, chunk.start = office, min(office.start, chunk.start)
            else:
                chunk.start = first
                self._apposition(tokens, chunk, offices)
            if chunk.start > 0 and tokens.words[chunk.start - 1].lower() == "counterpart":
                chunk.traits["counterpart"] = "yes"
            people.append(chunk)
        return people

    def _recognised(self, tokens: Tokens) -> set[int]:
        seen = {s for s, _, label in tokens.entities if label == "PERSON"}
        return seen | {i for i, w in enumerate(tokens.words) if w in self.people}

    def _apposition(self, tokens: Tokens, chunk: Chunk, offices: list[Office]) -> None:
        """Take in "X, the trade minister of Y," after a person's name."""
        end = chunk.end
        if end + 1 >= len(tokens) or tokens.words[end] not in {",", "("}:
            return
        first = end + 1
        if tokens.words[first].lower() in {"the", "a", "an", "its", "their"}:
            first += 1
        for office in offices:
            if office.start == first:
                after = office.end
                closes = after >= len(tokens) or tokens.words[after] in {
                    ",",
                    ")",
                    ".",
                    ";",
                    "and",
                    "said",
                    "-",
                    "–",
                    "—",
                }
                if closes:
                    chunk.office = office
                    chunk.end = after + (after < len(tokens) and tokens.words[after] in {",", ")"})
                return

    def _before_titles(
        self, tokens: Tokens, offices: list[Office], stop: set[int], found: dict[int, Chunk]
    ) -> None:
        """Take "Given Family, foreign minister of X" for a person, whatever the recogniser says."""
        for office in offices:
            comma = office.start - 1
            if comma > 0 and tokens.words[comma].lower() in {"the", "its", "their"}:
                comma -= 1
            if comma < 2 or tokens.words[comma] != ",":
                continue
            first = comma
            while (
                first > 0 and comma - first < 4 and tokens.cap(first - 1) and first - 1 not in stop
            ):
                first -= 1
            taken = any(c.start < comma and first < c.end for c in found.values())
            if comma - first >= 2 and not taken and first not in tokens.sentence_starts - {first}:
                self._add_person(tokens, first, comma, stop, found)

    def _skip_honorific(self, tokens: Tokens, i: int) -> int:
        while (
            i < len(tokens)
            and tokens.words[i].lower().rstrip(".") in self.lex.offices["honorifics"]
        ):
            i += 1 + (i + 1 < len(tokens) and tokens.words[i + 1] == ".")
        return i

    def _add_person(
        self, tokens: Tokens, start: int, end: int, stop: set[int], found: dict[int, Chunk]
    ) -> None:
        while start < end and (
            tokens.words[start].lower().rstrip(".") in self.lex.offices["honorifics"]
            or tokens.words[start].islower()
            or any(tokens.words[start].lower() in head for head in self.lex.office_heads)
        ):
            start += 1
        while end > start and (
            tokens.words[end - 1] in {"'s", "’s", "'", "’", ".", ","}
            or tokens.words[end - 1].islower()
        ):
            end -= 1
        if start >= end or any(j in stop for j in range(start, end)):
            return
        words = tokens.words[start:end]
        if any((w.lower(),) in self.lex.heads for w in words) or not all(
            w[:1].isalpha() or w in {"-", "."} for w in words
        ):
            return
        text = tokens.slice(start, end)
        if len(words) == 1 and (
            _ACRONYM.match(text) or (text not in self.people and text.lower() in {"mou", "pti"})
        ):
            return
        if any(c.isdigit() for c in text):
            return
        if len(words) > 1:
            self.people.setdefault(words[-1], text)
        full = self.people.get(words[-1], text) if len(words) == 1 else text
        chunk = Chunk(start, end, "Person", text, tokens.span(start, end), proxy=words[-1], rank=8)
        chunk.traits["full"] = full
        found[start] = chunk

    def _known_surnames(self, tokens: Tokens, found: dict[int, Chunk], stop: set[int]) -> None:
        covered = {j for c in found.values() for j in range(c.start, c.end)}
        for i, word in enumerate(tokens.words):
            if word in self.people and i not in covered and i not in stop:
                chunk = Chunk(i, i + 1, "Person", word, tokens.span(i, i + 1), proxy=word, rank=8)
                chunk.traits["full"] = self.people[word]
                found[i] = chunk
