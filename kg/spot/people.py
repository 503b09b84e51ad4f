"""Names of people, with the titles that stand before or behind them."""

from __future__ import annotations

import re
from collections import defaultdict

from kg.spot.chunk import ACRONYM, Chunk, Office, Tokens
from kg.spot.classes import class_before, class_behind
from kg.spot.holders import Holders
from kg.spot.lexicon import POLITIES, Lexicon
from kg.spot.offices import OfficeReader
from kg.spot.runs import field_words, particle, person_end
from kg.spot.titled import BEFORE_TITLE, Titled

_MIXED = re.compile(r"^(?:Mc|Mac|De|Di|Da|La|Le|Van|O)[A-Z][a-z]+$")
_DEGREE = re.compile(r"^(?:[A-Z]\.){2,}$|^(?:MP|MEP|TD|QC|KC|MSP)$")
_MISTERS = {"Mr", "Mrs", "Ms", "Dr", "Prof", "Professor", "Sheikh", "Shri", "Sir", "Dame"}
_SMALL = re.compile(r"^(?:[A-Z]|[IVX]+)$")  # an initial, or the number of a monarch
_INITIAL = re.compile(r"^[A-Z][a-z]{0,2}\.[A-Z]\w+")
_SIDE = {"'s", "’s", "'", "’", ".", ",", "-", "–"}


class People(Titled):
    """Finds people in paragraphs; keeps the names seen in the document."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lex = lexicon
        self.title_words = frozenset(w for head in lexicon.office_heads for w in head)
        self.title_lasts = frozenset(head[-1] for head in lexicon.office_heads)
        self.people: dict[str, str] = {}  # surname → full name
        self.parts: dict[str, set[str]] = defaultdict(set)  # any word of a name → full names

    def learn(self, tokens: Tokens, stop: set[int]) -> None:
        """Note the full names of a paragraph; all paragraphs are learnt before one is scanned."""
        found: dict[int, Chunk] = {}
        for start, end in self._full_names(tokens, stop):
            self._add_person(tokens, start, end, stop, found)

    def _full_names(self, tokens: Tokens, stop: set[int]) -> list[tuple[int, int]]:
        """Return runs that the recogniser or a given name shows to be people."""
        runs = []
        for start, end, label in tokens.entities:
            if label == "PERSON":
                start, end = self._widened(tokens, start, end, stop)
                place = end < len(tokens) and tokens.words[end].lower() in self.lex.endings
                titled = tokens.words[end - 1].lower() in self.lex.words["no_names"]
                if end - start > 1 and not (place or titled):
                    runs.append((start, end))
        taken = {j for s, e in runs for j in range(s, e)}
        i = 0
        while i < len(tokens):
            end = i + 1
            if tokens.words[i] in self.lex.given and i not in taken and i not in stop:
                end = person_end(tokens, i, stop | taken, self.lex)
                if end - i > 1 and self._may_be_person(tokens, i, end):
                    runs.append((i, end))
            i = max(end, i + 1)
        return sorted(runs)

    def _may_be_person(self, tokens: Tokens, start: int, end: int) -> bool:
        """A run that ends like a body's name, or goes on as one, is no person."""
        last = tokens.words[end - 1].lower()
        if last in self.lex.words["no_names"]:
            return False
        follows = tokens.words[end].lower() if end < len(tokens) else ""
        if last in self.lex.endings or (follows in self.lex.endings and tokens.cap(end)):
            return False
        return not any(
            tokens.words[j].isupper() and len(tokens.words[j]) > 2 for j in range(start, end)
        )

    def _widened(self, tokens: Tokens, start: int, end: int, stop: set[int]) -> tuple[int, int]:
        """Take in a given name on the left, and the rest of a family name on the right."""
        # "Datuk X and Trade Minister": the recogniser runs on into the next title.
        end = next((j for j in range(start, end) if tokens.words[j] in {"and", "&"}), end)
        while start > 0 and self._leads(tokens, start - 1, stop):
            start -= 1
        while end < len(tokens) and end - start in {2, 3} and self._ends(tokens, end, stop):
            end += 1
        if end + 1 < len(tokens) and end - start == 2 and self._ends(tokens, end + 1, stop):
            end += 2 * self._inner(tokens, end, stop)  # four names
        if end < len(tokens) and end - start > 1:
            last = tokens.words[end - 1]
            joint = particle(last) or last == "-" or particle(tokens.words[end])
            glued = tokens.words[end] == "-" and tokens.glued(end)
            if joint or (glued and end + 1 < len(tokens) and tokens.glued(end + 1)):
                end = max(end, person_end(tokens, start, stop, self.lex))
        return start, end

    def _ends(self, tokens: Tokens, i: int, stop: set[int]) -> bool:
        """Tell whether a capitalised word behind a person's name is its last word."""
        closed = i + 1 >= len(tokens) or not tokens.cap(i + 1)
        return closed and self._inner(tokens, i, stop)

    def _inner(self, tokens: Tokens, i: int, stop: set[int]) -> bool:
        word, low = tokens.words[i], tokens.words[i].lower()
        return (
            tokens.cap(i)
            and word.isalpha()
            and not word.isupper()
            and i not in stop
            and low not in self.lex.offices["domains"]
            and (low,) not in self.lex.heads
            and low not in self.lex.endings
            and low not in self.title_words
            and low.rstrip("s") not in self.title_words
        )

    def _leads(self, tokens: Tokens, i: int, stop: set[int]) -> bool:
        """Tell whether a capitalised word before a person's name is its first word."""
        word = tokens.words[i]
        if word in self.lex.given and i not in stop:
            return True
        low = word.lower().rstrip(".")
        return (
            tokens.cap(i)
            and word.isalpha()
            and not word.isupper()
            and i not in stop
            and i > 0
            and tokens.words[i - 1].islower()
            and not self._honorific(word)
            and low not in self.lex.offices["domains"]
            and (low,) not in self.lex.heads
            and low not in self.lex.endings
            and low not in self.title_words
            and low.rstrip("s") not in self.title_words
        )

    def _people(
        self, tokens: Tokens, at: dict[int, Chunk], offices: list[Office], blocked: set[int]
    ) -> list[Chunk]:
        reader = OfficeReader(self.lex, tokens, at)
        polities = [c for c in at.values() if c.known and c.known.type in POLITIES]
        stop = blocked | set(at) | {j for c in polities for j in range(c.start, c.end)}
        by_end = {o.end: o for o in offices}
        found: dict[int, Chunk] = {}
        for start, end in self._full_names(tokens, stop):
            self._add_person(tokens, start, end, stop, found)
        for start, end, label in tokens.entities:
            if label == "PERSON" and not _overlap(found, start, end):
                if "and" in tokens.words[start:end]:
                    continue
                if end < len(tokens) and tokens.words[end].lower() in self.lex.endings:
                    continue
                self._add_person(tokens, start, end, stop, found)
        for title in offices:
            first = self._skip_honorific(tokens, title.end)
            if first < len(tokens) and tokens.cap(first) and first not in found:
                end = person_end(tokens, first, stop, self.lex)
                if end < len(tokens) and (tokens.words[end].lower(),) in self.lex.heads:
                    continue  # "secretary of X's National Security Council"
                lone = end == first + 1 and title.fields and not _INITIAL.match(tokens.words[first])
                if lone and first not in self._recognised(tokens):
                    continue
                inside = [s for s in found if first < s < first + 3 and found[s].end <= end]
                if len(inside) == 1:  # "Chancellor Rubén X Y", of whom only X Y was seen
                    end = found.pop(inside[0]).end
                if end > first and not _overlap(found, first, end):
                    self._add_person(tokens, first, end, stop, found, titled=True)
            self._behind_comma(tokens, title.end, stop, found)
        self._behind_honorifics(tokens, stop, found)
        self._behind_plurals(tokens, reader, stop, found)
        self._before_titles(tokens, offices, stop, found)
        self._known_surnames(tokens, found, stop)
        behind = self._behind_names(tokens, found)
        free = {
            end: office
            for end, office in by_end.items()
            # "X, defence minister Y": what a name follows at once is not the one before
            if office.start not in behind or (end in found and found[end].size > 1)
        }
        people = [
            self._with_title(tokens, chunk, offices, free, at) for _, chunk in sorted(found.items())
        ]
        Holders(self.lex, tokens, people, at).settle(reader)
        return people

    def _behind_honorifics(self, tokens: Tokens, stop: set[int], found: dict[int, Chunk]) -> None:
        """Take "Mr Otieno" and "Sheikh Hasina" for people, whatever the recogniser says."""
        for i, word in enumerate(tokens.words[:-1]):
            if word.rstrip(".") not in _MISTERS and not (
                tokens.cap(i) and word.lower().rstrip(".") in self.lex.offices["styles"]
            ):
                continue
            first = self._skip_honorific(tokens, i)
            end = person_end(tokens, first, stop, self.lex)
            if end > first and not _overlap(found, first, end):
                self._add_person(tokens, first, end, stop, found, titled=True)

    def _behind_plurals(
        self, tokens: Tokens, reader: OfficeReader, stop: set[int], found: dict[int, Chunk]
    ) -> None:
        """Take "Ministers Tembo and Rojas" for people."""
        i = 0
        while i < len(tokens):
            plural = reader.plural(i)
            j = self._past_field(tokens, plural[0]) if plural else 0
            while plural and j < len(tokens) and tokens.cap(j) and j not in stop:
                known = next((c for c in found.values() if c.start <= j < c.end), None)
                end = known.end if known else person_end(tokens, j, stop, self.lex)
                if end == j or (known is None and end - j > 4):
                    break
                if known is None:
                    self._add_person(tokens, j, end, stop, found, titled=True)
                j = end
                if j + 1 < len(tokens) and tokens.words[j] in {"for", "of"} and j + 1 in stop:
                    j += 1  # "X for Benin and Y for France"
                    while j in stop:
                        j += 1
                end = j
                while j < len(tokens) and tokens.words[j] in {",", "and"}:
                    j += 1
                if j == end:
                    break
            i = plural[0] if plural else i + 1

    def _past_field(self, tokens: Tokens, i: int) -> int:
        """Skip "in charge of culture," behind a plural title."""
        if [w.lower() for w in tokens.words[i : i + 3]] != ["in", "charge", "of"]:
            return i
        j = i + 3
        while j < len(tokens) and j - i < 9 and tokens.words[j].islower():
            j += 1
        return j + (tokens.words[j : j + 1] == [","])

    def _behind_comma(
        self, tokens: Tokens, i: int, stop: set[int], found: dict[int, Chunk]
    ) -> None:
        """Take "its spokeswoman, Given Family, said" for a person."""
        if i + 2 >= len(tokens) or tokens.words[i] != "," or not tokens.cap(i + 1):
            return
        end = person_end(tokens, i + 1, stop, self.lex)
        closed = end < len(tokens) and tokens.words[end] in {",", "for", "of", "and", ".", ";"}
        known = any(w.lower() in self.lex.endings for w in tokens.words[i + 1 : end])
        if end - i - 1 in {2, 3, 4} and closed and not known and not _overlap(found, i + 1, end):
            self._add_person(tokens, i + 1, end, stop, found)

    def _recognised(self, tokens: Tokens) -> set[int]:
        seen = {s for s, _, label in tokens.entities if label == "PERSON"}
        return seen | {i for i, w in enumerate(tokens.words) if w in self.people}

    def _before_titles(
        self, tokens: Tokens, offices: list[Office], stop: set[int], found: dict[int, Chunk]
    ) -> None:
        """Take "Given Family, foreign minister of X" for a person, whatever the recogniser says."""
        for office in offices:
            comma = office.start - 1
            while comma > 0 and tokens.words[comma].lower() in BEFORE_TITLE:
                comma -= 1
            if comma < 2 or tokens.words[comma] != ",":
                continue
            first = comma
            while first > 0 and comma - first < 6 and self._name_word(tokens, first - 1, stop):
                first -= 1
            if tokens.words[first].islower() or tokens.words[first] == "-":
                continue
            if (
                comma - first >= 2
                and not _overlap(found, first, comma)
                and first not in tokens.sentence_starts - {first}
                and tokens.words[comma - 1].lower() not in self.lex.endings
            ):
                self._add_person(tokens, first, comma, stop, found)

    def _name_word(self, tokens: Tokens, j: int, stop: set[int]) -> bool:
        word = tokens.words[j]
        inner = particle(word) or (word == "-" and tokens.glued(j))
        return j not in stop and (tokens.cap(j) or inner)

    def _skip_honorific(self, tokens: Tokens, i: int) -> int:
        while i < len(tokens) and self._styled(tokens, i):
            i += 1 + (i + 1 < len(tokens) and tokens.words[i + 1] in {".", "'", "’"})
        return i

    def _add_person(
        self,
        tokens: Tokens,
        start: int,
        end: int,
        stop: set[int],
        found: dict[int, Chunk],
        titled: bool = False,
    ) -> None:
        first = start
        start, end = self._trimmed(tokens, start, end)
        titled = titled or (start > first and self._honorific(tokens.words[start - 1]))
        if start >= end or any(j in stop for j in range(start, end)):
            return
        told = "" if titled else class_before(tokens, start, self.lex)
        told = told or class_behind(tokens, end, self.lex)
        if told and not (titled or tokens.words[start] in self.lex.given):
            return  # "the opposition party Frente Azul"
        words = tokens.words[start:end]
        heads = [w for w in words if (w.lower(),) in self.lex.heads and w not in self.lex.given]
        if field_words(words, self.lex):
            return
        if heads or not all(w[:1].isalpha() or w in {"-", "."} for w in words):
            return
        text = tokens.slice(start, end)
        short = sum(w[:1].isupper() for w in words) == 1
        shouting = [w for w in words if w.isupper() and w.isalpha() and not _SMALL.match(w)]
        if shouting and len(shouting) < len(words):
            return  # "Skoda JS" is a firm
        if any(c.isdigit() for c in text) or (
            short and not titled and not self._lone(tokens, start, end)
        ):
            return
        if len(words) == 1 and start and tokens.words[start - 1] == "Sheikh":
            words, start = ["Sheikh", *words], start - 1  # no name without it
            text = tokens.slice(start, end)
        full = self._full(words, text)
        if full == text and not short:
            self.people.setdefault(words[-1], text)
            if words[0] in self.lex.family_first:
                self.people.setdefault(words[0], text)
            for word in words:
                if word[:1].isupper():
                    self.parts[word].add(text)
        chunk = Chunk(start, end, "Person", text, tokens.span(start, end), proxy=words[-1], rank=8)
        chunk.traits["full"] = full
        if not titled and words[0] not in self.lex.given | self.lex.family_first and not short:
            chunk.traits["weak"] = "yes"  # the recogniser's word alone: it may be a town
        found[start] = chunk

    def _trimmed(self, tokens: Tokens, start: int, end: int) -> tuple[int, int]:
        of = tokens.words[start - 1].lower() in {"of", "for", "and"} if start else False
        while of and end - start > 1 and tokens.words[start].lower() in self.lex.offices["domains"]:
            start += 1  # "Minister of Labour X": the field is no part of the name
        while start < end and (
            self._styled(tokens, start)
            or (tokens.words[start].islower() and not particle(tokens.words[start]))
            or tokens.words[start].lower() in self.title_words
            or tokens.words[start][:-1].lower() in self.title_lasts
        ):
            if start + 1 < end and particle(tokens.words[start + 1]):
                break  # "Sultan bin Ahmed"
            start += 1
        while end > start and (
            tokens.words[end - 1] in _SIDE
            or (tokens.words[end - 1].islower() and tokens.words[end - 2] != "-")
            or (_DEGREE.match(tokens.words[end - 1]) and end - start > 2)
        ):
            end -= 1
        return start, end

    def _full(self, words: list[str], text: str) -> str:
        """Return the full name in this document that a shorter one belongs to."""
        if len(words) == 1:
            options = {self.people[words[0]]} if words[0] in self.people else self.parts[words[0]]
            return next(iter(options)) if len(options) == 1 else text
        longer = self.people.get(words[-1], text)
        inside = longer.split()
        kept = [w for w in words if w in inside]
        if len(kept) == len(words) and len(inside) > len(words):
            return longer
        # "Mohamed Azlan" of "Mohamed Azlan Omar": the father's name or second surname is left out
        begun = {n for n in self.parts[words[0]] if n.startswith(f"{text} ")}
        return begun.pop() if len(begun) == 1 else text

    def _lone(self, tokens: Tokens, start: int, end: int) -> bool:
        """One word alone is a person where the text shows it: a title, speech, a full name."""
        word = tokens.words[end - 1]
        if word in self.people or len(self.parts.get(word, ())) == 1:
            return True
        if (ACRONYM.match(word) and not _MIXED.match(word)) or word.lower() in self.lex.endings:
            return False
        before = tokens.words[start - 1].lower().rstrip(".") if start else ""
        if before == "" and start > 1:
            before = tokens.words[start - 2].lower()
        after = tokens.words[end].lower() if end < len(tokens) else ""
        speech = self.lex.words["speech"]
        return before in self.lex.offices["honorifics"] or before in speech or after in speech

    def _known_surnames(self, tokens: Tokens, found: dict[int, Chunk], stop: set[int]) -> None:
        covered = {j for c in found.values() for j in range(c.start, c.end)}
        for i, word in enumerate(tokens.words):
            if word in self.people and i not in covered and i not in stop:
                first = i
                while first > 0 and particle(tokens.words[first - 1]) and first - 1 not in stop:
                    if tokens.words[first - 1] not in self.people[word].split():
                        break
                    first -= 1
                text, span = tokens.slice(first, i + 1), tokens.span(first, i + 1)
                chunk = Chunk(first, i + 1, "Person", text, span, proxy=word, rank=8)
                chunk.traits["full"] = self.people[word]
                found[first] = chunk


def _overlap(found: dict[int, Chunk], start: int, end: int) -> bool:
    return any(start < c.end and c.start < end for c in found.values())
