"""What fills the roles of frames: things in slots, partners, places, witnesses, venues."""

from __future__ import annotations

from typing import Any

from kg.claim.draft import Stance
from kg.claim.frames import Role
from kg.claim.syntax import Predication, conjuncts, governor, predication, wider
from kg.claim.who.doers import Doers
from kg.model import Span
from kg.vocab import is_a

_BEFORE_EYES = {"presence", "gaze", "eyes", "watch", "attendance"}
_EDGES = set("sidelines margins sideline margin fringes occasion framework course day".split())
_PARTS = set("end conclusion close closing start beginning opening course".split())


class Roles(Doers):
    """Finds the things that stand in the slots of a predicate."""

    venue: Any = None  # the noun of the meeting that `event_at` found last

    def _theme(self, role: Role, p: Predication) -> list[tuple[str, Span]]:
        for slot in role.slots:
            tokens = p.slot(slot)
            if slot == "poss" and any(t.tag_ == "PRP$" for t in tokens):
                found = self._its(role, tokens)
                if found:
                    return found
            if role.noun:
                tokens = [t for t in tokens if t.pos_ != "PRON"]
            if role.through:
                tokens = [t for token in tokens for t in self._through(token)]
            if slot == "self" and "Programme" in role.types:
                tokens = [w for t in tokens for w in _worked_on(t)]
            happened = [e for t in tokens for e in self.named_doing(t, role)]
            if "Event" in role.types and not happened:
                happened = [e for t in tokens for e in self.ceremony(t)]
            if happened:
                return happened
            if "Event" in role.types:
                found = self._sessions(tokens, role)
                if found:
                    return found
            if slot in {"object", "subject"} and _expletive(p):
                tokens = [t for t in tokens if t.lower_ != "it"]
            found = [
                (k, s) for k, s in self.refer.all(tokens) if role.fits(self.draft.things[k].cls)
            ]
            found = found or self._further_up(role, tokens, p)
            if not found and not _expletive(p) and any(t.lower_ == "it" for t in tokens):
                found = [(k, self.paragraph.spans[p.token.i]) for k in self.last_of(role)]
            if found:
                return found
        return []

    def named_doing(self, token: Any, role: Role) -> list[tuple[str, Span]]:
        """Return the event that a noun of doing names, where an event may be what is changed."""
        return []

    def ceremony(self, token: Any) -> list[tuple[str, Span]]:
        """Return the event just told that a word such as "ceremony" means."""
        return []

    def last_of(self, role: Role) -> list[str]:
        """Return the named policy object that was spoken of last and fits, if only one was."""
        things = self.draft.things
        fitting = [
            (t.last, k)
            for k, t in things.items()
            if is_a(t.cls, "PolicyObject")
            and role.fits(t.cls)
            and t.last >= max(self.draft.number - 8, 0)
        ]
        latest = max((last for last, _ in fitting), default=-1)
        keys = [k for last, k in fitting if last == latest]
        named = [k for k in keys if things[k].proper]
        return next((some for some in (keys, named) if len(some) == 1), [])

    def _further_up(self, role: Role, tokens: list[Any], p: Predication) -> list[tuple[str, Span]]:
        """ "a memorandum on ports that A and B signed": the clause belongs further left."""
        for outer in (w for t in tokens for w in wider(t, p.token)):
            keys = [k for k in self.refer.one(outer) if role.fits(self.draft.things[k].cls)]
            if keys:
                return [(k, self.paragraph.spans[outer.i]) for k in keys]
        return []

    def _its(self, role: Role, tokens: list[Any]) -> list[tuple[str, Span]]:
        """ "after its ratification": the subject of the clause, else what is spoken of."""
        verb = tokens[0]
        while verb.pos_ not in {"VERB", "AUX"} and governor(verb) is not None:
            verb = governor(verb)
        keys = [k for k, _ in self.refer.all(predication(verb).subjects)]
        if any(is_a(self.draft.things[k].cls, "Agent") for k in keys):
            return []  # "its ratification" is then the state's doing
        known = self.refer.topic_thing
        keys = [k for k in keys if role.fits(self.draft.things[k].cls)] or [known or "doc"]
        return [
            (k, self.paragraph.spans[tokens[0].i])
            for k in keys[:1]
            if role.fits(self.draft.things[k].cls)
        ]

    def _sessions(self, tokens: list[Any], role: Role) -> list[tuple[str, Span]]:
        """A dialogue that is held or ends is one session of the standing dialogue."""
        found = []
        for key, span in self.refer.all(tokens):
            if self.draft.things[key].cls == "DialogueFramework" and not role.fits(
                "DialogueFramework"
            ):
                found.append((self.session(key, span), span))
            elif role.fits(self.draft.things[key].cls):
                found.append((key, span))
        return found

    def session(self, framework: str, span: Span, stance: Stance | None = None) -> str:
        """Return the session of a standing body that this document is about, or a planned one."""
        thing = self.draft.things[framework]
        key = f"event:session-{framework.replace(':', '-')}"
        if stance and stance.modality != "actual":
            key += f"-{stance.modality}"
        fresh = key not in self.draft.things
        session = self.draft.thing(key, "DialogueSession", f"{thing.label} session")
        session.names.setdefault(thing.label, 1)
        for party in thing.parties:
            session.parties.setdefault(party)
        session.traits["framework"] = framework
        self.draft.mention(key, span, "description")
        self.refer.topic_thing = key
        if fresh:
            session.traits["unsaid"] = "yes"
        return key

    def event_at(self, p: Predication, beside: bool = True) -> str:
        """Return the meeting that a clause says it happened at, or nothing.

        `beside` counts "on the sidelines of" too: part of the summit, but not the summit.
        """
        for slot in ("during", "at", "in", "on", "within"):
            for token in p.slot(slot):
                tokens = [token]
                if slot in {"on", "within"} and not (beside and token.lower_ in _EDGES):
                    continue
                if token.lower_ in _EDGES | _PARTS:
                    tokens = [
                        g
                        for c in token.children
                        if c.dep_ == "prep"
                        for g in c.children
                        if g.dep_ == "pobj"
                    ]
                for key, span in self.refer.all(tokens):
                    cls = self.draft.things[key].cls
                    self.venue = tokens[0]
                    if cls == "DialogueFramework" and slot in {"during", "at"}:
                        return self.session(key, span)
                    if (
                        is_a(cls, "Event")
                        and not is_a(cls, "LifecycleEvent")
                        and not is_a(cls, "CommunicationEvent")
                    ):
                        return key
        return ""

    def _through(self, token: Any) -> list[Any]:
        """ "announced the launch of X": what is announced is X as well as its launch."""
        if token.lemma_.lower() in self.nouns and self.paragraph.chunks[token.i] is None:
            inner = [
                t
                for c in token.children
                if c.dep_ == "prep" and c.lower_ == "of"
                for g in c.children
                if g.dep_ == "pobj"
                for t in conjuncts(g)
            ]
            return inner or [token]
        return [token]

    def delegations(self, role: Role, tokens: list[Any]) -> list[tuple[str, Span]]:
        """Return delegations that act, and who leads them; where people or groups are wanted."""
        return []

    def _fill(self, role: Role, p: Predication) -> list[tuple[str, Span]]:
        found: list[tuple[str, Span]] = []
        if "AgentGroup" in role.types and "subject" in role.slots:
            found += self.delegations(role, p.subjects)
        for slot in role.slots:
            for key, span in self.acting(slot, p):
                if role.fits(self.draft.things[key].cls) and key not in [k for k, _ in found]:
                    found.append((key, span))
        # Partners may stand inside the object: "an MoU on chips with India".
        if "with" in role.slots or "between" in role.slots:
            for obj in [*p.objects, *(s for s in p.subjects if self.refer.head(s) is not None)]:
                for key, span in self._partners(obj):
                    if role.fits(self.draft.things[key].cls) and key not in [k for k, _ in found]:
                        found.append((key, span))
        return found

    def _partners(self, token: Any) -> list[tuple[str, Span]]:
        found = []
        for t in token.subtree:
            if t.dep_ == "prep" and t.lower_ in {"with", "between"} and not _crosses_verb(t, token):
                objs = [x for c in t.children if c.dep_ == "pobj" for x in conjuncts(c)]
                found += [
                    (k, s)
                    for k, s in self.refer.all(objs)
                    if is_a(self.draft.things[k].cls, "Agent")
                ]
        return found

    def _goal(self, role: Role, p: Predication) -> list[tuple[str, Span]]:
        for slot in role.slots:
            found = []
            for token in p.slot(slot):
                keys = self.place(token) if "Place" in role.types else []
                keys = [
                    k for k in self.refer.one(token) if role.fits(self.draft.things[k].cls)
                ] or keys
                found += [(k, self.paragraph.spans[token.i]) for k in keys]
            if found:
                return found
            if p.objects:
                for obj in p.objects:
                    for c in obj.children:
                        if c.dep_ == "prep" and c.lower_ == slot:
                            found += [
                                (k, self.paragraph.spans[g.i])
                                for g in c.children
                                if g.dep_ == "pobj"
                                for k in self.refer.one(g)
                                if role.fits(self.draft.things[k].cls)
                            ]
                if found:
                    return found
        return []

    def _witnesses(self, p: Predication) -> list[tuple[str, Span]]:
        """Return who was there: "in the presence of A", "witnessed by A", "with A looking on"."""
        found: list[tuple[str, Span]] = []
        for token in p.token.sent:
            objs: list[Any] = []
            if token.lower_ in _BEFORE_EYES or token.lower_ in {"witnessed", "watched", "observed"}:
                objs = [
                    t
                    for c in token.children
                    if c.lower_ in {"of", "by"}
                    for g in c.children
                    if g.dep_ == "pobj"
                    for t in conjuncts(g)
                ]
            elif token.lower_ in {"looking", "watching", "present"}:
                objs = self._with(token)
            found += [
                (k, s) for k, s in self.refer.all(objs) if is_a(self.draft.things[k].cls, "Agent")
            ]
        return found

    def _with(self, token: Any) -> list[Any]:
        """Return the people between "with" and "looking on"."""
        people: list[Any] = []
        for i in range(token.i - 1, max(token.sent.start - 1, token.i - 12), -1):
            word, chunk = token.doc[i], self.paragraph.chunks[i]
            if word.lower_ == "with":
                return people[::-1]
            if chunk is not None and chunk.cls == "Person":
                people.append(word)
            elif word.text not in {",", "and", "the"} and chunk is None:
                break
        return []

    def _subject_matter(self, p: Predication) -> list[tuple[str, Span]]:
        """Return the agreement that "talks on an agreement" are about."""
        objs = [
            t
            for noun in [*p.objects, *p.subjects]
            for c in noun.children
            if c.dep_ == "prep" and c.lower_ in {"on", "over", "about", "for"}
            for g in c.children
            if g.dep_ == "pobj"
            for t in conjuncts(g)
        ]
        if p.lemma in {"discuss", "negotiate", "review", "debate"}:
            objs += p.objects
        return [
            (k, s)
            for k, s in self.refer.all(objs)
            if is_a(self.draft.things[k].cls, "PolicyObject")
        ]


def _crosses_verb(token: Any, top: Any) -> bool:
    while token.i != top.i:
        if token.pos_ == "VERB":
            return True
        token = token.head
    return False


def _expletive(p: Predication) -> bool:
    """ "It was agreed that …": the "it" means nothing."""
    return any(c.dep_ in {"ccomp", "csubj"} and c.i > p.token.i for c in p.token.children)


def _worked_on(token: Any) -> list[Any]:
    """ "Work on the line began", "construction of the line is to start": the line starts."""
    if token.lemma_.lower() not in {"work", "construction", "building", "implementation"}:
        return [token]
    preps = [c for c in token.children if c.dep_ == "prep" and c.lower_ in {"on", "of"}]
    return [t for c in preps for g in c.children if g.dep_ == "pobj" for t in conjuncts(g)]
