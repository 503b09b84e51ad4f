"""Promises without a verb of what is to be done: sums, nouns, and what instruments oblige to."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from kg.claim.draft import Stance
from kg.claim.syntax import conjuncts, extent, predication
from kg.claim.what.undertakings import Undertakings, coordinated, refrains
from kg.model import Span, Value
from kg.spot import money
from kg.vocab import is_a, slugify

_PLEDGE = {"pledge", "promise", "commit", "earmark", "guarantee"}
_NOUNS = {"commitment", "pledge", "promise", "undertaking", "obligation", "vow"}
_HOLDING = {"make", "give", "renew", "repeat", "honour", "honor", "fulfil", "keep", "reaffirm"}
_OBLIGE = {"oblige", "bind", "obligate", "commit", "require"}
_GIFTS = set(
    """grant loan aid fund funding assistance credit help support money sum donation package
    investment scholarship equipment vessel training tonne dose cash compensation contribution
    relief line facility finance financing""".split()
)


class Pledges(Undertakings):
    """Reads promises of sums and things, promises told by nouns, and duties of the parties."""

    def pledges(self, sentence: Any) -> None:
        """Read "pledged 5 million dollars", "a commitment of A to X", "obliges A to X"."""
        for token in sentence:
            lemma = token.lemma_.lower()
            if token.pos_ == "NOUN" and lemma in _NOUNS:
                self._by_noun(token)
            elif token.pos_ != "VERB":
                continue
            elif lemma in _PLEDGE:
                self._gift(token)
            elif lemma in _OBLIGE:
                self._duty(token)
            elif lemma == "agree":
                self._refrains(token)

    def shall(self, sentence: Any) -> None:
        """Read "the parties shall publish data": what an instrument lays upon its parties."""
        for token in sentence:
            if token.lower_ != "shall" or token.dep_ != "aux" or token.head.pos_ != "VERB":
                continue
            verb = token.head
            parts = predication(verb)
            keys = [k for s in parts.subjects for k in self.groups.agent(s)]
            fits = ("State", "Bloc", "Person", "AgentGroup", "SubnationalState", "Company")
            keys = [
                k
                for k in keys
                if any(is_a(self.draft.things[k].cls, c) for c in fits)
                or self.draft.things[k].cls == "Organization"
            ]
            stance, view = self.engine.stance(verb)
            if not keys or parts.passive or view.purpose or stance.modality == "negated":
                continue
            for one in coordinated(verb):
                if self._binds(one):
                    self._commitment(keys, one, stance)

    # --- sums and things ------------------------------------------------------------------

    def _gift(self, verb: Any) -> None:
        """ "Norway pledged 5 million dollars for wells": the sum with what it is for."""
        stance, view = self.engine.stance(verb)
        parts = predication(verb)
        if stance.modality != "actual" or view.purpose or parts.passive:
            return
        keys = [k for s in parts.subjects for k in self.groups.agent(s)]
        for noun in parts.objects[:1]:
            span = self._gift_span(noun, verb)
            text = self.draft.document.text[span.start : span.end]
            sums = money.find(text, span.start)
            if not keys or noun.i < verb.i or not (sums or noun.lemma_.lower() in _GIFTS):
                continue
            self._pledge(keys, span, verb, stance)

    def _gift_span(self, noun: Any, verb: Any) -> Span:
        p = self.engine.paragraph

        def ends(t: Any) -> bool:
            return bool(t.text in {",", ";"} or t.dep_ in {"relcl", "advcl"} or t.pos_ == "AUX")

        first, last = extent(noun, ends)
        first = min([first, *(t.i for c in noun.children if c.dep_ == "nummod" for t in c.subtree)])
        while first > verb.i + 1 and verb.doc[first - 1].is_currency:
            first -= 1
        behind = [c for c in verb.children if c.dep_ in {"prep", "dative"} and c.i > noun.i]
        for prep in behind:  # the parser hangs "for wells", "to the project" from the verb
            if prep.i == last + 1 and prep.lower_ in {"for", "to", "in", "towards", "toward"}:
                for t in prep.subtree:
                    if ends(t) or t.lower_ in {"which", "who", "that"}:
                        break
                    last = t.i
        found: Span = p.spans[first].cover(p.spans[last])
        return found

    def _pledge(self, keys: list[str], span: Span, verb: Any, stance: Stance) -> None:
        """State a promise that is told by a noun, with its sum and its instrument."""
        text = re.sub(r"\s+", " ", self.draft.document.text[span.start : span.end])
        label = re.sub(r"^(?:an?|the)\s+", "", text).strip(" ,;.")
        thing = self.draft.thing(f"commitment:{slugify(label)}", "Commitment", label)
        self.draft.mention(thing.key, span, "description", text)
        actual = replace(stance, modality="actual")
        self.draft.say(thing.key, "rdf:type", Value("Commitment", "class"), "pledge", actual)
        for key in dict.fromkeys(keys):
            self.draft.say(thing.key, "pg:obligor", key, "pledge", actual)
        for amount in money.find(text, span.start)[:1]:
            at = (span, amount.span)
            self.draft.say(thing.key, "pg:amount", amount, "pledge", actual, at=at)
        if instrument := self._instrument(verb, []):
            self.draft.say(thing.key, "pg:committedUnder", instrument, "commit.under", actual)

    # --- nouns ----------------------------------------------------------------------------

    def _by_noun(self, noun: Any) -> None:
        """ "a commitment of the parties not to X", "Japan's promise to X", "gave a pledge to X"."""
        verbs = [
            c
            for c in noun.children
            if c.dep_ in {"acl", "relcl"}
            and c.pos_ == "VERB"
            and any(g.dep_ == "aux" and g.lower_ == "to" for g in c.children)
        ]
        if not verbs:
            return
        wanted = self.speech.lex.words["desire"] | {"expect", "await", "need", "doubt", "reject"}
        if noun.head.lemma_ in wanted or noun.head.lower_ == "for":
            return  # what is wanted is not given yet
        owners = [c for c in noun.children if c.dep_ == "poss"]
        owners += [
            t
            for c in noun.children
            if c.dep_ in {"prep", "agent"} and c.lower_ in {"of", "by", "from"}
            for g in c.children
            if g.dep_ == "pobj"
            for t in conjuncts(g)
        ]
        if not owners and noun.dep_ == "dobj" and noun.head.lemma_ in _HOLDING:
            owners = predication(noun.head).subjects
        stance, view = self.engine.stance(noun.head if noun.head.pos_ == "VERB" else noun)
        if stance.modality in {"desired", "possible", "negated"} or view.purpose:
            return
        keys = [k for t in owners for k in self.groups.agent(t)] or self._of_instrument(noun)
        if keys:
            self._commits(keys, noun, replace(stance, modality="actual"), verbs)

    def _of_instrument(self, noun: Any) -> list[str]:
        """Return the parties of the one instrument that contains a commitment."""
        if noun.dep_ != "dobj" or noun.head.lemma_ not in {"contain", "include", "impose"}:
            return []
        things = [k for s in predication(noun.head).subjects for k in self.refer.one(s)]
        pacts = [k for k in things if is_a(self.draft.things[k].cls, "PolicyObject")]
        return list(self.draft.things[pacts[0]].parties) if pacts else []

    # --- duties ---------------------------------------------------------------------------

    def _duty(self, verb: Any) -> None:
        """ "the accord obliges Peru to X", "Peru is obliged under it to X"."""
        stance, view = self.engine.stance(verb)
        parts = predication(verb)
        verbs = [c for c in verb.children if c.dep_ in {"xcomp", "ccomp", "advcl"}]
        verbs = [v for v in verbs if any(g.lower_ == "to" and g.dep_ == "aux" for g in v.children)]
        if stance.modality not in {"actual", "planned"} or view.purpose or not verbs:
            return
        pacts = [
            k
            for s in parts.subjects
            for k in self.refer.one(s)
            if is_a(self.draft.things[k].cls, "PolicyObject")
        ]
        bound = verb.lemma_.lower() in {"oblige", "bind", "obligate"}
        if not (parts.passive and bound) and not pacts:
            return
        keys = [k for o in parts.objects for k in self.groups.agent(o)]
        inner = [c for v in verbs for c in v.children if c.dep_ == "nsubj"]
        keys = keys or [k for t in inner for k in self.groups.agent(t)]
        keys = [k for k in keys if is_a(self.draft.things[k].cls, "Agent")]
        if keys:
            self._commits(keys, verb, replace(stance, modality="actual"), verbs)

    def _refrains(self, verb: Any) -> None:
        """ "agreed not to use force" binds, as other agreed deeds are only planned."""
        stance, view = self.engine.stance(verb)
        verbs = [c for c in verb.children if c.dep_ == "xcomp" and refrains(c)]
        keys = [k for s in predication(verb).subjects for k in self.groups.agent(s)]
        if stance.modality == "actual" and not view.purpose and keys and verbs:
            self._commits(keys, verb, stance, verbs)
