"""How much of a document's text a reader sees (setting `public_text`), and text cut into marks.

The rule: without leave to show all, a quotation has at most 300 characters, and what a page
shows of one document is at most a fifth of it.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from flask import request

from kg.model import Span
from kg.settings import Settings
from server.auth import sees_all

Mode = Literal["full", "quotes", "none"]
LONGEST = 300  # characters of one quotation
SHARE = 5  # one part in so many of a document


def text_mode(settings: Settings) -> Mode:
    """Return how much text this request may see; `auto` means all on loopback, else quotations.

    A token with the scope `read` opens all.
    """
    if sees_all():
        return "full"
    if settings.public_text != "auto":
        return settings.public_text
    # A proxy on this machine speaks from loopback for the whole world, so its marks count too.
    forwarded = any(name in request.headers for name in ("Forwarded", "X-Forwarded-For", "Via"))
    host = request.host.rsplit(":", 1)[0].strip("[]")
    here = all(map(is_loopback, (settings.host, request.remote_addr or "", host)))
    return "full" if here and not forwarded else "quotes"


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address can only be this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass
class Quoter:
    """Cuts the quotations of one page to what its reader may see."""

    mode: Mode
    _shown: dict[tuple[str, int, int], str] = field(default_factory=dict)
    _spent: dict[str, int] = field(default_factory=dict)

    def clip(self, doc: str, start: int, end: int, quote: str, length: int) -> str:
        """Return the part of a quotation that may be shown, empty where none may.

        `doc` names the document, `start` and `end` the span, `length` is the document's size in
        characters. The same span costs once a page.
        """
        if self.mode == "full":
            return quote
        if self.mode == "none":
            return ""
        key = (doc, start, end)
        if key not in self._shown:
            left = length // SHARE - self._spent.get(doc, 0)
            shown = shorten(quote, min(LONGEST, left))
            self._spent[doc] = self._spent.get(doc, 0) + len(shown)
            self._shown[key] = shown
        return self._shown[key]


def shorten(text: str, limit: int) -> str:
    """Return a text of at most `limit` characters, cut after a word and ended by “…”."""
    if len(text) <= limit:
        return text
    if limit < 20:  # a snippet of a few letters helps nobody
        return ""
    return text[: limit - 1].rsplit(None, 1)[0] + "…"


@dataclass(frozen=True)
class Piece:
    """A stretch of text, and whether it is one of the names that were looked for."""

    text: str
    named: bool = False


def find_names(text: str, names: Iterable[str]) -> list[Span]:
    """Return where the names stand in the text as whole words, longest first, none overlapping."""
    listed = sorted({name for name in names if len(name) > 1}, key=lambda n: (-len(n), n))
    if not listed:
        return []
    pattern = "|".join(re.escape(name) for name in listed)
    return [
        Span(*found.span()) for found in re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", text, re.I)
    ]


def pieces(text: str, names: Iterable[str]) -> tuple[Piece, ...]:
    """Return the text in pieces, the names in it marked."""
    found: list[Piece] = []
    at = 0
    for span in find_names(text, names):
        found += [Piece(text[at : span.start]), Piece(text[span.start : span.end], named=True)]
        at = span.end
    return tuple(piece for piece in [*found, Piece(text[at:])] if piece.text)


@dataclass(frozen=True)
class Highlight:
    """A span to mark in a text: a span of evidence, or a name with the page of its thing."""

    span: Span
    kind: Literal["evidence", "name"]
    href: str = ""
    label: str = ""

    @property
    def id(self) -> str:
        """The fragment that selects a span of evidence: `s100-180`."""
        return f"s{self.span.start}-{self.span.end}"


@dataclass(frozen=True)
class Token:
    """One step through a marked text: a mark opens, text follows, a mark closes."""

    step: Literal["open", "text", "close"]
    text: str = ""
    highlight: Highlight | None = None
    first: bool = True  # False for a mark that goes on after being cut by another


def tokens(text: str, highlights: Sequence[Highlight], within: Span) -> Iterator[Token]:
    """Yield `text[within]` with properly nested marks, cutting those that overlap in part."""
    inside = [h for h in highlights if h.span in within and h.span.start < h.span.end]
    starts: dict[int, list[Highlight]] = {}
    for item in sorted(inside, key=lambda h: (h.span.start, -h.span.end, h.kind)):
        starts.setdefault(item.span.start, []).append(item)
    cuts = sorted(
        {within.start, within.end, *starts, *(h.span.end for h in inside)},
    )
    stack: list[Highlight] = []
    for here, after in zip(cuts, [*cuts[1:], within.end], strict=True):
        ending = [depth for depth, item in enumerate(stack) if item.span.end == here]
        if ending:
            lowest = ending[0]
            yield from (Token("close", highlight=item) for item in reversed(stack[lowest:]))
            going_on = [item for item in stack[lowest:] if item.span.end != here]
            stack[lowest:] = going_on
            yield from (Token("open", highlight=item, first=False) for item in going_on)
        for item in starts.get(here, ()):
            stack.append(item)
            yield Token("open", highlight=item)
        if here < after:
            yield Token("text", text[here:after])
