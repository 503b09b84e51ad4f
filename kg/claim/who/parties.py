"""Sides of agreements that no event tells: "the A-B accord", "members include A"."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kg.claim.draft import Stance
from kg.claim.modality.nominal import Nominal
from kg.claim.syntax import conjuncts, determiner, governor, noun_modifiers, predication
from kg.claim.who import listing
from kg.model import Span
from kg.vocab import is_a

# Verbs whose subject is a side of the agreement "with B" that it acts on.
_OWN = set(
    """ratify approve terminate end scrap suspend cancel quit leave sign conclude seal reach strike
    ink renew extend denounce freeze reject pass have hold maintain keep operate enter forge agree
    finalize finalise initial implement secure clinch negotiate draft prepare amend revise update
    scrap abrogate honour honor breach violate announce unveil join make""".split()
)
# What becomes of an agreement that there is: "will not extend the accord with B" has its sides.
_LATER = set(
    """extend renew prolong suspend freeze pause terminate end scrap cancel denounce abrogate
    rescind withdraw quit leave amend revise update upgrade implement expire lapse resume revive
    have hold maintain keep replace extension renewal suspension termination withdrawal
    amendment expiry revival exit""".split()
)
_SHARED = set("tie link relation cooperation trade border dispute difference gap flow".split())
_JOINT = {"cooperation", "trade"}  # "an agreement on trade with Chad" is one with Chad
_PAPERS = {"document", "text", "instrument", "partnership", "framework", "compromise", "package"}
_MEMBERS = set("party member signatory adherent participant cosignatory side founder".split())
_STATES = {"state", "country", "nation", "economy", "government"}
_GROUPING = set("link involve bind unite join cover group comprise include connect tie".split())
_LISTING = {"be", "include", "number", "comprise", "count", "remain"}
_NOT_NOW = set("former ex non prospective potential would-be candidate third possible".split())
_SIDED = {"bilateral", "trilateral", "tripartite", "quadrilateral", "multilateral", "joint"}
Found = list[tuple[str, Span]]


class Parties(Nominal):
    """States the parties that phrases around an agreement, and lists of its members, name."""

    def pacts(self, sentence: Any) -> None:
        """State the parties that the phrase of an agreement names: "the accord between A and B"."""
        for token in sentence:
            if token.pos_ not in {"NOUN", "PROPN"}:
                continue
            if (
                token.lemma_.lower() in _MEMBERS | _STATES
                and self.paragraph.chunks[token.i] is None
            ):
                self._membership(token)
            elif token.dep_ != "compound" and self._may_be_pact(token):
                self._pact(token)

    def _may_be_pact(self, token: Any) -> bool:
        """Tell whether a noun is of a kind that names or describes an agreement."""
        chunk = self.paragraph.chunks[token.i]
        if chunk is None:
            return self.refer.head(token) is not None or token.lower_ in _PAPERS
        return is_a(chunk.known.type if chunk.known else chunk.cls, "PolicyObject")

    def _pact(self, token: Any) -> None:
        partners = self._pact_partners(token)
        if not partners:
            self._under(token)
            return
        for key in self.refer.one(token)[:1]:
            cls = self.draft.things[key].cls
            standing = cls in {"CooperationMechanism", "WorkingGroup"} and self._grouped(token)
            if not is_a(cls, "Agreement") and not standing:
                continue
            stance, asserted = self._pact_stance(key, token)
            for party, at in partners if asserted else ():
                self._party(key, party, "noun.party", stance, at)

    def _under(self, token: Any) -> None:
        """ "Under the pact, A and B will share data": who act together under it are its sides."""
        prep = governor(token)
        verb = governor(prep) if prep is not None and prep.lower_ == "under" else None
        if verb is None or prep is None or verb.pos_ != "VERB" or prep.i > verb.i:
            return
        would = any(c.lower_ in {"would", "could", "might"} for c in verb.children)
        if would or self._by_modifier(token) or self.stance(verb)[1].purpose:
            return
        sides = self._polities(predication(verb).subjects)
        for key in self.refer.one(token)[:1] if len(sides) > 1 else ():
            if is_a(self.draft.things[key].cls, "Agreement"):
                for party, at in sides:
                    self._party(key, party, "under", Stance(), at)

    def _party(self, key: str, party: str, rule: str, stance: Stance, at: Span) -> None:
        self.draft.say(key, "pg:party", party, rule, stance, at=(None, at))
        if self.draft.things[party].cls in {"State", "Bloc"}:
            self.draft.things[key].parties.setdefault(party)

    def _pact_partners(self, token: Any) -> Found:
        found: Found = self._in_front(token)
        with_only = True
        for prep in token.subtree:
            if prep.dep_ != "prep" or prep.lower_ not in {"between", "with", "among"}:
                continue
            if not self._of_pact(prep, token):
                continue
            objs = [t for g in prep.children if g.dep_ == "pobj" for t in conjuncts(g)]
            found += self._agents(objs)
            with_only = with_only and prep.lower_ == "with"
        if found and with_only:
            for child in token.children:
                if child.dep_ == "poss":
                    found += self._owner(child)
                elif child.dep_ == "prep" and child.lower_ == "of":
                    objs = [t for g in child.children if g.dep_ == "pobj" for t in conjuncts(g)]
                    found += self._polities(objs)
            if len({k for k, _ in found}) == 1:
                found += self._acting_side(token, found[0][0])
        return found or self._grouped(token)

    def _agents(self, tokens: list[Any]) -> Found:
        """Return the agents that words name; whoever holds an office stands for its state."""
        found: Found = []
        for key, at in self.refer.all(tokens):
            if self.draft.things[key].cls == "Person":
                found += [(side, at) for side in self.capacity_of(key, tokens[0].sent)]
            elif is_a(self.draft.things[key].cls, "Agent"):
                found.append((key, at))
        return found

    def _polities(self, tokens: list[Any]) -> Found:
        return [
            (k, s) for k, s in self.refer.all(tokens) if is_a(self.draft.things[k].cls, "Polity")
        ]

    def _in_front(self, token: Any) -> Found:
        """ "The US-Japan trade deal": both names of a pair that modifies the noun."""
        found: Found = []
        for word in noun_modifiers(token):
            chunk = self.paragraph.chunks[word.i]
            if chunk is not None and chunk.cls == "Pair":
                found += [(k, chunk.span) for k in self.refer.chunk(chunk)]
        return found

    def _grouped(self, token: Any) -> Found:
        """ "A pact linking A and B", "the trilateral pact of A, B and C"."""
        words = {w.lower_ for w in noun_modifiers(token)}
        for child in token.children:
            if child.dep_ == "acl" and child.tag_ == "VBG" and child.lemma_.lower() in _GROUPING:
                found = self._polities(predication(child).objects)
                if len(found) > 1:
                    return found
            if child.dep_ == "acl" and child.lemma_.lower() in {"make", "compose", "consist"}:
                of = [t for slot in ("of", "up") for t in predication(child).slot(slot)]
                named = listing.run(token.doc, self.paragraph.chunks, of[0].i) if of else []
                return self._agents(named)
            if child.dep_ == "prep" and child.lower_ == "of":
                objs = [t for g in child.children if g.dep_ == "pobj" for t in conjuncts(g)]
                found = self._polities(objs)
                if len(found) > 1 or (found and words & _SIDED):
                    return found
        return []

    def _acting_side(self, token: Any, partner: str) -> Found:
        """ "Nepal's parliament ratified the treaty with India": who acts is the other side."""
        verb = governor(token)
        if verb is None or token.dep_ not in {"dobj", "pobj"}:
            return []
        under = verb.lower_ == "under"
        if verb.pos_ == "ADP" and (
            under or (verb.lower_ == "into" and verb.head.lemma_ == "enter")
        ):
            verb = governor(verb)
        if verb is None or (verb.lemma_.lower() not in _OWN and not under):
            return []
        if verb.pos_ not in {"VERB", "AUX"}:
            return []
        outer = verb
        while not predication(outer).subjects and outer.dep_ in {"pcomp", "conj"}:
            above = governor(outer)  # "reacted by expelling X and by concluding a pact with B"
            while above is not None and above.pos_ == "ADP":
                above = governor(above)
            if above is None or above.pos_ not in {"VERB", "AUX"}:
                break
            outer = above
        for subject in predication(outer).subjects:
            for key, at in self.refer.all([subject]):
                thing = self.draft.things[key]
                side = key if is_a(thing.cls, "Polity") else self._home_of(key)
                if side and side != partner and (not under or side == key):
                    return [(side, at)]
        return []

    def _home_of(self, key: str) -> str:
        """Return the state that a body or office holder acts for, as far as the text has told."""
        if key in self.refer.side:
            return self.refer.side[key]
        told = self.draft.about(key)
        return next((str(c.object) for c in told if c.predicate == "pg:bodyOf"), "")

    def _of_pact(self, prep: Any, token: Any) -> bool:
        """Tell whether "between A and B" belongs to the agreement: no verb, no rival between."""
        if prep.head.i == token.i:
            return True
        for above in prep.ancestors:
            if above.i == token.i:
                return bool(prep.lower_ == "between") or self._near(prep, token)
            if above.pos_ in {"VERB", "AUX"} or self.refer.head(above) is not None:
                return False
            shared = above.lemma_.lower() in _SHARED
            if shared and not (above.lemma_ in _JOINT and self._near(prep, token)):
                return False
        return False

    def _near(self, prep: Any, token: Any) -> bool:
        """ "An agreement on power with Chad": "with" and a state, behind the field."""
        objs = [g for g in prep.children if g.dep_ == "pobj"]
        named = bool(objs) and listing.polity(self.paragraph.chunks[objs[0].i])
        return prep.lower_ == "with" and named and prep.i - token.i < 8

    def _pact_stance(self, key: str, token: Any) -> tuple[Stance, bool]:
        for theme, stance, verb in self.themes:
            if theme == key:  # a frame has said what becomes of it in this sentence
                if verb.lemma_.lower() in _LATER and stance.modality != "actual":
                    return replace(stance, modality="actual", factuality="done"), True
                return stance, stance.modality in {"actual", "planned", "negated"}
        stance, asserted = self.noun_stance(token, happening=True)
        if asserted and stance.modality in {"actual", "planned"}:
            return stance, True
        thing = self.draft.things[key]
        known = thing.proper or determiner(token) in {"the", "this", "that", "poss"}
        above = governor(token)
        talked = above is not None and above.pos_ == "ADP" and self._talked(above)
        return replace(stance, modality="actual", factuality="done"), known and not talked

    def _talked(self, prep: Any) -> bool:
        noun = governor(prep)
        return noun is not None and noun.lemma_.lower() in {"talk", "negotiation", "discussion"}

    def _owner(self, token: Any) -> Found:
        """Return who "his", "their", "the minister's" means; happenings know how."""
        raise NotImplementedError

    # --- members ----------------------------------------------------------------------------

    def _membership(self, noun: Any) -> None:
        """Read "the signatories are A and B", "A, a party to X", "X, whose members include A"."""
        left = {w.lower_ for w in noun_modifiers(noun)}
        if left & _NOT_NOW or (noun.lemma_.lower() in _STATES and "member" not in left):
            return
        themes = self._member_of(noun)
        if len(themes) != 1:
            return
        members, verb = self._members(noun)
        stance = self.stance(verb)[0] if verb is not None else Stance()
        if verb is not None and self.stance(verb)[1].purpose:
            return
        for key, at in self._polities(members):
            self._party(themes[0], key, "membership", stance, at)

    def _member_of(self, noun: Any) -> list[str]:
        tokens: list[Any] = []
        for child in noun.children:
            if child.dep_ == "prep" and child.lower_ in {"to", "of", "in"}:
                tokens += [t for g in child.children if g.dep_ == "pobj" for t in conjuncts(g)]
            elif child.dep_ == "poss" and child.tag_ == "WP$":
                clause = noun.head if noun.head.dep_ == "relcl" else noun.head.head
                tokens += [clause.head] if clause.dep_ == "relcl" else []
            elif child.dep_ == "poss" and child.tag_ != "PRP$":
                tokens.append(child)
            elif child.dep_ == "poss" and child.lower_ == "its":
                return [k for k in [self.refer.topic_thing] if k and self._sided(k)]
        verb = governor(noun)
        if not tokens and verb is not None and verb.lemma_ == "have" and noun.dep_ == "dobj":
            tokens = predication(verb).subjects
        if not tokens:
            for word in noun_modifiers(noun):
                tokens += [word] if self.refer.one(word) else []
        found = [k for k, _ in self.refer.all(tokens) if self._sided(k)]
        known = self.refer.topic_thing
        plural = noun.tag_ in {"NNS", "NNPS"} and noun.lemma_.lower() in {"signatory", "party"}
        bare = not tokens and plural and determiner(noun) in {"the", ""}
        if bare and known and self._sided(known):
            return [known] if self.draft.number - self.draft.things[known].last <= 2 else []
        return found

    def _sided(self, key: str) -> bool:
        cls = self.draft.things[key].cls
        return is_a(cls, "Agreement") or is_a(cls, "CooperationMechanism")

    def _members(self, noun: Any) -> tuple[list[Any], Any | None]:
        """Return the names told to be the members, and the verb that says so."""
        doc, chunks = noun.doc, self.paragraph.chunks
        if named := listing.run(doc, chunks, noun.i + 1) or self._listed_behind(noun):
            return named, None
        verb = governor(noun)
        if noun.dep_ == "nsubj" and verb is not None and verb.lemma_.lower() in _LISTING:
            start = next(
                (t.i for t in doc[verb.i + 1 : verb.i + 4] if listing.polity(chunks[t.i])), 0
            )
            return listing.run(doc, chunks, start) if start else [], verb
        if noun.dep_ == "appos":
            return conjuncts(noun.head), None
        if noun.dep_ == "pobj" and verb is not None and verb.lower_ == "as":
            clause = governor(verb)
            return (predication(clause).subjects, None) if clause is not None else ([], None)
        return [c for c in noun.children if c.dep_ == "appos"], None

    def _listed_behind(self, noun: Any) -> list[Any]:
        """ "Signatories to the accord, among them A and B": behind the whole phrase."""
        last = max((t.i for t in noun.subtree if t.dep_ == "pobj"), default=noun.i)
        for token in (noun, noun.doc[last]) if last - noun.i < 6 else (noun,):
            if named := listing.beside(token, self.paragraph.chunks, several=True):
                return named
        return []
