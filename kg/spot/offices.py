"""Titles of public offices, and the people who stand beside them."""

from __future__ import annotations

from functools import cache

from kg.spot.chunk import Chunk, Office, Tokens
from kg.spot.lexicon import POLITIES, Known, Lexicon

_ORGANS = {"PublicBody", "Company", "Organization", "University", "InternationalOrganization"}
_KINDS = set(
    """breakaway autonomous neighbouring neighboring region republic state province kingdom island
    nation country territory of the""".split()
)
_ATTRIBUTES = set(
    """international foreign economic natural national internal european social public
    environmental digital regional home external climate human veterans rural""".split()
)
_LOOSE = {"chair", "speaker", "director", "president", "head", "chief", "general secretary"}
_JOIN = {"and", "&", ",", "the", "for"}


class OfficeReader:
    """Reads titles in a paragraph, given the chunks of known names at each token."""

    def __init__(self, lexicon: Lexicon, tokens: Tokens, known: dict[int, Chunk]) -> None:
        self.lex, self.tokens, self.known = lexicon, tokens, known
        self.lower = [w.lower() for w in tokens.words]
        self.ends = {c.end: c for c in known.values() if c.known}
        self.heads = _by_first_word(lexicon.office_heads)
        self.domains = lexicon.offices["domains"] - {"and"}
        self.person_tokens = {
            j for s, e, label in tokens.entities if label == "PERSON" for j in range(s, e)
        }
        self.person_starts = {s for s, _, label in tokens.entities if label == "PERSON"}

    def all(self) -> list[Office]:
        """Return the titles of the paragraph, longest at each place, none overlapping."""
        found: list[Office] = []
        i = 0
        while i < len(self.tokens):
            office = self._at(i)
            if office:
                self._joined(office)
                found.append(office)
                i = office.end
            else:
                i += 1
        return found

    def _joined(self, office: Office) -> None:
        """Take in the second of "deputy prime minister and economy minister of X"."""
        end = office.end
        if self.lower[end : end + 1] != ["and"] or self._person_at(end):
            return
        other = self._at(end + 1)
        if other is None or not (other.fields or len(other.head.split()) > 1):
            return
        office.owner = office.owner or other.owner
        other.owner = other.owner or office.owner
        office.explicit_owner = office.explicit_owner or other.explicit_owner
        office.also, office.end = (other,), other.end

    def _at(self, i: int) -> Office | None:
        start, former, acting = i, False, False
        while (
            i < len(self.tokens)
            and self.lower[i] in self.lex.offices["former"] | self.lex.offices["acting"]
        ):
            former = former or self.lower[i] in self.lex.offices["former"]
            acting = acting or self.lower[i] in self.lex.offices["acting"]
            i += 1
            if i < len(self.tokens) and self.tokens.words[i] == "-":
                i += 1
        owner, j = self._owner(i)
        k, fields = self._fields_before(j)
        head = self._head(k)
        if head is None:
            return None
        end, name = head
        explicit = owner is not None
        close, after, owner = self._after(end, owner)
        if (
            not fields
            and not after
            and owner is None
            and name
            in {"chair", "speaker", "director", "president", "head", "chief", "general secretary"}
            and not self._person_at(end)
            and (
                name != "president" or (not self.tokens.cap(k) and self.lower[k - 1 : k] != ["the"])
            )
        ):
            return None
        title = self.tokens.slice(j, self._title_end(end, close, owner))
        end = close
        return Office(
            start,
            end,
            name,
            tuple(fields + after),
            owner,
            self.tokens.slice(start, end),
            self.tokens.span(start, end),
            former,
            acting,
            explicit or owner is not None,
            title,
        )

    def _title_end(self, end: int, close: int, owner: Known | None) -> int:
        """Return where a title ends without "of" and the owner behind it."""
        for j in range(end, close):
            if self.lower[j] == "of":
                k = j + 1 + (self.lower[j + 1 : j + 2] == ["the"])
                polity, after = self._owner(k)
                firm = polity is not None and after < close and self._of_firm(after)
                if firm or (owner is None and self._body_end(k) == close):
                    return j
            chunk = self.known.get(j)
            if owner is not None and chunk and chunk.known is owner and chunk.end == close:
                while j > end and self.lower[j - 1] in {"for", "to"} | _KINDS:
                    j -= 1
                return j
        return close

    def _owner(self, i: int) -> tuple[Known | None, int]:
        chunk = self.known.get(i)
        if (
            chunk
            and chunk.known
            and (
                chunk.known.type in POLITIES
                or chunk.known.type in {"InternationalOrganization", "PublicBody", "Company"}
            )
        ):
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

    def _fields_before(self, i: int) -> tuple[int, list[str]]:
        fields: list[str] = []
        j = i
        while j < len(self.tokens) and j - i < 9:
            word = self.lower[j]
            here = self._head(j)
            if here and (fields or word not in self.domains or here[0] - j > 1):
                break
            domain = word in self.lex.offices["domains"]
            capital = self.tokens.cap(j) and j not in self.known and self._capital_title(j)
            after = self.lower[j + 1] if j + 1 < len(self.lower) else ""
            listed = word in {"&", ","} and fields and fields[-1] in self.domains and after != "and"
            if not (domain or capital or listed):
                break
            fields.append(word)
            j += 1
        joined = {"and", "&", ","}
        if not self._head(j) or (fields and (fields[0] in joined or fields[-1] in joined)):
            return i, []
        return j, [f for f in fields if f not in {",", "&", "and"}]

    def _capital_title(self, j: int) -> bool:
        # A capitalised field counts where a capitalised head follows within five words.
        for k in range(j + 1, min(j + 6, len(self.tokens))):
            if self._head(k) and self.tokens.cap(k):
                return j not in self.person_tokens
            if not (self.tokens.cap(k) or self.lower[k] in {"and", "&", ","}):
                return False
        return False

    def plural(self, i: int) -> tuple[int, str, list[str]] | None:
        """Return end, head and fields of "foreign ministers of", or None."""
        for words in self._heads_at(i):
            end = i + len(words)
            same = tuple(self.lower[i : end - 1]) == words[:-1]
            if same and self.lower[end - 1 : end + 1] == [words[-1] + "s", "of"]:
                first = i
                while first > 0 and self.lower[first - 1] in self.domains:
                    first -= 1
                return end, " ".join(words), self.lower[first:i]
        return None

    def _head(self, i: int) -> tuple[int, str] | None:
        for words in self._heads_at(i):
            end = i + len(words)
            if tuple(self.lower[i:end]) == words:
                return end, " ".join(w for w in words if w != "-")
            # "prime ministers A and B": a plural counts where a person follows.
            last = self.lower[end - 1] if end <= len(self.lower) else ""
            plural = last == words[-1] + "s" and tuple(self.lower[i : end - 1]) == words[:-1]
            if plural and self._person_at(end):
                return end, " ".join(w for w in words if w != "-")
        return None

    def _heads_at(self, i: int) -> list[tuple[str, ...]]:
        if i >= len(self.lower):
            return []
        word = self.lower[i]
        return self.heads.get(word) or self.heads.get(word.removesuffix("s"), [])

    def _after(self, i: int, owner: Known | None) -> tuple[int, list[str], Known | None]:
        """Read "of Commerce", "for Foreign Affairs of Japan", "of the Republic of X"."""
        fields: list[str] = []
        end = i
        while end < len(self.tokens) and self.lower[end] in {"of", "for", "to"}:
            j = end + 1
            if j < len(self.tokens) and self.lower[j] == "the":
                j += 1
            j = self._past_kind(j)
            polity, k = self._owner(j)
            if polity and k < len(self.tokens) and self._of_firm(k):
                end = self._run(k)  # "of India's NTPC"
                break
            if polity and polity.type not in POLITIES and self.lower[end] == "for":
                end = k  # "for the Cabinet Office": a field, whose owner may follow
                continue
            if (close := self._body_end(j)) > k:
                end = close  # "of the Nepal Power Authority": the polity is part of a body's name
                break
            if polity and (owner is None or owner is polity):
                owner, end = polity, k
                continue
            k, words = self._fields_after(j)
            if k == j:
                break
            fields += words
            end = k
        return end, fields, owner

    def _past_kind(self, i: int) -> int:
        """Skip "breakaway region of" before the name of a polity."""
        j = i
        while j < len(self.tokens) and j - i < 5 and self.lower[j] in _KINDS:
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
            link = j > i and self.lower[j] in {"of", "for", "and", "&", "'", "’"}
            follows = j + 1 < len(self.tokens) and self.tokens.cap(j + 1)
            if not (self.tokens.cap(j) or (link and follows)):
                break
            j += 1
        last = self.lower[j - 1] if j > i else ""
        heads = self.lex.heads.get((last,), ())
        named = any(h.cls in _ORGANS for h in heads) or last in self.lex.endings
        return j if j - i > 1 and named and last not in self.domains else 0

    def _fields_after(self, i: int) -> tuple[int, list[str]]:
        """Read the fields behind "of": a capitalised word that is no known field opens a name."""
        words: list[str] = []
        end = j = i
        fresh = True  # at the start or behind a joining word any capitalised word may follow
        while j < len(self.tokens) and j - i < 12:
            word = self.lower[j]
            if j in self.person_starts and word not in self.domains:
                break
            capital = self.tokens.cap(j) and j not in self.known and not self._head(j)
            goes_on = capital and bool(words) and words[-1] in _ATTRIBUTES
            goes_on = goes_on and self.tokens.words[j] not in self.lex.given
            if word in self.domains or (capital and fresh) or goes_on:
                words.append(word)
                j += 1
                end, fresh = j, False
            elif words and word in _JOIN and self._goes_on(j):
                j += 1
                fresh = True
            else:
                break
        return end, words

    def _goes_on(self, j: int) -> bool:
        k = j + 1
        while k < len(self.tokens) and self.lower[k] in {"and", "&", "the"}:
            k += 1
        if k >= len(self.tokens) or k in self.known or k in self.person_starts or self._head(k):
            return False
        if self.lower[j] == ",":
            return self.lower[k] in self.domains
        return self.lower[k] in self.domains or self.tokens.cap(k)

    def _person_at(self, i: int) -> bool:
        return i in self.person_starts


@cache
def _by_first_word(heads: tuple[tuple[str, ...], ...]) -> dict[str, list[tuple[str, ...]]]:
    """Return the heads of offices by their first word, the longest first."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for words in heads:
        for form in _spellings(words):
            found.setdefault(form[0], []).append(form)
    for forms in found.values():
        forms.sort(key=len, reverse=True)
    return found


def _spellings(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return a head as tokens, also with a hyphen ("vice-president")."""
    plain = tuple(w for word in words for w in word.split("-"))
    if len(plain) != 2:
        return [words]
    return [plain, (plain[0], "-", plain[1]), ("-".join(plain),)]


def shared_out(
    tokens: Tokens, people: list[Chunk], reader: OfficeReader, at: dict[int, Chunk]
) -> None:
    """Give "the presidents of A, B and C, X, Y and Z" one title each."""
    for i, word in enumerate(tokens.words):
        if not word.lower().endswith("s") or not (plural := reader.plural(i)):
            continue
        end, head, fields = plural
        states, j = _listed(tokens, end + 1, at)
        named = {c.start: c for c in people if c.office is None}
        if j < len(tokens) and tokens.words[j] == ",":
            holders, _ = _listed(tokens, j + 1, named)
        else:
            holders, _ = _listed(tokens, j, named)
        if len(states) < 2 or len(states) != len(holders):
            continue
        text, span = tokens.slice(i, end), tokens.span(i, end)
        title = text.removesuffix("s")
        for state, holder in zip(states, holders, strict=True):
            holder.office = Office(
                i, end, head, tuple(fields), state.known, text, span, False, False, True, title
            )


def _listed(tokens: Tokens, i: int, at: dict[int, Chunk]) -> tuple[list[Chunk], int]:
    """Read the chunks of a list "A, B and C" from token `i`."""
    found: list[Chunk] = []
    while i < len(tokens):
        if tokens.words[i].lower() == "the" and i + 1 in at:
            i += 1
        if i not in at:
            break
        found.append(at[i])
        i = at[i].end
        if (
            i < len(tokens)
            and tokens.words[i] in {",", "and", "&"}
            and (i + 1 in at or tokens.words[i + 1 : i + 2] == ["the"])
        ):
            i += 1
    return found, i
