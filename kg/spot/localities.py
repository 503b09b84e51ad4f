"""Times and unlisted places of a paragraph as chunks: towns and buildings behind "in" and "at"."""

from __future__ import annotations

from kg.spot import dates
from kg.spot.chunk import Chunk, Tokens
from kg.spot.lexicon import Lexicon

_TOWNISH = set(
    """town city port village resort capital municipality suburb district hamlet township
    island""".split()
)
_BUILT = {"house", "headquarters", "centre", "center", "chancellery", "embassy", "mansion"}
_PLACES = {"GPE", "FAC"}
_LEADING = set("in at near to outside from around visited toured visiting touring visit".split())
_JOINT = set("de del der den di da do dos du la le el al es ul von van am an sur".split())
_EXACT = {"iso", "md", "dm", "range_md", "range_dm", "range_mdmd", "range_dmdm"}
_MONTHLY = {"my", "m_rel", "rel_m", "part_month"}
_YEARLY = {"quarter", "half", "part_year", "season", "decade", "years"}
_BEARING = set(
    "in on at by for of since until till to from before after during than around".split()
)
_IN_TIME = set(
    """in on since until till by for of from between during early late mid through to before after
    around about and or - – (""".split()
)


class Localities:
    """Finds where and when: what the word lists of names do not hold."""

    lex: Lexicon

    def _times(self, tokens: Tokens) -> list[Chunk]:
        chunks = []
        for found in dates.find(tokens.text, tokens.offset):
            first = tokens.index_at(found.span.start - tokens.offset)
            if first is None:
                continue
            last = first
            while last < len(tokens) and tokens.starts[last] < found.span.end - tokens.offset:
                last += 1
            chunk = Chunk(first, last, "Date", found.text, found.span, time=found, rank=9)
            chunk.proxy = _date_proxy(found, tokens, first, last)
            chunks.append(chunk)
        return chunks

    def _towns(self, tokens: Tokens, at: dict[int, Chunk]) -> list[Chunk]:
        """Return unlisted towns and buildings: named as such by the words before, or recognised."""
        found = []
        known = {j for c in at.values() if c.cls != "Seat" for j in range(c.start, c.end)}
        labels = {(s, e): label for s, e, label in tokens.entities}
        sure = self._before_states(tokens, at)
        for start, end in [*labels, *sure, *self._called_towns(tokens)]:
            if start < end and tokens.words[start].lower() == "the":
                start += 1
            while end < len(tokens) and tokens.words[end] == "-" and end + 1 < len(tokens):
                if not (tokens.glued(end) and tokens.glued(end + 1) and tokens.cap(end + 1)):
                    break
                end += 2
            if start >= end or not tokens.cap(start) or any(j in known for j in range(start, end)):
                continue
            if (start, end) in sure or self._is_town(tokens, start, end, labels):
                text, span = tokens.slice(start, end), tokens.span(start, end)
                rank = 1 if tokens.words[end - 1].lower() in _BUILT else -1
                found.append(Chunk(start, end, "Place", text, span, rank=rank))
        return found

    def _is_town(
        self, tokens: Tokens, start: int, end: int, labels: dict[tuple[int, int], str]
    ) -> bool:
        before = [w.lower() for w in tokens.words[max(start - 3, 0) : start]]
        if before[-1:] == ["the"]:
            before.pop()
        called = bool(before[-1:]) and (
            before[-1] in _TOWNISH
            or (before[-1] == "of" and before[-2:-1] != [] and before[-2] in _TOWNISH)
        )
        last = tokens.words[end - 1].lower()
        label = next((x for (s, e), x in labels.items() if s <= start < e), "")
        if last in self.lex.words["buildings"] or (last in _BUILT and before[-1:] == ["at"]):
            return before[-1:] in (["in"], ["at"])
        if called:
            return label not in {"PERSON", "DATE"} or end - start == 1
        return label in _PLACES and before[-1:] != [] and before[-1] in _LEADING

    def _before_states(self, tokens: Tokens, at: dict[int, Chunk]) -> list[tuple[int, int]]:
        """Return the capitals of "in X, Chile": a place whatever else it looks like."""
        found = []
        for i, chunk in at.items():
            known = chunk.known
            if known is None or known.type not in {"State", "SubnationalState"} or i < 3:
                continue
            first = i - 1
            while first and tokens.cap(first - 1) and i - first < 4:
                first -= 1
            before = tokens.words[first - 1].lower() if first else ""
            if tokens.words[i - 1] == "," and first < i - 1 and before in {"in", "at", "near"}:
                found.append((first, i - 1))
        return found

    def _called_towns(self, tokens: Tokens) -> list[tuple[int, int]]:
        """Return capitals behind "the town of": their words, up to the first plain one."""
        found = []
        for i, word in enumerate(tokens.words):
            if word.lower() == "at":
                last = i + 1
                while last < len(tokens) and tokens.cap(last) and last - i < 5:
                    last += 1
                if last - i > 2 and tokens.words[last - 1].lower() in _BUILT:
                    found.append((i + 1, last))
            if word.lower() not in _TOWNISH:
                continue
            first = i + 1 + (tokens.words[i + 1 : i + 2] == ["of"])
            last = first
            while last < len(tokens) and (
                tokens.cap(last) or (last > first and tokens.words[last].lower() in _JOINT)
            ):
                last += 1
            if last > first:
                found.append((first, last))
        return found


def _date_proxy(found: dates.Found, tokens: Tokens, first: int, last: int) -> str:
    """Return the word that the parser shall see: one of time behind a preposition or alone."""
    before = tokens.words[first - 1].lower() if first else ""
    if found.kind in _EXACT:
        return "Friday"
    bare = first and tokens.words[first - 1].lower() not in _IN_TIME
    if found.kind in _MONTHLY:  # "signed a pact last September" has no preposition
        return "yesterday" if bare and " " in found.text and found.kind != "my" else "March"
    if found.kind in _YEARLY:
        alone = found.kind == "part_year" and before.isalpha() and before not in _BEARING
        return "yesterday" if alone and before not in {"the", "a", "an"} else "2020"
    owns = tokens.words[last : last + 1] in (["'s"], ["'"], ["’s"])
    if " " in found.text and before not in _BEARING and not owns:
        return "yesterday"
    return ""
