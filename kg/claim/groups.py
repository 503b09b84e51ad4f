"""Unnamed people and firms: "dairy farmers", "officials on both sides", "a Commission official"."""

from __future__ import annotations

import re
from typing import Any

from kg.claim.describe import Descriptions
from kg.claim.sides import EMPTY
from kg.claim.syntax import determiner, noun_modifiers
from kg.model import Span
from kg.vocab import is_a, slugify

_INSIDE = {"of", "in", "from", "at", "on", "for"}
_LEAD = re.compile(
    r"^(?:an?|the|its|their|his|her|our|some|several|many|most|other|all|these|those|certain"
    r"|various|more|new)\s+",
    re.IGNORECASE,
)
_KEPT = {"senior", "high", "two", "three", "four"}
_STOP = {"who", "which", "that", "whom", "whose", "where", "when", "after", "before", "because"}


class Groups(Descriptions):
    """Resolves nouns for people and firms to groups of agents."""

    def group(self, token: Any) -> list[str]:
        """Return the group of people or firms that a noun stands for."""
        lemma = token.lemma_.lower()
        voice = lemma in self.lex.words["voices"]
        if not voice and (lemma not in self.lex.words["crowds"] or token.tag_ != "NNS"):
            return []
        if token.pos_ not in {"NOUN", "PROPN"} or determiner(token) in {"no", "any", "such"}:
            return []
        span = self._group_span(token)
        text = re.sub(r"\s+", " ", self.draft.document.text[span.start : span.end])
        label = re.sub(r"^[\d,.]+\s+(?:million\s+)?", "", text)
        while (shorter := _LEAD.sub("", label)) != label:
            label = shorter
        told = len(label.split()) > 1
        known = self._same_group(label, lemma) if not told else None
        polities = [*self.modifiers(token)[0], *self._home(token)]
        if known is None:
            thing = self.draft.thing(f"group:{slugify(label)}", "AgentGroup", label)
            thing.traits.setdefault("noun", lemma)
            if len(polities) == 1 and is_a(self.draft.things[polities[0]].cls, "State"):
                thing.traits.setdefault("state", polities[0])
            known = thing.key
        self.draft.mention(known, span, "description", text)
        return [known]

    def _home(self, token: Any) -> list[str]:
        """Return the states of "investors from Peru"."""
        return [
            key
            for prep in token.children
            if prep.dep_ == "prep" and prep.lower_ in {"from", "in"}
            for obj in prep.children
            if obj.dep_ == "pobj"
            for key in self._polities(obj)
        ]

    def stands_out(self, token: Any) -> bool:
        """Tell whether a group is worth listing: told by more than a noun, or it acts."""
        if token.tag_ != "NNS":
            return token.dep_ in {"nsubj", "nsubjpass"}
        acts = token.dep_ in {"nsubj", "nsubjpass", "dobj", "conj"}
        return acts or " " in _LEAD.sub("", self._written(self._group_span(token)))

    def _same_group(self, label: str, lemma: str) -> str | None:
        """Return the group named before in full whose noun stands alone now."""
        found = [
            key
            for key, thing in self.draft.things.items()
            if thing.cls == "AgentGroup" and thing.traits.get("noun") == lemma
        ]
        return found[-1] if len(found) == 1 else None

    def _group_span(self, token: Any) -> Span:
        left = [w for w in noun_modifiers(token) if w.lower_ not in EMPTY - _KEPT]
        first = left[0].i if left else token.i
        before = token.doc[first - 1] if first > token.sent.start else None
        if before is not None and (before.lower_ == "both" or self._noun_after_help(before)):
            first -= 1
        last = token.i
        for child in token.children:
            if child.dep_ == "prep" and child.i > token.i and child.lower_ in _INSIDE:
                end = self._end(child, last)
                if end > child.i:
                    last = end
        spans = self.paragraph.spans
        result: Span = spans[first].cover(spans[last])
        return result

    def _noun_after_help(self, word: Any) -> bool:
        """ "helps wheat farmers": the parser takes the noun behind "help" for its infinitive."""
        return (
            word.tag_ == "VB"
            and word.dep_ in {"xcomp", "ccomp"}
            and word.head.lemma_ == "help"
            and word.head.i == word.i - 1
            and word.lemma_ not in self.lex.actions
        )

    def _end(self, prep: Any, last: int) -> int:
        """Return the last token of a complement, short of clauses, commas and times."""
        if prep.i != last + 1:
            return last
        end: int = prep.i
        for i in range(prep.i + 1, max((t.i for t in prep.subtree), default=prep.i) + 1):
            token, chunk = prep.doc[i], self.paragraph.chunks[i]
            if token.text == "," and i + 1 < len(prep.doc) and self._polities(prep.doc[i + 1]):
                continue
            if (
                token.pos_ in {"VERB", "AUX", "PUNCT", "SCONJ"}
                or token.lower_ in _STOP
                or (chunk is not None and chunk.cls == "Date")
            ):
                break
            end = i
        while end > prep.i and prep.doc[end].pos_ in {"ADP", "CCONJ", "DET"}:
            end -= 1
        return end
