"""What a word refers to: names, sides, descriptions and pronouns to things of the document."""

from __future__ import annotations

from typing import Any

from kg.claim.syntax import conjuncts, determiner
from kg.claim.things.groups import Groups
from kg.claim.things.together import NUMBERS
from kg.model import Span
from kg.spot.chunk import Chunk
from kg.vocab import is_a

_LIGHT = {"framework", "umbrella", "aegis", "auspices", "ambit", "terms", "provisions", "banner"}


class Referents(Groups):
    """Resolves head tokens to keys of things, in reading order."""

    # --- words to things ------------------------------------------------------------------

    def all(self, tokens: list[Any]) -> list[tuple[str, Span]]:
        """Resolve head tokens; the result keeps order and drops what cannot be resolved."""
        found: list[tuple[str, Span]] = []
        for token in tokens:
            for key in self.one(token):
                if key not in [k for k, _ in found]:
                    found.append((key, self.paragraph.spans[token.i]))
        return found

    def one(self, token: Any) -> list[str]:
        """Return the keys of the things that a noun, name or pronoun refers to.

        A noun keeps what it was first taken for, whatever is named behind it.
        """
        at = (self.paragraph.offset, token.i)
        if at in self.taken:
            return list(self.taken[at])
        keys = self._read(token)
        if (
            keys
            and token.pos_ in {"NOUN", "PROPN", "PRON"}
            and self.paragraph.chunks[token.i] is None
        ):
            self.taken[at] = tuple(keys)
        return keys

    def _read(self, token: Any) -> list[str]:
        chunk = self.paragraph.chunks[token.i]
        if chunk is not None and not (
            chunk.cls in {"Demonym", "Pair", "Place"} and token.dep_ in {"compound", "amod"}
        ):
            if chunk.cls == "Demonym" and chunk.known and token.pos_ in {"NOUN", "PROPN", "ADJ"}:
                return self.natives(token) or self.elliptic(token) or [self.polity(chunk.known)]
            if chunk.cls == "Seat" and not self.acts(token):
                return []
            keys = self.chunk(chunk)
            if chunk.cls == "Office":  # "the president of Peru, Ana Ruiz"
                keys = self.named_behind(token) or keys
            if not keys and chunk.cls == "Office":
                return self.group(token)
            self._refer(keys, token, chunk)
            self.note_role(token, keys)
            return keys
        if token.is_upper and len(token.text) > 2 and (key := self._acronym(token.text)):
            self.draft.mention(key, self.paragraph.spans[token.i], "short", token.text)
            return [key]
        if found := self.elliptical(token):
            return found
        if token.pos_ == "PRON" or (
            token.lower_ in {"both", "two", "sides", "neither"}
            and token.dep_ in {"nsubj", "nsubjpass"}
        ):
            return self._pronoun(token)
        if token.tag_ == "CD" and token.dep_ == "nsubj" and determiner(token) == "the":
            many = NUMBERS.get(token.lower_, 0)  # "the three signed": those told together before
            return list(self.together(many, "country")) if many > 2 else []
        if token.pos_ not in {"NOUN", "PROPN", "ADJ", "NUM", "VERB", "X"}:
            return []
        if token.tag_ == "NN" and (named := self.named_behind(token)[:1]):
            return named  # "the host, Prime Minister Ana Ruiz"
        if token.lower_ in _LIGHT and (keys := self._through_of(token)):
            return keys
        for reading in (
            self._side,
            self._pair,
            self._description,
            self.body,
            self.group,
            self.natives,
        ):
            keys = reading(token)
            if keys:
                return keys
        return self._through_of(token)

    def _subject_above(self, token: Any) -> str:
        """Return the person who acts in a clause around: "A said he would travel"."""
        for verb in token.ancestors:
            for subject in verb.children if verb.pos_ in {"VERB", "AUX"} else ():
                chunk = self.paragraph.chunks[subject.i]
                named = chunk is not None and chunk.cls == "Person" and subject.i < token.i
                if named and subject.dep_ in {"nsubj", "nsubjpass"} and chunk is not None:
                    return self.chunk(chunk)[0]
        return ""

    def named_behind(self, token: Any) -> list[str]:
        """Return the people whose names stand in apposition to a noun for people."""
        for child in token.subtree:
            close = child.head.i == token.i or child.head.head.head.i == token.i
            chunk = self.paragraph.chunks[child.i] if child.dep_ == "appos" and close else None
            if chunk is not None and chunk.cls == "Person":
                named = [self.paragraph.chunks[t.i] for t in conjuncts(child)]
                return [k for c in named if c and c.cls == "Person" for k in self.chunk(c)]
        return []

    def _acronym(self, word: str) -> str | None:
        return next((k for k, t in self.draft.things.items() if word in t.names), None)

    def acts(self, token: Any) -> bool:
        """A capital stands for its state only where it acts: as subject or partner."""
        first = token
        while first.dep_ == "conj":
            first = first.head
        if first.dep_ in {"nsubj", "agent", "poss"}:
            return True
        return first.dep_ == "pobj" and first.head.lower_ in {"between", "with"}

    def _refer(self, keys: list[str], token: Any, chunk: Chunk) -> None:
        form = "short" if chunk.cls == "Person" and " " not in chunk.text else "name"
        for key in keys:
            self.draft.mention(
                key, chunk.span, form, chunk.text if chunk.cls not in {"Office", "Pair"} else ""
            )

    def _through_of(self, token: Any) -> list[str]:
        """ "the framework of the Dialogue", "the launch of X": look behind the light noun."""
        if token.lower_ not in {
            "framework",
            "umbrella",
            "aegis",
            "auspices",
            "ambit",
            "terms",
            "part",
            "provisions",
            "text",
            "banner",
            "members",
            "majority",
            "group",
            "number",
            "total",
            "raft",
            "series",
            "year",
            "years",
            "month",
            "months",
            "weeks",
            "week",
            "day",
            "days",
            "hour",
            "hours",
            "round",
            "rounds",
        }:
            return []
        if token.lower_ == "part" and token.head.lemma_ in {"form", "be", "make", "constitute"}:
            return []
        for prep in token.children:
            if prep.dep_ == "prep" and prep.lower_ == "of":
                for obj in prep.children:
                    if obj.dep_ == "pobj":
                        return self.one(obj)
        return []

    def _pronoun(self, token: Any) -> list[str]:
        word = token.lower_
        if word in {"he", "she"}:
            person = self._subject_above(token) or self.person
            return [person] if person else []
        if word in {"i", "me"}:
            return [self.speaker] if self.speaker else []
        if word in {"we", "us"}:
            side = self.side.get(self.speaker or "")
            return [side] if side else []
        if word == "they" and self.plural:
            return list(self.plural)
        if word in {"they", "both", "two", "sides", "neither"}:
            return list(self.pair())
        if word in {"it", "this", "that"}:
            return self._it(token) if word == "it" else []
        return []

    def _it(self, token: Any) -> list[str]:
        """Return what "it" means: the subject that follows, or the one thing spoken of last."""
        verb = token.head
        if verb.dep_ == "advcl" and verb.i < verb.head.i:  # "before it can enter into force, X"
            for ahead in verb.head.children:
                if ahead.dep_ in {"nsubj", "nsubjpass"} and ahead.i > verb.i:
                    keys = [] if ahead.pos_ == "PRON" else self.one(ahead)
                    if len(keys) == 1 and is_a(self.draft.things[keys[0]].cls, "PolicyObject"):
                        return keys
        key = self._told_before(token)
        if key and "count" in self.draft.things[key].traits:
            key = self.topic_single  # several are no "it"
        if not key:
            return []
        thing = self.draft.things[key]
        thing.last = max(thing.last, self.draft.number)
        return [key]

    def _told_before(self, token: Any) -> str | None:
        """Return what "it" means: a policy object told before it, else what was talked of last.

        What the sentence brings in behind the pronoun is not meant.
        """
        at, start = self.paragraph.spans, self.draft.sentence.start
        end = at[token.i].start
        for word in token.sent:
            if word.i < token.i and _acts(word) and word.pos_ != "PRON" and self.head(word):
                self.one(word)
        told = {}
        last = self.topic_thing
        for mention in reversed(self.draft.mentions):
            if mention.span.end < start:
                break
            cls = self.draft.things[mention.entity].cls
            before = start <= mention.span.start and mention.span.end <= end
            if before and mention.entity == last and is_a(cls, "Event"):
                return last  # a meeting that was just said to take place
            if before and _meant(cls):
                told[mention.span.end] = mention.entity
        if not told:
            return self.at_start or self.topic_thing
        acting = [e for e in told if any(at[t.i].end == e and _acts(t) for t in token.sent)]
        return told[max(acting or told)]

    def adjective(self, chunk: Chunk) -> None:
        """Note that an adjective or word for people names a state ("Italian firms")."""
        if chunk.known and chunk.known.type == "State":
            state = self.polity(chunk.known)
            self.draft.things[state].traits.setdefault("adjective", chunk.text)
            self.draft.mention(state, chunk.span, "short")

    # --- what no frame asked for -------------------------------------------------------------

    def sweep(self, token: Any) -> None:
        """Note a thing that a noun names or means, though no frame asked for it."""
        topic = self.topic_thing
        chunk = self.paragraph.chunks[token.i]
        if chunk is not None and chunk.cls == "Demonym":
            self.natives(token)
        known = (self.paragraph.offset, token.i) in self.taken
        if chunk is None and token.pos_ in {"NOUN", "PROPN"}:
            head = self.head(token)
            compound = token.dep_ == "compound" and token.head.lower_ != "deals"
            if head is not None and not is_a(head.cls, "Event") and not compound:
                if not known:
                    self._description(token, create=False)
            elif head is None and not compound and not self._generic(token):
                self._people(token)
        self.topic_thing = topic

    def _people(self, token: Any) -> None:
        """Note unnamed people, those also whose noun acts for their states ("the envoys of A")."""
        if self.body(token):
            return
        for key in self.office_crowd(token) or self.group(token) or self.natives(token):
            self.draft.things[key].listed |= self.stands_out(token)
            if token.tag_ == "NN" and token.dep_ == "nsubj" and key in self.draft.things:
                self.person = key  # "she said": a person without a name


def _meant(cls: str) -> bool:
    return is_a(cls, "PolicyObject") and not is_a(cls, "Negotiation")


def _acts(token: Any) -> bool:
    return token.dep_ in {"nsubj", "nsubjpass"}
