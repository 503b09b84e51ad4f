"""Unnamed things: "an accord on fishing quotas", "the 2014 treaty", "seven memoranda"."""

from __future__ import annotations

import re
from typing import Any

from kg.claim.antecedents import Wanted
from kg.claim.draft import Thing
from kg.claim.episodes import Episodes
from kg.claim.naming import content_words
from kg.claim.sides import EMPTY
from kg.claim.syntax import determiner, noun_modifiers
from kg.model import Span, Value
from kg.spot.lexicon import Head
from kg.vocab import is_a, slugify

_TAIL = {"on", "for", "of", "about", "regarding", "concerning", "to", "against"}
_BREAKS = {"that", "which", "who", "whom", "where", "when", "after", "before"}
_BREAKS |= {"while", "during", "here", "there", "amid", "despite", "worth"}
_TELLING = {"interim", "draft", "preliminary", "follow-up", "bilateral", "trilateral"}
_LEAD = re.compile(
    r"^(?:an?|the|this|that|their|its|our|his|her|new|both|initial|first|said|existing|proposed"
    r"|landmark|historic|long-awaited|current|planned|separate|similar|controversial|sweeping|broad"
    r"|key|major|final|so-called|recent|latest|ambitious|wide-ranging|upcoming|eventual)\s+",
    re.IGNORECASE,
)


class Descriptions(Episodes):
    """Resolves nouns that describe a policy object or event, or makes the thing they describe."""

    def head(self, token: Any) -> Head | None:
        """Return the described head noun that a token is (or ends, as in "working group")."""
        if token.pos_ not in {"NOUN", "PROPN"}:
            return None
        at = (self.paragraph.offset, token.i)
        if at not in self.headed:
            self.headed[at] = self._head_of(token)
        return self.headed[at]

    def _head_of(self, token: Any) -> Head | None:
        doc = token.doc
        lasts = {token.lower_, token.lemma_.lower()}
        if not lasts & self.lex.head_ends:
            return None
        start = token.sent.start
        for size in (4, 3, 2, 1):
            first = token.i - size + 1
            if first < start:
                continue
            words = [t.lower_ for t in doc[first : token.i]]
            for last in (token.lower_, token.lemma_.lower()):
                rows = self.lex.heads.get((*words, last))
                if rows and any(r.described for r in rows):
                    return next(r for r in rows if r.described)
        return None

    def _description(self, token: Any, create: bool = True) -> list[str]:
        head = self.head(token)
        if head is None:
            return self._generic(token)
        det = determiner(token)
        plural = token.tag_ in {"NNS", "NNPS"} and head.cls not in {"Talks", "Negotiation"}
        polities, words = self.modifiers(token)
        content = {w for w in words if w not in EMPTY and w not in head.words and len(w) > 1}
        years = tuple(w for w in self._numbers(token) if re.fullmatch(r"(?:19|20)\d\d", w))
        if plural:
            return self._plural(token, head, det, content, polities, create)
        if same := self._same_again(token, head.cls):
            return [self._described(token, self.draft.things[same], polities)]
        # "the trade dialogue" says which dialogue, "the agreement" does not.
        telling = len(head.words) > 1 and head.cls == "DialogueFramework"
        wanted = Wanted(
            frozenset({head.cls}),
            frozenset(content),
            tuple(polities),
            head.words[-1] if len(head.words) == 1 else head.words[0],
            years,
            "new" in words or det == "another",
        )
        found = next(iter(self.ranked(wanted)), None)
        fresh = det in {"a", "an", "another", "some"} or (not det and not content)
        if found and det in {"a", "an"} and self._another(found, head.cls, token):
            found = None
        if found and is_a(head.cls, "Event") and self.other_episode(found, token, head):
            found = None
        if not found and not fresh:
            found = self._named_loosely(token, head, wanted)
        if not found and (twin := self.headline_twin(head.cls, tuple(polities))):
            found = twin.key if self._retell(twin, token, head, content) else None
        if found and not (fresh and self._named_apart(found, content)):
            thing = self.draft.things[found]
            self.draft.refine(thing, head.cls)
        elif (
            det in {"the", "this", "that", "those", "these"}
            and not (det == "this" and head.cls == "Visit")
            and not content
            and not polities
            and not years
            and not self._complement(token)
            and not telling
            and not is_a(head.cls, "Event")
        ) or (det in {"no", "any", "such"} and not content):
            return self._generic(token)
        elif not create and not self._telling(token, head):
            return []
        else:
            thing = self._describe(token, head, content, polities)
            thing.listed = self._telling(token, head)
        return [self._described(token, thing, polities)]

    def _described(self, token: Any, thing: Thing, polities: list[str]) -> str:
        """Note a mention by description, with its phase and its sides."""
        span = self._phrase(token)
        self._phase(thing, span)
        self.draft.mention(
            thing.key, span, "description", self.draft.document.text[span.start : span.end]
        )
        if is_a(thing.cls, "Event"):
            self.note_episode(thing, token)
        else:
            self.topic_thing = thing.key
        for key in polities:
            if is_a(key and self.draft.things[key].cls, "State"):
                thing.parties.setdefault(key)
        self.note_role(token, [thing.key])
        return thing.key

    def _telling(self, token: Any, head: Head) -> bool:
        """Tell whether a description stands for one thing; "a modern deal" says too little."""
        if head.cls == "DialogueFramework" and len(head.words) == 1:
            return False
        if is_a(head.cls, "Legislation") and not determiner(token):
            return False  # "EU law" is no act
        if len(head.words) > 1 and is_a(head.cls, "Agreement") and determiner(token) in {"a", "an"}:
            return True
        nouns = any(
            w.pos_ in {"NOUN", "PROPN"} or w.lower_ in _TELLING or self._polities(w)
            for w in noun_modifiers(token)
            if w.lower_ not in head.words and w.lower_ not in EMPTY - _TELLING
        )
        years = any(len(n) == 4 for n in self._numbers(token))
        return nouns or years or self._complement(token)

    def _numbers(self, token: Any) -> list[str]:
        return [w.text for w in noun_modifiers(token) if w.text[:1].isdigit()]

    def _named_loosely(self, token: Any, head: Head, wanted: Wanted) -> str | None:
        """ "the trade agreement" may mean one with a name of its own that was just mentioned."""
        if self._complement(token) or wanted.years or not is_a(head.cls, "PolicyObject"):
            return None
        if not wanted.content <= self.lex.words["kinds"]:
            return None
        bare = Wanted(wanted.classes, frozenset(), wanted.polities, wanted.noun)
        for key in self.ranked(bare)[:1]:
            thing = self.draft.things[key]
            if thing.proper and self.draft.number - thing.last <= 2 and determiner(token) == "the":
                return key
        return None

    def _retell(self, twin: Thing, token: Any, head: Head, content: set[str]) -> bool:
        """Give the headline's agreement the fuller wording of the text below it."""
        mine = content_words(twin.label, self.lex)
        if determiner(token) not in {"a", "an", "the", "poss"} and not content:
            return False
        if content_words(" ".join(content), self.lex) - mine or self._complement(token):
            twin.label, twin.listed = self._label(token), True
        return True

    def _plural(
        self,
        token: Any,
        head: Head,
        det: str,
        content: set[str],
        polities: list[str],
        create: bool,
    ) -> list[str]:
        """Resolve "both accords", "the two treaties", "seven memoranda on trade"."""
        if not is_a(head.cls, "PolicyObject"):
            return []
        number = self.count(token, list(content))
        definite = det in {"the", "both", "these", "those", "all", "poss"}
        if number and not content and definite:
            keys = self.several(frozenset({head.cls}), number, head.words[0])
            for key in keys:
                self.draft.mention(key, self._phrase(token), "description")
            if keys:
                return keys
        words = content_words(" ".join(content), self.lex)
        for thing in reversed(self.draft.things.values()):
            same = "count" in thing.traits and is_a(thing.cls, head.cls)
            if same and words <= self._words(thing) and number in {0, int(thing.traits["count"])}:
                return [self._described(token, thing, [])]
        loose = {"other", "more", "many", "similar", "further", "such", "most", "new"}
        if det in {"no", "any", "such"} or (definite and not content):
            return []
        if not number and (
            not content or not (create or definite) or {t.lower_ for t in token.lefts} & loose
        ):
            return []
        thing = self._describe(token, head, content, polities)
        thing.traits["count"] = str(number)
        thing.listed = bool(content) or self._complement(token)
        return [self._described(token, thing, polities)]

    def _another(self, key: str, cls: str, token: Any) -> bool:
        """ "a memorandum on X" behind a named agreement is another instrument."""
        thing = self.draft.things[key]
        if self.draft.number < (1 if thing.proper else 2) or self._taken_for(key, token):
            return False
        if not thing.proper:
            return self._complement(token)
        return self._complement(token) or (thing.cls != cls and not is_a(thing.cls, cls))

    def _taken_for(self, key: str, token: Any) -> bool:
        """Tell whether a word was taken for that thing before."""
        span = self.paragraph.spans[token.i]
        return any(m.entity == key and span in m.span for m in self.draft.mentions)

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
        told = content_words(" ".join(content), self.lex) - self._words(thing)
        return thing.last < self.draft.number - 6 or bool(told)

    def _describe(self, token: Any, head: Head, content: set[str], polities: list[str]) -> Thing:
        return self.draft.new(slugify(head.cls), head.cls, self._label(token))

    def _label(self, token: Any) -> str:
        """Return the words that name an unnamed thing: its head, and what belongs to it."""
        span = self._cut(self._tail(token), token)
        text = self.draft.document.text[span.start : span.end]
        if len(text) > 120 or "," in text:
            span = self._phrase(token)
            text = self.draft.document.text[span.start : span.end]
        label = re.sub(r"\s+", " ", re.sub(r"\s*\([^()]*\)", "", text))
        while (shorter := _LEAD.sub("", label)) != label and " " in shorter:
            label = shorter
        return label

    def _tail(self, token: Any) -> Span:
        """Return the span of a noun phrase with the complements that belong to a name."""
        span = self._phrase(token)
        for child in token.children:
            if child.i <= token.i:
                continue
            word = child.lower_
            about = child.dep_ == "prep" and (
                word in _TAIL
                or (word == "in" and _field(child))
                or (word in {"with", "between"} and self._with_body(child))
            )
            bare = span == self._phrase(token) and not any(
                w.lower_ not in EMPTY for w in noun_modifiers(token)
            )
            clause = child.dep_ in {"acl", "relcl"} and bare and _opens_purpose(child)
            if about or clause:
                last = max((t.i for t in child.subtree if t.pos_ != "PUNCT"), default=child.i)
                span = span.cover(self.paragraph.spans[last])
        return span

    def _apart(self, prep: Any, head: Any) -> bool:
        """Tell whether "in Oslo" says where something was done, not what it is about."""
        loose = prep.head.i == head.i or prep.head.pos_ in {"VERB", "AUX"}
        return prep.lower_ == "in" or (prep.lower_ == "at" and loose)

    def _with_body(self, prep: Any) -> bool:
        """Tell whether the partner is a body or firm; states and people are no part of a name."""
        chunks = [self.paragraph.chunks[t.i] for t in prep.subtree]
        return any(
            c is not None and is_a(c.known.type if c.known else c.cls, "Organization")
            for c in chunks
        )

    def _cut(self, span: Span, token: Any) -> Span:
        """Cut a phrase before times, relative clauses and finite verbs: they are no part of it."""
        for i in range(token.i + 1, token.sent.end):
            at, chunk, word = self.paragraph.spans[i], self.paragraph.chunks[i], token.doc[i]
            if at.start >= span.end:
                break
            date = chunk is not None and (
                chunk.cls == "Date"
                or (chunk.cls in {"Place", "Seat"} and self._apart(token.doc[i - 1], token))
            )
            date = date or (word.lower_ == "at" and self._apart(word, token))
            if date or word.lower_ in _BREAKS or word.text in {";", ":", '"', "–", "—"}:
                cut = i - 1 if date and token.doc[i - 1].pos_ == "ADP" else i
                while cut - 1 > token.i and token.doc[cut - 1].pos_ in {"CCONJ", "PUNCT"}:
                    cut -= 1
                return Span(span.start, self.paragraph.spans[cut - 1].end)
        return span

    def _phrase(self, token: Any) -> Span:
        left = noun_modifiers(token)
        while left and any(w.lower_ in self.lex.words["headline_verbs"] for w in left):
            left.pop(0)  # "EU sign trade deal": the parser takes a headline's verb for a noun
        first = left[0].i if left else token.i
        result: Span = self.paragraph.spans[first].cover(self.paragraph.spans[token.i])
        return result


def _field(prep: Any) -> bool:
    """Tell whether "in" opens the field of an agreement ("in the field of", "in teaching")."""
    return any(
        c.lower_ in {"field", "fields", "area", "areas", "sector", "domain", "sphere", "respect"}
        or c.dep_ == "pcomp"
        for c in prep.children
    )


def _opens_purpose(verb: Any) -> bool:
    """Tell whether a clause says what an agreement is: "to develop X", "establishing X"."""
    infinitive = any(c.lower_ == "to" and c.dep_ == "aux" for c in verb.children)
    return infinitive or (verb.tag_ == "VBG" and verb.dep_ == "acl")
