"""What a language model proposes, held to the text: re-anchored, judged and typed, or dropped.

The gate is that of every other claim: both ends stand in the quotation, which stands in the text;
classes fit the ontology; and where our own reading of the sentence is more careful than the
model's, our own holds. So nothing that the text plans, hopes or denies comes out as done.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from kg import onto
from kg.advice import Proposal, classes, predicates
from kg.claim.draft import Draft, Stance
from kg.claim.engine import Engine
from kg.model import Span
from kg.spot.parse import Paragraph
from kg.vocab import is_a

_SPACE = re.compile(r"\s+")


class Advised:
    """The proposals for one document, taken up sentence by sentence."""

    def __init__(
        self, draft: Draft, engine: Engine, proposals: Sequence[Proposal], confidence: float
    ) -> None:
        self.draft, self.engine, self.confidence = draft, engine, confidence
        self.placed = [
            (span, p) for p in proposals for span in _places(draft.document.text, p.quote)
        ]

    def sentence(self, paragraph: Paragraph) -> None:
        """Take up what is proposed for the present sentence."""
        for span, proposal in self.placed:
            if span in self.draft.sentence and proposal.predicate in predicates():
                self._consider(proposal, span, paragraph)

    def _consider(self, proposal: Proposal, quote: Span, paragraph: Paragraph) -> None:
        first, second = (self._word(w, quote) for w in (proposal.subject, proposal.object))
        if first is None or second is None or first.overlaps(second):
            return
        stance = self._stance(proposal, first, second, paragraph)
        if stance is None:
            return
        domains, ranges = onto.ends(proposal.predicate)
        subject = self._thing(proposal.subject, first, proposal.subject_class, domains)
        thing = self._thing(proposal.object, second, proposal.object_class, ranges)
        if not subject or not thing or subject == thing:
            return
        self.draft.say(
            subject, f"pg:{proposal.predicate}", thing, "advice", stance,
            evidence=quote, at=(first, second), confidence=self.confidence,
        )  # fmt: skip

    def _word(self, words: str, quote: Span) -> Span | None:
        """Return where words stand in the quotation, whole."""
        text = self.draft.document.text[quote.start : quote.end]
        for span in _places(text, words):
            around = text[max(span.start - 1, 0) : span.start], text[span.end : span.end + 1]
            if not any(c.isalnum() for c in around):
                return Span(quote.start + span.start, quote.start + span.end)
        return None

    def _thing(self, words: str, span: Span, cls: str, allowed: Sequence[str]) -> str:
        """Return the thing that the text means there, or a new one; empty where neither fits."""
        near = [m for m in self.draft.mentions if m.span == span or span in m.span]
        near += [m for m in self.draft.mentions if m.span in span and m not in near]
        for mention in near:
            if _fits(self.draft.things[mention.entity].cls, allowed):
                return mention.entity
        if near or cls not in classes() or not _fits(cls, allowed):
            return ""
        thing = self.draft.new("advised", cls, " ".join(words.split()))
        self.draft.mention(thing.key, span, "description", thing.label)
        return thing.key

    def _stance(
        self, proposal: Proposal, first: Span, second: Span, paragraph: Paragraph
    ) -> Stance | None:
        """Return the more careful one of two readings; None where the speaker cannot be found."""
        verbs = _verbs(paragraph, first, second)
        if not verbs:
            return None
        read = [self.engine.stance(verb)[0] for verb in verbs]
        own = next((stance for stance in read if stance.modality != "actual"), read[-1])
        if own.modality == "actual" and proposal.modality != "actual":
            own = replace(own, modality=proposal.modality, factuality="advised")
        if proposal.speaker and own.speaker is None:
            speaker = self._word(proposal.speaker, self.draft.sentence)
            key = self._thing(proposal.speaker, speaker, "", ("Agent",)) if speaker else ""
            return replace(own, speaker=key, speaker_span=speaker) if key else None
        return own


def _fits(cls: str, allowed: Sequence[str]) -> bool:
    return all(is_a(cls, one) for one in allowed)


def _places(text: str, words: str) -> Iterator[Span]:
    """Yield where words stand in a text, whatever the spaces between them."""
    pattern = r"\s+".join(map(re.escape, _SPACE.split(words.strip())))
    for match in re.finditer(pattern, text) if pattern else ():
        yield Span(match.start(), match.end())


def _verbs(paragraph: Paragraph, first: Span, second: Span) -> list[Any]:
    """Return the verbs between the two ends and the lowest one above both, from below."""
    heads = [head for span in (first, second) if (head := _head(paragraph, span)) is not None]
    if len(heads) < 2:
        return []
    one, other = ([head, *head.ancestors] for head in heads)
    held = {token.i for token in other}
    common = [token for token in one if token.i in held]
    top = next((t for t in common if t.pos_ in {"VERB", "AUX"}), common[-1] if common else None)
    if top is None:
        return []
    below = [t for chain in (one, other) for t in chain[: chain.index(top)]]
    return [*(t for t in below if t.pos_ in {"VERB", "AUX"}), top]


def _head(paragraph: Paragraph, span: Span) -> Any | None:
    """Return the word of a span that hangs highest in the parse."""
    inside = [t for t in paragraph.doc if paragraph.spans[t.i].overlaps(span)]
    held = {t.i for t in inside}
    return next((t for t in inside if t.head.i not in held or t.head.i == t.i), None)
