"""Bodies told by common nouns: "the trade ministry", "Nepal's parliament", "the agency"."""

from __future__ import annotations

import re
from typing import Any

from kg.claim.antecedents import Antecedents, Wanted
from kg.claim.sides import EMPTY
from kg.claim.syntax import determiner, noun_modifiers
from kg.model import Span
from kg.vocab import is_a, slugify


class Bodies(Antecedents):
    """Resolves lower-case nouns that stand for a public body or another organization."""

    def body(self, token: Any) -> list[str]:
        """Return the body that a noun means: one named before, or a new one told by its field."""
        nouns = self.lex.words["body_nouns"]
        noun = token.lemma_.lower() if token.lemma_.lower() in nouns else token.lower_
        if noun not in nouns or token.pos_ not in {"NOUN", "PROPN"} or token.dep_ == "compound":
            return []
        polities, words = self.modifiers(token)
        content = frozenset(w for w in words if w not in EMPTY and w != "-" and len(w) > 1)
        unique = noun in self.lex.words["chambers"]
        if token.tag_ in {"NNS", "NNPS"} or determiner(token) in {"no", "any", "another", "such"}:
            return []
        span = self._body_span(token)
        found = self.ranked(Wanted(frozenset({"Organization"}), content, tuple(polities[:1]), noun))
        found = [k for k in found if self._called(k, noun) and self._in_state(k, polities)]
        if found and (content or not polities or unique):
            self.draft.mention(found[0], span, "description", self._written(span))
            return [found[0]]
        if any(c.dep_ == "prep" and c.lower_ == "for" for c in token.children):
            content |= {"for"}
        if noun == "government" and len(polities) == 1:
            content = frozenset(polities)
        if not (content or unique) or determiner(token) in {"a", "an"} or token.dep_ == "appos":
            return []
        if noun not in self.lex.words["told_bodies"] and "central" not in content:
            return []
        label = re.sub(r"^(?:the|its|their|his|her|new)\s+", "", self._written(span))
        owner = next((p for p in polities if is_a(self.draft.things[p].cls, "Polity")), "")
        tail = f"{owner.split(':')[-1]}-{label}" if owner else label
        thing = self.draft.thing(f"body:{slugify(tail)}", "PublicBody", label)
        self.draft.mention(thing.key, span, "description", self._written(span))
        if owner:
            thing.parties.setdefault(owner)
            at = (span, self.draft._near(owner, self.draft.sentence))
            self.draft.say(thing.key, "pg:bodyOf", owner, "body.state", at=at)
        thing.listed = True
        return [thing.key]

    def _called(self, key: str, noun: str) -> bool:
        return any(
            noun in re.findall(r"[\w-]+", name.lower()) for name in self._forms(key)
        ) and is_a(self.draft.things[key].cls, "Organization")

    def _in_state(self, key: str, polities: list[str]) -> bool:
        thing = self.draft.things[key]
        state = thing.traits.get("state", "")
        theirs = set(thing.parties) | ({f"state:{state}"} if state else set())
        return not polities or not theirs or bool(theirs & set(polities))

    def _body_span(self, token: Any) -> Span:
        left = noun_modifiers(token)
        first = left[0].i if left else token.i
        result: Span = self.paragraph.spans[first].cover(self.paragraph.spans[token.i])
        return result

    def _written(self, span: Span) -> str:
        return re.sub(r"\s+", " ", self.draft.document.text[span.start : span.end])
