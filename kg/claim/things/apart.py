"""Which mention opens a thing of its own: "another accord", "one on governance", "the latter"."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import Any

from kg.claim.draft import Thing
from kg.claim.syntax import conjuncts, determiner, noun_modifiers, predication
from kg.claim.things.antecedents import ends_with
from kg.claim.things.naming import content_words
from kg.claim.things.wording import Wording
from kg.model import Mention
from kg.spot.lexicon import Head
from kg.vocab import is_a, slugify

_ORDINALS = set("first second third fourth fifth sixth seventh eighth ninth tenth".split())
_OTHER = set(
    """another other separate similar further additional parallel different comparable second
    third fourth fifth sixth seventh eighth ninth tenth earlier previous older prior
    subsequent companion follow-up rival alternative""".split()
)
# Nouns that name a thing of the text even where nothing before says which.
_ALONE = set(
    """agreement deal pact accord treaty convention protocol memorandum mou contract loan truce
    ceasefire armistice programme program project communique communiqué roadmap concession bill
    decree swap fund corridor pipeline railway scheme""".split()
)
_STAND_INS = {"one", "another", "ones", "that", "those", "second", "third", "other"}
_ABOUT = {"on", "for", "with", "between", "about", "covering", "concerning", "regarding", "to"}
_FIELD = {"on", "for", "about", "concerning", "regarding", "against", "governing", "covering"}
_ARGUMENTS = {"nsubj", "nsubjpass", "dobj", "conj"}
_MODIFYING = {"det", "amod", "nummod", "mark", "advmod", "compound", "predet", "poss"}
_BEING = {"be", "become", "remain", "represent", "constitute", "form", "call", "name", "mark"}
_BESIDE = {"of", "under", "from", "within"}


class Apart(Wording):
    """Tells a further thing from one that was mentioned before."""

    def set_apart(self, token: Any, det: str, head: Head) -> bool:
        """Tell whether the words before a noun say that it is not the one told before."""
        if not is_a(head.cls, "PolicyObject") or is_a(head.cls, "Event"):
            return False
        words = {w.lower_ for w in noun_modifiers(token)} | {det}
        words |= {c.lower_ for c in token.children if c.i < token.i}
        if "first" in words and "such" not in words:
            subject = token.dep_ in {"nsubj", "nsubjpass"}
            return det in {"a", "an"} or (subject and self._group_of(head.cls) is not None)
        return bool(words & _OTHER)

    def _group_of(self, cls: str) -> Thing | None:
        """Return several things told at once ("five accords") of which one may be meant."""
        groups = [t for t in self.draft.things.values() if "count" in t.traits]
        return next((t for t in reversed(groups) if is_a(t.cls, cls) or is_a(cls, t.cls)), None)

    def same_words(self, token: Any, head: Head) -> str | None:
        """Return the thing that the text called by the very same words before."""
        phrase = self._phrase(token)
        words = _plain(self.draft.document.text[phrase.start : phrase.end])
        for key, thing in reversed(self.draft.things.items()):
            if is_a(thing.cls, head.cls) and any(
                words == _plain(n) for n in (thing.label, *thing.names)
            ):
                return key
        return None

    def about_another(self, key: str, token: Any) -> bool:
        """Tell whether "the agreement on X" tells of another field than the one before."""
        thing = self.draft.things[key]
        if not any(c.dep_ == "prep" and c.lower_ in _FIELD for c in token.children):
            return False
        if self._taken_for(key, token):
            return False
        told = content_words(self._label(token), self.lex) - content_words(token.text, self.lex)
        mine = content_words(thing.label, self.lex) - content_words(token.text, self.lex)
        told, mine = told - self.lex.head_ends, mine - self.lex.head_ends
        return bool(told and mine) and not told & self._words(thing)

    def later(self, key: str, token: Any) -> bool:
        """Tell whether a thing that was read already is told only behind a word."""
        thing = self.draft.things[key]
        return (
            thing.first is not None
            and not thing.proper
            and thing.first.start > self.paragraph.spans[token.i].start
        )

    def stands_alone(self, token: Any, head: Head, det: str) -> bool:
        """Tell whether "the deal" with nothing before it is a thing that the text speaks of."""
        alone = token.lemma_.lower() in _ALONE and det not in {"no", "any", "such"}
        return alone and is_a(head.cls, "PolicyObject")

    def predicated(self, token: Any, head: Head) -> str | None:
        """Return what a noun says the kind of: "X is a treaty", "X, a treaty on Y"."""
        of: list[Any] = []
        if token.dep_ == "attr" and token.head.lemma_ == "be":
            of = [t for t in predication(token.head).subjects if t.i < token.i]
        elif token.dep_ == "appos" and not any(c.dep_ == "conj" for c in token.children):
            of = [token.head]
        if resumed := self._resumed(token):
            of = [resumed]
        for noun in of[:1] if len(of) == 1 and of[0].pos_ in {"NOUN", "PROPN"} else ():
            for key in self.one(noun):
                cls = self.draft.things[key].cls
                if is_a(cls, "PolicyObject") and (is_a(cls, head.cls) or is_a(head.cls, cls)):
                    return key
        return None

    def shortened(self, token: Any) -> str | None:
        """Return the thing whose full name "the Conference" shortens, by its capital letter."""
        if token.i == token.sent.start or not token.text[:1].isupper():
            return None
        if determiner(token) not in {"the", "this"} or noun_modifiers(token):
            return None
        noun = token.lower_
        for key in reversed(self.draft.things):
            thing = self.draft.things[key]
            if thing.proper and is_a(thing.cls, "PolicyObject") and self.called(key, noun):
                return key
        return None

    def called(self, key: str, noun: str) -> bool:
        """Tell whether a name of a thing has a noun for its head."""
        thing = self.draft.things[key]
        return any(ends_with(name, noun) for name in (thing.label, *thing.names))

    def _resumed(self, token: Any) -> Any | None:
        """Return the noun that "…, a deal that is the largest so far" takes up again."""
        first = (noun_modifiers(token) or [token])[0].i - 1
        clause = any(c.dep_ == "relcl" and c.i > token.i for c in token.children)
        if not clause or first <= token.sent.start or token.dep_ == "appos":
            return None
        doc = token.doc
        if doc[first].lower_ not in {"a", "an"} or doc[first - 1].text not in {",", "-", "–"}:
            return None
        before = reversed(doc[token.sent.start : first - 1])
        return next((t for t in before if self._is_policy(t)), None)

    def _is_policy(self, token: Any) -> bool:
        chunk = self.paragraph.chunks[token.i]
        if chunk is not None:
            return is_a(chunk.known.type if chunk.known else chunk.cls, "PolicyObject")
        return self._head_before(token) is not None

    def one(self, token: Any) -> list[str]:
        """Return the keys of the things that a noun, name or pronoun refers to."""
        raise NotImplementedError

    def beside(self, token: Any) -> set[str]:
        """Return the things that stand beside a noun in its clause, so that it means another.

        "The new accord replaces the 1971 treaty": subject and object are two things.
        """
        others = [t for t in conjuncts(token) if t.i != token.i]
        first = token
        while first.dep_ == "conj" and first.head.pos_ in {"NOUN", "PROPN"}:
            first = first.head
            others.append(first)
        verb = first.head
        if first.dep_ == "pobj" and verb.dep_ == "prep" and verb.lower_ != "as":
            verb = verb.head  # "the memorandum builds on the accord"
        if verb.pos_ == "VERB" and verb.lemma_ not in _BEING:
            others += [c for c in verb.children if c.dep_ in _ARGUMENTS and c.i != first.i]
            preps = [c for c in verb.children if c.dep_ == "prep" and c.lower_ != "as"]
            others += [g for c in preps for g in c.children if g.dep_ == "pobj" and g.i != first.i]
        spans = [self.paragraph.spans[t.i] for t in others if t.pos_ in {"NOUN", "PROPN"}]
        mine = self.paragraph.spans[token.i]
        here = [m for m in self._since(self.draft.sentence.start) if mine not in m.span]
        return {m.entity for m in here if any(s in m.span for s in spans)}

    def _since(self, start: int) -> list[Mention]:
        """Return the mentions from a place of the text on; they are noted in its order."""
        mentions = self.draft.mentions
        return list(takewhile(lambda m: m.span.end > start, reversed(mentions)))[::-1]

    def _taken_for(self, key: str, token: Any) -> bool:
        """Tell whether a word was taken for that thing before."""
        span = self.paragraph.spans[token.i]
        return any(span in place for place in self.draft.places(key))

    # --- words that stand for a noun ---------------------------------------------------------

    def elliptical(self, token: Any) -> list[str]:
        """Resolve "one on governance", "a second with Peru", "the former" and "the latter"."""
        word = token.lower_
        if word in {"former", "latter"}:
            return self._of_two(token, word) if self._nounless(token) else []
        if word not in _STAND_INS or not self._nounless(token):
            return []
        about = [c for c in token.children if c.dep_ == "prep" and c.i > token.i]
        after = token.doc[token.i + 1] if token.i + 1 < token.sent.end else token
        about = about or [t for t in (after,) if t.pos_ == "ADP"]
        acting = word in {"another", "second", "third"} and token.dep_ in _ARGUMENTS
        if not acting and not any(c.lower_ in _ABOUT for c in about):
            return []
        kind = self._kind_before(token)
        if kind is None or any(c.lower_ in _BESIDE for c in about):
            return []
        label = self._with_tail(token, about)
        known = self.same_label(label, kind)
        if known is None:
            thing = self.draft.new(slugify(kind), kind, label)
            thing.listed = True
            known = thing.key
        self.draft.mention(known, self._phrase(token), "description", label)
        self.topic_thing = known
        return [known]

    def _with_tail(self, token: Any, about: list[Any]) -> str:
        """Return the word with the phrase that says which one it is."""
        span = self._phrase(token)
        for prep in about[:1]:
            last = max(t.i for t in prep.subtree if t.pos_ != "PUNCT")
            span = self._cut(span.cover(self.paragraph.spans[last]), token)
        return " ".join(self.draft.document.text[span.start : span.end].split())

    def same_label(self, label: str, cls: str) -> str | None:
        """Return the thing of a class that has a label already."""
        things = self.draft.things.items()
        return next((k for k, t in things if t.label == label and is_a(t.cls, cls)), None)

    def _nounless(self, token: Any) -> bool:
        """Tell whether no noun follows that the word only modifies."""
        after = token.doc[token.i + 1] if token.i + 1 < token.sent.end else None
        noun = after is not None and after.pos_ in {"NOUN", "PROPN", "ADJ", "NUM"}
        return not noun and token.dep_ not in _MODIFYING

    def _kind_before(self, token: Any) -> str | None:
        """Return the class of the policy object that was named last before a word."""
        here = self.paragraph.spans[token.i].start
        start = self.draft.sentences[max(self.draft.number - 1, 0)].start
        best: tuple[int, str] | None = None
        for mention in self._since(start):
            cls = self.draft.things[mention.entity].cls
            if start <= mention.span.start < here and is_a(cls, "PolicyObject"):
                best = max(best or (-1, ""), (mention.span.start, cls))
        for noun in token.sent[: token.i - token.sent.start]:
            head = self._head_before(noun)
            if head is not None and self.paragraph.spans[noun.i].start > (best or (-1, ""))[0]:
                best = (self.paragraph.spans[noun.i].start, head.cls)
        return best[1] if best else None

    def _head_before(self, noun: Any) -> Head | None:
        head = self.head(noun)
        return head if head is not None and is_a(head.cls, "PolicyObject") else None

    def _of_two(self, token: Any, word: str) -> list[str]:
        """Return which of the two things told last "the former" or "the latter" is."""
        here = self.paragraph.spans[token.i].start
        for start, end in self._stretches(here):
            order: dict[str, int] = {}
            for mention in self._since(start):
                if start <= mention.span.start < end and mention.span.end <= here:
                    order[mention.entity] = min(
                        order.get(mention.entity, mention.span.start), mention.span.start
                    )
            keys = sorted(order, key=lambda k: order[k])
            for family in ("PolicyObject", "State"):
                two = [k for k in keys if is_a(self.draft.things[k].cls, family)]
                if len(two) == 2:
                    key = two[word == "latter"]
                    self.draft.mention(key, self.paragraph.spans[token.i], "description")
                    return [key]
        return []

    def _stretches(self, here: int) -> list[tuple[int, int]]:
        """Return the sentence before, then the one at hand, up to a place."""
        found = []
        if self.draft.number > 0:
            before = self.draft.sentences[self.draft.number - 1]
            found.append((before.start, before.end))
        return [*found, (self.draft.sentence.start, here)]


def _plain(text: str) -> str:
    return re.sub(r"^(?:an?|the|this|that|its|their)\s+", "", " ".join(text.lower().split()))
