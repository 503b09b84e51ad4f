"""The canonical N-Quads of a store: equal graphs give equal bytes, at any size in flat memory.

Blank nodes are named by RDFC-1.0, lines are sorted by their bytes, in runs on disk.
"""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import chain, islice
from typing import IO

import pyoxigraph as ox

_RUN = 100_000  # lines that are sorted in memory at a time: some 30 MB


def lines(store: ox.Store) -> Iterator[bytes]:
    """Yield the canonical N-Quads of a store, sorted, each line with its end."""
    with tempfile.TemporaryFile() as dump:
        store.dump(dump, format=ox.RdfFormat.N_QUADS)
        dump.seek(0)
        blank: list[bytes] = []
        yield from _sorted(chain(_without_blanks(dump, blank), _named(blank)))


def name_blanks(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return quads with the names of their blank nodes made canonical (RDFC-1.0)."""
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return list(dataset)


def _without_blanks(dump: Iterable[bytes], blank: list[bytes]) -> Iterator[bytes]:
    # Names of blank nodes depend on the statements that mention them only, so only these go
    # through the canonicalisation. A literal may hold `_:` as well: then that does no harm.
    for line in dump:
        if b"_:" in line:
            blank.append(line)
        else:
            yield line


def _named(blank: list[bytes]) -> Iterator[bytes]:
    # `blank` is filled by the time that this is asked.
    quads = ox.parse(b"".join(blank), format=ox.RdfFormat.N_QUADS)
    for quad in name_blanks(quads):
        yield f"{quad} .\n".encode()


def _sorted(rows: Iterator[bytes]) -> Iterator[bytes]:
    with ExitStack() as stack:
        runs: list[IO[bytes]] = []
        while run := sorted(islice(rows, _RUN)):
            if len(run) < _RUN and not runs:
                yield from run
                return
            handle = stack.enter_context(tempfile.TemporaryFile())
            handle.writelines(run)
            handle.seek(0)
            runs.append(handle)
        yield from heapq.merge(*runs)
