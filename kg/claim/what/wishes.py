"""Wishes: what agents want for themselves and of others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kg.claim.draft import Stance
from kg.claim.frames import Frame
from kg.claim.syntax import Predication, extent, predication
from kg.claim.what.bullets import Bullets
from kg.claim.what.effects import opens_clause
from kg.claim.what.undertakings import complements
from kg.model import Modality, Span
from kg.vocab import is_a

_PLANNED_ACTS = {"sign", "see", "meet", "hold", "have", "be"}
_FOR = {"call", "ask", "press", "push", "hope", "wish", "look", "campaign", "appeal", "lobby"}
_DIRECT = {"seek", "want", "demand", "request", "desire", "favour", "favor", "advocate"}
_WEIGHED = {"way", "how", "whether", "possibility", "option"}


class Wishes(Bullets):
    """Reads what is wanted."""

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
                elif self.engine.content.aims(verb, self.engine.paragraph):
                    self._aims(key, "pg:seeks", verb, told, frame.id)
                elif (
                    verb.tag_ == "VB" and told.modality == "desired"
                ):  # "urged the Bank to mediate"
                    at = self.engine.paragraph.spans[verb.i]
                    self.aim(key, "pg:seeks", at, told, frame.id)
        if verbs or frame.modality == "possible":
            return
        slots = {"object"} if lemma in _DIRECT else {"for"} if lemma in _FOR else set()
        for slot in slots or ({"on"} if lemma == "insist" else set()):
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
        first, last = extent(noun, opens_clause)
        found: Span = p.spans[first].cover(p.spans[last])
        return found

    def _inner_subject(self, verb: Any) -> Span | None:
        """Return "the treaty to be abolished": what is wanted is told with its subject."""
        subject = next((c for c in verb.children if c.dep_ in {"nsubj", "nsubjpass"}), None)
        if subject is None or (subject.dep_ == "nsubj" and self.groups.agent(subject)):
            return None
        if subject.dep_ == "nsubj" and subject.pos_ == "PRON":
            return None
        return self.told(verb)

    def _wanted(self, token: Any, frame: Frame) -> list[Any]:
        """Return the verbs of what is wanted: "wants to X", "asked B to X", "called on B to X"."""
        found = [v for v in complements(token) if not _questions(v)]
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


def _questions(verb: Any) -> bool:
    """Tell whether a clause asks something: "asking who could imagine it"."""
    words = {"who", "what", "whether", "how", "why", "if", "when", "where", "which"}
    return any(c.lower_ in words and c.i < verb.i for c in verb.children)
