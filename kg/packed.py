"""What was read from many documents: outlines in memory, the rest opened one document at a time.

Linking and judging look at all documents of a build, at the outline of each (`kg.outline`), some
4 KB packed. The claims with their words, some 75 KB when open, are packed too where they are not
kept on the shelf, and opened for the few documents that are lifted anew.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import overload

from kg.model import Extraction
from kg.outline import Outline, outline


@dataclass(frozen=True, slots=True)
class Packed:
    """An extraction, packed, with its outline; or the outline and where the extraction is kept."""

    outlined: bytes
    data: bytes = b""
    kept: Callable[[], Extraction] | None = None

    @classmethod
    def of(cls, extraction: Extraction, *, whole: bool = True) -> Packed:
        """Pack an extraction; not `whole`: without mentions and sentences, which linking and
        lifting do not read."""
        some = extraction if whole else replace(extraction, mentions=(), sentences=())
        data = zlib.compress(pickle.dumps(some, pickle.HIGHEST_PROTOCOL), 1)
        return cls(outline(extraction).pack(), data)

    def open(self) -> Extraction:
        """Return the extraction."""
        if self.kept:
            return self.kept()
        # The bytes never leave this process, so nothing strange can be in them.
        found: Extraction = pickle.loads(zlib.decompress(self.data))
        return found

    @property
    def outline(self) -> Outline:
        """The outline of the extraction, opened anew."""
        return Outline.unpack(self.outlined)


class Readings(Sequence[Extraction]):
    """Extractions in an order; each is opened anew where it is asked for."""

    def __init__(self, packed: Iterable[Packed]) -> None:
        self._packed = list(packed)

    def __len__(self) -> int:
        return len(self._packed)

    @overload
    def __getitem__(self, index: int) -> Extraction: ...
    @overload
    def __getitem__(self, index: slice) -> Readings: ...
    def __getitem__(self, index: int | slice) -> Extraction | Readings:
        if isinstance(index, slice):
            return Readings(self._packed[index])
        return self._packed[index].open()

    def __iter__(self) -> Iterator[Extraction]:
        return (packed.open() for packed in self._packed)

    def outline(self, index: int) -> Outline:
        """Return the outline of one of them."""
        return self._packed[index].outline


def outline_of(extractions: Sequence[Extraction], index: int) -> Outline:
    """Return the outline of one of some extractions, packed or not."""
    if isinstance(extractions, Readings):
        return extractions.outline(index)
    return outline(extractions[index])
