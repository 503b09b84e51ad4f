"""Who says so: statements, announcements, denials and the sources that a text relies on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kg.claim.draft import Stance
from kg.claim.syntax import Predication, predication
from kg.claim.who.saying import Saying
from kg.model import Span, Value
from kg.vocab import is_a, slugify

_PRESS = {"reporter", "journalist", "correspondent", "newsman"}


class Voices(Saying):
    """Reads statements and sources of a document; holds whose words the text is in."""

    announced: list[tuple[str, Span, Any]]  # who announces in the sentence, with the verbs

    def prepare(self, sentence: Any) -> None:
        """Find the speaker of a sentence before its claims are made."""
        self.engine.default_speaker = None
        self.announced = []
        p = self.engine.paragraph
        for token in sentence:
            if token.lower_ == "according":
                self._according(token, sentence)
            elif token.pos_ == "VERB" and self._speaking(token):
                self._report(token)
            elif token.lower_ in {"words", "view", "opinion"} and token.dep_ == "pobj":
                for child in [*token.children, *(g for c in token.children for g in c.children)]:
                    behind = child.dep_ == "pobj" and child.head.lower_ == "of"
                    if child.dep_ == "poss" or behind:
                        for key in self._agents(child):
                            self._speaks(key, p.spans[child.i], token)
                            self.engine.default_speaker = (key, p.spans[child.i])
                            self.engine.quote_speaker = key
        self.issued(sentence)
        self.refer.speaker = self.engine.quote_speaker

    def _report(self, verb: Any) -> None:
        stance, view = self.engine.stance(verb)
        within = view.reporter is not None and not self._press_says(view.reporter)
        if stance.modality != "actual" or view.purpose or within:
            return
        asked = verb.sent[-1].text == "?" and not self.engine.paragraph.quoted[verb.sent[-1].i]
        if asked and verb.dep_ == "ROOT":
            return  # "What does X say?"
        parts = predication(verb)
        outer = verb
        while (
            outer.dep_ == "conj"
            and outer.head.pos_ == "VERB"
            and not any(c.dep_ == "nsubj" for c in outer.children)
        ):
            outer = outer.head
            if outer.lemma_.lower() not in self.lex.words["report"]:
                above = [a for a in outer.ancestors if a.lemma_.lower() in self.lex.words["report"]]
                parts.subjects = predication(above[0]).subjects if above else []
        venue = self.engine.event_at(parts)
        for subject in parts.subjects or self.inverted(verb):
            for key in self.speakers(subject):
                cls = self.draft.things[key].cls
                if not self._may(verb, cls):
                    continue
                body = is_a(cls, "Organization") and not is_a(cls, "Polity")
                self.spoke = (key, self.draft.number) if body else ("", 0)
                if cls == "NewsOrganization":
                    self._cites(key, self.engine.paragraph.spans[subject.i])
                    continue
                self._dated(key, verb)
                if verb.lemma_.lower() in self.lex.words["announce"] | {"make", "issue"}:
                    self.announced.append((key, self.engine.paragraph.spans[subject.i], verb))
                else:
                    self._speaks(key, self.engine.paragraph.spans[subject.i], verb)
                if cls == "Person" or (cls == "AgentGroup" and subject.tag_ == "NN"):
                    self.refer.person = key  # "she added": the official who spoke last
                if venue:
                    self.draft.say(venue, "pg:hasParticipant", key, "speech.venue")
                if any(self.engine.paragraph.quoted[t.i] for t in verb.sent) or cls == "Person":
                    self.engine.quote_speaker = key
        for token in parts.slot("to") + parts.objects:
            for key in self.refer.one(token) if self.engine.paragraph.chunks[token.i] else []:
                if self.draft.things[key].cls == "NewsOrganization":
                    self._cites(key, self.engine.paragraph.spans[token.i])
            if verb.lemma_.lower() == "tell":
                self._briefed(token, parts.subjects)
            if verb.lemma_.lower() in {"tell", "speak", "say"} and token.lemma_ in _PRESS:
                self._press(verb, parts)

    def _press(self, verb: Any, parts: Predication) -> None:
        """ "told reporters in Bern": a briefing that is told by its place alone."""
        for place, at in self.engine._places(parts)[:1]:
            label = f"press conference in {self.draft.things[place].label}"
            thing = self.draft.thing(f"event:{slugify(label)}", "MediaBriefing", label)
            self.draft.mention(thing.key, self.engine.paragraph.spans[verb.i], "description")
            self.draft.say(thing.key, "rdf:type", Value("MediaBriefing", "class"), "speech.press")
            self.draft.say(thing.key, "pg:place", place, "speech.press", at=(None, at))
            for person, span in self.refer.all(parts.subjects):
                self.draft.say(
                    thing.key, "pg:hasParticipant", person, "speech.press", at=(None, span)
                )

    def _press_says(self, verb: Any) -> bool:
        """Tell whether a medium reports: "…, an aide said, the agency reported"."""
        keys = [k for s in predication(verb).subjects for k in self.refer.one(s)]
        return any(self.draft.things[k].cls == "NewsOrganization" for k in keys)

    def _briefed(self, token: Any, subjects: list[Any]) -> None:
        """ "told a press conference": the speaker takes part in it."""
        for key in self.refer.one(token):
            if is_a(self.draft.things[key].cls, "Meeting") or is_a(
                self.draft.things[key].cls, "MediaBriefing"
            ):
                for person, at in self.refer.all(subjects):
                    self.draft.say(key, "pg:hasParticipant", person, "speech.venue", at=(None, at))
                for place, at in self.engine.local(token):
                    self.draft.say(key, "pg:place", place, "speech.venue", at=(None, at))

    def _according(self, token: Any, sentence: Any) -> None:
        for to in token.children:
            for obj in to.children if to.dep_ == "prep" else []:
                keys = [] if self.by_medium(obj) else self._agents(obj) or self._body_alone(obj)
                if obj.lower_ in {"him", "her"} and self.refer.person:
                    keys = [self.refer.person]
                around = [
                    k
                    for c in obj.children
                    if self.engine.paragraph.chunks[c.i] is not None
                    for k in self.refer.one(c)
                ]
                for key in [*keys, *around]:
                    cls = self.draft.things[key].cls
                    span = self.engine.paragraph.spans[obj.i]
                    if cls == "NewsOrganization" or (
                        obj.lemma_ in {"report", "agency"} and key in around
                    ):
                        if is_a(cls, "Organization"):
                            self._cites(key, span)
                    elif is_a(cls, "Agent") and (key in keys or not keys):
                        self.engine.default_speaker = (key, span)
                        self._speaks(key, span, token)
                if not keys and not around and obj.lemma_ == "report":
                    self._same_source()

    def _same_source(self) -> None:
        sources = [c.object for c in self.draft.told("pg:citesSource")]
        if len(set(map(str, sources))) == 1 and isinstance(sources[0], str):
            self._cites(sources[0], None)

    def _cites(self, key: str, span: Span | None) -> None:
        self.draft.refine(self.draft.things[key], "NewsOrganization")
        self.draft.say(self.draft.doc_key, "pg:citesSource", key, "source", at=(None, span))

    def _dated(self, key: str, verb: Any) -> None:
        """Note the day of somebody's speech: days inside it are counted from there."""
        times = [t for t in self.engine._times(verb, Stance()) if t.day]
        if times and key not in self.engine.speech_day and times[0].day:
            self.engine.speech_day[key] = times[0].day
            self.engine.views.clear()

    def _speaks(self, key: str, span: Span, verb: Any) -> None:
        """Record the statement as an event that happened, with its day where one is told."""
        times = (
            [t for t in self.engine._times(verb, Stance()) if t.day] if verb.pos_ == "VERB" else []
        )
        thing = self.draft.things[key]
        event = self.draft.thing(
            f"event:statement-{key.replace(':', '-')}", "Statement", f"statement by {thing.label}"
        )
        self.draft.mention(event.key, self.engine.paragraph.spans[verb.i], "description", verb.text)
        self.draft.say(event.key, "rdf:type", Value("Statement", "class"), "statement")
        self.draft.say(event.key, "pg:madeBy", key, "statement", at=(None, span))
        for time in times:
            self.draft.say(event.key, "pg:eventDate", time, "statement.time", at=(None, time.span))

    # --- announcements and denials --------------------------------------------------------

    def _announces(self, name: str, key: str, span: Span, verb: Any, about: list[str]) -> None:
        event = self.draft.thing(
            f"event:announcement-{name}",
            "Announcement",
            f"announcement by {self.draft.things[key].label}",
        )
        self.draft.mention(event.key, self.engine.paragraph.spans[verb.i], "description", verb.text)
        self.draft.say(event.key, "rdf:type", Value("Announcement", "class"), "announcing")
        self.draft.say(event.key, "pg:madeBy", key, "announcing", at=(None, span))
        for thing in about:
            self.draft.say(event.key, "pg:announcementOf", thing, "announcing")
        for time in [t for t in self.engine._times(verb, Stance()) if t.day]:
            self.draft.say(event.key, "pg:eventDate", time, "announcing.time", at=(None, time.span))

    def conclude(self, sentence: Any, bound: list[Any]) -> None:
        """State what announcements and denials of the sentence are about, once that is read."""
        for key, span, verb in self.announced:
            about = [
                event
                for item in self._inside(verb, bound)
                if item.frame.event
                and item.stance.modality in {"actual", "planned"}
                and self.engine.stance(item.token)[1].reporter is not None
                for event in self._events_of(item)
            ][:1]
            told = {
                b.token.i for b in bound if b.frame.event == "Announcement" and b.roles.get("theme")
            }
            if verb.i not in told:
                self._announces(f"{self.draft.number}-{verb.i}", key, span, verb, about)
        for token in sentence:
            if token.pos_ == "VERB" and (token.lemma_.lower() in _DENYING or _refutes(token)):
                self._denial(token, bound)

    def _inside(self, verb: Any, bound: list[Any]) -> list[Any]:
        return [
            b
            for b in bound
            if verb in list(b.token.ancestors)
            or (
                (view := self.engine.stance(b.token)[1]) is not None
                and view.reporter is not None
                and view.reporter.i == verb.i
            )
        ]

    def _events_of(self, item: Any) -> list[str]:
        """Return the events that a bound frame made, else the things that it is about."""
        themes = [k for k, _ in item.roles.get("theme", [])]
        if not item.frame.event:
            return [k for k in themes if is_a(self.draft.things[k].cls, "Event")]
        made = [f"event:{item.frame.event.lower()}-{theme.replace(':', '-')}" for theme in themes]
        return [key for key in made if key in self.draft.things]

    def _denial(self, token: Any, bound: list[Any]) -> None:
        """State that somebody denied something, and what the denial is about."""
        stance, view = self.engine.stance(token)
        parts = predication(token)
        if stance.modality != "actual" or view.purpose or parts.passive:
            return
        makers = [
            (key, self.engine.paragraph.spans[subject.i])
            for subject in parts.subjects
            for key in self.speakers(subject)
        ]
        if not makers:
            return
        about = [
            key
            for item in self._inside(token, bound)
            if item.stance.modality == "negated"
            for key in self._events_of(item)
        ] or [
            k
            for k, _ in self.refer.all(parts.objects)
            if is_a(self.draft.things[k].cls, "PolicyObject")
            or is_a(self.draft.things[k].cls, "Event")
        ]
        name = makers[0][0].replace(":", "-")
        key = f"event:denial-{name}-{self.draft.number}"
        event = self.draft.thing(
            key, "Denial", f"denial by {self.draft.things[makers[0][0]].label}"
        )
        self.draft.mention(
            event.key, self.engine.paragraph.spans[token.i], "description", token.text
        )
        actual = replace(stance, modality="actual")
        self.draft.say(key, "rdf:type", Value("Denial", "class"), "denial", actual)
        for maker, span in makers:
            self.draft.say(key, "pg:madeBy", maker, "denial", actual, at=(None, span))
        for thing in dict.fromkeys(about):
            self.draft.say(key, "pg:concerns", thing, "denial", actual)


_TOLD = {"charge", "claim", "allegation", "accusation", "report", "rumour", "rumor", "suggestion"}
_DENYING = {"deny", "refute", "rebut"}


def _refutes(verb: Any) -> bool:
    """Tell whether a verb turns down what somebody said: "rejected the charge"."""
    said = {c.lemma_.lower() for c in verb.children if c.dep_ == "dobj"}
    return verb.lemma_.lower() in {"reject", "dismiss", "rebuff", "contradict"} and bool(
        said & _TOLD
    )
