"""Capitalised names of agreements, acts, bodies, groups: head noun plus capital sequence.

Two grammars: the head ends the name ("Coastal Waters Act") or begins it ("Working Group on
Ports, Shipping and Customs"). The general recogniser gets half of these wrong.
"""

from __future__ import annotations

import re

from kg.spot.chunk import ACRONYM, Chunk, Tokens
from kg.spot.lexicon import POLITIES, Head, Lexicon
from kg.spot.quoted import quoted_name
from kg.spot.tails import Tails

_LINK_BACK = {"and", "&"}
_HAPPENING = {"Talks", "Negotiation", "Visit", "Meeting", "MediaBriefing", "TradeMission"}
_GRAND = {"summit", "conference", "forum", "congress"}
_LINK_INSIDE = {"of", "for", "on"}
_CALLED = {"Programme", "CooperationProgramme", "Strategy", "IncentiveProgramme"}
_MARK = re.compile(r"[a-z][.)]")  # of an entry of a list
_PHASE = re.compile(r"(?P<all>(?:Phase|Stage) (?P<n>[IVX]+|\d+|One|Two|Three|Four)) of ")
_BODIES = {"PublicBody", "StandardsBody", "InternationalOrganization"}
_STANDING = {"commission", "committee", "council", "authority", "secretariat"}
_NATIONAL = {"national", "federal", "state", "royal", "government", "public", "central"}
_SCALES = {"million", "billion", "trillion", "crore"}  # "US$5 Million Coastal Project"
_OPEN_FIRMS = {"company", "corporation", "bank", "group", "companies"}  # "Bank of Ghana"
_DOTTED = {"ltd.", "inc.", "corp.", "co.", "plc.", "llc.", "bros."}
_PREPOSITIONS = {"on", "in", "at", "by", "with", "from", "to", "as"}
_SHARED = {"joint", "mixed", "bilateral", "binational", "intergovernmental", "interministerial"}
_SHARED |= {"inter", "trilateral", "tripartite", "quadripartite", "bicommunal"}
FUNCTION = set(
    """the a an this that these those in on at by with from to of for and or but as under over after
    before during while when where which who both all some any each its their his her our my your it
    he she they we i also besides separately meanwhile moreover further furthermore additionally
    however earlier later following according since until if although though despite through against
    between among about into than then there here now today yesterday tomorrow new last next first
    second third several many most more other another such no not only so yet still addressing
    speaking talking welcoming noting two three four five six seven eight nine ten eleven twelve
    fifteen twenty dozens signed under pursuant""".split()
)


class NameReader(Tails):
    """Finds names of policy objects and bodies in one paragraph."""

    def __init__(
        self, lexicon: Lexicon, tokens: Tokens, known: dict[int, Chunk], blocked: set[int]
    ) -> None:
        self.lex, self.tokens, self.known, self.blocked = lexicon, tokens, known, blocked
        self.lower = [_plain(w.lower()) for w in tokens.words]
        self.known_at = {j: c for c in known.values() for j in range(c.start, c.end)}

    def all(self) -> list[Chunk]:
        """Return the names of the paragraph; they may overlap known names, which they then hold."""
        found: list[Chunk] = []
        i = 0
        while i < len(self.tokens):
            head = self.head_at(i)
            if head is None:
                i += 1
                continue
            chunk = self._name(i, head)
            if chunk and (not found or chunk.start >= found[-1].end):
                found.append(chunk)
                i = max(chunk.end, i + 1)
            elif chunk and chunk.size > found[-1].size:
                found[-1] = chunk
                i = max(chunk.end, i + 1)
            else:
                i += len(head.words)
        return found

    def head_at(self, i: int) -> Head | None:
        """Return the longest head noun that starts at a token (plural forms count)."""
        for size in range(self.lex.head_sizes.get(self.lower[i], 1), 0, -1):
            words = tuple(self.lower[i : i + size])
            if len(words) < size:
                continue
            for key in (words, (*words[:-1], _singular(words[-1]))):
                if key in self.lex.heads:
                    return self.lex.heads[key][0]
        return None

    def _name(self, i: int, head: Head) -> Chunk | None:
        end = i + len(head.words)
        if quoted := quoted_name(self.tokens, i, end, head, self.blocked):
            return quoted
        if named := self._named_after(i, end, head):
            return named
        if i in self.blocked or self._plans_to(i, end):
            return None
        capital = all(
            self.tokens.cap(j) for j in range(i, end) if self.lower[j] not in {"of", "for", "and"}
        )
        start = self._left(i, capital)
        closes = head.cls == "Company" and head.words[-1] not in _OPEN_FIRMS
        stop = self._right(end, i == start) if capital and not closes else end
        short = stop
        if capital and not closes and (told := self._behind_acronym(stop, i == start)):
            stop = told
        bare = start == i and stop == end
        if (self.tokens.words[i].islower() and start == i) or (
            bare and not self._standalone(i, head, capital)
        ):
            return None
        lower_ok = any(r.described or r.cls == "WorkingGroup" for r in self.lex.heads[head.words])
        if not capital and not (lower_ok and self._worthy(start, i)):
            return None
        cls = self._class(head, start, i)
        if cls is None or (start == i and cls in _HAPPENING and head.words[0] not in _GRAND):
            return None  # "Talks between A and B" opens a sentence and is no name
        if cls == "Company" and tuple(self.lower[start:stop]) in self.lex.topics:
            return None  # "Critical Minerals" in a headline
        if stop > end and self.lower[stop - 1] in {"act", "bill"}:
            cls = "Act"  # "the Compact of Free Movement Amendments Act"
        if capital:
            stop = self._numbered(stop)
        text = self.tokens.slice(start, stop)
        span = self.tokens.span(start, stop)
        if far := stop > short and self.tokens.words[short] == "(":
            text = f"{self.tokens.slice(start, short)} {self.tokens.slice(short + 3, stop)}"
        chunk = Chunk(start, stop, cls, text, span, rank=head.rank)
        if far:
            chunk.aliases += [self.tokens.words[short + 1], self.tokens.slice(start, short)]
        chunk.bodies = self.bodies_inside(start, stop)
        chunk.proxy = (
            self.tokens.words[i + len(head.words) - 1].capitalize()
            if head.words[-1] != "understanding"
            else "Memorandum"
        )
        if head.words[0] in {"mou", "moc", "memorandum"}:
            chunk.proxy = "Memorandum"
        chunk.traits["head"] = " ".join(head.words)
        if bare and (len(head.words) == 1 or head.cls not in _BODIES):
            chunk.traits["bare"] = "yes"
        if part := _PHASE.match(text):
            chunk.traits["phase"] = part["n"].upper()
            chunk.aliases.append(part["all"])
        owner = self._owner(start)
        if owner:
            chunk.traits["owner"] = owner
        return chunk

    def _behind_acronym(self, i: int, initial: bool) -> int:
        """Return the end of a name that goes on behind its acronym: "Memorandum (MoC) on Chips"."""
        words = self.tokens.words[i : i + 3]
        if len(words) < 3 or (words[0], words[2]) != ("(", ")") or not ACRONYM.match(words[1]):
            return 0
        end = self._right(i + 3, initial)
        return end if end > i + 3 else 0

    def _named_after(self, i: int, end: int, head: Head) -> Chunk | None:
        """Return the name in "the programme Nova Escola": two words or more behind a noun."""
        if head.cls not in _CALLED or not self.tokens.words[i].islower() or i == 0:
            return None
        stop = end
        while stop < len(self.tokens) and self.tokens.cap(stop) and not self._taken(stop):
            stop += 1
        if stop < end + 2 or self.lower[i - 1] not in {"the", "its", "their", "this"}:
            return None
        text = self.tokens.slice(end, stop)
        return Chunk(end, stop, head.cls, text, self.tokens.span(end, stop), rank=head.rank)

    def _taken(self, j: int) -> bool:
        office = any(self.lower[j] == words[0] for words in self.lex.office_heads)
        return j in self.blocked or j in self.known_at or office or self.head_at(j) is not None

    def _plans_to(self, i: int, end: int) -> bool:
        """Tell whether a word is a verb: "the Government plans to", "the Ministry deals with"."""
        verb = self.tokens.words[i].islower() and self.lower[end - 1].endswith("s")
        return verb and self.lower[end : end + 1] in (["to"], ["with"]) and i > 0

    def _numbered(self, end: int) -> int:
        """Take in "No. 14" behind a name."""
        words = self.lower
        if end < len(words) and words[end].rstrip(".") in {"no", "nr"}:
            k = end + 1 + (end + 1 < len(words) and words[end + 1] == ".")
            if k < len(words) and words[k][:1].isdigit():
                return k + 1
        return end

    def _standalone(self, i: int, head: Head, capital: bool) -> bool:
        """A head alone is a name where it is long, or a body already told ("the Commission")."""
        if not capital or head.cls not in _BODIES:
            return capital and (head.cls == "MemorandumOfUnderstanding" or "of" in head.words)
        if len(head.words) > 1:
            return True
        before = self.lower[i - 1] if i else ""
        return before in {"the", "'s", "’s"} or (
            before != "" and i not in self.tokens.sentence_starts
        )

    def _worthy(self, start: int, i: int) -> bool:
        """A lower-case head needs a capitalised word that is more than the name of a polity."""
        return any(
            self.tokens.cap(j)
            and j not in self.known_at
            and self.lower[j] not in FUNCTION
            and (_singular(self.lower[j]),) not in self.lex.heads
            for j in range(start, i)
        )

    def _class(self, head: Head, start: int, i: int) -> str | None:
        if head.cls == "NationalMission" and start == i:
            return None
        if head.words[-1] in _STANDING and self._between_states(start, i):
            return "CooperationMechanism"
        if head.words[-1] == "institute" and any(w in _NATIONAL for w in self.lower[start:i]):
            return "PublicBody"
        if head.words[-1] == "group" and self._between_states(start, i):
            return "WorkingGroup"
        rows = self.lex.heads[head.words]
        for row in rows:
            if row.named:
                return row.cls
        return None

    def _between_states(self, start: int, i: int) -> bool:
        """Tell whether a name shows that two sides share the body ("Joint", "Dutch-German")."""
        shared = any(w in _SHARED for w in self.lower[start:i])
        states = {
            c.known.id
            for j in range(start, i)
            if (c := self.known_at.get(j)) and c.known and c.known.type in POLITIES
        }
        return shared or len(states) > 1

    def _left(self, i: int, capital: bool) -> int:
        start = j = i
        listed = False
        while j > 0:
            k = j - 1
            word = self.tokens.words[k]
            if k in self.blocked or (
                word.lower() in {"the", "a", "an"}
                and not (k > 0 and self.lower[k - 1] in {"of", "for"} and capital)
            ):
                break
            if self._no_part(k):
                break
            if self.tokens.cap(k) and not self._opens_sentence(k):
                chunk = self.known_at.get(k)
                # "A, B and Kenya Space Agency": a polity inside a list opens the name.
                inside = self.lower[k + 1] in {",", "and", "&"}
                if chunk and chunk.known and chunk.known.type in POLITIES and listed and inside:
                    break
                start = j = k
                if chunk:
                    start = j = chunk.start
            elif (
                word in {"-", "–", "/", "'", "’"}
                and self.tokens.glued(k)
                and k > 0
                and self.tokens.cap(k - 1)
                and k - 1 not in self.known_at
            ) or (
                word in {"-", "–", "/"}
                and self.tokens.glued(k)
                and k > 0
                and self.tokens.cap(k - 1)
            ):
                j = k
            elif word.lower() in _LINK_BACK and k > 0 and self._joins(k):
                j, listed = k, True
            elif (
                (word == "," and listed and k > 0 and self._lists(k))
                or (word.lower() in _LINK_INSIDE and k > 0 and capital and self._inner(k))
                or (
                    word.lower() in {"the"}
                    and k > 1
                    and self.lower[k - 1] in {"of", "for"}
                    and capital
                    and self._inner(k - 1)
                )
            ):
                j = k
            else:
                break
        return start

    def _no_part(self, k: int) -> bool:
        """Tell whether a word is no part of a name: "B. Projects", "Chad Inks Ports Pact"."""
        low, after = self.lower[k], self.lower[k + 1 : k + 2]
        if low in _SCALES or _MARK.fullmatch(low + "".join(after)[:1] if len(low) == 1 else low):
            return True
        if low in _PREPOSITIONS and self.tokens.cap(k):
            return True  # "Advance Work On Critical Minerals"
        verb = low in self.lex.words["headline_verbs"]
        return verb and (k == 0 or k - 1 in self.known_at or not self.tokens.cap(k - 1))

    def _joins(self, k: int) -> bool:
        left = k - 1
        return (
            self.tokens.cap(left)
            and left not in self.blocked
            and left not in self.known_at
            and not self._opens_sentence(left)
            and self.tokens.cap(k + 1)
            and k + 1 not in self.known_at
        )

    def _lists(self, k: int) -> bool:
        left = k - 1
        return (
            self.tokens.cap(left)
            and left not in self.known_at
            and left not in self.blocked
            and not self._opens_sentence(left)
        )

    def _inner(self, k: int) -> bool:
        left = k - 1
        if (
            not self.tokens.cap(left)
            or left in self.blocked
            or left in self.known_at
            or self._opens_sentence(left)
        ):
            return False
        crowd = _singular(self.lower[left])
        if crowd in self.lex.words["voices"] or crowd in self.lex.words["crowds"]:
            return False  # "Representatives of the Justice Movement"
        # "Ministry of Trade Agreement" is two names; a head before the link belongs to the other.
        return (_singular(self.lower[left]),) not in self.lex.heads and (
            self.lower[left],
        ) not in self.lex.office_heads

    def _opens_sentence(self, k: int) -> bool:
        return k in self.tokens.sentence_starts and self.lower[k] in FUNCTION

    def _owner(self, start: int) -> str:
        """Return the IRI tail of the state in "Chile's Lithium Strategy"."""
        if start >= 2 and self.tokens.words[start - 1] in {"'s", "’s", "'", "’"}:
            chunk = self.known_at.get(start - 2)
            if chunk and chunk.known and chunk.known.type in POLITIES:
                return chunk.known.id
        return ""


def _plain(word: str) -> str:
    """Return "ltd" for "ltd."."""
    return word[:-1] if word in _DOTTED else word


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word
