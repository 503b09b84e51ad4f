"""The data folder: numbered releases of the graph, of which `current` is the one that is served.

    FORMAT                  number of this layout
    lock                    held by whoever writes; names the process
    documents/  extractions/  register.jsonl        inputs, see `kg.shelf` and `kg.register`
    releases/000001/store/  the graph, never opened for writing once it is here
    releases/000001/        manifest.json, report.json, documents.json
    current                 symbolic link to a release

Every change works on a copy made of hard links and becomes visible by one rename, so that a crash
at any moment leaves the release that was there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg import files
from kg.errors import DataFolderError, UnknownName
from kg.model import Document, Extraction, Finding, Release, Report
from kg.shelf import Shelf
from kg.stage import FORMAT, Writer

Change = Callable[[ox.Store], None]
Gate = Callable[[ox.Store], Report]


class DataFolder:
    """Reads a data folder and is the door to writing it; creates nothing until a write.

    `keep` is how many of the newest releases stay, `wait` for how many seconds a write waits
    for another process to finish before LockedError.
    """

    def __init__(self, path: str | Path, *, keep: int = 10, wait: float = 2.0) -> None:
        self.path = Path(path)
        self.keep, self.wait = keep, wait
        self.shelf = Shelf(self.path)
        self._manifests: dict[int, dict[str, Any]] = {}

    # --- reading --------------------------------------------------------------------------

    def current(self) -> Release | None:
        """Return the release that is served, or None before the first; cheap to ask often."""
        number = self.number()
        return None if number is None else self.release(number)

    def number(self) -> int | None:
        """Return the number of the current release: one `readlink`."""
        try:
            return int((self.path / "current").readlink().name)
        except FileNotFoundError:
            if self.path.is_dir() and any(self.path.iterdir()):
                self._check_format()
            return None
        except (OSError, ValueError) as error:
            raise DataFolderError(
                f"{self.path / 'current'} does not lead to a release;"
                " run `pactgraph rollback NUMBER`"
            ) from error

    def release(self, number: int) -> Release:
        """Return one release; raises UnknownName where there is none of that number."""
        about = self.manifest(number)
        return Release(number, about["created"], about["note"], about["counts"])

    def releases(self) -> list[Release]:
        """Return all releases that are kept, oldest first."""
        return [self.release(number) for number in self.numbers()]

    def numbers(self) -> list[int]:
        """Return the numbers of all releases that are kept, oldest first."""
        return sorted(int(p.name) for p in (self.path / "releases").glob("[0-9]*"))

    def manifest(self, release: Release | int | None = None) -> dict[str, Any]:
        """Return the manifest: inputs, counts by graph, versions, checksum."""
        folder = self._folder(release)
        number = int(folder.name)
        if number not in self._manifests:
            self._check_format()
            self._manifests[number] = self._json(folder / "manifest.json")
        return self._manifests[number]

    def report(self, release: Release | int | None = None) -> Report:
        """Return what the checks found when the release was made."""
        row = self._json(self._folder(release) / "report.json")
        findings = tuple(Finding(**finding) for finding in row["findings"])
        return Report(findings, tuple(row["ran"]), row["counts"])

    def store_path(self, release: Release | int | None = None) -> Path:
        """Return the folder of a release's store; open it read-only and nothing else."""
        return self._folder(release) / "store"

    def open(self, release: Release | int | None = None) -> ox.Store:
        """Open a release, the current one unless told otherwise, for reading."""
        for attempt in range(3):
            place = self.store_path(release)
            try:
                return ox.Store.read_only(str(place))
            except OSError as error:
                # The current release may have been followed and dropped since we asked.
                if attempt == 2 or release is not None:
                    raise DataFolderError(
                        f"{place} cannot be opened ({error}); run `pactgraph rollback NUMBER`"
                    ) from error
        raise AssertionError

    def document_ids(self, release: Release | int | None = None) -> list[str]:
        """Return the ids of a release's documents, sorted; none before the first release."""
        if release is None and self.number() is None:
            return []
        return list(self._json(self._folder(release) / "documents.json"))

    def documents(self, release: Release | int | None = None) -> Iterator[Document]:
        """Yield the documents of a release, by id."""
        return map(self.shelf.document, self.document_ids(release))

    def document(self, doc_id: str) -> Document:
        """Return a stored document; raises UnknownName where there is none."""
        return self.shelf.document(doc_id)

    def extraction(self, doc_id: str, release: Release | int | None = None) -> Extraction | None:
        """Return what a release's pipeline read from a document, where that was kept."""
        version = self.manifest(release).get("versions", {}).get("extractor", "")
        return self.shelf.extraction(version, doc_id)

    # --- writing --------------------------------------------------------------------------

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """Hold the lock and yield a writer; sweeps what dead writers left.

        Raises LockedError naming the process that holds the lock.
        """
        self._prepare()
        with files.locked(self.path / "lock", self.wait):
            writer = Writer(self)
            writer.sweep()
            yield writer

    def publish(
        self,
        change: Change,
        note: str = "",
        *,
        gate: Gate | None = None,
        kind: str = "update",
    ) -> Release:
        """Change a copy of the current graph and make it the next release, all or nothing.

        An error in `change`, or a finding of `gate` that blocks (CheckFailed), leaves everything
        as it was. `change` must not keep the store.
        """
        with self.writing() as writer, writer.stage() as stage:
            change(stage.store)
            report = gate(stage.store) if gate else Report()
            return stage.publish(note, report=report, kind=kind)

    def rollback(self, number: int) -> Release:
        """Serve an earlier (or later) release again; raises UnknownName where it is gone."""
        release = self.release(number)
        with self.writing():
            self.open(number)
            files.point(self.path / "current", f"releases/{number:06d}")
        return release

    # --- within ---------------------------------------------------------------------------

    def _folder(self, release: Release | int | None) -> Path:
        number = release.number if isinstance(release, Release) else release
        if number is None:
            number = self.number()
        if number is None:
            raise DataFolderError(
                f"{self.path} holds no release yet; run `pactgraph build FOLDER` first"
            )
        folder = self.path / "releases" / f"{number:06d}"
        if not folder.is_dir():
            kept = ", ".join(map(str, self.numbers())) or "none"
            raise UnknownName(f"there is no release {number}; kept are: {kept}")
        return folder

    def _json(self, path: Path) -> Any:
        try:
            return json.loads(path.read_bytes())
        except (OSError, ValueError) as error:
            raise DataFolderError(
                f"{path} is damaged or missing; run `pactgraph rollback NUMBER` or build again"
            ) from error

    def _check_format(self) -> None:
        try:
            found = int((self.path / "FORMAT").read_text("ascii"))
        except (OSError, ValueError) as error:
            raise DataFolderError(
                f"{self.path} is no data folder (its file FORMAT is missing or damaged);"
                " name another with --data"
            ) from error
        if found > FORMAT:
            raise DataFolderError(
                f"{self.path} was written by a newer pactgraph (format {found}, this one knows"
                f" {FORMAT}); update pactgraph"
            )

    def _prepare(self) -> None:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            # A crash before FORMAT was written may have left the lock and nothing else.
            if not any(p.name != "lock" and p.suffix != ".part" for p in self.path.iterdir()):
                files.write(self.path / "FORMAT", f"{FORMAT}\n")
            self._check_format()
            (self.path / "releases").mkdir(exist_ok=True)
        except OSError as error:
            raise DataFolderError(
                f"{self.path} cannot be written ({error.strerror}); name another with --data"
            ) from error


def load_rdf(folder: DataFolder, *paths: str | Path, note: str = "") -> Release:
    """Publish RDF files as the next release, in place of what was there: serves any RDF.

    The format comes from the name's ending. Triples without a graph go into the unnamed one.
    Raises DataFolderError where a file cannot be read or parsed.
    """

    def change(store: ox.Store) -> None:
        store.clear()
        for path in map(Path, paths):
            form = ox.RdfFormat.from_extension(path.suffix.lstrip("."))
            if form is None:
                raise DataFolderError(f"{path}: no RDF format ends in {path.suffix!r}")
            try:
                store.bulk_load(path=str(path), format=form)
            except (OSError, SyntaxError, ValueError) as error:
                raise DataFolderError(f"{path}: {error}") from error

    names = ", ".join(Path(path).name for path in paths)
    with folder.writing() as writer, writer.stage() as stage:
        change(stage.store)
        return stage.publish(note or f"loaded {names}", kind="load", documents=[], about={})
