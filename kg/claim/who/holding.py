"""Who holds an office that stands apart from the name: "X, who is also chair", "came as envoy"."""

from __future__ import annotations

from typing import Any

from kg.claim.modality.polarity import negated
from kg.claim.syntax import predication

_BEING = {"be", "become", "remain"}
_NAMING = {"appoint", "name", "elect", "swear", "make", "install"}
_ACTING = set(
    """serve act speak come attend take participate sign work represent travel appear join sit
    arrive""".split()
)


def holder_of(token: Any) -> list[Any]:
    """Return the nouns that a title is said of, by copula, "as" or apposition; often none.

    `token` is the word of the title. What is denied, asked or still to come says nothing.
    """
    head = token.head
    if token.dep_ == "appos":
        return [head]
    if token.dep_ in {"attr", "oprd"} and head.lemma_ in _BEING | _NAMING:
        verb = head
    elif token.dep_ == "pobj" and head.lower_ == "as" and head.head.lemma_ in _ACTING | _NAMING:
        verb = head.head
    else:
        return []
    aux = {c.lower_ for c in verb.children if c.dep_ in {"aux", "neg"}}
    if aux & {"will", "would", "may", "might", "could", "should", "to"} or negated(verb):
        return []
    if verb.dep_ == "relcl" and any(c.dep_ == "nsubj" and c.lower_ == "who" for c in verb.children):
        who = next(c for c in verb.children if c.dep_ == "nsubj")
        at = who.i - 1 - (who.i > 1 and who.doc[who.i - 1].text == ",")
        return [who.doc[at]] if at >= 0 else []
    parts = predication(verb)
    named = verb.lemma_ in _NAMING
    return parts.objects if named and parts.objects else parts.subjects
