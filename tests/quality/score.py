"""Score claims against the annotated corpus, or one annotator against the other.

`python tests/quality/score.py CLAIMS.jsonl [--part dev|test] [--errors] [--json]`, where the file
holds lines of `pactgraph extract FILE --format jsonl`; `--agreement` needs no claims; `--gate`
compares with the floors of pins.json and exits 1 below them.

A claim matches a fact of the same document when the predicate says it, both ends are the fact's
and the evidence overlaps (types, sides of bodies and sources: anywhere). *Strict*: names and
classes right. *Lenient*: names long or short, class wider, predicate near. A claim that fits only
a fact which a better claim took, or only with other evidence, is false in the strict reading and
left out of the lenient one; the same triple twice for one fact is left out of both. Facts that
several sentences state count once for recall. Modality and speaker are judged apart, over the
matched claims.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import corpus
import report
import table
from align import Claim, as_claims, claim
from judge import Judged, judge_all

PARTS = {"dev": ("1-100", "201-299"), "test": ("101-190",), "all": ("1-999",)}
PINS = Path(__file__).parent / "pins.json"


def load_claims(path: Path) -> list[Claim]:
    """Return the claims of a file of JSON lines; raises ValueError naming the faulty line."""
    found = []
    for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
        if line.strip():
            try:
                found.append(claim(json.loads(line)))
            except ValueError as error:
                raise ValueError(f"{path.name}:{number}: {error}") from None
    return found


def agreement(part: str) -> list[Judged]:
    """Judge the second pass as claims against the first, for documents that have both.

    The first is `NNN.a.ann` where it was kept, else the gold itself.
    """
    numbers = PARTS[part]
    second = [corpus.read(path) for path in corpus.files(numbers, "b")]
    one = {path.name[:3]: path for path in corpus.files(numbers)}
    one |= {path.name[:3]: path for path in corpus.files(numbers, "a")}
    gold = [fact for item in second for fact in corpus.read(one[item.name]).facts]
    return judge_all(gold, as_claims(fact for item in second for fact in item.facts))


def gate(figures: dict[str, object], part: str, pins: Path = PINS) -> list[str]:
    """Return what is below the floors of pins.json, or differs from the pinned digest."""
    pinned = json.loads(pins.read_text("utf-8"))[part]
    missed = []
    if pinned.get("digest") not in (None, corpus.digest(PARTS[part])):
        missed.append(f"the {part} documents are not those of the pinned digest")
    for name, floor in pinned["floors"].items():
        value: object = figures
        for step in name.split("."):
            value = value.get(step) if isinstance(value, dict) else None
        if not isinstance(value, int | float) or value < floor:
            missed.append(f"{name} is {value}, the floor is {floor}")
    return missed


def main(arguments: list[str]) -> int:
    """Run the command; returns 1 below the floors or with unreadable input."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("claims", nargs="?", type=Path)
    parser.add_argument("--part", choices=PARTS, default="dev")
    parser.add_argument("--agreement", action="store_true", help="second annotation against first")
    parser.add_argument("--errors", action="store_true", help="list every mistake (not for test)")
    parser.add_argument("--json", action="store_true", help="all figures as JSON")
    parser.add_argument("--gate", action="store_true", help="exit 1 below the floors of pins.json")
    options = parser.parse_args(arguments)
    if options.errors and options.part != "dev" and not options.agreement:
        parser.error("--errors would open the test part: use --part dev")
    if not options.claims and not options.agreement:
        parser.error("name a file of claims, or --agreement")
    try:
        judged = _judged(options)
    except (ValueError, OSError, corpus.AnnotationError) as error:
        print(error, file=sys.stderr)
        return 1
    figures = report.figures(judged)
    print(json.dumps(figures, indent=1) if options.json else table.markdown(figures))
    if options.errors:
        print("\n".join(table.errors(judged)))
    missed = gate(figures, options.part) if options.gate else []
    print(*missed, sep="\n", end="\n" if missed else "", file=sys.stderr)
    return 1 if missed else 0


def _judged(options: argparse.Namespace) -> list[Judged]:
    if options.agreement:
        return agreement(options.part)
    gold = [corpus.read(path) for path in corpus.files(PARTS[options.part])]
    facts = [fact for item in gold for fact in item.facts]
    return judge_all(facts, load_claims(options.claims))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
