"""For whom people sign: the state of their office, "on behalf of", "for the Kenyan side"."""

from __future__ import annotations

from typing import Any

from kg.claim.binding import Bound
from kg.claim.stating import Stating
from kg.claim.syntax import conjuncts, predication
from kg.claim.who import listing
from kg.model import Span, Value
from kg.spot.chunk import Chunk
from kg.spot.lexicon import POLITIES
from kg.vocab import is_a, slugify

_SIDES = {"side", "part", "government"}
_FOR = {"for", "from", "on"}
Found = list[tuple[str, Span]]


class Capacities(Stating):
    """States the parties of agreements that people put their names to."""

    def capacities(self, bound: list[Bound]) -> None:
        """A signatory whose office names a state signs for that state."""
        for item in bound:
            if item.frame.id != "sign" and item.frame.event != "Signing":
                continue
            themes = [
                (k, s)
                for k, s in item.roles["theme"]
                if is_a(self.draft.things[k].cls, "Agreement")
            ]
            if not themes:
                continue
            self._on_behalf(item, [k for k, _ in themes])
            for key, span in item.roles.get("actor", []):
                if self.draft.things[key].cls != "Person":
                    continue
                for side in self.capacity_of(key, item.token.sent):
                    for theme, at in themes:
                        self.draft.say(
                            theme,
                            "pg:party",
                            side,
                            "sign.capacity",
                            item.stance,
                            at=(at, span),
                            confidence=0.9,
                        )
                        self.draft.things[theme].parties.setdefault(side)

    def capacity_of(self, key: str, sentence: Any) -> list[str]:
        """Return the state that somebody's office belongs to, as this text tells it."""
        side = self.draft.things[key].traits.get("capacity") or self.refer.side.get(key)
        if side:
            return [] if self._of_firm(key) else [side]
        doc, chunks = self.paragraph.doc, self.paragraph.chunks
        at = next((t.i for t in sentence if self._names(chunks[t.i], key)), None)
        chunk = chunks[at] if at is not None else None
        if at is None or chunk is None:
            return []
        if peer := self.refer.by_id(chunk.traits.get("counterpart", "")):
            return [peer]
        home = at + 2 < len(doc) and doc[at + 1].lower_ in {"of", "from"}
        if home and listing.polity(chunks[at + 2]):  # "Foreign Minister Ana Lopez of Chile"
            return list(self.refer.one(doc[at + 2]))
        before = at - 2 if at > 1 and doc[at - 1].text == "," else at - 1
        office = chunks[before] if before >= 0 else None
        owner = office.office.owner if office is not None and office.office else None
        if office is not None and office.cls == "Office" and owner and owner.type in POLITIES:
            return [self.refer.polity(owner)]  # "Canada's ambassador, John Reed"
        return []

    def _names(self, chunk: Chunk | None, key: str) -> bool:
        return chunk is not None and chunk.cls == "Person" and self.refer.chunk(chunk) == [key]

    def signature_line(self, sentence: Any) -> None:
        """Read a line of a list of signatures: "For the Republic of Chile: Minister Ana Roy"."""
        event = self.draft.things.get(self.recent)
        theme = event.traits.get("theme", "") if event is not None else ""
        if event is None or event.cls != "Signing" or theme not in self.draft.things:
            return
        if any(t.pos_ == "VERB" for t in sentence):
            return
        for token in sentence:
            side = self.signs_for(token)
            chunk = self.paragraph.chunks[token.i]
            if side is None or chunk is None:
                continue
            for person in self.refer.chunk(chunk):
                self.draft.say(event.key, "pg:signer", person, "sign.line", at=(None, chunk.span))
            for key, at in self.refer.all([side]):
                self.draft.say(theme, "pg:party", key, "sign.line", at=(None, at))

    def _of_firm(self, key: str) -> bool:
        """Tell whether somebody's office lies in a firm or another body that is no state's."""
        held = [str(c.object) for c in self.draft.about(key) if c.predicate == "pg:holdsOffice"]
        bodies = [
            self.draft.things[str(c.object)].cls
            for office in held
            for c in self.draft.about(office)
            if c.predicate == "pg:officeIn"
        ]
        return bool(bodies) and not any(b in {"PublicBody", "State", "Bloc"} for b in bodies)

    def _on_behalf(self, b: Bound, themes: list[str]) -> None:
        """ "signed on behalf of A by B": a stated capacity makes A a party, B its signatory."""
        if b.token.pos_ != "VERB":
            return
        sides = [
            (k, s)
            for k, s in self.refer.all(self._represented(b.token))
            if any(is_a(self.draft.things[k].cls, c) for c in ("Polity", "PublicBody"))
        ]
        people = [x for x in b.roles.get("actor", []) if self.draft.things[x[0]].cls == "Person"]
        for theme in themes:
            for side, at in sides:
                self.draft.say(theme, "pg:party", side, "sign.behalf", b.stance, at=(None, at))
                self.draft.things[theme].parties.setdefault(side)
            if len(sides) == len(people) == 1 and b.stance.modality == "actual":
                self._signature(b, theme, people[0], sides[0])

    def _represented(self, verb: Any) -> list[Any]:
        """Return the words for whom somebody signs, anywhere in the sentence."""
        tokens = list(predication(verb).slot("for"))
        for word in verb.sent:
            if word.lower_ == "behalf":
                tokens += [
                    t
                    for c in word.children
                    if c.dep_ == "prep" and c.lower_ == "of"
                    for g in c.children
                    if g.dep_ == "pobj"
                    for t in conjuncts(g)
                ]
            elif word.dep_ == "pobj" and word.head.lower_ in _FOR and word.lemma_ in _SIDES:
                tokens.append(word)  # "for the Kenyan side"
            elif word.i > verb.i and (side := self.signs_for(word)) is not None:
                tokens.append(side)  # "... and Ana Roy for Chile"
        return list(dict.fromkeys(tokens))

    def _signature(
        self, b: Bound, theme: str, person: tuple[str, Span], side: tuple[str, Span]
    ) -> None:
        things = self.draft.things
        base = f"event:signing-{theme.replace(':', '-')}"
        event = self.recent if self.recent.startswith(base) else base
        if event not in things:
            return
        label = f"signature of {things[person[0]].label} under the {things[theme].label}"
        key = f"signature:{slugify(label)}"
        self.draft.thing(key, "Signature", label)
        self.draft.mention(key, self.paragraph.spans[b.token.i], "description")
        self.draft.say(key, "rdf:type", Value("Signature", "class"), "signature", b.stance)
        self.draft.say(event, "pg:signature", key, "signature", b.stance)
        self.draft.say(key, "pg:signedBy", person[0], "signature", b.stance, at=(None, person[1]))
        self.draft.say(key, "pg:onBehalfOf", side[0], "signature", b.stance, at=(None, side[1]))
