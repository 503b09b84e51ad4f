"""Answers of the release that is served, kept within so many bytes, the least used leave first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any

_OVERHEAD = 600  # bytes that an entry takes beside its body, about


class Cache:
    """Keeps values of one release; those of another one are forgotten. Thread-safe."""

    def __init__(self, limit: int) -> None:
        self.limit, self.largest = limit, limit // 16
        self.size = 0
        self._release: Hashable = None
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, release: Hashable, key: Hashable) -> Any | None:
        """Return what is kept for a key of a release, or None."""
        with self._lock:
            found = self._kept.get(key) if release == self._release else None
            if found is None:
                return None
            self._kept.move_to_end(key)
            return found[0]

    def put(self, release: Hashable, key: Hashable, value: Any, size: int) -> None:
        """Keep a value of so many bytes, unless it is too large to share the room with others."""
        size += _OVERHEAD
        if size > self.largest:
            return
        with self._lock:
            if release != self._release:
                self._kept.clear()
                self._release, self.size = release, 0
            old = self._kept.pop(key, None)
            self.size += size - (old[1] if old else 0)
            self._kept[key] = (value, size)
            while self.size > self.limit:
                _, (_, gone) = self._kept.popitem(last=False)
                self.size -= gone
