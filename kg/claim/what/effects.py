"""Effects: what instruments are to bring about, and whom they serve."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Any

from kg.claim.draft import Stance
from kg.claim.frames import Frame
from kg.claim.syntax import extent, predication
from kg.claim.what.pledges import Pledges
from kg.claim.what.undertakings import complements
from kg.model import Modality, Span
from kg.vocab import is_a

_MODALS = {"will", "would", "'ll", "can", "could", "may", "might", "should"}
_FORESEEN = set(
    "expect likely project forecast hope set bind promise predict anticipate estimate".split()
)
# What comes of a thing stands behind these verbs with a preposition.
_RESULTING = {"lead": "to", "result": "in", "contribute": "to", "translate": "into", "usher": "in"}
_WAYS = {"pave", "open", "clear", "smooth", "prepare", "lay", "set"}
_WAY = {"way", "path", "door", "ground", "groundwork", "foundation", "stage", "road"}
# Acts upon an instrument: what they bring, it brings.
_ACTS = {
    "implementation",
    "signing",
    "signature",
    "conclusion",
    "renewal",
    "application",
    "adoption",
}
# Verbs that tell the course of an instrument, not what it brings.
_INNER = {"conj", "xcomp", "ccomp"}
# What does these things to people serves them.
_SERVING = {"help", "support", "assist", "protect", "shield", "give", "grant", "allow", "enable"}
_COURSE = set(
    """be have cover include take enter come expire last remain run apply replace need require focus
    concern involve start begin end lapse continue contain set go become mark see face span sign
    consist comprise carry bear join stay depend build follow cost receive get make do work hold
    open oversee review meet examine serve""".split()
)


class Effects(Pledges):
    """Reads what is to be brought about, and who gains."""

    def _aims(self, subject: str, predicate: str, verb: Any, stance: Stance, rule: str) -> None:
        raise NotImplementedError

    # --- effects --------------------------------------------------------------------------

    @cached_property
    def _happening(self) -> frozenset[str]:
        """The verbs that tell what happens: they tell no effect."""
        frames = (f for f in self.engine.frames if f.event or f.occurs)
        return frozenset(verb for frame in frames for verb in frame.verbs)

    def effects(self, sentence: Any) -> None:
        """Read "the pact would diversify markets": any verb may tell what is to come of it."""
        frame = next((f for f in self.frames if f.future), None)
        if frame is None:
            return
        for token in sentence:
            lemma = token.lemma_.lower()
            if token.pos_ != "VERB" or self._within(token):
                continue
            if self._way(frame, token) or self._results(frame, token):
                continue
            eased = lemma == "make" and any(c.dep_ == "ccomp" for c in token.children)
            if lemma in frame.verbs or (lemma in _COURSE and not eased):
                continue
            if lemma in self._happening and not eased:
                continue
            p = predication(token)
            if p.passive or not (p.objects or complements(token) or eased):
                continue
            stance, view = self.engine.stance(token)
            keys = self._bringers(frame, token)
            if keys and not view.purpose and lemma not in {"help", "benefit"}:
                self._effect(frame, keys, token, stance)

    def _within(self, token: Any) -> bool:
        """Tell whether a verb lies in what was stated as an effect already."""
        at = self.engine.paragraph.spans[token.i]
        return any(
            c.object_span and at in c.object_span for c in self.draft.told("pg:contributesTo")
        )

    def _bringers(self, frame: Frame, token: Any) -> list[str]:
        """Return the instruments that a verb has for its subject."""
        found: list[str] = []
        for subject in predication(token).subjects:
            if subject.lower_ == "it" and (self._itself(token) or self._quoted_from(token)):
                continue
            if any(c.lower_ == "no" for c in subject.children):
                continue
            nouns = [subject]
            if subject.lemma_.lower() in _ACTS:
                nouns += [g for c in subject.children if c.lower_ == "of" for g in c.children]
            found += [k for noun in nouns for k in self.refer.one(noun) if self._fits(frame, k)]
        return found or self._antecedents(token, frame)

    def _itself(self, token: Any) -> bool:
        """ "Washington said it would reopen its embassy": who speaks speaks of itself."""
        while token.dep_ in {"conj", "xcomp"}:
            token = token.head
        above = token.head
        if token.dep_ == "advcl":  # "they regard the clause as vital, since it could serve others"
            outer = predication(above)
            nouns = [t for t in outer.subjects + outer.objects if t.tag_ == "NN" and t.i < token.i]
            keys = [k for t in nouns for k in self.refer.one(t)]
            return bool(nouns) and self.refer.topic_thing not in keys
        if token.dep_ != "ccomp" or above.lemma_.lower() not in self.engine.lex.words["report"]:
            return False
        subjects = predication(above).subjects
        if len(subjects) != 1 or subjects[0].tag_ in {"NNS", "NNPS"}:
            return False
        agents = self.refer.one(subjects[0])
        return any(self.draft.things[k].cls != "Person" for k in agents)

    def _quoted_from(self, token: Any) -> bool:
        """ "According to the report, it will boost trade": the report is not what will."""
        sources = [g for t in token.sent if t.lower_ == "according" for g in t.subtree]
        return any(self.refer.topic_thing in self.refer.one(g) for g in sources if g.dep_ == "pobj")

    def _fits(self, frame: Frame, key: str) -> bool:
        return any(is_a(self.draft.things[key].cls, c) for c in frame.of)

    def _works(self, key: str) -> bool:
        """A committee or programme does things of its own; what it does is no effect."""
        return any(
            is_a(self.draft.things[key].cls, c) for c in ("CooperationMechanism", "TradeMission")
        )

    def _way(self, frame: Frame, token: Any) -> bool:
        """Read "paving the way for a tunnel": the effect is told without a modal verb."""
        ways = [c for c in token.children if c.dep_ == "dobj" and c.lemma_.lower() in _WAY]
        if token.lemma_.lower() not in _WAYS or not ways:
            return False
        led = {c.lower_ for owner in (token, *ways) for c in owner.children}
        keys = self._bringers(frame, token)
        if not keys and token.dep_ == "advcl" and token.tag_ == "VBG" and self.engine.themes:
            keys = [self.engine.themes[0][0]]
        if not keys or not led & {"for", "to", "towards"} or self._auxiliaries(token) & _MODALS:
            return False
        stance, view = self.engine.stance(token)
        if stance.modality in {"actual", "planned"}:
            stance = replace(stance, modality="expected", factuality="expected")
        if not view.purpose:
            self._aims(keys[0], "pg:contributesTo", token, stance, frame.id)
        return True

    def _results(self, frame: Frame, token: Any) -> bool:
        """Read "will lead to lower prices", "would mean that prices fall"."""
        lemma = token.lemma_.lower()
        objs = predication(token).slot(_RESULTING.get(lemma, "-"))
        objs = [o for o in objs if o.i > token.i and self.engine.paragraph.chunks[o.i] is None]
        clauses = [c for c in token.children if c.dep_ == "ccomp" and lemma in {"mean", "ensure"}]
        if not objs and not clauses:
            return False
        keys = [k for k in self._bringers(frame, token) if self._fits(frame, k)]
        stance, view = self.engine.stance(token)
        if not keys or view.purpose or stance.modality == "desired" or token.tag_ == "VBD":
            return False
        if self._auxiliaries(token) & _MODALS and stance.modality in {"actual", "planned"}:
            stance = replace(stance, modality="expected", factuality="expected")
        for obj in objs[:1]:
            first, last = extent(obj, opens_clause)
            at = self.engine.paragraph.spans
            self.aim(keys[0], "pg:contributesTo", at[first].cover(at[last]), stance, frame.id)
        for clause in clauses[:1]:
            self.aim(keys[0], "pg:contributesTo", self.told(clause), stance, frame.id)
        return True

    def told(self, verb: Any) -> Span:
        """Return a clause with its subject: "fishermen can land their catch"."""
        spans = self.engine.content.aims(verb, self.engine.paragraph)
        subjects = [c for c in verb.children if c.dep_ in {"nsubj", "nsubjpass"}]
        first = min((t.i for c in subjects for t in c.subtree), default=verb.i)
        first += verb.doc[first].pos_ == "DET"
        at = self.engine.paragraph.spans
        end: Span = spans[-1] if spans else at[verb.i]
        return Span(at[first].start, end.end)

    def _antecedents(self, token: Any, frame: Frame) -> list[str]:
        """Return what "which" stands for, where the parser hung the clause from a noun within."""
        verb = token if token.dep_ != "xcomp" else token.head
        subject = next(
            (c for c in verb.children if c.lower_ in {"which", "that"} and "subj" in c.dep_), None
        )
        if verb.dep_ != "relcl" or subject is None:
            return []
        comma = verb.doc[subject.i - 1].text == ","
        current = verb.head
        while current.dep_ in {"pobj", "prep", "conj"}:
            near = current.dep_ != "pobj" or current.head.lower_ in {"on", "for", "with"}
            if not (comma or near) or (token.dep_ == "xcomp" and verb.lemma_ == "be"):
                return []
            current = current.head
            if current.pos_ in {"NOUN", "PROPN"}:
                for key in self.refer.one(current):
                    if any(is_a(self.draft.things[key].cls, c) for c in frame.of):
                        return [key]
        return []

    def _effect(self, frame: Frame, keys: list[str], token: Any, stance: Stance) -> None:
        done = token.tag_ == "VBN" and any(c.dep_ == "auxpass" for c in token.children)
        if self._within(token) or done:
            return
        aux = self._auxiliaries(token)
        above = token.head
        is_to = above.lemma_ == "be" and token.dep_ == "xcomp" and not aux & _MODALS
        if not aux & _MODALS and token.lemma_ != "help" and not is_to:
            return
        if token.dep_ == "xcomp" and above.pos_ == "VERB" and above.lemma_.lower() in frame.verbs:
            return
        unsure = aux & {"may", "might", "could", "can"} and stance.modality == "possible"
        modality: Modality = "possible" if unsure else "expected"
        own = stance
        if stance.modality != "negated":
            own = replace(stance, modality=modality, factuality="expected")
        start = token
        if token.lemma_ in {"help", "serve", "enable", "allow"}:
            inner = complements(token) or [
                g
                for c in token.children
                if c.dep_ == "prep"
                for g in c.children
                if g.dep_ == "pcomp"
            ]
            start = inner[0] if inner else token
        predicate = "pg:contributesTo"
        if not is_to and token.lemma_.lower() not in frame.verbs:
            keys = [k for k in keys if not self._works(k)]
        if is_to:
            predicate, own = "pg:hasAim", stance  # "which is to help": its purpose
        for key in keys:
            self._aims(key, predicate, start, own, frame.id)
        if token.lemma_ in _SERVING:
            self._serves(keys, token, own)

    def _serves(self, keys: list[str], token: Any, stance: Stance) -> None:
        """Read "it will support rice farmers": the unnamed group behind the verb gains."""
        parts = predication(token)
        inner = [c for c in token.children if c.dep_ in {"ccomp", "dative"}]
        gainers = [o for o in parts.objects if o.i > token.i]
        gainers += [g for c in inner for g in c.children if g.dep_ in {"nsubj", "pobj"}]
        gainers += [c for c in inner if c.pos_ == "NOUN"]
        for thing in keys[:1]:
            for key in dict.fromkeys(k for t in gainers for k in self.groups.agent(t)):
                if self.draft.things[key].cls == "AgentGroup":
                    self.draft.say(thing, "pg:benefits", key, "benefits", stance)

    def _auxiliaries(self, token: Any) -> set[str]:
        """Return the modal verbs over a predicate; "is expected to" counts as "will"."""
        aux = {c.lower_ for c in token.children if c.dep_ == "aux"}
        head = token
        while head.dep_ in _INNER and head.head.pos_ in {"VERB", "ADJ", "AUX"}:
            if head.dep_ == "ccomp" and ("to" not in aux or head.head.lemma_ not in _FORESEEN):
                break
            joined, head = head.dep_ == "conj", head.head
            aux |= {c.lower_ for c in head.children if c.dep_ == "aux"}
            if head.lemma_.lower() in _FORESEEN and not joined:
                aux.add("will")
        return aux

    # --- who gains ------------------------------------------------------------------------

    def benefits(self, sentence: Any) -> None:
        """Read "it would benefit X", "X will benefit from it"."""
        for token in sentence:
            if token.pos_ != "VERB" or token.lemma_.lower() not in {"benefit", "favour", "favor"}:
                continue
            p = predication(token)
            stance, view = self.engine.stance(token)
            if stance.modality == "negated" or view.purpose:
                continue
            if self._auxiliaries(token) & _MODALS and stance.modality in {"actual", "planned"}:
                stance = replace(stance, modality="expected", factuality="expected")
            sources, gainers = p.subjects, [o for o in p.objects if o.i > token.i]
            if not gainers:
                sources, gainers = p.slot("from"), p.subjects
            things = [
                k
                for t in sources
                for k in self.refer.one(t)
                if is_a(self.draft.things[k].cls, "PolicyObject")
                or is_a(self.draft.things[k].cls, "Event")
            ]
            for thing in things[:1]:
                for key in dict.fromkeys(k for t in gainers for k in self.groups.agent(t)):
                    self.draft.say(thing, "pg:benefits", key, "benefits", stance)


def opens_clause(token: Any) -> bool:
    """Tell whether a word ends a noun phrase: a comma, a quotation mark, a relative clause."""
    return (
        token.text in {",", ";", '"'}
        or token.dep_ == "relcl"
        or token.lower_ in {"which", "that", "who"}
    )
