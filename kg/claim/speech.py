"""Who says so: statements, sources, offices and what names themselves state."""

from __future__ import annotations

from typing import Any

from kg.claim.draft import Stance
from kg.claim.syntax import predication
from kg.claim.titles import Titles
from kg.model import Span, Value
from kg.spot.chunk import Chunk
from kg.vocab import is_a


class Speech(Titles):
    """Reads statements and sources of a document; holds whose words the text is in."""

    def prepare(self, sentence: Any) -> None:
        """Find the speaker of a sentence before its claims are made."""
        self.engine.default_speaker = None
        p = self.engine.paragraph
        for token in sentence:
            if token.lower_ == "according":
                self._according(token, sentence)
            elif token.lemma_.lower() in self.lex.words["report"] and token.pos_ == "VERB":
                self._report(token)
            elif token.lower_ in {"words", "view", "opinion"} and token.dep_ == "pobj":
                for child in token.children:
                    if child.dep_ == "poss":
                        for key in self.refer.one(child):
                            self._speaks(key, p.spans[child.i], token)
                            self.engine.default_speaker = (key, p.spans[child.i])
                            self.engine.quote_speaker = key
        self.refer.speaker = self.engine.quote_speaker

    def _report(self, verb: Any) -> None:
        stance, view = self.engine.stance(verb)
        if stance.modality == "negated" or view.purpose:
            return
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
        for subject in parts.subjects:
            for key in self.refer.one(subject):
                cls = self.draft.things[key].cls
                if not is_a(cls, "Agent"):
                    continue
                if cls == "NewsOrganization":
                    self._cites(key, self.engine.paragraph.spans[subject.i])
                    continue
                self._speaks(key, self.engine.paragraph.spans[subject.i], verb)
                if cls == "Person":
                    self.refer.person = key
                if venue:
                    self.draft.say(venue, "pg:hasParticipant", key, "speech.venue")
                if any(self.engine.paragraph.quoted[t.i] for t in verb.sent) or cls == "Person":
                    self.engine.quote_speaker = key
        for token in parts.slot("to") + parts.objects:
            for key in self.refer.one(token) if self.engine.paragraph.chunks[token.i] else []:
                if self.draft.things[key].cls == "NewsOrganization":
                    self._cites(key, self.engine.paragraph.spans[token.i])

    def _according(self, token: Any, sentence: Any) -> None:
        for to in token.children:
            for obj in to.children if to.dep_ == "prep" else []:
                keys = self.refer.one(obj)
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
                    elif is_a(cls, "Agent"):
                        self.engine.default_speaker = (key, span)
                if not keys and not around and obj.lemma_ == "report":
                    self._same_source()

    def _same_source(self) -> None:
        sources = [c.object for c in self.draft.claims.values() if c.predicate == "pg:citesSource"]
        if len(set(map(str, sources))) == 1 and isinstance(sources[0], str):
            self._cites(sources[0], None)

    def _cites(self, key: str, span: Span | None) -> None:
        self.draft.refine(self.draft.things[key], "NewsOrganization")
        self.draft.say(self.draft.doc_key, "pg:citesSource", key, "source", at=(None, span))

    def _speaks(self, key: str, span: Span, verb: Any) -> None:
        """Record the statement as an event that happened, with its day where one is told."""
        times = (
            [t for t in self.engine._times(verb, Stance()) if t.day] if verb.pos_ == "VERB" else []
        )
        if times and key not in self.engine.speech_day and times[0].day:
            self.engine.speech_day[key] = times[0].day
            self.engine.views.clear()
        thing = self.draft.things[key]
        event = self.draft.thing(
            f"event:statement-{key.replace(':', '-')}", "Statement", f"statement by {thing.label}"
        )
        self.draft.mention(event.key, self.engine.paragraph.spans[verb.i], "description", verb.text)
        self.draft.say(event.key, "rdf:type", Value("Statement", "class"), "statement")
        self.draft.say(event.key, "pg:madeBy", key, "statement", at=(None, span))
        for time in times:
            self.draft.say(event.key, "pg:eventDate", time, "statement.time", at=(None, time.span))

    # --- names ----------------------------------------------------------------------------

    def names(self, chunk: Chunk) -> None:
        """State what a name itself says: offices, parties, owners, phases."""
        for key in self.refer.chunk(chunk):
            if chunk.cls == "Person":
                self.titled(key, chunk)
            if chunk.cls in {"Person", "Pair", "Office"}:
                continue
            self.of_name(key, chunk)
            self.body_state(key, chunk)

    def of_name(self, key: str, chunk: Chunk) -> None:
        """State parties, owner, jurisdiction, phase and topics of a named thing."""
        thing = self.draft.things[key]
        owner = thing.traits.get("owner") or (
            next(iter(thing.parties)) if len(thing.parties) == 1 else ""
        )
        if jurisdiction := thing.traits.get("jurisdiction"):
            owner = owner or self.refer.by_id(jurisdiction) or ""
        if is_a(thing.cls, "Legislation"):
            if owner and chunk.traits.get("owner"):
                self.draft.say(key, "pg:jurisdiction", owner, "name.owner", at=(chunk.span, None))
        elif thing.cls in {"NationalMission", "Strategy", "IncentiveProgramme", "Programme"}:
            if chunk.traits.get("owner") and owner:
                self.draft.say(key, "pg:carriedOutBy", owner, "name.owner", at=(chunk.span, None))
        elif is_a(thing.cls, "PolicyObject"):
            parties = self.refer.states_in(chunk.text)
            for party in parties if len(parties) > 1 else ():
                self.draft.say(
                    key,
                    "pg:party",
                    party,
                    "name.parties",
                    at=(chunk.span, chunk.span),
                    confidence=0.9,
                )
        if "phase" in thing.traits:
            self.draft.say(
                key,
                "pg:phase",
                Value(thing.traits["phase"]),
                "name.phase",
                at=(chunk.span, chunk.span),
            )

    def topic(self, subject: str, topic: str, span: Span, stance: Stance, rule: str) -> None:
        """State that something is about a topic of the scheme; titles of people are none."""
        for chunk in self.engine.paragraph.chunks:
            if chunk is not None and chunk.cls in {"Person", "Office"}:
                wide = chunk.span.cover(chunk.office.span) if chunk.office else chunk.span
                if wide.overlaps(span):
                    return
        thing = self.draft.thing(
            f"topic:{topic}", "Topic", self.lex.topic_labels.get(topic, topic), topic=topic
        )
        self.draft.mention(
            thing.key, span, "description", self.draft.document.text[span.start : span.end]
        )
        self.draft.say(subject, "pg:hasTopic", thing.key, rule, stance, at=(None, span))
