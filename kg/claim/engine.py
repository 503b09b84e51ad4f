"""Frames applied to sentences: predicates and nouns of doing become events, statuses, facts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any

from kg.claim import frames as frame_data
from kg.claim.content import Content
from kg.claim.draft import Draft, Stance
from kg.claim.factual import Factuality, View
from kg.claim.frames import Emission, Frame, Role
from kg.claim.refer import Referents
from kg.claim.syntax import (
    Predication,
    conjuncts,
    determiner,
    governor,
    noun_modifiers,
    predication,
    verbs,
)
from kg.model import Span, TimeRef, Value
from kg.spot import dates
from kg.spot.lexicon import Lexicon
from kg.spot.parse import Paragraph
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
_ABOUT = {
    "talk",
    "speak",
    "refer",
    "comment",
    "respond",
    "elaborate",
    "ask",
    "answer",
    "describe",
    "point",
}
_AFTER = {"after", "following", "since", "at", "during", "with", "upon", "by"}
_BEGINNINGS = {"Signing", "Launch", "Enactment", ""}
_BEFORE = {"before", "until", "ahead", "pending", "towards", "toward", "for"}


@dataclass
class Bound:
    """A frame that fits a predicate, with the things that fill its roles."""

    frame: Frame
    token: Any
    lemma: str
    roles: dict[str, list[tuple[str, Span]]]
    stance: Stance
    times: list[TimeRef] = field(default_factory=list)


class Engine:
    """Applies all frames to the sentences of one document."""

    def __init__(self, draft: Draft, refer: Referents, lexicon: Lexicon) -> None:
        self.draft, self.refer, self.lex = draft, refer, lexicon
        self.factual = Factuality(lexicon)
        self.content = Content(lexicon)
        self.frames = frame_data.load()
        self.triggers = {v for f in self.frames for v in f.verbs}
        self.nouns = {n for f in self.frames for n in f.nouns if f.theme.slots}
        self.speech_day: dict[str, dt.date] = {}
        self.paragraph: Paragraph
        self.views: dict[int, tuple[Stance, View]] = {}
        self.themes: list[tuple[str, Stance, Any]] = []  # policy objects acted on in the sentence
        self.quote_speaker: str | None = None
        self.default_speaker: tuple[str, Span] | None = None
        self.times: dict[int, list[dates.Found]] = {}

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

    def stance(self, token: Any) -> tuple[Stance, View]:
        """Return a predicate's stance with speaker and day of the statement."""
        if token.i in self.views:
            return self.views[token.i]
        view = self.factual.view(token)
        speaker, span = self._speaker(token, view)
        said = self.speech_day.get(speaker) if speaker else None
        stance = replace(view.stance, speaker=speaker, speaker_span=span, said=said)
        self.views[token.i] = (stance, view)
        return stance, view

    def _speaker(self, token: Any, view: View) -> tuple[str | None, Span | None]:
        if view.reporter is not None:
            p = predication(view.reporter)
            for subject in p.subjects:
                for key in self.refer.one(subject):
                    if (
                        is_a(self.draft.things[key].cls, "Agent")
                        and self.draft.things[key].cls != "NewsOrganization"
                    ):
                        return key, self.paragraph.spans[subject.i]
            return None, None
        above = [a for a in token.ancestors if a.lemma_.lower() in _ABOUT and a.dep_ == "advcl"]
        if above and above[-1].head.lemma_.lower() in self.lex.words["report"]:
            for subject in predication(above[-1].head).subjects:
                for key in self.refer.one(subject):
                    return key, self.paragraph.spans[subject.i]
        if self.default_speaker:
            return self.default_speaker
        if self.paragraph.quoted[token.i] and self.quote_speaker:
            return self.quote_speaker, None
        return None, None

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
            named = [a for a in roles["actor"]]
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
            for obj in p.objects:
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

    def _places(self, p: Predication) -> list[tuple[str, Span]]:
        return [
            (k, self.paragraph.spans[t.i])
            for slot in ("in", "at")
            for t in p.slot(slot)
            for k in self.place(t)
        ]

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

    def _attach_times(self, sentence: Any) -> dict[int, list[dates.Found]]:
        table: dict[int, list[dates.Found]] = {}
        for token in sentence:
            chunk = self.paragraph.chunks[token.i]
            if chunk is None or chunk.time is None:
                continue
            current = token
            while current.dep_ != "ROOT":
                current = current.head
                if (
                    current.pos_ in {"VERB", "AUX"}
                    or (current.lemma_.lower() in self.nouns and current.pos_ == "NOUN")
                    or (self.refer.head(current) is not None and self._is_event_head(current))
                ):
                    break
            table.setdefault(current.i, []).append(chunk.time)
        return table

    def _is_event_head(self, token: Any) -> bool:
        head = self.refer.head(token)
        return head is not None and is_a(head.cls, "Event")

    def _times(self, token: Any, stance: Stance) -> list[TimeRef]:
        found = list(self.times.get(token.i, []))
        for child in token.children:
            if child.dep_ in {"dobj", "nsubjpass", "nsubj"} and self._is_event_head(child):
                found += self.times.get(child.i, [])
        if not found and token.dep_ == "conj" and token.head.pos_ == "VERB":
            found = list(self.times.get(token.head.i, []))
        past = stance.modality not in {"planned", "expected", "desired", "possible"}
        return [self.resolve(f, stance, past) for f in found]

    def resolve(self, found: dates.Found, stance: Stance, past: bool) -> TimeRef:
        """Count a time expression from the statement it stands in, else from the issue date."""
        if stance.said:
            return dates.resolve(found, stance.said, past, "statement")
        return dates.resolve(found, self.draft.document.date, past, "document")

    # --- statements of a frame ------------------------------------------------------------

    def _emit(self, b: Bound) -> None:
        day = next((t.day or t.earliest for t in b.times if t.earliest), None)
        for theme, span in b.roles.get("theme", [("", None)]):
            event = self._event(b, theme) if b.frame.event else ""
            if theme and is_a(self.draft.things[theme].cls, "PolicyObject"):
                self.themes.append((theme, b.stance, b.token))
                self.refer.topic_thing = theme
            for emission in b.frame.emit:
                self._emission(emission, b, theme, span, event, day)
            self._status(b, theme, day)
            self._parts(b, theme, event)

    def _parts(self, b: Bound, theme: str, event: str) -> None:
        """State what a session is a session of, and at which meeting something happened."""
        thing = self.draft.things.get(theme)
        if thing and thing.traits.pop("unsaid", ""):
            self.draft.say(theme, "pg:sessionOf", thing.traits["framework"], "session", b.stance)
            self.draft.say(
                theme, "rdf:type", Value("DialogueSession", "class"), "session", b.stance
            )
        if thing and is_a(thing.cls, "Event"):
            thing.traits["planned"] = "yes" if b.stance.modality == "planned" else ""
            self.refer.topic_thing = theme
        if event and b.token.pos_ == "VERB":
            venue = self.event_at(predication(b.token)) or self._on_trip(b.token)
            if venue and venue != event:
                self.draft.say(event, "pg:subEventOf", venue, "venue", b.stance)

    def _on_trip(self, token: Any) -> str:
        for word in predication(token).slot("on"):
            for key in self.refer.one(word):
                if is_a(self.draft.things[key].cls, "Visit"):
                    stance = self.stance(token)[0]
                    if stance.speaker and self.draft.things[stance.speaker].cls == "Person":
                        actual = replace(stance, modality="actual", factuality="done")
                        self.draft.say(key, "pg:hasParticipant", stance.speaker, "trip", actual)
                    return key
        return ""

    def _event(self, b: Bound, theme: str) -> str:
        thing = self.draft.things[theme]
        key = f"event:{b.frame.event.lower()}-{theme.replace(':', '-')}"
        event = self.draft.thing(
            key,
            b.frame.event,
            f"{_noun_of(b.frame)} of the {thing.label}"
            if thing.label[:1].isupper() or True
            else "",
        )
        self.draft.mention(event.key, self.paragraph.spans[b.token.i], "description", b.token.text)
        event.traits.setdefault("theme", theme)
        self.draft.say(key, "rdf:type", Value(b.frame.event, "class"), b.frame.id, b.stance)
        return event.key

    def _emission(
        self, e: Emission, b: Bound, theme: str, span: Span | None, event: str, day: dt.date | None
    ) -> None:
        subject = {"event": event, "theme": theme}.get(e.subject, "")
        if not subject or not self._condition(e, b, theme):
            return
        if e.predicate in {"time", "end"}:
            self._say_time(subject, b, e.predicate == "end")
            return
        if e.object == "theme":
            self.draft.say(subject, e.predicate, theme, b.frame.id, b.stance, at=(None, span))
            return
        for key, at in b.roles.get(e.object, []):
            cls = self.draft.things[key].cls
            if e.types and not any(is_a(cls, t) for t in e.types):
                continue
            if key == subject or self.draft.things[subject].traits.get("only", key) != key:
                continue
            self.draft.say(
                subject,
                e.predicate,
                key,
                b.frame.id,
                b.stance,
                at=(span if subject == theme else None, at),
            )
            if e.predicate == "pg:party" and cls in {"State", "Bloc"}:
                self.draft.things[theme].parties.setdefault(key)

    def _condition(self, e: Emission, b: Bound, theme: str) -> bool:
        if not e.when_role:
            return True
        if e.when_role == "verb":
            return b.lemma in e.when_values
        return bool(theme) and any(is_a(self.draft.things[theme].cls, v) for v in e.when_values)

    def _say_time(self, subject: str, b: Bound, end: bool) -> None:
        for time in b.times:
            if time.day:
                predicate = "pg:endDate" if end else "pg:eventDate"
            else:
                predicate = "pg:year" if time.year else "pg:when"
            self.draft.say(
                subject, predicate, time, f"{b.frame.id}.time", b.stance, at=(None, time.span)
            )

    def _status(self, b: Bound, theme: str, day: dt.date | None) -> None:
        status = b.frame.status
        if not theme or (not status and not b.frame.doing):
            return
        thing, stance = self.draft.things[theme], b.stance
        actual = replace(stance, modality="actual")
        if b.frame.doing:
            if stance.factuality in {"ongoing", "done"}:
                self.draft.say(
                    theme, "pg:status", Value(b.frame.doing, "status"), b.frame.id, actual
                )
            return
        if b.frame.occurs and not is_a(thing.cls, "Event"):
            return
        if b.frame.plan and stance.modality != "planned":
            return
        if stance.modality == "actual":
            if b.frame.occurs and (stance.factuality == "ongoing" or b.lemma in b.frame.weak):
                status = "active"
            self.draft.say(
                theme, "pg:status", Value(status, "status"), b.frame.id, actual, as_of=day
            )
        elif stance.modality == "planned" and (b.frame.occurs or b.frame.event in _BEGINNINGS):
            self.draft.say(theme, "pg:status", Value("planned", "status"), b.frame.id, actual)
        elif stance.modality == "negated":
            self.draft.say(theme, "pg:status", Value(status, "status"), b.frame.id, stance)


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


def _crosses_verb(token: Any, top: Any) -> bool:
    while token.i != top.i:
        if token.pos_ == "VERB":
            return True
        token = token.head
    return False


def _noun_of(frame: Frame) -> str:
    return frame.event[0].lower() + "".join(
        f" {c.lower()}" if c.isupper() else c for c in frame.event[1:]
    )


def all_verbs(sentence: Any) -> list[Any]:
    """Return the predicates of a sentence."""
    return list(verbs(sentence))
