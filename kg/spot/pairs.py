"""Two polities in one word: "India-US", "Franco-German", "EU–Madagascar"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from kg.spot.chunk import Chunk, Tokens
from kg.spot.lexicon import POLITIES, Known, Lexicon

_HYPHENS = {"-", "–", "—", "/"}


def polity(chunk: Chunk) -> bool:
    """Tell whether a chunk names a polity, or two of them."""
    return chunk.cls == "Pair" or (
        chunk.known is not None and chunk.known.type in POLITIES and chunk.cls != "Place"
    )


def combining(word: str, lexicon: Lexicon) -> Known | None:
    """Return the state that the first half of a word stands for ("Franco", "Sino")."""
    code = _forms(lexicon.words.get("combining", frozenset())).get(word)
    return lexicon.by_id.get(code) if code else None


@cache
def _forms(rows: frozenset[str]) -> dict[str, str]:
    return dict(row.split() for row in rows)


def paired(tokens: Tokens, chunks: list[Chunk], lexicon: Lexicon) -> list[Chunk]:
    """Join "India-US" and the like into one chunk that stands for both."""
    result: list[Chunk] = []
    for chunk in chunks:
        last = result[-1] if result else None
        if last is not None and polity(last) and polity(chunk) and _glued(tokens, last.end, chunk):
            ids = f"{last.traits.get('pair') or last.known.id} {chunk.known.id}"  # type: ignore[union-attr]
            result[-1] = _pair(tokens, last.start, chunk, ids)
        elif polity(chunk) and chunk.cls != "Pair" and chunk.start > 1:
            half = combining(tokens.words[chunk.start - 2], lexicon)
            free = last is None or last.end <= chunk.start - 2
            if half and free and _glued(tokens, chunk.start - 1, chunk):
                ids = f"{half.id} {chunk.known.id}"  # type: ignore[union-attr]
                chunk = _pair(tokens, chunk.start - 2, chunk, ids)
            result.append(chunk)
        else:
            result.append(chunk)
    return result


def halves(text: str, lexicon: Lexicon) -> Iterator[Known]:
    """Yield the states that first halves of words in a name stand for."""
    for word in text.replace("–", "-").split() if "-" in text or "–" in text else ():
        first, _, rest = word.partition("-")
        sides = [lexicon.state(half.strip(".,")) for half in (first, rest)]
        if all(known is not None and known.type in POLITIES for known in sides):
            yield from (known for known in sides if known)  # "EU-Mercosur", "India-EFTA"
        elif rest[:1].isupper() and (known := combining(first, lexicon)):
            yield known


def _glued(tokens: Tokens, hyphen: int, chunk: Chunk) -> bool:
    return (
        chunk.start == hyphen + 1
        and tokens.words[hyphen] in _HYPHENS
        and tokens.glued(hyphen)
        and tokens.glued(chunk.start)
    )


def _pair(tokens: Tokens, start: int, chunk: Chunk, ids: str) -> Chunk:
    return replace(
        chunk,
        start=start,
        text=tokens.slice(start, chunk.end),
        span=tokens.span(start, chunk.end),
        proxy="bilateral",
        cls="Pair",
        traits={"pair": ids},
    )
