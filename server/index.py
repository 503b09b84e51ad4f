"""The search index of the release that is served, kept with the app."""

from __future__ import annotations

import threading

from flask import current_app

from server.ask import ask, graph, val
from server.find import Index

_building = threading.Lock()


def index() -> Index:
    """Return the search index of the release that is served, made when first asked for."""
    release = graph().release
    number = release.number if release else 0
    with _building:
        kept: tuple[int, Index] | None = current_app.extensions.get("pages_index")
        if kept is None or kept[0] != number:
            rows = ask("labels")
            names = ((val(r, "thing"), val(r, "name"), val(r, "main") == "true") for r in rows)
            kept = number, Index(names, graph().documents())
            current_app.extensions["pages_index"] = kept
    return kept[1]
