"""Sums of money: which agreement, programme, promise or project a sum belongs to."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from kg.claim.draft import Draft, Stance
from kg.claim.engine import Engine
from kg.claim.syntax import Predication, extent, predication
from kg.claim.things.refer import Referents
from kg.model import Amount, Span
from kg.spot import money
from kg.vocab import is_a, slugify

_WITH_MONEY = ("PolicyObject", "Commitment", "Deliverable")
_PAID = set(
    """loan grant contribution credit guarantee package payment tranche facility donation
    investment funding fund aid assistance support subsidy swap budget bond financing""".split()
)
# What is measured in money here is no instrument: "trade worth $5 billion".
_MEASURED = set(
    """trade export import turnover market debt deficit gdp economy sale revenue loss damage profit
    tariff goods reserve income earnings share price value volume rate cost average""".split()
)
_GIVING = set(
    """provide contribute allocate earmark spend pay invest give grant lend commit pledge release
    disburse set channel extend offer approve mobilise mobilize inject transfer put raise unlock
    free donate finance fund go""".split()
)
_PRICE = {"cost", "investment", "price", "fee", "value", "budget", "volume"}  # of what is told of
_SHARE = {"equivalent", "total", "sum", "maximum", "minimum", "amount", "half", "rest"}
_NEAR = 12  # characters between a thing and a sum that nothing in the grammar joins

_ARTICLE = re.compile(r"^(?:(?:an?|the|its|their|this|that|another|stalled|planned|new)\s+)+")


class Sums:
    """Gives sums of money to the things that they are for."""

    def __init__(self, draft: Draft, refer: Referents, engine: Engine) -> None:
        self.draft, self.refer, self.engine = draft, refer, engine

    def sentence(self, sentence: Any) -> None:
        """State the sums of a sentence."""
        span = self.draft.sentence
        for amount in money.find(self.draft.document.text[span.start : span.end], span.start):
            if not self._promised(amount.span):
                self._amount(sentence, amount)

    def _promised(self, span: Span) -> bool:
        """Tell whether a promise holds the sum already."""
        return any(
            isinstance(c.object, Amount) and c.object.span == span
            for c in self.draft.told("pg:amount")
        )

    def _amount(self, sentence: Any, amount: Amount) -> None:
        at = self.engine.paragraph.spans
        tokens = [t for t in sentence if at[t.i].overlaps(amount.span)]
        if not tokens:
            return
        head = next((t for t in tokens if t.head not in tokens), tokens[-1])
        noun, measured = self._owner(head, tokens)
        key = self._thing(noun, amount) if noun is not None else None
        key = key or self._paid_under(head)
        if key is None and not measured:
            worth = head.head.lower_ == "worth"
            key = self._nearest(amount, 80 if worth else _NEAR)
        if key is None:
            return
        stance = self._stance(head)
        if stance.modality == "negated":
            return
        confidence = 1.0 if noun is not None else 0.85
        self.draft.say(key, "pg:amount", amount, "amount", stance, confidence=confidence)

    def _paid_under(self, head: Any) -> str | None:
        """ "Canberra will give $100 million": what a party pays, it pays under the pact told of."""
        verb = next((a for a in head.ancestors if a.pos_ == "VERB"), None)
        last = self.refer.topic_thing
        if verb is None or verb.lemma_.lower() not in _GIVING or last is None:
            return None
        if not is_a(self.draft.things[last].cls, "Agreement") or predication(verb).passive:
            return None
        payers = {k for s in predication(verb).subjects for k in self.refer.one(s)}
        return last if payers & set(self.draft.sides.get(last, ())) else None

    # --- what the grammar joins to a sum ---------------------------------------------------

    def _owner(self, head: Any, tokens: list[Any]) -> tuple[Any | None, bool]:
        """Return the noun that a sum belongs to, and whether it only measures something."""
        above = head.head
        if head.dep_ in {"compound", "nummod", "nmod", "amod"} and above.pos_ in {"NOUN", "PROPN"}:
            return self._fit(above)
        if head.dep_ == "pobj" and above.lower_ in {"of", "with", "at", "for", "to"}:
            noun = above.head
            if above.lower_ == "of" and noun.pos_ in {"NOUN", "PROPN"}:
                return self._fit(noun)
            if noun.pos_ == "VERB":
                return self._of_verb(noun, tokens)
        if above.lower_ == "worth":
            noun = above.head
            while noun.pos_ == "ADP" or (noun.dep_ == "pobj" and noun.pos_ == "PROPN"):
                noun = noun.head
            return self._fit(noun) if noun.pos_ in {"NOUN", "PROPN"} else (None, False)
        if above.pos_ in {"VERB", "AUX"}:
            own = [c for c in head.children if c.dep_ == "prep"]
            return self._of_verb(above, tokens, own)
        return None, False

    def _fit(self, noun: Any) -> tuple[Any | None, bool]:
        if noun.dep_ == "appos" and noun.head.pos_ in {"NOUN", "PROPN"}:
            noun = noun.head  # "the port of X, a project of 2 billion"
        if noun.lemma_.lower() in _SHARE:
            if noun.head.pos_ == "VERB":
                return self._of_verb(
                    noun.head, [noun], [c for c in noun.children if c.dep_ == "prep"]
                )
            return None, False
        if noun.lemma_.lower() in _PRICE and noun.dep_ == "dobj" and noun.head.lemma_ == "have":
            subjects = predication(noun.head).subjects  # "the contract has a value of 2 billion"
            return (subjects[0], False) if subjects else (None, True)
        if noun.lemma_.lower() in _MEASURED and self.refer.head(noun) is None:
            return None, True
        return noun, False

    def _of_verb(
        self, verb: Any, tokens: list[Any], own: list[Any] | None = None
    ) -> tuple[Any | None, bool]:
        """Read "provide 5 million for X", "X costs 5 million", "for which it will give 5"."""
        lemma = verb.lemma_.lower()
        parts = predication(verb)
        if (base := self._under(verb, parts)) is not None:
            return base, False
        if lemma in {"value", "estimate", "price", "put", "assess"} and parts.objects:
            return parts.objects[0], False
        if lemma in {"cost", "total", "amount", "be"}:
            subject = next((s for s in parts.subjects if s not in tokens), None)
            return (subject, False) if subject is not None else (None, False)
        if lemma not in _GIVING:
            return None, lemma in {"reach", "exceed", "rise", "fall", "grow", "stand", "total"}
        if verb.dep_ == "relcl" and verb.head.pos_ in {"NOUN", "PROPN"}:
            marks = {c.lower_ for t in verb.children for c in t.children} | {
                c.lower_ for c in verb.children
            }
            if marks & {"which", "that"}:
                return verb.head, False
        found = [
            g
            for prep in (*(own or []), *verb.children)
            if prep.dep_ in {"prep", "dative"} and prep.lower_ in {"for", "to", "in", "on", "into"}
            for g in prep.children
            if g.dep_ == "pobj" and g not in tokens
        ]
        if not found and lemma in {"finance", "fund"}:
            found = [o for o in parts.objects if o not in tokens]
        return (found[0], False) if found else (None, False)

    def _under(self, verb: Any, parts: Predication) -> Any | None:
        """Return the instrument in "under the pact A gives 5 million", "the pact provides 5"."""
        if verb.lemma_.lower() not in _GIVING | {"include", "foresee", "envisage", "promise"}:
            return None
        named = parts.slot("under") if verb.lemma_.lower() in _GIVING else []
        acting = [s for s in parts.subjects if s.pos_ != "PRON"] if not parts.passive else []
        for noun in [*named, *acting]:
            keys = self.refer.one(noun)
            if any(is_a(self.draft.things[k].cls, "Agreement") for k in keys):
                return noun
        return None

    def _thing(self, noun: Any, amount: Amount) -> str | None:
        """Return the thing that a noun names; a project or grant told by its noun is made one."""
        keys = self.refer.one(noun)
        if not keys and noun.lemma_.lower() in _PRICE:
            subjects = predication(noun.head).subjects if noun.head.pos_ == "VERB" else []
            for subject in subjects if noun.dep_ == "dobj" else ():
                for key in self.refer.one(subject):
                    if any(is_a(self.draft.things[key].cls, c) for c in _WITH_MONEY):
                        return key
            last = self.refer.topic_thing
            cls = self.draft.things[last].cls if last else ""
            return last if cls and (is_a(cls, "Programme") or is_a(cls, "Contract")) else None
        for key in keys:
            if any(is_a(self.draft.things[key].cls, c) for c in _WITH_MONEY):
                return key
        chunk = self.engine.paragraph.chunks[noun.i]
        lemma = noun.lemma_.lower()
        vague = self.engine.lex.words["vague"] | self.engine.lex.words["crowds"]
        if keys or chunk is not None or noun.pos_ != "NOUN" or lemma in vague or lemma in _MEASURED:
            return None
        if lemma not in _PAID:
            return None  # what is paid for is hardly ever a thing of its own
        span = self._phrase(noun)
        text = self.draft.document.text[span.start : span.end]
        label = _ARTICLE.sub("", " ".join(text.split()))
        thing = self.draft.thing(f"programme:{slugify(label)}", "Programme", label)
        self.draft.mention(thing.key, span, "description", label)
        return thing.key

    def _phrase(self, noun: Any) -> Span:
        p = self.engine.paragraph
        first, last = extent(noun, _leaves_phrase)
        return Span(p.spans[first].start, p.spans[last].end)

    # --- otherwise ------------------------------------------------------------------------

    def _nearest(self, amount: Amount, limit: int) -> str | None:
        near: list[tuple[int, str]] = []
        for mention in self.draft.mentions:
            cls = self.draft.things[mention.entity].cls
            fits = any(is_a(cls, c) for c in _WITH_MONEY) and not is_a(cls, "CooperationMechanism")
            if mention.span in self.draft.sentence and fits:
                gap = max(
                    mention.span.start - amount.span.end, amount.span.start - mention.span.end, 0
                )
                near.append((gap, mention.entity))
        gap, key = min(near, default=(limit + 1, ""))
        return key if gap <= limit else None

    def _stance(self, token: Any) -> Stance:
        for above in token.ancestors:
            if above.pos_ in {"VERB", "AUX"}:
                stance = self.engine.stance(above)[0]
                if stance.modality == "possible":
                    return replace(stance, modality="actual")
                return stance
        return Stance()


def _leaves_phrase(token: Any) -> bool:
    clause = token.dep_ in {"relcl", "acl"} or token.lower_ in {"to", "in", "under", "from"}
    return clause or token.text in {",", ";", '"', "("}
