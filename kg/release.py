"""Releases: how the data folder changes, one transaction at a time.

Lock, hard-link checkpoint of the current store, change, checks, flush, close, one rename of
`current`. A crash at any moment leaves the old release; what it left behind is swept at the next
write. No published store is ever opened for writing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from pydantic import TypeAdapter

from kg import disk
from kg.errors import CheckFailed, DataFolderError, InputError
from kg.folder import FORMAT, Folder
from kg.keep import kept
from kg.model import Release, Report
from kg.store import Change, Gate, Store, checksum, counts, rewrite
from kg.tombstones import Tombstones

__all__ = ["DataFolder", "LocalStage", "load_rdf"]


class DataFolder(Folder):
    """A folder with documents and releases; `base` is the base of the addresses in it.

    Any number of processes may read, one may write. Raises DataFolderError where the folder
    belongs to a newer version or is not a data folder.
    """

    @contextmanager
    def stage(self, wait: float = 0.0) -> Iterator[LocalStage]:
        """Lock the folder and open a copy of the current release to change.

        Leaving the block without `publish` leaves everything as it was. Raises LockedError where
        another process is still writing after `wait` seconds.
        """
        with self.writing(wait):
            stage = LocalStage(self)
            try:
                yield stage
            finally:
                stage.close()

    @contextmanager
    def writing(self, wait: float = 0.0) -> Iterator[None]:
        """Hold the lock, and clear away what dead writers left; raises LockedError as `stage`."""
        self._prepare()
        with disk.locked(self.path / "lock", wait):
            self._sweep()
            yield

    def publish(
        self,
        change: Change,
        note: str = "",
        *,
        gate: Gate | None = None,
        kind: str = "update",
        wait: float = 30.0,
        seal: bool = True,
    ) -> Release:
        """Change a copy of the current release, check it and publish it, in one transaction.

        `gate` returns the report of the checks; where it blocks, CheckFailed is raised and
        nothing is published, as with any exception of `change`. `seal` counts and sums up the
        graph for the manifest, which takes time with its size.
        """
        with self.stage(wait) as stage:
            change(stage.store)
            report = gate(stage.store) if gate else Report()
            if not report.ok:
                first = next(f for f in report.findings if f.blocks)
                raise CheckFailed(f"nothing was published: {first.check}: {first.message}")
            return stage.publish(note, kind, report, seal=seal)

    def rollback(self, number: int, wait: float = 30.0) -> Release:
        """Let `current` lead to another published release; nothing is deleted.

        Raises UnknownName where there is no such release.
        """
        if not self.path.exists():
            raise DataFolderError(f"{self.path}: no such data folder; check --data")
        with disk.locked(self.path / "lock", wait):
            release = self.release(number)
            self.open(release)
            self.switch(release.number)
            return release

    def note(self, release: Release, name: str, value: object) -> None:
        """Write a further JSON file beside a published release; the caller holds the lock."""
        disk.write(self.place(release.number) / f"{name}.json", as_json(value))

    def next_number(self) -> int:
        """Return the number of the release to come; numbers are never given twice."""
        taken = [int(p.name) for p in (self.path / "releases").glob("[0-9]*")]
        return max(taken, default=0) + 1

    def switch(self, number: int) -> None:
        """Let `current` lead to a release; the caller holds the lock."""
        disk.point(self.path / "current", f"releases/{number:06d}")
        self._mark(number)

    def tidy(self) -> None:
        """Delete what `kg.keep` lets go of; the caller holds the lock."""
        releases = self.releases()
        manifests = {r.number: self.manifest(r) for r in releases}
        rows = [(r.number, r.created, manifests[r.number]["kind"]) for r in releases]
        now = dt.datetime.now(dt.UTC)
        keep = kept(rows, now, self.keep) | {self.current_number()}
        gone = [r for r in releases if r.number not in keep]
        for release in gone:
            disk.remove(self.place(release.number))
        if gone:
            left = [r for r in releases if r.number in keep]
            known = {doc for r in left for doc in self.document_ids(r)}
            self.shelf.sweep(
                known.union(Tombstones.load(self.path).left_of(known)),
                {str(manifests[r.number]["versions"].get("extractor")) for r in left},
            )

    def _prepare(self) -> None:
        try:
            (self.path / "releases").mkdir(parents=True, exist_ok=True)
            if not (self.path / "FORMAT").exists():
                disk.write(self.path / "FORMAT", f"{FORMAT}\n".encode())
        except OSError as error:
            raise DataFolderError(
                f"{self.path}: cannot be written to ({error.strerror}); choose another --data"
            ) from error

    def _mark(self, number: int) -> None:
        """Note that a release was current once: what never was is swept as left by a crash."""
        if self.place(number).is_dir() and not (self.place(number) / "published").exists():
            disk.write(self.place(number) / "published", b"")

    def _sweep(self) -> None:
        """Remove what dead writers left; the lock tells that nobody is at it."""
        if (current := self.current_number()) is not None:
            self._mark(current)
        for path in (self.path / "releases").iterdir():
            if path.name.startswith(".") or not (path / "published").exists():
                disk.remove(path)
        for path in self.path.glob(".*.new"):
            path.unlink(missing_ok=True)


class LocalStage:
    """A checkpoint of the current release on this machine, open for writing; see `kg.store`."""

    def __init__(self, folder: DataFolder) -> None:
        self.folder = folder
        self.parent = folder.current()
        self._path = folder.path / "releases" / f".stage-{folder.next_number():06d}"
        self._path.mkdir()
        self._before = folder.open(self.parent) if self.parent else None
        if self._before is not None:
            self._before.backup(str(self._path / "store"))
        self._store: ox.Store | None = ox.Store(str(self._path / "store"))
        stones = len(Tombstones.load(folder.path))
        self._cleared = folder.cleared(self.parent) if self.parent else stones

    @property
    def store(self) -> ox.Store:
        """The copy; keep no reference to it beyond the stage."""
        if self._store is None:
            raise ValueError("this stage is closed")
        return self._store

    @property
    def before(self) -> ox.Store | None:
        """The release that the copy was made of; None before the first one."""
        return self._before

    @property
    def cleared(self) -> int:
        """How many tombstones the copy knows, see `kg.purge`; a first release holds nothing old."""
        return self._cleared

    def renew(self, kept: Callable[[ox.Quad], object], cleared: int) -> None:
        """Write the copy anew without some quads, so that no trace of what was removed is in it."""
        rewrite(self.store, str(self._path / "fresh"), kept)
        self._store = None
        shutil.rmtree(self._path / "store")
        (self._path / "fresh").rename(self._path / "store")
        self._store = ox.Store(str(self._path / "store"))
        self._cleared = cleared

    def publish(
        self,
        note: str,
        kind: str = "update",
        report: Report | None = None,
        *,
        documents: Iterable[str] | None = None,
        versions: Mapping[str, str] | None = None,
        extra: Mapping[str, object] | None = None,
        seal: bool = True,
        sum_up: bool = True,
    ) -> Release:
        """Make the copy the current release and return it.

        `documents` are the ids of the documents that it rests on, `versions` names and versions
        of what made it; both are those of the release before where they are not given. `extra`
        are further JSON files of this release, by name. `seal` counts and sums up, and without
        `sum_up` only counts; `kg.seal` does later what is left.
        """
        store, folder = self.store, self.folder
        store.flush()
        known: dict[str, Any] = folder.manifest(self.parent) if self.parent else {}
        before = folder.document_ids(self.parent) if self.parent else []
        ids = sorted(set(documents)) if documents is not None else before
        row = {
            "format": FORMAT,
            "number": folder.next_number(),
            "created": dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
            "kind": kind,
            "note": note,
            "parent": self.parent.number if self.parent else None,
            "base": folder.iris.base,
            "inputs": {
                "documents": len(ids),
                "documents_sha256": hashlib.sha256("\n".join(ids).encode()).hexdigest(),
                "curation_sha256": _digest(folder.path / "curation.yaml"),
                "register_sha256": _digest(folder.path / "register.jsonl"),
            },
            "versions": dict(versions) if versions is not None else known.get("versions", {}),
            "counts": counts(store, folder.iris) if seal else {},
            "sha256": checksum(store) if seal and sum_up else "",
        }
        del store
        self._store = None  # the last reference: closes the store
        self._write("manifest.json", row)
        self._write("documents.json", ids)
        self._write("report.json", TypeAdapter(Report).dump_python(report or Report(), mode="json"))
        self._write("cleared.json", self._cleared)
        for name, value in (extra or {}).items():
            self._write(f"{name}.json", value)
        disk.sync(self._path)
        number = folder.next_number()
        self._path.rename(folder.path / "releases" / f"{number:06d}")
        disk.sync(folder.path / "releases")
        folder.switch(number)
        folder.tidy()
        return folder.release(number)

    def _write(self, name: str, value: object) -> None:
        disk.write(self._path / name, as_json(value))

    def close(self) -> None:
        """Throw the copy away, unless it was published."""
        self._store = self._before = None
        disk.remove(self._path)


_IS_A_STORE: type[Store] = DataFolder  # the type checker sees that the seam is kept


def as_json(value: object) -> bytes:
    """Return a value as the JSON of a file in a release."""
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def load_rdf(
    folder: DataFolder, file: str | Path, *, graph: str | None = None, note: str = ""
) -> Release:
    """Publish the statements of an RDF file as a release, added to what is there.

    The file's ending tells its format; a format without graphs goes into `graph` (an IRI), else
    into the unnamed graph. Raises InputError where the file cannot be read, with the place.
    """
    path = Path(file)
    form = ox.RdfFormat.from_extension(path.suffix.lstrip(".").lower())
    if form is None:
        raise InputError(f"{path}: {path.suffix or 'no'} ending of an RDF format; use .ttl or .nq")
    target = ox.NamedNode(graph) if graph and not form.supports_datasets else None

    def change(store: ox.Store) -> None:
        try:
            store.bulk_load(path=str(path), format=form, to_graph=target)
        except SyntaxError as error:
            raise InputError(f"{path}: is no valid {form.name}: {error}") from error
        except OSError as error:
            raise InputError(f"{path}: cannot be read ({error.strerror or error})") from error
        store.optimize()

    # Counting and summing up a large graph takes twice the time of loading it; see kg.seal.
    return folder.publish(change, note or f"load {path.name}", kind="load", seal=False)
