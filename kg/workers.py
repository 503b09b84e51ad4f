"""Documents to extractions, in one process or several: the same results in the same order.

A document that breaks the reader costs itself only, in words instead of an extraction.
"""

from __future__ import annotations

import ctypes
import signal
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from kg.claim import Extractor
from kg.model import Document, Extraction

_BATCH = 64  # documents handed to the language model at a time
_CHUNK = 8  # documents that a process takes at a time
_PDEATHSIG = 1  # prctl(2)
Outcome = tuple[Document, Extraction | str]

_worker: Extractor


def outcomes(
    extractor: Extractor, documents: Sequence[Document], processes: int = 1
) -> Iterator[Outcome]:
    """Yield each document with its extraction, or with the reason why there is none."""
    if processes > 1 and len(documents) > _CHUNK:
        yield from _side_by_side(extractor.model, documents, processes)
        return
    for start in range(0, len(documents), _BATCH):
        yield from _batch(extractor, documents[start : start + _BATCH])


def _batch(extractor: Extractor, documents: Sequence[Document]) -> Iterator[Outcome]:
    done = 0
    try:
        for pair in extractor.pipe(documents):
            yield pair
            done += 1
    except Exception:  # whatever it is, the other documents must not suffer from it
        for document in documents[done:]:
            yield document, _alone(extractor, document)


def _alone(extractor: Extractor, document: Document) -> Extraction | str:
    try:
        return extractor.extract(document)
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:200]


def _side_by_side(model: str, documents: Sequence[Document], processes: int) -> Iterator[Outcome]:
    chunks = [documents[i : i + _CHUNK] for i in range(0, len(documents), _CHUNK)]
    pool = ProcessPoolExecutor(min(processes, len(chunks)), get_context("spawn"), _start, (model,))
    try:
        for chunk, found in zip(chunks, pool.map(_read, chunks), strict=True):
            yield from zip(chunk, found, strict=True)
    finally:
        pool.shutdown(cancel_futures=True)


def _start(model: str) -> None:
    """Prepare a process: it ends with its parent, and leaves Ctrl-C to it."""
    global _worker
    ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _worker = Extractor(model)


def _read(documents: Iterable[Document]) -> list[Extraction | str]:
    return [found for _, found in _batch(_worker, list(documents))]
