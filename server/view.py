"""What readers may see of a release: the same store with its quotations cut (setting public_text).

Texts are not in the store, quotations are. Where readers do not see all of a document, the query
processes open this view in place of the release, so that no query, download or page gives more:
of each quotation at most 300 characters, of a document's quotations together at most a fifth of
it, the first ones first. A view is made once a release, before the release is served.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pyoxigraph as ox

from kg import disk
from kg.errors import PactgraphError
from kg.release import DataFolder
from kg.settings import Settings
from kg.vocab import PG
from server.quoting import LONGEST, SHARE, Mode, is_loopback, shorten

_SECONDS = 600.0  # a view that takes longer is given up
_KEPT = 3  # views: queries on the one before may still be running


class NoView(PactgraphError):
    """The view of a release could not be made, so that the release is not served."""

    status = 503


def mode(settings: Settings) -> Mode:
    """Return how much of the documents the endpoint shows to everybody who can reach it.

    `auto` means all on loopback without proxies in front, else quotations.
    """
    if settings.public_text != "auto":
        return settings.public_text
    return "full" if is_loopback(settings.host) and not settings.trusted_proxies else "quotes"


def place(folder: DataFolder, number: int, store: Path, shown: Mode) -> Path:
    """Return the store that readers may query for a release, made now where it is not there.

    Raises NoView where that fails.
    """
    if shown == "full":
        return store
    views = folder.path / ".views"
    target = views / f"{number:06d}-{shown}"
    if not target.exists():
        views.mkdir(exist_ok=True)
        command = [sys.executable, "-P", "-m", "server.view", str(store), str(target), shown]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            raise NoView(f"release {number}: its public view took too long to make") from None
        if done.returncode:
            why = done.stderr.strip().rpartition("\n")[2]
            raise NoView(f"release {number}: its public view cannot be made: {why}")
        for old in sorted(views.glob("[0-9]*"))[:-_KEPT]:
            if old != target:
                disk.remove(old)
    return target


def make(store: Path, target: Path, shown: Mode) -> None:
    """Write the view of a store; a crash leaves nothing under the name of the target."""
    for left in target.parent.glob(".new-*"):
        disk.remove(left)
    beside = target.parent / f".new-{target.name}-{os.getpid()}"
    ox.Store.read_only(str(store)).backup(str(beside))
    view = ox.Store(str(beside))
    clip(view, shown)
    view.flush()
    del view
    with suppress(OSError):  # somebody else made it meanwhile
        beside.rename(target)
    disk.remove(beside)


def clip(store: ox.Store, shown: Mode) -> None:
    """Cut the quotations in a store; what may not be shown at all becomes the empty text."""
    quote = ox.NamedNode(PG + "quote")
    lengths = {q.subject: _number(q.object) for q in _all(store, "charLength")}
    documents = {q.subject: q.object for q in _all(store, "inDocument")}
    starts = {q.subject: _number(q.object) for q in _all(store, "startOffset")}
    spent: dict[object, int] = {}
    rows = sorted(
        store.quads_for_pattern(None, quote, None, None),
        key=lambda q: (str(documents.get(q.subject)), starts.get(q.subject, 0), str(q.subject)),
    )
    for row in rows:
        document, text = documents.get(row.subject), getattr(row.object, "value", "")
        left = lengths.get(document, 0) // SHARE - spent.get(document, 0)  # type: ignore[arg-type, call-overload, unused-ignore]
        kept = shorten(text, min(LONGEST, left)) if shown == "quotes" else ""
        spent[document] = spent.get(document, 0) + len(kept)
        if kept != text:
            store.remove(row)
            store.add(ox.Quad(row.subject, quote, ox.Literal(kept), row.graph_name))


def _all(store: ox.Store, name: str) -> list[ox.Quad]:
    return list(store.quads_for_pattern(None, ox.NamedNode(PG + name), None, None))


def _number(term: object) -> int:
    return int(term.value) if isinstance(term, ox.Literal) else 0


if __name__ == "__main__":
    make(Path(sys.argv[1]), Path(sys.argv[2]), "none" if sys.argv[3] == "none" else "quotes")
