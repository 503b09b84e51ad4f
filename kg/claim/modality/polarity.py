"""Negation and condition: words beside a predicate that make it its opposite, or a mere case."""

from __future__ import annotations

from typing import Any

HEARSAY = {"allegedly", "reportedly", "supposedly", "purportedly", "apparently"}
NOT_QUITE = {"almost", "nearly"}
_SUPPOSED = ("suppose", "imagine", "assuming")
HEARD = set(
    "rumour rumor speculation claim allegation report suggestion leak gossip whisper".split()
)
_UNTRUE = set(
    """false untrue baseless unfounded groundless wrong incorrect inaccurate fabricated fake
    fictitious invented misleading nonsense mistaken""".split()
)
_TRUE = {"true", "correct", "accurate", "right", "case"}
# "balked at signing", "held off on signing", "shied away from signing", with the particle if any.
_HOLDING_BACK = {
    "balk": "", "baulk": "", "recoil": "", "shrink": "", "desist": "", "refrain": "", "abstain": "",
    "hold": "off back", "shy": "away", "back": "away off out down", "draw": "back", "pull": "back",
}  # fmt: skip
_REFUTING = {"dismiss", "reject", "deny", "refute", "rebut", "brand", "call", "describe", "label"}


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
    if _inverted(token) and (token.dep_ == "advcl" or _would(token)):
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


def _would(token: Any) -> bool:
    """Tell whether a clause before a verb is told as unreal: "it would have lapsed had A left"."""
    return any(
        c.dep_ in {"ccomp", "advcl"}
        and c.i < token.i
        and any(g.lower_ in {"would", "could", "might", "should"} for g in c.children)
        for c in token.children
    )


def untrue(noun: Any) -> bool:
    """Tell whether what a noun reports is called false: "rumours that ... are baseless"."""
    above, told = noun.head, {noun.lemma_.lower()}
    if above.dep_ == "prep":  # "dismissed as untrue a report that"
        above = above.head
    if above.lemma_.lower() == "be" and noun.dep_ in {"nsubj", "nsubjpass"}:
        told = {g.lower_ for c in above.children for g in (c, *c.children)}
        return bool(told & _UNTRUE) and not negated(above)
    if above.lemma_.lower() not in _REFUTING or negated(above):
        return False
    near = {t.lower_ for c in above.children for t in (c, *c.children) if t.i < noun.i}
    return bool((near | {c.lower_ for c in noun.children}) & _UNTRUE)


def without_plan(noun: Any) -> bool:
    """Tell whether there is no such plan: "no intention of leaving", "has not any plan to"."""
    words = {c.lower_ for c in noun.children if c.dep_ in {"det", "amod", "neg"}}
    if words & {"no", "neither", "zero"}:
        return True
    above = noun.head
    if above.lower_ == "without":
        return True
    if noun.dep_ not in {"dobj", "attr", "nsubj"} or above.pos_ not in {"VERB", "AUX"}:
        return False
    return bool(above.lemma_.lower() in {"have", "be", "see"} and negated(above))


def held_back(verb: Any) -> bool:
    """Tell whether somebody keeps from doing what follows: "balked at", "held off on"."""
    particles = _HOLDING_BACK.get(verb.lemma_.lower())
    if particles is None:
        return False
    beside = {c.lower_ for c in verb.children if c.dep_ in {"prt", "advmod", "prep"}}
    return not particles or bool(beside & set(particles.split()))


def called_untrue(head: Any) -> bool:
    """Tell whether a clause is said not to hold: "it is not true that", "it is wrong that"."""
    words = {head.lower_} | {c.lower_ for c in head.children if c.dep_ in {"acomp", "attr"}}
    return bool(words & _UNTRUE) or (bool(words & _TRUE) and negated(_copula(head)))


def _copula(head: Any) -> Any:
    return head if head.lemma_.lower() == "be" else head.head


def hearsay(verb: Any) -> bool:
    """Tell whether nobody answers for what is said: "rumours said", "media reports claimed"."""
    for subject in (c for c in verb.children if c.dep_ in {"nsubj", "nsubjpass"}):
        lemma = subject.lemma_.lower()
        if lemma in HEARD - {"report"} or (lemma == "report" and subject.tag_ == "NNS"):
            return True
    return False
