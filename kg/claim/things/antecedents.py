"""Which thing a later mention means: "the pact", "the 2014 treaty", "both accords"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from kg.claim.draft import Thing
from kg.claim.things.naming import content_words
from kg.claim.things.sides import EMPTY, Sides
from kg.spot.chunk import Chunk
from kg.vocab import is_a

_NUMBERS = {
    w: n
    for n, w in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve".split()
    )
} | {"both": 2, "dozen": 12}
_PLAIN = {"agreement", "deal", "pact", "accord", "document", "arrangement", "text", "instrument"}
# Nouns that mean only what was called so: "the loan" is not the treaty that was named before.
_OWN = set(
    """contract loan lease concession letter swap union fund plan committee protocol project
    declaration statement""".split()
)
# Words that bring in another agreement as something to lean on: it stays in the background.
_LEANING = {"under", "unlike", "like", "than", "besides", "alongside", "despite", "since", "from"}
_REPLACING = set(
    """replace supersede update complement follow mirror succeed amend implement extend build base
    rest draw protocol annex amendment addendum supplement""".split()
)


@dataclass(frozen=True)
class Wanted:
    """What a description says of the thing it means."""

    classes: frozenset[str]
    content: frozenset[str] = frozenset()
    polities: tuple[str, ...] = ()
    noun: str = ""
    years: tuple[str, ...] = ()
    new: bool = False
    near: bool = False  # nearness alone decides ("the move")


class Antecedents(Sides):
    """Chooses among the things of a document by words, class, nearness and weight."""

    def latest(
        self, classes: set[str], content: set[str], polities: tuple[str, ...], new: bool = False
    ) -> str | None:
        """Return the thing that a description of these classes and words most likely means."""
        ranked = self.ranked(Wanted(frozenset(classes), frozenset(content), polities, "", (), new))
        return ranked[0] if ranked else None

    def ranked(self, wanted: Wanted) -> list[str]:
        """Return the things that a description may mean, the likeliest first."""
        content = content_words(" ".join(wanted.content), self.lex)
        found = []
        for n, (key, thing) in enumerate(self.draft.things.items()):
            if not self._fits(thing, wanted, content):
                continue
            found.append((self._weight(key, thing, wanted), thing.last, n, key))
        return [row[-1] for row in sorted(found, reverse=True)]

    def _fits(self, thing: Thing, wanted: Wanted, content: set[str]) -> bool:
        if (
            not _may_be(thing.cls, wanted.classes)
            or (thing.last < 0 and not thing.proper)
            or "count" in thing.traits
        ):
            return False
        noun = wanted.noun
        if noun in _OWN and not any(ends_with(n, noun) for n in (thing.label, *thing.names)):
            return False
        words = self._words(thing)
        if content and not content <= words:
            return False
        if wanted.new and content != words & content:
            return False
        if wanted.years and not all(self._of_year(thing, y) for y in wanted.years):
            return False
        sides = set(wanted.polities)
        return not sides or not thing.parties or sides <= set(thing.parties)

    def _words(self, thing: Thing) -> set[str]:
        return content_words(thing.label, self.lex) | {
            w for name in thing.names for w in content_words(name, self.lex)
        }

    def _of_year(self, thing: Thing, year: str) -> bool:
        """Tell whether a year stands in a thing's names or in the sentence that brought it in."""
        if year in thing.label or any(year in name for name in thing.names):
            return True
        first = thing.first
        sentence = next((s for s in self.draft.sentences if first and first in s), None)
        text = self.draft.document.text[sentence.start : sentence.end] if sentence else ""
        return re.search(rf"\b{year}\b", text) is not None

    def _weight(self, key: str, thing: Thing, wanted: Wanted) -> float:
        distance = min(max(self.draft.number - thing.last, 0), 6)
        if wanted.near:
            return float(-distance)
        weight = -1.5 * distance + 0.3 * min(thing.told, 5)
        if self._main(thing):
            weight += 1.5
        if key in self.leaned_on:
            weight -= 2.5
        noun = wanted.noun
        if noun:
            own = any(ends_with(name, noun) for name in (thing.label, *thing.names))
            weight += (1.0 if noun in _PLAIN else 5.0) * own
        return weight + 0.5 * (thing.cls in wanted.classes)

    def _main(self, thing: Thing) -> bool:
        """Tell whether a thing stands in the headline or the first sentence below it."""
        first = thing.first
        return bool(first and any(first in s for s in self.draft.sentences[:2]))

    def leans(self, token: Any) -> bool:
        """Tell whether a sentence only leans on a policy object ("builds on the 1998 accord")."""
        head, leans = token.head, token.head.lower_ in _LEANING
        if token.dep_ == "dobj" or head.lower_ in {"on", "upon", "to"}:
            verb = head if token.dep_ == "dobj" else head.head
            leans = leans or verb.lemma_.lower() in _REPLACING
        return leans

    def note_role(self, token: Any, keys: list[str]) -> None:
        """Note which policy objects stand in the background of a sentence."""
        leans = self.leans(token)
        for key in keys:
            if is_a(self.draft.things[key].cls, "PolicyObject"):
                (self.leaned_on.add if leans else self.leaned_on.discard)(key)

    def _same_again(self, token: Any, cls: str) -> str:
        """ "This is Peru's tenth trade agreement": said of what was just told, no other one."""
        subjects = [c for c in token.head.children if c.dep_ == "nsubj"]
        same = token.dep_ == "attr" and any(c.lower_ in {"it", "this"} for c in subjects)
        last = self.topic_thing if same else None
        return last if last and is_a(self.draft.things[last].cls, cls) else ""

    # --- the headline's agreement ----------------------------------------------------------

    def headline_twin(self, cls: str, states: tuple[str, ...]) -> Thing | None:
        """Return the unnamed agreement of the headline that the next sentences tell in full."""
        if not is_a(cls, "Agreement") or self.draft.number > 2 or self.leaning:
            return None
        twins = [
            thing
            for thing in self.draft.things.values()
            if thing.last in {0, 1}
            and thing.last < self.draft.number
            and not thing.proper
            and "count" not in thing.traits
            and is_a(thing.cls, "Agreement")
            and (is_a(thing.cls, cls) or is_a(cls, thing.cls))
            and self._same_sides(states, thing)
            and self._untold(thing)
        ]
        return twins[0] if len(twins) == 1 else None

    def _untold(self, thing: Thing) -> bool:
        """Tell whether a description waits for its name: in a headline, or no more than a noun."""
        top = self.draft.sentences[0]
        line = self.draft.document.text[top.start : top.end].rstrip()
        headline = thing.first is not None and thing.first in top and line[-1:] not in {".", '"'}
        return headline or " " not in thing.label

    def _same_sides(self, states: tuple[str, ...], thing: Thing) -> bool:
        mine, theirs = set(states), set(thing.parties)
        return not mine or not theirs or mine <= theirs or theirs <= mine

    # --- several at once -------------------------------------------------------------------

    def count(self, token: Any, words: list[str]) -> int:
        """Return how many things a plural speaks of, or 0 where no number is told."""
        before = [w.lower_ for w in token.doc[max(token.i - 6, token.sent.start) : token.i]]
        for word in reversed(before):
            if word in _NUMBERS:
                return _NUMBERS[word]
            if word.isdigit() and len(word) < 3:
                return int(word)
            if word not in words and word not in EMPTY:
                return 0
        return 0

    def several(self, classes: frozenset[str], number: int, noun: str) -> list[str]:
        """Return the last things of a class where the text has named exactly that many."""
        known = self.ranked(Wanted(classes))
        same = [k for k in known if any(ends_with(n, noun) for n in self.draft.things[k].names)]
        for keys in (same, known):
            if len(keys) == number:
                return sorted(keys, key=lambda k: self.draft.things[k].first or self.draft.sentence)
        return []

    def recent(self, cls: str, token: Any) -> list[str]:
        """Return the two or more things of a class that the last sentences brought in."""
        start = self.draft.sentences[max(self.draft.number - 2, 0)].start
        here = self.paragraph.spans[token.i]
        keys = [
            key
            for key, thing in self.draft.things.items()
            if thing.first
            and start <= thing.first.start < here.start
            and is_a(thing.cls, cls)
            and "count" not in thing.traits
            and key not in self.leaned_on
        ]
        for key in keys if len(keys) > 1 else ():
            self.draft.mention(key, here, "description")
        return keys if len(keys) > 1 else []

    def short_name(self, chunk: Chunk) -> str | None:
        """Return the thing whose full name a capitalised head ("the Commission") shortens."""
        noun = chunk.text.lower()
        for key in self.ranked(Wanted(frozenset({"Organization"}), noun=noun)):
            if any(ends_with(n, noun) or _begins_with(n, noun) for n in self._forms(key)):
                return key
        return None

    def _forms(self, key: str) -> tuple[str, ...]:
        thing = self.draft.things[key]
        return thing.label, *thing.names


def ends_with(name: str, noun: str) -> bool:
    """Tell whether a name's last word, or the one before its first link, is a noun."""
    words = re.findall(r"[\w-]+", name.lower())
    stems = {noun, noun.rstrip("s"), noun + "s"}
    return bool(words) and (words[-1] in stems or _before_link(words) in stems)


def _begins_with(name: str, noun: str) -> bool:
    words = re.findall(r"[\w-]+", name.lower())
    return bool(words) and words[0] == noun


def _before_link(words: list[str]) -> str:
    """Return the head of "memorandum of understanding on X", "agreement for Y"."""
    for n, word in enumerate(words[1:], 1):
        if word in {"on", "of", "for", "with", "between", "to", "in", "concerning", "and"}:
            return words[n - 1]
    return words[-1]


@cache
def _may_be(cls: str, wanted: frozenset[str]) -> bool:
    """Tell whether a word for other classes may mean a thing of this one."""
    vague = cls in {"Event", "PolicyObject", "Organization"}
    return any(is_a(cls, c) or (is_a(c, cls) and not vague) for c in wanted)
