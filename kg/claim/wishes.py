"""Wishes and effects: what agents want, what instruments will bring, and whom they serve."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kg.claim.draft import Stance
from kg.claim.frames import Frame
from kg.claim.syntax import Predication, extent, predication
from kg.claim.undertakings import Undertakings, complements
from kg.model import Modality, Span
from kg.vocab import is_a

_MODALS = {"will", "would", "'ll", "can", "could", "may", "might", "should"}
_FORESEEN = {"expect", "likely", "project", "forecast", "hope", "set", "bind"}
# Verbs that tell the course of an instrument, not what it brings.
_INNER = {"conj", "xcomp", "ccomp"}
# What does these things to people serves them.
_SERVING = {"help", "support", "assist", "protect", "shield", "give", "grant", "allow", "enable"}
_COURSE = set(
    """be have cover include take enter come expire last remain run apply replace need require focus
    concern involve start begin end lapse continue contain set go become mark see face span sign
    consist comprise carry bear join stay depend build follow cost receive get make do work hold
    open oversee review meet examine""".split()
)
_PLANNED_ACTS = {"sign", "see", "meet", "hold", "have", "be"}
_FOR = {"call", "ask", "press", "push", "hope", "wish", "look", "campaign", "appeal", "lobby"}
_DIRECT = {"seek", "want", "demand", "request", "desire", "favour", "favor", "advocate"}
_WEIGHED = {"way", "how", "whether", "possibility", "option"}


class Wishes(Undertakings):
    """Reads what is wanted, what is to be brought about, and who gains."""

    def _aims(self, subject: str, predicate: str, verb: Any, stance: Stance, rule: str) -> None:
        raise NotImplementedError

    # --- wishes ---------------------------------------------------------------------------

    def _wishes(
        self, keys: list[str], token: Any, p: Predication, stance: Stance, frame: Frame
    ) -> None:
        lemma = token.lemma_.lower()
        polite = lemma in {"like", "want", "wish", "prefer"}  # "would like to": the wish is actual
        planned = stance.modality == "planned" and not polite
        if lemma in {"plan", "intend"} or planned or stance.modality == "negated":
            return
        keys = [k for k in keys if not is_a(self.draft.things[k].cls, "PolicyObject")]
        unsure = frame.modality == "possible" or stance.modality == "possible"
        modality: Modality = "possible" if unsure else "actual"
        own = replace(stance, modality=modality, factuality="done")
        verbs = self._wanted(token, frame)
        for verb in verbs:
            if verb.lemma_.lower() in _PLANNED_ACTS and not self._of_others(verb, token, keys):
                continue
            told = own
            if self._of_others(verb, token, keys) and own.modality == "actual":
                told = replace(own, modality="desired", factuality="proposed")
            inner = self._inner_subject(verb)
            for key in keys:
                if inner is not None:
                    self.aim(key, "pg:seeks", inner, own, frame.id)
                else:
                    self._aims(key, "pg:seeks", verb, told, frame.id)
        if verbs or frame.modality == "possible":
            return
        for slot in ("object",) if lemma in _DIRECT else ("for",) if lemma in _FOR else ():
            for obj in p.slot(slot):
                named = self.engine.paragraph.chunks[obj.i] is not None
                if named or obj.pos_ != "NOUN" or obj.i < token.i or obj.dep_ == "conj":
                    continue
                span = self._object(obj)
                for key in keys:
                    self.aim(key, "pg:seeks", span, own, frame.id)

    def _object(self, noun: Any) -> Span:
        """Return a noun with all that belongs to it up to a clause or comma."""
        p = self.engine.paragraph
        first, last = extent(noun, _opens_clause)
        found: Span = p.spans[first].cover(p.spans[last])
        return found

    def _inner_subject(self, verb: Any) -> Span | None:
        """Return "the treaty to be abolished": what is wanted is told with its subject."""
        subject = next((c for c in verb.children if c.dep_ in {"nsubj", "nsubjpass"}), None)
        if subject is None or (subject.dep_ == "nsubj" and self.groups.agent(subject)):
            return None
        if subject.dep_ == "nsubj" and subject.pos_ == "PRON":
            return None
        spans = self.engine.content.aims(verb, self.engine.paragraph)
        first = min(t.i for t in subject.subtree)
        first += subject.doc[first].pos_ == "DET"
        at = self.engine.paragraph.spans
        end: Span = spans[0] if spans else at[verb.i]
        return Span(at[first].start, end.end)

    def _wanted(self, token: Any, frame: Frame) -> list[Any]:
        """Return the verbs of what is wanted: "wants to X", "asked B to X", "called on B to X"."""
        found = complements(token)
        if frame.modality == "possible":
            found = [v for v in found if v.tag_ == "VBG"]
            for child in token.children:
                if child.dep_ == "dobj" and child.lemma_.lower() in _WEIGHED:
                    found += [c for c in child.children if c.dep_ in {"acl", "relcl"}]
            return [v for v in found if v.pos_ == "VERB"]
        for child in token.children:
            if child.dep_ in {"ccomp", "advcl"} and child.pos_ == "VERB" and child not in found:
                marks = {c.lower_ for c in child.children if c.dep_ in {"mark", "aux"}}
                if (
                    "that" in marks and token.lemma_ in {"request", "demand", "ask", "propose"}
                ) or (child.dep_ == "advcl" and "to" in marks and token.lemma_ in _FOR | {"urge"}):
                    found.append(child)
        return found

    def _of_others(self, verb: Any, token: Any, keys: list[str]) -> bool:
        """Tell whether what is wanted is for others to do."""
        inner = [c for c in verb.children if c.dep_ in {"nsubj", "nsubjpass"}]
        inner += [c for c in token.children if c.dep_ == "dobj" and verb.dep_ != "dobj"]
        inner += [
            g
            for c in token.children
            if c.dep_ == "prep" and c.lower_ in {"on", "upon"}
            for g in c.children
            if g.dep_ == "pobj"
        ]
        return any(k not in keys for t in inner for k in self.groups.agent(t))

    def _noun(self, frame: Frame, token: Any) -> None:
        """Read "India's desire to expand X" and "the US goal to make Y"."""
        polities, _ = self.refer.modifiers(token)
        verbs = [
            c
            for c in token.children
            if c.dep_ in {"acl", "relcl"}
            and any(g.lower_ == "to" for g in c.children if g.dep_ == "aux")
        ]
        if not verbs and any(c.dep_ == "conj" and c.lemma_ in frame.nouns for c in token.children):
            verbs = [
                t
                for t in token.sent
                if t.i > token.i
                and t.dep_ in {"acl", "advcl", "relcl"}
                and t.i - token.i < 6
                and any(g.lower_ == "to" for g in t.children)
            ]
        holders = polities or self._holder(token)
        if not holders or not verbs:
            return
        stance, _view = self.engine.stance(self._clause(token))
        own = replace(stance, modality="actual", factuality="done")
        for key in holders:
            if any(is_a(self.draft.things[key].cls, c) for c in frame.of):
                for verb in verbs[:1]:
                    self._aims(key, "pg:seeks", verb, own, frame.id)

    def _holder(self, token: Any) -> list[str]:
        """Return who has the wish in "companies have a desire to" and "its aspirations to"."""
        if token.dep_ == "dobj" and token.head.lemma_ in {
            "have",
            "express",
            "share",
            "voice",
            "reiterate",
            "achieve",
            "pursue",
        }:
            keys = [k for s in predication(token.head).subjects for k in self.refer.one(s)]
            return [k for k in keys if is_a(self.draft.things[k].cls, "Agent")]
        return []

    def _clause(self, token: Any) -> Any:
        current = token
        while current.pos_ not in {"VERB", "AUX"} and current.dep_ != "ROOT":
            current = current.head
        return current

    # --- effects --------------------------------------------------------------------------

    def effects(self, sentence: Any) -> None:
        """Read "the pact would diversify markets": any verb may tell what is to come of it."""
        frame = next((f for f in self.frames if f.future), None)
        if frame is None:
            return
        for token in sentence:
            lemma = token.lemma_.lower()
            if token.pos_ != "VERB" or lemma in frame.verbs or lemma in _COURSE:
                continue
            if any(lemma in f.verbs and (f.event or f.occurs) for f in self.engine.frames):
                continue
            p = predication(token)
            if p.passive or not (p.objects or complements(token)):
                continue
            stance, view = self.engine.stance(token)
            keys = [
                k
                for t in p.subjects
                for k in self.refer.one(t)
                if any(is_a(self.draft.things[k].cls, c) for c in frame.of)
            ] or self._antecedents(token, frame)
            if keys and not view.purpose and lemma not in {"help", "benefit"}:
                self._effect(frame, keys, token, stance)

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
            head = head.head
            aux |= {c.lower_ for c in head.children if c.dep_ == "aux"}
            if head.lemma_.lower() in _FORESEEN:
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


def _opens_clause(token: Any) -> bool:
    return (
        token.text in {",", ";", '"'}
        or token.dep_ == "relcl"
        or token.lower_ in {"which", "that", "who"}
    )
