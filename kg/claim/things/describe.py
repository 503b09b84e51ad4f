"""Unnamed things: "an accord on fishing quotas", "the 2014 treaty", "seven memoranda"."""

from __future__ import annotations

import re
from typing import Any

from kg.claim.draft import Thing
from kg.claim.syntax import determiner, governor, noun_modifiers, predication
from kg.claim.things.antecedents import Wanted
from kg.claim.things.apart import Apart
from kg.claim.things.episodes import of_talks
from kg.claim.things.naming import content_words
from kg.claim.things.sides import EMPTY
from kg.model import Span, Value
from kg.spot.lexicon import Head
from kg.vocab import is_a, slugify

_FURTHER = {"similar", "further", "other", "additional", "separate", "comparable", "new"}
# Nouns that often mean no single thing: "through public-private partnership".
_LOOSE = {"partnership", "alliance", "mechanism", "network", "platform", "campaign", "facility"}
_OWN_KIND = {"JointStatement", "DeclarationOfIntent", "MemorandumOfUnderstanding", "Contract"}
_WIDE = {"Agreement", "Programme", "Legislation"}
_TELLING = {"interim", "draft", "preliminary", "follow-up", "bilateral", "trilateral"}
_CONCLUDING = set("sign ink initial conclude exchange seal reach strike finalise finalize".split())
_FOUNDING = set("establish create launch form found set".split())
_CAMPS = set("rebel opposition ruling governing party political armed military electoral".split())


class Descriptions(Apart):
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
        if written := self.paragraph.heads.get(token.i):
            singular = (written[0].removesuffix("s"), *written[1:])
            if known := self.lex.heads.get(written) or self.lex.heads.get(singular):
                return next((r for r in known if r.described), None)
        if self._papers_concluded(token):
            return self.lex.heads[("agreement",)][0]
        lasts = {token.lower_, token.lemma_.lower()}
        if not lasts & self.lex.head_ends:
            return None
        if token.lower_ == "deals" and self._deals_with(token):
            return None
        if token.lemma_.lower() == "act" and token.text.islower() and _deed(token):
            return None
        if "alliance" in lasts and {w.lower_ for w in noun_modifiers(token)} & _CAMPS:
            return None  # of people, not of states
        if "partnership" in lasts and token.i and doc[token.i - 1].lower_ == "private":
            return None  # "public-private partnership" is a way of doing business
        start = token.sent.start
        for size in (4, 3, 2, 1):
            first = token.i - size + 1
            if first < start:
                continue
            words = [t.lower_ for t in doc[first : token.i]]
            for last in (token.lower_, token.lemma_.lower()):
                rows = self.lex.heads.get((*words, last))
                if rows and any(r.described for r in rows):
                    found = next(r for r in rows if r.described)
                    return None if found.words == ("round",) and not of_talks(token) else found
        return None

    def _deals_with(self, token: Any) -> bool:
        """Tell whether "deals" is a verb: "the memorandum deals with ports"."""
        doc, i = token.doc, token.i
        after = doc[i + 1].lower_ if i + 1 < token.sent.end else ""
        before = doc[i - 1] if i > token.sent.start else token
        return after in {"with", "in"} and before.pos_ in {"NOUN", "PROPN"}

    def _description(self, token: Any, create: bool = True) -> list[str]:
        head = self.head(token)
        if head is None:
            return self._generic(token)
        det = determiner(token)
        if det == "any":
            return []
        if full := self.shortened(token):
            self.draft.mention(full, self._phrase(token), "short", token.text)
            self.note_role(token, [full])
            return [full]
        polities, words = self.modifiers(token)
        content = {w for w in words if w not in EMPTY and w not in head.words and len(w) > 1}
        years = tuple(w for w in self._numbers(token) if re.fullmatch(r"(?:19|20)\d\d", w))
        if self._several_told(token, head):
            return self._plural(token, head, det, content, polities, create)
        if same := self._same_again(token, head.cls):
            return [self._described(token, self.draft.things[same], polities, head)]
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
        fresh = det in {"a", "an", "another", "some"} or (not det and not content)
        apart = self.set_apart(token, det, head)
        found = self.same_words(token, head) if apart else self._found(token, head, wanted, det)
        if not found and not apart and (twin := self.headline_twin(head.cls, tuple(polities))):
            found = twin.key if self._retell(twin, token, head, content) else None
        if found and (apart or not (fresh and self._named_apart(found, content))):
            thing = self.draft.things[found]
            self._renamed(thing, token, head)
        elif (
            det in {"the", "this", "that", "those", "these"}
            and not (det == "this" and head.cls == "Visit")
            and not content
            and not polities
            and not years
            and not self._complement(token)
            and not telling
            and not apart
            and not is_a(head.cls, "Event")
        ) or (det in {"no", "any", "such"} and not content):
            known = self._generic(token)
            if known or not (create and self.stands_alone(token, head, det)):
                return known
            thing = self._describe(token, head, content, polities)
        elif (not create and not apart and not self._telling(token, head)) or (
            token.lemma_.lower() in _LOOSE and self.wished(token)
        ):
            return []
        else:
            thing = self._describe(token, head, content, polities)
            thing.listed = apart or self._telling(token, head)
        return [self._described(token, thing, polities, head)]

    def _several_told(self, token: Any, head: Head) -> bool:
        """Tell whether a noun speaks of several things: a plural, or "four MoU"."""
        if head.cls == "MemorandumOfUnderstanding" and self.count(token, []) > 1:
            return True
        return token.tag_ in {"NNS", "NNPS"} and not is_a(head.cls, "Event")

    def _found(self, token: Any, head: Head, wanted: Wanted, det: str) -> str | None:
        """Return the thing told before that a description means."""
        ranked = self.ranked(wanted)
        if not is_a(head.cls, "Event"):
            if known := self.predicated(token, head):
                return known
            beside = self.beside(token)
            ranked = [k for k in ranked if k not in beside and not self.about_another(k, token)]
            ranked = [k for k in ranked if not self.later(k, token)]
        found = next(iter(ranked), None)
        # An entry of a list opens like "a": "MoU on schools between the governments of A and B".
        entry = not det and token.i == token.sent.start and self._complement(token)
        if found and (entry or det in {"a", "an"}) and self._another(found, head.cls, token):
            found = None
        if found and is_a(head.cls, "Event") and self.other_episode(found, token, head):
            found = None
        fresh = det in {"a", "an", "another", "some"} or (not det and not wanted.content)
        if not found and not fresh:
            found = self._named_loosely(token, head, wanted)
        return found

    def _renamed(self, thing: Thing, token: Any, head: Head) -> None:
        """Give a thing the narrower class, and the wording, of what it is called now."""
        wider = thing.cls
        self.draft.refine(thing, head.cls)
        label = self._label(token)
        told = content_words(label, self.lex) - content_words(" ".join(head.words), self.lex)
        fuller = bool(told) or " " not in thing.label or head.cls in _OWN_KIND
        if fuller and thing.cls != wider and not thing.proper and wider in _WIDE:
            thing.label = label

    def _described(self, token: Any, thing: Thing, polities: list[str], head: Head) -> str:
        """Note a mention by description, with its phase and its sides."""
        span = self._phrase(token)
        self._phase(thing, span)
        self.draft.mention(
            thing.key, span, "description", self.draft.document.text[span.start : span.end]
        )
        aside = self.set_apart(token, "", head) and token.dep_ not in {"nsubj", "nsubjpass"}
        if is_a(thing.cls, "Event"):
            self.note_episode(thing, token)
        elif not aside:
            self.topic_thing = thing.key
        for key in polities:
            if is_a(key and self.draft.things[key].cls, "State"):
                thing.parties.setdefault(key)
        self.note_role(token, [thing.key])
        if aside:
            self.leaned_on.add(thing.key)
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
        if is_a(head.cls, "Agreement") and self._done_to(token):
            return True
        if token.lemma_.lower() in _LOOSE and not determiner(token):
            return self._complement(token) and bool(noun_modifiers(token))
        return nouns or years or self._complement(token)

    def _done_to(self, token: Any) -> bool:
        """Tell whether something was done to a thing: "a pact signed in May", "under a pact"."""
        done = any(c.dep_ == "acl" and c.tag_ == "VBN" for c in token.children)
        return done or bool(token.dep_ == "pobj" and token.head.lower_ == "under")

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
        if one := _one_of(token):
            of = [] if one.dep_ not in {"attr", "dobj"} else predication(one.head).subjects
            keys = [k for s in of if s.i < one.i for k in self.one(s)]
            return [k for k in keys if is_a(self.draft.things[k].cls, "PolicyObject")]
        number = self.count(token, list(content))
        definite = det in {"the", "both", "these", "those", "all", "poss"}
        if number and not content and definite:
            keys = self.several(frozenset({head.cls}), number, head.words[0])
            for key in keys:
                self.draft.mention(key, self._phrase(token), "description")
            if keys:
                return keys
        words = content_words(" ".join(content), self.lex)
        partners = any(c.dep_ == "prep" and c.lower_ in {"with", "between"} for c in token.children)
        loose = {t.lower_ for t in token.lefts} & {"similar", "such", "all", "bilateral", "other"}
        if create and loose and polities and (partners or loose & {"similar", "such"}):
            if det == "no":
                return []
            thing = self._describe(token, head, content, polities)
            thing.traits["count"] = "0"
            thing.listed = True
            return [self._described(token, thing, polities, head)]
        for thing in reversed(self.draft.things.values()):
            same = "count" in thing.traits and is_a(thing.cls, head.cls)
            if same and words <= self._words(thing) and number in {0, int(thing.traits["count"])}:
                return [self._described(token, thing, [], head)]
        if not number and not content and definite and (keys := self.recent(head.cls, token)):
            return keys
        if det in {"no", "any", "such"} or (token.lemma_.lower() in _LOOSE and not number):
            return []
        fresh = bool({t.lower_ for t in token.lefts} & _FURTHER) and not definite
        told = self._complement(token)
        made = create and self._concluded(token)
        if not (number or made or (fresh and told)) and (not content or not (create or definite)):
            return []
        if not number and {t.lower_ for t in token.lefts} & {"many", "most", "more"}:
            return []
        if number and definite and not content and not create:
            return []
        thing = self._describe(token, head, content, polities)
        thing.traits["count"] = str(number)
        counted = number > 1 and not definite
        thing.listed = counted or (
            (bool(content) or told) and (number > 0 or head.cls != "Programme")
        )
        return [self._described(token, thing, polities, head)]

    def _concluded(self, token: Any) -> bool:
        """ "Signed agreements that clear the way": what is concluded is there, however named."""
        verb = governor(token)
        if verb is None or token.dep_ not in {"dobj", "nsubjpass"}:
            return False
        lemma = verb.lemma_.lower()
        head = self.head(token) if lemma in _FOUNDING else None
        return lemma in _CONCLUDING or (head is not None and head.cls == "WorkingGroup")

    def _papers_concluded(self, token: Any) -> bool:
        """Tell whether papers are agreements: "signed 14 instruments", "exchange of six papers"."""
        if token.tag_ != "NNS" or token.lemma_.lower() not in {"document", "instrument"}:
            return False
        made = token.dep_ == "pobj" and token.head.head.lemma_.lower() in {"exchange", "signing"}
        counted = any(c.dep_ == "nummod" for c in token.children)
        return counted and (made or self._concluded(token))

    def _another(self, key: str, cls: str, token: Any) -> bool:
        """ "a memorandum on X" behind a named agreement is another instrument."""
        thing = self.draft.things[key]
        if self._taken_for(key, token):
            return False
        if token.dep_ == "pobj" and token.head.head.lower_ == "part":
            return True  # "the truce is part of an accord"
        if self.draft.number and self._group_of(cls) is not None:
            return True  # "five accords were signed: an accord on X"
        if self.draft.number < (1 if thing.proper else 2):
            return False
        if not thing.proper:
            return self._complement(token) or (thing.cls != cls and cls in _OWN_KIND)
        return self._complement(token) or (thing.cls != cls and not is_a(thing.cls, cls))

    def _phase(self, thing: Thing, span: Span) -> None:
        for part in self.paragraph.dropped:
            if "phase" in part.traits and 0 <= part.span.start - span.end <= 2:
                thing.traits["phase"] = part.traits["phase"]
                at = (span, part.span)
                self.draft.say(
                    thing.key, "pg:phase", Value(thing.traits["phase"]), "name.phase", at=at
                )

    def _named_apart(self, key: str, content: set[str]) -> bool:
        thing = self.draft.things[key]
        told = content_words(" ".join(content), self.lex) - self._words(thing)
        return thing.last < self.draft.number - 6 or bool(told)

    def _describe(self, token: Any, head: Head, content: set[str], polities: list[str]) -> Thing:
        return self.draft.new(slugify(head.cls), head.cls, self._label(token))


def _deed(token: Any) -> bool:
    """Tell whether "act" is something done and no law: "hostile acts", "an act of war"."""
    after = [g.lower_ for c in token.children if c.lower_ == "of" for g in c.children]
    deeds = {"war", "aggression", "terrorism", "terror", "violence", "faith", "piracy", "sabotage"}
    return token.tag_ == "NNS" or bool(deeds & set(after))


def _one_of(token: Any) -> Any | None:
    """Return "one" in "one of the fastest deals", which compares and speaks of no others."""
    of = token.head
    best = any(c.tag_ in {"JJS", "RBS"} for c in token.lefts)
    one = of.head if best and token.dep_ == "pobj" and of.lower_ == "of" else None
    return one if one is not None and one.lower_ == "one" else None
