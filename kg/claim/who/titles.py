"""Offices: who holds which, and of which state, also where another place of the text tells it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from kg.claim.draft import Thing
from kg.claim.syntax import determiner
from kg.claim.things.bodies import local
from kg.claim.what.bases import Bases
from kg.claim.who.holding import holder_of
from kg.claim.who.homes import fronted
from kg.model import Span
from kg.spot.chunk import Chunk, Office
from kg.spot.heads import of_a_state
from kg.spot.lexicon import POLITIES
from kg.vocab import is_a

_ARTICLE_STATES = {
    "United States",
    "United Kingdom",
    "United Arab Emirates",
    "Netherlands",
    "Philippines",
    "Bahamas",
    "Gambia",
    "Maldives",
    "European Union",
    "African Union",
}
_AMERICAS = re.compile(
    r"\b(?:Inter|Pan|Trans|Latin|North|South|Central|Ibero|Anglo)[- ]Americ\w+|\bIndo-\w+"
)
_VOICES = {"spokesperson", "spokesman", "spokeswoman"}
_EMPTY = {"minister", "secretary", "commissioner"}  # say nothing without a field
_STATELESS = {"InternationalOrganization", "NewsOrganization", "Bloc"}
_STATES = {"State", "SubnationalState"}
_SMALL = {"of", "for", "and", "the", "to", "in", "on", "d'affaires"}


class Titles(Bases):
    """States offices and their states; keeps what the document told of them so far."""

    _last: tuple[Office, Span] | None = None  # last title of a person, and its sentence

    def titled(self, key: str, chunk: Chunk) -> None:
        """State the office that a title, or the title of a counterpart, gives a person."""
        office = chunk.office
        if office is None and (side := chunk.traits.get("counterpart")):
            office = self._shared(side)
        if office is None or (
            office.head in _EMPTY
            and " " not in office.title
            and not office.former
            and (office.owner is None or office.owner.type in POLITIES)
        ):
            return
        self._last = (office, self.draft.sentence)
        for one in (office, *office.also):
            self.office(key, one)

    def _shared(self, side: str) -> Office | None:
        """ "President A and his Ghanaian counterpart, B": B is a president too."""
        if self._last is None or self._last[1] != self.draft.sentence:
            return None
        known = self.lex.by_id.get(side)
        office = self._last[0]
        return replace(office, owner=known, explicit_owner=known is not None, span=office.span)

    def body_state(self, key: str, chunk: Chunk) -> None:
        """State whose a body, firm or university is, where its name or the words before tell."""
        thing = self.draft.things[key]
        if not is_a(thing.cls, "Organization") or thing.cls in _STATELESS:
            return
        inside = self.refer.states_in(_AMERICAS.sub("", chunk.text))
        owner = self.refer.by_id(chunk.traits.get("owner", "")) or thing.traits.get("owner", "")
        if not owner and len(inside) == 1:
            owner = inside[0]
        known = chunk.known.traits.get("state", "") if chunk.known else ""
        if not owner and known and thing.cls == "PublicBody":
            # A body of the lists beside the name of its state: "Peru, through X and Y".
            beside = {
                c.known.id
                for c in self.engine.paragraph.chunks
                if c and c.known and c.known.type == "State" and c.span in self.draft.sentence
            }
            owner = (self.refer.by_id(known) or "") if known in beside else ""
        if not owner and thing.cls == "PublicBody" and not chunk.known:
            token = next(
                (
                    t
                    for t in self.engine.paragraph.doc
                    if self.engine.paragraph.chunks[t.i] is chunk
                ),
                None,
            )
            front = fronted(token.sent, self.engine.paragraph, self.lex) if token else ""
            owner = (self.refer.by_id(front) or "") if front else ""
            owner = owner or (self.refer.homeland if local(chunk.text) else "")
        if owner and is_a(self.draft.things[owner].cls, "Polity"):
            public = thing.cls in {"PublicBody", "StandardsBody"}
            predicate = "pg:bodyOf" if public else "pg:associatedState"
            self.draft.say(key, predicate, owner, "body.state", at=(chunk.span, None))

    def unheld(self, chunk: Chunk, token: Any) -> None:
        """ "the Russian president" is the one person at hand whose office is not told yet."""
        office = chunk.office
        if office and not (office.head in _EMPTY and not office.fields):
            for noun in holder_of(token):
                for key in self.refer.one(noun):
                    if self.draft.things[key].cls == "Person":
                        for one in (office, *office.also):
                            self.office(key, one)
                        return
        if (
            office is None
            or office.owner is None
            or office.owner.type not in POLITIES
            or self.refer.holder(office)
        ):
            return
        if office.head not in self.lex.offices["heads_of_state"]:
            if self._tells(office) and determiner(token) not in {"a", "an", "any", "no"}:
                self.unnamed(office)
            return
        told = {
            c.subject
            for predicate in ("pg:holdsOffice", "pg:formerlyHeld")
            for c in self.draft.told(predicate)
        }
        near = [
            key
            for key, thing in self.draft.things.items()
            if thing.cls == "Person"
            and key not in told
            and 0 <= self.draft.number - thing.last <= 1
            and key not in self.refer.offices.values()
        ]
        if len(near) == 1:
            self.office(near[0], office)
        elif determiner(token) not in {"a", "an", "any", "no"}:
            self.unnamed(office)

    def _tells(self, office: Office) -> bool:
        return bool(office.fields) or " " in office.head

    def unnamed(self, office: Office) -> None:
        """State an office whose holder the text does not name: "the foreign minister of Peru"."""
        owner = self.refer.polity(office.owner) if office.owner else ""
        if not owner or self.draft.things[owner].cls not in _STATES or office.former:
            return
        thing = self._thing(office, owner, owner)
        thing.listed = True
        at = (office.span, None)
        self.draft.say(thing.key, "pg:officeOfState", owner, "office.unnamed", at=at)

    def office(self, person: str, office: Office) -> None:
        """State the office that a title gives a person, and the polity of the office."""
        holder = self.draft.things[person]
        owner = self.refer.polity(office.owner) if office.owner else ""
        guessed = False
        if not owner:
            owner = self.refer.owners.get(f"{person}|{office.head}", "")
        if not owner and of_a_state(office):
            owner, guessed = self.refer.told_homes.get(person, ""), True
            owner = owner or self._guess_owner(office)
        title = _cased(office.title or office.text)
        if office.head in _VOICES and not office.fields:
            title, owner = _cased(office.text), ""
        body = office.owner and office.owner.type not in POLITIES
        if office.head in _EMPTY and not office.fields and body:
            title = _cased(office.text)  # "U.S. Treasury Secretary"
        # Without a state two presidents hold two offices.
        thing = self._thing(office, owner, owner or person, title)
        if office.former:
            self.draft.say(
                person, "pg:formerlyHeld", thing.key, "office.former", at=(None, office.span)
            )
            return
        self.refer.offices[office.key] = person
        confidence = 0.75 if guessed else 1.0
        self.draft.say(person, "pg:holdsOffice", thing.key, "office", at=(None, office.span))
        if office.head in _VOICES and not (office.owner and office.fields):
            return
        if owner and self.draft.things[owner].cls in _STATES:
            self.draft.say(
                thing.key,
                "pg:officeOfState",
                owner,
                "office.state" if not guessed else "office.state-by-context",
                at=(office.span, None),
                confidence=confidence,
            )
            self.refer.side.setdefault(person, owner)
            if office.explicit_owner:
                holder.traits.setdefault("capacity", owner)
        elif owner and self.draft.things[owner].cls == "Bloc":
            self.draft.say(thing.key, "pg:officeIn", owner, "office.body", at=(office.span, None))
            self.refer.side.setdefault(person, owner)
            if office.explicit_owner:
                holder.traits.setdefault("capacity", owner)
        elif owner:
            thing.label = office.title if office.text.startswith(office.title) else office.text
            state = self.draft.things[owner].traits.get("state", "")
            told = state and office.head in _EMPTY and self.refer.states_in(office.text)
            if told and (key := self.refer.by_id(state)):
                self.draft.say(
                    thing.key, "pg:officeOfState", key, "office.body-state", at=(office.span, None)
                )
                self.refer.side.setdefault(person, key)
            self.draft.say(thing.key, "pg:officeIn", owner, "office.body", at=(office.span, None))

    def _thing(self, office: Office, owner: str, whose: str, title: str = "") -> Thing:
        title = title or _cased(office.title or office.text)
        told = not owner or owner in self.refer.states_in(title)
        full = title if told else f"{title} of {_with_article(self.draft.things[owner].label)}"
        slug = "-".join((whose.split(":")[-1], office.head, *sorted(office.fields)))
        slug = f"office:{slug.replace(' ', '-').replace('.', '')}"
        thing = self.draft.thing(
            slug, "Office", full, head=office.head, fields=" ".join(sorted(office.fields))
        )
        thing.traits.setdefault("title", title)
        thing.proper = bool(owner)
        if owner:
            thing.traits["state"] = owner
        self.draft.mention(thing.key, office.span, "name", office.text)
        return thing

    def _guess_owner(self, office: Office) -> str:
        """Tell the state of an office where the document has two sides and one is taken."""
        told = office.fields or " " in office.head
        if office.head.split()[-1] not in {"minister", "secretary", "premier", "ambassador"}:
            return ""
        if office.head in self.lex.offices["heads_of_state"] or not told:
            return ""
        pair = self.refer.pair()
        if len(pair) != 2 or len(self.refer.states) > 3:
            return ""
        states = [s for s in pair if self.draft.things[s].cls == "State"]
        if len(states) == 1 and office.head.endswith(("minister", "secretary")):
            return states[0]
        taken = {self.refer.side[p] for p in self.refer.side if self.refer.side[p] in pair}
        free = [s for s in pair if s not in taken]
        return free[0] if len(free) == 1 else ""


def _cased(title: str) -> str:
    """Return a title with capitals, as it stands on a card."""
    words = re.sub(r"\s+", " ", title).split(" ")
    return " ".join(w if w in _SMALL else w[:1].upper() + w[1:] for w in words)


def _with_article(name: str) -> str:
    return f"the {name}" if name in _ARTICLE_STATES else name
