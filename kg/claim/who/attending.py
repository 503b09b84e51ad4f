"""Who was there: guests in clauses and sentences of their own, heads of delegations, company."""

from __future__ import annotations

from typing import Any

from kg.claim.frames import Role
from kg.claim.syntax import determiner, noun_modifiers, predication
from kg.claim.who import listing
from kg.claim.who.parties import Parties
from kg.model import Span
from kg.spot.chunk import Chunk
from kg.vocab import is_a, slugify

_AHEAD = {"planned", "expected", "possible", "negated"}
_CEREMONY = {"signing", "signature", "ceremony", "exchange"}
_ATTENDING = set("be look take come attend participate witness oversee follow watch".split())
_SIDES = ("State", "Bloc", "Organization")
_MISSIONS = {"delegation", "mission", "entourage"}
_SENT = {"delegation", "representative", "envoy", "negotiator", "team"}
_HEADING = {"lead", "head"}
_COMPANY = {"accompany", "join", "flank"}
_TOLD_OF = {"include", "comprise", "feature"}
Found = list[tuple[str, Span]]


def _person(chunk: Chunk | None) -> bool:
    return chunk is not None and chunk.cls == "Person"


class Attending(Parties):
    """States who took part in what was just told."""

    def attendance(self, sentence: Any) -> None:
        """ "A and B were also present", "C looked on", "D took part": at what was just told."""
        for token in sentence:
            if token.pos_ not in {"VERB", "AUX"}:
                continue
            if self._attends(token):
                part = token.lemma_.lower() in {"take", "participate", "come"}
                p = predication(token)
                people = self.refer.all(p.subjects + p.slot("with") + self._inverted(token))
                people += [
                    (k, self.paragraph.spans[s.i])
                    for s in p.subjects
                    for k in self.refer.named_behind(s)
                    if k not in {k for k, _ in people}
                ]
            else:
                part, people = True, self._company(token)
            if not people:
                continue
            aside = token.dep_ == "pcomp" and token.head.lower_ == "with"  # "with A looking on"
            stance, view = self.stance(token.head.head if aside else token)
            event = self._attended(token, part or stance.modality != "actual")
            if event not in self.draft.things:
                continue
            ahead = self.draft.things[event].traits.get("planned") == "yes"
            if view.purpose or stance.modality not in (_AHEAD if ahead else {"actual", "negated"}):
                continue
            meeting = token.lemma_.lower() in {"attend", "send"}
            for actor, at in people:
                cls = self.draft.things[actor].cls
                if cls == "Person" or (meeting and any(is_a(cls, c) for c in _SIDES)):
                    self.draft.say(
                        event, "pg:hasParticipant", actor, "attending", stance, at=(None, at)
                    )

    def _attended(self, token: Any, part: bool) -> str:
        """Return the event that people were at: a signing is watched, in a meeting one takes part.

        A signing counts as long as it was told in this sentence or the two before.
        """
        if token.lemma_.lower() in _HEADING | _TOLD_OF | {"send"} or (part and self.recent_meeting):
            return self.recent_meeting
        act = self.draft.things.get(self.recent_act)
        if act is not None and act.last >= self.draft.number - 2:
            return self.recent_act
        return self.recent

    def _attends(self, token: Any) -> bool:
        """Tell whether a verb says that somebody was there, without saying at what."""
        lemma = token.lemma_.lower()
        if lemma not in _ATTENDING:
            return False
        preps = [c for c in token.children if c.dep_ == "prep"]
        preps += [g for c in token.children if c.lower_ == "part" for g in c.children]
        told = [g for c in preps if c.lower_ in {"in", "at"} for g in c.children]
        places = any(not self.ceremony(t) and t.lemma_ not in _CEREMONY for t in told)
        acted = [c for c in token.children if c.dep_ in {"dobj", "nsubjpass"}]
        if lemma == "be":
            present = any(c.dep_ == "acomp" and c.lower_ == "present" for c in token.children)
            return (present or bool(self._inverted(token))) and not places
        if lemma == "look":
            return any(c.lower_ == "on" for c in token.children)
        if lemma == "take":
            return any(c.lower_ == "part" for c in acted) and not places
        if lemma == "come":
            return any(c.lower_ == "as" for c in preps) and not places
        if acted or lemma in {"witness", "oversee", "follow"}:
            return any(c.lemma_ in _CEREMONY for c in acted)
        return not places

    def _inverted(self, verb: Any) -> list[Any]:
        """Return the names behind "also present at the meeting were" and "among the guests was"."""
        before = {t.lower_ for t in verb.doc[verb.sent.start : verb.i]}
        if verb.lemma_ != "be" or "present" not in before or verb.i - verb.sent.start > 9:
            return []
        return listing.run(verb.doc, self.paragraph.chunks, verb.i + 1, _person)

    def _company(self, token: Any) -> Found:
        """Return who came along ("was accompanied by A") or led and formed a delegation."""
        lemma = token.lemma_.lower()
        if lemma not in _COMPANY | _HEADING | _TOLD_OF | {"send"}:
            return []
        p = predication(token)
        if lemma == "send":  # "the rebels sent a delegation"
            sent = [t for t in p.objects if t.lemma_.lower() in _SENT]
            return self.refer.all(p.subjects) if sent and not p.slot("to") else []
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

    def delegations(self, role: Role, tokens: list[Any]) -> Found:
        """Return "a Moroccan delegation led by A": the group, and the person at its head."""
        found: Found = []
        for token in tokens:
            if token.lemma_.lower() != "delegation" or token.tag_ != "NN":
                continue
            if determiner(token) not in {"a", "an", "the"} or self.paragraph.chunks[token.i]:
                continue
            polities, _ = self.refer.modifiers(token)
            left = noun_modifiers(token)
            span = self.paragraph.spans[(left or [token])[0].i].cover(self.paragraph.spans[token.i])
            label = self.draft.document.text[span.start : span.end]
            if not polities:
                continue
            thing = self.draft.thing(f"group:{slugify(label)}", "AgentGroup", label)
            thing.traits.setdefault("noun", "delegation")
            if len(polities) == 1 and self.draft.things[polities[0]].cls == "State":
                thing.traits.setdefault("state", polities[0])
            self.draft.mention(thing.key, span, "description", label)
            found.append((thing.key, span))
            for verb in token.children:
                if verb.dep_ == "acl" and verb.lemma_.lower() in _HEADING:
                    found += self.refer.all(predication(verb).subjects)
        return [(k, s) for k, s in found if role.fits(self.draft.things[k].cls)]

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
