"""Opportunities: openings that a text sees, and the fields that they lie in."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from kg.claim.draft import Draft, Stance
from kg.claim.engine import Engine
from kg.claim.syntax import noun_modifiers, predication
from kg.claim.what.entitled import Field
from kg.claim.what.topics import Topics
from kg.model import Value
from kg.vocab import is_a, slugify

_SEEN = {"hold", "offer", "have", "see", "present", "be", "open", "exist", "create", "provide"}
_SOUGHT = {"figure", "explore", "seek", "look", "examine", "identify", "study", "discuss"}


class Opportunities:
    """States opportunities that a sentence says there are, or that somebody looks for."""

    def __init__(self, draft: Draft, engine: Engine, topics: Topics) -> None:
        self.draft, self.engine, self.topics = draft, engine, topics

    def sentence(self, sentence: Any) -> None:
        """Read one sentence."""
        for token in sentence:
            named = token.lemma_.lower() == "opportunity" and token.pos_ == "NOUN"
            if named and token.dep_ in {"dobj", "nsubj", "attr"} and token.head.pos_ in _VERBS:
                self._opportunity(token)

    def _opportunity(self, token: Any) -> None:
        verb = token.head
        lemma = verb.lemma_.lower()
        stance = self.engine.stance(verb)[0]
        if lemma not in _SEEN | _SOUGHT or stance.modality == "negated":
            return
        fields = self._fields(token)
        if not fields and lemma != "hold":
            return
        unsure = lemma in _SOUGHT or any(t.lower_ in {"if", "whether"} for t in verb.subtree)
        if unsure:
            stance = replace(stance, modality="possible", factuality="possible")
        first = (noun_modifiers(token) or [token])[0].i
        p = self.engine.paragraph
        span = p.spans[first].cover(p.spans[token.i])
        text = " ".join(self.draft.document.text[span.start : span.end].split())
        about = " or ".join(f.label for f in fields)
        label = f"{text} for {about}" if about else text
        thing = self.draft.thing(f"opportunity:{slugify(label)}", "Opportunity", label)
        self.draft.mention(thing.key, span, "description", text)
        self.draft.say(thing.key, "rdf:type", Value("Opportunity", "class"), "opportunity", stance)
        if fields:
            self.topics.state(thing.key, fields, stance, "opportunity")
            self._talks(verb, fields)
        else:
            self._same(thing.key, stance)

    def _fields(self, token: Any) -> list[Field]:
        """Return the fields behind "in" and "for", also past an "if there are any"."""
        places = {token.i, token.head.i, *(t.i for t in token.head.subtree if t.pos_ in _VERBS)}
        preps = [
            t
            for t in token.sent
            if t.i > token.i
            and t.lower_ in {"in", "for"}
            and t.dep_ == "prep"
            and t.head.i in places
        ]
        objs = [g for t in preps for g in t.children if g.dep_ == "pobj"]
        found: dict[str, Field] = {}
        for obj in objs:
            for field in self.topics.fields.read(obj, self.engine.paragraph):
                label = re.sub(r"^(?:entire|whole|near-term|longer-term)\s+", "", field.label)
                found.setdefault(label, Field(label, field.topic, field.span))
        return list(found.values())

    def _talks(self, verb: Any, fields: list[Field]) -> None:
        """ "talks include figuring out opportunities for X": the talks are about X."""
        above = verb.head if verb.dep_ in {"xcomp", "pcomp", "ccomp"} else verb
        for subject in predication(above).subjects:
            for key in self.topics.refer.one(subject):
                if is_a(self.draft.things[key].cls, "Meeting"):
                    self.topics.state(key, fields, Stance(), "opportunity")

    def _same(self, key: str, stance: Stance) -> None:
        """ "as it holds opportunities": in the fields that the sentence names of its subject."""
        for claim in list(self.draft.told("pg:hasTopic")):
            here = claim.evidence[0].span == self.draft.sentence
            if here and isinstance(claim.object, str):
                self.draft.say(key, "pg:hasTopic", claim.object, "opportunity", stance)


_VERBS = {"VERB", "AUX"}
