"""Titles of public offices, and the people who stand beside them."""

from __future__ import annotations

from kg.spot.chunk import Office
from kg.spot.heads import of_a_state
from kg.spot.lexicon import POLITIES, Known
from kg.spot.names import FUNCTION
from kg.spot.owners import KINDS, Owners
from kg.spot.runs import particle

_ATTRIBUTES = set(
    """international foreign economic natural national internal european social public
    environmental digital regional home external climate human veterans rural""".split()
)
_LOOSE = {"chair", "speaker", "director", "president", "head", "chief", "general secretary"}
_LOOSE |= {"pm", "ruler", "leader", "dean", "coordinator", "consul", "commander", "treasurer"}
_JOIN = {"and", "&", ",", "the", "for"}
RANKS = set(
    """deputy vice assistant associate first second third principal additional joint permanent
    special lead coordinating executive""".split()
)
_NO_FIELD = {"the", "a", "an", "its", "his", "her", "their", "our", "this", "both", "when", "as"}
_DIPLOMATS = {"ambassador", "envoy", "special envoy", "presidential envoy", "high commissioner"}
_DIPLOMATS |= {"consul general", "permanent representative", "representative", "consul"}
_DIPLOMATS |= {"charge d'affaires", "chargé d'affaires", "special representative"}
_AIDES = {"adviser", "advisor", "assistant", "counsellor", "aide"}
_LEADING = {"head", "chief", "chair", "chairman", "chairwoman", "chairperson", "director"}
_LEADING |= {"coordinator", "deputy head", "co-chair", "general secretary"}
_SEATS = [["government"], ["republic"], ["state"], ["parliament"], ["delegation"], ["side"]]
_MONARCHS = {"king", "queen", "sultan", "emir", "emperor", "prince"}
_ORGANS_NAMED = set(
    """authority commission board agency company corporation council bank university institute
    ministry department fund group association federation chamber bureau""".split()
)


class OfficeReader(Owners):
    """Reads titles in a paragraph, given the chunks of known names at each token."""

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
        """Take in the others of "deputy prime minister and economy minister of X"."""
        while office.end < len(self.tokens) and not self._person_at(office.end):
            link = self.lower[office.end]
            i = office.end + 1 + (self.lower[office.end + 1 : office.end + 2] == ["the"])
            other = self._at(i) if link in {"and", "&", ",", "/"} else None
            loose = other is not None and not (other.fields or len(other.head.split()) > 1)
            if other is None or (loose and not (link == "and" and self._pair_of(office, i))):
                return
            if link == "," and not (self.tokens.cap(i) and self._person_at(other.end)):
                return  # "the foreign minister, defence minister X"
            if (
                office.owner
                and other.owner
                and office.owner is not other.owner
                and of_a_state(other)
            ):
                return
            firm = loose or not (of_a_state(office) and of_a_state(other))
            if not (firm and (office.owner or other.owner)):
                owner = office.owner or other.owner
                explicit = office.explicit_owner or other.explicit_owner
                for one in (office, *office.also, other):
                    one.owner, one.explicit_owner = owner, explicit
            office.also, office.end = (*office.also, other), other.end

    def _pair_of(self, office: Office, i: int) -> bool:
        """ "President and CEO", "Deputy Managing Director and Acting Chair"."""
        return self.tokens.cap(office.start) and self.tokens.cap(i)

    def _at(self, i: int) -> Office | None:
        if self.lower[max(i - 3, 0) : i] == ["office", "of", "the"]:
            return None  # "the Office of the President" is a body
        start, self.bodies = i, []
        i, signs = self._status(i)
        owner, j = self._owner(i)
        j, more = self._status(j)
        signs |= more
        k, fields = self._fields_before(j)
        head = self._head(k)
        if head is None:
            return None
        end, name = head
        if name in _MONARCHS and end < len(self.tokens) and particle(self.tokens.words[end]):
            return None  # "Sultan bin Ahmed" is a name
        if owner and owner.type in POLITIES and _ORGANS_NAMED & set(fields):
            owner, j = None, i  # "Kenya Ports Authority Director General"
            self.bodies.append((i, k))
        explicit = owner is not None
        close, after, owner = self._after(end, owner, name)
        if close == end and name in _LEADING:
            close = self._described(end)
        if (
            not fields
            and close == end
            and owner is None
            and name in _LOOSE
            and not signs
            and not self._person_at(end)
            and (
                name != "president" or (not self.tokens.cap(k) and self.lower[k - 1 : k] != ["the"])
            )
        ):
            return None
        title = self.tokens.slice(j, self._title_end(end, close, owner))
        acting = [w for w in self.tokens.words[start:k] if w.lower() in self.lex.offices["acting"]]
        if acting and acting[0] not in title:
            title = f"{acting[0]} {title}"
        end = close
        return Office(
            start,
            end,
            name,
            tuple(fields + after),
            owner,
            self.tokens.slice(start, end),
            self.tokens.span(start, end),
            bool(signs & self.lex.offices["former"]),
            bool(signs & self.lex.offices["acting"]),
            explicit or owner is not None,
            title,
            bodies=tuple(self.bodies),
        )

    def _status(self, i: int) -> tuple[int, set[str]]:
        """Skip "former", "acting", "ex-" and the like; return them."""
        signs: set[str] = set()
        while i < len(self.tokens) and self.lower[i] in self.times and i not in self.known:
            signs.add(self.lower[i])
            i += 1 + (self.tokens.words[i + 1 : i + 2] == ["-"])
        return i, signs

    def _title_end(self, end: int, close: int, owner: Known | None) -> int:
        """Return where a title ends without "of" and the owner behind it."""
        for j in range(end, close):
            if self.lower[j] in {"of", "in", "at"}:
                k = j + 1 + (self.lower[j + 1 : j + 2] == ["the"])
                if self._state_noun(k) == close:
                    return j
                polity, after = self._owner(k)
                firm = polity is not None and after < close and self._of_firm(after)
                if firm or (owner is None and self._body_end(k) == close):
                    return j
            chunk = self.known.get(j)
            if owner is not None and chunk and chunk.known is owner and chunk.cls != "Demonym":
                while j > end and self.lower[j - 1] in {"for", "to"} | KINDS:
                    j -= 1
                return j
        return close

    def _fields_before(self, i: int) -> tuple[int, list[str]]:
        fields: list[str] = []
        j = i
        while j < len(self.tokens) and j - i < 9:
            word = self.lower[j]
            here = self._head(j)
            ranked = (
                word == "chief" and self.lower[j + 1 : j + 2] and self.lower[j + 1] in self.domains
            )
            if here and not ranked and (fields or word not in self.domains or here[0] - j > 1):
                break
            domain = word in self.lex.offices["domains"]
            capital = self.tokens.cap(j) and j not in self.known and self._capital_title(j)
            after = self.lower[j + 1] if j + 1 < len(self.lower) else ""
            listed = word in {"&", ","} and fields and fields[-1] in self.domains and after != "and"
            rank = (word in RANKS or ranked) and all(f in RANKS for f in fields)
            if not (domain or capital or listed or rank):
                break
            fields.append(word)
            j += 1
        joined = {"and", "&", ","}
        if not self._head(j) or (fields and (fields[0] in joined or fields[-1] in joined)):
            return i, []
        if "," in fields and not {"and", "&"} & set(fields):
            return i, []  # "a pact on development, Federal Minister X said"
        return j, [f for f in fields if f not in {",", "&", "and"}]

    def _capital_title(self, j: int) -> bool:
        verb = self.lower[j].endswith("ing") and self.lower[j] not in self.domains
        opens = j in self.tokens.sentence_starts and (self.lower[j] in FUNCTION or verb)
        style = self.lower[j] in self.lex.offices["honorifics"]
        if self.lower[j] in _NO_FIELD or opens or style:
            return False
        # A capitalised field counts where a capitalised head follows within five words.
        for k in range(j + 1, min(j + 6, len(self.tokens))):
            if self._head(k) and self.tokens.cap(k):
                return j not in self.person_tokens
            if not (self.tokens.cap(k) or self.lower[k] in {"and", "&", ","}):
                return False
        return False

    def plural(self, i: int) -> tuple[int, str, list[str], int] | None:
        """Return end, head, fields and start of "foreign ministers", or None."""
        for words in self._heads_at(i):
            end = i + len(words)
            last = self.lower[end - 1] if end <= len(self.lower) else ""
            many = {words[-1] + "s", words[-1].removesuffix("man") + "men"}
            if tuple(self.lower[i : end - 1]) == words[:-1] and last in many:
                first = i
                while first > 0 and self.lower[first - 1] in self.domains | RANKS:
                    first -= 1
                return end, " ".join(words), self.lower[first:i], first
        return None

    def _head(self, i: int) -> tuple[int, str] | None:
        if i not in self._known_heads:
            self._known_heads[i] = self._read_head(i)
        return self._known_heads[i]

    def _read_head(self, i: int) -> tuple[int, str] | None:
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

    def _after(self, i: int, owner: Known | None, name: str) -> tuple[int, list[str], Known | None]:
        """Read "of Commerce", "for Foreign Affairs of Japan", "of the Republic of X"."""
        fields: list[str] = []
        end = i
        if close := self._ministry_behind(end, name):
            self.bodies.append((end + 1, close))
            return close, fields, owner or self._state_of_body(end + 1, close)
        while end < len(self.tokens) and self.lower[end] in {"of", "for", "to", "in", "at"}:
            link, j = self.lower[end], end + 1
            if self.lower[end : end + 3] == ["in", "charge", "of"]:
                link, j = "of", end + 3
            if j < len(self.tokens) and self.lower[j] == "the":
                j += 1
            if link in {"in", "at", "to"} and name in _DIPLOMATS:
                if (host := self._host(self._past_kind(j))) == 0:
                    break
                end = host  # where somebody is sent is not whose envoy it is
                continue
            if link == "to":
                return (*self._aide(j, end, name, fields), owner)
            if link == "in" and owner is None and name.split()[-1] == "minister":
                state, k = self._owner(j)
                if state is not None and state.type == "State" and self.known[j].cls == "State":
                    return k, fields, state
            if link in {"in", "at"}:
                if not (close := self._body_end(j)):
                    break
                self.bodies.append((j, close))
                return close, fields, owner or self._state_of_body(j, close)
            if link == "of" and (close := self._state_noun(j)):
                return close, fields, owner
            j = self._past_kind(j)
            polity, k = self._owner(j)
            if polity and j in self.known and self.known[j].cls == "Demonym":
                if (more := self._of_national(k)) == k:
                    break
                owner, end = owner or polity, more
                continue
            if polity and k < len(self.tokens) and self._of_firm(k):
                end = self._run(k)  # "of India's NTPC"
                break
            if polity and polity.type not in POLITIES and link == "for":
                end = k  # "for the Cabinet Office": a field, whose owner may follow
                continue
            if (close := self._body_end(j)) > k:
                # "of the Nepal Power Authority": the polity is part of a body's name
                self.bodies.append((j, close))
                end, owner = close, owner or self._state_of_body(j, close)
                if link == "for":
                    continue
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

    def _aide(self, j: int, end: int, name: str, fields: list[str]) -> tuple[int, list[str]]:
        """Read "Prime Minister on Textiles" behind "Adviser to the": where it ends, its fields."""
        boss = self._head(j) if name.split()[-1] in _AIDES else None
        if boss is None:
            return end, fields
        if self.lower[boss[0] : boss[0] + 1] not in (["on"], ["for"]):
            return boss[0], fields
        end, more = self._fields_after(boss[0] + 1)
        return end, fields + more

    def _fields_after(self, i: int) -> tuple[int, list[str]]:
        """Read the fields behind "of": a capitalised word that is no known field opens a name."""
        words: list[str] = []
        end = j = i
        fresh = True  # at the start or behind a joining word any capitalised word may follow
        while j < len(self.tokens) and j - i < 12:
            word = self.lower[j]
            if not words and (close := self._region_affairs(j)):
                words += self.lower[j:close]
                end = j = close  # "for Western Hemisphere Affairs"
                fresh = False
                continue
            if j in self.person_starts and word not in self.domains:
                break
            capital = self.tokens.cap(j) and j not in self.known and not self._head(j)
            goes_on = capital and bool(words) and words[-1] in _ATTRIBUTES
            goes_on = goes_on and self.tokens.words[j] not in self.lex.given
            if words and word == "-" and self.tokens.glued(j) and self.tokens.glued(j + 1):
                j += 2  # "the Indo-Pacific"
                words.append(self.lower[j - 1])
                end, fresh = j, False
            elif word in self.domains or (capital and fresh) or goes_on:
                words.append(word)
                j += 1
                end, fresh = j, False
            elif words and word in _JOIN and self._goes_on(j):
                j += 1
                fresh = True
            else:
                break
        return end, words

    def _region_affairs(self, j: int) -> int:
        """Return where capitals end that have "Affairs" for their last word, or 0."""
        for k in range(j + 1, min(j + 6, len(self.tokens))):
            if self.lower[k] == "affairs" and self.tokens.cap(k):
                return k + 1
            if not (self.tokens.cap(k) or self.lower[k] in {"and", "&", ",", "-"}):
                return 0
        return 0

    def _ministry_behind(self, i: int, name: str) -> int:
        """Return the end of ", Ministry of Energy" behind "Secretary" or "Director General"."""
        word = self.lower[i + 1 : i + 2]
        if self.tokens.words[i : i + 1] != [","] or word not in (["ministry"], ["department"]):
            return 0
        told = name.split()[-1] in {"secretary", "general", "director", "adviser", "commissioner"}
        return self._body_end(i + 1) if told else 0

    def _of_national(self, k: int) -> int:
        """Return the end of "president" or "government" behind "of the Peruvian"; else `k`."""
        noun = self._head(k)
        return noun[0] if noun else k + (self.lower[k : k + 1] in _SEATS)

    def _goes_on(self, j: int) -> bool:
        k = j + 1
        while k < len(self.tokens) and self.lower[k] in {"and", "&", "the"}:
            k += 1
        if k >= len(self.tokens) or k in self.known or k in self.person_starts or self._head(k):
            return False
        if self.lower[k] in FUNCTION or self.lower[k] in self.lex.offices["honorifics"]:
            return False
        if self.lower[j] == ",":
            return self.lower[k] in self.domains or self._list_ahead(k)
        return self.lower[k] in self.domains or self.tokens.cap(k)

    def _list_ahead(self, k: int) -> bool:
        """ "Housing, Utilities and Urban Communities": a list of fields goes on to its "and"."""
        while k < len(self.tokens) and (self.tokens.cap(k) or self.tokens.words[k] == ","):
            if k in self.person_starts or k in self.known or self._head(k):
                return False
            k += 1
        if self.lower[k : k + 1] != ["and"] or self.tokens.words[k - 1] == ",":
            return False
        free = k + 1 not in self.person_starts and k + 1 not in self.known
        return free and k + 1 < len(self.tokens) and self.tokens.cap(k + 1)

    def _person_at(self, i: int) -> bool:
        return i in self.person_starts
