"""The identity register: which address was given to which thing, append-only.

An address is minted once. A later build that meets the same thing again, by its signature, gets
the same address, whatever order the documents come in.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from kg.errors import DataFolderError


class Register:
    """Signature → slug; new lines are kept apart until `save`."""

    def __init__(self, known: dict[str, str] | None = None) -> None:
        self._slugs = dict(known or {})
        self._fresh: dict[str, str] = {}

    @classmethod
    def load(cls, path: Path) -> Register:
        """Read the register; a missing file is an empty one.

        Raises DataFolderError where a line cannot be read; a last line cut by a crash is
        passed over, since what it named was never published.
        """
        if not path.exists():
            return cls()
        known: dict[str, str] = {}
        lines = path.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines, 1):
            try:
                row = json.loads(line)
                known[row["signature"]] = row["slug"]
            except (ValueError, KeyError, TypeError) as error:
                if number == len(lines):
                    break
                raise DataFolderError(
                    f"{path}: line {number} is damaged; restore it from a backup"
                ) from error
        return cls(known)

    def slug(self, signatures: list[str], wanted: str) -> str:
        """Return the slug of a thing known by any of its signatures; else register `wanted`."""
        slug = next((self._slugs[s] for s in signatures if s in self._slugs), wanted)
        for signature in signatures:
            if signature not in self._slugs:
                self._slugs[signature] = self._fresh[signature] = slug
        return slug

    def save(self, path: Path) -> None:
        """Append what is new and see it on disk before returning."""
        if not self._fresh:
            return
        rows = "".join(
            json.dumps({"signature": s, "slug": t}, ensure_ascii=False) + "\n"
            for s, t in sorted(self._fresh.items())
        )
        cut = path.exists() and path.stat().st_size > 0 and path.read_bytes()[-1:] != b"\n"
        with path.open("a", encoding="utf-8") as handle:
            handle.write(("\n" if cut else "") + rows)
            handle.flush()
            os.fsync(handle.fileno())
        self._fresh = {}
