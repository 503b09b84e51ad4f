"""The making of a release: a private copy of the graph, changed, checked, then put in place."""

from __future__ import annotations

import datetime as dt
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg import files
from kg.errors import CheckFailed
from kg.model import Release, Report
from kg.retention import to_drop

if TYPE_CHECKING:
    from kg.release import DataFolder

FORMAT = 1


class Writer:
    """What the holder of the lock may do."""

    def __init__(self, folder: DataFolder) -> None:
        self.folder = folder
        self.releases = folder.path / "releases"

    def sweep(self) -> None:
        """Remove what writers left that died."""
        for path in self.releases.glob(".*"):
            shutil.rmtree(path, ignore_errors=True)
        for place in (self.folder.path, self.folder.shelf.texts):
            for path in place.glob(".*.part"):
                path.unlink(missing_ok=True)

    @contextmanager
    def stage(self) -> Iterator[Stage]:
        """Yield a writable copy of the current release's graph, an empty one before the first."""
        place = self.releases / f".new-{os.getpid()}-{secrets.token_hex(4)}"
        place.mkdir()
        try:
            work = place / "work"
            base = self.folder.current()
            if base:
                self.folder.open(base).backup(str(work))
            yield Stage(self, place, ox.Store(str(work)), base)
        finally:
            shutil.rmtree(place, ignore_errors=True)

    def prune(self) -> None:
        """Drop releases that the rule of `kg.retention` does not keep."""
        folder = self.folder
        known = {n: folder.manifest(n) for n in folder.numbers()}
        kinds = {n: (m["created"], m["kind"]) for n, m in known.items()}
        for number in to_drop(kinds, folder.keep, now=_now(), current=folder.number()):
            dead = self.releases / f".dead-{number}-{secrets.token_hex(4)}"
            (self.releases / f"{number:06d}").rename(dead)
            shutil.rmtree(dead, ignore_errors=True)


class Stage:
    """The graph that becomes the next release; `base` is the release that it started from."""

    def __init__(self, writer: Writer, place: Path, store: ox.Store, base: Release | None) -> None:
        self.writer, self.place, self.store, self.base = writer, place, store, base

    def publish(
        self,
        note: str = "",
        *,
        report: Report | None = None,
        kind: str = "update",
        documents: list[str] | None = None,
        about: Mapping[str, object] | None = None,
        extra: Mapping[str, object] | None = None,
    ) -> Release:
        """Make the staged graph the current release.

        `documents` are the ids of its documents (those of the base unless given), `about` goes
        into the manifest (of the base unless given), `extra` are further JSON files by name.
        Raises CheckFailed where the report blocks.
        """
        report = report or Report()
        if not report.ok:
            raise CheckFailed(_why(report))
        folder = self.writer.folder
        number = max(folder.numbers(), default=0) + 1
        out = self.place / "release"
        out.mkdir()
        self.store.flush()
        self.store.backup(str(out / "store"))
        manifest = self._manifest(number, note, kind, about)
        ids = folder.document_ids(self.base) if documents is None else sorted(set(documents))
        rows = {"manifest": manifest, "documents": ids, "report": _report_row(report)}
        for name, value in {**rows, **(extra or {})}.items():
            files.write_json(out / f"{name}.json", value)  # type: ignore[arg-type]
        files.sync_folder(out / "store", files=True)
        files.sync_folder(out)
        out.rename(self.writer.releases / f"{number:06d}")
        files.sync_folder(self.writer.releases)
        files.point(folder.path / "current", f"releases/{number:06d}")
        self.writer.prune()
        return folder.release(number)

    def _manifest(
        self, number: int, note: str, kind: str, about: Mapping[str, object] | None
    ) -> dict[str, object]:
        inherited: Mapping[str, Any] = {}
        if about is None and self.base:
            inherited = self.writer.folder.manifest(self.base)
        known = dict(about or {}) or {
            key: inherited[key] for key in ("versions", "base", "counts") if key in inherited
        }
        counts = dict(known.get("counts") or {})  # type: ignore[call-overload]
        counts["triples"] = len(self.store)
        return {
            **known,
            "format": FORMAT,
            "number": number,
            "created": _now().isoformat(timespec="seconds").replace("+00:00", "Z"),
            "note": note,
            "kind": kind,
            "parent": self.base.number if self.base else None,
            "counts": counts,
        }


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _report_row(report: Report) -> dict[str, object]:
    findings = [vars(finding) for finding in report.findings]
    return {"findings": findings, "ran": list(report.ran), "counts": dict(report.counts)}


def _why(report: Report) -> str:
    blocking = [finding for finding in report.findings if finding.blocks]
    first = blocking[0]
    more = f" (and {len(blocking) - 1} more)" if len(blocking) > 1 else ""
    return f"nothing was published: {first.check}: {first.message}{more}; the old release stays"
