"""Readers for formats that can hide a bomb, run in a process of its own with limits.

Whatever a hostile page or PDF does to its parser, memory and time end there, and the next document
finds a fresh process.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import TimeoutError as TooSlow
from multiprocessing import get_context
from typing import TypeVar

from pebble import ProcessExpired, ProcessPool

from kg.errors import DocumentError
from kg.limits import bound_to_parent, confine

T = TypeVar("T")


class Apart:
    """Runs functions in another process; it starts at first use and ends with `close`."""

    def __init__(self, seconds: float, memory_mb: int) -> None:
        self.seconds, self.memory_mb = seconds, memory_mb
        self._pool: ProcessPool | None = None

    def run(self, function: Callable[..., T], name: str, *args: object) -> T:
        """Return `function(name, *args)`, all of which must be picklable.

        Raises DocumentError where it passes a limit or its process dies, and what it raises.
        """
        if self._pool is None:
            self._pool = ProcessPool(
                max_workers=1, context=get_context("spawn"), initializer=_start,
                initargs=(self.memory_mb,),
            )  # fmt: skip
        future = self._pool.schedule(function, args=(name, *args), timeout=self.seconds)
        try:
            found: T = future.result()
        except TooSlow:
            raise DocumentError(
                f"{name}: opening it took longer than {self.seconds:g} s;"
                " raise document_seconds if you trust it"
            ) from None
        except (MemoryError, ProcessExpired) as error:
            raise DocumentError(
                f"{name}: opening it took more than {self.memory_mb:,} MB of memory, or broke the"
                " reader; raise document_memory_mb if you trust it"
            ) from error
        except RecursionError as error:
            raise DocumentError(f"{name}: it nests too deep to be read") from error
        return found

    def close(self) -> None:
        """End the process."""
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()
            self._pool = None


def _start(memory_mb: int) -> None:
    """Prepare the process; what every page needs is loaded before its time counts."""
    import trafilatura  # noqa: F401

    logging.disable(logging.CRITICAL)  # what is wrong is said once, in the error
    bound_to_parent()
    confine(memory_mb)
