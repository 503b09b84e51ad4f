"""Frameworks, legal bases, interruptions and sides of bodies."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kg.claim.draft import Draft, Stance
from kg.claim.engine import Engine
from kg.claim.refer import Referents
from kg.model import Span, Value
from kg.spot.dates import durations
from kg.spot.lexicon import Lexicon
from kg.vocab import is_a

_UNDER = {"under", "within"}
_VIEW = {
    ("in", "view"),
    ("in", "line"),
    ("in", "accordance"),
    ("pursuant", "to"),
    ("based", "on"),
    ("in", "keeping"),
    ("in", "pursuance"),
}


class Bases:
    """Reads what things were made under and in view of."""

    def __init__(self, draft: Draft, refer: Referents, lexicon: Lexicon, engine: Engine) -> None:
        self.draft, self.refer, self.lex, self.engine = draft, refer, lexicon, engine

    def bases(self, sentence: Any) -> None:
        """State under which framework and in view of which instruments something was made."""
        for token in sentence:
            if token.lower_ in _UNDER and token.pos_ in {"ADP", "SCONJ"}:
                self._base(token, "pg:underFramework")
            elif any((token.lower_, w) in _VIEW for w in self._next(token)):
                self._base(token, "pg:inViewOf")
            elif (
                token.lower_ == "part"
                and "of" in self._next(token)
                and token.i
                and token.doc[token.i - 1].lower_ == "as"
            ):
                self._base(token, "pg:underFramework")

    def _next(self, token: Any) -> list[str]:
        return [token.doc[token.i + 1].lower_] if token.i + 1 < token.sent.end else []

    def _base(self, token: Any, predicate: str) -> None:
        subject = self._subject(token)
        if not subject:
            return
        key, stance = subject
        for base, span in self._objects_after(token):
            thing = self.draft.things[base]
            use = predicate
            if is_a(thing.cls, "Legislation"):
                use = "pg:inViewOf"
            if base != key:
                self.draft.say(key, use, base, "basis", stance, at=(None, span))

    def _objects_after(self, token: Any) -> list[tuple[str, Span]]:
        """Return the policy objects named right behind a preposition, coordinated ones too."""
        found: list[tuple[str, Span]] = []
        doc, p = token.doc, self.engine.paragraph
        i = token.i + 1
        while i < token.sent.end and i - token.i < 30:
            word, chunk = doc[i], p.chunks[i]
            keys = (
                [k for k in self.refer.one(word) if is_a(self.draft.things[k].cls, "PolicyObject")]
                if word.pos_ in {"NOUN", "PROPN"}
                and (chunk is None or chunk.cls not in {"Demonym", "Pair"})
                else []
            )
            if keys:
                found += [(k, p.spans[i]) for k in keys]
            elif (
                (
                    found
                    and word.lower_ not in {",", "and", "the", "'s", "a"}
                    and chunk is None
                    and word.pos_ not in {"ADJ", "NOUN", "PROPN"}
                )
                or (not found and word.pos_ in {"VERB", "AUX"})
                or word.text in {".", ";"}
            ):
                break
            i += 1
        return found

    def _subject(self, token: Any) -> tuple[str, Stance] | None:
        before = [
            (k, s)
            for k, s, t in self.engine.themes
            if t.i < token.i or token.i < token.sent.start + 3
        ]
        if before:
            return before[-1]
        for word in token.sent:
            if word.dep_ in {"nsubj", "nsubjpass"}:
                for key in self.refer.one(word):
                    if is_a(self.draft.things[key].cls, "PolicyObject") or is_a(
                        self.draft.things[key].cls, "Event"
                    ):
                        verb = word.head
                        return key, replace(
                            self.engine.stance(verb)[0], modality="actual"
                        ) if verb.pos_ in {"VERB", "AUX"} else Stance()
        return None

    def interruptions(self, sentence: Any, span: Span) -> None:
        """State how long something was interrupted before it was taken up again."""
        text = self.draft.document.text[span.start : span.end]
        for at, duration in durations(text, span.start):
            for key, stance, _ in self.engine.themes:
                if any(
                    c.predicate == "pg:relaunchOf" and c.object == key
                    for c in self.draft.claims.values()
                ):
                    self.draft.say(
                        key,
                        "pg:interruptedFor",
                        Value(duration),
                        "interruption",
                        stance,
                        at=(None, at),
                    )

    def sides(self, sentence: Any) -> None:
        """State whose side a body is on: "X from the Indian side"."""
        p = self.engine.paragraph
        last: tuple[str, Span] | None = None
        for token in sentence:
            chunk = p.chunks[token.i]
            if (
                chunk is not None
                and is_a(chunk.cls, "Organization")
                and chunk.cls not in {"NewsOrganization", "Bloc"}
            ):
                keys = self.refer.chunk(chunk)
                last = (keys[0], chunk.span) if keys else None
            elif (
                token.lower_ == "side"
                and last
                and "from" in {t.lower_ for t in token.doc[max(token.i - 4, 0) : token.i]}
            ):
                states = self.refer.modifiers(token)[0]
                if len(states) == 1 and not is_a(
                    self.draft.things[last[0]].cls, "CooperationMechanism"
                ):
                    self.draft.say(
                        last[0],
                        "pg:associatedState",
                        states[0],
                        "side",
                        at=(last[1], p.spans[token.i]),
                    )
                last = None
