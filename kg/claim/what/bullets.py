"""Bullets: aims and fields that stand in a list below the line that opens it."""

from __future__ import annotations

from typing import Any

from kg.claim.draft import Stance
from kg.claim.syntax import predication
from kg.claim.what.effects import Effects
from kg.claim.what.entitled import Field
from kg.model import Span
from kg.vocab import is_a

_MARKS = {"•", "-", "–", "—", "*", "◦", "‣", "·", "●", "▪", "o"}
_VERBS = {"VERB", "AUX"}
_AIMING = {
    "aim",
    "seek",
    "intend",
    "design",
    "mean",
    "serve",
    "help",
    "goal",
    "objective",
    "purpose",
}
_OPENING = {
    "include",
    "cover",
    "comprise",
    "concern",
    "focus",
    "address",
    "encompass",
    "span",
    "entail",
    "envisage",
}


_TITLES = {f"{the}{word}" for the in ("", "the ", "our ") for word in _AIMING | {"aims", "goals"}}
_TITLES |= {"objectives", "purpose and scope", "what it is for", "why"}


class Bullets(Effects):
    """Reads "The plan aims to:" with the lines below it, and "The pact covers:" with its list."""

    opened: tuple[str, str, Stance] | None = None  # what the list tells, of what, and how
    number = False  # whether a line has begun with its number

    def listed(self, sentence: Any) -> None:
        """Read a line of an open list, or note that a sentence opens one."""
        tokens = [t for t in sentence if not t.is_space]
        if not tokens:
            return
        title = " ".join(t.lower_ for t in tokens if t.text != ":").strip()
        last = self.refer.topic_thing
        if title in _TITLES and last in self.draft.things:
            self.opened = ("aims", str(last), Stance())
        elif len(tokens) < 6 and tokens[-1].text != ":" and self._headed(tokens) and last:
            self.opened = ("fields", str(last), Stance())
        elif tokens[-1].text == ":":
            self.opened = self._opens(sentence)
        elif self.opened and tokens[0].text == "To" and self.opened[0] == "aims":
            self._line(tokens[1:])
        elif len(tokens) < 3 and (tokens[0].like_num or tokens[0].text in _MARKS):
            self.number = True  # "1." is a sentence of its own to the parser
            return
        elif tokens[0].text in _MARKS or self.number or _numbered(tokens):
            if self.opened is not None:
                self._line(tokens)
        else:
            self.opened = None
        self.number = False

    def _headed(self, tokens: list[Any]) -> bool:
        """Tell whether a line of its own announces fields: "Five pillars", "Areas of work"."""
        words = self.topics.spheres.areas | self.topics.spheres.chapters
        told = any(t.lemma_.lower() in words and t.tag_ == "NNS" for t in tokens)
        key = self.refer.topic_thing
        fits = key in self.draft.things and is_a(self.draft.things[str(key)].cls, "PolicyObject")
        return told and fits and not any(t.pos_ in _VERBS or t.text == "." for t in tokens)

    def _opens(self, sentence: Any) -> tuple[str, str, Stance] | None:
        """Return what the list below a sentence will tell, and of what."""
        lemmas = {t.lemma_.lower(): t for t in sentence}
        last = [t.lower_ for t in sentence][-2:-1]
        kind, sign = "", None
        if found := sorted(_AIMING & set(lemmas)):
            kind, sign = "aims", lemmas[found[0]]
        elif found := sorted((_OPENING | self.topics.spheres.areas) & set(lemmas)):
            kind, sign = "fields", lemmas[found[0]]
        elif last in (["on"], ["in"], ["for"]):
            kind, sign = "fields", sentence.root
        if sign is None:
            return None
        verb = sign
        while verb.pos_ not in _VERBS and verb.dep_ != "ROOT":
            verb = verb.head
        parts = predication(verb)
        stance = self.engine.stance(verb)[0] if verb.pos_ in _VERBS else Stance()
        for noun in [*parts.subjects, *parts.objects, *(t for t in sentence if t.dep_ == "pobj")]:
            for key in self.refer.one(noun):
                if is_a(self.draft.things[key].cls, "PolicyObject"):
                    return kind, key, stance
        key = self.refer.topic_thing or ""
        return (kind, key, stance) if key in self.draft.things else None

    def _line(self, tokens: list[Any]) -> None:
        assert self.opened is not None
        kind, key, stance = self.opened
        p = self.engine.paragraph
        words = [t for t in tokens if t.is_alpha or t.like_num or t.is_punct]
        while words and not (words[0].is_alpha and len(words[0].text) > 1):
            words = words[1:]
        while words and (words[-1].is_punct or words[-1].lower_ in {"and", "or"}):
            words = words[:-1]
        if not words:
            return
        finite = any(t.dep_ in {"nsubj", "nsubjpass"} and t.head.dep_ == "ROOT" for t in words)
        if kind == "aims" and finite:
            return  # a sentence of its own
        if kind == "aims":
            span = Span(p.spans[words[0].i].start, p.spans[words[-1].i].end)
            self.aim(key, "pg:hasAim", span, stance, "bullet")
            self.topics.of_aim(key, span, words[0], stance, "bullet.topic")
            return
        found: list[Field] = []
        colon = next((n for n, t in enumerate(words) if t.text == ":"), 0)
        if 0 < colon < 5:  # "Jobs: better access to vocational training"
            label = p.spans[words[0].i].cover(p.spans[words[colon - 1].i])
            name = " ".join(t.text for t in words[:colon])
            found = [f for f in [self.topics.fields._field(name, label)] if f.topic]
            rest = [t for t in words[colon + 1 :] if t.pos_ in {"NOUN", "PROPN"}] if found else []
            found += [f for t in rest[:1] for f in self.topics.fields.read(t, p) if f.topic]
            words = []
        for token in words:
            inner = token.dep_ in {"compound", "nmod", "amod", "poss", "pobj", "conj"}
            gerund = token.tag_ == "VBG" and token.i == words[0].i
            if (token.pos_ in {"NOUN", "PROPN"} and not inner) or gerund:
                found += self.topics.fields.read(token, p)
                break
        self.topics.state(key, found, stance, "bullet")


def _numbered(tokens: list[Any]) -> bool:
    """Tell whether a line begins with "1." or "(a)"."""
    first = "".join(t.text for t in tokens[:3])
    head = first.lstrip("(")
    return bool(len(tokens) > 2 and head[:1].isalnum() and head[1:2] in {".", ")"})
