"""Unnamed people and firms: "dairy farmers", "officials on both sides", "a Commission official"."""

from __future__ import annotations

import re
from typing import Any

from kg.claim.syntax import conjuncts, determiner
from kg.claim.things.crowds import Crowds
from kg.claim.things.sides import EMPTY, LEADERS
from kg.vocab import slugify

_INSIDE = {"of", "in", "from", "at", "on"}
_LEAD = re.compile(
    r"^(?:an?|the|its|their|his|her|our|some|all|these|those|certain"
    r"|various|more|new|about|around|nearly|almost)\s+",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^[\d,.]+\s+(?:to\s+[\d,.]+\s+)?(?:thousand\s+|million\s+)?")
_COUNT = re.compile(
    rf"{_NUMBER.pattern}|^(?:eleven|twelve|\w+teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-\w+)?)\s+",
    re.IGNORECASE,
)
_QUANTITY = {"many", "most", "more", "fewer", "all", "some"}
_NONE = {"no", "any", "such", "each", "every"}
_THREE = {"three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
_KNOWN = {"the", "these", "those"}
_MANY = {"NNS", "NNPS"}
_ACTS = {"nsubj", "nsubjpass"}


class Groups(Crowds):
    """Resolves nouns for people and firms to groups of agents."""

    def group(self, token: Any) -> list[str]:
        """Return the group of people or firms that a noun stands for."""
        one = token.lower_ == "one" and token.dep_ in _ACTS
        if (token.pos_ not in {"NOUN", "PROPN"} and not one) or determiner(token) in _NONE:
            return []
        lemma = self._noun(token)
        if lemma == "industry":
            return self._industries(token)
        if not (self._crowd(token, lemma) or self._one_of_many(token, lemma)):
            return []
        if token.tag_ in _MANY and self._named_behind(token):
            return []
        if (first := self._shares(token)) is not None:
            token, lemma = first, self._noun(first)
        return [self._grouped(token, lemma)]

    def _industries(self, token: Any) -> list[str]:
        """Return the industries of "Thai and Lao car industries", one for each state."""
        return [self._industry(token, state) for state in dict.fromkeys(self._owners(token))]

    def _industry(self, token: Any, state: str) -> str:
        words = [w for w in self._left(token) if w.pos_ not in {"CCONJ", "DET"}]
        plain = [w.text for w in words if not self._polities(w)]
        owner = self.draft.things[state]
        label = " ".join([owner.traits.get("adjective", owner.label), *plain, token.text])
        span = self._body_span(token)
        thing = self.draft.thing(f"group:{slugify(label)}", "AgentGroup", label, state=state)
        thing.traits.setdefault("noun", "industry")
        self.draft.mention(thing.key, span, "description", self._written(span))
        return thing.key

    def elliptic(self, token: Any) -> list[str]:
        """ "both Thai and Lao car industries": the adjective borrows the noun further on."""
        others = [t for t in conjuncts(token)[1:] if t.lemma_.lower() == "industry"]
        return [self._industry(t, state) for t in others[:1] for state in self._polities(token)]

    def _grouped(self, token: Any, lemma: str) -> str:
        span = self._group_span(token)
        text = self._written(span)
        if lemma in self.lex.words["states"]:
            label = re.sub(r"^the ", "", text, flags=re.IGNORECASE)
        else:
            label = _LEAD.sub("", re.sub(r"^(?:several|many|most)\s+", "", text, flags=re.I))
            label = _COUNT.sub("", label)
            while (shorter := _LEAD.sub("", label)) != label:
                label = shorter
        told = len(label.split()) > 1
        known = self._same_group(label, lemma) if not told else self._told_more(label, lemma)
        if known is None:
            thing = self.draft.thing(f"group:{slugify(label)}", "AgentGroup", label)
            thing.traits.setdefault("noun", lemma)
            if state := self._state_of(token):
                thing.traits.setdefault("state", state)
            known = thing.key
        if lemma in self.lex.words["voices"] | self._office_nouns() | {"delegation", "leader"}:
            states = self.modifiers(token)[0] or self.homes(token, {"of", "from"})
            states = states or self.counted(token)
            if states:
                self.delegates.setdefault(known, tuple(dict.fromkeys(states)))
        self.draft.mention(known, span, "description", text)
        return known

    def _told_more(self, label: str, lemma: str) -> str | None:
        """Give the group of a headline ("Lawmakers") the fuller words of the text below it."""
        found = self._same_group(label, lemma)
        thing = self.draft.things[found] if found else None
        if found is None or thing is None or thing.label.lower() not in {lemma, lemma + "s"}:
            return None
        if thing.last > 1 or f"group:{slugify(label)}" in self.draft.things:
            return None
        thing.label = label
        return found

    def natives(self, token: Any) -> list[str]:
        """Return the people that the plural of a nationality means: "Kenyans", not "Kenya"."""
        if not self._natives(token) or determiner(token) in _NONE | {"the"}:
            return []
        left = [w for w in self._left(token) if w.tag_ == "JJ" or w.is_sent_start]
        left = [w for w in left if w.lower_ not in EMPTY | _QUANTITY and w.pos_ != "DET"]
        span = self.paragraph.spans[left[0].i if left else token.i]
        text = self._written(span.cover(self.paragraph.spans[token.i]))
        thing = self.draft.thing(f"group:{slugify(text)}", "AgentGroup", text)
        thing.listed = True
        self.draft.mention(thing.key, self.paragraph.spans[token.i], "description", token.text)
        return [thing.key]

    def office_crowd(self, token: Any) -> list[str]:
        """Return "the envoys of the three states" as people, where none of them is named."""
        lemma = token.lemma_.lower()
        if lemma in {"delegation", "team"} and token.tag_ == "NN":
            led = any(c.dep_ == "acl" for c in token.children)
            return [self._grouped(token, lemma)] if led or self._state_of(token) else []
        if token.tag_ not in _MANY or lemma not in self._office_nouns() - {"state"} | {"leader"}:
            return []
        if determiner(token) in _NONE or self._named_behind(token):
            return []
        if not self._telling_office(token) or self.modifiers(token)[0]:
            return []  # too little is told, or they act for states that are named
        if token.dep_ == "pobj" and token.head.lower_ == "of":
            return []  # "a meeting of foreign ministers" tells what kind of meeting
        fields = {w.lower_ for w in self._left(token)} - EMPTY - self.lex.words["plain"]
        return [] if self._in_office(token, lemma, fields) else [self._grouped(token, lemma)]

    def _in_office(self, token: Any, lemma: str, fields: set[str]) -> bool:
        """Tell whether the people whom a plural office means are named in the text."""
        holders = set()
        for office, person in self.offices.items():
            head, held, _ = office.split("|")
            fits = lemma in head.split() or (lemma in {"leader", "head"} and head in LEADERS)
            told = fields - set(head.split())
            if fits and (not told or told & set(held.split())):
                holders.add(person)
        many = [_THREE[t.lower_] for t in token.subtree if t.lower_ in _THREE]
        return len(holders) >= max(many, default=1)

    def _telling_office(self, token: Any) -> bool:
        owner = any(c.dep_ == "poss" for c in token.children)
        return owner or self._says_which(token) or token.lemma_ in {"ambassador", "envoy", "consul"}

    def stands_out(self, token: Any) -> bool:
        """Tell whether a group is worth listing: told by more than a noun, or it acts."""
        if self._inside_group(token) or self._named_behind(token):
            return False
        acts = token.dep_ in _ACTS or (token.dep_ == "pobj" and token.head.lower_ == "by")
        if token.tag_ not in _MANY:
            return acts or token.head.lower_ == "to"
        label = _NUMBER.sub("", _LEAD.sub("", self._written(self._group_span(token))))
        words = label.lower().split()
        if self._noun(token) in self.lex.words["states"]:
            return len(words) > 1 and words[:-1] != ["other"]
        if len(words) > 1 and words[0] not in _THREE | {"two": 2}:
            return True
        says = token.head.lemma_.lower() in self.lex.words["report"]
        return acts and (says or len(words) == 1) and determiner(token) not in _KNOWN

    def _inside_group(self, token: Any) -> bool:
        """Tell whether a noun only says which people another noun means."""
        prep = token.head if token.dep_ == "pobj" else None
        outer = prep.head if prep is not None and prep.lower_ in _INSIDE else None
        return outer is not None and self._crowd(outer, self._noun(outer))

    def _named_behind(self, token: Any) -> bool:
        """ "the envoys A and B": the names stand behind, so that the noun is no thing itself."""
        following = token.i + 1 < len(token.doc) and self.paragraph.chunks[token.i + 1]
        if following and following.cls in {"Person", "Company", "Organization", "University"}:
            return True
        return any(
            self.paragraph.chunks[c.i] is not None for c in token.children if c.dep_ == "appos"
        ) or (token.tag_ in _MANY and any(self._is_person(t) for t in token.subtree))

    def _is_person(self, token: Any) -> bool:
        chunk = self.paragraph.chunks[token.i]
        return chunk is not None and chunk.cls == "Person" and token.head.dep_ != "relcl"

    def _same_group(self, label: str, lemma: str) -> str | None:
        """Return the group named before in full whose noun stands alone now."""
        found = [
            key
            for key, thing in self.draft.things.items()
            if thing.cls == "AgentGroup" and thing.traits.get("noun") == lemma
        ]
        return found[-1] if len(found) == 1 else None
