"""The figures of a judged corpus, as one dictionary."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import vocabulary as v
from align import Claim, class_of
from annotation import Fact
from judge import Edge, Judged

READINGS = {"strict": 2, "lenient": 1}
# What each reading leaves out of precision besides what it counts as right.
FALSE = {"strict": ("near", "false", "surplus", "elsewhere"), "lenient": ("false",)}


def rate(part: float, whole: float) -> float | None:
    """Return part / whole to four places, or None where there is nothing to divide."""
    return round(part / whole, 4) if whole else None


def prf(right: int, false: int, found: int, wanted: int) -> dict[str, Any]:
    """Return precision, recall and F1 with their counts."""
    p, r = rate(right, right + false), rate(found, wanted)
    f = round(2 * p * r / (p + r), 4) if p and r else 0.0
    return {"precision": p, "recall": r, "f1": f, "right": right, "false": false,
            "found": found, "wanted": wanted}  # fmt: skip


def _tally(
    judged: Sequence[Judged],
    reading: str,
    claims: Callable[[Any], bool],
    facts: Callable[[Any], bool],
) -> dict[str, Any]:
    """Count one reading over the claims and required facts that two filters let through."""
    level, counts, found, wanted = READINGS[reading], Counter[str](), 0, 0
    for one in judged:
        counts.update(w for n, w in one.verdict.items() if claims(one.claims[n]))
        groups = {f.group for f in one.facts if f.tier != "optional" and facts(f)}
        wanted += len(groups)
        found += len(groups & one.found(level))
    right = counts["right"] + (counts["near"] if level == 1 else 0)
    return prf(right, sum(counts[w] for w in FALSE[reading]), found, wanted)


def figures(judged: Sequence[Judged]) -> dict[str, Any]:
    """Return all figures of a judged corpus."""
    every, relations = (lambda _: True), (lambda x: x.predicate != "type")
    out: dict[str, Any] = {"documents": len(judged), "facts": sum(len(j.facts) for j in judged)}
    for reading in READINGS:
        out[reading] = _tally(judged, reading, every, every)
        out[reading]["relations"] = _tally(judged, reading, relations, relations)
        out[reading]["interval95"] = _interval(judged, reading)
        for tier in ("core", "full"):
            some = _tally(judged, reading, every, lambda f, t=tier: f.tier == t)
            out[reading][f"recall_{tier}"] = some["recall"]
    out["verdicts"] = dict(Counter(w for j in judged for w in j.verdict.values()))
    out["modality"], out["speaker"] = _modality(judged), _speaker(judged)
    out["evidence"] = _evidence(judged)
    out["predicates"] = {
        name: {r: _tally(judged, r, *[lambda x, n=name: x.predicate == n] * 2) for r in READINGS}
        for name in _names(judged)
    }
    out["classes"] = _classes(judged)
    out["rules"] = _rules(judged)
    return out


def _names(judged: Sequence[Judged]) -> list[str]:
    required = Counter(f.predicate for j in judged for f in j.facts if f.tier != "optional")
    claimed = Counter(c.predicate for j in judged for c in j.claims if v.in_scope(c.predicate))
    return sorted({*required, *claimed}, key=lambda n: (-required[n], n))


def _interval(judged: Sequence[Judged], reading: str, rounds: int = 500) -> dict[str, list[float]]:
    """Return the middle 95 % of precision and recall when documents are drawn with replacement."""
    every = lambda _: True  # noqa: E731
    parts = [_tally([one], reading, every, every) for one in judged]
    draw = random.Random(2026)
    found: dict[str, list[float]] = {"precision": [], "recall": []}
    for _ in range(rounds if len(parts) > 1 else 0):
        picked = draw.choices(parts, k=len(parts))
        total = {k: sum(p[k] for p in picked) for k in ("right", "false", "found", "wanted")}
        for name, value in prf(**total).items():
            if name in found and value is not None:
                found[name].append(value)
    cut = lambda values: [values[int(len(values) * q)] for q in (0.025, 0.975)]  # noqa: E731
    return {name: cut(sorted(values)) for name, values in found.items() if values}


def _matched(judged: Sequence[Judged]) -> Iterator[tuple[Judged, Claim, Fact, Edge]]:
    """Yield document, claim, fact, edge of the matched claims whose modality counts."""
    for one in judged:
        for number, edge in one.taken.items():
            item, fact = one.claims[number], one.facts[edge.fact]
            if fact.predicate not in {"type", "dateIssued"}:
                yield one, item, fact, edge


def _modality(judged: Sequence[Judged]) -> dict[str, Any]:
    counts: Counter[str] = Counter()
    table: Counter[tuple[str, str]] = Counter()
    for _, item, fact, _ in _matched(judged):
        accepted = {fact.modality, *fact.modality_alt}
        good = item.modality in accepted
        table[fact.modality, item.modality] += 1
        counts["all"] += 1
        counts["right"] += good
        if fact.modality != "actual":
            counts["not_actual"] += 1
            counts["not_actual_right"] += good
        counts["asserted_though_not"] += item.modality == "actual" and "actual" not in accepted
    return {
        "accuracy": rate(counts["right"], counts["all"]),
        "of": counts["all"],
        "not_actual": rate(counts["not_actual_right"], counts["not_actual"]),
        "not_actual_of": counts["not_actual"],
        "asserted_though_not": counts["asserted_though_not"],
        "kappa": kappa(table),
        "confusion": {f"{gold} as {said}": n for (gold, said), n in table.most_common()},
    }


def kappa(table: Counter[tuple[str, str]]) -> float | None:
    """Return Cohen's kappa of a table of pairs: agreement beyond chance (Cohen 1960)."""
    total = sum(table.values())
    if not total:
        return None
    rows, columns = Counter[str](), Counter[str]()
    for (row, column), n in table.items():
        rows[row] += n
        columns[column] += n
    seen = sum(n for (row, column), n in table.items() if row == column) / total
    chance = sum(rows[name] * columns[name] for name in rows) / total**2
    return 1.0 if chance == 1 else round((seen - chance) / (1 - chance), 4)


def _speaker(judged: Sequence[Judged]) -> dict[str, Any]:
    counts: Counter[str] = Counter()
    for one, item, fact, _ in _matched(judged):
        good = one.document.speaker_right(item, fact)
        counts.update(all=1, right=good)
        if fact.speaker:
            counts.update(attributed=1, attributed_right=good)
    return {
        "accuracy": rate(counts["right"], counts["all"]),
        "of": counts["all"],
        "attributed": rate(counts["attributed_right"], counts["attributed"]),
        "attributed_of": counts["attributed"],
    }


def _evidence(judged: Sequence[Judged]) -> dict[str, Any]:
    found = [edge.overlap for *_, fact, edge in _matched(judged) if not fact.anywhere]
    good = sum(value >= 0.5 for value in found)
    return {
        "mean_overlap": rate(sum(found), len(found)),
        "at_least_half": rate(good, len(found)),
        "of": len(found),
    }


def _classes(judged: Sequence[Judged]) -> dict[str, Any]:
    """Types by class: how many of the gold's things of a class were found as such."""
    kinds = Counter(
        f.object.names[0]
        for j in judged
        for f in j.facts
        if f.predicate == "type" and f.tier != "optional"
    )
    return {
        kind: {
            reading: _tally(
                judged,
                reading,
                lambda c, k=kind: c.predicate == "type" and class_of(c.object) == k,
                lambda f, k=kind: f.predicate == "type" and f.object.names[0] == k,
            )
            for reading in READINGS
        }
        for kind, _ in kinds.most_common()
    }


def _rules(judged: Sequence[Judged]) -> dict[str, Any]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for one in judged:
        for number, word in one.verdict.items():
            counts[one.claims[number].rule][word] += 1
    out = {}
    for rule, words in sorted(counts.items(), key=lambda item: (-item[1].total(), item[0])):
        right, near = words["right"], words["near"]
        strict = right + sum(words[w] for w in FALSE["strict"])
        out[rule] = {
            "claims": words.total(),
            "strict": rate(right, strict),
            "lenient": rate(right + near, right + near + words["false"]),
        }
    return out
