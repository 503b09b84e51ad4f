"""Money and denials: what a sentence adds to the things that its frames have found."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kg.claim.belonging import Belonging
from kg.claim.draft import Draft
from kg.claim.engine import Engine
from kg.claim.refer import Referents
from kg.claim.sums import Sums
from kg.claim.syntax import predication
from kg.model import Value
from kg.vocab import is_a


class Extras:
    """Reads sums of money and denials."""

    def __init__(self, draft: Draft, refer: Referents, engine: Engine) -> None:
        self.draft, self.refer, self.engine = draft, refer, engine
        self.sums = Sums(draft, refer, engine)
        self.belonging = Belonging(draft, refer, engine)

    def sentence(self, sentence: Any) -> None:
        """Read one sentence after frames, aims and undertakings."""
        self.sums.sentence(sentence)
        self.belonging.sentence(sentence)
        for token in sentence:
            if token.pos_ == "VERB" and token.lemma_.lower() in self.engine.lex.words["deny"]:
                self._denial(token)

    def _denial(self, token: Any) -> None:
        """State that somebody denied something, and what the denial is about."""
        stance, view = self.engine.stance(token)
        parts = predication(token)
        lemma = token.lemma_.lower()
        if (
            stance.modality != "actual"
            or view.purpose
            or (lemma == "rule" and parts.particle != "out")
        ):
            return
        makers = [
            (k, s)
            for k, s in self.refer.all(parts.subjects)
            if is_a(self.draft.things[k].cls, "Agent")
        ]
        if not makers or parts.passive:
            return
        about = [
            k
            for c in self.draft.claims.values()
            if c.modality == "negated" and c.evidence[0].span == self.draft.sentence
            for k in ([c.object] if isinstance(c.object, str) else [])
            if is_a(self.draft.things[k].cls, "PolicyObject")
        ]
        about += [
            k
            for k, _ in self.refer.all(parts.objects)
            if is_a(self.draft.things[k].cls, "PolicyObject")
        ]
        if lemma != "deny" and not about:
            return
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
