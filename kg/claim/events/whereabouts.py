"""Where something happened: towns, buildings and countries behind "in", "at" and "near"."""

from __future__ import annotations

from typing import Any

from kg.claim.modality.stances import Stances
from kg.claim.syntax import Predication, noun_modifiers
from kg.model import Span

_AT = {"in", "at", "near", "outside"}
_TOWNISH = set("town city port village resort capital municipality suburb district island".split())
_HOUSES = set("headquarters palace airport embassy residence chancellery".split())
_WIDE = set("sea ocean gulf strait basin desert region valley bay".split())
_WAYS = {verb: frozenset({"to"}) for verb in ("welcome", "receive", "host", "greet")}
_WAYS |= {verb: frozenset({"for"}) for verb in ("plan", "schedule", "slate")}  # "planned for Rome"
_KINDS_OF_PLACE = {"Place", "Seat"}
Found = list[tuple[str, Span]]


class Whereabouts(Stances):
    """Resolves words for places, and finds those of a predicate."""

    def place(self, token: Any) -> list[str]:
        """Return the place that a town or country names; its key begins with `place:`."""
        chunk = self.paragraph.chunks[token.i]
        if chunk is None:
            return self._described_place(token)
        if not (
            chunk.cls in _KINDS_OF_PLACE
            or (chunk.known and chunk.known.type in {"State", "SubnationalState"})
        ):
            return []
        if chunk.cls == "Seat" and "place" not in chunk.traits and token.head.lower_ != "at":
            return []  # "at the Kremlin" is a place, "in the Kremlin's view" none
        if chunk.cls not in _KINDS_OF_PLACE:
            return self.refer.chunk(chunk)
        return [self._place_named(chunk.text, chunk.span)]

    def _place_named(self, name: str, span: Span) -> str:
        thing = self.draft.thing(f"place:{name.lower().replace(' ', '-')}", "Place", name)
        thing.proper = True
        self.draft.mention(thing.key, span, "name", name)
        return thing.key

    def _described_place(self, token: Any) -> list[str]:
        """ "The port of Esbjerg" is Esbjerg; "the Nepalese capital" keeps its words."""
        if token.lower_ in _HOUSES:
            return self._house(token)
        if token.lemma_.lower() not in _TOWNISH:
            return []
        inner = [g for c in token.children if c.lower_ == "of" for g in c.children]
        inner += [c for c in token.children if c.dep_ in {"appos", "compound", "nmod"}]
        for word in inner:
            chunk = self.paragraph.chunks[word.i]
            if chunk is not None and chunk.cls in _KINDS_OF_PLACE and (keys := self.place(word)):
                return keys
        for word in inner if token.lower_ == "capital" else ():
            chunk = self.paragraph.chunks[word.i]
            if chunk is not None and chunk.cls == "State":  # "the capital of Turkmenistan"
                span = self.paragraph.spans[token.i].cover(chunk.span)
                return [self._place_named(self.draft.document.text[span.start : span.end], span)]
        for word in token.children:
            chunk = self.paragraph.chunks[word.i]
            if chunk is not None and chunk.cls == "Demonym" and word.i == token.i - 1:
                span = chunk.span.cover(self.paragraph.spans[token.i])
                return [self._place_named(self.draft.document.text[span.start : span.end], span)]
        return []

    def _house(self, token: Any) -> list[str]:
        """Return a building that is told by whose it is: "NATO headquarters"."""
        left = noun_modifiers(token)
        owner = self.paragraph.chunks[left[0].i] if left else None
        if owner is None or owner.cls in {"Date", "Person", "Office"}:
            return []
        span = owner.span.cover(self.paragraph.spans[token.i])
        for word in token.children:  # "the Cuban embassy in Rome"
            if word.dep_ == "prep" and word.lower_ == "in" and word.i == token.i + 1:
                inner = [g for g in word.children if g.dep_ == "pobj" and self.place(g)]
                span = span.cover(self.paragraph.spans[inner[0].i]) if inner else span
        return [self._place_named(self.draft.document.text[span.start : span.end], span)]

    def _places(self, p: Predication) -> Found:
        """Return where something happened; a town may hang deep inside the object's phrase."""
        found: Found = []
        for token in p.token.sent:
            ways = _AT | _WAYS.get(p.lemma, frozenset())
            if token.dep_ != "pobj" or token.head.lower_ not in ways:
                continue
            loose = self._attached(token) == p.token.i and not self._of_object(token)
            if loose or self._inside(token, p):
                found += [(k, self.paragraph.spans[token.i]) for k in self.place(token)]
        if p.token.dep_ == "relcl" and any(c.lower_ == "where" for c in p.token.children):
            found += [(k, self.paragraph.spans[p.token.head.i]) for k in self.place(p.token.head)]
        return found

    def _attached(self, token: Any) -> int:
        """Return the word that a place hangs from; "on Thursday in Beijing" skips the day."""
        head = token.head.head
        chunk = self.paragraph.chunks[head.i]
        if chunk is not None and chunk.cls == "Date":
            head = head.head
        if head.dep_ == "prep" and head.i <= token.head.i - 2 and head.head.pos_ != "NOUN":
            inner = [c for c in head.children if c.dep_ == "pobj"]
            dated = inner and self.paragraph.chunks[inner[0].i]
            if dated and dated.cls == "Date":
                head = head.head
        return int(head.i)

    def _of_object(self, token: Any) -> bool:
        """Tell whether "at" and a town stand right behind a noun: "reactors at Dukovany"."""
        chunk = self.paragraph.chunks[token.i]
        before = token.doc[token.head.i - 1] if token.head.i else token
        house = chunk is None or chunk.text.split()[-1].lower() in self.lex.words["buildings"]
        return token.head.lower_ == "at" and before.pos_ == "NOUN" and not house

    def _inside(self, token: Any, p: Predication) -> bool:
        """Tell whether a town stands within what the predicate acts on, and no deeper verb has it.

        "Signed a contract for reactors at Dukovany": "at" deep in a phrase belongs to its noun.
        """
        chunk = self.paragraph.chunks[token.i]
        town = (chunk is not None and chunk.cls in _KINDS_OF_PLACE) or (
            chunk is None and token.lemma_.lower() in _TOWNISH
        )
        if not town:
            return False
        if p.token.pos_ == "NOUN":
            return p.token in token.ancestors
        if token.i < p.token.i or (chunk is not None and _at_large(chunk.text)):
            return False  # "the ambassador in Washington signed", "drilling in the Caspian Sea"
        inside = token.head.lower_ == "in" or not self._of_object(token)
        return inside and _nearest_verb(token) == p.token.i

    def named_after(self, token: Any) -> Found:
        """Return the town by which a meeting is called: "the Madrid summit", "the Doha talks"."""
        chunk = self.paragraph.chunks[token.i]
        if chunk is not None:
            name = chunk.text.rsplit(" ", 1)[0]
            known = name in self.lex.places or name in self.lex.seats
            return [(self._place_named(name, chunk.span), chunk.span)] if known else []
        return [
            (k, self.paragraph.spans[w.i])
            for w in noun_modifiers(token)[-1:]
            if (c := self.paragraph.chunks[w.i]) is not None and c.cls in _KINDS_OF_PLACE
            for k in self.place(w)
        ]

    def local(self, token: Any) -> Found:
        """Return the places in the phrase of a noun ("a meeting in Geneva")."""
        return [
            (k, self.paragraph.spans[g.i])
            for c in token.children
            if c.dep_ == "prep" and c.lower_ in _AT
            for g in c.children
            if g.dep_ == "pobj"
            for k in self.place(g)
        ]


def _at_large(name: str) -> bool:
    return name.split()[-1].lower() in _WIDE


def _nearest_verb(token: Any) -> int:
    for above in token.ancestors:
        if above.pos_ in {"VERB", "AUX"}:
            return int(above.i)
    return -1
