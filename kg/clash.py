"""Facts that cannot hold together: the weaker one is withheld, and nothing else stops.

A clash is a fact whose ends are of classes that the property rules out, a relation that leads
both ways although it may lead one way only, or a second value of a property that has one. Dates
never clash: incompatible ones stand side by side (`ontology/README.md`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain

import pyoxigraph as ox

from kg import onto
from kg.facts import Verdict
from kg.lift import predicate
from kg.model import Claim, Finding, Linked
from kg.outline import Statements
from kg.vocab import PG, Iris, shorten

MARK = "it clashes: "
Attested = tuple[str, str, float]  # a claim's id, its document, its confidence


@dataclass(frozen=True, order=True)
class Strength:
    """How well a fact is attested; the order decides which of two clashing facts stays."""

    documents: int
    confidence: float
    tie: tuple[str, ...]  # ids of claims, which only make the choice repeatable


def withhold(verdict: Verdict, statements: Statements, linked: Linked, iris: Iris) -> Verdict:
    """Return the verdict without the weaker side of every clash, with the reason for each claim.

    `statements` are those of `kg.facts.judge`. Weaker is what fewer documents state, then what has
    the lower confidence.
    """
    wrong, groups = _doubtful(verdict.facts, linked)
    if not wrong and not groups:
        return verdict
    contested = {*wrong, *chain(*(group for _, group in groups))}
    behind = _behind(contested, verdict, statements, linked, iris)
    strength = {fact: _strength(attested) for fact, attested in behind.items()}
    facts, reasons = set(verdict.facts), dict(verdict.reasons)
    for fact, why in chain(wrong.items(), _weaker(groups, strength, linked)):
        if fact in behind:
            facts.remove(fact)
            reasons |= {claim: MARK + why for claim, _, _ in behind[fact]}
    spans = {fact: span for fact, span in verdict.spans.items() if fact in facts}
    return replace(verdict, facts=frozenset(facts), reasons=reasons, spans=spans)


def withheld(verdict: Verdict) -> frozenset[str]:
    """Return the ids of the claims that a clash withheld."""
    return frozenset(i for i, why in verdict.reasons.items() if why.startswith(MARK))


def findings(verdict: Verdict, claims: Iterable[Claim]) -> tuple[Finding, ...]:
    """Return a finding that stops nothing for each claim that a clash withheld."""
    return tuple(
        Finding(
            check="clash",
            message=verdict.reasons[claim.id],
            blocks=False,
            claim=claim.id,
            doc=claim.doc,
            quote=claim.evidence[0].quote if claim.evidence else "",
        )
        for claim in claims
        if verdict.reasons.get(claim.id, "").startswith(MARK)
    )


def _behind(
    contested: set[ox.Triple],
    verdict: Verdict,
    statements: Statements,
    linked: Linked,
    iris: Iris,
) -> dict[ox.Triple, list[Attested]]:
    """Return the accepted claims of contested facts."""
    ends = {(fact.predicate, fact.subject.value) for fact in contested}  # type: ignore[union-attr]
    found: dict[ox.Triple, list[Attested]] = defaultdict(list)
    for doc, rows in statements:
        for row in rows:
            end = predicate(row.predicate), linked.iri[doc, row.subject]
            if end in ends and row.id not in verdict.reasons:
                statement = row.triple(doc, linked, iris)
                if statement in contested:
                    found[statement].append((row.id, doc, row.confidence))
    return found


def _strength(attested: Iterable[Attested]) -> Strength:
    idents, documents, confidences = zip(*attested, strict=True)
    return Strength(len(set(documents)), max(confidences), tuple(sorted(idents)))


def _doubtful(
    facts: Iterable[ox.Triple], linked: Linked
) -> tuple[dict[ox.Triple, str], list[tuple[str, list[ox.Triple]]]]:
    """Return facts with a wrong end and why, and groups of facts that exclude each other."""
    wrong: dict[ox.Triple, str] = {}
    seen: set[int] = set()
    twice: set[int] = set()
    for fact in facts:
        name = fact.predicate.value.removeprefix(PG)
        if why := _wrong_end(fact, name, linked):
            wrong[fact] = why
        elif key := _excluding(fact, name):
            # Of the many only the hash is kept until a second one shows up.
            mark = hash(key)
            (twice if mark in seen or fact.subject == fact.object else seen).add(mark)
    groups: dict[tuple[str, ...], list[ox.Triple]] = defaultdict(list)
    for fact in facts if twice else ():
        key = _excluding(fact, fact.predicate.value.removeprefix(PG))
        if hash(key) in twice and fact not in wrong:
            groups[key].append(fact)
    return wrong, [(key[0], group) for key, group in groups.items()]


def _excluding(fact: ox.Triple, name: str) -> tuple[str, ...]:
    """Return what facts share of which one can hold only; nothing where all can."""
    if _one_way(name):
        return name, *sorted((_value(fact.subject), _value(fact.object)))
    return (name, _value(fact.subject)) if name in onto.single_valued() else ()


def _weaker(
    groups: Iterable[tuple[str, list[ox.Triple]]],
    strength: Mapping[ox.Triple, Strength],
    linked: Linked,
) -> Iterator[tuple[ox.Triple, str]]:
    """Yield the facts to withhold of groups that exclude each other, and why."""
    for name, group in groups:
        attested = [fact for fact in group if fact in strength]
        best = max(attested, key=lambda fact: strength[fact], default=None)
        for fact in attested:
            if best and (fact != best or fact.subject == fact.object):
                yield fact, _compared(fact, best, name, strength, linked)


def _wrong_end(fact: ox.Triple, name: str, linked: Linked) -> str:
    if name not in onto.terms():
        return ""
    for node, wanted, role in zip(
        (fact.subject, fact.object), onto.ends(name), ("subject", "object"), strict=True
    ):
        thing = linked.things.get(_value(node))
        for cls in wanted if thing else ():
            if thing and onto.disjoint(thing.type, cls):
                return (
                    f"{thing.label} is known as {_words(thing.type)}, which the {role} of "
                    f"pg:{name} cannot be ({_words(cls)})"
                )
    return ""


def _compared(
    fact: ox.Triple,
    best: ox.Triple,
    name: str,
    strength: Mapping[ox.Triple, Strength],
    linked: Linked,
) -> str:
    if fact == best:
        return f"nothing stands in pg:{name} to itself"
    number = strength[best].documents
    source = "another document" if number == 1 else f"{number} documents"
    other = _label(best.object if fact.subject == best.subject else best.subject, linked)
    return f"pg:{name} holds of {other}, as {source} better attest{'s' if number == 1 else ''}"


def _one_way(name: str) -> bool:
    term = onto.terms().get(name)
    return bool(term) and "AsymmetricProperty" in onto.terms()[name].characteristics


def _label(node: object, linked: Linked) -> str:
    thing = linked.things.get(_value(node))
    return thing.label if thing else shorten(_value(node))


def _words(cls: str) -> str:
    return onto.terms()[cls].label if cls in onto.terms() else cls


def _value(node: object) -> str:
    return str(getattr(node, "value", node))
