"""Who was there: guests in clauses and sentences of their own, heads of delegations, company."""

from __future__ import annotations

from typing import Any

from kg.claim.parties import Parties
from kg.claim.syntax import predication
from kg.model import Span
from kg.vocab import is_a

_AHEAD = {"planned", "expected", "possible", "negated"}
_CEREMONY = {"signing", "signature", "ceremony", "exchange"}
_MISSIONS = {"delegation", "team", "mission", "entourage"}
_HEADING = {"lead", "head"}
_COMPANY = {"accompany", "join", "flank"}
_TOLD_OF = {"include", "comprise", "feature"}
Found = list[tuple[str, Span]]


class Attending(Parties):
    """States who took part in what was just told."""

    def attendance(self, sentence: Any) -> None:
        """ "A and B were also present", "C looked on", "D took part": at what was just told."""
        for token in sentence:
            if token.pos_ not in {"VERB", "AUX"}:
                continue
            if _attends(token):
                part = token.lemma_.lower() in {"take", "participate", "attend"}
                people = self.refer.all(predication(token).subjects)
            else:
                part, people = True, self._company(token)
            event = (self.recent_meeting if part else "") or self.recent
            if token.lemma_.lower() in _HEADING | _TOLD_OF:
                event = self.recent_meeting
            if not people or event not in self.draft.things:
                continue
            stance, view = self.stance(token)
            ahead = self.draft.things[event].traits.get("planned") == "yes"
            if view.purpose or stance.modality not in (_AHEAD if ahead else {"actual"}):
                continue
            for actor, at in people:
                if self.draft.things[actor].cls == "Person":
                    self.draft.say(
                        event, "pg:hasParticipant", actor, "attending", stance, at=(None, at)
                    )

    def _company(self, token: Any) -> Found:
        """Return who came along ("was accompanied by A") or led and formed a delegation."""
        lemma = token.lemma_.lower()
        if lemma not in _COMPANY | _HEADING | _TOLD_OF:
            return []
        p = predication(token)
        if lemma in _COMPANY:
            if not p.passive or not any(
                self.draft.things[k].cls == "Person" for k, _ in self.refer.all(p.objects)
            ):
                return []
            return self.refer.all(p.subjects)
        if lemma in _HEADING:
            missions = [t for t in p.objects if t.lemma_.lower() in _MISSIONS]
            return self.refer.all(p.subjects) if missions else []
        missions = [t for t in p.subjects if t.lemma_.lower() in _MISSIONS]
        return self.refer.all(p.objects) if missions else []

    def ceremony(self, token: Any) -> Found:
        """Return the signing or launch just told that "the ceremony", "the event" means."""
        if token.lemma_.lower() not in {"ceremony", "event", "act", "occasion"}:
            return []
        thing = self.draft.things.get(self.recent)
        if self.paragraph.chunks[token.i] is not None or thing is None:
            return []
        if not is_a(thing.cls, "LifecycleEvent") or thing.last < self.draft.number - 2:
            return []
        return [(self.recent, self.paragraph.spans[token.i])]


def _attends(token: Any) -> bool:
    """Tell whether a verb says that somebody was there, without saying where."""
    lemma = token.lemma_.lower()
    places = any(c.dep_ == "prep" and c.lower_ in {"in", "at"} for c in token.children)
    if lemma == "be" and not places:
        return any(c.dep_ == "acomp" and c.lower_ == "present" for c in token.children)
    if lemma == "look":
        return any(c.lower_ == "on" and c.dep_ in {"prt", "prep", "advmod"} for c in token.children)
    if lemma == "take" and not places:
        part = [c for c in token.children if c.dep_ == "dobj" and c.lower_ == "part"]
        return bool(part) and not any(c.dep_ == "prep" for c in part[0].children)
    acted = [c for c in token.children if c.dep_ in {"dobj", "nsubjpass"}]
    if lemma == "attend" and not acted:
        return not places
    if lemma in {"witness", "oversee", "follow", "watch", "attend"}:
        return any(c.lemma_ in _CEREMONY for c in acted)
    return lemma == "participate" and not places
