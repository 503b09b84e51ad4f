"""A judged corpus as Markdown tables and as a list of mistakes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from align import Claim
from annotation import Fact
from judge import Judged
from report import FALSE, READINGS


def errors(judged: Iterable[Judged]) -> Iterator[str]:
    """Yield every mistake as one line that begins with its kind."""
    for one in judged:
        met = one.found(1)
        shown: set[Any] = set()
        for fact in one.facts:
            if fact.tier != "optional" and fact.group not in met | shown:
                shown.add(fact.group)
                yield f"MISSED    {fact_line(fact)}"
        for number, word in one.verdict.items():
            item = one.claims[number]
            if word in FALSE["strict"]:
                edge = one.taken.get(number)
                beside = f"  <- {fact_line(one.facts[edge.fact])}" if edge else ""
                yield f"{word.upper():9} {claim_line(item)}{beside}"
            if number in one.taken and item.predicate != "type":
                fact = one.facts[one.taken[number].fact]
                if item.modality not in (fact.modality, *fact.modality_alt):
                    yield f"MODALITY  {claim_line(item)}  <- {fact.modality}"
                if not one.document.speaker_right(item, fact):
                    who = fact.speaker.names[0] if fact.speaker else "nobody"
                    yield f"SPEAKER   {claim_line(item)}  <- {who}"


def fact_line(fact: Fact) -> str:
    """Return a fact of the gold as one line."""
    return (
        f"[{fact.doc} {fact.start}-{fact.end} {fact.tier}] {fact.subject.names[0]} | "
        f"{fact.predicate} | {fact.object.names[0]} ({fact.modality})"
    )


def claim_line(item: Claim) -> str:
    """Return a claim as one line, with its rule."""
    who = f", says {item.speaker.label}" if item.speaker else ""
    span = f"{item.span[0]}-{item.span[1]}" if item.span else "no evidence"
    return (
        f"[{item.doc} {span} {item.rule}] {item.subject.label} ({item.subject.type}) | "
        f"{item.predicate} | {item.object.label} ({item.modality}{who})"
    )


def markdown(figures: dict[str, Any]) -> str:
    """Return the figures as Markdown tables."""
    lines = [f"{figures['documents']} documents, {figures['facts']} facts.", ""]
    lines += [
        "| | precision | recall | F1 | right | false | found of |",
        "|---|---|---|---|---|---|---|",
    ]
    for reading in READINGS:
        one = figures[reading]
        lines.append(_row(reading, one))
        lines.append(_row(f"{reading}, without types", one["relations"]))
    for reading in READINGS:
        one = figures[reading]
        wide = "; ".join(f"{k} {a}–{b}" for k, (a, b) in one["interval95"].items())
        lines.append("")
        lines.append(
            f"{reading}: recall core {one['recall_core']}, full {one['recall_full']}"
            + (f"; 95 % over documents: {wide}" if wide else "")
        )
    lines += ["", f"verdicts: {_flat(figures['verdicts'])}", ""]
    for name in ("modality", "speaker", "evidence"):
        lines.append(f"- {name}: {_flat(figures[name])}")
    for title, key in (("predicate", "predicates"), ("class", "classes")):
        lines += ["", f"| {title} | wanted | P strict | R strict | P lenient | R lenient |",
                  "|---|---|---|---|---|---|"]  # fmt: skip
        for name, both in figures[key].items():
            cells = [both[r][k] for r in READINGS for k in ("precision", "recall")]
            lines.append(f"| {name} | {both['strict']['wanted']} | {_cells(cells)} |")
    lines += ["", "| rule | claims | P strict | P lenient |", "|---|---|---|---|"]
    for rule, one in figures["rules"].items():
        lines.append(f"| {rule} | {one['claims']} | {_cells([one['strict'], one['lenient']])} |")
    return "\n".join(lines)


def _row(name: str, one: dict[str, Any]) -> str:
    cells = [one[k] for k in ("precision", "recall", "f1", "right", "false")]
    return f"| {name} | {_cells(cells)} | {one['found']} of {one['wanted']} |"


def _cells(values: Iterable[Any]) -> str:
    return " | ".join(
        "–" if x is None else f"{x:.3f}" if isinstance(x, float) else str(x) for x in values
    )


def _flat(figures: dict[str, Any]) -> str:
    return ", ".join(
        f"{key.replace('_', ' ')} {'–' if value is None else value}"
        for key, value in figures.items()
        if not isinstance(value, dict)
    )
