"""Whose a minister or ministry is where its title does not say: what the rest of the text tells.

Only signs that a reader would point to count: a side that is named before the signer, the capital
that somebody speaks in, a counterpart, the one state of the text that has such an office. Where two
signs disagree nothing is said.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from kg.claim.syntax import conjuncts, predication
from kg.claim.things.refer import Referents
from kg.claim.who.homeland import homeland
from kg.spot.chunk import Chunk, Office
from kg.spot.heads import of_a_state
from kg.spot.lexicon import Lexicon
from kg.spot.parse import Paragraph, Sheet

_SAYING = set("say tell add announce state note stress explain declare promise pledge vow".split())
_REALMS = {"republic", "confederation", "federation", "nation", "state", "union"}
_TRAVEL = set("visit trip tour arrival arrive travel fly come go".split())
_OWN = set("promise pledge vow undertake".split())
_SIGNING = set("sign initial ink represent lead head".split())


def fronted(sentence: Any, paragraph: Paragraph, lexicon: Lexicon) -> str:
    """Return the id of the state of "In Peru, ..." or "In Lima, ..." at the head of a sentence."""
    if sentence[0].lower_ != "in":
        return ""
    for token in sentence[1:4]:
        chunk = paragraph.chunks[token.i]
        if chunk is None or chunk.known is None or chunk.cls == "Demonym":
            continue
        comma = token.i + 1 < sentence.end and token.nbor(1).text == ","
        seat = lexicon.seats.get(chunk.text)
        state = chunk.known if chunk.known.type == "State" and chunk.cls == "State" else seat
        return state.id if comma and state and state.type == "State" else ""
    return ""


class Homes:
    """Finds the states of people whose office is told without one."""

    def __init__(self, sheet: Sheet, refer: Referents, lexicon: Lexicon) -> None:
        self.sheet, self.refer, self.lex = sheet, refer, lexicon
        self.open: dict[str, Office] = {}
        self.signs: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self.states = [k for k in refer.states if k.startswith("state:")]
        self.known: dict[str, str] = dict(refer.side)

    def find(self) -> dict[str, str]:
        """Return person → state for the offices that stand without one."""
        for paragraph in self.sheet.paragraphs:
            for chunk in paragraph.chunks:
                office = chunk.office if chunk and chunk.cls == "Person" else None
                fields = set(office.fields) - _REALMS if office else set()
                firm = bool(office and fields and office.head.endswith("president"))
                if chunk and office and office.owner is None and of_a_state(office) and not firm:
                    self.open.setdefault(self.refer.chunk(chunk)[0], office)
        for key in [k for k in self.open if k in self.known]:
            del self.open[key]
        if not self.open:
            return {}
        for paragraph in self.sheet.paragraphs:
            for sentence in paragraph.doc.sents:
                self._sentence(sentence, paragraph)
        self._institutions()
        found = self._settled()
        for paragraph in self.sheet.paragraphs:
            self._counterparts(paragraph, found)
        self._at_home(found)
        return found

    def _at_home(self, found: dict[str, str]) -> None:
        """Where nothing tells of another state, "the energy minister" is that of the homeland."""
        home, above = homeland(self.sheet, self.refer, self.lex)
        for key, office in self.open.items() if home else ():
            if key in found or self.signs.get(key) or office.former:
                continue
            minister = office.head.endswith("minister") and not self._led(office)
            if self._possible(office, home) and (minister or (above > 2 and self._led(office))):
                found[key] = home

    def _settled(self) -> dict[str, str]:
        found = {}
        for key in self.open:
            votes = self.signs.get(key, {})
            best = max(votes.values(), default=0)
            winners = [s for s, n in votes.items() if n == best and n > 0]
            hosts = [s for s, n in votes.items() if n < 0]
            if not winners and len(hosts) == 1 and hosts[0] in (pair := self.refer.pair()):
                winners = [s for s in pair if s != hosts[0]]  # the guest of one is the other's
            if len(winners) == 1 and self._possible(self.open[key], winners[0]):
                found[key] = winners[0]
        return found

    def _sentence(self, sentence: Any, paragraph: Paragraph) -> None:
        side = ""
        front = fronted(sentence, paragraph, self.lex)
        front = self.refer.by_id(front) or "" if front else ""
        for token in sentence:
            chunk = paragraph.chunks[token.i]
            side = self._side(token, paragraph) or side
            key = self._person(chunk)
            if key not in self.open:
                continue
            if side:
                self.signs[key][side] += 5
            if front:
                self.signs[key][front] += 2
            self._around(token, key, paragraph)

    def _person(self, chunk: Chunk | None) -> str:
        return self.refer.chunk(chunk)[0] if chunk and chunk.cls == "Person" else ""

    def _side(self, token: Any, paragraph: Paragraph) -> str:
        """Return the state of "for Ghana:", "from the Mongolian side", "on behalf of Peru"."""
        state = self._state(paragraph.chunks[token.i])
        if not state:
            return ""
        i = token.i - 1
        while i > token.sent.start and token.doc[i].lower_ in {"the", "republic", "of"}:
            i -= 1
        before = token.doc[i].lower_ if i >= token.sent.start else ""
        after = token.nbor(1).lower_ if token.i + 1 < len(token.doc) else ""
        noun = after in {"side", "part", "delegation"}
        if before in {"for", "from", "on"} and noun:
            return state
        if before == "behalf":
            return state
        if before == "for" and (
            i == token.sent.start or after in {"by", ":", ",", "it", "the", "was", "were"}
        ):
            return state
        if before == "for" and token.doc[i - 1].text in {",", ";", "and"} and after in {",", "by"}:
            return state
        return ""

    def _state(self, chunk: Chunk | None) -> str:
        if chunk is None or chunk.known is None or chunk.known.type != "State":
            return ""
        return self.refer.polity(chunk.known) if chunk.cls != "Place" else ""

    def _capital(self, chunk: Chunk | None) -> str:
        """Return the state whose capital a chunk names."""
        if chunk is None or chunk.cls not in {"Seat", "Place"} or chunk.known is None:
            return ""
        seat = self.lex.seats.get(chunk.text)
        if seat is None or seat.type != "State":
            return ""
        key = f"state:{seat.id}"
        return key if key in self.refer.states else ""

    def _around(self, token: Any, key: str, paragraph: Paragraph) -> None:
        verb = token.head
        while verb.dep_ in {"appos", "conj"} and verb.pos_ not in {"VERB", "AUX"}:
            verb = verb.head
        first = token
        while first.dep_ in {"conj", "appos"}:
            first = first.head
        self._guest(first, key, paragraph)
        if first.dep_ in {"nsubj", "nsubjpass"}:
            verb = first.head
            lemma = verb.lemma_.lower()
            for child in verb.children:
                if child.dep_ == "prep" and child.lower_ == "in" and lemma in _SAYING:
                    for place in child.children:
                        if state := self._capital(paragraph.chunks[place.i]):
                            self.signs[key][state] += 2
                if child.dep_ == "prep" and lemma in _SIGNING and child.lower_ in {"for", "on"}:
                    for t in child.subtree:
                        if state := self._state(paragraph.chunks[t.i]):
                            self.signs[key][state] += 4
                if child.dep_ == "ccomp" and lemma in _OWN:
                    self._subject(child, key, paragraph, 2)
            if lemma in _SAYING and verb.dep_ in {"ROOT", "ccomp", "parataxis"}:
                self._clause(verb, key, paragraph)
        elif first.dep_ == "pobj" and first.head.lower_ in {"under", "by", "through"}:
            self._under(first.head, key, paragraph)

    def _guest(self, token: Any, key: str, paragraph: Paragraph) -> None:
        """ "X arrived in Peru", "the visit of X to Peru": X is of another state."""
        verb = token.head
        if token.dep_ in {"pobj", "poss"} and token.head.lower_ in {"of", "by"}:
            verb = token.head.head
        paid = [c for c in verb.children if c.dep_ == "dobj" and c.lemma_.lower() in _TRAVEL]
        if verb.lemma_.lower() not in _TRAVEL and not paid:
            return
        for child in (c for v in (verb, *paid) for c in v.children):
            goals = list(child.children) if child.dep_ == "prep" else [child]
            if child.dep_ not in {"prep", "dobj"} or (
                child.dep_ == "prep" and child.lower_ not in {"to", "in"}
            ):
                continue
            for goal in goals:
                chunk = paragraph.chunks[goal.i]
                if state := self._state(chunk) or self._capital(chunk):
                    self.signs[key][state] -= 20

    def _subject(self, verb: Any, key: str, paragraph: Paragraph, weight: int) -> None:
        for subject in predication(verb).subjects:
            for t in conjuncts(subject):
                if state := self._state(paragraph.chunks[t.i]):
                    self.signs[key][state] += weight

    def _clause(self, verb: Any, key: str, paragraph: Paragraph) -> None:
        """ "Peru will not sign, Minister X said": who plans is mostly the speaker's side."""
        for child in verb.children:
            if child.dep_ not in {"ccomp", "parataxis"}:
                continue
            aux = {c.lower_ for c in child.children if c.dep_ == "aux"}
            if aux & {"will", "would", "'ll"} and len(self.states) < 4:
                self._subject(child, key, paragraph, 1)

    def _under(self, prep: Any, key: str, paragraph: Paragraph) -> None:
        """ "Chile acceded under President X", "a Peruvian delegation led by Minister X"."""
        head = prep.head
        if prep.lower_ == "by":
            if head.lemma_.lower() not in {"lead", "head", "represent"}:
                return
            if head.dep_ not in {"acl", "relcl"}:
                self._subject(head, key, paragraph, 3)
                return
            noun = head.head
            near = [self._state(paragraph.chunks[t.i]) for t in noun.lefts]
            if states := {s for s in near if s}:
                for state in states:
                    self.signs[key][state] += 4
                return
            head = noun.head
        if head.pos_ in {"VERB", "AUX"}:
            self._subject(head, key, paragraph, 3)

    def _institutions(self) -> None:
        """Where one state of the text alone has such an office, the office is that state's."""
        named = [k for k in self.states if self.refer.states[k] > 0]
        for key, office in self.open.items():
            fitting = [s for s in named if self._possible(office, s)]
            told = bool(self._only_in(office))
            # A text that names one state once may be about the other's visit.
            about = 1 < len(named) < 4 or sum(self.refer.states[s] for s in named) > 2
            if len(fitting) == 1 and (told or (about and self._led(office))):
                self.signs[key][fitting[0]] += 2 if len(named) > 1 else 1

    def _led(self, office: Office) -> bool:
        return office.head in {"president", "prime minister", "king", "queen", "premier"}

    def _only_in(self, office: Office) -> frozenset[str]:
        """Return the states that alone have such an office; none where it is a common one."""
        only = self.lex.only_in
        named = only.get(" ".join((*office.fields, office.head)))
        return named or only.get(office.head, frozenset())

    def _possible(self, office: Office, state: str) -> bool:
        iso, only = state.split(":")[-1], self._only_in(office)
        if only and not office.fields:
            return iso in only
        return iso not in self.lex.never_in.get(office.head, frozenset())

    def _counterparts(self, paragraph: Paragraph, found: dict[str, str]) -> None:
        """ "Prime Minister X and his Mauritian counterpart, Y": X is of the other side."""
        pair = self.refer.pair()
        if len(pair) != 2:
            return
        last = ""
        for chunk in paragraph.chunks:
            key = self._person(chunk)
            if not key or chunk is None:
                continue
            theirs = chunk.traits.get("counterpart", "")
            state = f"state:{theirs}" if theirs and theirs != "yes" else self._of(key, found)
            if theirs and last in self.open and last not in found and state in pair:
                found[last] = next(s for s in pair if s != state)
            if theirs == "yes" and key in self.open and key not in found and self._of(last, found):
                other = [s for s in pair if s != self._of(last, found)]
                if len(other) == 1:
                    found[key] = other[0]
            last = key

    def _of(self, key: str, found: dict[str, str]) -> str:
        return found.get(key) or self.known.get(key, "")
