"""The data folder as its readers see it: `current`, releases, manifests, documents.

FORMAT           number of this layout
lock             held by whoever writes
documents/       texts and their origin, extractions/ what was read from them (`kg.shelf`)
register.jsonl   which address was given to which thing (`kg.register`)
quarantine.jsonl what could not be used and why (`kg.quarantine`)
curation.yaml    what an editor says is one thing, or is not (`kg.curation`)
tombstones.jsonl what was removed for good, told by hashes (`kg.tombstones`)
releases/000001/ store/ manifest.json report.json documents.json, and `published`
current          symbolic link to a release
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from pydantic import TypeAdapter

from kg import disk
from kg.errors import DataFolderError, UnknownName
from kg.model import Document, Extraction, Release, Report
from kg.shelf import Shelf
from kg.store import Result
from kg.vocab import DEFAULT_BASE, Iris

FORMAT = 1
_ENTRIES = {
    "FORMAT", "lock", "documents", "extractions", "register.jsonl", "releases", "current",
    "serve.lock", "tombstones.jsonl", "tokens.json", "tokens.lock", "quarantine.jsonl",
    "quarantine.lock", "curation.yaml",
}  # fmt: skip


class Folder:
    """A folder with documents and releases, for reading; `kg.release.DataFolder` writes."""

    def __init__(self, path: str | Path, *, base: str = DEFAULT_BASE, keep: int = 10) -> None:
        self.path, self.keep = Path(path), keep
        self.iris = Iris(base)
        self.shelf = Shelf(self.path)
        self._check_format()

    def current(self) -> Release | None:
        """Return the release that `current` leads to; None where nothing is published yet.

        Raises DataFolderError where the release is damaged.
        """
        for _ in range(3):  # another process may switch and tidy up between two steps
            try:
                name = (self.path / "current").readlink().name
            except FileNotFoundError:
                return None
            except OSError as error:
                raise DataFolderError(f"{self.path}/current is no link; remove it") from error
            with suppress(FileNotFoundError):
                return self._release(int(name))
        raise DataFolderError(
            f"{self.path}: release {name} is missing; see `pactgraph releases` and roll back"
        )

    def releases(self) -> list[Release]:
        """Return every published release, the oldest first."""
        current = self.current_number()
        numbers = sorted(
            int(p.name)
            for p in (self.path / "releases").glob("[0-9]*")
            if (p / "published").exists() or int(p.name) == current
        )
        found = []
        for number in numbers:
            with suppress(FileNotFoundError):
                found.append(self._release(number))
        return found

    def release(self, number: int | None = None) -> Release:
        """Return a published release, the current one by default.

        Raises UnknownName where there is none of that number, DataFolderError where there is
        none at all.
        """
        if number is None:
            release = self.current()
            if release is None:
                raise DataFolderError(
                    f"{self.path} holds no release yet; make one with `pactgraph build SOURCE`"
                )
            return release
        with suppress(FileNotFoundError):
            if (self.place(number) / "published").exists() or number == self.current_number():
                return self._release(number)
        raise UnknownName(f"there is no release {number} in {self.path}; see `pactgraph releases`")

    def manifest(self, release: Release) -> dict[str, Any]:
        """Return the manifest: number, created, kind, note, parent, inputs, versions, counts, …"""
        found: dict[str, Any] = json.loads(
            (self.place(release.number) / "manifest.json").read_bytes()
        )
        return found

    def report(self, release: Release) -> Report:
        """Return what the checks found when a release was made."""
        data = (self.place(release.number) / "report.json").read_bytes()
        return TypeAdapter(Report).validate_json(data)

    def extra(self, name: str, release: Release) -> dict[str, Any]:
        """Return a further JSON file that a release was published with; {} where it has none."""
        try:
            found: dict[str, Any] = json.loads(
                (self.place(release.number) / f"{name}.json").read_bytes()
            )
        except (FileNotFoundError, ValueError):
            return {}
        return found

    def store_path(self, release: Release) -> Path:
        """Return the folder of a release's store; open it read-only and nothing else."""
        return self.place(release.number) / "store"

    def cleared(self, release: Release) -> int:
        """Return how many tombstones were there when the store of a release was last written anew.

        What they name leaves no trace in it.
        """
        try:
            return int(json.loads((self.place(release.number) / "cleared.json").read_bytes()))
        except FileNotFoundError:
            return 0

    def open(self, release: Release | None = None) -> ox.Store:
        """Return the store of a release, read-only; the current one by default.

        Raises DataFolderError where there is none or it cannot be opened.
        """
        release = release or self.release()
        try:
            return ox.Store.read_only(str(self.store_path(release)))
        except OSError as error:
            raise DataFolderError(
                f"{self.store_path(release)} cannot be opened; roll back to another release"
            ) from error

    def query(self, text: str) -> Result:
        """Answer a query from the current release, over the union of all graphs."""
        return self.open().query(text, use_default_graph_as_union=True)

    def document_ids(self, release: Release | None = None) -> list[str]:
        """Return the ids of the documents of a release, sorted."""
        found: list[str] = json.loads(
            (self.place((release or self.release()).number) / "documents.json").read_bytes()
        )
        return found

    def documents(self, release: Release | None = None) -> Iterator[Document]:
        """Yield the documents of a release, in the order of their ids."""
        return map(self.shelf.document, self.document_ids(release))

    def document(self, doc_id: str) -> Document:
        """Return a stored document; raises UnknownName where there is none of that id."""
        return self.shelf.document(doc_id)

    def extraction(self, doc_id: str, release: Release | None = None) -> Extraction | None:
        """Return what was read from a document of a release, where that is kept."""
        versions = self.manifest(release or self.release())["versions"]
        return self.shelf.cached(versions.get("extractor", "-"), self.document(doc_id))

    def is_busy(self) -> str:
        """Return which process is writing, in words; empty where none is."""
        return disk.is_locked(self.path / "lock")

    def place(self, number: int) -> Path:
        """Return the folder of a release, there or not."""
        return self.path / "releases" / f"{number:06d}"

    def current_number(self) -> int | None:
        """Return the number that `current` leads to."""
        with suppress(OSError, ValueError):
            return int((self.path / "current").readlink().name)
        return None

    def _release(self, number: int) -> Release:
        path = self.place(number) / "manifest.json"
        try:
            row = json.loads(path.read_bytes())
            return Release(row["number"], row["created"], row["note"], row["counts"])
        except (ValueError, KeyError) as error:
            raise DataFolderError(
                f"{path} is damaged; roll back to another release, or build again"
            ) from error

    def _check_format(self) -> None:
        try:
            found = int((self.path / "FORMAT").read_text())
        except FileNotFoundError:
            there = {p.name for p in self.path.glob("[!.]*")} - _ENTRIES
            if there or (self.path.exists() and not self.path.is_dir()):
                held = f" (it holds {min(there)})" if there else ""
                raise DataFolderError(
                    f"{self.path} is no data folder{held}; name an empty or a new folder"
                ) from None
            return
        except NotADirectoryError:
            raise DataFolderError(f"{self.path} is a file; name a folder") from None
        except (OSError, ValueError) as error:
            raise DataFolderError(
                f"{self.path} is no data folder: its FORMAT cannot be read"
            ) from error
        if found > FORMAT:
            raise DataFolderError(
                f"{self.path} was written by a newer pactgraph (format {found}, this one knows"
                f" {FORMAT}); update pactgraph"
            )
