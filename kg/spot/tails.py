"""Where a capitalised name ends on the right: "of", "between A and B", lists, the next name."""

from __future__ import annotations

from kg.spot.chunk import Chunk, Tokens
from kg.spot.lexicon import POLITIES, Lexicon
from kg.vocab import is_a

_LINK_AFTER = {
    "of",
    "on",
    "for",
    "between",
    "against",
    "to",
    "concerning",
    "regarding",
    "in",
    "with",
    "under",
}
# What joins the other side to an instrument, and not its field.
_PARTNERED = {"with", "for", "to", "under"}
_INSIDE = {"and", "&", "of", "the", "for", "in", "on", "to", "against", "between"}
_ABOUT = {"on", "concerning", "regarding", "about"}


class Tails:
    """Follows a name from its head noun to the right, over one paragraph."""

    lex: Lexicon
    tokens: Tokens
    lower: list[str]
    known_at: dict[int, Chunk]
    blocked: set[int]
    joint = -1  # the last "and" between two sides inside a name

    def _right(self, end: int, initial: bool) -> int:
        if end >= len(self.tokens) or self.lower[end] not in _LINK_AFTER:
            return end
        link = self.lower[end]
        if not initial and link not in {"on", "for", "of", "against", "concerning"}:
            return end
        stop = end
        j = end + 1
        sides = 1 if link == "between" else 0  # how many more sides may follow the first
        if link in _PARTNERED and self._polity_at(end + 1):
            return end  # "the MoU for the EU and Minister X for Y"
        run = self.lower[end - 1] in {"department", "ministry"} and link == "for"
        if run and self.lower[end + 1 : end + 2] == ["the"] and not initial:
            return end  # "the Treasury Department for the Tax Credit"
        if link == "under" and self.tokens.cap(max(end - 2, 0)) and self._another(end + 1):
            return end  # "the Arrangement under the Framework Agreement"
        if link == "of" and not initial and self._polity_at(end + 1, "Bloc"):
            return end  # "the Connecting Europe Facility of the European Union"
        while j < len(self.tokens) and j - end < 26:
            word, low = self.tokens.words[j], self.lower[j]
            if j in self.blocked:
                break
            if self.tokens.cap(j) and low not in {"mr", "ms", "mrs"}:
                if self._stops(j, link):
                    break
                j = self.known_at[j].end if j in self.known_at else j + 1
                stop = j
            elif low in _INSIDE and j + 1 < len(self.tokens):
                sides = 1 if low == "between" else sides
                place = low in {"in", "to", "for", "on"} and j + 1 in self.known_at
                if sides and low == "and" and self._second_side(j + 1):
                    sides, self.joint = sides - 1, j
                elif place or (low == "and" and self._ends_at(j, link)):
                    break
                j += 1
            elif word == "-" and self.tokens.glued(j) and self._glued_after(j):
                j += 2  # "Multi-sectoral", "Cross-border"
                stop = j
            elif (word in {"-", "–", "/", "'s", "’s"} and self.tokens.glued(j)) or (
                word == "," and (self._list_ahead(j) or self._sides_ahead(j))
            ):
                j += 1
            else:
                break
        return end if self._only_polities(end, stop) else stop

    def _only_polities(self, end: int, stop: int) -> bool:
        """Tell whether a link leads to nothing but polities: "Agreement with Japan" is no name.

        "Of" and "between" are no such links: the polities behind "between" are the parties.
        """
        if stop <= end + 1 or self.lower[end] not in {"with", "in", "to", "for", "on", "under"}:
            return False
        inside = range(end + 1, stop)
        return all(j in self.known_at or self.lower[j] in {"and", "the", ","} for j in inside)

    def bodies_inside(self, start: int, stop: int) -> list[tuple[int, int]]:
        """Return where the bodies of "the Protocol between the Port of X and the Y Board" stand."""
        if not start < self.joint < stop:
            return []
        first = max(
            (j for j in range(start, self.joint) if self.lower[j] == "between"), default=start
        )
        ends = _ABOUT | {"for"}
        last = next((j for j in range(self.joint, stop) if self.lower[j] in ends), stop)
        found = []
        for a, b in ((first + 1, self.joint), (self.joint + 1, last)):
            a += self.lower[a] == "the"
            if (
                b > a + 1
                and "," not in self.lower[a : a + 4]
                and not all(j in self.known_at for j in range(a, b))
            ):
                found.append((a, b))
        return found

    def _second_side(self, j: int) -> bool:
        """Tell whether the other side of an instrument follows: "and the Ministry of Trade"."""
        government = self.lower[j : j + 3] == ["the", "government", "of"]
        return government or self._another(j) or self._polity_at(j)

    def _polity_at(self, j: int, kind: str = "") -> bool:
        """Tell whether a state or bloc stands at a token, or behind "the" there."""
        j += j < len(self.lower) and self.lower[j] == "the"
        chunk = self.known_at.get(j)
        known = chunk.known if chunk else None
        return known is not None and (known.type == kind if kind else known.type in POLITIES)

    def _glued_after(self, j: int) -> bool:
        return j + 1 < len(self.tokens) and self.tokens.glued(j + 1) and self.lower[j + 1].isalpha()

    def _sides_ahead(self, j: int) -> bool:
        """Tell whether a comma stands in a list of sides: "between A, B and C on X"."""
        k = j - 1
        while k > 0 and (k in self.known_at or self.lower[k] in {"the", ",", "of", "republic"}):
            k -= 1
        return self.lower[k] in {"between", "among"} and self._polity_at(j + 1)

    def _ends_at(self, j: int, link: str) -> bool:
        """Tell whether a name ends before "and" at token `j`."""
        if self._another(j + 1):
            return True
        if self._partner(j):
            return False
        return (link != "between" and self._owned(j)) or not self._continues(j + 1, link)

    def _stops(self, j: int, link: str) -> bool:
        chunk = self.known_at.get(j)
        return bool(
            chunk
            and chunk.known
            and chunk.known.type in POLITIES
            and self.lower[j - 1] == "and"
            and link not in {"between", "of"}
            and not self._partner(j - 1)
        )

    def _owned(self, j: int) -> bool:
        """ "the Ministry of Health of India and": the state before "and" closes the name."""
        chunk = self.known_at.get(j - 1)
        return bool(chunk and chunk.known and chunk.known.type in POLITIES)

    def _partner(self, j: int) -> bool:
        """Tell whether "and" joins the second side to the first: "between A and B"."""
        k = j - 1
        while k > 0 and (k in self.known_at or self.lower[k] in {"the", "of", "republic", ","}):
            k -= 1
        return self.lower[k] in {"between", "among"}

    def _another(self, j: int) -> bool:
        """Tell whether a name follows: "the Transit Agreement", "the Treaty on Extradition"."""
        if j >= len(self.tokens):
            return False
        short = self.tokens.words[j]
        if short.isupper() and len(short) > 1 and (short,) not in self.lex.topics:
            return True  # "the Ministry of Energy and BP"
        start = j + (self.lower[j] == "the")
        first, link = (*self.lower[start : start + 2], "", "")[:2]
        heads = self.lex.heads.get((first,), ())
        if link in _LINK_AFTER and any(h.named and h.described for h in heads):
            return True
        bodies = [h for h in heads if is_a(h.cls, "Agent") and h.cls != "Company"]
        if link in {"of", "for"} and bodies:  # not "the Ministry of Mines and Energy of Brazil"
            return True
        if self.lower[j] != "the":
            return False
        for k in range(j + 1, min(j + 8, len(self.tokens))):
            if not self.tokens.cap(k):
                return False
            head = self.lex.heads.get((self.lower[k],), ())
            if any(is_a(h.cls, "PublicBody") for h in head):
                return True
            if k > j + 1 and any(h.named and h.described for h in head):
                return True
        return False

    def _continues(self, j: int, link: str) -> bool:
        if j < len(self.tokens) and self.lower[j] == "the":
            j += 1
        if j >= len(self.tokens) or not self.tokens.cap(j) or j in self.blocked:
            return False
        return link == "between" or j not in self.known_at

    def _list_ahead(self, j: int) -> bool:
        """A comma belongs to the name where "X, Y and Z" follows, all capitalised."""
        for k in range(j + 1, min(j + 9, len(self.tokens))):
            if self.lower[k] in {"and", "&"}:
                return (
                    k > j + 1
                    and k + 1 < len(self.tokens)
                    and self.tokens.cap(k + 1)
                    and k + 1 not in self.known_at
                    and k + 1 not in self.blocked
                )
            if (
                k in self.known_at
                or k in self.blocked
                or not (self.tokens.cap(k) or self.tokens.words[k] in {",", "-"})
            ):
                return False
        return False
