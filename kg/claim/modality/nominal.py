"""Is what a noun names done? "The signing of", "a visit to": judged by the words around the noun.

The default under an unknown embedding is: not asserted.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kg.claim.draft import Stance
from kg.claim.modality.moods import STATE_WORDS
from kg.claim.syntax import determiner, governor, noun_modifiers
from kg.claim.who.capacity import Capacities
from kg.model import Modality

_AFTER = set("after following since during with upon by throughout amid".split())
_AHEAD = set("until ahead pending awaiting towards toward till".split())
_AT = set("in at on within between".split())
_COMING = set("planned scheduled upcoming forthcoming coming next expected".split())
_OPEN = set("proposed possible potential likely future eventual hypothetical alleged".split())
_OFF = set("cancelled canceled aborted abandoned failed".split())
GATHER = set("be meet gather convene sit come arrive travel visit fly go return head leave".split())

HOSTING = {"host", "cohost", "organiser", "organizer", "chair", "convener"}
_TALKS = {"talk", "negotiation", "discussion", "consultation"}
_SENT = {"submit", "send", "refer", "forward", "transmit", "present"}
_LACKING = {"need", "require", "await", "face", "seek", "lack"}
_LICENSING = {"approve", "endorse", "authorize", "authorise", "confirm", "back", "adopt", "agree"}
_CONDITIONAL = {"conditional", "contingent", "dependent"}
_INTERRUPTING = set("suspend halt freeze pause stall abandon interrupt".split())
_TO_COME = _LACKING | _LICENSING | {"postpone", "delay", "defer"}
ENACTING = {"pass", "adopt", "approve", "enact", "sign", "promulgate", "issue", "publish"}
LAWS = {"law", "bill", "act", "decree", "order", "resolution", "legislation"}
_MODALITY: dict[str, Modality] = {
    "denied": "negated",
    "planned": "planned",
    "expected": "expected",
    "proposed": "desired",
    "possible": "possible",
}


class Nominal(Capacities):
    """Stances of nouns that name something that happens."""

    def noun_stance(self, token: Any, happening: bool = False) -> tuple[Stance, bool]:
        """Return how a noun of doing is presented, and whether it is asserted at all.

        `happening` marks meetings, talks and visits, which a definite phrase presupposes.
        """
        early = self._by_modifier(token)
        current, value = token, early
        for _ in range(8):
            head = governor(current)
            if head is None:
                break
            word = head.lower_
            if head.pos_ in {"VERB", "AUX"} and head.dep_ != "prep":  # "following" may be one
                return self._under_verb(head, current, value, happening)
            if (head.pos_ == "ADP" or head.dep_ == "prep") and value is None:
                if word in _AHEAD:
                    value = "planned"
                elif word in _AFTER:
                    value = "before" if _fronted(head, token) else "done"
                elif word == "without":
                    value = "denied"
                elif (
                    word == "to"
                    and (above := governor(head)) is not None
                    and (above.lower_ == "subject")
                ):
                    value = "planned"
                elif word in {"for", "before", "against", "unless", "to"}:
                    value = f"?{word}"
            elif word in _CONDITIONAL and value is None:
                value = "possible"
            elif any(c.lower_ == "no" for c in head.children if c.dep_ == "det"):
                value = "?no"  # "no date for a ninth round"
            elif head.pos_ in {"NOUN", "PROPN"} and current.dep_ not in {"conj", "appos", "poss"}:
                told = self._by_noun(head, happening)
                kept = value in {"done", "planned", "before"}
                value = value if kept else told or value
            current = head
        if current.pos_ in {"VERB", "AUX"} and current.i != token.i:
            return self._under_verb(current, token, value, happening)
        if value in _MODALITY:
            return _as(Stance(), value), True
        return Stance(), value in {None, "done", "before"}

    def _by_modifier(self, token: Any) -> str | None:
        words = {c.lower_ for c in token.children if c.dep_ in {"amod", "compound", "det"}}
        left = {w.lemma_.lower() for w in noun_modifiers(token)}
        if left & (self.lex.words["stop"] | {"bid", "push", "call"}):
            return "?left"  # a headline's verb that was taken for a noun
        if words & _COMING:
            return "planned"
        if words & _OPEN:
            return "possible"
        if words & (_OFF | {"no", "neither"}):
            return "denied"
        return None

    def _by_noun(self, head: Any, happening: bool) -> str | None:
        if happening and head.lemma_.lower() in _TALKS:
            return None
        for name, value in (
            ("nouns_planned", "planned"),
            ("nouns_desired", "proposed"),
            ("nouns_possible", "possible"),
            ("nouns_denied", "denied"),
        ):
            if head.lemma_.lower() in self.lex.words[name]:
                return value
        return None

    def _under_verb(
        self, verb: Any, child: Any, value: str | None, happening: bool
    ) -> tuple[Stance, bool]:
        stance, view = self.stance(verb)
        lemma, words = verb.lemma_.lower(), self.lex.words
        real = stance.modality in {"actual", "negated"}
        if value is None and _bound_to(verb, child):
            return _as(stance, "possible"), True
        if value == "before":
            return replace(stance, factuality="done", modality="actual"), True
        if value == "done":
            if real:
                return replace(stance, factuality="done", modality="actual"), True
            return stance, stance.modality == "planned"
        if value == "?for" and lemma in _SENT and real:
            return _as(stance, "planned"), stance.modality == "actual"
        if lemma in ENACTING and real and _of_law(child) and value is None:
            return stance, True  # "passed the law on the ratification of"
        if lemma in _TO_COME and real and child.dep_ in {"dobj", "nsubjpass"}:
            return _as(stance, "planned"), stance.modality == "actual"
        if value == "?for" and lemma in GATHER and not view.purpose:
            return stance, real or stance.modality == "planned"
        if value == "?to" and lemma in {"come", "travel", "return", "invite"} | words["plan"]:
            value = None
        if value and value.startswith("?"):
            return stance, False
        if happening and value in {None, "done"} and (told := self._setting(verb, child, stance)):
            return told, True
        if value in _MODALITY:
            negated = value == "denied" and stance.modality == "negated"
            return _as(stance, value), not negated
        if lemma in words["stop"]:
            under_way = child.dep_ == "nsubj" or lemma in _INTERRUPTING
            return stance, happening and under_way and real
        for name, result in (
            ("deny", "denied"),
            ("fail", "denied"),
            ("plan", "planned"),
            ("expect", "expected"),
            ("desire", "proposed"),
            ("possible", "possible"),
        ):
            if lemma in words[name] and child.dep_ != "nsubj":
                if stance.modality == "negated" or (name == "deny" and lemma in {"reject", "rule"}):
                    return stance, False
                return _as(stance, result), real or result == "denied"
        if view.purpose:
            return stance, False
        if child.dep_ in {"nsubj", "csubj"}:
            return self._as_subject(verb, stance, happening)
        if happening and child.dep_ == "attr" and child.lemma_.lower() in HOSTING:
            return stance, real or stance.modality == "planned"
        if child.dep_ in {"dobj", "nsubjpass", "attr", "dative", "appos"}:
            return stance, lemma in words["factive"]
        if child.dep_ == "prep" and child.lower_ in _AT:
            return stance, real and (happening or child.lower_ in {"in", "at"})
        return stance, lemma in words["factive"] and real

    def _setting(self, verb: Any, child: Any, stance: Stance) -> Stance | None:
        """Return how an event is presented at which something is done, if it is at all."""
        if child.dep_ != "prep" or child.lower_ not in {"at", "in", "during"}:
            return None
        told = [STATE_WORDS[c.lower_] for c in verb.children if c.lower_ in STATE_WORDS]
        if told and told[0] in _MODALITY:  # "at the forum in May, A is due to see B"
            return _as(stance, told[0])
        if _past(verb):
            return replace(stance, factuality="done", modality="actual")
        return stance if stance.modality == "planned" and child.lower_ != "in" else None

    def _as_subject(self, verb: Any, stance: Stance, happening: bool) -> tuple[Stance, bool]:
        lemma = verb.lemma_.lower()
        for child in verb.children:
            if child.dep_ in {"acomp", "attr"} and child.lower_ in STATE_WORDS:
                found = STATE_WORDS[child.lower_]
                return _as(stance, found if found in _MODALITY else "possible"), True
        if stance.modality == "actual":
            return stance, lemma not in {"require", "need", "depend", "await", "remain", "hinge"}
        if lemma in self.lex.words["factive"] | {"come"}:
            return stance, True
        if stance.modality == "negated":
            return replace(stance, factuality="done", modality="actual"), happening
        return stance, False


def _bound_to(verb: Any, child: Any) -> bool:
    """Tell whether something is made to depend: "made the signing conditional on", "tied it to"."""
    if child.dep_ not in {"dobj", "nsubj", "nsubjpass"}:
        return False
    tied = verb.lemma_.lower() in {"condition", "tie", "link"} and child.dep_ != "nsubj"
    if tied and any(c.lower_ in {"to", "on", "upon"} for c in verb.children if c.dep_ == "prep"):
        return True
    around = [*verb.children, *(child.subtree if verb.lemma_ == "make" else ())]
    return any(c.lower_ in _CONDITIONAL and c.i > child.i for c in around)


def _past(verb: Any) -> bool:
    """Tell whether a verb speaks of the past: what it was done at has been held."""
    aux = {c.lower_ for c in verb.children if c.dep_ in {"aux", "auxpass"}}
    return verb.tag_ == "VBD" or (verb.tag_ == "VBN" and bool(aux & {"had", "was", "were"}))


def _as(stance: Stance, value: str) -> Stance:
    return replace(stance, factuality=value, modality=_MODALITY[value])


def _of_law(child: Any) -> bool:
    return child.lemma_.lower() in LAWS or law_before(child)


def law_before(prep: Any) -> bool:
    """Tell whether a preposition stands right behind a law: "passed a law on"."""
    return prep.pos_ == "ADP" and prep.i > 0 and prep.nbor(-1).lemma_.lower() in LAWS


def _fronted(prep: Any, noun: Any) -> bool:
    """Tell whether a sentence starts from it: "after its approval by A, the pact will ..."."""
    return bool(prep.i <= prep.sent.start + 1) and determiner(noun) in {"the", "poss"}
