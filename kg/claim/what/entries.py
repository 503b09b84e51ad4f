"""Lists of what was signed: "The following agreements were signed:" and the lines below it.

The line that opens a list says what was done, by whom and where; each entry is an instrument to
which that applies. A claim about an entry has both places as its evidence.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kg.claim.binding import Bound
from kg.claim.draft import Draft, Stance
from kg.claim.engine import Engine
from kg.claim.modality.polarity import negated
from kg.claim.things.refer import Referents
from kg.model import Span, TimeRef
from kg.vocab import is_a

_SIGNED = {"sign", "ink", "initial", "seal", "exchange", "conclude"}
_HOLDING = {"include", "comprise", "cover"}  # "the documents included A and B"
_NAMELY = {":", "-", "–", "—", "namely", "including"}
_INNER = {"relcl", "acl", "aux", "auxpass", "xcomp", "pcomp", "amod", "compound"}
_MODIFYING = {"compound", "amod", "nmod", "poss", "nummod"}
_COMING = {"will", "to", "shall", "would"}


@dataclass
class _Opening:
    """What the lines of a list share."""

    evidence: Span
    stance: Stance
    group: str = ""  # "five agreements", where the text calls them so
    sides: list[str] = field(default_factory=list)


class Entries:
    """Gives the entries of a list what the line above it tells of all of them."""

    def __init__(self, draft: Draft, refer: Referents, engine: Engine) -> None:
        self.draft, self.refer, self.engine = draft, refer, engine
        self.frame = next(f for f in engine.frames if f.id == "sign")
        self.plurals = refer.lex.words["instruments"]
        self.opened: _Opening | None = None
        self.told: _Opening | None = None  # the several that were last told as signed
        self.begun = 0  # where the paragraph of the entry before begins

    def sentence(self, sentence: Any, bound: list[Bound]) -> None:
        """Read one sentence: an entry, the line that opens a list, or a list in one sentence."""
        tokens = [t for t in sentence if not t.is_space]
        if not tokens:
            return
        opening = self._opening(tokens, bound)
        if opening is not None:
            self.told = opening
            colon = next((t.i for t in tokens if t.text in _NAMELY and self._group_before(t)), None)
            self.opened = opening if tokens[-1].text == ":" else None
            if colon is not None and self.opened is None:
                rest = [t for t in tokens if t.i > colon]
                if not any(t.pos_ in {"VERB", "AUX"} and t.dep_ not in _INNER for t in rest):
                    self._entries(rest, opening)  # else: "two were signed – a third was not"
            return
        if self.told is not None and sentence.root.lemma_ in _HOLDING:
            self._held(sentence)
        if self.opened is not None:
            self._line(tokens, self.opened)

    # --- what opens a list ----------------------------------------------------------------

    def _opening(self, tokens: list[Any], bound: list[Bound]) -> _Opening | None:
        """Return what a sentence tells of several instruments that it says are signed."""
        several = [t for t in tokens if self._several(t)]
        bare = tokens[-1].text == ":" and any(
            self._deed(t) and t.tag_ == "VBN" for t in tokens[-4:]
        )
        if not several and not bare:  # "On the results of the talks there were signed:"
            return None
        for item in bound:
            if item.frame.id != "sign" or not item.roles["theme"]:
                continue
            group = item.roles["theme"][0][0]
            if len(item.roles["theme"]) == 1 and "count" in self.draft.things[group].traits:
                return _Opening(self.draft.sentence, item.stance, group, self._sides(group, item))
        signed = next((t for t in tokens if self._deed(t)), None)
        if signed is None or tokens[-1].text not in {
            ":",
            signed.text,
            *(t.text for t in several[-1:]),
        }:
            return None
        stance = self._title_stance(signed, tokens)
        keys = [k for t in several for k in self.refer.one(t)]
        group = keys[0] if keys else ""
        named = [k for t in tokens for k in self._polities(t)]
        sides = list(dict.fromkeys(named)) or list(self.draft.sides.get(group, {}))
        if not sides and self.told is not None:
            sides, group = self.told.sides, group or self.told.group
        return _Opening(self.draft.sentence, stance, group, sides)

    def _title_stance(self, signed: Any, tokens: list[Any]) -> Stance:
        """Return how a line without a clause of its own presents what was done, or is to be."""
        if negated(signed) or {"not", "no", "never"} & {t.lower_ for t in tokens}:
            return Stance("denied", "negated")
        stance: Stance = self.engine.stance(signed)[0]
        coming = stance.modality == "actual" and any(t.lower_ in _COMING for t in tokens)
        return Stance("planned", "planned") if coming else stance

    def _several(self, token: Any) -> bool:
        """Tell whether a word is the plural of a noun for instruments, or their acronym."""
        return token.lower_ in self.plurals

    def _deed(self, token: Any) -> bool:
        past = token.lower_.removesuffix("ed").removesuffix("d")
        return token.lemma_.lower() in _SIGNED or (past in _SIGNED and token.lower_ != past)

    def _group_before(self, token: Any) -> bool:
        before = token.doc[token.sent.start : token.i]
        return any(self._several(t) for t in before) and not token.is_sent_start

    def _sides(self, group: str, item: Bound) -> list[str]:
        actors = [k for k, _ in item.roles.get("actor", [])]
        told = [*self.draft.sides.get(group, {}), *actors]
        return list(dict.fromkeys(k for k in told if self._party(k)))

    def _party(self, key: str) -> bool:
        return any(is_a(self.draft.things[key].cls, c) for c in ("Polity", "Organization"))

    def _polities(self, token: Any) -> list[str]:
        chunk = self.engine.paragraph.chunks[token.i]
        if chunk is None or not chunk.known or chunk.cls in {"Place", "Seat"}:
            return []
        return [k for k in self.refer.one(token) if is_a(self.draft.things[k].cls, "Polity")]

    # --- entries --------------------------------------------------------------------------

    def _line(self, tokens: list[Any], opening: _Opening) -> None:
        """Read a line below the opening; a line that is no entry ends the list."""
        begins = self.engine.paragraph.offset
        if begins == self.begun:
            return  # what an entry goes on to say
        words = list(tokens)
        while words and not (words[0].is_alpha and len(words[0].text) > 1):
            words = words[1:]
        if not words:
            return  # "1." is a sentence of its own to the parser
        marked = words[0].i > tokens[0].i
        if not self._entries(words[:8], opening, one=True) and not marked:
            self.opened = None
        self.begun = begins

    def _entries(self, tokens: list[Any], opening: _Opening, one: bool = False) -> bool:
        """State of the instruments among some words what the opening tells."""
        found = False
        for token in tokens:
            if token.pos_ in {"VERB", "AUX"} and one:
                break
            thing = self._instrument(token)
            if thing and thing != opening.group:
                self._signed(thing, token, opening)
                found = True
            if one and token.pos_ in {"NOUN", "PROPN"} and token.dep_ not in _MODIFYING:
                break  # the first noun says what the entry is
        return found

    def _held(self, sentence: Any) -> None:
        """Read "The documents included an agreement on X and a memorandum on Y"."""
        subjects = [c for c in sentence.root.children if c.dep_ in {"nsubj", "nsubjpass"}]
        if self.told is None or not any(self._several(s) for s in subjects):
            return
        self._entries([t for t in sentence if t.i > sentence.root.i], self.told)

    def _instrument(self, token: Any) -> str:
        """Return the one instrument that a word names or describes."""
        chunk = self.engine.paragraph.chunks[token.i]
        if chunk is None and (token.pos_ not in {"NOUN", "PROPN"} or self._several(token)):
            return ""
        keys = self.refer.one(token)
        if len(keys) != 1 or "count" in self.draft.things[keys[0]].traits:
            return ""
        cls = self.draft.things[keys[0]].cls
        return keys[0] if any(is_a(cls, kind) for kind in self.frame.theme.types) else ""

    def _signed(self, thing: str, token: Any, opening: _Opening) -> None:
        at = self.engine.paragraph.spans[token.i]
        own = any(w.lower_ == "between" for w in token.subtree) or self.draft.sides.get(thing)
        sides = [] if own else [(k, None) for k in opening.sides]
        roles: dict[str, Any] = {"theme": [(thing, at)], "actor": sides, "goal": [], "place": []}
        self.draft.beside = opening.evidence if opening.evidence != self.draft.sentence else None
        item = Bound(self.frame, token, "sign", roles, opening.stance)
        self.engine.state(item)
        event = self.engine.event_of(item, thing)
        for claim in self._whole(opening):
            obj = claim.object
            if isinstance(obj, TimeRef):
                self.draft.say(event, claim.predicate, obj, "list.time", opening.stance)
            elif isinstance(obj, str):
                self.draft.say(event, claim.predicate, obj, "list", opening.stance)
        self.draft.beside = None

    def _whole(self, opening: _Opening) -> list[Any]:
        """Return when and where all of the list was signed."""
        events = {c.subject for c in self.draft.told("pg:signingOf") if c.object == opening.group}
        shared = {"pg:eventDate", "pg:when", "pg:place", "pg:subEventOf"}
        return [c for e in sorted(events) for c in self.draft.about(e) if c.predicate in shared]
