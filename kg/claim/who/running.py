"""Who runs a programme, by its noun phrase: "the World Bank's programme", "a project of X"."""

from __future__ import annotations

from typing import Any

from kg.claim.draft import Draft
from kg.claim.engine import Engine
from kg.claim.syntax import conjuncts, predication
from kg.claim.things.refer import Referents
from kg.model import Span
from kg.spot.lexicon import POLITIES
from kg.vocab import is_a

_RUNNERS = ("Organization", "Bloc")
_RUN = ("Programme",)
_LAWS = ("Legislation", "Strategy")


class Running:
    """States who runs programmes, and whose law or strategy a name tells."""

    def __init__(self, draft: Draft, refer: Referents, engine: Engine) -> None:
        self.draft, self.refer, self.engine = draft, refer, engine

    def sentence(self, sentence: Any) -> None:
        """Read the nouns of one sentence."""
        for token in sentence:
            if token.pos_ in {"NOUN", "PROPN"}:
                self._noun(token)
            elif token.lower_ == "responsible":
                self._responsible(token)

    def _noun(self, token: Any) -> None:
        chunk = self.engine.paragraph.chunks[token.i]
        if chunk is None and self.refer.head(token) is None:
            return
        if chunk is not None and not is_a(chunk.cls, "PolicyObject"):
            return
        for key in self.refer.one(token)[:1]:
            cls = self.draft.things[key].cls
            if any(is_a(cls, c) for c in _RUN):
                for who, span in self._runners(token):
                    self.draft.say(key, "pg:carriedOutBy", who, "name.owner", at=(None, span))
            elif chunk is not None and any(is_a(cls, c) for c in _LAWS):
                self._state_in(key, chunk.text)

    def _runners(self, token: Any) -> list[tuple[str, Span]]:
        """Return the bodies in "X's programme" and "the programme of X"."""
        nouns = [t for c in token.children if c.dep_ == "poss" for t in conjuncts(c)]
        for prep in token.children:
            if prep.dep_ == "prep" and prep.lower_ == "of":
                nouns += [t for c in prep.children if c.dep_ == "pobj" for t in conjuncts(c)]
        found = []
        for noun in nouns:
            beside = [c for c in noun.children if c.dep_ == "appos"]
            for named in (noun, *beside):
                chunk = self.engine.paragraph.chunks[named.i]
                kind = chunk and (chunk.known.type if chunk.known else chunk.cls)
                if kind and kind != "Demonym" and any(is_a(kind, c) for c in _RUNNERS):
                    found += [(k, chunk.span) for k in self.refer.chunk(chunk)]
        return found

    def _responsible(self, token: Any) -> None:
        """Read "the ministry is responsible for the programme"."""
        objs = [
            g
            for c in token.children
            if c.dep_ == "prep" and c.lower_ == "for"
            for g in c.children
            if g.dep_ == "pobj"
        ]
        verb = token.head
        if token.dep_ != "acomp" or verb.pos_ not in {"VERB", "AUX"}:
            return
        stance, view = self.engine.stance(verb)
        if view.purpose or stance.modality == "negated":
            return
        for key, _ in self.refer.all(objs):
            if any(is_a(self.draft.things[key].cls, c) for c in _RUN):
                for who, span in self.refer.all(predication(verb).subjects):
                    if is_a(self.draft.things[who].cls, "Organization"):
                        at = (None, span)
                        self.draft.say(key, "pg:carriedOutBy", who, "runs", stance, at=at)

    def _state_in(self, key: str, name: str) -> None:
        """Read the state in "National Hydrogen Strategy of Chile" and "Estonian Language Act"."""
        words = name.split()
        lex = self.engine.lex
        known = lex.demonyms.get(words[0])
        if " of " in name:
            last = lex.names.get(name.rsplit(" of ", 1)[1].removeprefix("the "))
            known = known or last
        if known is not None and known.type in POLITIES:
            self.draft.say(key, "pg:jurisdiction", self.refer.polity(known), "law")
