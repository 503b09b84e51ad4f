"""Which polities or firms "the three countries" or "both companies" are in a text."""

from __future__ import annotations

from typing import Any

from kg.claim.things.naming import Naming
from kg.claim.who import listing
from kg.vocab import is_a

NUMBERS = {
    w: n for n, w in enumerate("two three four five six seven eight nine ten".split(), 2)
} | {"both": 2, "neither": 2, "either": 2, "2": 2, "3": 3, "4": 4, "5": 5}
_BODIES = {
    "company": "Company", "firm": "Company", "bank": "Organization", "airline": "Company",
    "ministry": "PublicBody", "agency": "PublicBody", "university": "University",
    "institution": "Organization", "organisation": "Organization", "organization": "Organization",
    "authority": "PublicBody", "utility": "Company",
}  # fmt: skip
_PARTIES = {"side", "party", "signatory", "partner"}
Group = tuple[str, ...]


class Together(Naming):
    """Keeps the lists of polities that a text has told, and finds the one that a number means."""

    groups: list[tuple[int, Group]]  # number of the sentence, and who stand side by side there

    def note_groups(self, sentence: Any) -> None:
        """Note which polities a sentence names side by side: "A, B and C", "A-B"."""
        if not hasattr(self, "groups"):
            self.groups = []
        after, doc = sentence.start, sentence.doc
        for i in range(sentence.start, sentence.end):
            chunk = self.paragraph.chunks[i]
            if chunk is None or i < after:
                continue
            if chunk.cls == "Pair":
                keys = self.chunk(chunk)
            elif listing.polity(chunk):
                named = listing.run(doc, self.paragraph.chunks, i)
                after = named[-1].i + 1 if named else after
                keys = [k for t in named for k in self._key(t)]
            else:
                continue
            if len(set(keys)) > 1:
                self.groups.append((self.draft.number, tuple(dict.fromkeys(keys))))

    def _key(self, token: Any) -> list[str]:
        chunk = self.paragraph.chunks[token.i]
        return [self.polity(chunk.known)] if chunk is not None and chunk.known else []

    def number(self, words: set[str]) -> int:
        """Return the number that words around a noun tell, or 0."""
        return next((NUMBERS[w] for w in sorted(words) if w in NUMBERS), 0)

    def together(self, number: int, noun: str) -> Group:
        """Return the one group of that size that a noun can mean; nothing with two readings."""
        if noun in _BODIES:
            found = tuple(
                k
                for k, t in self.draft.things.items()
                if t.proper and t.last >= 0 and is_a(t.cls, _BODIES[noun])
            )
            return found if len(found) == number else self._of_topic(number, _BODIES[noun])
        for cls in ("Agent", "Polity") if noun in _PARTIES else ("Polity",):
            if sides := self._of_topic(number, cls):
                return sides
        told: list[tuple[int, Group]] = getattr(self, "groups", [])
        sized = [(n, g) for n, g in told if len(g) == number]
        if len({frozenset(g) for _, g in sized}) == 1:
            return sized[-1][1]
        near = {frozenset(g): g for n, g in sized if n >= self.draft.number - 5}
        return next(iter(near.values())) if len(near) == 1 else ()

    def _of_topic(self, number: int, cls: str) -> Group:
        """Return the parties of the agreement spoken of, where they are that many."""
        topic = self.topic_thing
        if not topic or self.draft.things[topic].last < self.draft.number - 2:
            return ()
        sides = tuple(k for k in self.draft.sides.get(topic, {}) if self._fits_side(k, cls))
        return sides if len(sides) == number else ()

    def bodily(self, noun: str) -> bool:
        """Tell whether a noun is one for firms and bodies."""
        return noun in _BODIES

    def _fits_side(self, key: str, cls: str) -> bool:
        return is_a(self.draft.things[key].cls, cls)
