"""Whose a title is: polities and bodies before and behind it, known by name or by their ends."""

from __future__ import annotations

from kg.spot.chunk import Chunk, Tokens
from kg.spot.heads import by_first_word
from kg.spot.lexicon import POLITIES, Known, Lexicon
from kg.spot.runs import field_words

_ORGANS = {"PublicBody", "Company", "Organization", "University", "InternationalOrganization"}
_OWNERS = POLITIES | _ORGANS | {"StandardsBody", "NewsOrganization"}
KINDS = set(
    """breakaway autonomous neighbouring neighboring region republic state province kingdom island
    nation country territory of the""".split()
)
_STATE_NOUNS = {"country", "nation", "state", "kingdom", "republic", "sultanate", "island"}
_OPENING = {"ministry", "department", "cabinet", "council", "office", "bank", "board", "chamber"}
_OPENING |= {"university", "house", "directorate", "bureau", "college", "institute", "union"}
_ORGANS_OF_STATE = set(
    """ministry department parliament senate assembly cabinet government treasury""".split()
)


class Owners:
    """Reads owners in a paragraph, given the chunks of known names at each token."""

    bodies: list[tuple[int, int]]  # tokens of the unlisted bodies of the title at hand

    def __init__(self, lexicon: Lexicon, tokens: Tokens, known: dict[int, Chunk]) -> None:
        self.lex, self.tokens, self.known = lexicon, tokens, known
        self.lower = [w.lower() for w in tokens.words]
        self.ends = {c.end: c for c in known.values() if c.known}
        self.heads = by_first_word(lexicon.office_heads)
        self.domains = lexicon.offices["domains"] - {"and"}
        self.times = frozenset().union(*(lexicon.offices[k] for k in ("former", "acting", "time")))
        people = [
            (s, e)
            for s, e, label in tokens.entities
            if label == "PERSON" and not field_words(tokens.words[s:e], lexicon)
        ]
        self.person_tokens = {j for s, e in people for j in range(s, e)}
        self.person_starts = {s for s, _ in people}
        self._known_heads: dict[int, tuple[int, str] | None] = {}

    def _head(self, i: int) -> tuple[int, str] | None:
        """Return end and words of the head of a title that starts at a token."""
        raise NotImplementedError

    def _host(self, i: int) -> int:
        """Return the end of the state, town or body to which an envoy is sent, or 0."""
        chunk = self.known.get(i)
        if chunk is not None and chunk.cls != "Demonym":
            return chunk.end
        return self._body_end(i)

    def _state_noun(self, i: int) -> int:
        """Return the end of "(Asian) country" from token `i`, or 0: the text tells which."""
        j = i + (i < len(self.tokens) and self.tokens.cap(i) and i not in self.known)
        named = self.lower[j + 1 : j + 2] == ["of"] or j in self.known
        return 0 if named or self.lower[j : j + 1] == [] or not self._is_state(j) else j + 1

    def _is_state(self, j: int) -> bool:
        return self.lower[j] in _STATE_NOUNS and not self.tokens.cap(j)

    def _state_of_body(self, i: int, end: int) -> Known | None:
        """Return the state of "the Ministry of Health of Peru" in a title; firms have none."""
        if not _ORGANS_OF_STATE & set(self.lower[i:end]):
            return None
        states = {
            c.known.id: c.known
            for j in range(i, end)
            if (c := self.known.get(j)) and c.known and c.known.type in POLITIES
        }
        return next(iter(states.values())) if len(states) == 1 else None

    def _past_kind(self, i: int) -> int:
        """Skip "breakaway region of" before the name of a polity."""
        j = i
        while j < len(self.tokens) and j - i < 5 and self.lower[j] in KINDS:
            j += 1
        return j if j > i and self._owner(j)[0] else i

    def _of_firm(self, k: int) -> bool:
        return self.tokens.words[k - 1] in {"'s", "’s"} and self.tokens.cap(k)

    def _run(self, i: int) -> int:
        while i < len(self.tokens) and self.tokens.cap(i):
            i += 1
        return i

    def _body_end(self, i: int) -> int:
        """Return the end of a capitalised run that ends like a body's name, or 0."""
        j = i
        while j < len(self.tokens) and j - i < 12 and j not in self.person_starts:
            link = j > i and self.lower[j] in {"of", "for", "on", "and", "&", "'", "’"}
            follows = j + 1 < len(self.tokens) and self.tokens.cap(j + 1)
            if not (self.tokens.cap(j) or (link and follows)):
                break
            j += 1
        last = self.lower[j - 1] if j > i else ""
        heads = self.lex.heads.get((last,), ())
        named = any(h.cls in _ORGANS for h in heads) or last in self.lex.endings
        for k in range(i, min(i + 3, j)):
            if self.lower[k] in _OPENING and self.lower[k + 1 : k + 2] in (["of"], ["for"]):
                return j if j > k + 2 else 0  # "the Cabinet of Ministers"
        return j if j - i > 1 and named and last not in self.domains else 0

    def _described(self, i: int) -> int:
        """Return the end of "of the rebel delegation" behind a head, where the phrase closes."""
        if self.lower[i : i + 1] not in (["of"], ["for"]):
            return i
        j = i + 1 + (self.lower[i + 1 : i + 2] in (["the"], ["a"], ["an"], ["its"]))
        end = j
        while end < len(self.tokens) and end - j < 6 and self._plain(end):
            if self.lower[end] in {"and", "said", "who", "which", "to", "has", "had", "is", "was"}:
                break
            end += 1
        closed = end >= len(self.tokens) or self.tokens.words[end] in {",", ".", ";", ")", "and"}
        last = self.tokens.words[end - 1]
        short = last.isupper() and end - j > 1 and self.tokens.words[end - 2].islower()
        return end if end > j and closed and (last.islower() or short) else i

    def _plain(self, i: int) -> bool:
        return self.tokens.words[i].isalpha() or self.tokens.words[i] in {"'s", "’s", "-"}

    def _owner(self, i: int) -> tuple[Known | None, int]:
        chunk = self.known.get(i)
        if chunk and chunk.known and chunk.known.type in _OWNERS:
            j = chunk.end
            if j < len(self.tokens) and self.tokens.words[j] in {"'s", "’s", "'", "’"}:
                j += 1
            return chunk.known, j
        before = self.ends.get(i - 2) if i > 1 and self.tokens.words[i - 2] == "," else None
        if before and self.lower[i - 1] == "whose" and before.known:
            return before.known, i  # "Spain, whose prime minister"
        if i and self.lower[i - 1] == "its" and self._head_near(i):
            return self._subject_state(i), i  # "Belgium wants more; its foreign minister, X, said"
        return None, i

    def _head_near(self, i: int) -> bool:
        return any(self._head(j) for j in range(i, min(i + 4, len(self.tokens))))

    def _subject_state(self, i: int) -> Known | None:
        """Return the first polity of the sentence, else of the sentence before."""
        starts = sorted(s for s in self.tokens.sentence_starts if s <= i)
        for start, stop in zip(
            reversed(starts[-2:]), (i, starts[-1] if starts else i), strict=False
        ):
            for j in range(start, stop):
                chunk = self.known.get(j)
                if chunk and chunk.known and chunk.known.type in POLITIES:
                    return chunk.known
        return None
