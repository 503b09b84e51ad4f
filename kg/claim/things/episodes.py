"""One meeting or another: "the next round", "the third session", two events in one sentence."""

from __future__ import annotations

from typing import Any

from kg.claim.draft import Thing
from kg.claim.syntax import determiner, noun_modifiers
from kg.claim.things.generic import Generic
from kg.spot.lexicon import Head

_NEW = set("next another further new upcoming subsequent previous earlier preceding".split())
_OWN_KIND = set(
    """dinner luncheon lunch retreat hearing workshop seminar symposium call conversation round
    forum briefing roundtable""".split()
)
_NUMBERED = set(
    """first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth last latest
    final inaugural opening""".split()
)


class Episodes(Generic):
    """Tells the meetings, talks and visits of a document apart."""

    def other_episode(self, found: str, token: Any, head: Head) -> bool:
        """Tell whether a noun speaks of another event than the one that fits its words best."""
        thing = self.draft.things[found]
        if head.cls == "MediaBriefing" and thing.cls != head.cls:
            return True  # a press conference is not the summit before it
        words = thing.label.lower().split(" ")
        nouns = {thing.traits.get("noun", ""), words[0], words[-1]}
        same = token.lemma_.lower() in nouns or head.words[-1] in nouns
        here = thing.first is not None and thing.first in self.draft.sentence
        if here and not (same and thing.traits.get("noun")):
            return True  # "held talks at the meeting", "met beside the meeting": two events
        if determiner(token) in {"a", "an"} and self.draft.number > 1:
            return True
        if not same and token.lemma_.lower() in _OWN_KIND:
            return True
        if not same and determiner(token) in {"", "a", "an", "another"}:
            return True
        mine, theirs = _ordinal(token), thing.traits.get("ordinal", "")
        if mine in _NEW:
            return mine != theirs or here
        return bool(mine and (not same or (theirs and mine != theirs)))

    def note_episode(self, thing: Thing, token: Any) -> None:
        """Note by which noun and number an event was told."""
        thing.traits.setdefault("noun", token.lemma_.lower())
        if mine := _ordinal(token):
            thing.traits.setdefault("ordinal", mine)


def of_talks(token: Any) -> bool:
    """Tell whether a lone "round" is one of talks: numbered, or told by its town, of nothing."""
    preps = {c.lower_ for c in token.children if c.dep_ == "prep"}
    return "of" not in preps and (bool(_ordinal(token)) or "in" in preps)


def _ordinal(token: Any) -> str:
    """Return the word that numbers an event; "the next round of talks" numbers the talks."""
    above = token.head if token.dep_ == "pobj" and token.head.lower_ == "of" else None
    if above is not None and above.head.lemma_.lower() == "round":
        token = above.head
    words = [w.lower_ for w in noun_modifiers(token)]
    words += [c.lower_ for c in token.children if c.dep_ in {"amod", "det"}]
    return next((w for w in words if w in _NEW | _NUMBERED), "")
