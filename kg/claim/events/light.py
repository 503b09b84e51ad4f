"""Nouns of doing without a phrase of their own: "gave its consent", "the ratification"."""

from __future__ import annotations

from typing import Any

from kg.claim.binding import Bound
from kg.claim.draft import Stance
from kg.claim.events.happenings import Happenings
from kg.claim.frames import Frame, Role
from kg.claim.syntax import Predication, determiner, governor, predication
from kg.model import Span
from kg.vocab import is_a

_GIVING = {"give", "grant", "lend", "deny", "withhold"}
_GETTING = set(
    "receive win obtain secure get gain need require await face seek lack earn undergo".split()
)
_BESIDE = set("pending awaiting after following before until upon without despite since to".split())
_SENDING = {"submit", "send", "refer", "forward", "transmit", "present"}
_ABOUT = {"for", "to", "on", "concerning", "regarding", "under"}
_PAPERS = {"instrument", "letter", "document", "notice", "notification"}
_THROUGH = {"Signing", "Ratification"}
_STEPS = {"step", "move", "decision"}
_SPEAKING = {"Signing", "Ratification", "Approval", "Accession", "Withdrawal", "Extension",
             "Suspension", "Termination", "Expiry", "EntryIntoForce", "Postponement",
             "Cancellation", "Amendment", "Launch"}  # fmt: skip
Found = list[tuple[str, Span]]


class LightVerbs(Happenings):
    """Finds what nouns of doing are about, and who acts, beyond the noun's own phrase."""

    def named_doing(self, token: Any, role: Role) -> Found:
        """Return the event that a noun names: "the signing was postponed"."""
        if token.lemma_.lower() in {"ceremony", "event"}:  # "the signing ceremony was put off"
            inner = [c for c in token.children if c.lemma_.lower() in self.nouns]
            token = inner[0] if inner else token
        lemma = token.lemma_.lower()
        if lemma in _STEPS and "Withdrawal" in role.types:
            return self._step(token, role)
        if lemma not in self.nouns or self.paragraph.chunks[token.i] is not None:
            return []
        frame = next((f for f in self.frames if lemma in f.nouns and f.event), None)
        if frame is None:
            return []
        through = frame.event in _THROUGH and "Withdrawal" in role.types
        if not through and not any(is_a(frame.event, t) for t in role.types):
            return []
        item = self._doing(token, Stance())
        if item is None:
            return []
        if through:  # who approves a signature or ratification approves the treaty
            return [x for x in item.roles["theme"] if role.fits(self.draft.things[x[0]].cls)]
        theme, _ = item.roles["theme"][0]
        return [(self.event_of(item, theme), self.paragraph.spans[token.i])]

    def _step(self, token: Any, role: Role) -> Found:
        """ "Parliament approved the step": the deed that the text told last."""
        if determiner(token) not in {"the", "this", "that"} or not self.told:
            return []
        key = next(reversed(self.told))
        thing = self.draft.things[key]
        near = thing.last >= self.draft.number - 2
        return [(key, self.paragraph.spans[token.i])] if near and role.fits(thing.cls) else []

    def _doing(self, token: Any, stance: Stance) -> Bound | None:
        """Return the frame that a noun of doing fits; the engine knows how."""
        raise NotImplementedError

    def spoken_of(self, frame: Frame, token: Any, p: Predication) -> Found:
        """Return what a noun of doing leaves unsaid: what its verb acts on, or what was told."""
        things, verb = self.draft.things, self._light(token)
        span = self.paragraph.spans[token.i]
        if verb is not None and verb.lemma_.lower() in _GIVING:
            outer = predication(verb)
            found = self._fits(frame, outer.slot("to") or outer.objects)
            if found:
                return found
        if verb is not None and verb.lemma_.lower() in _GETTING:
            return self._fits(frame, predication(verb).subjects)
        if verb is not None and verb.lemma_.lower() in _SENDING:
            outer = predication(verb)
            return self._fits(frame, outer.objects)
        if not p.objects and (found := self._fits(frame, self._of_clause(token))):
            return found
        paper = governor(token.head) if token.head.lower_ == "of" else None
        if paper is not None and paper.lemma_.lower() in _PAPERS:
            hung = [g for c in paper.children if c.lower_ in _ABOUT for g in c.children]
            if found := self._fits(frame, [g for g in hung if g.dep_ == "pobj"]):
                return found
        opens = token.dep_ in {"nsubj", "nsubjpass"} and token.i == token.sent.start
        definite = determiner(token) in {"the", "this", "that", "poss"} or bool(p.slot("by"))
        definite = definite or opens  # "Entry into force is expected in May"
        if frame.event not in _SPEAKING or not (definite or verb is not None):
            return []
        if any(p.slot(s) for s in ("of", "to", "from", "for", "on")):
            return []
        if definite and (known := self._told_before(frame)):
            return [(known, span)]
        key = self.refer.topic_thing
        if not key or not frame.theme.fits(things[key].cls) or (p.objects and verb is None):
            return []
        if things[key].last < self.draft.number - 2 or not self._mentioned_before(key, token):
            return []
        return [(key, span)]

    def _mentioned_before(self, key: str, token: Any) -> bool:
        first, here = self.draft.things[key].first, self.paragraph.spans[token.i]
        return first is not None and first.start < here.start

    def _told_before(self, frame: Frame) -> str:
        """Return what the last event of a kind was about: "the withdrawal became final"."""
        kind = f"event:{frame.event.lower()}-"
        last = next((k for k in reversed(self.told) if k.startswith(kind)), "")
        return self.draft.things[last].traits.get("theme", "") if last else ""

    def _of_clause(self, token: Any) -> list[Any]:
        """ "The pact is pending ratification by A": what the clause speaks of is ratified."""
        prep = token.head
        if token.dep_ not in {"pobj", "dobj"} or prep.lower_ not in _BESIDE:
            return []
        verb = governor(prep)
        if verb is not None and verb.lower_ == "subject":
            verb = verb if verb.dep_ == "amod" else governor(verb)
        if verb is None or verb.pos_ not in {"VERB", "AUX"} or determiner(token) in {"a", "an"}:
            return []
        return [t for t in predication(verb).subjects if t.pos_ != "PRON"]

    def _fits(self, frame: Frame, tokens: list[Any]) -> Found:
        return [
            (k, s) for k, s in self.refer.all(tokens) if frame.theme.fits(self.draft.things[k].cls)
        ]

    def doers_beyond(self, frame: Frame, token: Any, p: Predication) -> Found:
        """Return who gives, gets from or is sent what a noun of doing names."""
        verb = self._light(token)
        if verb is None:
            return []
        outer, lemma = predication(verb), verb.lemma_.lower()
        tokens = outer.subjects if lemma in _GIVING | {"deposit", "exchange"} else []
        if lemma in _GETTING:
            tokens = outer.slot("from") + outer.slot("by") + p.slot("from")
        elif lemma in _SENDING:
            tokens = outer.slot("to")
        return [
            (k, s) for k, s in self.refer.all(tokens) if frame.actor.fits(self.draft.things[k].cls)
        ]

    def _light(self, token: Any) -> Any | None:
        """Return the verb that lends a noun its arguments: give, win, need, submit for."""
        head = governor(token)
        if head is not None and head.pos_ == "ADP" and head.lower_ in {"of", "for"}:
            above = governor(head)
            if above is None:
                return None
            if head.lower_ == "for":
                return above if above.lemma_.lower() in _SENDING else None
            head = governor(above) if above.lemma_.lower() in _PAPERS else None
        if head is None or head.pos_ != "VERB":
            return None
        known = _GIVING | _GETTING | {"deposit", "exchange"}
        return head if head.lemma_.lower() in known else None
