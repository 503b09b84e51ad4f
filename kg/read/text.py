"""Plain text and Markdown; offsets refer to the decoded text as it is."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from typing import Any

from kg.errors import DocumentError
from kg.model import Document, Span
from kg.read.encoding import decode
from kg.read.origin import dated, kind

_HEADER = re.compile(r"\A\ufeff?\s*date:?\s+(\d{4}-\d{2}-\d{2})(?:[ \t]+|\s*\n|\Z)", re.IGNORECASE)
_MAX_TITLE = 250


def read_text(name: str, data: bytes, charset: str = "", url: str = "") -> Document:
    """Return a plain-text document; its first line may begin with `date YYYY-MM-DD`.

    The rest of that line is the headline. Without that header, the day is that of a dateline or
    of a line that holds a whole date and nothing else. Raises DocumentError (empty, no text).
    """
    text, note = decode(name, data, charset)
    date, date_span, source, start = None, None, "", 0
    if match := _HEADER.match(text):
        try:
            date = dt.date.fromisoformat(match[1])
        except ValueError as error:
            raise DocumentError(f"{name}: the date {match[1]} in the header is no date") from error
        date_span, source, start = Span(*match.span(1)), "header", match.end()
    elif found := dated(text):
        date, date_span = found
        source = "dateline"
    return made(
        name,
        text,
        date=date,
        date_span=date_span,
        date_source=source,
        title=_title(text, start),
        body=Span(start, len(text)),
        url=url,
        notes=(note,) if note else (),
    )


def made(name: str, text: str, **known: Any) -> Document:
    """Return a document of a text; the kind of source is what the text itself says, if anything.

    Raises DocumentError where there is no text.
    """
    if not text.strip():
        raise DocumentError(f"{name}: the file is empty; nothing to read")
    known["source_kind"] = known.get("source_kind") or kind(text)
    return Document(hashlib.sha256(text.encode()).hexdigest()[:16], name, text, **known)


def _title(text: str, start: int) -> str:
    first, _, rest = text[start:].lstrip().partition("\n")
    first = first.strip()
    # A first line that ends like a sentence and is as long as one is the lead, not a headline.
    headline = rest.strip() and len(first) <= _MAX_TITLE and not re.search(r"[.!?][\"'”’]?$", first)
    return first if headline else ""
