"""Which verbs say something, and of whom: reports, views, wishes put into words, announcements."""

from __future__ import annotations

from typing import Any

from kg.claim.who.speakers import Speakers
from kg.vocab import is_a

_WISHES = {"urge", "appeal", "request"}
_THAT = set(
    """hold find manifest suspect conclude recognize recognise calculate feel determine signal imply
    promise allege rule recount reason testify hint""".split()
)
_DEEDS = {"promise", "propose"}  # of states and bodies these are undertakings and offers
_REPLIES = {"answer", "reply", "respond", "counter"}
_VIEWS = {"find", "consider", "regard", "deem", "view", "see", "judge"}


class Saying(Speakers):
    """Tells verbs that report what somebody says from verbs of deeds."""

    def _speaking(self, verb: Any) -> bool:
        """Tell whether a verb reports what somebody says, not what somebody does."""
        lemma = verb.lemma_.lower()
        children = {c.dep_ for c in verb.children}
        if lemma in self.lex.words["announce"]:
            passive = "auxpass" in children
            return bool(children & {"ccomp", "parataxis", "dobj"} and not passive) or _said_after(
                verb
            )
        if lemma in {"make", "issue"} and any(
            c.dep_ == "dobj" and c.lemma_ == "announcement" for c in verb.children
        ):
            return True
        if lemma in self.lex.words["report"]:
            deed = lemma in {"confirm", "acknowledge", "recall", "point", "report"}
            clause = children & {"ccomp", "parataxis", "prt"} or _said_after(verb)
            return bool(clause) or not (deed and children & {"dobj", "nsubjpass"})
        if lemma == "call":
            return any(
                c.dep_ in {"oprd", "ccomp"}
                or (c.dep_ == "dobj" and not c.lemma_[0].isupper() and c.tag_ != "NNP")
                for c in verb.children
            ) and not any(
                c.dep_ == "prt" or (c.dep_ == "prep" and c.lower_ in {"for", "on", "off"})
                for c in verb.children
            )
        if lemma in _VIEWS:
            judged = [c for c in verb.children if c.dep_ in {"ccomp", "oprd", "xcomp"}]
            return any(c.pos_ in {"ADJ", "NOUN"} or c.tag_ != "VBG" for c in judged) or any(
                c.dep_ == "prep" and c.lower_ == "as" for c in verb.children
            )
        if lemma in _WISHES:
            return bool(children & {"dobj", "ccomp", "xcomp", "prep"})
        if lemma in _THAT:
            return any(
                c.dep_ == "ccomp"
                and any(g.lower_ == "that" for g in c.children if g.dep_ == "mark")
                for c in verb.children
            )
        if lemma == "expect":
            return bool(children & {"ccomp", "xcomp"}) and "auxpass" not in children
        if lemma == "ask" and any(self.engine.paragraph.quoted[t.i] for t in verb.sent):
            return True
        if lemma not in self.lex.words["voice_acts"]:
            return False
        behind = {c.lower_ for c in verb.children if c.dep_ == "prep"}
        if (lemma == "speak" and "of" not in behind) or (lemma in _REPLIES and "with" in behind):
            return False  # to speak at a table, to answer with sanctions
        return bool(children & {"dobj", "ccomp", "xcomp", "prep", "parataxis"}) or _said_after(verb)

    def _may(self, verb: Any, cls: str) -> bool:
        """Tell whether what a verb tells of agents of a class are words: states wish by deeds."""
        lemma = verb.lemma_.lower()
        if lemma in _DEEDS and cls not in {"Person", "AgentGroup"}:
            return False
        if is_a(cls, "Polity"):
            return lemma not in _WISHES | {"expect", "acknowledge"}
        return lemma not in _WISHES or cls != "AgentGroup"


def _said_after(verb: Any) -> bool:
    """Tell whether a clause of saying follows what is said: "…, the ministry announced"."""
    if any(c.dep_ in {"dobj", "attr", "oprd"} for c in verb.children):
        return False
    return verb.dep_ in {"ccomp", "parataxis", "advcl"} or any(
        c.dep_ == "punct" and c.text == "," and c.i < verb.i for c in verb.children
    )
