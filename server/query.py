"""What is asked of the query processes, what comes back, and how it can fail."""

from __future__ import annotations

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from kg.errors import InputError, PactgraphError
from server import wire

_REMEMBERED = 2000  # shapes of slow queries
_MEMORY = 30.0  # seconds that one is remembered
_NOISE = re.compile(r"#[^\n]*|\d+|\s+")


class Busy(PactgraphError):
    """All query processes are at work and the queue is full; come back later."""

    status = 503


class NotAcceptable(InputError):
    """None of the media types asked for can carry the result."""

    status = 406


class Forbidden(InputError):
    """The query would fetch from elsewhere, which is not allowed here."""

    status = 403


class TooLarge(PactgraphError):
    """The result passed the limit; nothing is ever cut silently."""

    status = 503


@dataclass
class Answer:
    """A result: its media type and a file at its start, in memory or spilled to disk."""

    media_type: str
    body: IO[bytes]
    size: int
    release: int
    volatile: bool = False
    form: str = ""
    seconds: float = 0.0

    def content(self) -> bytes:
        """Return the whole body and close it."""
        with self.body:
            return self.body.read()

    def chunks(self) -> Iterator[bytes]:
        """Yield the body piece by piece and close it."""
        with self.body:
            while part := self.body.read(wire.CHUNK):
                yield part


@dataclass(frozen=True)
class Ask:
    """One query with the dataset and media types that the protocol names.

    With `graph` (an IRI, or "" for the unnamed graph) that graph is asked for instead of a query,
    with `everything` all of them. `words` are the keywords of a query before what it asked for
    elsewhere was written into it; None where nothing was.
    """

    query: str
    accept: tuple[str, ...] = ("*/*",)
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    base: str | None = None
    union: bool = True
    graph: str | None = None
    everything: bool = False
    words: frozenset[str] | None = None


@dataclass
class Counts:
    """What happened in the pool, for the metrics; counts since the start."""

    asked: int = 0
    timeouts: int = 0
    crashes: int = 0
    refused: int = 0
    demoted: int = 0
    waiting: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, name: str, number: int = 1) -> None:
        """Add to one count."""
        with self.lock:
            setattr(self, name, getattr(self, name) + number)


class Slow:
    """The queries that were slow a moment ago, whatever their numbers, comments and spaces."""

    def __init__(self) -> None:
        self._until: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, text: str) -> None:
        """Remember a query for a while."""
        with self._lock:
            self._until[_shape(text)] = time.monotonic() + _MEMORY
            while len(self._until) > _REMEMBERED:
                self._until.popitem(last=False)

    def __contains__(self, text: str) -> bool:
        return bool(self._until) and self._until.get(_shape(text), 0.0) > time.monotonic()


def _shape(text: str) -> str:
    return _NOISE.sub("", text[:20_000])
