"""Aims, effects, wishes, undertakings and fields: what sentences say things are for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kg.claim.binding import Bound
from kg.claim.draft import Stance
from kg.claim.frames import Frame
from kg.claim.syntax import predication
from kg.claim.undertakings import Undertakings, complements
from kg.model import Modality
from kg.vocab import is_a

_TOGETHER = ("cooperation", "co-operation", "collaboration", "partnership", "ties", "exchange")


class Purpose(Undertakings):
    """Reads what is aimed at, promised and covered."""

    def sentence(self, sentence: Any, bound: list[Bound]) -> None:
        """Read one sentence after its events have been bound."""
        for item in bound:
            self._purposes(item)
            if item.frame.topics:
                self.topics.talked(item)
        self._unbound_talks(sentence, bound)
        for token in sentence:
            lemma = token.lemma_.lower()
            for frame in self.frames:
                if token.pos_ in {"VERB", "AUX"} and lemma in frame.verbs:
                    self._verb(frame, token)
                elif token.pos_ == "NOUN" and lemma in frame.nouns and frame.aim:
                    self._noun(frame, token)
        self._aim_phrases(sentence)
        self.topics.sentence(sentence, bound)

    def _unbound_talks(self, sentence: Any, bound: list[Bound]) -> None:
        taken = {item.token.i for item in bound if item.frame.topics}
        for frame in self.engine.frames:
            for token in sentence if frame.talks or (frame.theme.new and frame.topics) else ():
                if token.i not in taken and token.pos_ == "VERB" and token.lemma_ in frame.verbs:
                    stance, view = self.engine.stance(token)
                    if not view.purpose:
                        self.topics.discussed(frame, predication(token), stance)

    # --- aims -----------------------------------------------------------------------------

    def _aims(self, subject: str, predicate: str, verb: Any, stance: Stance, rule: str) -> None:
        thing = self.draft.things[subject]
        if thing.traits.get("planned") and stance.modality == "actual":
            stance = replace(stance, modality="planned", factuality="planned")
        for span in self.engine.content.aims(verb, self.engine.paragraph):
            self.aim(subject, predicate, span, stance, rule)
            text = self.draft.document.text[span.start : span.end].lower()
            about = predicate != "pg:contributesTo" or any(w in text for w in _TOGETHER)
            if about and (is_a(thing.cls, "PolicyObject") or is_a(thing.cls, "Meeting")):
                self.topics.of_aim(subject, span, verb, stance, f"{rule}.topic")

    def _purposes(self, item: Bound) -> None:
        """Read "signed a pact to promote X": the infinitive belongs to the pact."""
        if item.stance.modality == "negated" or not item.frame.event:
            return
        themes = [
            k
            for k, _ in item.roles.get("theme", [])
            if is_a(self.draft.things[k].cls, "PolicyObject")
        ]
        if len(themes) != 1 or item.frame.event in {
            "Announcement",
            "Termination",
            "Suspension",
            "Withdrawal",
            "Expiry",
        }:
            return
        for verb in self._purpose_verbs(item.token):
            self._aims(themes[0], "pg:hasAim", verb, item.stance, "purpose")

    def _purpose_verbs(self, token: Any) -> list[Any]:
        found: list[Any] = []
        owners = [token, *(c for c in token.children if c.dep_ in {"dobj", "nsubjpass", "pobj"})]
        owners += [
            g
            for c in token.children
            if c.dep_ == "prep" and c.lower_ == "of"
            for g in c.children
            if g.dep_ == "pobj"
        ]
        for owner in owners:
            for child in owner.children:
                infinitive = any(c.dep_ == "aux" and c.lower_ == "to" for c in child.children)
                passive = any(c.dep_ == "auxpass" for c in child.children)
                if (
                    child.dep_ in {"advcl", "acl", "relcl", "xcomp"}
                    and child.pos_ == "VERB"
                    and infinitive
                    and not passive
                ):
                    found.append(child)
                elif child.dep_ == "prep" and child.lower_ in {"for", "towards", "toward"}:
                    found += [g for g in child.children if g.dep_ == "pcomp" and g.pos_ == "VERB"]
        return sorted(found, key=lambda t: t.i)[:1]

    def _verb(self, frame: Frame, token: Any) -> None:
        p = predication(token)
        stance, view = self.engine.stance(token)
        if frame.passive != p.passive and frame.aim and not frame.future:
            return
        subjects = p.objects if p.passive else p.subjects
        keys = [
            k
            for t in subjects
            for k in self.refer.one(t)
            if any(is_a(self.draft.things[k].cls, c) for c in frame.of)
        ]
        if frame.id == "cover" and not keys and not view.purpose:
            self.topics.common(frame, p, stance)
        if not keys or view.purpose:
            return
        if frame.topics and not frame.aim:
            self.topics.covers(frame, keys, p, stance)
        elif frame.commitment:
            self._commits(keys, token, stance)
        elif frame.tasking:
            self._tasks(keys, token, p, stance)
        elif frame.future:
            self._effect(frame, keys, token, stance)
        elif frame.aim == "pg:seeks":
            self._wishes(keys, token, p, stance, frame)
        else:
            for verb in complements(token):
                if frame.aim == "pg:hasAim":
                    for key in keys:
                        self._aims(
                            key,
                            "pg:hasAim",
                            verb,
                            replace(
                                stance,
                                modality="actual" if stance.modality != "negated" else "negated",
                            ),
                            frame.id,
                        )

    def _wishes(self, keys: list[str], token: Any, p: Any, stance: Stance, frame: Frame) -> None:
        own = (
            stance
            if stance.modality == "negated"
            else replace(stance, modality="actual", factuality="done")
        )
        lemma = token.lemma_.lower()
        if lemma in {"plan", "intend"} or stance.modality == "planned":
            return
        for verb in complements(token):
            if verb.lemma_.lower() in {"sign", "see", "meet", "hold", "have", "be"}:
                continue
            for key in keys:
                self._aims(key, "pg:seeks", verb, own, frame.id)
        if (lemma in {"seek", "want"} and not complements(token)) or (
            lemma == "look" and p.preps.get("for")
        ):
            for obj in p.objects if lemma != "look" else p.preps["for"]:
                if self.engine.paragraph.chunks[obj.i] is None and obj.pos_ == "NOUN":
                    span = self.engine.content.phrase(obj, self.engine.paragraph)
                    for key in keys:
                        self.aim(key, "pg:seeks", span, own, frame.id)

    def _effect(self, frame: Frame, keys: list[str], token: Any, stance: Stance) -> None:
        aux = {c.lower_ for c in token.children if c.dep_ == "aux"}
        head = token
        while head.dep_ in {"conj", "xcomp"} and head.head.pos_ == "VERB":
            head = head.head
            aux |= {c.lower_ for c in head.children if c.dep_ == "aux"}
        if not aux & {
            "will",
            "would",
            "'ll",
            "can",
            "could",
            "may",
            "might",
            "should",
        } and token.lemma_ not in {"help"}:
            return
        if (
            token.dep_ in {"xcomp"}
            and token.head.pos_ == "VERB"
            and token.head.lemma_.lower() in frame.verbs
        ):
            return
        modality: Modality = (
            "possible"
            if aux & {"may", "might", "could", "can"} and stance.modality == "possible"
            else "expected"
        )
        own = (
            stance
            if stance.modality == "negated"
            else replace(stance, modality=modality, factuality="expected")
        )
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
        for key in keys:
            target = key
            self._aims(target, "pg:contributesTo", start, own, frame.id)

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

    def _aim_phrases(self, sentence: Any) -> None:
        """Read "aimed at …ing", "with the aim of …ing", "in furtherance of …"."""
        for token in sentence:
            verb: Any = None
            if (token.lower_ == "aimed" and token.dep_ in {"acl", "advcl", "amod"}) or (
                token.lower_ in {"aim", "view", "objective", "goal"} and token.dep_ == "pobj"
            ):
                for prep in token.children:
                    if prep.dep_ == "prep" and prep.lower_ in {"at", "of", "to"}:
                        verb = next((g for g in prep.children if g.dep_ == "pcomp"), None)
            if verb is None and not (
                token.lower_ in {"furtherance", "pursuit"} and token.dep_ == "pobj"
            ):
                continue
            theme = self._nearest_theme(token)
            if theme is None:
                continue
            key, stance = theme
            if verb is not None:
                self._aims(key, "pg:hasAim", verb, stance, "aim-phrase")
                continue
            for prep in token.children:
                for obj in prep.children if prep.dep_ == "prep" and prep.lower_ == "of" else []:
                    span = self.engine.content.phrase(obj, self.engine.paragraph)
                    self.aim(key, "pg:hasAim", span, stance, "aim-phrase")

    def _nearest_theme(self, token: Any) -> tuple[str, Stance] | None:
        head = token.head
        keys = (
            [k for k in self.refer.one(head) if is_a(self.draft.things[k].cls, "PolicyObject")]
            if head.pos_ in {"NOUN", "PROPN"}
            else []
        )
        if keys:
            return keys[0], Stance()
        if self.engine.themes:
            key, stance, _ = self.engine.themes[0]
            return key, stance
        return None

    # --- undertakings ---------------------------------------------------------------------
