"""`curation.yaml` in the data folder: what an editor says about which things are one.

    same as:
      - [id:person/ann-orr, id:person/ann-b-orr]     # all of a list get the first address
    keep apart:
      - address: id:agreement/aldoria-belmora-mou    # what this document calls so is another thing
        document: 0123456789abcdef

It belongs to the inputs of a build, as the documents do; taking an entry out undoes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kg.errors import InputError
from kg.vocab import Iris

FILE = "curation.yaml"
_FIXED = {"doc", "claim", "evidence", "graph", "run"}  # addresses that are made of what they name


class _Apart(BaseModel):
    model_config = ConfigDict(extra="forbid")
    address: str
    document: str = Field(pattern=r"^[0-9a-f]{16}$")


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    same_as: list[list[str]] = Field([], alias="same as")
    keep_apart: list[_Apart] = Field([], alias="keep apart")


class Curation:
    """Which addresses are one, and which things of a document are not what they seem."""

    def __init__(
        self, same: dict[str, str] | None = None, apart: Iterable[tuple[str, str]] = ()
    ) -> None:
        self._same, self._apart = same or {}, set(apart)
        self._used: set[str | tuple[str, str]] = set()

    @classmethod
    def load(cls, folder: Path, iris: Iris) -> Curation:
        """Read the file of a data folder; a missing one says nothing.

        Raises InputError where it cannot be read or contradicts itself, with the place.
        """
        path = folder / FILE
        try:
            rows = _File.model_validate(yaml.safe_load(path.read_text("utf-8")) or {})
        except (FileNotFoundError, NotADirectoryError):
            return cls()
        except ValidationError as error:
            first = error.errors()[0]
            where = " → ".join(map(str, first["loc"]))
            raise InputError(f"{path}: {where}: {first['msg']}") from error
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise InputError(f"{path}: is no YAML: {' '.join(str(error).split())}") from error
        same: dict[str, str] = {}
        for group in rows.same_as:
            first_of, *others = [_address(path, text, iris) for text in group] or [""]
            for other in others:
                if other == first_of or other in same:
                    raise InputError(f"{path}: {other} stands in `same as` twice; keep one")
                same[other] = first_of
        if both := same.keys() & set(same.values()):
            raise InputError(f"{path}: {min(both)} leads on to another address; make one list")
        apart = {(_address(path, row.address, iris), row.document) for row in rows.keep_apart}
        return cls(same, apart)

    def address(self, iri: str, doc: str) -> str:
        """Return the address of what a document's thing was linked to."""
        if (iri, doc) in self._apart:
            self._used.add((iri, doc))
            return f"{iri}-{doc[:8]}"
        if iri in self._same:
            self._used.add(iri)
        return self._same.get(iri, iri)

    def unused(self) -> list[str]:
        """Return, in words, the entries that nothing in the documents answers to."""
        lost = [iri for iri in self._same if iri not in self._used]
        lost += [" in ".join(pair) for pair in self._apart if pair not in self._used]
        return [f"curation: {name} is nothing that the documents name" for name in sorted(lost)]


def _address(path: Path, text: str, iris: Iris) -> str:
    iri = iris.base + text.removeprefix("id:") if text.startswith("id:") else text
    kind, slash, _ = iri.removeprefix(iris.base).partition("/")
    if not iri.startswith(iris.base) or not slash or kind in _FIXED:
        raise InputError(f"{path}: {text!r} is no address of a thing; write it like id:person/…")
    return iri
