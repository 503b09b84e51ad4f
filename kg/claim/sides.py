"""Sides, pairs and groups: "the two governments", "the Indian side", "Dutch chip makers"."""

from __future__ import annotations

import re
from typing import Any

from kg.claim.naming import Naming
from kg.claim.syntax import conjuncts, determiner, noun_modifiers
from kg.model import Span
from kg.spot.chunk import Chunk
from kg.spot.lexicon import POLITIES
from kg.vocab import slugify

EMPTY = set(
    """new initial final bilateral landmark historic key major joint such first second third same
    latest recent proposed current existing interim preliminary draft formal official long-awaited
    awaited ambitious broad wide wider comprehensive important important big large several various
    similar separate other last next annual two three four his her its their our similar latest
    day-long two-day three-day high-level high level senior full early ongoing previous earlier
    said controversial successful possible future long""".split()
)


class Sides(Naming):
    """Resolves nouns that stand for a polity, for two of them, or for an unnamed group."""

    recent_pair: tuple[str, ...]

    def _side(self, token: Any) -> list[str]:
        if token.lemma_.lower() not in self.lex.words["sides"]:
            return []
        if token.lemma_.lower() in self.lex.words["voices"]:
            return []  # "Indian officials" are people, not India
        polities, _ = self.modifiers(token)
        for key in polities:
            self.draft.mention(key, self.paragraph.spans[token.i], "description")
        return polities

    def _pair(self, token: Any) -> list[str]:
        if token.lemma_.lower() not in self.lex.words["pair"]:
            return []
        around = (
            {c.lower_ for c in token.children}
            | {w.lower_ for w in noun_modifiers(token)}
            | {determiner(token)}
        )
        if not around & {"both", "two", "2"}:
            return []
        pair = self.pair()
        for key in pair:
            self.draft.mention(key, self.paragraph.spans[token.i], "description")
        return list(pair)

    def pair(self) -> tuple[str, ...]:
        """Return the two states that "both sides" means; nothing where there may be three."""
        if len(self.recent_pair) == 2:
            return self.recent_pair
        top = self.states.most_common(3)
        if len(top) == 2 or (len(top) == 3 and top[2][1] * 2 <= top[1][1]):
            return (top[0][0], top[1][0])
        return ()

    def _group(self, token: Any) -> list[str]:
        if token.lemma_.lower() not in self.lex.words["groups"] or token.pos_ not in {
            "NOUN",
            "PROPN",
        }:
            return []
        polities, words = self.modifiers(token)
        if len(polities) > 1 and token.lower_.endswith("s"):
            keys = []
            for polity in polities:
                keys += self._one_group(token, polity, words)
            return keys
        return self._one_group(token, polities[0] if polities else "", words)

    def _elliptic(self, token: Any, chunk: Chunk) -> list[str]:
        """ "both Indian and American firms": the adjective borrows the noun further on."""
        for other in conjuncts(token)[1:]:
            if other.lemma_.lower() in self.lex.words["groups"] and chunk.known:
                return self._one_group(other, self.polity(chunk.known), self.modifiers(other)[1])
        return []

    def _one_group(self, token: Any, polity: str, words: list[str]) -> list[str]:
        content = [w for w in words if w not in EMPTY and w not in {"several", "many", "some", "-"}]
        if not polity:
            return []
        name = self.draft.things[polity].label if polity else ""
        noun = token.lower_ if token.lemma_ != "industry" else "industry"
        left = noun_modifiers(token)
        written = self.draft.document.text[
            self.paragraph.spans[left[0].i if left else token.i].start : self.paragraph.spans[
                token.i
            ].end
        ]
        label = " ".join(x for x in (name, *content, noun) if x)
        if left and polity in self._polities(left[0]):
            label = re.sub(r"\s+", " ", written)
        key = f"group:{slugify(label)}"
        thing = self.draft.thing(key, "AgentGroup", label, state=polity)
        thing.traits.setdefault("noun", token.lemma_)
        lo = noun_modifiers(token)
        start = self.paragraph.spans[lo[0].i].start if lo else self.paragraph.spans[token.i].start
        field = next((c for c in token.children if c.dep_ == "prep" and c.lower_ == "in"), None)
        last = max((t.i for t in field.subtree), default=token.i) if field is not None else token.i
        span = Span(start, self.paragraph.spans[last].end)
        self.draft.mention(
            key, span, "description", self.draft.document.text[span.start : span.end]
        )
        return [key]

    def modifiers(self, token: Any) -> tuple[list[str], list[str]]:
        """Return polities and plain words that modify a noun (possessives and of-phrases count)."""
        polities: list[str] = []
        words: list[str] = []
        for word in noun_modifiers(token):
            keys = self._polities(word)
            polities += [k for k in keys if k not in polities]
            if not keys and word.pos_ not in {"CCONJ", "PUNCT", "NUM"}:
                words.append(word.lower_)
        for child in token.children:
            if child.dep_ == "poss":
                polities += [
                    k for t in conjuncts(child) for k in self._polities(t) if k not in polities
                ]
            if child.dep_ == "prep" and child.lower_ in {"of", "between", "with", "among"}:
                for obj in child.children:
                    if obj.dep_ == "pobj":
                        polities += [
                            k
                            for t in conjuncts(obj)
                            for k in self._polities(t)
                            if k not in polities
                        ]
        return polities, words

    def _polities(self, token: Any) -> list[str]:
        chunk = self.paragraph.chunks[token.i]
        if chunk is None:
            return []
        if chunk.cls == "Pair":
            return self.chunk(chunk)
        if chunk.known and chunk.known.type in POLITIES and chunk.cls != "Place":
            return [self.polity(chunk.known)]
        return []
