"""Files to documents. One function a media type; a new reader is one entry in READERS."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from charset_normalizer import from_bytes

from kg.errors import DocumentError
from kg.model import Document, Span

_HEADER = re.compile(r"\A\ufeff?\s*date:?\s+(\d{4}-\d{2}-\d{2})(?:[ \t]+|\s*\n|\Z)", re.IGNORECASE)
# A document is refused as binary where it holds NUL or more control characters than prose has.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffd]")
_MAX_TITLE = 250


def find_sources(paths: Iterable[str | Path]) -> list[Path]:
    """Return the files to read, sorted: files as given, folders with all files below them.

    Raises DocumentError where a path does not exist. Hidden files are passed over.
    """
    found: set[Path] = set()
    for given in map(Path, paths):
        if given.is_dir():
            found.update(
                path
                for path in given.rglob("*")
                if path.is_file()
                and not any(part.startswith(".") for part in path.relative_to(given).parts)
                and path.suffix.lower() in READERS
            )
        elif given.exists():
            found.add(given)
        else:
            raise DocumentError(f"{given}: no such file or folder; check the path")
    return sorted(found)


def read(path: Path, max_bytes: int = 5_000_000) -> Document:
    """Return the document in a file.

    Raises DocumentError (with what to do) where the file is missing, empty, larger than
    `max_bytes`, binary or of a type that no reader knows.
    """
    try:
        size = path.stat().st_size
        if size > max_bytes:
            raise DocumentError(
                f"{path}: {size:,} bytes are more than the limit of {max_bytes:,};"
                " split the file or raise max_document_bytes"
            )
        data = path.read_bytes()
    except OSError as error:
        raise DocumentError(f"{path}: cannot be read ({error.strerror})") from error
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise DocumentError(
            f"{path}: no reader for {path.suffix or 'files without ending'!r} files"
        )
    return reader(path.name, data)


def read_text(name: str, data: bytes) -> Document:
    """Return a plain-text document; its first line may begin with `date YYYY-MM-DD`.

    The rest of that line is the headline. Offsets refer to the decoded text as it is.
    """
    text = decode(name, data)
    if not text.strip():
        raise DocumentError(f"{name}: the file is empty; nothing to read")
    date, date_span, start = None, None, 0
    if match := _HEADER.match(text):
        try:
            date = dt.date.fromisoformat(match[1])
        except ValueError as error:
            raise DocumentError(f"{name}: the date {match[1]} in the header is no date") from error
        date_span, start = Span(*match.span(1)), match.end()
    return Document(
        id=hashlib.sha256(text.encode()).hexdigest()[:16],
        name=name,
        text=text,
        date=date,
        date_span=date_span,
        date_source="header" if date else "",
        title=_title(text, start),
        body=Span(start, len(text)),
    )


def _title(text: str, start: int) -> str:
    first, _, rest = text[start:].lstrip().partition("\n")
    first = first.strip()
    # A first line that ends like a sentence and is as long as one is the lead, not a headline.
    headline = rest.strip() and len(first) <= _MAX_TITLE and not re.search(r"[.!?][\"'”’]?$", first)
    return first if headline else ""


def decode(name: str, data: bytes) -> str:
    """Return the text of bytes: UTF-8 first, then the most likely encoding.

    Raises DocumentError where the bytes are no text. Line ends stay as they are, so that
    offsets agree with what any other program reads from the file.
    """
    if b"\x00" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DocumentError(f"{name}: this is a binary file, not text; convert it to text first")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        matches = from_bytes(data)
        # Accents alone do not tell code pages apart; the one of Western Europe wins a draw.
        best = min(
            matches, key=lambda m: (m.chaos, -m.coherence, m.encoding != "cp1252"), default=None
        )
        if best is None:
            raise DocumentError(
                f"{name}: the encoding cannot be told; save the file as UTF-8"
            ) from None
        text = str(best)
    if len(_CONTROL.findall(text)) > max(8, len(text) // 200):
        raise DocumentError(f"{name}: this is a binary file, not text; convert it to text first")
    return text


READERS: dict[str, Callable[[str, bytes], Document]] = {
    ".txt": read_text,
    ".text": read_text,
    ".md": read_text,
}
