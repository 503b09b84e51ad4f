"""Who gains, owes or wants: agents of the document, else the unnamed group that a noun means."""

from __future__ import annotations

from typing import Any

from kg.claim.draft import Draft
from kg.claim.engine import Engine
from kg.claim.syntax import conjuncts
from kg.claim.things.refer import Referents
from kg.vocab import is_a

_NUMBERS = {"both": 2, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}


class Agents:
    """Resolves nouns to agents, unnamed groups included."""

    def __init__(self, draft: Draft, refer: Referents, engine: Engine) -> None:
        self.draft, self.refer, self.engine = draft, refer, engine
        self.vague: tuple[str, ...] = ()  # the many that "the parties" meant
        self.last: tuple[str, ...] = ()  # agents that the last sentence was about

    def note(self, sentence: Any) -> None:
        """Keep the agents that are the subject of a sentence, for "it" and "they" in the next."""
        subjects = [t for t in sentence.root.children if t.dep_ in {"nsubj", "nsubjpass"}]
        found = [k for s in subjects for t in conjuncts(s) for k in self._known(t)]
        if found := [k for k in found if self.draft.things[k].cls != "Person"]:
            self.last = tuple(dict.fromkeys(found))

    def agent(self, token: Any) -> list[str]:
        """Return the agents that a noun names: known ones, else the group that it describes."""
        found = self._known(token)
        if not found and token.lower_ in {"it", "they"} and token.pos_ == "PRON":
            many = token.lower_ == "they"
            group = len(self.last) == 1 and self.draft.things[self.last[0]].cls == "AgentGroup"
            fits = len(self.last) > 1 or group if many else len(self.last) == 1
            return list(self.last) if fits else self._parties() if many else []
        if not found and self.engine.paragraph.chunks[token.i] is None:
            found = self.refer.group(token)
        for child in token.children if not found else ():
            # "a farmers' group, the Forum": the name stands behind.
            if child.dep_ == "appos" and self.engine.paragraph.chunks[child.i] is not None:
                found += self._known(child)
        return found or self._sides(token)

    def _sides(self, token: Any) -> list[str]:
        """Return the parties in "each state", "the parties", "the three governments"."""
        lemma, words = token.lemma_.lower(), {c.lower_ for c in token.children}
        if lemma not in {"state", "party", "side", "country", "government", "nation", "member"}:
            return []
        known = self._parties()
        told = [_NUMBERS[w] for w in words if w in _NUMBERS]
        each = token.tag_ == "NN" and "each" in words
        every = token.tag_ in {"NNS", "NNPS"} and bool(words & {"the", "both", "all"} or told)
        plain = all(c.dep_ in {"det", "nummod", "predet"} for c in token.children)
        fits = len(known) > 1 and (not told or told[0] == len(known))
        if not (fits and plain and (each or every)):
            return []
        if lemma == "party" and len(known) > 2:
            self.vague = tuple(known)  # "the parties" of many: who they are is not told here
        return known

    def _parties(self) -> list[str]:
        """Return the parties of the agreement that the text speaks of."""
        last = self.refer.topic_thing
        return list(self.draft.things[last].parties) if last else []

    def _known(self, token: Any) -> list[str]:
        return [k for k in self.refer.one(token) if is_a(self.draft.things[k].cls, "Agent")]
