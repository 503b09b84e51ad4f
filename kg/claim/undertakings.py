"""Undertakings: who commits to deliver what, under which instrument, and who is given a task."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from kg.claim.draft import Draft, Stance
from kg.claim.engine import Engine
from kg.claim.refer import Referents
from kg.claim.speech import Speech
from kg.claim.syntax import predication
from kg.claim.topics import Topics
from kg.model import Span, Value
from kg.vocab import is_a, slugify

_NOT_COMMITTED = {
    "sign",
    "launch",
    "meet",
    "hold",
    "visit",
    "establish",
    "set",
    "resume",
    "start",
    "begin",
    "continue",
    "work",
    "create",
    "form",
    "ratify",
    "extend",
}


class Undertakings:
    """Reads commitments and tasks."""

    def __init__(self, draft: Draft, refer: Referents, engine: Engine, speech: Speech) -> None:
        self.draft, self.refer, self.engine, self.speech = draft, refer, engine, speech
        self.topics = Topics(draft, refer, engine, speech)
        self.frames = [f for f in engine.frames if f.aim or f.commitment or f.tasking or f.topics]

    def aim(self, subject: str, predicate: str, span: Span, stance: Stance, rule: str) -> str:
        """State an aim in the words of the text, and the fields it names."""
        text = re.sub(r"\s+", " ", self.draft.document.text[span.start : span.end]).strip(" ,;.\"'")
        thing = self.draft.thing(f"aim:{slugify(text)}", "Aim", text)
        self.draft.mention(thing.key, span, "description", text)
        self.draft.say(subject, predicate, thing.key, rule, stance, at=(None, span))
        for other in [m for m in self.draft.mentions if m.span in span]:
            group = self.draft.things[other.entity]
            before = self.draft.document.text[
                max(other.span.start - 9, 0) : other.span.start
            ].split()
            if group.cls == "AgentGroup" and "for" in before[-2:]:
                self.draft.say(
                    thing.key, "pg:benefits", group.key, "benefits", stance, at=(span, other.span)
                )
        return thing.key

    def _commits(self, keys: list[str], token: Any, stance: Stance) -> None:
        if stance.modality not in {"actual"}:
            return
        for verb in complements(token)[:1]:
            if verb.lemma_.lower() in _NOT_COMMITTED:
                return
            self._commitment(keys, verb, stance)

    def _commitment(self, keys: list[str], verb: Any, stance: Stance) -> str | None:
        spans = self.engine.content.aims(verb, self.engine.paragraph)
        if not spans:
            return None
        text = re.sub(r"\s+", " ", self.draft.document.text[spans[0].start : spans[0].end]).strip(
            " ,;.\"'"
        )
        thing = self.draft.thing(f"commitment:{slugify(text)}", "Commitment", text)
        self.draft.mention(thing.key, spans[0], "description", text)
        actual = replace(stance, modality="actual")
        self.draft.say(thing.key, "rdf:type", Value("Commitment", "class"), "commit", actual)
        for key in keys:
            self.draft.say(thing.key, "pg:obligor", key, "commit", actual)
        planned = replace(stance, modality="planned", factuality="planned")
        for obj in predication(verb).objects[:1]:
            if obj.pos_ in {"NOUN", "PROPN"} and obj.i > verb.i:
                span = self.engine.content.phrase(obj, self.engine.paragraph)
                label = re.sub(
                    r"^(?:an?|the)\s+", "", self.draft.document.text[span.start : span.end]
                )
                label = re.sub(r"\s+", " ", label)
                item = self.draft.thing(f"deliverable:{slugify(label)}", "Deliverable", label)
                self.draft.mention(item.key, span, "description", label)
                self.draft.say(thing.key, "pg:deliverable", item.key, "commit.deliverable", planned)
                for topic, at in self.engine.content.topics(self.draft.document.text, span):
                    self.speech.topic(item.key, topic, at, planned, "commit.topic")
        instrument = self._instrument(verb)
        if instrument:
            self.draft.say(thing.key, "pg:committedUnder", instrument, "commit.under", actual)
        return thing.key

    def _instrument(self, verb: Any) -> str | None:
        for word in verb.sent:
            if (
                word.i < verb.i
                and word.pos_ in {"NOUN", "PROPN"}
                and word.dep_ == "pobj"
                and word.head.lower_ in {"under", "with", "against", "in", "by"}
            ):
                for key in self.refer.one(word):
                    if is_a(self.draft.things[key].cls, "PolicyObject"):
                        return key
        return None

    def _tasks(self, keys: list[str], token: Any, p: Any, stance: Stance) -> None:
        groups = [
            k
            for t in p.objects
            for k in self.refer.one(t)
            if is_a(self.draft.things[k].cls, "Agent")
        ]
        verbs = complements(token)
        if not groups or not verbs or stance.modality not in {"actual", "planned"}:
            return
        commitment = self._commitment(groups, verbs[0], stance)
        if commitment is None:
            return
        key = f"event:tasking-{commitment.replace(':', '-')}"
        event = self.draft.thing(
            key, "Tasking", f"tasking to {self.draft.things[commitment].label}"
        )
        self.draft.mention(
            event.key, self.engine.paragraph.spans[token.i], "description", token.text
        )
        self.draft.say(key, "rdf:type", Value("Tasking", "class"), "task", stance)
        self.draft.say(key, "pg:taskingOf", commitment, "task", stance)
        self.draft.say(
            commitment,
            "pg:status",
            Value("active", "status"),
            "task",
            replace(stance, modality="actual"),
        )


def complements(token: Any) -> list[Any]:
    """Return the infinitives and gerunds that complete a verb."""
    found = []
    for child in token.children:
        if (
            child.dep_ in {"xcomp", "ccomp"}
            and child.pos_ == "VERB"
            and (
                any(c.dep_ == "aux" and c.lower_ == "to" for c in child.children)
                or child.tag_ in {"VBG", "VB"}
            )
        ) or (
            child.dep_ == "advcl"
            and any(c.dep_ == "aux" and c.lower_ == "to" for c in child.children)
            and token.lemma_.lower() in {"aim", "seek", "task", "strive", "look"}
        ):
            found.append(child)
        elif child.dep_ == "prep" and child.lower_ in {"to", "at", "for"}:
            found += [g for g in child.children if g.dep_ == "pcomp" and g.pos_ == "VERB"]
    return found
