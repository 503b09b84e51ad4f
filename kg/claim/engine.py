"""Frames applied to sentences: predicates and nouns of doing become events, statuses, facts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kg.claim.binding import BODIES, Bound, lift_light
from kg.claim.draft import Stance
from kg.claim.events.echoes import Echoes
from kg.claim.frames import Frame, Role
from kg.claim.modality.clauses import company
from kg.claim.modality.nominal import ENACTING, LAWS, law_before
from kg.claim.syntax import (
    Predication,
    carried,
    conjuncts,
    governor,
    noun_modifiers,
    predication,
)
from kg.model import Span, TimeRef
from kg.spot.parse import Paragraph
from kg.vocab import is_a

_OBJECTIVE = {"of", "to", "on", "from", "in", "for"}  # where a noun of doing has what it is done to
_ANEW = {"relaunch", "resume", "restart", "reopen", "revive"}  # "A and B resumed the talks"
_CEREMONIES = {"ceremony", "event"}
_OCCASIONS = _CEREMONIES | {"date", "process", "procedure"}
_FORCE = {"force", "effect"}
_EXPECTING = {"expect", "plan", "schedule", "foresee", "hope", "envisage", "slate", "set"}
_COMING = {"take", "become", "occur", "happen", "come", "enter"}
_PAPERS = {"notice", "instrument", "notification", "document", "letter"}
_BY_SUBJECT = set(
    "announce complete deposit notify finish submit lodge hand agree decide order declare".split()
)


class Engine(Echoes):
    """Applies all frames to the sentences of one document."""

    # --- one sentence ---------------------------------------------------------------------

    def sentence(self, sentence: Any, paragraph: Paragraph) -> list[Bound]:
        """Apply the event frames to a sentence and return what fitted."""
        self.paragraph = paragraph
        self.views, self.themes, self.staged = {}, [], {}
        self.times = self._attach_times(sentence)
        bound: list[Bound] = []
        for token in sentence:
            if token.dep_ in {"aux", "auxpass"}:
                continue
            if token.pos_ in {"VERB", "AUX"} and token.lemma_.lower() in self.triggers:
                bound += self._verb(token)
            elif (
                token.pos_ in {"NOUN", "PROPN"}
                and token.lemma_.lower() in self.nouns
                and paragraph.chunks[token.i] is None
            ):
                bound += self._noun(token)
        bound += self.echoes(sentence, bound)
        for item in bound:
            self._emit(item)
        self.capacities(bound)
        self.signature_line(sentence)
        self.happenings(sentence)
        self.attendance(sentence)
        self.pacts(sentence)
        return bound

    def settle_topic(self, sentence: Any, bound: list[Bound]) -> None:
        """Note what "it" will mean: the subject, else what the main verb acts on."""
        self._topic(sentence, bound)
        key = self.refer.topic_thing
        if key and "count" not in self.draft.things[key].traits:
            self.refer.topic_single = key

    def _topic(self, sentence: Any, bound: list[Bound]) -> None:
        things = self.draft.things
        acting = [
            k
            for s in predication(sentence.root).subjects
            if s.pos_ != "PRON"
            for k in self.refer.one(s)
            if is_a(things[k].cls, "Agent")
        ]
        if len(acting) == 1 and is_a(things[acting[0]].cls, "Polity"):
            self.refer.actor = (acting[0], self.draft.number)
        if len(acting) > 1 or (acting and things[acting[0]].cls == "AgentGroup"):
            self.refer.plural = tuple(acting)
        elif acting:
            self.refer.plural = ()
        for s in predication(sentence.root).subjects + predication(sentence.root).objects:
            if s.dep_ in {"nsubj", "nsubjpass"} and s.pos_ != "PRON":
                keys = [k for k in self.refer.one(s) if is_a(things[k].cls, "PolicyObject")]
                if len(keys) == 1:
                    self.refer.topic_thing = keys[0]
                    return
        subjects = [c for c in sentence.root.children if c.dep_ in {"nsubj", "nsubjpass"}]
        if any(s.lower_ == "it" for s in subjects) and self.refer.at_start:
            self.refer.topic_thing = self.refer.at_start
            return
        if sentence.root.lemma_ == "be":  # "the centrepiece is the Action Plan"
            named = [c for c in sentence.root.children if c.dep_ == "attr"]
            keys = [k for c in named for k in self.refer.one(c)]
            keys = [k for k in keys if is_a(things[k].cls, "PolicyObject")]
            if len(keys) == 1:
                self.refer.topic_thing = keys[0]
                return
        acted = [
            (len(list(b.token.ancestors)), n, theme)
            for n, b in enumerate(bound)
            for theme, _ in b.roles.get("theme", [])[:1]
            if is_a(things[theme].cls, "PolicyObject")
        ]
        if acted:
            self.refer.topic_thing = min(acted)[2]

    def _verb(self, token: Any) -> list[Bound]:
        p = predication(token)
        lift_light(p)
        carried(p)
        self._particle(p)
        words = company(p)
        stance, view = self.stance(token)
        bound = []
        for frame in self.triggers.get(p.lemma, ()):
            if (frame.emit or frame.status) and frame.triggered(p.lemma, p.particle, words):
                item = self._bind(frame, p, stance, view)
                if item:
                    bound += [item, *self._others_by(item, p)]
                    anew = p.lemma in _ANEW and bool(p.objects)
                    if frame.event or (frame.occurs and not anew):
                        break
        return bound

    def _others_by(self, item: Bound, p: Predication) -> list[Bound]:
        """ "Ratified by A in May and by B in June": the second "by" tells another deed."""
        if not p.passive or not any(e.predicate == "pg:ofParty" for e in item.frame.emit):
            return []
        found, doc = [], p.token.doc
        for by in doc[p.token.i + 1 : p.token.sent.end]:
            if by.pos_ == "VERB":
                break
            if by.lower_ != "by" or by.dep_ == "agent" or by.nbor(-1).lower_ not in {"and", ","}:
                continue
            objs = [t for g in by.children if g.dep_ == "pobj" for t in conjuncts(g)]
            actors = [x for x in self.refer.all(objs) if x not in item.roles["actor"]]
            actors = [x for x in actors if item.frame.actor.fits(self.draft.things[x[0]].cls)]
            own = [c for c in self.paragraph.chunks[by.i : p.token.sent.end] if c and c.time]
            times = [self.resolve(c.time, item.stance, True) for c in own[:1] if c.time]
            if actors:
                start = self.paragraph.spans[by.i].start
                item.times = [t for t in item.times if t.span is None or t.span.start < start]
                found.append(replace(item, roles={**item.roles, "actor": actors}, times=times[:1]))
        return found

    def _lent(self, frame: Frame, token: Any, stance: Stance) -> list[TimeRef]:
        """ "Gave its consent in May": the light verb has the time of what the noun names."""
        verb = self._light(token)
        if token.dep_ == "nsubjpass" and token.head.lemma_.lower() in _EXPECTING:
            return self.when(frame, token.head, stance)  # "entry into force is expected in May"
        if verb is None and token.dep_ == "nsubj" and token.head.lemma_.lower() in _COMING:
            verb = token.head  # "its withdrawal took effect in May"
        if verb is None or stance.modality == "planned":
            return []
        return self.when(frame, verb, stance)

    def _particle(self, p: Predication) -> None:
        """Take "down" for a particle in "voted down the treaty", which the parser may not."""
        for name in self.particles.get(p.lemma, set()) & set(p.preps) if not p.particle else ():
            after = p.token.doc[p.token.i + 1] if p.token.i + 1 < len(p.token.doc) else None
            if after is not None and after.lower_ == name:
                p.particle = name
                p.objects += p.preps.pop(name)
                return

    # --- nouns of doing -------------------------------------------------------------------

    def _noun(self, token: Any) -> list[Bound]:
        if token.dep_ == "compound" and token.head.lemma_.lower() not in _CEREMONIES:
            return []  # "accession talks", "the approval process": not yet, and perhaps never
        stance, done = self.noun_stance(token)
        item = self._doing(token, stance) if done else None
        if item and item.frame.event == "Launch" and self._in_name(token):
            return []
        if item and self.draft.things[item.roles["theme"][0][0]].cls in BODIES:
            return []  # "the accession to the Union": who speaks of it tells nothing yet
        return [item] if item else []

    def _in_name(self, token: Any) -> bool:
        """Tell whether a noun only says what a pact is about: "agreement on the creation of"."""
        prep = token.head
        if token.dep_ != "pobj" or prep.lower_ not in {"on", "for", "concerning", "about"}:
            return False
        head = self.refer.head(prep.head)
        return head is not None and is_a(head.cls, "Agreement")

    def _doing(self, token: Any, stance: Stance) -> Bound | None:
        lemma = token.lemma_.lower()
        p = _around(token)
        if lemma == "entry" and not _FORCE & {t.lower_ for t in p.slot("into")}:
            return None
        for frame in self.nouns.get(lemma, ()):
            theme = self._theme(
                replace(
                    frame.theme,
                    slots=(*(s for s in frame.theme.slots if s in _OBJECTIVE), "object", "poss"),
                ),
                p,
            )
            theme = theme or self._behind_doer(frame, p) or self.spoken_of(frame, token, p)
            if not theme:
                continue
            times = self.when(frame, token, stance) or self._lent(frame, token, stance)
            if frame.needs_time and not any(t.day for t in times):
                continue
            roles = {
                "theme": theme,
                "actor": self._doers(frame, token, p, [k for k, _ in theme]),
                "goal": [],
                "place": self._places(p),
            }
            return Bound(frame, token, lemma, roles, stance, times)
        return None

    def _behind_doer(self, frame: Frame, p: Predication) -> list[tuple[str, Span]]:
        """ "Approval by the Senate of the treaty": the parser hangs the treaty from the Senate."""
        preps = [c for t in p.slot("by") for c in t.children if c.lower_ in _OBJECTIVE]
        objs = [t for c in preps for g in c.children if g.dep_ == "pobj" for t in conjuncts(g)]
        return self._fits(frame, objs)

    def _doers(
        self, frame: Frame, token: Any, p: Predication, themes: list[str]
    ) -> list[tuple[str, Span]]:
        """Return who does what a noun names: "its withdrawal", "ratification by", "X's exit"."""
        if not frame.actor.slots:
            return []
        slots = tuple(s for s in frame.actor.slots if s != "subject")
        found = self._fill(replace(frame.actor, slots=(*slots, "by", "of", "poss")), p)
        for word in p.slot("poss"):
            if word.tag_ == "PRP$":
                found += [(k, self.paragraph.spans[word.i]) for k in self.possessor(word)]
        found = found or self.doers_beyond(frame, token, p)
        if not found:
            left = noun_modifiers(token)
            found = [
                (k, self.paragraph.spans[w.i])
                for w in left
                for k in self.refer._polities(w)
                if p.objects[:1] != [w]
            ]
        found = [
            (k, s)
            for k, s in found
            if k not in themes and frame.actor.fits(self.draft.things[k].cls)
        ]
        head = governor(token)
        law = False
        while head is not None and (head.lower_ in {"of", "on"} or head.lemma_ in _PAPERS | LAWS):
            law = law or head.lemma_ in LAWS or law_before(head)
            head = governor(head)  # "deposited its notice of withdrawal", "passed a law on"
        by_subject = _BY_SUBJECT | ENACTING if law else _BY_SUBJECT
        if not found and head is not None and head.lemma_ in by_subject:
            found = [
                (k, s)
                for k, s in self._fill(Role(("subject",), frame.actor.types), predication(head))
                if self.draft.things[k].cls != "Person"
            ]
        return found


def _around(token: Any) -> Predication:
    """Return what stands around a noun of doing as if it were a predicate."""
    p = Predication(token, token.lemma_.lower())
    if token.dep_ == "compound" and token.head.lemma_.lower() in _OCCASIONS:
        token = token.head
    for child in token.children:
        if child.dep_ in {"prep", "agent"}:
            objs = [t for g in child.children if g.dep_ == "pobj" for t in conjuncts(g)]
            p.preps.setdefault(child.lower_, []).extend(objs)
            for obj in objs if child.lower_ == "of" else ():  # "the signing of a pact by A"
                by = [c for c in obj.children if c.dep_ == "prep" and c.lower_ == "by"]
                objs_by = [t for c in by for g in c.children for t in conjuncts(g)]
                p.preps.setdefault("by", []).extend(objs_by)
            if objs and objs[0].lower_ in _FORCE:  # "entry into force of the treaty"
                inner = _around(objs[0])
                p.preps.setdefault("of", []).extend(inner.slot("of"))
        elif child.dep_ == "poss":
            p.preps.setdefault("poss", []).extend(conjuncts(child))
    if token.dep_ == "dobj":  # "approved the accession of A to the treaty": hung from the verb
        for prep in token.head.children:
            if prep.dep_ == "prep" and prep.lower_ in {"to", "from"} and prep.i > token.i:
                objs = [t for g in prep.children if g.dep_ == "pobj" for t in conjuncts(g)]
                p.preps.setdefault(prep.lower_, []).extend(objs)
    left = [w for w in noun_modifiers(token) if w.i != p.token.i]  # "the approval process"
    if not p.preps.get("of") and left:
        p.objects = left[-1:]
    return p
