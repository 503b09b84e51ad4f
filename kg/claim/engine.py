"""Frames applied to sentences: predicates and nouns of doing become events, statuses, facts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kg.claim.binding import Bound, lift_light
from kg.claim.draft import Stance
from kg.claim.frames import Role
from kg.claim.stating import Stating
from kg.claim.syntax import (
    Predication,
    conjuncts,
    governor,
    noun_modifiers,
    predication,
)
from kg.spot.parse import Paragraph

_AFTER = {"after", "following", "since", "at", "during", "with", "upon", "by"}
_BEFORE = {"before", "until", "ahead", "pending", "towards", "toward", "for"}


class Engine(Stating):
    """Applies all frames to the sentences of one document."""

    # --- one sentence ---------------------------------------------------------------------

    def sentence(self, sentence: Any, paragraph: Paragraph) -> list[Bound]:
        """Apply the event frames to a sentence and return what fitted."""
        self.paragraph = paragraph
        self.views, self.themes = {}, []
        self.times = self._attach_times(sentence)
        bound: list[Bound] = []
        for token in sentence:
            if token.pos_ in {"VERB", "AUX"} and token.lemma_.lower() in self.triggers:
                bound += self._verb(token)
            elif (
                token.pos_ in {"NOUN", "PROPN"}
                and token.lemma_.lower() in self.nouns
                and paragraph.chunks[token.i] is None
            ):
                bound += self._noun(token)
        for item in bound:
            self._emit(item)
        return bound

    def _verb(self, token: Any) -> list[Bound]:
        p = predication(token)
        lift_light(p)
        words = {t.lower_ for slot in p.preps.values() for t in slot} | {
            t.lower_ for t in p.objects
        }
        stance, view = self.stance(token)
        bound = []
        for frame in self.frames:
            if (frame.emit and frame.triggered(p.lemma, p.particle, words)) or (
                frame.status and frame.triggered(p.lemma, p.particle, words)
            ):
                item = self._bind(frame, p, stance, view)
                if item:
                    bound.append(item)
                    if frame.event or frame.occurs:
                        break
        return bound

    # --- nouns of doing -------------------------------------------------------------------

    def _noun(self, token: Any) -> list[Bound]:
        lemma = token.lemma_.lower()
        p = Predication(token, lemma)
        for child in token.children:
            if child.dep_ == "prep":
                p.preps.setdefault(child.lower_, []).extend(
                    t for g in child.children if g.dep_ == "pobj" for t in conjuncts(g)
                )
            elif child.dep_ == "poss":
                p.preps.setdefault("poss", []).append(child)
        if not p.preps.get("of") and noun_modifiers(token):
            p.objects = [noun_modifiers(token)[-1]]
        stance, done = self._noun_stance(token)
        if not done:
            return []
        bound = []
        for frame in self.frames:
            if lemma not in frame.nouns or not frame.theme.slots:
                continue
            theme = self._theme(
                replace(
                    frame.theme,
                    slots=tuple(s for s in frame.theme.slots if s in {"of", "to", "on"}),
                ),
                p,
            )
            if not theme:
                continue
            roles = {
                "theme": theme,
                "actor": self._fill(
                    replace(
                        frame.actor, slots=tuple(s for s in frame.actor.slots if s != "subject")
                    ),
                    p,
                ),
                "goal": [],
                "place": self._places(p),
            }
            head = governor(token)
            if (
                not roles["actor"]
                and head is not None
                and head.pos_ == "VERB"
                and head.lemma_ in {"announce", "declare", "mark", "celebrate", "witness"}
            ):
                roles["actor"] = [
                    (k, s)
                    for k, s in self._fill(Role(("subject",), frame.actor.types), predication(head))
                    if head.lemma_ == "announce" and self.draft.things[k].cls != "Person"
                ]
            bound.append(Bound(frame, token, lemma, roles, stance, self._times(token, stance)))
            break
        return bound

    def _noun_stance(self, token: Any) -> tuple[Stance, bool]:
        """Judge a noun of doing by the word it depends on; unknown surroundings assert nothing."""
        current, value = token, None
        for _ in range(6):
            head = governor(current)
            if head is None:
                break
            if current.dep_ == "pobj" or head.pos_ == "ADP":
                if head.lower_ in _BEFORE:
                    value = "planned" if head.lower_ != "for" else "unasserted"
                elif head.lower_ in _AFTER and value is None:
                    value = "done"
            if head.pos_ in {"VERB", "AUX"}:
                return self._under_verb(head, value)
            current = head
        root = current if current.pos_ in {"VERB", "AUX"} else None
        if root is not None:
            return self._under_verb(root, value)
        return Stance(), value in {None, "done"} and token.sent.start <= token.i

    def _under_verb(self, verb: Any, value: str | None) -> tuple[Stance, bool]:
        stance, view = self.stance(verb)
        lemma, words = verb.lemma_.lower(), self.lex.words
        if value == "unasserted" or view.purpose:
            return stance, False
        if value == "planned":
            return replace(stance, factuality="planned", modality="planned"), True
        if value == "done":
            return replace(stance, factuality="done", modality="actual"), True
        for names, factuality, modality in (
            ("deny", "denied", "negated"),
            ("fail", "failed", "negated"),
            ("plan", "planned", "planned"),
            ("expect", "expected", "expected"),
            ("desire", "proposed", "desired"),
            ("possible", "possible", "possible"),
        ):
            if lemma in words[names] and lemma not in {"agree"}:
                if lemma == "reject" or stance.modality == "negated":
                    return stance, False
                return replace(stance, factuality=factuality, modality=modality), True  # type: ignore[arg-type]
        if lemma == "agree":
            return replace(stance, factuality="planned", modality="planned"), True
        return stance, True

    # --- times ----------------------------------------------------------------------------

    # --- statements of a frame ------------------------------------------------------------
