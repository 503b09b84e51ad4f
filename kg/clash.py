"""Facts that cannot hold together: the weaker one is withheld, and nothing else stops.

A clash is a fact whose ends are of classes that the property rules out, a relation that leads
both ways although it may lead one way only, or a second value of a property that has one. Dates
never clash: incompatible ones stand side by side (`ontology/README.md`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import pyoxigraph as ox

from kg import onto
from kg.facts import Verdict
from kg.lift import triple
from kg.model import Claim, Finding, Linked
from kg.vocab import PG, Iris, shorten

MARK = "it clashes: "


@dataclass(frozen=True, order=True)
class Strength:
    """How well a fact is attested; the order decides which of two clashing facts stays."""

    documents: int
    confidence: float
    tie: tuple[str, ...]  # ids of claims, which only make the choice repeatable


def withhold(verdict: Verdict, claims: Iterable[Claim], linked: Linked, iris: Iris) -> Verdict:
    """Return the verdict without the weaker side of every clash, with the reason for each claim.

    Weaker is what fewer documents state, then what has the lower confidence.
    """
    behind: dict[ox.Triple, list[Claim]] = defaultdict(list)
    for claim in claims:
        statement = ox.Triple(*triple(claim, linked, iris))
        if statement in verdict.facts and claim.id not in verdict.reasons:
            behind[statement].append(claim)
    strength = {fact: _strength(group) for fact, group in behind.items()}
    facts, reasons = set(verdict.facts), dict(verdict.reasons)
    for fact, why in _clashes(verdict.facts, strength, linked):
        if fact in facts:
            facts.remove(fact)
            reasons |= {claim.id: MARK + why for claim in behind[fact]}
    spans = {fact: span for fact, span in verdict.spans.items() if fact in facts}
    return replace(verdict, facts=frozenset(facts), reasons=reasons, spans=spans)


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


def _strength(claims: Iterable[Claim]) -> Strength:
    group = list(claims)
    return Strength(
        len({claim.doc for claim in group}),
        max(claim.confidence for claim in group),
        tuple(sorted(claim.id for claim in group)),
    )


def _clashes(
    facts: Iterable[ox.Triple], strength: Mapping[ox.Triple, Strength], linked: Linked
) -> Iterator[tuple[ox.Triple, str]]:
    """Yield the fact to withhold of every clash, and why."""
    known = [fact for fact in facts if fact in strength]
    groups: dict[tuple[str, str], list[ox.Triple]] = defaultdict(list)
    for fact in sorted(known, key=str):
        name = fact.predicate.value.removeprefix(PG)
        if why := _wrong_end(fact, name, linked):
            yield fact, why
        elif _one_way(name):
            ends = sorted((_value(fact.subject), _value(fact.object)))
            groups[name, "\n".join(ends)].append(fact)
        elif name in onto.single_valued():
            groups[name, _value(fact.subject)].append(fact)
    for (name, _), group in groups.items():
        best = max(group, key=lambda fact: strength[fact])
        for fact in group:
            if fact != best or fact.subject == fact.object:
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
