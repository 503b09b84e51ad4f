"""Frames bound to predicates: which things fill which roles."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kg.claim.draft import Stance
from kg.claim.factual import View
from kg.claim.frames import Frame, Role
from kg.claim.stances import Stances
from kg.claim.syntax import (
    Predication,
    conjuncts,
    determiner,
    governor,
    predication,
)
from kg.model import Span, TimeRef
from kg.vocab import is_a

_LIGHT = {
    "partnership",
    "cooperation",
    "collaboration",
    "conjunction",
    "association",
    "coordination",
    "presence",
}


@dataclass
class Bound:
    """A frame that fits a predicate, with the things that fill its roles."""

    frame: Frame
    token: Any
    lemma: str
    roles: dict[str, list[tuple[str, Span]]]
    stance: Stance
    times: list[TimeRef] = field(default_factory=list)


class Binding(Stances):
    """Fills the roles of frames with things of the document."""

    def _bind(self, frame: Frame, p: Predication, stance: Stance, view: View) -> Bound | None:
        if view.purpose and not p.passive:
            return None
        roles: dict[str, list[tuple[str, Span]]] = {}
        if frame.theme.slots:
            theme = self._theme(frame.theme, p)
            if not theme and frame.id == "implement" and p.token.dep_ in {"advcl", "acl", "relcl"}:
                theme = self._objects_of_head(frame.theme, p.token)
            if not theme:
                return None
            roles["theme"] = theme
        roles["actor"] = self._fill(frame.actor, p)
        roles["goal"] = self._goal(frame.goal, p)
        if frame.theme.new:
            named = roles["actor"]
            pair_like = len(named) >= 1
            if (
                len(named) < frame.needs
                or not pair_like
                or (frame.needs_goal and not roles["goal"])
            ):
                return None
            venue = self.event_at(p) if frame.theme.new in {"Talks", "Meeting"} else ""
            span = self.paragraph.spans[p.token.i]
            roles["theme"] = (
                [(venue, span)] if venue else [self._new_event(frame, named, roles["goal"], p)]
            )
        if frame.doing and len(roles.get("theme", [])) == 1:
            roles["theme"] = self._shared_out(roles, p)
        if frame.done_only and stance.modality not in {"actual", "planned", "negated"}:
            return None
        roles["place"] = self._places(p)
        roles["witness"] = self._witnesses(p)
        roles["about"] = self._subject_matter(p)
        return Bound(frame, p.token, p.lemma, roles, stance, self._times(p.token, stance))

    def _shared_out(
        self, roles: dict[str, list[tuple[str, Span]]], p: Predication
    ) -> list[tuple[str, Span]]:
        """ "Both countries run an X programme" means one programme each."""
        theme, span = roles["theme"][0]
        states = [k for k, _ in roles["actor"] if self.draft.things[k].cls == "State"]
        both = any(c.lower_ in {"both", "each"} for s in p.subjects for c in s.children)
        indefinite = any(determiner(o) in {"a", "an"} for o in p.objects)
        if len(states) < 2 or not both or not indefinite or self.draft.things[theme].proper:
            return roles["theme"]
        base = self.draft.things[theme]
        shared = []
        for state in states:
            name = self.draft.things[state].label
            thing = self.draft.thing(
                f"{theme}-{state.split(':')[1]}", base.cls, f"{name} {base.label}"
            )
            thing.parties.setdefault(state)
            thing.traits["only"] = state
            self.draft.mention(thing.key, span, "description", f"{name} {base.label}")
            shared.append((thing.key, span))
        return shared

    def _objects_of_head(self, role: Role, token: Any) -> list[tuple[str, Span]]:
        head = governor(token)
        return (
            self._theme(role, predication(head)) if head is not None and head.pos_ == "VERB" else []
        )

    def _theme(self, role: Role, p: Predication) -> list[tuple[str, Span]]:
        for slot in role.slots:
            tokens = p.slot(slot)
            if role.through:
                tokens = [t for token in tokens for t in self._through(token)]
            if "Event" in role.types:
                found = self._sessions(tokens, role)
                if found:
                    return found
            found = [
                (k, s) for k, s in self.refer.all(tokens) if role.fits(self.draft.things[k].cls)
            ]
            if found:
                return found
        return []

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

    def session(self, framework: str, span: Span) -> str:
        """Return the session of a dialogue framework that this document is about."""
        thing = self.draft.things[framework]
        key = f"event:session-{framework.replace(':', '-')}"
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

    def event_at(self, p: Predication) -> str:
        """Return the meeting that a clause says it happened at, or nothing."""
        for slot in ("during", "at", "in"):
            for token in p.slot(slot):
                tokens = [token]
                if token.lower_ in {
                    "end",
                    "conclusion",
                    "close",
                    "start",
                    "beginning",
                    "sidelines",
                    "margins",
                }:
                    tokens = [
                        g
                        for c in token.children
                        if c.dep_ == "prep"
                        for g in c.children
                        if g.dep_ == "pobj"
                    ]
                for key, span in self.refer.all(tokens):
                    cls = self.draft.things[key].cls
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

    def _fill(self, role: Role, p: Predication) -> list[tuple[str, Span]]:
        found: list[tuple[str, Span]] = []
        for slot in role.slots:
            for key, span in self.refer.all(p.slot(slot)):
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

    def place(self, token: Any) -> list[str]:
        """Return the place that a town or country names; its key begins with `place:`."""
        chunk = self.paragraph.chunks[token.i]
        if chunk is None or not (
            chunk.cls in {"Place", "Seat"}
            or (chunk.known and chunk.known.type in {"State", "SubnationalState"})
        ):
            return []
        if chunk.cls == "Seat" and "place" not in chunk.traits:
            return []
        if chunk.cls not in {"Place", "Seat"}:
            return self.refer.chunk(chunk)
        thing = self.draft.thing(
            f"place:{chunk.text.lower().replace(' ', '-')}", "Place", chunk.text
        )
        thing.proper = True
        self.draft.mention(thing.key, chunk.span, "name", chunk.text)
        return [thing.key]

    def _witnesses(self, p: Predication) -> list[tuple[str, Span]]:
        """Return who was there: "in the presence of A and B", "witnessed by A"."""
        found: list[tuple[str, Span]] = []
        for token in p.token.sent:
            if token.lower_ == "presence" or token.lower_ == "witnessed":
                objs = [
                    t
                    for c in token.children
                    if c.lower_ in {"of", "by"}
                    for g in c.children
                    if g.dep_ == "pobj"
                    for t in conjuncts(g)
                ]
                found += [
                    (k, s)
                    for k, s in self.refer.all(objs)
                    if is_a(self.draft.things[k].cls, "Agent")
                ]
        return found

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
        return [
            (k, s)
            for k, s in self.refer.all(objs)
            if is_a(self.draft.things[k].cls, "PolicyObject")
        ]

    def _places(self, p: Predication) -> list[tuple[str, Span]]:
        """Return where something happened; a town may hang deep inside the object's phrase."""
        found: list[tuple[str, Span]] = []
        for token in p.token.sent:
            if token.dep_ != "pobj" or token.head.lower_ not in {"in", "at"}:
                continue
            direct = token.head.head.i == p.token.i
            chunk = self.paragraph.chunks[token.i]
            town = chunk is not None and chunk.cls in {"Place", "Seat"}
            if direct or (town and _nearest_verb(token) == p.token.i):
                found += [(k, self.paragraph.spans[token.i]) for k in self.place(token)]
        return found

    def _new_event(
        self,
        frame: Frame,
        actors: list[tuple[str, Span]],
        goals: list[tuple[str, Span]],
        p: Predication,
    ) -> tuple[str, Span]:
        cls = frame.theme.new
        states = sorted({self._state_of(k) for k, _ in actors} - {""})
        who = "-".join(states) or "-".join(sorted(k.split(":", 1)[1] for k, _ in actors))
        goal = goals[0][0].split(":", 1)[1] if goals else ""
        key = f"event:{cls.lower()}-{who}{'-' + goal if goal else ''}"
        names = " and ".join(self.draft.things[k].label for k, _ in actors)
        label = {
            "Visit": f"visit by {names}"
            + (f" to {self.draft.things[goals[0][0]].label}" if goals else ""),
            "Talks": f"talks of {names}",
        }.get(cls, f"meeting of {names}")
        thing = self.draft.thing(key, cls, label)
        span = self.paragraph.spans[p.token.i]
        self.draft.mention(thing.key, span, "description", p.token.text)
        return thing.key, span

    def _state_of(self, key: str) -> str:
        if key.startswith(("state:", "polity:")):
            return key.split(":", 1)[1]
        return self.refer.side.get(key, "").removeprefix("state:")


def lift_light(p: Predication) -> None:
    """Lift "in partnership between A and B": what hangs from a light noun belongs to the verb."""
    for slot in list(p.preps.values()):
        for token in slot:
            if token.lemma_.lower() in _LIGHT:
                for child in token.children:
                    if child.dep_ == "prep":
                        objs = [t for c in child.children if c.dep_ == "pobj" for t in conjuncts(c)]
                        p.preps.setdefault(child.lower_, []).extend(objs)
                        # "A from one side and B from the other": the parser hangs B lower.
                        p.preps[child.lower_].extend(_orgs_right(token, objs))


def _orgs_right(token: Any, objs: list[Any]) -> list[Any]:
    return [
        t
        for side in token.children
        if side.dep_ == "prep" and side.lower_ == "from"
        for c in side.children
        if c.dep_ == "pobj"
        for t in conjuncts(c)[1:]
        if t.pos_ == "PROPN" and t not in objs
    ]


def _nearest_verb(token: Any) -> int:
    for above in token.ancestors:
        if above.pos_ in {"VERB", "AUX"}:
            return int(above.i)
    return -1


def _crosses_verb(token: Any, top: Any) -> bool:
    while token.i != top.i:
        if token.pos_ == "VERB":
            return True
        token = token.head
    return False
