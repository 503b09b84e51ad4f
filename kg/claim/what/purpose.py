"""Aims, effects, wishes, undertakings and fields: what sentences say things are for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kg.claim.binding import Bound
from kg.claim.draft import Stance
from kg.claim.frames import Frame
from kg.claim.syntax import predication
from kg.claim.what.opportunities import Opportunities
from kg.claim.what.undertakings import complements
from kg.claim.what.wishes import Wishes
from kg.vocab import is_a

_TOGETHER = ("cooperation", "co-operation", "collaboration", "partnership", "ties", "exchange")

_VERBS = {"VERB", "AUX"}
# What is to happen to an instrument is no aim of it: "it is supposed to come into force".
_COURSE = {"come", "enter", "become", "begin", "start", "expire", "last", "run", "end", "be"}
# What sides meet for without its being an aim of the meeting: it is told otherwise.
_ERRANDS = set("discuss talk meet attend hold sign mark take join participate have make be".split())


class Purpose(Wishes):
    """Reads what is aimed at, promised and covered."""

    def sentence(self, sentence: Any, bound: list[Bound]) -> None:
        """Read one sentence after its events have been bound."""
        for item in bound:
            self._purposes(item)
            self._errand(item)
            if item.frame.topics:
                self.topics.talked(item)
        self._unbound_talks(sentence, bound)
        for token in sentence:
            if token.pos_ not in {"VERB", "AUX", "NOUN"}:
                continue
            lemma = token.lemma_.lower()
            for frame in self.by_lemma.get(lemma, ()):
                if token.pos_ != "NOUN" and lemma in frame.verbs:
                    self._verb(frame, token)
                elif token.pos_ == "NOUN" and lemma in frame.nouns and frame.aim:
                    self._noun(frame, token)
        self._aim_phrases(sentence)
        self.listed(sentence)
        self.shall(sentence)
        self.pledges(sentence)
        self.effects(sentence)
        self.benefits(sentence)
        self.topics.sentence(sentence, bound)
        Opportunities(self.draft, self.engine, self.topics).sentence(sentence)
        self._nominal(sentence)
        self.groups.note(sentence)

    def _unbound_talks(self, sentence: Any, bound: list[Bound]) -> None:
        taken = {item.token.i for item in bound if item.frame.topics}
        for token in sentence:
            if token.pos_ != "VERB" or token.i in taken:
                continue
            for frame in self.talk_frames:
                if token.lemma_ in frame.verbs:
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

    def _nominal(self, sentence: Any) -> None:
        """Read "a programme to train guards" and "X, whose purpose is to save energy"."""
        for token in sentence:
            if token.pos_ not in {"NOUN", "PROPN"}:
                continue
            if token.lemma_.lower() in {"purpose", "aim", "goal", "objective"}:
                self._stated(token)
                continue
            verbs = [
                c
                for c in token.children
                if c.dep_ in {"acl", "relcl"}
                and c.pos_ == "VERB"
                and c.i == token.i + 2
                and token.doc[token.i + 1].lower_ == "to"
                and c.lemma_ not in {"amend", "renew", "prolong", *_COURSE}
            ]
            if not verbs or self.engine.paragraph.chunks[token.i] is not None:
                continue
            for key in self.refer.one(token)[:1]:
                cls = self.draft.things[key].cls
                if is_a(cls, "PolicyObject") and not is_a(cls, "Talks"):
                    stance = (
                        self.engine.stance(token.head)[0] if token.head.pos_ in _VERBS else Stance()
                    )
                    if stance.modality in {"actual", "planned", "desired"}:
                        self._aims(key, "pg:hasAim", verbs[0], stance, "purpose")

    def _stated(self, token: Any) -> None:
        """Read "its purpose is to X", "the aim of the pact is to X"."""
        verb = token.head
        if token.dep_ != "nsubj" or verb.lemma_ != "be":
            return
        aims = [
            c for c in verb.children if c.dep_ in {"xcomp", "advcl", "ccomp"} and c.pos_ == "VERB"
        ]
        owners = [c for c in token.children if c.dep_ == "poss"]
        owners += [g for c in token.children if c.lower_ == "of" for g in c.children]
        keys: list[str] = []
        for owner in owners:
            noun = verb.head if owner.lower_ == "whose" else owner
            its = owner.lower_ in {"its", "their"} and self.refer.topic_thing
            keys += [str(self.refer.topic_thing)] if its else self.refer.one(noun)
        for key in [k for k in keys if is_a(self.draft.things[k].cls, "PolicyObject")][:1]:
            for aim in aims[:1]:
                self._aims(key, "pg:hasAim", aim, Stance(), "purpose")
            for noun in [] if aims else [c for c in verb.children if c.dep_ == "attr"]:
                span = self.engine.content.phrase(noun, self.engine.paragraph)
                self.aim(key, "pg:hasAim", span, Stance(), "purpose")

    def _purposes(self, item: Bound) -> None:
        """Read "signed a pact to promote X": the infinitive belongs to the pact."""
        if item.stance.modality == "negated" or not (item.frame.event or item.frame.status):
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
        at = item.roles["theme"][0][1]
        for verb in self._purpose_verbs(item.token):
            start = self.engine.paragraph.spans[verb.i].start
            if (
                not item.frame.event
                and not item.token.idx + self.engine.paragraph.offset < at.start < start
            ):
                continue  # "agreed to X" tells no aim of what was agreed before
            self._aims(themes[0], "pg:hasAim", verb, item.stance, "purpose")

    def _errand(self, item: Bound) -> None:
        """Read "experts will meet to draw up a plan": the aim of a meeting or visit."""
        if not item.frame.occurs or item.stance.modality == "negated":
            return
        for key, _ in item.roles.get("theme", [])[:1]:
            for verb in item.token.children:
                infinitive = any(c.dep_ == "aux" and c.lower_ == "to" for c in verb.children)
                if verb.dep_ != "advcl" or verb.pos_ != "VERB" or not infinitive:
                    continue
                for frame in self.talk_frames:  # "met to discuss lithium"
                    if verb.lemma_ in frame.verbs and verb.i > item.token.i:
                        self.topics.covers(frame, [key], predication(verb), item.stance)
                if verb.i < item.token.i or verb.lemma_ in _ERRANDS:
                    continue
                self._aims(key, "pg:hasAim", verb, item.stance, "errand")

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
                elif child.lower_ == "in":  # "in order to X"
                    orders = [g for g in child.children if g.lower_ == "order"]
                    found += [v for g in orders for v in g.children if v.dep_ in {"acl", "relcl"}]
        found = [v for v in found if v.lemma_ not in {"enter", "become", "come"}]
        return sorted(found, key=lambda t: t.i)[:1]

    def _verb(self, frame: Frame, token: Any) -> None:
        p = predication(token)
        stance, view = self.engine.stance(token)
        if frame.passive != p.passive and frame.aim and not frame.future:
            return
        if frame.topics and not p.passive and not any(p.slot(s) for s in frame.topics):
            return
        subjects = p.objects if p.passive else p.subjects
        bound = frame.commitment or frame.tasking
        keys = [
            k
            for t in subjects
            for k in (
                self.groups.agent(t)
                if bound or (frame.aim == "pg:seeks" and t.lower_ != "it")
                else self.refer.one(t)
            )
            if any(is_a(self.draft.things[k].cls, c) for c in frame.of)
        ]
        if frame.future and not p.passive:
            keys = self._bringers(frame, token)
        if frame.id in {"cover", "reach"} and not keys and not view.purpose:
            self.topics.common(frame, p, stance)
            if p.passive and token.tag_ == "VBN":
                self.topics.covered(frame, p, stance)
            elif token.tag_ == "VBG":
                keys = self.topics.spheres.beside(token)
        if frame.tasking and not view.purpose:
            self._tasks(token, p, stance)
        if frame.commitment and not keys and not view.purpose:
            self._commits([], token, stance)
        if not keys or view.purpose:
            return
        if frame.topics and not frame.aim:
            self.topics.covers(frame, keys, p, stance)
        elif frame.commitment:
            self._commits(keys, token, stance)
        elif frame.future:
            self._effect(frame, keys, token, stance)
        elif frame.aim == "pg:seeks":
            self._wishes(keys, token, p, stance, frame)
        else:
            for verb in complements(token):
                own = any(s.lower_ == "it" for s in p.subjects) and self._itself(token)
                if frame.aim == "pg:hasAim" and verb.lemma_ not in _COURSE and not own:
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

    def _aim_phrases(self, sentence: Any) -> None:
        """Read "aimed at …ing", "with the aim of …ing", "in furtherance of …"."""
        for token in sentence:
            verb: Any = None
            goal = token.lower_ in {"aim", "view", "objective", "goal", "purpose", "intention"}
            if (token.lower_ == "aimed" and token.dep_ in {"acl", "advcl", "amod"}) or (
                goal and token.dep_ in {"pobj", "dobj"}
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
        current = token
        for _ in range(4):
            current = current.head
            nouns = [current]
            if current.pos_ in _VERBS:
                nouns = predication(current).subjects if token.dep_ == "dobj" else []
            for noun in nouns:
                keys = self.refer.one(noun) if noun.pos_ in {"NOUN", "PROPN", "PRON"} else []
                for key in keys:
                    if is_a(self.draft.things[key].cls, "PolicyObject"):
                        return key, Stance()
            if current.pos_ in _VERBS:
                break
        if self.engine.themes:
            key, stance, _ = self.engine.themes[0]
            return key, stance
        return None
