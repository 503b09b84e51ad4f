"""Clauses that say again, of somebody else, what was just told: "B followed", "C has not"."""

from __future__ import annotations

from typing import Any

from kg.claim.binding import Bound
from kg.claim.events.light import LightVerbs
from kg.claim.syntax import Predication, predication
from kg.vocab import is_a

_DEEDS = {"Signing", "Ratification", "Approval", "Accession", "Withdrawal", "Suspension",
          "Termination", "Extension", "Enactment"}  # fmt: skip
_SAME = {"so", "same", "likewise", "too", "thus"}
_SAYING = {"dobj", "attr", "acomp", "xcomp", "ccomp", "oprd", "nsubjpass"}


class Echoes(LightVerbs):
    """Reads clauses whose verb only stands for the one before."""

    told_last: tuple[int, list[Bound]] = (-9, [])  # number of the sentence, and what it told

    def echoes(self, sentence: Any, bound: list[Bound]) -> list[Bound]:
        """Return the deeds that the clauses of a sentence repeat with other actors."""
        found: list[Bound] = []
        for token in sentence:
            if token.pos_ in {"VERB", "AUX"} and _echo(token):
                earlier = [b for b in bound if b.token.i < token.i]
                number, last = self.told_last
                if not earlier and number >= self.draft.number - 1:
                    earlier = last
                deeds = [b for b in earlier if b.frame.event in _DEEDS and b.roles.get("actor")]
                if deeds and (item := self._again(deeds[-1], token)):
                    found.append(item)
        if bound or found:
            self.told_last = (self.draft.number, [*bound, *found])
        return found

    def _again(self, deed: Bound, token: Any) -> Bound | None:
        p, frame = predication(token), deed.frame
        who = Predication(token, deed.lemma, p.subjects)
        done = {k for k, _ in deed.roles["actor"]}
        actors = [
            (k, s)
            for k, s in self.acting("subject", who)
            if k not in done and frame.actor.fits(self.draft.things[k].cls)
        ]
        stance, view = self.stance(token)
        if not actors or view.purpose or any(is_a(self.draft.things[k].cls, "Event") for k in done):
            return None
        roles = {"theme": deed.roles["theme"], "actor": actors, "place": self._places(p)}
        return Bound(frame, token, deed.lemma, roles, stance, self.when(frame, token, stance))


def _echo(token: Any) -> bool:
    lemma, kinds = token.lemma_.lower(), {c.dep_ for c in token.children}
    words = {c.lower_ for c in token.children if c.dep_ in {"dobj", "advmod", "mark", "oprd"}}
    after = token.nbor(1).lower_ if token.i + 1 < token.sent.end else ""
    if lemma == "follow":
        objects = {c.lower_ for c in token.children if c.dep_ == "dobj"}
        told = kinds & {"ccomp", "nsubjpass", "auxpass", "agent"}
        return objects <= {"suit"} and not told and _bare(token)
    if lemma == "do" and (words & _SAME or after in _SAME - {"too"}):
        return True
    kinds = {c.dep_ for c in token.children if c.dep_ != "ccomp" or c.i > token.i}
    if lemma in {"do", "have"} and kinds & {"nsubj"} and not kinds & _SAYING:
        return "neg" in kinds or bool(words & {"as", "so"})
    return False


def _bare(token: Any) -> bool:
    """Tell whether only times and places hang from "follow": "B followed in May"."""
    preps = {c.lower_ for c in token.children if c.dep_ == "prep"}
    return preps <= {"in", "on", "by", "after", "within", "during"}
