"""The quarantine: sources that could not be used, with the reason, until they can.

`quarantine.jsonl` in the data folder, one object a line. Nothing of the source itself is kept: a
file stays where it is, and the next build tries it again.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from kg import disk

_WAIT = 10.0  # seconds to wait for another process that writes the list


@dataclass(frozen=True)
class Refusal:
    """One source that was left out: where it is, why, since when (ISO 8601).

    `document` and `version` are set where the text was opened but could not be understood: the
    same text is not tried again by the same version with the same limits.
    """

    source: str
    reason: str
    since: str = ""
    document: str = ""
    version: str = ""


class Quarantine:
    """The list of a data folder."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "quarantine.jsonl"

    def all(self) -> list[Refusal]:
        """Return the list, by source; lines that are damaged are passed over."""
        found = []
        try:
            lines = self._file.read_text("utf-8").splitlines()
        except (FileNotFoundError, NotADirectoryError):
            return []
        for line in lines:
            try:
                found.append(Refusal(**json.loads(line)))
            except (ValueError, TypeError):
                continue
        return sorted(found, key=lambda refusal: refusal.source)

    def reasons(self, version: str) -> dict[str, str]:
        """Return why documents could not be understood by this version, by their ids."""
        return {r.document: r.reason for r in self.all() if r.document and r.version == version}

    def note(self, refused: Iterable[Refusal], accepted: Iterable[str]) -> None:
        """Add sources that were left out; take those off that were read, and files that are gone.

        Of one that was there already with the same reason, the day stays.
        """
        new = {refusal.source: refusal for refusal in refused}
        gone = set(accepted) - new.keys()
        with self._locked():
            known = {refusal.source: refusal for refusal in self.all()}
            now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
            kept = {s: row for s, row in known.items() if s not in gone and _is_there(s)}
            for source, row in new.items():
                before = known.get(source)
                same = before is not None and before.reason == row.reason
                kept[source] = replace(row, since=before.since if before and same else now)
            if kept == known:
                return
            self._write(kept.values())

    def drop(self, gone: Callable[[Refusal], object]) -> None:
        """Take lines off the list."""
        if any(map(gone, self.all())):
            with self._locked():
                self._write(row for row in self.all() if not gone(row))

    def _locked(self) -> AbstractContextManager[None]:
        return disk.locked(self._file.with_suffix(".lock"), _WAIT)

    def _write(self, rows: Iterable[Refusal]) -> None:
        kept = sorted(rows, key=lambda row: row.source)
        lines = (json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in kept)
        disk.write(self._file, "".join(lines).encode())


def _is_there(source: str) -> bool:
    return not source.startswith("/") or Path(source).exists()
