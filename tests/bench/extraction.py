"""Measure the extraction and the building of releases: rate, memory, growth.

    python tests/bench/extraction.py rate             documents a second beside bare nlp.pipe
    python tests/bench/extraction.py memory 20000     resident memory over a long run
    python tests/bench/extraction.py growth 1000      a whole build, and ten documents more

Rates are of processor time on one core, so that a busy machine changes them little. Documents are
varied from the samples. Prints one JSON object a line.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
os.environ.setdefault("OMP_NUM_THREADS", "1")

from kg.claim import Extractor
from kg.model import Document
from kg.pipeline import build
from kg.read import open_bytes
from kg.settings import Settings
from kg.workers import outcomes
from varied import texts


def documents(number: int, seed: int = 1) -> Iterator[Document]:
    """Yield varied documents."""
    for n, text in enumerate(texts(number, seed)):
        yield open_bytes(f"{seed}-{n:06d}.txt", text.encode(), "text")


def rate(number: int = 360) -> dict[str, float]:
    """Return documents a second of the extraction and of the language model alone."""
    extractor, some = Extractor(), list(documents(number))
    list(extractor.pipe(some[:16]))
    began = time.process_time()
    claims = sum(len(found.claims) for _, found in extractor.pipe(some))
    ours = time.process_time() - began
    began = time.process_time()
    for _ in extractor.reader.nlp.pipe(document.text for document in some):
        pass
    bare = time.process_time() - began
    return {
        "documents": number,
        "characters": sum(len(d.text) for d in some) // number,
        "claims": claims,
        "per second": round(number / ours, 2),
        "bare per second": round(number / bare, 2),
        "of bare": round(bare / ours, 3),
    }


def memory(number: int, steps: int = 10) -> Iterator[dict[str, float]]:
    """Yield resident memory, in MB, while so many documents are read and let go."""
    extractor, size = Extractor(), max(1, number // steps)
    for step in range(steps):
        began = time.process_time()
        for _ in outcomes(extractor, list(documents(size, seed=step + 1))):
            pass
        yield {
            "read": (step + 1) * size,
            "resident MB": resident(),
            "per second": round(size / (time.process_time() - began), 2),
        }


def growth(size: int, processes: int = 1) -> Iterator[dict[str, object]]:
    """Yield what a build of so many documents costs, again, and with ten documents more."""
    with tempfile.TemporaryDirectory() as place:
        source, ten = Path(place, "texts"), Path(place, "ten")
        for folder, number, seed in ((source, size, 1), (ten, 10, 2)):
            folder.mkdir()
            for document in documents(number, seed):
                (folder / document.name).write_text(document.text)
        known = Settings(data=Path(place, "data"), processes=processes)
        for what, sources in (
            ("all", [source]),
            ("again", [source]),
            ("ten more", [source, ten]),
        ):
            began, wall = time.process_time(), time.monotonic()
            done = build(sources, known)
            yield {
                "build": what,
                "documents": done.documents,
                "read": done.fresh,
                "triples": done.release.counts["triples"],
                "processor s": round(time.process_time() - began, 1),
                "wall s": round(time.monotonic() - wall, 1),
                "peak MB": peak(),
            }


def resident() -> int:
    """Return the resident memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() // 1_000_000


def peak() -> int:
    """Return the largest resident memory that this process had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("what", choices=["rate", "memory", "growth"])
    parser.add_argument("numbers", nargs="*", type=int)
    given = parser.parse_args()
    if given.what == "rate":
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    rows = {
        "rate": lambda: [rate(*given.numbers[:1])],
        "memory": lambda: memory(*(given.numbers[:1] or [2000])),
        "growth": lambda: growth(*(given.numbers[:1] or [1000])),
    }[given.what]()
    for row in rows:
        print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
