"""Titles that stand before or behind the name of a person."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.spot.chunk import Chunk, Office, Tokens
from kg.spot.lexicon import POLITIES, Lexicon

BEFORE_TITLE = {
    "the",
    "a",
    "an",
    "its",
    "their",
    "his",
    "her",
    "then",
    "whose",
    "honourable",
    "hon",
}
BEFORE_TITLE |= {"honorable", "who", "is", "was", "serves", "as", "also"}
_DEGREES = re.compile(r"^(?:MP|MEP|TD|T\.D\.|QC|KC|MSP|MLA|Jr\.?|Sr\.?|PhD|Ph\.D\.?|Esq\.?)$")
_CLOSING = {",", "(", ")", ".", ";", "and", "said", "-", "–", "—"}
_PEERS = {"counterpart", "colleague", "peer", "homologue", "opposite"}


class Titled:
    """Joins people with their titles; the people are found elsewhere."""

    lex: Lexicon

    def _behind_names(self, tokens: Tokens, found: dict[int, Chunk]) -> set[int]:
        """Return where titles start that follow a name and a comma: they are that person's."""
        starts = set()
        for chunk in found.values():
            j = chunk.end
            if j < len(tokens) and tokens.words[j] == ",":
                j += 1
                while j < len(tokens) and tokens.words[j].lower() in BEFORE_TITLE:
                    j += 1
                starts.add(j)
        return starts

    def _with_title(
        self,
        tokens: Tokens,
        chunk: Chunk,
        offices: list[Office],
        by_end: dict[int, Office],
        at: dict[int, Chunk],
    ) -> Chunk:
        """Take in the title that stands before or behind a person."""
        self._degrees(tokens, chunk)
        first = chunk.start
        while (
            first > 0
            and first not in by_end  # "Secretary-General X": "General" is no rank here
            and (
                self._styled(tokens, first - 1)
                or (
                    tokens.words[first - 1] in {".", "'", "’"}
                    and first > 1
                    and self._styled(tokens, first - 2)
                )
            )
        ):
            first -= 1
        if 0 < first < chunk.start and tokens.words[first - 1].lower() == "the":
            first -= 1  # "Vice President, the Honourable X"
        office: Office | None = by_end.get(first)
        for words in (["at", "the", "time"], ["at", "that", "time"], ["back", "then"]):
            n = first - 1 - len(words)
            if n > 0 and [w.lower() for w in tokens.words[n : first - 1]] == words:
                by_end = {**by_end, first - 1: by_end[n]} if n in by_end else by_end
        if (
            office is None
            and first > 1
            and tokens.words[first - 1] == ","
            and (before := by_end.get(first - 1))
            and (self._closed(tokens, chunk.end) or _opens(tokens, before.start))
        ):
            office = before
        if office is not None:
            chunk.office, chunk.start = office, min(office.start, chunk.start)
            before = office
        else:
            chunk.start, before = first, None
        self._apposition(tokens, chunk, offices)
        if before is not None and chunk.office is not before and chunk.office is not None:
            # "Ambassador X, permanent representative of Y": two offices
            chunk.office = replace(before, also=(*before.also, chunk.office))
        self._counterpart(tokens, chunk, at)
        return chunk

    def _counterpart(self, tokens: Tokens, chunk: Chunk, at: dict[int, Chunk]) -> None:
        """Note "his Ghanaian counterpart, X": the office is the other's, the state is told."""
        before = chunk.start - 1
        if before > 0 and tokens.words[before] == ",":
            before -= 1
        if before > 0 and tokens.words[before] == "number":  # "her Danish opposite number"
            before -= 1
        if before < 0 or tokens.words[before].lower().rstrip("s") not in _PEERS:
            return
        state = next((c for c in at.values() if c.end == before), None)
        known = state.known if state else None
        chunk.traits["counterpart"] = known.id if known and known.type in POLITIES else "yes"

    def _honorific(self, word: str) -> bool:
        if word in {"His", "Her", "Their"}:
            return True  # "His Majesty"
        return word.lower().rstrip(".") in self.lex.offices["honorifics"]

    def _styled(self, tokens: Tokens, i: int) -> bool:
        """Tell whether a word is an honorific, or a second one: "Datuk Seri", "Tan Sri"."""
        word = tokens.words[i].lower()
        before = tokens.words[max(i - 2, 0) : i]
        second = (
            word in self.lex.offices["second_styles"]
            and before
            and (
                before[-1].lower() == "tan"
                or any(self._honorific(w) for w in before if w.isalpha())
            )
        )
        first = word == "tan" and " ".join(tokens.words[i : i + 2]).lower() == "tan sri"
        return bool(second or first or self._honorific(tokens.words[i]))

    def _apposition(self, tokens: Tokens, chunk: Chunk, offices: list[Office]) -> None:
        """Take in "X, the trade minister of Y," after a person's name."""
        end = chunk.end
        if end + 1 >= len(tokens) or tokens.words[end] not in {",", "("}:
            return
        first, body = self._past_owner(tokens, end + 1, offices)
        for office in offices:
            if office.start == first:
                after = office.end
                closes = after >= len(tokens) or tokens.words[after] in _CLOSING
                if closes:
                    chunk.office = replace(office, bodies=office.bodies + body) if body else office
                    chunk.end = after + (after < len(tokens) and tokens.words[after] in {",", ")"})
                return

    def _closed(self, tokens: Tokens, i: int) -> bool:
        """Tell whether a name between commas ends at a token; a state may stand behind it."""
        return i >= len(tokens) or tokens.words[i] in {",", ".", ";", "of", ")", "and"}

    def _past_owner(
        self, tokens: Tokens, i: int, offices: list[Office]
    ) -> tuple[int, tuple[tuple[int, int], ...]]:
        """Skip articles, and whose office it is: "the National Water Board's" or the like."""
        while i < len(tokens) and tokens.words[i].lower() in BEFORE_TITLE:
            i += 1
        starts = {o.start for o in offices}
        for j in range(i + 1, min(i + 7, len(tokens))):
            if tokens.words[j] in {",", ".", ";"} or i in starts:
                break
            if tokens.words[j] in {"'s", "’s"} and j + 1 in starts:
                return j + 1, ((i, j),) if tokens.cap(i) and tokens.cap(j - 1) else ()
        return i, ()

    def _degrees(self, tokens: Tokens, chunk: Chunk) -> None:
        """Take in "MP", "T.D." or "Jr." behind a name."""
        end = chunk.end
        comma = end < len(tokens) and tokens.words[end] == ","
        at = end + comma
        if at < len(tokens) and _DEGREES.match(tokens.words[at]):
            chunk.end = at + 1


def _opens(tokens: Tokens, i: int) -> bool:
    """Tell whether a title opens a clause: "Peru's minister, X met", not "after meeting …, X"."""
    start = i - (i > 0 and tokens.words[i - 1].lower() == "the")
    return start in tokens.sentence_starts or tokens.words[start - 1] == "and"
