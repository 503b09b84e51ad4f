"""Text in lines of a fixed width: where a line break stands for a space only."""

from __future__ import annotations

import re

_NARROW, _WIDE = 45, 110  # widths, in characters, that texts are wrapped to
_MARK = re.compile(r"\s*(?:[•▪‣*–—-]\s|\(?\d{1,2}[.)]\s|\(?[a-z]\)\s|#)")
_END = re.compile(r"[.!?:;][\"'”’)]*\s*$")


def unwrapped(text: str) -> str:
    """Return a text of the same length in which breaks inside paragraphs are spaces.

    A break is one where the next word had no room in the line. Texts with a paragraph a line, and
    lists, stay as they are.
    """
    lines = text.split("\n")
    width = _width(lines)
    if not width:
        return text
    breaks = [_is_break(lines, i, width) for i in range(len(lines) - 1)]
    joined = [
        line + (" " if is_break else "\n") for line, is_break in zip(lines, breaks, strict=False)
    ]
    return "".join(joined) + lines[-1]


def _width(lines: list[str]) -> int:
    """Return the width that lines are wrapped to; 0 where they are not."""
    sizes = sorted(len(line.rstrip()) for line in lines[1:] if line.strip())
    if len(sizes) < 3:
        return 0
    width = sizes[int(len(sizes) * 0.95) - 1]
    if not _NARROW <= width <= _WIDE or sizes[-1] > width + 20:
        return 0
    inner = [i for i in range(1, len(lines) - 1) if lines[i].strip() and lines[i + 1].strip()]
    full = sum(_is_break(lines, i, width) for i in inner)
    open_ = sum(not _END.search(lines[i]) for i in inner)
    return width if full >= 2 and full >= 0.6 * len(inner) and open_ >= 0.3 * len(inner) else 0


def _is_break(lines: list[str], number: int, width: int) -> bool:
    line, following = lines[number].rstrip(), lines[number + 1].strip()
    if not line or not following or _MARK.match(following):
        return False
    return len(line) + 1 + len(following.split(" ", 1)[0]) > width
