"""410 for what was removed for good: the addresses of its documents, people, pages and data."""

from __future__ import annotations

import os
import threading

from flask import abort, current_app, request

from kg.release import DataFolder
from kg.tombstones import FILE, Tombstones

_KINDS = {"doc", "person", "evidence", "graph"}


class Gone:
    """The tombstones of a data folder, read again when there is a new one. Thread-safe."""

    def __init__(self, folder: DataFolder) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._state: tuple[int, int] | None = None
        self._stones = Tombstones()

    @property
    def stones(self) -> Tombstones:
        """The tombstones as they are now; a look at the file's size and time."""
        try:
            found = os.stat(self._folder.path / FILE)  # noqa: PTH116  at every request
            state = found.st_size, found.st_mtime_ns
        except OSError:
            return self._stones  # none yet
        with self._lock:
            if state != self._state:
                self._stones, self._state = Tombstones.load(self._folder.path), state
            return self._stones


def check() -> None:
    """Answer 410 where the request is about something that was removed."""
    gone: Gone = current_app.extensions["gone"]
    if not (stones := gone.stones):
        return
    named = request.args.get("graph", "") if request.path == "/graphs" else request.path
    if (path := _path(named)) and (stone := stones.at(path)):
        new = stones.instead(path.removeprefix("doc/")) if path.startswith("doc/") else ""
        instead = f" A text without the name took its place: /documents/{new}" if new else ""
        abort(410, f"This was removed from the collection on {stone.day}, for good.{instead}")


def _path(address: str) -> str:
    """Return the address path (`doc/<id>`, `person/<slug>`) that an address is about, or ""."""
    base: str = current_app.extensions["settings"].base
    if address.startswith(base):
        room, rest = "id", address.removeprefix(base)
    else:
        room, _, rest = address.lstrip("/").partition("/")
    if room == "documents":
        return f"doc/{rest}"
    kind, _, slug = rest.partition("/")
    if room not in {"id", "page", "data"} or kind not in _KINDS:
        return ""
    name = slug.partition("/")[0]
    name = name.rpartition(".")[0] if room == "data" else name
    return f"{'person' if kind == 'person' else 'doc'}/{name}"
