"""What was read from many documents, packed in memory and opened one document at a time.

Linking and judging look at all documents of a build. Open, a document takes some 75 KB for 58
claims; packed, a tenth of that.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import overload

from kg.model import Extraction


@dataclass(frozen=True, slots=True)
class Packed:
    """An extraction, packed."""

    data: bytes

    @classmethod
    def of(cls, extraction: Extraction, *, whole: bool = True) -> Packed:
        """Pack an extraction; not `whole`: without mentions and sentences, which linking and
        lifting do not read."""
        kept = extraction if whole else replace(extraction, mentions=(), sentences=())
        return cls(zlib.compress(pickle.dumps(kept, pickle.HIGHEST_PROTOCOL), 1))

    def open(self) -> Extraction:
        """Return the extraction."""
        # The bytes never leave this process, so nothing strange can be in them.
        found: Extraction = pickle.loads(zlib.decompress(self.data))
        return found


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
