"""Documents that come over HTTP, added in a process of their own, which may be killed.

Reading takes a language model and time, and what comes is a stranger's: the process has no network
and so much memory, and the files lie in a folder, so that none of them can lead elsewhere. Run as
`python -m server.adding`: one request on standard input, one answer on standard output.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from kg import pipeline
from kg.errors import LockedError, PactgraphError
from kg.intake import Silent
from kg.read import find_sources
from kg.release import DataFolder
from kg.settings import Settings
from server.belt import die_with_parent, limit_memory, no_network

_PAUSE = 0.2  # seconds between two tries while somebody else writes


class _Skips(Silent):
    """Remembers what was left out."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def skip(self, message: str) -> None:
        """Note a reason."""
        self.found.append(message)


def add(source: Path, settings: Settings, note: str, seconds: float) -> dict[str, Any]:
    """Add the documents in a folder and return what became of them: release, added, skipped.

    Waits so many seconds for another writer. Returns `status` and `error` where nothing is added.
    """
    folder, skips = DataFolder(settings.data, base=settings.base), _Skips()
    unread = sorted({p for p in source.rglob("*") if p.is_file()} - set(find_sources([source])))
    if unread:
        kinds = ", ".join(sorted({p.suffix or p.name for p in unread}))
        return {"status": 415, "error": f"no reader for {kinds}; nothing was added"}
    before = folder.current()
    known = set(folder.document_ids(before)) if before else set()
    try:
        done = _patiently(source, settings, skips, note, seconds)
    except PactgraphError as error:
        why = "; ".join(dict.fromkeys([str(error), *skips.found]))
        return {"status": error.status, "error": why.replace(f"{source}/", "")}
    added = [doc for doc in folder.document_ids(done.release) if doc not in known]
    skipped = [message.replace(f"{source}/", "") for message in skips.found]
    if skipped and not added:
        return {"status": 400, "error": f"nothing was added: {'; '.join(skipped)}"}
    return {"release": done.release.number, "added": added, "skipped": skipped}


def _patiently(
    source: Path, settings: Settings, skips: _Skips, note: str, seconds: float
) -> pipeline.BuildResult:
    until = time.monotonic() + seconds
    while True:
        try:
            return pipeline.build([source], settings, skips, keep=True, note=note)
        except LockedError:
            if time.monotonic() > until:
                raise
            skips.found.clear()
            time.sleep(_PAUSE)


def main() -> None:
    """Do one request."""
    die_with_parent()
    no_network()
    given = json.load(sys.stdin)
    limit_memory(given["memory_mb"])
    settings = Settings.model_validate_json(given["settings"])
    out, sys.stdout = sys.stdout, sys.stderr  # whatever a library prints is no answer
    row = add(Path(given["folder"]), settings, given["note"], given["seconds"])
    json.dump(row, out)


if __name__ == "__main__":
    main()
