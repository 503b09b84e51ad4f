"""The identity register: which address was given to which thing, append-only.

An address is minted once. A later build that meets the same thing again, by its signature, gets
the same address, whatever order the documents come in.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

from kg import disk
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

    def knows(self, gone: Callable[[str], object]) -> bool:
        """Tell whether anything is registered for a document that `gone` tells by id."""
        return any(gone(part) for signature in self._slugs for part in signature.split("|"))

    def carry_over(self, old: str, new: str, left_out: Callable[[str], bool]) -> None:
        """Register what is registered for one document for another one, too, but for some."""
        for signature, slug in list(self._slugs.items()):
            parts = signature.split("|")
            if old in parts and not left_out(signature) and not left_out(slug):
                other = "|".join(new if part == old else part for part in parts)
                self.slug([other], slug)

    def forget(self, path: Path, gone: Callable[[str], object]) -> bool:
        """Leave out of the file what was registered for documents that `gone` tells by id.

        Returns whether there was anything; an address that other documents use keeps their lines.
        """
        lost = {s for s in self._slugs if any(map(gone, s.split("|")))}
        if not lost:
            return False
        self._slugs = {s: t for s, t in self._slugs.items() if s not in lost}
        self._fresh = {s: t for s, t in self._fresh.items() if s not in lost}
        kept = {s: t for s, t in self._slugs.items() if s not in self._fresh}
        disk.write(path, _rows(kept).encode())
        return True

    def save(self, path: Path) -> None:
        """Append what is new and see it on disk before returning."""
        if not self._fresh:
            return
        rows = _rows(self._fresh)
        cut = path.exists() and path.stat().st_size > 0 and path.read_bytes()[-1:] != b"\n"
        with path.open("a", encoding="utf-8") as handle:
            handle.write(("\n" if cut else "") + rows)
            handle.flush()
            os.fsync(handle.fileno())
        self._fresh = {}


def _rows(slugs: dict[str, str]) -> str:
    return "".join(
        json.dumps({"signature": s, "slug": t}, ensure_ascii=False) + "\n"
        for s, t in sorted(slugs.items())
    )
