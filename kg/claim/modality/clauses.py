"""Signs in a clause: idioms around a verb, participles, and nouns that are counted off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.claim.syntax import Predication

_TH = {"st", "nd", "rd", "th"}
_ORDINALS = set(
    """first second third fourth fifth sixth seventh eighth ninth tenth last latest only sole next
    newest final""".split()
)


def participle(token: Any, children: list[Any]) -> bool:
    """Tell whether a bare participle has got the subject of the clause around it."""
    kinds = {c.dep_ for c in children}
    return token.tag_ == "VBN" and "nsubj" in kinds and not kinds & {"agent", "aux", "auxpass"}


def company(p: Predication) -> set[str]:
    """Return the words beside a verb that may make it another: "put on hold", "walk away from"."""
    nouns = [t for slot in p.preps.values() for t in slot] + p.objects
    beside = [c for c in p.token.children if c.dep_ in {"acomp", "prt", "prep", "advmod"}]
    beside += [c for b in beside for c in b.children if b.dep_ == "prep" and c.dep_ == "advmod"]
    kinds = {"compound", "amod", "nmod", "poss"}
    beside += [c for n in nouns if n.i > p.token.i for c in n.children if c.dep_ in kinds]
    # "put talks with A on a treaty on hold": the parser hangs the idiom from a noun before it.
    ends = [t for n in nouns if n.i > p.token.i for t in n.subtree if _bare_end(t)]
    return {t.lower_ for t in (*nouns, *beside, *ends)}


def _bare_end(token: Any) -> bool:
    left = token.doc[token.i - 1].lower_ if token.i else ""
    return token.dep_ == "pobj" and left in {"on", "in", "into"} and token.tag_ == "NN"


def infinitive(token: Any) -> bool:
    """Tell whether a verb is an infinitive with "to"."""
    return any(c.lower_ == "to" and c.dep_ == "aux" for c in token.children)


def ordinal(noun: Any) -> bool:
    """Tell whether a noun is counted off: "the first state to", "the 60th party to"."""
    words = [c.lower_ for c in noun.children if c.dep_ in {"amod", "nummod", "compound", "advmod"}]
    return any(w in _ORDINALS or (w[:1].isdigit() and w[-2:] in _TH) for w in words)


def counted(verb: Any) -> Any | None:
    """Return the noun in "the first state to ratify", wherever the parser hangs the verb."""
    to = next((c for c in verb.children if c.lower_ == "to" and c.dep_ == "aux"), None)
    noun = verb.doc[to.i - 1] if to is not None and to.i > verb.sent.start else None
    if noun is None or noun.pos_ not in {"NOUN", "PROPN"} or not ordinal(noun):
        return None
    return noun


def parted(token: Any, head: Any) -> bool:
    """Tell whether a semicolon stands between two clauses: neither embeds the other."""
    first, last = sorted((token.i, head.i))
    return any(t.text == ";" for t in token.doc[first:last])


def that_clause(token: Any, heard: bool) -> bool:
    """Tell whether a clause says what a noun reports; the parser may take it for a relative."""
    if heard and token.dep_ == "relcl":
        first = token.doc[token.left_edge.i]
        return bool(first.lower_ == "that" and first.dep_ not in {"nsubj", "nsubjpass"})
    return token.dep_ in {"acl", "ccomp", "appos"} and any(
        c.dep_ == "mark" and c.lower_ == "that" for c in token.children
    )


def own_aux(token: Any) -> bool:
    """Tell whether a verb has an auxiliary of its own."""
    return any(c.dep_ in {"aux", "auxpass"} for c in token.children)


def same_form(token: Any, head: Any) -> bool:
    """Tell whether two verbs are in the same form without tense."""
    return bool(token.tag_ == head.tag_) and token.tag_ in {"VB", "VBG", "VBN"}
