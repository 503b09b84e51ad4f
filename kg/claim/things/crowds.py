"""Which nouns stand for unnamed people or firms, and how far the words reach that say which."""

from __future__ import annotations

import re
from typing import Any

from kg.claim.syntax import conjuncts, determiner, noun_modifiers
from kg.claim.things.describe import Descriptions
from kg.claim.things.sides import EMPTY
from kg.model import Span
from kg.vocab import is_a

_INSIDE = {"of", "in", "from", "at", "on"}
_KEPT = set(
    """senior high two three four official possible future large big important broad national hard
    fragile annual""".split()
)
_STOP = {"who", "which", "that", "whom", "whose", "where", "when", "after", "before", "because"}
_SETS = {"group", "coalition", "alliance", "delegation", "team", "number", "network"}
_OTHERS = {"other", "several", "many", "most", "numerous"}
_FEW = {"one", "two", "2", "both"}
_WHERE = {"region", "country", "state", "side", "province", "area", "sector", "opposition"}
_MANY = {"NNS", "NNPS"}
_ACTS = {"nsubj", "nsubjpass"}


class Crowds(Descriptions):
    """Tells nouns for people and firms from others, and reads what belongs to them."""

    def _noun(self, token: Any) -> str:
        """Return a noun's base form, also where capitals hide from the parser that it is one."""
        low: str = token.lower_
        if token.tag_ in {"NNP", "NNPS"} and low.endswith("s"):
            for base in (low[:-1], low[:-3] + "y", low[:-2]):
                words = self.lex.words
                if base in words["crowds"] | words["voices"] | words["told_crowds"]:
                    return base
        return str(token.lemma_.lower())

    def _crowd(self, token: Any, lemma: str) -> bool:
        """Tell whether a noun stands for several people or firms, or for a speaker."""
        words = self.lex.words
        if lemma in words["voices"]:
            return True
        if token.tag_ in _MANY and lemma in words["troops"] and self.modifiers(token)[0]:
            return not _of(token)
        partial = lemma == "party" and {"opposition", "ruling", "governing"} & {
            w.lower_ for w in self._left(token)
        }
        if token.lower_ in words["collectives"] or (partial and token.tag_ == "NN"):
            return token.dep_ in _ACTS or self._says_which(token)
        if token.tag_ in _MANY and lemma in words["states"]:
            return self._some_states(token)
        if token.tag_ in _MANY or token.lower_ != lemma != token.lemma_.lower():
            told = lemma in words["told_crowds"] and self._says_which(token)
            return lemma in words["crowds"] or told
        return (
            lemma in _SETS
            and self.head(token) is None
            and any(self._crowd(t, self._noun(t)) or self._natives(t) for t in _of(token))
        )

    def _some_states(self, token: Any) -> bool:
        """Tell whether states are a group of their own: "seven other nations", not "the three"."""
        if any(w.tag_ in {"JJR", "JJS"} and w.lower_ != "more" for w in token.lefts):
            return False
        if {w.lower_ for w in token.lefts} & _OTHERS or self._owners(token):
            return not self._owners(token)
        telling = [
            w for w in self._left(token) if w.lower_ not in EMPTY | self.lex.words["plain"] | _FEW
        ]
        if telling and all(w.pos_ == "NUM" or w.lower_ == "hundred" for w in telling):
            return determiner(token) not in {"the", "these", "those"}
        return any(w.tag_ in {"NN", "JJ", "VBG"} and w.is_lower for w in telling)

    def _one_of_many(self, token: Any, lemma: str) -> bool:
        """ "a miller from Lagos said", "one of its officials": one person without a name."""
        if token.lower_ == "one":
            return any(self._crowd(t, self._noun(t)) for t in _of(token))
        words = self.lex.words
        behind = "the" if token.head.i < token.i and self._behind(token) else "a"
        if token.tag_ != "NN" or determiner(token) not in {"a", "an", "every", behind}:
            return False
        who = any(
            c.dep_ == "relcl" and any(w.lower_ in {"who", "whose"} for w in c.subtree)
            for c in token.children
        )
        told = lemma in words["told_crowds"] and self._says_which(token)
        person = who or told or lemma in words["crowds"] | words["troops"]
        if token.dep_ == "pobj":
            return person and token.head.lower_ == "to" and token.head.head.lower_ == "according"
        inverted = token.dep_ == "dobj" and not any(c.dep_ == "nsubj" for c in token.head.children)
        if not (token.dep_ in _ACTS or inverted) or lemma in words["papers"] | words["body_nouns"]:
            return False
        speaking = words["report"] | words["voice_acts"] | words["deny"] | words["announce"]
        speaking |= words["desire"]
        says = token.head.lemma_.lower() in speaking and self.head(token) is None
        return says or who

    def _says_which(self, token: Any) -> bool:
        """Tell whether words beside a wide noun say which people: "armed forces"."""
        left = [w for w in self._left(token) if w.pos_ not in {"NUM", "CCONJ"}]
        telling = [w for w in left if w.lower_ not in EMPTY | self.lex.words["plain"] | _OTHERS]
        behind = any(c.dep_ == "amod" and c.i > token.i for c in token.children)
        behind |= any(c.dep_ == "poss" and c.tag_ == "NNS" for c in token.children)
        if telling or behind or self._state_of(token):
            return True
        return token.lemma_ not in {"force", "group"} and bool(_of(token))

    def _left(self, token: Any) -> list[Any]:
        """Return the own words before a noun: no "miners and" in "miners and cooks"."""
        left = noun_modifiers(token)
        for n in range(len(left) - 1, 0, -1):
            if left[n].pos_ != "CCONJ":
                continue
            before, behind = left[n - 1], [self.paragraph.chunks[w.i] for w in left[n + 1 : n + 2]]
            adjective = bool(behind) and behind[0] is not None and behind[0].cls == "Demonym"
            chunk = self.paragraph.chunks[before.i]
            seat = adjective and chunk is not None and chunk.cls != "Demonym"
            apart = before.pos_ == "NOUN" and before.dep_ not in {"compound", "nmod"}
            if seat or before.tag_ in _MANY or (apart and before.head.i != token.i):
                return left[n + 1 :]
        return left

    def _state_of(self, token: Any) -> str:
        """Return the one state that an adjective, an owner or "from" names."""
        found = dict.fromkeys([*self._owners(token), *self._home(token)])
        states = [k for k in found if is_a(self.draft.things[k].cls, "State")]
        return states[0] if len(found) == len(states) == 1 else ""

    def _owners(self, token: Any) -> list[str]:
        """Return the polities of the adjectives and owners before a noun; towns are none."""
        near = [*noun_modifiers(token), *(c for c in token.children if c.dep_ == "poss")]
        chunks = [(w, self.paragraph.chunks[w.i]) for w in near]
        named = [w for w, c in chunks if c is not None and c.cls not in {"Seat", "Place"}]
        return [k for w in named for k in self._polities(w)]

    def _home(self, token: Any) -> list[str]:
        """Return the states of "investors from Peru"."""
        return [
            key
            for prep in self._behind(token)
            if prep.lower_ == "from"
            for obj in prep.children
            if obj.dep_ == "pobj"
            for key in self._polities(obj)
        ]

    def _behind(self, token: Any) -> list[Any]:
        """Return the prepositions behind a noun; "from" a place is its own, whatever the parse."""
        found = [c for c in token.children if c.dep_ == "prep" and c.i > token.i]
        after = token.doc[token.i + 1 : token.i + 2]
        found = [c for c in found if c.lower_ != "from"]
        for word in after:
            places = any(
                self.paragraph.chunks[t.i] is not None or t.pos_ == "PROPN" or t.lemma_ in _WHERE
                for t in word.subtree
            )
            found += [word] if word.lower_ == "from" and places else []
        return found

    def _natives(self, token: Any) -> bool:
        chunk = self.paragraph.chunks[token.i]
        known = chunk is not None and chunk.cls == "Demonym"
        plural = token.lower_.endswith(("ans", "ians", "is", "ns", "ks", "es", "ds", "ots"))
        other = chunk is None and bool(re.fullmatch(r"[A-Z][a-z]{3,}i?ans", token.text))
        noun = token.tag_ == "NNPS" or (known and plural and token.tag_ in {"NNS", "NNP", "NNPS"})
        return noun and plural and (known or other) and token.dep_ not in {"compound", "amod"}

    def _shares(self, token: Any) -> Any:
        """Return the noun whose adjective covers a later one: "Thai judges, lawyers and clerks"."""
        first = token
        while first.dep_ == "conj" and first.head.tag_ in _MANY:
            first = first.head
        own = any(c.dep_ in {"det", "poss"} for c in token.children)
        if first.i == token.i or own or self._left(token):
            return None
        return first if self.modifiers(first)[0] and self._left(first) else None

    def _last_shared(self, token: Any) -> int:
        joined = [t for t in conjuncts(token)[1:] if self._shares(t) is token]
        crowds = all(self._crowd(t, self._noun(t)) for t in joined)
        found: int = joined[-1].i if joined and crowds else token.i
        return found

    def _group_span(self, token: Any) -> Span:
        kept = _KEPT | {"other"}
        if token.lemma_.lower() in self.lex.words["states"]:
            kept |= _OTHERS | {"a", "hundred", "more", "than"}
        left = [w for w in self._left(token) if w.lower_ not in EMPTY - kept]
        many = token.lemma_.lower() in self.lex.words["states"]
        left = [w for w in left if many or w.pos_ != "NUM" or w.lower_ in kept]
        left = [w for w in left if (c := self.paragraph.chunks[w.i]) is None or c.cls != "Date"]
        first = left[0].i if left else token.i
        if kept > _OTHERS:  # "more than a hundred countries"
            count = [c for c in token.children if c.dep_ == "nummod"]
            first = min([first, *(t.i for c in count for t in c.subtree)])
        before = token.doc[first - 1] if first > token.sent.start else None
        if before is not None and (before.lower_ == "both" or self._noun_after_help(before)):
            first -= 1
        if before is not None and before.tag_ == "POS":  # "farmers' unions"
            owner = token.doc[before.i - 1]
            if owner.tag_ == "NNS" and self.paragraph.chunks[owner.i] is None:
                first = (noun_modifiers(owner) or [owner])[0].i
        last = self._last_shared(token)
        for child in token.children:  # "a person familiar with the matter"
            if child.dep_ == "amod" and child.i == token.i + 1:
                last = max(t.i for t in child.subtree)
        inside = _INSIDE | ({"for"} if token.tag_ == "NN" else set())
        for child in self._behind(token.doc[last]):
            if child.lower_ in inside and (end := self._end(child, last)) > child.i:
                last = end
        spans = self.paragraph.spans
        result: Span = spans[first].cover(spans[last])
        return result

    def _noun_after_help(self, word: Any) -> bool:
        """ "helps wheat farmers": the parser takes the noun behind "help" for its infinitive."""
        return (
            word.tag_ == "VB"
            and word.dep_ in {"xcomp", "ccomp"}
            and word.head.lemma_ == "help"
            and word.head.i == word.i - 1
            and word.lemma_ not in self.lex.actions
        )

    def _end(self, prep: Any, last: int) -> int:
        """Return the last token of a complement, short of clauses, commas and times."""
        if prep.i != last + 1:
            return last
        end: int = prep.i
        for i in range(prep.i + 1, max((t.i for t in prep.subtree), default=prep.i) + 1):
            token, chunk = prep.doc[i], self.paragraph.chunks[i]
            if token.text == "," and i + 1 < len(prep.doc) and self._polities(prep.doc[i + 1]):
                continue
            if (
                token.pos_ in {"VERB", "AUX", "PUNCT", "SCONJ"}
                or token.lower_ in _STOP
                or (chunk is not None and chunk.cls == "Date")
            ):
                break
            end = i
        while end > prep.i and prep.doc[end].pos_ in {"ADP", "CCONJ", "DET"}:
            end -= 1
        return end


def _of(token: Any) -> list[Any]:
    """Return the nouns behind "of"."""
    return [
        obj
        for prep in token.children
        if prep.dep_ == "prep" and prep.lower_ == "of"
        for obj in prep.children
        if obj.dep_ == "pobj"
    ]
