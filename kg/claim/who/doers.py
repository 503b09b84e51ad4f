"""Who acts, where grammar puts a noun in the place of a name or breaks a list of names off."""

from __future__ import annotations

from typing import Any

from kg.claim.events.whereabouts import Whereabouts
from kg.claim.syntax import Predication, conjuncts, determiner, governor, predication
from kg.claim.who import listing
from kg.model import Span
from kg.spot.lexicon import POLITIES
from kg.vocab import is_a

_TELLING = set("announce deny decide agree promise pledge hope expect plan vow refuse".split())
_STANDING = set(
    """country state nation party member signatory government power partner economy territory
    parliament legislature chamber capital republic kingdom one""".split()
)
_STATES = {"country", "nation", "state", "kingdom", "republic", "government"}
Found = list[tuple[str, Span]]


class Doers(Whereabouts):
    """Finds who acts beyond the head noun of the subject."""

    def acting(self, slot: str, p: Predication) -> Found:
        """Return the agents in a slot: named, told by a noun, or listed behind it."""
        found: Found = []
        tokens = p.slot(slot)
        for token in [*tokens, *(c for t in tokens for c in self.refer.company(t))]:
            here = self.refer.all([token])
            if token.tag_ == "PRP$":
                here = [(k, self.paragraph.spans[token.i]) for k in self.possessor(token)]
            if slot == "subject" and not here:
                here = self.refer.all(stand_in(token)) or self._the_country(token)
            if slot in {"subject", "by"} and token.tag_ in {"NNS", "NNPS"}:
                here = self.listed_behind(token) or here
            known = [k for k, _ in found]
            found += [(k, s) for k, s in here if k not in known]
        found += self._same_speaker(slot, p)
        acts = any(is_a(self.draft.things[k].cls, "Agent") for k, _ in found)
        if slot == "subject" and p.objects and not acts:
            found += [x for t in p.subjects if t.lower_ == "it" for x in self._of_main_clause(t)]
        return found

    def _of_main_clause(self, token: Any) -> Found:
        """ "The country is bound by a convention, which it ratified": who the sentence is about."""
        verb = governor(token.head)
        for _ in range(8):
            if verb is None:
                return []
            for subject in verb.children if verb.pos_ in {"VERB", "AUX"} else ():
                named = subject.dep_ in {"nsubj", "nsubjpass"} and subject.pos_ != "PRON"
                if named and subject.i < token.i:
                    here = self.refer.all([subject]) or self._the_country(subject)
                    if len(here) == 1 and is_a(self.draft.things[here[0][0]].cls, "Polity"):
                        return here
            verb = governor(verb)
        return []

    def possessor(self, token: Any) -> list[str]:
        """Return whom a possessive pronoun means; the reader of events knows how."""
        raise NotImplementedError

    def _the_country(self, token: Any) -> Found:
        """ "The minister said the country would leave": the state of who speaks, or acted last."""
        if token.lower_ not in _STATES or determiner(token) != "the":
            return []
        verb = governor(token)
        while verb is not None and verb.pos_ in {"VERB", "AUX"}:
            if verb.lemma_.lower() in self.lex.words["report"] | _TELLING:
                for subject in predication(verb).subjects:
                    if side := self._side_of(subject):
                        return [(side, self.paragraph.spans[token.i])]
            verb = governor(verb)
        key, number = self.refer.actor
        return [(key, self.paragraph.spans[token.i])] if number >= self.draft.number - 1 else []

    def _side_of(self, token: Any) -> str:
        """Return the state of a speaker, or of an office without a name."""
        chunk = self.paragraph.chunks[token.i]
        owner = chunk.office.owner if chunk is not None and chunk.office else None
        if owner is not None and owner.type in POLITIES:
            return self.refer.polity(owner)
        return next((self.refer.side[k] for k in self.refer.one(token) if k in self.refer.side), "")

    def listed_behind(self, token: Any) -> Found:
        """Return the members that a plural opens a list of: "30 states, among them A and B"."""
        chunks = self.paragraph.chunks
        if chunks[token.i] is not None:
            return []
        return self.refer.all(
            listing.beside(token, chunks, several=True) or listing.among(token, chunks)
        )

    def _same_speaker(self, slot: str, p: Predication) -> Found:
        """ "Kenya said it had ratified the treaty": the pronoun is whoever says so."""
        if slot != "subject" or not any(t.lower_ in {"it", "they"} for t in p.subjects):
            return []
        verb, many = p.token, any(t.lower_ == "they" for t in p.subjects)
        for _ in range(4):
            verb = governor(verb)
            if verb is None or verb.pos_ not in {"VERB", "AUX"}:
                return []
            outer = predication(verb)
            if verb.lemma_.lower() not in self.lex.words["report"] | _TELLING:
                continue
            named = [t for t in outer.subjects if t.pos_ != "PRON"]
            keys = [
                (k, s)
                for k, s in self.refer.all(named)
                if is_a(self.draft.things[k].cls, "Agent") and self.draft.things[k].cls != "Person"
            ]
            return keys if (len(keys) > 1) == many else []
        return []


def stand_in(token: Any) -> list[Any]:
    """Return whom a noun stands for: "A is the only state that", "A, the first state to"."""
    if token.lemma_.lower() not in _STANDING:
        return []
    if token.dep_ == "attr":
        return [t for t in predication(token.head).subjects if t.i != token.i]
    if token.dep_ == "appos":
        return [token.head]
    verb = governor(token.head) if token.dep_ == "pobj" and token.head.lower_ == "as" else None
    if verb is not None and verb.pos_ == "VERB":
        return [t for t in conjuncts(token) if t.i != token.i] or predication(verb).subjects
    return []
