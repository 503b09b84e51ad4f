"""Nouns that can stand for things of several families: "the move", "the group", "the plan"."""

from __future__ import annotations

from typing import Any

from kg.claim.syntax import determiner
from kg.claim.things.antecedents import Wanted
from kg.claim.things.bodies import Bodies
from kg.claim.things.sides import EMPTY
from kg.model import Span

_GENERIC = {  # words that can stand for things of several families
    "move": ("WorkingGroup", "Programme", "Agreement", "DialogueFramework"),
    "document": ("Agreement",),
    "compromise": ("Agreement",),
    "text": ("Agreement",),
    "instrument": ("Agreement",),
    "group": ("WorkingGroup", "CooperationMechanism"),
    "body": ("WorkingGroup", "CooperationMechanism"),
    "initiative": ("Programme", "CooperationMechanism", "Agreement"),
    "partnership": ("CooperationMechanism", "Agreement"),
    "framework": ("CooperationMechanism", "Agreement"),
    "mechanism": ("CooperationMechanism",),
    "forum": ("CooperationMechanism",),
    "mission": ("TradeMission", "NationalMission", "Visit"),
    "plan": ("Strategy", "Programme"),
    "package": ("Programme", "Agreement"),
}
_PAPERS = {"document", "compromise", "text", "instrument"}


class Generic(Bodies):
    """Resolves nouns that say little of what they stand for."""

    def _phrase(self, token: Any) -> Span:
        """Return the span of a noun with the words before it that belong to it."""
        raise NotImplementedError

    def _papers(self, token: Any) -> list[str]:
        """Return the agreements that "both texts", "the two documents" mean."""
        if token.tag_ not in {"NNS", "NNPS"} or token.lemma_.lower() not in _PAPERS:
            return []
        if number := self.count(token, []):
            return self.several(frozenset({"Agreement"}), number, token.lemma_.lower())
        return []

    def beside(self, token: Any) -> set[str]:
        """Return the things that stand beside a noun in its clause, so that it means another."""
        raise NotImplementedError

    def _generic(self, token: Any) -> list[str]:
        if papers := self._papers(token):
            for key in papers:
                self.draft.mention(key, self._phrase(token), "description")
            return papers
        classes = _GENERIC.get(token.lower_)
        if not classes or determiner(token) not in {"the", "this", "that"}:
            return []
        _, words = self.modifiers(token)
        if any(w not in EMPTY for w in words):
            return []
        noun = token.lemma_.lower()
        wanted = Wanted(frozenset(classes), noun=noun, near=noun not in _PAPERS)
        beside = self.beside(token)
        found = next((k for k in self.ranked(wanted) if k not in beside), None)
        if found:
            self.draft.mention(found, self._phrase(token), "description")
            self.note_role(token, [found])
        return [found] if found else []
