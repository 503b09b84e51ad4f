"""Documents to extractions, in one process or several: the same results in the same order.

A document that breaks the reader, or takes too long, costs itself only: there are words instead of
an extraction.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooSlow
from itertools import islice
from multiprocessing import get_context

from pebble import ProcessExpired, ProcessPool

from kg.advice import Adviser
from kg.claim import Extractor
from kg.errors import DocumentError
from kg.limits import bound_to_parent, within
from kg.model import Document, Extraction

_BATCH = 64  # documents handed to the language model at a time
_LARGE = 50_000  # characters above which a document is read by itself
_CHUNK = 8  # documents that a process takes at a time
_AHEAD = 3  # chunks a process that may wait; bounds the memory for results that are early
_START = 120.0  # seconds that a process may take to load the model
Outcome = tuple[Document, Extraction | str]

_worker: Extractor


def outcomes(
    extractor: Extractor, documents: Sequence[Document], processes: int = 1, seconds: float = 60.0
) -> Iterator[Outcome]:
    """Yield each document with its extraction, or with the reason why there is none.

    `seconds` is what one document may take.
    """
    if processes > 1 and len(documents) > _CHUNK:
        yield from _side_by_side(extractor, documents, processes, seconds)
        return
    if documents:
        _ = extractor.reader  # loading the model is no document's fault: it costs no time of it
    for batch in _batches(documents, _BATCH):
        yield from _batch(extractor, batch, seconds)


def _batches(documents: Sequence[Document], size: int) -> Iterator[Sequence[Document]]:
    """Yield runs of documents in order; a large one stands alone."""
    batch: list[Document] = []
    for document in documents:
        if batch and (len(batch) == size or len(document.text) > _LARGE):
            yield batch
            batch = []
        batch.append(document)
        if len(document.text) > _LARGE:
            yield batch
            batch = []
    if batch:
        yield batch


def _batch(
    extractor: Extractor, documents: Sequence[Document], seconds: float
) -> Iterator[Outcome]:
    done = 0
    try:
        pairs = iter(extractor.pipe(documents))
        while done < len(documents):
            with within(seconds, documents[done].name):
                pair = next(pairs)
            yield pair
            done += 1
    except Exception as error:  # whatever it is, the other documents must not suffer from it
        if len(documents) == 1:
            yield documents[0], _reason(documents[0], error)
            return
        for document in documents[done:]:
            yield document, _alone(extractor, document, seconds)


def _alone(extractor: Extractor, document: Document, seconds: float) -> Extraction | str:
    try:
        with within(seconds, document.name):
            return extractor.extract(document)
    except Exception as error:
        return _reason(document, error)


def _reason(document: Document, error: Exception) -> str:
    if isinstance(error, DocumentError):
        return str(error)
    what = f"{type(error).__name__}: {error}"[:200]
    return f"{document.name}: cannot be understood ({what}); please report it"


def _side_by_side(
    extractor: Extractor, documents: Sequence[Document], processes: int, seconds: float
) -> Iterator[Outcome]:
    chunks = _batches(documents, _CHUNK)
    pool = ProcessPool(
        max_workers=processes,
        context=get_context("spawn"),
        initializer=_start,
        initargs=(extractor.model, extractor.adviser),
    )

    def submit(chunk: Sequence[Document]) -> Future[list[Extraction | str]]:
        limit = seconds * (len(chunk) + 1) + _START  # the process keeps to `seconds` by itself
        found: Future[list[Extraction | str]] = pool.schedule(
            _read, args=(chunk, seconds), timeout=limit
        )
        return found

    try:
        waiting = deque((chunk, submit(chunk)) for chunk in islice(chunks, processes * _AHEAD))
        while waiting:
            chunk, future = waiting.popleft()
            try:
                found = future.result()
            except (ProcessExpired, TooSlow, MemoryError):
                found = [_one(submit([document]), document) for document in chunk]
            waiting.extend((more, submit(more)) for more in islice(chunks, 1))
            yield from zip(chunk, found, strict=True)
    finally:
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


def _one(future: Future[list[Extraction | str]], document: Document) -> Extraction | str:
    try:
        return future.result()[0]
    except (ProcessExpired, TooSlow, MemoryError) as error:
        return f"{document.name}: ended the process that read it ({error}); please report it"


def _start(model: str, adviser: Adviser | None) -> None:
    global _worker
    bound_to_parent()
    _worker = Extractor(model, adviser)
    _ = _worker.reader


def _read(documents: Sequence[Document], seconds: float) -> list[Extraction | str]:
    return [found for _, found in _batch(_worker, documents, seconds)]
