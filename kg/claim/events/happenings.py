"""Meetings, talks and visits that a noun names: who, with whom, where to, about what, when."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kg.claim.draft import Stance
from kg.claim.modality.nominal import GATHER, HOSTING
from kg.claim.syntax import conjuncts, governor, noun_modifiers, predication
from kg.claim.who.attending import Attending
from kg.model import Span, TimeRef, Value
from kg.vocab import is_a

_HAPPENINGS = ("Meeting", "Talks", "Negotiation", "Visit", "TradeMission")
_WITH = set("of between with among involving by".split())
_ABOUT = set("on over about regarding concerning for".split())
_LENDING = {"pay", "make", "undertake", "conduct", "have", "do"}
_ENGAGED = set(
    """be hold have begin start enter resume continue conduct end conclude launch open reopen
    restart suspend pause break halt freeze stall abandon quit leave want seek plan""".split()
)
_APPEARING = {"speak", "appear", "answer", "testify", "lecture", "debate"}
_FIXING = {"plan", "schedule", "slate", "set", "fix", "expect", "arrange"}
Found = list[tuple[str, Span]]


class Happenings(Attending):
    """States what the phrase around an event's noun says."""

    def happenings(self, sentence: Any) -> None:
        """Read the phrases of meetings, talks and visits of a sentence."""
        for token in sentence:
            if token.pos_ not in {"NOUN", "PROPN"} or token.dep_ == "compound":
                continue
            if not self._may_happen(token):
                continue
            stance, asserted = self.noun_stance(token, happening=True)
            if asserted and not _same_trip(token) and (key := self._happening(token)):
                told = self.staged.get(key, stance)  # "the session opens in May": to come
                self._tell(key, token, told if told.modality == "planned" else stance)

    def _may_happen(self, token: Any) -> bool:
        chunk = self.paragraph.chunks[token.i]
        if chunk is None:
            return bool(self._is_event_head(token))
        return any(is_a(chunk.cls, c) for c in _HAPPENINGS)

    def _happening(self, token: Any) -> str:
        for key in self.refer.one(token):
            if any(is_a(self.draft.things[key].cls, c) for c in _HAPPENINGS):
                return key
        return ""

    def _tell(self, key: str, token: Any, stance: Stance) -> None:
        cls, span = self.draft.things[key].cls, self.paragraph.spans[token.i]
        actors, goals = self._phrase_roles(token, is_a(cls, "Visit"))
        actors += self._engaged(token, actors)
        actors += self._acting_there(token)
        for host, at in self._hosts(token):
            self.draft.say(key, "pg:organizer", host, "noun", stance, at=(span, at))
        own = any(c.lower_ == "its" for c in token.children)
        if own and not actors and is_a(cls, "Meeting"):
            actors = self._convened(span)
        for actor, at in actors:
            standing = self.convenes(actor, own and cls in {"Meeting", "DialogueSession"})
            use = "pg:sessionOf" if standing else "pg:hasParticipant"
            if actor != key:
                self.draft.say(key, use, actor, "noun", stance, at=(span, at))
        for goal, at in goals:
            self.draft.say(key, "pg:destination", goal, "noun", stance, at=(span, at))
        for theme, at in self._matters(token):
            self.draft.say(key, "pg:concerns", theme, "noun", stance, at=(span, at))
        for place, at in [] if goals else [*self.local(token), *self.named_after(token)]:
            self.draft.say(key, "pg:place", place, "noun", stance, at=(span, at))
        self._fixed(key, token, stance)
        times = self._times(token, stance)
        verb = governor(token)
        if not times and verb is not None and verb.lemma_.lower() in _LENDING:
            times = self._times(verb, stance)  # "paid a visit on 10 May"
        if not times and verb is not None and verb.lower_ in {"at", "during"}:
            times = self._beside(token, governor(verb), stance)
        self.say_times(key, times, "noun.time", stance)
        if stance.modality == "actual" or (stance.modality == "planned" and actors):
            self.recent_meeting = key
        planned = stance.modality == "planned" and (is_a(cls, "Meeting") or is_a(cls, "Visit"))
        if planned and not any(c.predicate == "pg:status" for c in self.draft.about(key)):
            actual = replace(stance, modality="actual")
            self.draft.say(key, "pg:status", Value("planned", "status"), "noun", actual)

    def _beside(self, token: Any, acting: Any, stance: Stance) -> list[TimeRef]:
        """Return the verb's times right behind a noun: "approved it at a meeting in July".

        An exact day in the past may be only that of the deed, one of several days.
        """
        if acting is None or acting.pos_ not in {"VERB", "AUX"}:
            return []
        last = max(t.i for t in token.subtree)
        if last + 2 < len(token.doc) and token.doc[last + 1].text == ",":
            last += 1
        near = [token.doc[i] for i in (last + 1, last + 2) if i < len(token.doc)]
        spans = {self.paragraph.spans[t.i] for t in near}
        times = [t for t in self._times(acting, stance) if t.span in spans]
        return [t for t in times if not t.day or stance.modality == "planned"]

    def _convened(self, span: Span) -> Found:
        """Return the one standing body just spoken of: "its first session"."""
        things, now = self.draft.things, self.draft.number
        found = [k for k, t in things.items() if t.last >= now - 1 and self.convenes(k)]
        return [(k, span) for k in found] if len(found) == 1 else []

    def _fixed(self, key: str, token: Any, stance: Stance) -> None:
        """ "The round planned for September was cancelled": a plan, whatever became of it."""
        for verb in token.children:
            if verb.dep_ != "acl" or verb.lemma_.lower() not in _FIXING or verb.tag_ != "VBN":
                continue
            ahead = replace(stance, factuality="planned", modality="planned")
            self.say_times(key, self._times(verb, ahead), "noun.time", ahead)

    def _phrase_roles(self, token: Any, visit: bool) -> tuple[Found, Found]:
        actors: Found = []
        goals: Found = []
        for child in token.children:
            name = child.lower_
            if child.dep_ == "poss":
                actors += self._owner(child)
            elif child.dep_ in {"prep", "agent"}:
                objs = [t for g in child.children if g.dep_ == "pobj" for t in conjuncts(g)]
                if visit and name in {"to", "in"}:
                    for obj in objs:
                        goals += self._destination(obj)
                elif name in _WITH:
                    actors += [
                        (k, s)
                        for k, s in self.refer.all(objs)
                        if is_a(self.draft.things[k].cls, "Agent")
                        or (not visit and self.convenes(k))
                    ]
                    for obj in objs if visit else ():
                        _, more = self._phrase_roles(obj, visit)
                        goals += more
        if not visit:
            for word in noun_modifiers(token):
                chunk = self.paragraph.chunks[word.i]
                if chunk is not None and chunk.cls == "Pair":
                    actors += [(k, chunk.span) for k in self.refer.chunk(chunk)]
        return actors, goals

    def _owner(self, token: Any) -> Found:
        """Return who "his", "their", "the minister's" means."""
        if token.tag_ == "PRP$":
            return [(k, self.paragraph.spans[token.i]) for k in self.possessor(token)]
        return [
            (k, s)
            for k, s in self.refer.all(conjuncts(token))
            if is_a(self.draft.things[k].cls, "Agent")
        ]

    def possessor(self, token: Any) -> list[str]:
        """Return whom a possessive pronoun means: one named in the sentence, else the last one."""
        word = token.lower_
        persons = word in {"his", "her"}
        if not persons and word not in {"its", "their"}:
            return []
        verb = token
        while verb.pos_ not in {"VERB", "AUX"} and governor(verb) is not None:
            verb = governor(verb)
        found = [
            k
            for s in predication(verb).subjects
            if token.i not in range(s.left_edge.i, s.i)
            for k in self.refer.one(s)
            if is_a(self.draft.things[k].cls, "Agent")
        ]
        if persons:
            found = [k for k in found if self.draft.things[k].cls == "Person"]
            return found[:1] or ([self.refer.person] if self.refer.person else [])
        if word == "its":
            return found if len(found) == 1 else []
        return found if len(found) > 1 else []

    def _destination(self, token: Any) -> Found:
        keys = self.place(token) or [
            k for k in self.refer.one(token) if is_a(self.draft.things[k].cls, "Polity")
        ]
        return [(k, self.paragraph.spans[token.i]) for k in keys]

    def _engaged(self, token: Any, actors: Found) -> Found:
        """ "Chile is in talks with Peru": the subject takes part as well."""
        partners = any(c.dep_ == "prep" and c.lower_ == "with" for c in token.children)
        if not actors or not partners:
            return []
        verb = governor(token)
        if verb is not None and verb.pos_ == "ADP":
            verb = governor(verb)
        if verb is None or verb.lemma_.lower() not in _ENGAGED:
            return []
        return [
            (k, s)
            for k, s in self.refer.all(predication(verb).subjects)
            if is_a(self.draft.things[k].cls, "Agent")
        ]

    def _hosts(self, token: Any) -> Found:
        """ "Oman was host of the talks", "A is the chair of the conference"."""
        prep = governor(token)
        noun = governor(prep) if prep is not None and prep.lower_ == "of" else None
        if noun is None or noun.lemma_.lower() not in HOSTING or noun.dep_ != "attr":
            return []
        return [
            (k, s)
            for k, s in self.refer.all(predication(noun.head).subjects)
            if is_a(self.draft.things[k].cls, "Agent")
        ]

    def _acting_there(self, token: Any) -> Found:
        """ "A is in Rome for the summit", "B flew in for the talks": who comes takes part."""
        prep = governor(token)
        verb = governor(prep) if prep is not None and prep.pos_ == "ADP" else None
        if verb is None or prep is None or verb.pos_ not in {"VERB", "AUX"}:
            return []
        going = prep.lower_ == "for" and verb.lemma_.lower() in GATHER
        if not going and not (prep.lower_ == "at" and _appears(verb)):
            return []
        p = predication(verb)
        return [
            (k, s)
            for k, s in self.refer.all(p.subjects)
            if self.draft.things[k].cls in {"Person", "State", "Bloc", "AgentGroup"}
        ]

    def _matters(self, token: Any) -> Found:
        objs = [
            t
            for c in token.children
            if c.dep_ == "prep" and c.lower_ in _ABOUT
            for g in c.children
            if g.dep_ == "pobj"
            for t in conjuncts(g)
        ]
        return [
            (k, s)
            for k, s in self.refer.all(objs)
            if is_a(self.draft.things[k].cls, "PolicyObject")
        ]


def _appears(verb: Any) -> bool:
    """Tell whether a verb says that somebody speaks or answers where it is done."""
    asked = any(c.dep_ == "dobj" and c.lemma_ == "question" for c in verb.children)
    return verb.lemma_.lower() in _APPEARING or (asked and verb.lemma_.lower() == "take")


def _same_trip(token: Any) -> bool:
    """ "Arrived in Rome for a state visit": the verb has told the visit already."""
    prep = governor(token)
    verb = governor(prep) if prep is not None and prep.lower_ in {"for", "on"} else None
    trip = token.lemma_.lower() in {"visit", "trip", "tour", "stopover"}
    return trip and verb is not None and verb.lemma_.lower() in {"arrive", "travel", "fly", "land"}
