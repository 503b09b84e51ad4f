"""Negation and condition: words beside a predicate that make it its opposite, or a mere case."""

from __future__ import annotations

from typing import Any

HEARSAY = {"allegedly", "reportedly", "supposedly", "purportedly", "apparently"}
NOT_QUITE = {"almost", "nearly"}
_SUPPOSED = ("suppose", "imagine", "assuming")


def negated(token: Any) -> bool:
    """Tell whether a predicate is negated by a word beside it, or by what its subject is."""
    for child in token.children:
        if child.dep_ == "neg" or (
            child.lower_ in {"never", "neither", "nor", "n't", "not"} and child.i < token.i
        ):
            return True
        if child.dep_ in {"nsubj", "nsubjpass", "dobj"} and any(
            g.dep_ == "det" and g.lower_ in {"no", "neither"} for g in child.children
        ):
            return True
        if child.dep_ in {"nsubj", "nsubjpass"} and (
            child.lower_ in {"none", "nobody", "neither", "few"}
            or any(t.lower_ in {"hardly", "scarcely"} for t in child.lefts)
            or any(t.lower_ in {"hardly", "scarcely"} for g in child.lefts for t in g.lefts)
        ):
            return True
    return bool(token.dep_ == "pcomp" and token.head.lower_ == "without")


def hypothetical(token: Any) -> bool:
    """Tell whether a predicate is a condition, depends on one, or is only supposed."""
    mark = [c.lower_ for c in token.children if c.dep_ == "mark"]
    if token.dep_ in {"advcl", "ccomp"} and {
        "if",
        "unless",
        "whether",
        "provided",
        "once",
    } & set(mark):
        return not ("once" in mark and token.tag_ in {"VBD", "VBN"})
    if token.dep_ == "advcl" and _inverted(token):
        return True
    if token.sent[0].lower_.startswith(_SUPPOSED):
        return True
    return (
        any(
            c.dep_ == "advcl"
            and any(g.dep_ == "mark" and g.lower_ in {"if", "unless"} for g in c.children)
            for c in token.children
            if c.i != token.i
        )
        and any(
            c.lower_ in {"would", "could", "might", "may", "will", "shall"}
            for c in token.children
            if c.dep_ == "aux"
        )
    ) or (
        token.tag_ in {"VBP", "VBZ"}
        and any(
            c.dep_ == "advcl"
            and any(g.dep_ == "mark" and g.lower_ in {"if", "unless"} for g in c.children)
            for c in token.children
        )
    )


def _inverted(token: Any) -> bool:
    """Tell whether a clause is a condition by its order: "had Mali signed", "should Mali sign"."""
    aux = [c for c in token.children if c.lower_ in {"had", "were", "should"} and "aux" in c.dep_]
    subjects = [c for c in token.children if c.dep_ in {"nsubj", "nsubjpass"}]
    return bool(aux and subjects) and aux[0].i < subjects[0].i
