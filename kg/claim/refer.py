"""What a word refers to: names, sides, descriptions and pronouns to things of the document."""

from __future__ import annotations

import re
from typing import Any

from kg.claim.draft import Thing
from kg.claim.naming import content_words
from kg.claim.sides import EMPTY, Sides
from kg.claim.syntax import determiner, noun_modifiers
from kg.model import Span, Value
from kg.spot.chunk import Chunk
from kg.spot.lexicon import Head
from kg.vocab import is_a, slugify

_GENERIC = {  # words that can stand for things of several families
    "move": ("WorkingGroup", "Programme", "Agreement", "DialogueFramework"),
    "document": ("Agreement",),
    "text": ("Agreement",),
    "instrument": ("Agreement",),
    "group": ("WorkingGroup", "CooperationMechanism"),
    "body": ("WorkingGroup", "CooperationMechanism"),
    "initiative": ("Programme", "CooperationMechanism", "Agreement"),
    "partnership": ("CooperationMechanism", "Agreement"),
    "framework": ("CooperationMechanism", "Agreement"),
    "mechanism": ("CooperationMechanism",),
    "forum": ("CooperationMechanism",),
    "mission": ("TradeMission", "NationalMission", "Visit"),
    "plan": ("Strategy", "Programme"),
    "package": ("Programme", "Agreement"),
}


class Referents(Sides):
    """Resolves head tokens to keys of things, in reading order."""

    # --- words to things ------------------------------------------------------------------

    def all(self, tokens: list[Any]) -> list[tuple[str, Span]]:
        """Resolve head tokens; the result keeps order and drops what cannot be resolved."""
        found: list[tuple[str, Span]] = []
        for token in tokens:
            for key in self.one(token):
                if key not in [k for k, _ in found]:
                    found.append((key, self.paragraph.spans[token.i]))
        return found

    def one(self, token: Any) -> list[str]:
        """Return the keys of the things that a noun, name or pronoun refers to."""
        chunk = self.paragraph.chunks[token.i]
        if chunk is not None and not (
            chunk.cls in {"Demonym", "Pair", "Place"} and token.dep_ in {"compound", "amod"}
        ):
            if chunk.cls == "Demonym" and chunk.known and token.pos_ in {"NOUN", "PROPN", "ADJ"}:
                return self._elliptic(token, chunk) or [self.polity(chunk.known)]
            if chunk.cls == "Seat" and not self.acts(token):
                return []
            keys = self.chunk(chunk)
            self._refer(keys, token, chunk)
            return keys
        if token.is_upper and len(token.text) > 2 and (key := self._acronym(token.text)):
            self.draft.mention(key, self.paragraph.spans[token.i], "short", token.text)
            return [key]
        if token.pos_ == "PRON" or (
            token.lower_ in {"both", "two", "sides"} and token.dep_ in {"nsubj", "nsubjpass"}
        ):
            return self._pronoun(token)
        if token.pos_ not in {"NOUN", "PROPN", "ADJ", "NUM", "VERB", "X"}:
            return []
        for reading in (self._side, self._pair, self._description, self._group):
            keys = reading(token)
            if keys:
                return keys
        return self._through_of(token)

    def _acronym(self, word: str) -> str | None:
        return next((k for k, t in self.draft.things.items() if word in t.names), None)

    def acts(self, token: Any) -> bool:
        """A capital stands for its state only where it acts: as subject or partner."""
        first = token
        while first.dep_ == "conj":
            first = first.head
        if first.dep_ in {"nsubj", "agent", "poss"}:
            return True
        return first.dep_ == "pobj" and first.head.lower_ in {"between", "with"}

    def _refer(self, keys: list[str], token: Any, chunk: Chunk) -> None:
        form = "short" if chunk.cls == "Person" and " " not in chunk.text else "name"
        for key in keys:
            self.draft.mention(
                key, chunk.span, form, chunk.text if chunk.cls not in {"Office", "Pair"} else ""
            )

    def _through_of(self, token: Any) -> list[str]:
        """ "the framework of the Dialogue", "the launch of X": look behind the light noun."""
        if token.lower_ not in {
            "framework",
            "umbrella",
            "aegis",
            "auspices",
            "ambit",
            "terms",
            "part",
            "provisions",
            "text",
            "banner",
            "members",
            "group",
            "number",
            "series",
        }:
            return []
        for prep in token.children:
            if prep.dep_ == "prep" and prep.lower_ == "of":
                for obj in prep.children:
                    if obj.dep_ == "pobj":
                        return self.one(obj)
        return []

    def _pronoun(self, token: Any) -> list[str]:
        word = token.lower_
        if word in {"he", "she"}:
            return [self.person] if self.person else []
        if word in {"i", "me"}:
            return [self.speaker] if self.speaker else []
        if word in {"we", "us"}:
            side = self.side.get(self.speaker or "")
            return [side] if side else []
        if word in {"they", "both", "two", "sides"}:
            return list(self.pair())
        if word in {"it", "this", "that"}:
            return [self.topic_thing] if self.topic_thing and word == "it" else []
        return []

    # --- descriptions ---------------------------------------------------------------------

    def head(self, token: Any) -> Head | None:
        """Return the described head noun that a token is (or ends, as in "working group")."""
        if token.pos_ not in {"NOUN", "PROPN"}:
            return None
        doc = token.doc
        for size in (4, 3, 2, 1):
            first = token.i - size + 1
            if first < token.sent.start:
                continue
            words = [t.lower_ for t in doc[first : token.i]]
            for last in (token.lower_, token.lemma_.lower()):
                rows = self.lex.heads.get((*words, last))
                if rows and any(r.described for r in rows):
                    return next(r for r in rows if r.described)
        return None

    def _description(self, token: Any) -> list[str]:
        head = self.head(token)
        if head is None:
            return self._generic(token)
        det = determiner(token)
        plural = token.tag_ in {"NNS", "NNPS"} and head.cls not in {"Talks", "Negotiation"}
        if plural:
            return []
        polities, words = self.modifiers(token)
        content = {w for w in words if w not in EMPTY and w not in head.words and len(w) > 1}
        # "the trade dialogue" says which dialogue, "the agreement" does not.
        telling = len(head.words) > 1 and head.cls == "DialogueFramework"
        found = self.latest(
            {head.cls}, content, tuple(polities), new="new" in words or det == "another"
        )
        fresh = det in {"a", "an", "another", "some"} or (not det and not content)
        if found and det in {"a", "an"} and self._another(found, head.cls, token):
            found = None
        if found and not (fresh and self._named_apart(found, content)):
            thing = self.draft.things[found]
            self.draft.refine(thing, head.cls)
        elif (
            det in {"the", "this", "that", "those", "these"}
            and not (det == "this" and head.cls == "Visit")
            and not content
            and not polities
            and not self._complement(token)
            and not telling
        ) or (det in {"no", "any", "such"} and not content):
            return self._generic(token)
        else:
            thing = self._describe(token, head, content, polities)
        span = self._phrase(token)
        self._phase(thing, span)
        self.draft.mention(
            thing.key, span, "description", self.draft.document.text[span.start : span.end]
        )
        if not is_a(thing.cls, "Event"):
            self.topic_thing = thing.key
        for key in polities:
            if is_a(key and self.draft.things[key].cls, "State"):
                thing.parties.setdefault(key)
        return [thing.key]

    def _another(self, key: str, cls: str, token: Any) -> bool:
        """ "a memorandum on X" behind a named agreement is another instrument."""
        thing = self.draft.things[key]
        if self.draft.number < 2 or not thing.proper:
            return False
        return self._complement(token) or (thing.cls != cls and not is_a(thing.cls, cls))

    def _phase(self, thing: Thing, span: Span) -> None:
        for part in self.paragraph.dropped:
            if "phase" in part.traits and 0 <= part.span.start - span.end <= 2:
                thing.traits["phase"] = part.traits["phase"]
                at = (span, part.span)
                self.draft.say(
                    thing.key, "pg:phase", Value(thing.traits["phase"]), "name.phase", at=at
                )

    def _complement(self, token: Any) -> bool:
        return any(
            c.dep_ == "prep" and c.lower_ in {"on", "for", "between", "with", "of", "in"}
            for c in token.children
        )

    def _named_apart(self, key: str, content: set[str]) -> bool:
        thing = self.draft.things[key]
        return thing.last < self.draft.number - 6 or bool(
            content - content_words(thing.label, self.lex)
        )

    def _describe(self, token: Any, head: Head, content: set[str], polities: list[str]) -> Thing:
        span = self.content.phrase(token, self.paragraph)
        text = self.draft.document.text[span.start : span.end]
        if len(text) > 110 or "," in text:
            span = self._phrase(token)
            text = self.draft.document.text[span.start : span.end]
        label = re.sub(
            r"^(?:an?|the|this|that|their|its|our|his|her|new|both)\s+",
            "",
            re.sub(r"\s+", " ", text),
            flags=re.IGNORECASE,
        )
        label = re.sub(r"^(?:new|initial|first|said)\s+", "", label)
        return self.draft.new(slugify(head.cls), head.cls, label)

    def _phrase(self, token: Any) -> Span:
        left = noun_modifiers(token)
        first = left[0].i if left else token.i
        result: Span = self.paragraph.spans[first].cover(self.paragraph.spans[token.i])
        return result

    def _generic(self, token: Any) -> list[str]:
        classes = _GENERIC.get(token.lower_)
        if not classes or determiner(token) not in {"the", "this", "that"}:
            return []
        _, words = self.modifiers(token)
        if any(w not in EMPTY for w in words):
            return []
        found = self.latest(set(classes), set(), ())
        if found:
            self.draft.mention(found, self._phrase(token), "description")
        return [found] if found else []

    def latest(
        self, classes: set[str], content: set[str], polities: tuple[str, ...], new: bool = False
    ) -> str | None:
        """Return the last thing that a description of these classes and words may mean."""
        best: tuple[int, int, str] | None = None
        for n, (key, thing) in enumerate(self.draft.things.items()):
            fits = any(
                is_a(thing.cls, c)
                or (is_a(c, thing.cls) and thing.cls not in {"Event", "PolicyObject"})
                for c in classes
            )
            if not fits or (thing.last < 0 and not thing.proper):
                continue
            words = content_words(thing.label, self.lex) | {
                w for name in thing.names for w in content_words(name, self.lex)
            }
            if content and not content <= words:
                continue
            if new and content != words & content:
                continue
            if polities and thing.parties and not set(polities) <= set(thing.parties):
                continue
            order = (thing.last, n, key)
            if best is None or order > best:
                best = order
        return best[2] if best else None
