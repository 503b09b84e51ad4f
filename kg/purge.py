"""The purge: nothing that a tombstone names stays in the data folder.

Driven by the tombstones alone and done again from anywhere: whoever is ended in the middle leaves
work that the next build finishes. Each step looks at what is there and asks whether it may stay.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pyoxigraph as ox

from kg import disk
from kg.model import Release
from kg.quarantine import Quarantine, Refusal
from kg.register import Register
from kg.release import DataFolder
from kg.store import OWN, is_document_graph, rewrite
from kg.tombstones import Tombstones
from kg.vocab import Iris

_PID = re.compile(r"-(\d+)$|\.(\d+)\.new$")


def unfinished(folder: DataFolder) -> list[str]:
    """Return what is still there although a tombstone names it, in words; [] where all is done."""
    stones = Tombstones.load(folder.path)
    if not stones:
        return []
    found = [
        f"release {release.number}"
        for release in folder.releases()
        if _stale(folder, release, stones)
    ]
    found += [f"stored {path.parent.name}/{path.name}" for path in _texts(folder.path, stones)]
    for path in (folder.path / ".views").glob("[0-9]*"):  # made by a service meanwhile
        if not folder.place(int(path.name[:6])).exists():
            found.append(f"the public view {path.name}")
    register = Register.load(folder.path / "register.jsonl")
    if register.knows(stones.document):
        found.append("lines of register.jsonl")
    return found


def purge(folder: DataFolder, stones: Tombstones) -> None:
    """Delete and write anew whatever a tombstone names; the caller holds the folder's lock.

    The current release must be made without it already.
    """
    current = folder.current_number()
    stale = [r for r in folder.releases() if _stale(folder, r, stones)]
    for release in stale:
        if release.number == current:
            continue
        if any(map(stones.document, folder.document_ids(release))):
            disk.remove(folder.place(release.number))
        else:
            _renew(folder, release, stones)
    for path in _texts(folder.path, stones):
        path.unlink(missing_ok=True)
    Register.load(register := folder.path / "register.jsonl").forget(register, stones.document)
    Quarantine(folder.path).drop(lambda row: _names(row, stones))
    for path in (folder.path / ".views").glob("*"):
        if not path.name.startswith(f"{current or 0:06d}-") and not _in_use(path):
            disk.remove(path)
    _leftovers(folder.path)


def stays(stones: Tombstones, iris: Iris) -> Callable[[ox.Quad], bool]:
    """Return what tells of a statement whether it stays: a user's may name what was removed.

    It goes only where the removal asked for that.
    """
    asked = any(row.user_graphs for row in stones.rows)
    return lambda quad: not (asked and is_users(quad, iris) and _naming(quad, stones, iris))


def is_users(quad: ox.Quad, iris: Iris) -> bool:
    """Tell whether a statement stands in a graph of a user."""
    graph = str(getattr(quad.graph_name, "value", ""))
    own = graph.removeprefix(iris.graph("")) if graph.startswith(iris.graph("")) else ""
    return not (own in OWN or is_document_graph(graph, iris))


def path_of(term: object, iris: Iris) -> str:
    """Return the address path that a term leads to: of a span or a graph, its document's."""
    if not isinstance(term, ox.NamedNode) or not term.value.startswith(iris.base):
        return ""
    kind, _, rest = term.value.removeprefix(iris.base).partition("/")
    if kind in {"doc", "evidence", "graph"}:
        return f"doc/{rest.partition('/')[0]}"
    return f"{kind}/{rest}"


def _naming(quad: ox.Quad, stones: Tombstones, iris: Iris) -> bool:
    found = (stones.at(path) for term in quad if (path := path_of(term, iris)))
    return any(stone is not None and stone.user_graphs for stone in found)


def _stale(folder: DataFolder, release: Release, stones: Tombstones) -> bool:
    ids = folder.document_ids(release)
    return folder.cleared(release) < len(stones) or any(map(stones.document, ids))


def _renew(folder: DataFolder, release: Release, stones: Tombstones) -> None:
    """Write the store of an older release anew: it was made by way of one that held the words."""
    place = folder.place(release.number)
    old, part, fresh = (place / name for name in ("store", ".part", "store.fresh"))
    if not (fresh.exists() and not old.exists()):  # else ended between two names
        for left in (part, fresh):
            shutil.rmtree(left, ignore_errors=True)
        store = folder.open(release)
        changed = rewrite(store, str(part), stays(stones, folder.iris))
        del store
        if changed:  # of the statements of users: it is summed up again
            about = {**folder.manifest(release), "sha256": "", "counts": {}}
            text = json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True)
            disk.write(place / "manifest.json", text.encode() + b"\n")
        part.rename(fresh)
        disk.sync(place)
        disk.remove(old)
    fresh.rename(old)
    disk.write(place / "cleared.json", f"{len(stones)}\n".encode())


def _texts(folder: Path, stones: Tombstones) -> Iterator[Path]:
    """Yield the stored texts and what was read from them, of documents that are gone."""
    for path in [*folder.glob("documents/*"), *folder.glob("extractions/*/*.json")]:
        if stones.document(path.name.partition(".")[0]):
            yield path


def _names(row: Refusal, stones: Tombstones) -> bool:
    known = row.document and stones.document(row.document)
    return bool(known or stones.named(f"{row.source} {row.reason}"))


def _leftovers(folder: Path) -> None:
    """Remove what processes that were ended left half written or half deleted."""
    for pattern in (".*", "*/.*", "extractions/*/.*", "releases/*/.*"):
        for path in folder.glob(pattern):
            if path.name == ".views" or path.name.startswith(".stage-") or _in_use(path):
                continue
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                with suppress(FileNotFoundError):
                    path.unlink()


def _in_use(path: Path) -> bool:
    """Tell whether a file with a temporary name belongs to a process that lives."""
    found = _PID.search(path.name)
    pid = int(found[1] or found[2]) if found else 0
    return bool(pid) and pid != os.getpid() and Path(f"/proc/{pid}").exists()
