"""Read the annotated corpus: `NNN.ann` beside `NNN.txt` becomes gold facts with spans.

`python tests/quality/corpus.py check [NNN…]` names every mistake; `show NNN` prints what was
understood, `stats` counts, `digest FROM-TO` prints the digest that pins a part of the corpus.
The format is described in GUIDE.md section 2.
"""

from __future__ import annotations

import argparse
import collections
import hashlib
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from annotation import Annotation
from reader import AnnotationError, read

DOCUMENTS = Path(__file__).parent / "documents"


def files(numbers: Iterable[str] = (), annotator: str = "") -> list[Path]:
    """Return annotation files by number (`001`, `101-190`; none: all).

    `annotator` is `a` or `b` for the two independent passes, empty for the settled gold.
    """
    wanted = _wanted(numbers)
    mark = f".{annotator}" if annotator else ""
    found = sorted(DOCUMENTS.glob(f"[0-9][0-9][0-9]{mark}.ann"))
    return [path for path in found if not wanted or path.name.split(".")[0] in wanted]


def _wanted(numbers: Iterable[str]) -> set[str]:
    """Return the numbers of three digits that `001` and `101-190` name."""
    wanted: set[str] = set()
    for name in numbers:
        first, _, last = name.partition("-")
        wanted |= {f"{n:03d}" for n in range(int(first), int(last or first) + 1)}
    return wanted


def digest(numbers: Iterable[str]) -> str:
    """Return the SHA-256 of a part of the corpus: names and bytes of its files, in order."""
    total, wanted = hashlib.sha256(), _wanted(numbers)
    for path in sorted(p for p in DOCUMENTS.glob("[0-9]*") if p.name[:3] in wanted):
        total.update(f"{path.name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


def show(annotation: Annotation) -> Iterator[str]:
    """Yield the facts of a document as readable lines."""
    for fact in sorted(annotation.facts, key=lambda f: (f.start, f.line)):
        who = f" says {fact.speaker.names[0]}" if fact.speaker else ""
        yield (
            f"{fact.start:5}-{fact.end:<5} {fact.tier:8} {fact.subject.names[0]} | {fact.predicate}"
            f" | {fact.object.names[0]} ({fact.modality}{who}){' +' if fact.derived else ''}"
        )


def stats(annotations: Iterable[Annotation]) -> str:
    """Return counts of documents, facts, tiers, modalities and predicates as text."""
    everything = list(annotations)
    facts = [fact for item in everything for fact in item.facts]
    written = [fact for fact in facts if not fact.derived]
    rows = [
        f"documents {len(everything)}, facts {len(facts)}, of them written {len(written)}",
        f"distinct and required {len({f.group for f in facts if f.tier != 'optional'})}",
    ]
    for name, of in (
        ("tier", collections.Counter(f.tier for f in facts)),
        ("modality (written)", collections.Counter(f.modality for f in written)),
        ("predicate", collections.Counter(f.predicate for f in facts)),
    ):
        rows.append(f"{name}: " + ", ".join(f"{key} {count}" for key, count in of.most_common()))
    return "\n".join(rows)


def main(arguments: list[str]) -> int:
    """Run one of the commands; returns 1 when a file is faulty."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("command", choices=("check", "show", "stats", "digest"))
    parser.add_argument("names", nargs="*", help="numbers: 001 or 101-190; none means all")
    parser.add_argument("--annotator", choices=("a", "b"), default="", help="NNN.a.ann, NNN.b.ann")
    options = parser.parse_args(arguments)
    if options.command == "digest":
        print(digest(options.names))
        return 0
    good, faulty = [], 0
    for path in files(options.names, options.annotator):
        try:
            good.append(read(path))
        except AnnotationError as error:
            faulty += 1
            print(error)
    if options.command == "show":
        print("\n".join(line for item in good for line in show(item)))
    else:
        print(stats(good))
    return 1 if faulty or not good else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
