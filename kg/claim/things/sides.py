"""Sides, pairs and groups: "the two governments", "the Indian side", "Dutch chip makers"."""

from __future__ import annotations

from functools import cache
from typing import Any

from kg.claim.syntax import conjuncts, determiner, noun_modifiers
from kg.claim.things.together import NUMBERS, Together
from kg.claim.who import listing
from kg.spot.lexicon import POLITIES

EMPTY = set(
    """new initial final bilateral landmark historic key major joint such first second third same
    latest recent proposed current existing interim preliminary draft formal official long-awaited
    awaited ambitious broad wide wider comprehensive important important big large several various
    similar separate other last next annual two three four his her its their our similar latest
    day-long two-day three-day high-level high level senior full early ongoing previous earlier
    said controversial successful possible future long standing longstanding called so far reaching
    ranging breakthrough stalled fragile shaky delayed much hard won fought hailed""".split()
)

_MANY = {"country", "nation", "state", "government", "economy", "member", "signatory"}
LEADERS = {"president", "prime minister", "premier", "chancellor", "king", "emir", "sultan"}
_BLOCS = {"bloc", "grouping", "republic", "kingdom", "emirate", "archipelago"}
_OTHERS = {"other", "more", "another", "further", "remaining", "least", "some", "any", "no"}


class Sides(Together):
    """Resolves nouns that stand for a polity, for two of them, or for an unnamed group."""

    recent_pair: tuple[str, ...]
    plural: tuple[str, ...] = ()  # the several who acted in the sentence before: "they"

    def _side(self, token: Any) -> list[str]:
        plural = token.tag_ in {"NNS", "NNPS"}
        if listed := self._listed(token):
            for key in listed:
                self.draft.mention(key, self.paragraph.spans[token.i], "description")
            return listed
        if token.lemma_.lower() not in self.lex.words["sides"] | _BLOCS and not (
            plural and token.lemma_.lower() in self._office_nouns()
        ):
            return []
        if token.lemma_.lower() in self.lex.words["voices"]:
            return []  # "Indian officials" are people, not India
        if token.lemma_ == "counterpart" and token.i + 1 < len(token.doc):
            name = self.paragraph.chunks[token.i + 1]
            if name is not None and name.cls == "Person":
                return self.chunk(name)  # "his Russian counterpart Ivan Petrov"
        polities, _ = self.modifiers(token)
        polities = polities or self.homes(token, {"of", "from", "for"})
        polities = polities or (self.counted(token) if plural else [])
        for child in token.children:  # "the heads of government of A and B"
            if not polities and child.dep_ == "prep" and child.lower_ == "of":
                inner = [
                    g for g in child.children if g.lower_ in {"government", "state", "mission"}
                ]
                polities = self.modifiers(inner[0])[0] if inner else []
        for key in polities:
            self.draft.mention(key, self.paragraph.spans[token.i], "description")
        return polities

    def _listed(self, token: Any) -> list[str]:
        """Return states in "heads of state of A and B", "nine countries, including A and B"."""
        lemma, preps = token.lemma_.lower(), [c for c in token.children if c.dep_ == "prep"]
        if lemma == "head" and token.tag_ == "NNS":
            of = [g for c in preps if c.lower_ == "of" for g in c.children if g.dep_ == "pobj"]
            if any(g.lower_ in {"state", "government"} for g in of):
                return [key for g in of for key in self.modifiers(g)[0]]
        if token.tag_ in {"NNS", "NNPS"} and lemma in _MANY:
            named = listing.beside(token, self.paragraph.chunks, several=True)
            named = named or listing.among(token, self.paragraph.chunks)
            return [k for t in named for k in self._polities(t)]
        return []

    def company(self, token: Any) -> list[Any]:
        """Return who acts with a polity: "Togo, along with Ghana and Benin"."""
        if not listing.polity(self.paragraph.chunks[token.i]):
            return []
        return listing.beside(token, self.paragraph.chunks, several=False)

    def homes(self, token: Any, words: set[str]) -> list[str]:
        """Return the polities listed behind a plural noun: "ministers from A, B and C"."""
        doc, i = token.doc, token.i + 1
        if i >= len(doc) or doc[i].lower_ not in words or not token.tag_.endswith("S"):
            return []
        named = listing.run(doc, self.paragraph.chunks, i + 1)
        return list(dict.fromkeys(k for t in named for k in self._polities(t)))

    def _office_nouns(self) -> frozenset[str]:
        return _office_nouns(self.lex.office_heads)

    def _pair(self, token: Any) -> list[str]:
        """Return whom "both governments", "the two leaders", "the three countries" mean."""
        lemma = token.lemma_.lower()
        office = token.tag_ in {"NNS", "NNPS"} and lemma in self._office_nouns() | {"leader"}
        if lemma not in self.lex.words["pair"] and not office and not self.bodily(lemma):
            return []
        around = (
            {c.lower_ for c in token.children}
            | {w.lower_ for w in noun_modifiers(token)}
            | {determiner(token)}
        )
        number = self.number(around) or (2 if office and "the" in around else 0)
        between = token.head.lower_ == "between" and not noun_modifiers(token)
        if not number and "the" in around and between:
            number = 2  # "the 2019 deal between the partners"
        if not number or (number > 2 and around & _OTHERS):
            return []
        found: tuple[str, ...] = ()
        if number == 2 and not self.bodily(lemma) and (lemma != "party" or len(self.states) < 3):
            found = (self._holders(lemma) if office else ()) or self._pair_at(token)
        if not found and (around & set(NUMBERS) or between):
            found = self.together(number, lemma)
        for key in found:
            self.draft.mention(key, self.paragraph.spans[token.i], "description")
        return list(found)

    def _holders(self, lemma: str) -> tuple[str, ...]:
        """Return the two people of an earlier sentence that "the two ministers" means."""
        found: dict[int, list[str]] = {}
        for office, person in self.offices.items():
            head, last = office.split("|")[0], self.draft.things[person].last
            fits = lemma in head.split() or (lemma == "leader" and head in LEADERS)
            if lemma == "minister" and "secretary" in head:
                fits = True
            if fits and last >= 0 and person not in found.setdefault(last, []):
                found[last].append(person)
        if not found:
            return ()
        latest = found[max(found)]
        everyone = [p for group in found.values() for p in group]
        chosen = latest if len(latest) == 2 else everyone
        return (chosen[0], chosen[1]) if len(chosen) == 2 else ()

    def _pair_at(self, token: Any) -> tuple[str, ...]:
        """Return the pair as told before a word: what stands behind it in a sentence may differ."""
        offset, last = self.pair_from
        later = offset == self.paragraph.offset and last > token.i
        return self.pair_before if later and self.pair_before else self.pair()

    def pair(self) -> tuple[str, ...]:
        """Return the two states that "both sides" means; nothing where there may be three."""
        if len(self.recent_pair) == 2:
            return self.recent_pair
        top = self.states.most_common(3)
        told = len(top) == 3 and top[2][1] * 2 <= top[1][1]
        if len(top) == 2 or (told and (len(self.states) < 5 or top[1][1] > 3)):
            return (top[0][0], top[1][0])
        return ()

    def modifiers(self, token: Any) -> tuple[list[str], list[str]]:
        """Return polities and plain words that modify a noun (possessives and of-phrases count)."""
        polities: list[str] = []
        words: list[str] = []
        for word in [*self._listed_left(token), *noun_modifiers(token)]:
            keys = self._polities(word)
            polities += [k for k in keys if k not in polities]
            if not keys and word.pos_ not in {"CCONJ", "PUNCT", "NUM"}:
                words.append(word.lower_)
        for child in token.children:
            if child.dep_ == "poss":
                polities += [
                    k for t in conjuncts(child) for k in self._polities(t) if k not in polities
                ]
            if child.dep_ == "prep" and child.lower_ in {"of", "between", "with", "among"}:
                for obj in child.children:
                    if obj.dep_ == "pobj":
                        polities += [
                            k
                            for t in conjuncts(obj)
                            for k in self._polities(t)
                            if k not in polities
                        ]
        return polities, words

    def counted(self, token: Any) -> list[str]:
        """Return the polities of "the ministers of the four countries"."""
        return [
            key
            for prep in token.children
            if prep.dep_ == "prep" and prep.lower_ in {"of", "from"}
            for obj in prep.children
            if obj.tag_ == "NNS" and obj.lemma_.lower() in self.lex.words["pair"]
            for key in self._pair(obj)
        ]

    def _listed_left(self, token: Any) -> list[Any]:
        """ "Iraqi, Iranian and Omani ministers": adjectives that a comma parts from the rest."""
        left = noun_modifiers(token)
        if not left or not token.tag_.endswith("S") or not self._polities(left[0]):
            return []
        found, i = [], left[0].i - 1
        while i > token.sent.start and token.doc[i].text == ",":
            if not self._polities(token.doc[i - 1]):
                break
            found.append(token.doc[i - 1])
            i -= 2
        return found[::-1]

    def _polities(self, token: Any) -> list[str]:
        chunk = self.paragraph.chunks[token.i]
        if chunk is None:
            return []
        if chunk.cls == "Pair":
            return self.chunk(chunk)
        if chunk.known and chunk.known.type in POLITIES and chunk.cls != "Place":
            return [self.polity(chunk.known)]
        return []


@cache
def _office_nouns(heads: tuple[tuple[str, ...], ...]) -> frozenset[str]:
    """Return the nouns of public offices; in the plural they act for their states."""
    nouns = {head[-1] for head in heads} - {"chair", "director", "speaker"}
    return frozenset(nouns | {"head", "representative", "delegate"})
