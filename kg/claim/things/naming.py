"""Things by name: states, people, bodies and named policy objects of one document."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, lru_cache

from kg.claim.draft import Draft, Thing
from kg.claim.what.content import Content
from kg.spot.chunk import Chunk, Office
from kg.spot.lexicon import POLITIES, Head, Known, Lexicon, load
from kg.spot.pairs import halves
from kg.spot.parse import Paragraph
from kg.vocab import is_a, slugify

_STOP = set("the a an of on in for and & to with between under by as at from its their".split())
_NOUNS = set("agreement pact accord deal arrangement compact".split())
_FAMILIES = ("Agreement", "Legislation", "Programme", "Strategy", "CooperationMechanism", "Event")


class Naming:
    """Gives names the keys of things, made on first sight."""

    def __init__(self, draft: Draft, lexicon: Lexicon) -> None:
        self.draft, self.lex = draft, lexicon
        self.content = Content(lexicon)
        self.paragraph: Paragraph
        self.states: Counter[str] = Counter()
        self.recent_pair: tuple[str, ...] = ()
        self.pair_before: tuple[str, ...] = ()  # the pair of the sentences before this one
        self.pair_from = (0, -1)  # where this sentence names the second of its pair
        self.person: str | None = None  # last person who acted or spoke
        self.speaker: str | None = None  # whose words the text is in
        self.offices: dict[str, str] = {}  # office key → person key
        self.owners: dict[str, str] = {}  # person key|head of an office → key of its polity
        self.side: dict[str, str] = {}  # person key → state key
        self.delegates: dict[str, tuple[str, ...]] = {}  # group of officials → their states
        self.homeland = ""  # the state that the text speaks from
        self.told_homes: dict[str, str] = {}  # the same where only the rest of the text tells it
        self.topic_thing: str | None = None  # last policy object
        self.topic_single: str | None = None  # the last one that is no group of several
        self.actor: tuple[str, int] = ("", -9)  # the polity that acted last, and in which sentence
        self.at_start: str | None = None  # what it was when the sentence began
        self.same: dict[str, str] = {}  # key of a listed thing → key it was first described by
        self.leaning = False  # whether the name at hand is something that a sentence leans on
        self.leaned_on: set[str] = set()  # policy objects last mentioned as something to build on
        self.headed: dict[tuple[int, int], Head | None] = {}  # place of a noun → head it ends
        self.taken: dict[tuple[int, int], tuple[str, ...]] = {}  # place of a noun → its things

    def polity(self, known: Known) -> str:
        """Return the key of a state, bloc, body or subnational state of the authority file."""
        prefix = (
            "state" if known.type == "State" else "polity" if known.type in POLITIES else "known"
        )
        key = f"{prefix}:{known.id if prefix != 'known' else slugify(known.id)}"
        key = self.same.get(key, key)
        thing = self.draft.thing(key, known.type, known.name, authority=known.id, **known.traits)
        thing.proper = True
        return key

    def by_id(self, ident: str) -> str | None:
        """Return the key of the polity with that code of the authority file."""
        known = self.lex.by_id.get(ident)
        return self.polity(known) if known else None

    def chunk(self, chunk: Chunk) -> list[str]:
        """Return what a chunk stands for; persons come with their office noted."""
        if chunk.cls == "Pair":
            return [k for k in map(self.by_id, chunk.traits["pair"].split()) if k]
        if chunk.cls == "Person":
            return [self._person(chunk)]
        if chunk.cls == "Office" and chunk.office:
            holder = self.holder(chunk.office)
            return [holder] if holder else []
        if chunk.cls in {"Date", "Place", "Demonym", "Dropped", "Region"}:
            return []
        if chunk.cls == "Seat":
            return [self.polity(chunk.known)] if chunk.known else []
        if chunk.known:
            self._as_described(chunk.known)
            return [self.polity(chunk.known)]
        return [self.named(chunk)]

    def _as_described(self, known: Known) -> None:
        """A listed agreement may be the one that the headline describes without its name."""
        key = f"known:{slugify(known.id)}"
        if key in self.draft.things or key in self.same or not is_a(known.type, "Agreement"):
            return
        if twin := self.headline_twin(known.type, ()):
            self.same[key] = twin.key
            twin.proper, twin.label, twin.cls = True, known.name, known.type

    def _person(self, chunk: Chunk) -> str:
        full = chunk.traits.get("full", chunk.text)
        key = f"person:{slugify(full)}"
        thing = self.draft.thing(key, "Person", full)
        thing.proper = True
        return key

    def named(self, chunk: Chunk) -> str:
        """Return the thing that a capitalised name stands for, made on first sight."""
        label = chunk.traits.get("expansion") or chunk.text
        if chunk.traits.get("bare"):
            return self._described_name(chunk)
        states = self.states_in(chunk.text)
        words = content_words(label, self.lex)
        for key, thing in self.draft.things.items():
            if (
                thing.proper
                and _same_family(thing.cls, chunk.cls)
                and not self._of_another(thing, chunk)
                and (
                    label in thing.names
                    or chunk.text in thing.names
                    or (
                        words
                        and words == content_words(thing.label, self.lex)
                        and _compatible(states, thing)
                    )
                )
            ):
                return self._note(key, chunk, label)
        for key, thing in self.draft.things.items():
            same = words and words == content_words(thing.label, self.lex)
            if not thing.proper and thing.cls == chunk.cls and same and _compatible(states, thing):
                thing.proper, thing.label = True, label
                for state in states:
                    thing.parties.setdefault(state)
                return self._note(key, chunk, label)
        for key, thing in self.draft.things.items():
            long_words = content_words(thing.label, self.lex)
            if (
                thing.proper
                and thing.cls == chunk.cls
                and len(words) > 1
                and words < long_words
                and _compatible(states, thing)
                and _head(label) in long_words
            ):
                return self._note(key, chunk, label)
        if other := self._by_another_noun(chunk, words, states):
            return self._note(other, chunk, label)
        if twin := self.headline_twin(chunk.cls, states):
            twin.proper, twin.label = True, label
            if is_a(chunk.cls, twin.cls):
                twin.cls = chunk.cls
            return self._note(twin.key, chunk, label)
        kind = slugify(chunk.cls)
        thing = self.draft.new(kind, chunk.cls, label)
        thing.proper = True
        for state in states:
            thing.parties.setdefault(state)
        if chunk.traits.get("owner") and (owner := self.by_id(chunk.traits["owner"])):
            thing.traits["owner"] = owner
        return self._note(thing.key, chunk, label)

    def _by_another_noun(
        self, chunk: Chunk, words: set[str], states: tuple[str, ...]
    ) -> str | None:
        """Return the agreement that "the Nakamal pact" means after "the Nakamal Agreement"."""
        own = words - _NOUNS
        if not own or words == own or not is_a(chunk.cls, "Agreement"):
            return None
        found = []
        for key, thing in self.draft.things.items():
            theirs = content_words(thing.label, self.lex) if thing.proper else set()
            same = bool(theirs & _NOUNS) and own <= theirs - _NOUNS and thing.cls == chunk.cls
            if same and _compatible(states, thing):
                found.append(key)
        return found[0] if len(found) == 1 else None

    def _of_another(self, thing: Thing, chunk: Chunk) -> bool:
        """ "Ghana's Ministry of Finance" is not Peru's."""
        mine, theirs = chunk.traits.get("owner", ""), thing.traits.get("owner", "")
        return bool(mine and theirs) and self.by_id(mine) != theirs

    def _note(self, key: str, chunk: Chunk, label: str) -> str:
        thing = self.draft.things[key]
        for name in (chunk.text, label, *chunk.aliases):
            thing.names[name] = thing.names.get(name, 0) + 1
        if "phase" in chunk.traits:
            thing.traits.setdefault("phase", chunk.traits["phase"])
        return key

    def _described_name(self, chunk: Chunk) -> str:
        if is_a(chunk.cls, "Organization"):
            return self._short_body(chunk)
        found = self.latest({"MemorandumOfUnderstanding", "Agreement"}, set(), ())
        if found and is_a("MemorandumOfUnderstanding", self.draft.things[found].cls):
            self.draft.refine(self.draft.things[found], "MemorandumOfUnderstanding")
            return self._note(found, chunk, chunk.text)
        if found and self.draft.things[found].cls == "MemorandumOfUnderstanding":
            return self._note(found, chunk, chunk.text)
        thing = self.draft.new("agreement", chunk.cls, chunk.text)
        return self._note(thing.key, chunk, chunk.text)

    def _short_body(self, chunk: Chunk) -> str:
        """ "the Commission": a body named before, one of the bloc at hand, or one of its own."""
        if found := self.short_name(chunk):
            return self._note(found, chunk, chunk.text)
        noun = chunk.text.lower()
        for known in self.lex.names.values():
            bloc = known.traits.get("of", "")
            if bloc and f"polity:{bloc}" in self.states and known.name.lower().endswith(noun):
                return self._note(self.polity(known), chunk, chunk.text)
        owner = chunk.traits.get("owner", "")
        key = f"body:{slugify(owner + ' ' + chunk.text)}"
        thing = self.draft.thing(key, chunk.cls, chunk.text)
        thing.proper = noun in self.lex.words["chambers"]
        if owner and (state := self.by_id(owner)):
            thing.traits["owner"] = state
        return self._note(key, chunk, chunk.text)

    def states_in(self, text: str) -> tuple[str, ...]:
        """Return the keys of the states whose names or adjectives stand in a name."""
        found = [self.polity(known) for known in halves(text, self.lex)]
        for name in re.findall(r"[A-Z][\w.]*(?:\s[A-Z][\w.]*)?", text):
            for word in (name, *name.split()):
                known = self.lex.state(word)
                if known and known.type == "State":
                    key = self.polity(known)
                    if key not in found:
                        found.append(key)
                    break
        return tuple(found)

    def holder(self, office: Office) -> str | None:
        """Return the person of this document who holds an office that is named alone."""
        head, fields = office.head, set(office.fields)
        matches = []
        for key, person in self.offices.items():
            o_head, o_fields, o_owner = key.split("|")
            same_head = o_head == head or o_head.endswith(head) or head.endswith(o_head)
            owner = office.owner.id if office.owner else ""
            if (
                same_head
                and fields <= set(o_fields.split())
                and (not owner or not o_owner or owner == o_owner)
            ):
                matches.append(person)
        unique = list(dict.fromkeys(matches))
        return unique[0] if len(unique) == 1 else None

    def latest(
        self, classes: set[str], content: set[str], polities: tuple[str, ...], new: bool = False
    ) -> str | None:
        """Return the last thing that a description of these classes and words may mean."""
        raise NotImplementedError

    def short_name(self, chunk: Chunk) -> str | None:
        """Return the thing whose full name a capitalised head ("the Commission") shortens."""
        raise NotImplementedError

    def headline_twin(self, cls: str, states: tuple[str, ...]) -> Thing | None:
        """Return the unnamed agreement of the headline that the next sentences tell in full."""
        raise NotImplementedError


def content_words(label: str, lexicon: Lexicon) -> set[str]:
    """Return the words that tell a thing from others, in lower case and the singular."""
    return set(_content(label) if lexicon is load() else _apart(label, lexicon))


@lru_cache(20_000)
def _content(label: str) -> frozenset[str]:
    return frozenset(_apart(label, load()))


def _apart(label: str, lexicon: Lexicon) -> set[str]:
    words = set()
    for word in lexicon.words_apart(label):
        low = word.lower()
        if low not in _STOP:
            words.add(
                low[:-1] if low.endswith("s") and len(low) > 4 and not low.endswith("ss") else low
            )
    return words


def _head(label: str) -> str:
    words = re.findall(r"\w+", label.lower())
    return words[-1].rstrip("s") if words else ""


def _compatible(states: tuple[str, ...], thing: Thing) -> bool:
    return (
        not states
        or not thing.parties
        or set(states) <= set(thing.parties)
        or set(thing.parties) <= set(states)
    )


@cache
def _same_family(a: str, b: str) -> bool:
    if a == b or is_a(a, b) or is_a(b, a):
        return True
    return any(is_a(a, f) and is_a(b, f) for f in _FAMILIES if f != "Event")
