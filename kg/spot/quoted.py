"""Names between quotation marks beside the noun that says what they name: the programme "X"."""

from __future__ import annotations

from kg.spot.chunk import Chunk, Tokens
from kg.spot.lexicon import Head
from kg.vocab import is_a

_SMALL = {
    "of",
    "the",
    "and",
    "for",
    "in",
    "on",
    "to",
    "de",
    "la",
    "del",
    "du",
    "des",
    "-",
    "&",
    "'s",
}
_CALLED = {"titled", "called", "named", "dubbed", "entitled"}
_MARKS = {'"', "'"}
_LONGEST = 9
_NAMED = ("Programme", "Strategy", "CooperationMechanism", "Company", "Organization", "Agreement")


def quoted_name(tokens: Tokens, start: int, end: int, head: Head, free: set[int]) -> Chunk | None:
    """Return the name between quotes behind or before a head noun at `start:end`, or nothing.

    The chunk holds the noun and the marks, so that the parser sees one word; its text is the name.
    Tokens of `free` are not looked at: they are people and times.
    """
    if not any(is_a(head.cls, cls) for cls in _NAMED):
        return None
    inner = _behind(tokens, end)
    first, last, whole = start, 0, False
    if inner is not None:
        last = inner[1] + 1
    elif (inner := _before(tokens, start)) is not None:
        first, last, whole = inner[0] - 1, end, True
    if inner is None or any(j in free for j in range(*inner)) or not _capitals(tokens, *inner):
        return None
    name = tokens.slice(*inner)
    text = f"{name} {tokens.slice(start, end)}" if whole else name
    span = tokens.span(inner[0], inner[1])
    chunk = Chunk(first, last, head.cls, text, span, rank=head.rank + 3)
    chunk.proxy = tokens.words[end - 1].capitalize()
    chunk.aliases = [name]
    return chunk


def _behind(tokens: Tokens, i: int) -> tuple[int, int] | None:
    """Return where the words between the quotes that open at a token stand."""
    if i < len(tokens) and tokens.words[i].lower() in _CALLED:
        i += 1 + (tokens.words[i + 1 : i + 2] == ["the"])
    if i + 2 >= len(tokens) or tokens.words[i] not in _MARKS or not tokens.glued(i + 1):
        return None
    for j in range(i + 2, min(i + 2 + _LONGEST, len(tokens))):
        if tokens.words[j] == tokens.words[i]:
            return (i + 1, j) if tokens.glued(j) else None
    return None


def _before(tokens: Tokens, i: int) -> tuple[int, int] | None:
    """Return where the words between the quotes that close right before a token stand."""
    if i < 3 or tokens.words[i - 1] != '"' or not tokens.glued(i - 1):
        return None
    for j in range(i - 2, max(i - 2 - _LONGEST, -1), -1):
        if tokens.words[j] == '"':
            return (j + 1, i - 1) if tokens.glued(j + 1) and j + 1 < i - 1 else None
    return None


def _capitals(tokens: Tokens, start: int, end: int) -> bool:
    """Tell whether words are written like a name: "Green Schools", not "worth every cent"."""
    words = range(start, end)
    big = sum(tokens.cap(j) for j in words)
    small = all(tokens.cap(j) or tokens.words[j].lower() in _SMALL for j in words)
    return small and tokens.cap(start) and big > 0 and (big > 1 or end - start == 1)
