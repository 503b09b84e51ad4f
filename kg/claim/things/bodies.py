"""Bodies told by common nouns: "the trade ministry", "Nepal's parliament", "the agency"."""

from __future__ import annotations

import re
from typing import Any

from kg.claim.syntax import conjuncts, determiner, noun_modifiers
from kg.claim.things.antecedents import Antecedents, Wanted
from kg.claim.things.sides import EMPTY
from kg.model import Span
from kg.vocab import is_a, slugify

_LEAD = re.compile(r"^(?:the|its|their|new)\s+", re.IGNORECASE)
_OWN = re.compile(r"^(?:his|her|our|my)\s+", re.IGNORECASE)
_MANY = {"ministry", "court"}  # "Mexico's ministries of economy and agriculture" act as one
_OWNED = {"office", "administration", "embassy", "consulate"}  # which one, only their owner tells
_LOCAL = {"ministry", "parliament", "cabinet", "presidency"}
_POSSESSIVES = {"its", "his", "her", "their", "our"}


def local(name: str) -> bool:
    """Tell whether a body's name is one that every state uses for its own: "finance ministry"."""
    return bool(_LOCAL & set(name.lower().split()))


class Bodies(Antecedents):
    """Resolves lower-case nouns that stand for a public body or another organization."""

    def body(self, token: Any) -> list[str]:
        """Return the body that a noun means: one named before, or a new one told by its field."""
        noun = self._body_noun(token)
        if not noun:
            return []
        polities, words = self.modifiers(token)
        seat = self._body_seat(token)
        polities = polities or ([seat[0]] if seat else [])
        field, end = self._body_field(token)
        content = frozenset(w for w in [*words, *field] if w not in EMPTY and w not in {"-", "'s"})
        content = frozenset(w for w in content if len(w) > 1)
        unique = noun in self.lex.words["chambers"] or (
            noun == "house" and bool(content & {"lower", "upper"})
        )
        span = self._body_span(
            token, max(end, seat[1] if seat and not content and not unique else 0)
        )
        found = self.ranked(Wanted(frozenset({"Organization"}), content, tuple(polities[:1]), noun))
        found = [k for k in found if self._called(k, noun) and self._in_state(k, polities)]
        if found and (content or not polities or unique):
            self.draft.mention(found[0], span, "description", self._written(span))
            return [found[0]]
        if any(c.dep_ == "prep" and c.lower_ == "for" for c in token.children):
            content |= {"for"}
        told = noun in {"government", "presidency"} and (
            len(polities) == 1 or self._body_acts(token)
        )
        if (told or seat) and not content:
            content = frozenset(polities or {noun})
        if noun in _OWNED:
            if not self._body_owned(token, noun, polities, content):
                return []
            content |= {noun}
        if noun == "house" and not unique:
            return []
        if not (content or unique) or determiner(token) in {"a", "an"} or token.dep_ == "appos":
            return []
        if noun not in self.lex.words["told_bodies"] and "central" not in content:
            return []
        key = self._new_body(span, polities)
        if not polities and self.homeland and determiner(token) == "the" and local(noun):
            self.draft.say(key, "pg:bodyOf", self.homeland, "body.state", at=(span, None))
        return [key]

    def _body_noun(self, token: Any) -> str:
        """Return the noun of a body that a token is, or nothing."""
        nouns = self.lex.words["body_nouns"]
        noun: str = token.lemma_.lower() if token.lemma_.lower() in nouns else token.lower_
        if noun not in nouns or token.pos_ not in {"NOUN", "PROPN"} or token.dep_ == "compound":
            return ""
        behind = token.doc[token.i + 1 : token.i + 2]
        if noun == "agency" and len(behind) and self.paragraph.chunks[behind[0].i] is not None:
            return ""  # "the news agency X"
        many = token.tag_ in {"NNS", "NNPS"}
        if (many and noun not in _MANY) or determiner(token) in {"no", "any", "another", "such"}:
            return ""
        return noun

    def _new_body(self, span: Span, polities: list[str]) -> str:
        """Return a body of its own, with the state that its words tell."""
        label = _LEAD.sub("", re.sub(r"\s*\([^()]*\)", "", self._written(span)))
        owner = next((p for p in polities if is_a(self.draft.things[p].cls, "Polity")), "")
        plain = _OWN.sub("", label)
        tail = f"{owner.split(':')[-1]}-{plain}" if owner else plain
        thing = self.draft.thing(f"body:{slugify(tail)}", "PublicBody", label)
        self.draft.mention(thing.key, span, "description", self._written(span))
        if owner:
            thing.parties.setdefault(owner)
            at = (span, self.draft._near(owner, self.draft.sentence))
            self.draft.say(thing.key, "pg:bodyOf", owner, "body.state", at=at)
        thing.listed = True
        return thing.key

    def _body_acts(self, token: Any) -> bool:
        """ "the government": the one that the text is about, where it acts."""
        opens = {c.lower_ for c in token.children if c.dep_ in {"det", "poss"}}
        first = token
        while first.dep_ == "conj":
            first = first.head
        agent = first.dep_ == "pobj" and first.head.lower_ in {"by", "with", "between"}
        acts = first.dep_ in {"nsubj", "nsubjpass"} or agent
        return acts and bool(opens & ({"the"} | _POSSESSIVES))

    def _body_owned(
        self, token: Any, noun: str, polities: list[str], content: frozenset[str]
    ) -> bool:
        """Tell whether "Tembo's office", "the Rojas administration", "the Thai embassy" is told."""
        if noun in {"embassy", "consulate"}:
            return bool(polities)
        around = [*noun_modifiers(token), *(c for c in token.children if c.dep_ == "poss")]
        chunks = [self.paragraph.chunks[w.i] for w in around]
        person = any(c is not None and c.cls == "Person" for c in chunks)
        if noun == "administration":
            return person or bool(polities) or any(w.text[0].isupper() for w in around)
        spoken = token.dep_ == "nsubj" and token.head.lemma_.lower() in self.lex.words["report"]
        mine = any(c.dep_ == "poss" and c.lower_ in {"his", "her"} for c in token.children)
        return spoken and (person or mine) and not content - {w.lower_ for w in around}

    def _body_seat(self, token: Any) -> tuple[str, int] | None:
        """Return the state of "the government in Prague", with the place of the town."""
        for prep in token.children:
            if prep.dep_ != "prep" or prep.lower_ != "in" or prep.i != token.i + 1:
                continue
            for obj in prep.children:
                chunk = self.paragraph.chunks[obj.i]
                known = self.lex.seats.get(chunk.text) if chunk is not None else None
                if known is not None and known.type == "State":
                    return self.polity(known), obj.i
        return None

    def _body_field(self, token: Any) -> tuple[list[str], int]:
        """Return the words of "of health" behind "ministry", and where they end."""
        for prep in token.children:
            if prep.dep_ != "prep" or prep.lower_ not in {"of", "for"} or prep.i != token.i + 1:
                continue
            for obj in prep.children:
                several = conjuncts(obj) if obj.dep_ == "pobj" else []
                plain = all(self.paragraph.chunks[t.i] is None for t in several)
                if several and plain and all(t.text.islower() for t in several):
                    last = max(t.i for t in several)
                    inside = token.doc[prep.i + 1 : last + 1]
                    if last - token.i < 7 and not any(t.pos_ in {"VERB", "AUX"} for t in inside):
                        return [
                            t.lower_ for t in inside if t.pos_ in {"NOUN", "PROPN", "ADJ"}
                        ], last
        return [], 0

    def _called(self, key: str, noun: str) -> bool:
        return any(
            noun in re.findall(r"[\w-]+", name.lower()) for name in self._forms(key)
        ) and is_a(self.draft.things[key].cls, "Organization")

    def _in_state(self, key: str, polities: list[str]) -> bool:
        thing = self.draft.things[key]
        state = thing.traits.get("state", "")
        theirs = set(thing.parties) | ({f"state:{state}"} if state else set())
        return not polities or not theirs or bool(theirs & set(polities))

    def _body_span(self, token: Any, end: int = 0) -> Span:
        left = noun_modifiers(token)
        first = left[0].i if left else token.i
        if first and token.doc[first - 1].lower_ in {"his", "her", "our"}:
            first -= 1
        poss = [c for c in token.children if c.dep_ == "poss" and c.i < first]
        chunk = self.paragraph.chunks[poss[0].i] if poss else None
        if chunk is not None and chunk.cls == "Person":
            first = poss[0].i
        last = max(token.i, end)
        result: Span = self.paragraph.spans[first].cover(self.paragraph.spans[last])
        return result

    def _written(self, span: Span) -> str:
        return re.sub(r"\s+", " ", self.draft.document.text[span.start : span.end])
