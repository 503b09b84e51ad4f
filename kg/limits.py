"""Limits for work: of time in this process, of memory in a process of its own."""

from __future__ import annotations

import ctypes
import resource
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from kg.errors import DocumentError

_PDEATHSIG = 1  # prctl(2)
_AGAIN = 1.0  # seconds after which the alarm rings again, should a library have swallowed it


class TimePassed(BaseException):
    """Raised inside the work; no `except Exception` of a library may take it for its own."""


@contextmanager
def within(seconds: float, name: str) -> Iterator[None]:
    """Raise DocumentError in the block after `seconds`, naming the document.

    Works in the main thread, where signals arrive; elsewhere there is no limit. Code that never
    returns to Python is not stopped: that runs in `kg.read.apart`.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise TimePassed

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
    try:
        yield
    except TimePassed:
        raise DocumentError(
            f"{name}: took longer than {seconds:g} s; split it or raise document_seconds"
        ) from None
    finally:
        signal.signal(signal.SIGALRM, signal.SIG_IGN)  # it may ring just now
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def bound_to_parent() -> None:
    """Let this process end with its parent, and leave Ctrl-C to it."""
    ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def confine(memory_mb: int) -> None:
    """Let this process have no more than `memory_mb` megabytes beside what it has now."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + memory_mb * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
