"""Who says so: statements, sources, offices and what names themselves state."""

from __future__ import annotations

from kg.claim.draft import Stance
from kg.claim.who.voices import Voices
from kg.model import Span, Value
from kg.spot.chunk import Chunk
from kg.vocab import is_a


class Speech(Voices):
    """States what names say themselves: owners, parties, phases, fields."""

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

    def inside(self, chunk: Chunk, keys: list[str]) -> None:
        """State the bodies that a title or name holds; those of an instrument are its sides."""
        for body in chunk.inner:
            key = self.refer.chunk(body)[0]
            self.draft.mention(key, body.span, "name", body.text)
            self.names(body)
            for thing in keys if is_a(chunk.cls, "PolicyObject") else ():
                if not body.text.startswith("Government"):
                    at = (chunk.span, body.span)
                    self.draft.say(thing, "pg:party", key, "name.parties", at=at, confidence=0.9)

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
            elif len(self.refer.states_in(chunk.text)) > 1:
                self._sides_of_name(key, chunk)
        elif is_a(thing.cls, "PolicyObject"):
            self._sides_of_name(key, chunk)
        if "phase" in thing.traits:
            self.draft.say(
                key,
                "pg:phase",
                Value(thing.traits["phase"]),
                "name.phase",
                at=(chunk.span, chunk.span),
            )

    def _sides_of_name(self, key: str, chunk: Chunk) -> None:
        """State the polities that a name joins: "U.S.-Canada Action Plan"."""
        bodies = " ".join(b.text for b in chunk.inner if not b.text.startswith("Government"))
        theirs = self.refer.states_in(bodies)
        parties = self.refer.states_in(chunk.text)
        for party in parties if len(parties) > 1 else ():
            if party in theirs:
                continue
            self.draft.say(
                key,
                "pg:party",
                party,
                "name.parties",
                at=(chunk.span, chunk.span),
                confidence=0.9,
            )

    def topic(
        self, subject: str, topic: str, span: Span, stance: Stance, rule: str, words: str = ""
    ) -> None:
        """State that something is about a topic of the scheme, which the text calls `words`.

        Titles of people tell no topic.
        """
        for chunk in self.engine.paragraph.chunks:
            if chunk is not None and chunk.cls in {"Person", "Office"}:
                wide = chunk.span.cover(chunk.office.span) if chunk.office else chunk.span
                if wide.overlaps(span):
                    return
        thing = self.draft.thing(
            f"topic:{topic}", "Topic", self.lex.topic_labels.get(topic, topic), topic=topic
        )
        words = words or self.draft.document.text[span.start : span.end]
        self.draft.mention(thing.key, span, "description", words)
        self.draft.say(subject, "pg:hasTopic", thing.key, rule, stance, at=(None, span))
