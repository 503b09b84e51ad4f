"""Match the claims of a document with its gold: which claim took which fact, and why not.

The rules are told in score.py; this is their only implementation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import names
import vocabulary as v
from align import Claim, Document, class_of, overlap
from annotation import Fact


@dataclass(frozen=True)
class Edge:
    """A claim that fits a fact: how well (2, 1), with the evidence's overlap."""

    level: int
    overlap: float
    claim: int
    fact: int


@dataclass
class Judged:
    """One document judged: which claim took which fact, and what became of the others."""

    facts: Sequence[Fact]
    claims: Sequence[Claim]
    document: Document
    taken: dict[int, Edge] = field(default_factory=dict)  # claim → edge
    verdict: dict[int, str] = field(default_factory=dict)  # claim → word of VERDICTS

    def found(self, level: int) -> set[tuple[str, str, str, str, str]]:
        """Return the groups of facts that a claim of at least this level met."""
        return {self.facts[e.fact].group for e in self.taken.values() if e.level >= level}


# right and near take a fact; surplus fits a taken one; elsewhere fits by other words; repeated says
# the same triple again; excused is another annotator's optional fact; apart is not asked for.
VERDICTS = ("right", "near", "false", "surplus", "elsewhere", "repeated", "excused", "apart")


def judge(facts: Sequence[Fact], claims: Sequence[Claim]) -> Judged:
    """Match the claims of one document with its gold."""
    document = Document(facts, claims)
    judged = Judged(facts, claims, document)
    edges, elsewhere = _edges(document)
    used: set[int] = set()
    for edge in sorted(edges, key=lambda e: _rank(e, judged)):
        if edge.claim not in judged.taken and edge.fact not in used:
            used.add(edge.fact)
            judged.taken[edge.claim] = edge
    fits = {edge.claim for edge in edges}
    said = {claims[i].triple for i in judged.taken}
    for number, item in enumerate(claims):
        if number in judged.taken:
            word = "right" if judged.taken[number].level == names.SAME else "near"
        elif not asked(item):
            word = "apart"
        elif item.excused:
            word = "excused"
        elif number in fits:
            word = "repeated" if item.triple in said else "surplus"
        else:
            word = "elsewhere" if number in elsewhere else "false"
        judged.verdict[number] = word
    return judged


def asked(item: Claim) -> bool:
    """Tell whether a claim is of a kind that the gold has at all."""
    if not v.in_scope(item.predicate):
        return False
    if item.predicate == "type":
        cls = class_of(item.object)
        return bool(cls) and v.type_tier(cls) not in {None, "optional"}
    return item.subject.type in v.CLASSES or not item.subject.type


def _edges(document: Document) -> tuple[list[Edge], set[int]]:
    edges: list[Edge] = []
    elsewhere: set[int] = set()
    by_name: dict[str, list[int]] = defaultdict(list)
    for number, fact in enumerate(document.facts):
        by_name[fact.predicate].append(number)
    for number, item in enumerate(document.claims):
        for name, places in by_name.items() if asked(item) else ():
            says = v.says(item.predicate, name)
            for place in places if says else ():
                fact = document.facts[place]
                level = min(says, _ends(document, item, fact))
                if level:
                    common = overlap(item.span, fact)
                    if common or (fact.anywhere and item.span):
                        edges.append(Edge(level, common, number, place))
                    else:
                        elsewhere.add(number)
    return edges, elsewhere


def _ends(document: Document, item: Claim, fact: Fact) -> int:
    right = document.level(item.object, fact.object)
    if not right:
        return 0
    if fact.predicate == "type":
        if fact.subject.has("Event"):
            return right if document.event.get(item.subject.key) == fact.subject else 0
        return min(right, document.wording(item.subject, fact.subject))
    if (item.predicate, fact.predicate) == ("hasSignatory", "signer"):
        signed = [
            document.level(item.subject, other.object)
            for other in document.facts
            if other.predicate in {"signingOf", "enactmentOf"} and other.subject == fact.subject
        ]
        return min(right, max(signed, default=0))
    return min(right, document.level(item.subject, fact.subject))


def _rank(edge: Edge, judged: Judged) -> tuple[object, ...]:
    """Sort key: the best level first, then modality, required facts, evidence, order."""
    item, fact = judged.claims[edge.claim], judged.facts[edge.fact]
    modal = item.modality in (fact.modality, *fact.modality_alt)
    return (
        -edge.level,
        not modal,
        fact.tier == "optional",
        -round(edge.overlap, 3),
        edge.claim,
        edge.fact,
    )


def judge_all(facts: Iterable[Fact], claims: Iterable[Claim]) -> list[Judged]:
    """Match claims with the gold document by document; claims of other documents are left out."""
    gold: dict[str, list[Fact]] = defaultdict(list)
    said: dict[str, list[Claim]] = defaultdict(list)
    for fact in facts:
        gold[fact.doc].append(fact)
    for item in claims:
        said[item.doc].append(item)
    return [judge(gold[doc], said[doc]) for doc in sorted(gold)]
