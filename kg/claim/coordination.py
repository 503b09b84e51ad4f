"""Nouns side by side: what "and" joins, also where the parser hangs it from another word."""

from __future__ import annotations

from typing import Any

_NOUNISH = {"NOUN", "PROPN", "PRON", "NUM", "ADJ", "X"}


def conjuncts(token: Any) -> list[Any]:
    """Return a noun and the nouns coordinated with it, in order."""
    found = [token]
    for child in token.children:
        if child.dep_ == "conj" and child.pos_ in _NOUNISH:
            found += conjuncts(child)
        elif child.dep_ == "appos" and child.i > token.i:
            found += _beyond(child)
    return found


def _beyond(apposition: Any) -> list[Any]:
    """ "A, a firm of the B group, and C signed": the parser hangs C from the words about A."""
    found = []
    for child in apposition.children:
        before = child.left_edge.i - 1
        closed = before > 0 and [t.lower_ for t in child.doc[before - 1 : before + 1]] == [
            ",",
            "and",
        ]
        if child.dep_ == "conj" and child.pos_ == "PROPN" and closed:
            found += conjuncts(child)
    return found
