"""Costly work one after the other: some places, and few requests that wait for one.

A request that waits holds a thread of the web process, so a crowd is sent away at once.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from server.query import Busy

_WAITING = 4  # requests that wait, for each place


class Line:
    """So many places for work of one kind; others wait at most `seconds`."""

    def __init__(self, places: int, seconds: float, what: str) -> None:
        self._places = threading.Semaphore(places)
        self._waiting = threading.Semaphore(places * (1 + _WAITING))
        self._seconds, self._what = seconds, what

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold a place; raises Busy where too many wait already, or waiting takes too long."""
        if not self._waiting.acquire(blocking=False):
            raise Busy(f"{self._what} and others wait already; try again in a minute")
        try:
            if not self._places.acquire(timeout=self._seconds):
                raise Busy(f"{self._what}; try again in a minute")
            try:
                yield
            finally:
                self._places.release()
        finally:
            self._waiting.release()
