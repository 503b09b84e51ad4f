"""Firms that no list names: what stands beside a name anywhere in a text shows that it is one.

"Chinalco, an aluminium producer", "Simfer's shareholders", "a contract with Ansaldo": all
paragraphs are learnt before one is scanned, so that the bare name is understood in each.
"""

from __future__ import annotations

from kg.spot.chunk import Chunk, Tokens
from kg.spot.classes import class_before, class_behind
from kg.spot.lexicon import Lexicon
from kg.spot.names import FUNCTION

_OWN = {"'s", "’s", "'", "’"}
_LONGEST = 4


class Firms:
    """Learns the names of firms of a document and finds them where they stand alone."""

    lex: Lexicon
    people: dict[str, str]
    firms: dict[str, str]  # name → class
    short: dict[str, str]  # first word of a firm's name → the whole name

    def learn_firms(self, tokens: Tokens, stop: set[int]) -> None:
        """Note the names of a paragraph that the words beside them show to be organizations."""
        for start, end in self._capital_runs(tokens, stop):
            cls = class_before(tokens, start, self.lex) or class_behind(tokens, end, self.lex)
            if cls == "" and self._trades(tokens, start, end):
                cls = "Company"
            if cls:
                self.firms.setdefault(tokens.slice(start, end), cls)

    def learn_short(self, chunks: list[Chunk], tokens: Tokens) -> None:
        """Note by which word a firm is called after its full name: "Bendigo" for "Bendigo Ores"."""
        for chunk in chunks:
            word = tokens.words[chunk.start]
            if chunk.cls == "Company" and chunk.size > 1 and not chunk.known and self._free(word):
                self.short.setdefault(word, chunk.traits.get("expansion", chunk.text))

    def told_firms(self, tokens: Tokens, taken: set[int]) -> list[Chunk]:
        """Return the firms of a paragraph that were learnt and that nothing else names."""
        if not (self.firms or self.short):
            return []
        found = []
        for start, end in self._capital_runs(tokens, taken):
            text = tokens.slice(start, end)
            cls = self.firms.get(text, "")
            full = self.short.get(text, "") if end - start == 1 else ""
            if cls or full:
                chunk = Chunk(start, end, cls or "Company", text, tokens.span(start, end), rank=0)
                if full and not cls:
                    chunk.traits["expansion"] = full
                found.append(chunk)
        return found

    def _capital_runs(self, tokens: Tokens, stop: set[int]) -> list[tuple[int, int]]:
        """Return runs of up to four capitalised words, without words that open a sentence."""
        runs = []
        i = 0
        while i < len(tokens):
            end = i
            while end < len(tokens) and tokens.cap(end) and end not in stop:
                end += 1
            first = i
            opening = tokens.words[i].lower()
            if i in tokens.sentence_starts and opening in FUNCTION | self.lex.words["firms"]:
                first += 1
            if 0 < end - first <= _LONGEST and self._free(tokens.words[first]):
                runs.append((first, end))
            i = max(end, i + 1)
        return runs

    def _free(self, word: str) -> bool:
        """Tell whether a word has no other meaning that the lists know."""
        low = word.lower()
        lists = self.lex.names, self.lex.demonyms, self.lex.places, self.lex.seats
        plain = (low,) in self.lex.heads or (low,) in self.lex.topics or low in FUNCTION
        office = any(low == head[0] for head in self.lex.office_heads)
        given = word in self.lex.given or word in self.people
        return len(word) > 2 and not (plain or office or given or any(word in t for t in lists))

    def _trades(self, tokens: Tokens, start: int, end: int) -> bool:
        """Tell whether a name does, or has, what only a firm does or has."""
        words = self.lex.words
        behind = [w.lower() for w in tokens.words[end : end + 4]]
        before = [w.lower() for w in tokens.words[max(start - 4, 0) : start]]
        if behind[:1] and behind[0] in _OWN and end - start == 1:
            phrase = " ".join(behind[1:3])
            return behind[1:2] != [] and bool({behind[1], phrase} & words["firm_things"])
        if before[-1:] == ["of"] or before[-1:] == ["in"]:
            return bool({" ".join(before[-3:-1]), *before[-2:-1]} & words["firm_parts"])
        if before[-1:] == ["with"] and "contract" in before:
            return True
        organ = any(s <= start < e and k == "ORG" for s, e, k in tokens.entities)
        planned = behind[:1] and behind[0] in {"will", "would"}
        verb = behind[1:2] if planned or behind[:1] == ["has"] else behind[:1]
        return organ and bool(set(verb) & words["firm_plans" if planned else "firm_verbs"])
