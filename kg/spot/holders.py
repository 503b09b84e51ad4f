"""Titles and states that stand apart from a person: shared titles, states behind a name."""

from __future__ import annotations

from dataclasses import replace

from kg.spot.chunk import Chunk, Office, Tokens
from kg.spot.heads import of_a_state
from kg.spot.lexicon import POLITIES, Known, Lexicon
from kg.spot.offices import OfficeReader

_PARTED = {",", "and", "&", ";"}
_COUNTRIES = {"countries", "states", "nations", "sides", "republics", "neighbours", "neighbors"}
_SENT = {"ambassador", "envoy", "commissioner", "representative", "consul", "negotiator"}
_NUMBERS = {"two", "both", "three", "four", "five", "six", "these", "member"}


class Holders:
    """Gives the people of a paragraph the titles and states that stand apart from them."""

    def __init__(
        self, lexicon: Lexicon, tokens: Tokens, people: list[Chunk], at: dict[int, Chunk]
    ) -> None:
        self.lex, self.tokens, self.people, self.at = lexicon, tokens, people, at
        self.lower = [w.lower() for w in tokens.words]
        self.starts = {c.start: c for c in people}
        self.ends = {c.end: c for c in at.values()}

    def settle(self, reader: OfficeReader) -> None:
        """Share out plural titles, then read states behind names and before lists."""
        i = 0
        while i < len(self.lower):
            plural = reader.plural(i)
            if plural:
                self._share(plural)
            i = plural[0] if plural else i + 1
        for chunk in self.people:
            self._behind(chunk)
        for left, right in zip(self.people, self.people[1:], strict=False):
            self._carry(left, right)

    def _share(self, plural: tuple[int, str, list[str], int]) -> None:
        """Give "the presidents of A, B and C, X, Y and Z" one title each."""
        end, head, fields, first = plural
        states = self._states_before(first)
        j = end
        if self.lower[j : j + 1] == ["of"]:
            behind, j = self._states(j + 1)
            states = states or behind
        tail = j
        if self.lower[j : j + 3] == ["in", "charge", "of"]:
            tail = j + 3
            while tail < len(self.lower) and tail - j < 8 and self.lower[tail].isalpha():
                tail += 1
            j = tail
        if j < len(self.tokens) and self.tokens.words[j] in {",", ":", "(", "-", "–"}:
            j += 1
        holders = self._named(j)
        if len(holders) < 2:
            return
        title = self.tokens.slice(first, end)
        title = title[:-3] + "man" if title.endswith("men") else title.removesuffix("s")
        if tail > end and self.lower[end] == "in":
            title = f"{title} {self.tokens.slice(end, tail)}"
        span = self.tokens.span(first, end)
        fits = len(states) == len(holders)
        for n, holder in enumerate(holders):
            owner = states[n] if fits else None
            holder.office = Office(
                first,
                end,
                head,
                tuple(fields),
                owner,
                self.tokens.slice(first, end),
                span,
                explicit_owner=owner is not None,
                title=title,
            )

    def _states_before(self, i: int) -> list[Known]:
        """Return the polities of "the Belgian and Dutch" or "Peru's and Chile's" before a noun."""
        found: list[Known] = []
        while i > 0:
            k = i - (self.tokens.words[i - 1] in {"'s", "’s", "'", "’"})
            chunk = self.ends.get(k)
            if chunk is None or chunk.known is None or chunk.known.type not in POLITIES:
                break
            found.insert(0, chunk.known)
            i = chunk.start
            while i > 0 and self.lower[i - 1] in {",", "and", "&", "the"}:
                i -= 1
        return found

    def _states(self, i: int) -> tuple[list[Known], int]:
        """Read "A, B and C" or "the two countries" from token `i`."""
        found: list[Known] = []
        j = i
        while j < len(self.tokens):
            k = j + (self.lower[j] == "the")
            k += self.lower[k : k + 3] == ["republic", "of", "the"] and 3
            k += self.lower[k : k + 2] == ["republic", "of"] and 2
            chunk = self.at.get(k)
            if chunk is None or chunk.known is None or chunk.known.type not in POLITIES:
                break
            found.append(chunk.known)
            j = chunk.end
            more = j
            while more < len(self.tokens) and self.lower[more] in {",", "and", "&", "the"}:
                more += 1
            if more == j or more not in self.at:
                return found, j
            j = more
        if not found:
            k = j + (self.lower[j : j + 1] == ["the"])
            k += self.lower[k : k + 1] != [] and self.lower[k] in _NUMBERS
            if k < len(self.lower) and self.lower[k] in _COUNTRIES:
                return [], k + 1
        return found, max(i, min(j, len(self.tokens)))

    def _named(self, i: int) -> list[Chunk]:
        """Read people without titles of their own, each perhaps with its state behind it."""
        found: list[Chunk] = []
        while i < len(self.tokens):
            chunk = self.starts.get(i) or next((c for c in self.people if self._name(c) == i), None)
            if chunk is None or (chunk.office and chunk.office.end > i + 1 and found):
                break
            found.append(chunk)
            i = self._past_state(chunk.end)
            parted = i
            while parted < len(self.tokens) and self.tokens.words[parted] in _PARTED:
                parted += 1
            if parted == i:
                break
            i = parted
        return found

    def _name(self, chunk: Chunk) -> int:
        """Return where the name of a person starts, behind a title."""
        return chunk.office.end if chunk.office and chunk.office.start == chunk.start else -1

    def _past_state(self, i: int) -> int:
        owner = self._state_behind(i)
        return owner[1] if owner else i

    def _state_behind(self, i: int) -> tuple[Known, int] | None:
        """Read "of Kenya", "for Kenya" or "(Kenya)" from token `i`."""
        if i + 1 >= len(self.tokens) or self.lower[i] not in {"of", "for", "("}:
            return None
        states, j = self._states(i + 1)
        if len(states) != 1:
            return None
        if self.lower[i] == "(":
            return (states[0], j + 1) if self.tokens.words[j : j + 1] == [")"] else None
        hyphen = j < len(self.tokens) and self.tokens.words[j] in {"-", "'s", "’s"}
        goes_on = j < len(self.tokens) and self.tokens.cap(j) and j not in self.starts
        return None if hyphen or goes_on else (states[0], j)

    def _behind(self, chunk: Chunk) -> None:
        """ "Foreign Minister X of Kenya": the state stands behind the name."""
        office = chunk.office
        if office is None or office.owner is not None or not of_a_state(office):
            return
        found = self._state_behind(chunk.end)
        if found is None:
            return
        owner, end = found
        if self.lower[chunk.end] == "for" and not self._listed_by(chunk.end):
            return
        if self.at[self._first(chunk.end + 1)].cls == "Demonym":
            return
        chunk.office = replace(
            office,
            owner=owner,
            explicit_owner=True,
            also=tuple(replace(o, owner=owner, explicit_owner=True) for o in office.also),
        )
        chunk.end = end

    def _first(self, i: int) -> int:
        while i < len(self.tokens) and i not in self.at:
            i += 1
        return i

    def _listed_by(self, i: int) -> bool:
        """ "X for Kenya and Y for Peru": "for" names a side where the list repeats it."""
        near = range(max(i - 12, 0), min(i + 12, len(self.tokens)))
        return sum(self.lower[j] == "for" and self._state_behind(j) is not None for j in near) > 1

    def _carry(self, left: Chunk, right: Chunk) -> None:
        """ "Finland's foreign minister X, defence minister Y": the state holds for both."""
        one, two = left.office, right.office
        if one is None or two is None or two.owner is not None or one.owner is None:
            return
        if not of_a_state(two) or one.head.split()[-1] in _SENT:
            return
        if one.owner.type not in POLITIES or two.start != right.start or one.former != two.former:
            return
        between = [w for w in self.lower[left.end : right.start] if w != "the"]
        heads = self.lex.offices["heads_of_state"]
        leads = one.text.startswith(one.title) or one.start != left.start
        if between not in ([","], ["and"], [",", "and"]) or leads or two.head in heads:
            return
        if set(one.fields) & set(two.fields) or (one.head == two.head and not two.fields):
            return  # counterparts
        right.office = replace(
            two,
            owner=one.owner,
            explicit_owner=True,
            also=tuple(replace(o, owner=one.owner, explicit_owner=True) for o in two.also),
        )
