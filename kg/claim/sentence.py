"""A parsed sentence with its words at hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


class Sentence:
    """A sentence whose words are at hand: a span of spaCy makes them anew at each pass."""

    __slots__ = ("span", "tokens")

    def __init__(self, span: Any) -> None:
        self.span, self.tokens = span, list(span)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.tokens)

    def __len__(self) -> int:
        return len(self.tokens)

    def __getitem__(self, index: int | slice) -> Any:
        return self.span[index]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.span, name)
