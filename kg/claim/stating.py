"""What a bound frame states: events, their roles, times, and the status of what they change."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import Any

from kg.claim.binding import Bound
from kg.claim.draft import Stance, Thing
from kg.claim.events.occasions import Occasions
from kg.claim.frames import Emission
from kg.claim.modality.polarity import HEARD
from kg.claim.syntax import predication
from kg.model import Span, TimeRef, Value
from kg.vocab import is_a

_LONG = {"conference", "summit", "congress", "negotiation", "session", "forum"}
_STARTING = {"begin", "start", "open", "launch", "commence", "resume", "kick", "enter"}
_DRAWN_OUT = ("Talks", "Negotiation")
_CONVENING = {"commission", "committee", "council", "conference", "forum", "group", "network"}
_BEGINNINGS = {"Signing", "Launch", "Enactment", ""}


class Stating(Occasions):
    """Writes the claims of bound frames."""

    recent = ""  # the last signing or meeting that was told as done
    recent_act = ""  # the last signing
    recent_meeting = ""

    def state(self, b: Bound) -> None:
        """Write the claims of a frame that was bound elsewhere, as from a list."""
        self._emit(b)

    def _emit(self, b: Bound) -> None:
        day = next((t.day for t in b.times if t.day), None)
        for theme, span in b.roles.get("theme", [("", None)]):
            event = self._event(b, theme) if b.frame.event else ""
            if theme and is_a(self.draft.things[theme].cls, "PolicyObject"):
                self.themes.append((theme, b.stance, b.token))
                self.refer.topic_thing = theme
            for emission in b.frame.emit:
                self._emission(emission, b, theme, span, event, day)
            self._where(b, event)
            self._status(b, theme, day)
            if b.frame.event == "Signing" or b.frame.occurs:
                self._recall(event or theme, b)
            self._parts(b, theme, event)
            self._sender(b, theme)

    def _sender(self, b: Bound, visit: str) -> None:
        """State whose delegation travels: the state that its name tells has sent it."""
        if b.frame.theme.new != "Visit":
            return
        for key, at in b.roles.get("actor", []):
            thing = self.draft.things[key]
            state = thing.traits.get("state")
            if state and thing.cls == "AgentGroup" and thing.traits.get("noun") == "delegation":
                self.draft.say(visit, "pg:sentBy", state, b.frame.id, b.stance, at=(None, at))

    def _recall(self, event: str, b: Bound) -> None:
        """Note the event that "also present was A" will mean in what follows."""
        self.staged[event] = b.stance
        if b.stance.modality == "actual":
            self.recent = event
            if not b.frame.occurs:
                self.recent_act = event
        if b.frame.occurs and b.stance.modality in {"actual", "planned"}:
            self.recent_meeting = event

    def _where(self, b: Bound, event: str) -> None:
        """State the towns where an event of a policy object happened, and who was there."""
        if not event or any(e.predicate == "pg:place" for e in b.frame.emit):
            return
        for key, at in b.roles.get("place", []):
            if self.draft.things[key].cls == "Place":
                self.draft.say(event, "pg:place", key, b.frame.id, b.stance, at=(None, at))
        for key, at in b.roles.get("witness", []):
            self.draft.say(event, "pg:hasParticipant", key, b.frame.id, b.stance, at=(None, at))

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
        if not event and b.frame.occurs and thing and is_a(thing.cls, "Event"):
            event = theme
        if event and b.token.pos_ == "VERB":
            self.venue = None
            venue = self.event_at(predication(b.token)) or self._on_trip(b.token)
            if venue and venue != event:
                self.draft.say(event, "pg:subEventOf", venue, "venue", b.stance)
                for place, at in self.local(self.venue) if self.venue is not None else ():
                    for happened in (event, venue):  # "signed at the summit in Lima"
                        self.draft.say(
                            happened, "pg:place", place, "venue", b.stance, at=(None, at)
                        )

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
        key = self.event_of(b, theme)
        self.draft.say(key, "rdf:type", Value(b.frame.event, "class"), b.frame.id, b.stance)
        return key

    def _emission(
        self, e: Emission, b: Bound, theme: str, span: Span | None, event: str, day: dt.date | None
    ) -> None:
        subject = {"event": event, "theme": theme}.get(e.subject, "")
        if not subject or not self._condition(e, b, theme):
            return
        if e.predicate == "pg:party" and not is_a(self.draft.things[theme].cls, "PolicyObject"):
            return  # talks have participants
        if e.predicate in {"time", "end"}:
            self._say_time(subject, b, e.predicate == "end")
            return
        if e.object == "theme":
            if e.types and not any(is_a(self.draft.things[theme].cls, t) for t in e.types):
                return
            self.draft.say(subject, e.predicate, theme, b.frame.id, b.stance, at=(None, span))
            return
        if e.predicate == "pg:party" and is_a(self.draft.things[theme].cls, "Event"):
            return  # talks have participants
        for key, at in b.roles.get(e.object, []):
            cls = self.draft.things[key].cls
            if e.predicate == "pg:party" and cls == "AgentGroup":
                for side in self.refer.delegates.get(key, ()):
                    self.draft.say(theme, "pg:party", side, b.frame.id, b.stance, at=(span, at))
                    self.draft.things[theme].parties.setdefault(side)
            if e.types and not any(is_a(cls, t) for t in e.types):
                continue
            if e.predicate == "pg:organizer" and not self._is_host(b, at):
                continue
            if key in {subject, theme} or self.draft.things[subject].traits.get("only", key) != key:
                continue
            predicate = e.predicate
            if predicate == "pg:hasParticipant" and self.convenes(key, self._own_session(b)):
                if not is_a(self.draft.things[subject].cls, "Meeting"):
                    continue
                predicate = "pg:sessionOf"  # a committee that meets is no guest of its meeting
            self.draft.say(
                subject,
                predicate,
                key,
                b.frame.id,
                b.stance,
                at=(span if subject == theme else None, at),
            )
            if e.predicate == "pg:party" and cls in {"State", "Bloc"}:
                self.draft.things[theme].parties.setdefault(key)

    def convenes(self, key: str, own: bool = False) -> bool:
        """Tell whether a body is what meets, and no guest; `own`: the text says "its session"."""
        thing = self.draft.things[key]
        if is_a(thing.cls, "CooperationMechanism") or thing.cls == "DialogueFramework":
            return True
        named = set(thing.label.lower().split()) & _CONVENING
        return own and bool(named) and is_a(thing.cls, "Organization")

    def _own_session(self, b: Bound) -> bool:
        """ "The Commission will hold its third session": the body's own, not one it goes to."""
        acted = predication(b.token).objects if b.token.pos_ == "VERB" else []
        return any(c.lower_ == "its" for o in acted for c in o.children)

    def _is_host(self, b: Bound, at: Span) -> bool:
        """Tell whether an actor is the one who hosts, and not whom the talks are held with."""
        verb = b.token
        active = verb.pos_ == "VERB" and not any(
            c.dep_ in {"auxpass", "agent", "nsubjpass"} for c in verb.children
        )
        return not (active and verb.tag_ != "VBN") or at.start < self.paragraph.spans[verb.i].start

    def _condition(self, e: Emission, b: Bound, theme: str) -> bool:
        if not e.when_role:
            return True
        if e.when_role == "actors":
            states = [k for k, _ in b.roles["actor"] if is_a(self.draft.things[k].cls, "Polity")]
            return len(states) > 1
        if e.when_role == "runner":  # what one state or some bodies launch is theirs to run
            kinds = [self.draft.things[k].cls for k, _ in b.roles["actor"]]
            alone = sum(is_a(c, "Polity") for c in kinds) < 2 and "Person" not in kinds
            return alone and any(is_a(self.draft.things[theme].cls, v) for v in e.when_values)
        if e.when_role == "verb":
            return b.lemma in e.when_values
        if e.when_role == "stance":
            return b.stance.modality in e.when_values
        return bool(theme) and any(is_a(self.draft.things[theme].cls, v) for v in e.when_values)

    def _say_time(self, subject: str, b: Bound, end: bool) -> None:
        # A meeting that ended on a day was held on it; conferences and negotiations are longer.
        traits = self.draft.things[subject].traits
        long = traits.get("noun", "") in _LONG and not traits.get("ordinal")
        times = b.times
        drawn_out = any(is_a(self.draft.things[subject].cls, c) for c in _DRAWN_OUT)
        if drawn_out and b.lemma in _STARTING and b.stance.modality == "actual":
            times = [t for t in times if t.day]  # the year in which they began is not theirs
        brief = drawn_out or is_a(self.draft.things[subject].cls, "Meeting")
        end = end and (long or not brief)
        self.say_times(subject, times, f"{b.frame.id}.time", b.stance, end)

    def say_times(
        self, subject: str, times: list[TimeRef], rule: str, stance: Stance, end: bool = False
    ) -> None:
        """State when something happened: its day, first and last day, year or other time."""
        for time in times:
            said = [("pg:year" if time.year else "pg:when", time)]
            if time.day:
                said = [("pg:endDate" if end else "pg:eventDate", time)]
            elif days := _first_and_last(time):
                said = [("pg:eventDate", days[0]), ("pg:endDate", days[1])]
            for predicate, value in said:
                self.draft.say(subject, predicate, value, rule, stance, at=(None, time.span))

    def _status(self, b: Bound, theme: str, day: dt.date | None) -> None:
        status = b.frame.status
        if not theme or (not status and not b.frame.doing):
            return
        thing, stance = self.draft.things[theme], b.stance
        actual = replace(stance, modality="actual")
        if b.frame.doing:
            if stance.factuality == "ongoing" or (
                stance.factuality == "done" and not b.frame.under_way
            ):
                self.draft.say(
                    theme, "pg:status", Value(b.frame.doing, "status"), b.frame.id, actual
                )
            return
        if b.frame.occurs and not is_a(thing.cls, "Event"):
            return
        if b.frame.event == "Withdrawal" and not _of_two(thing):
            return
        if b.lemma in {"adopt", "adoption"} and is_a(thing.cls, "Agreement"):
            bodies = [k for k, _ in b.roles["actor"] if self.draft.things[k].cls != "Person"]
            if not bodies:
                return  # a text adopted by a conference awaits approval
        if b.frame.plan and stance.modality != "planned":
            return
        if stance.modality == "actual":
            if b.frame.occurs and b.lemma in b.frame.weak and stance.factuality != "ongoing":
                return  # what began some time ago may be over
            ends = b.frame.id in {"conclude", "break-off"}
            if b.frame.occurs and stance.factuality == "ongoing" and not ends:
                status = "active"
            self.draft.say(
                theme, "pg:status", Value(status, "status"), b.frame.id, actual, as_of=day
            )
        elif stance.modality == "planned" and (b.frame.occurs or b.frame.event in _BEGINNINGS):
            self.draft.say(theme, "pg:status", Value("planned", "status"), b.frame.id, actual)
        elif stance.modality == "negated" and self._not_yet(b):
            self.draft.say(theme, "pg:status", Value(status, "status"), b.frame.id, stance)

    def _not_yet(self, b: Bound) -> bool:
        """ "has not been ratified" is a state; "refused to ratify" and "denied that" are deeds."""
        if b.token.pos_ != "VERB" or b.frame.modality:
            return False
        each = b.frame.event in {"Signing", "Ratification", "Accession", "Withdrawal"}
        if each and not any(c.dep_ in {"auxpass", "nsubjpass"} for c in b.token.children):
            return False  # what one party has not done, another may have
        if any(c.dep_ == "aux" and c.tag_ == "MD" for c in b.token.children):
            return False  # "cannot be suspended yet" says nothing of what is
        view = self.stance(b.token)[1]
        denied = {"deny", "reject", "refuse", "decline", "decide", "choose", "vote", "rule"}
        denied |= HEARD | {"plan", "intention", "desire", "wish"}
        return not set(view.trail) & denied


def _of_two(thing: Thing) -> bool:
    """Tell whether an agreement may be one of two sides, which ends when one leaves it.

    Of one with a name of its own ("the Paris Agreement") both sides must have been told.
    """
    many = {"convention", "charter", "covenant", "accords", "union"}
    return (
        is_a(thing.cls, "Agreement")
        and (1 if not thing.proper else 2) <= len(thing.parties) < 3
        and not any(many & set(name.lower().split()) for name in (thing.label, *thing.names))
    )


def _first_and_last(time: TimeRef) -> tuple[TimeRef, TimeRef] | None:
    """Return both ends of "from 9 to 15 July"; months, weeks and the like have no such ends."""
    first, last = time.earliest, time.latest
    if not first or not last or len(re.findall(r"\b\d{1,2}(?:st|nd|rd|th)?\b", time.text)) < 2:
        return None
    return replace(time, latest=first), replace(time, earliest=last)
