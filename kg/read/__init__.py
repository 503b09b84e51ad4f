"""Bytes to documents: one function a format; a new reader is one entry in READERS and ENDINGS."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from kg.errors import DocumentError
from kg.model import Document
from kg.read.mail import read_mail
from kg.read.page import read_html
from kg.read.pdf import read_pdf
from kg.read.text import read_text

__all__ = ["ENDINGS", "READERS", "find_sources", "format_of", "open_bytes", "read", "sniff"]

Reader = Callable[[str, bytes, str, str], Document]  # name, bytes, declared encoding, address
READERS: dict[str, Reader] = {
    "text": read_text,
    "html": read_html,
    "pdf": read_pdf,
    "mail": read_mail,
}
ENDINGS = {
    ".txt": "text", ".text": "text", ".md": "text", ".markdown": "text",
    ".html": "html", ".htm": "html", ".xhtml": "html",
    ".pdf": "pdf",
    ".eml": "mail",
    ".xml": "feed", ".rss": "feed", ".atom": "feed",
    ".urls": "list",
}  # fmt: skip
# Feeds and lists lead elsewhere, so they are opened where they are named, never in a folder.
_IN_FOLDERS = {ending for ending, form in ENDINGS.items() if form in READERS}
_MEDIA = {
    "text/html": "html", "application/xhtml+xml": "html", "application/pdf": "pdf",
    "message/rfc822": "mail", "text/plain": "text", "text/markdown": "text",
    "application/rss+xml": "feed", "application/atom+xml": "feed", "application/rdf+xml": "feed",
}  # fmt: skip
_FEED = re.compile(rb"<(?:\w+:)?(?:rss|feed|RDF)[\s>]")
_PAGE = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_FIELD = re.compile(rb"^(?:From|Date|Subject|To|MIME-Version|Received|Message-ID|Content-Type):",
                    re.I | re.M)  # fmt: skip
_ARCHIVES = {b"PK\x03\x04": "zip", b"\x1f\x8b": "gzip", b"7z\xbc\xaf": "7z", b"Rar!": "rar",
             b"\xd0\xcf\x11\xe0": "old Office"}  # fmt: skip


def find_sources(paths: Iterable[str | Path]) -> list[Path]:
    """Return the files to read, sorted: files as given, folders with all files below them.

    Raises DocumentError where a path does not exist. Hidden files are passed over, and so are data
    folders, whose texts are copies.
    """
    found: set[Path] = set()
    for given in map(Path, paths):
        if given.is_dir():
            own = {p.parent for p in given.rglob("FORMAT") if (p.parent / "releases").is_dir()}
            found.update(
                path
                for path in given.rglob("*")
                if path.is_file()
                and not any(part.startswith(".") for part in path.relative_to(given).parts)
                and path.suffix.lower() in _IN_FOLDERS
                and own.isdisjoint(path.parents)
            )
        elif given.exists():
            found.add(given)
        else:
            raise DocumentError(f"{given}: no such file or folder; check the path")
    return sorted(found)


def load(path: Path, max_bytes: int) -> bytes:
    """Return the bytes of a file.

    Raises DocumentError where it is missing, no file, or larger than `max_bytes`.
    """
    try:
        if not path.is_file():
            raise DocumentError(f"{path}: is no file; check the path")
        size = path.stat().st_size
        if size > max_bytes:
            raise DocumentError(
                f"{path}: {size:,} bytes are more than the limit of {max_bytes:,};"
                " split the file or raise max_document_bytes"
            )
        return path.read_bytes()
    except OSError as error:
        raise DocumentError(f"{path}: cannot be read ({error.strerror})") from error


def read(path: Path, max_bytes: int = 5_000_000) -> Document:
    """Return the document in a file, read in this process.

    Raises DocumentError (with what to do) where the file is missing, empty, larger than
    `max_bytes`, binary or of a type that no reader knows.
    """
    data = load(path, max_bytes)
    return open_bytes(path.name, data, format_of(path, data))


def format_of(path: Path, data: bytes) -> str:
    """Return the format of a file, by its ending; without one, by how it begins.

    Raises DocumentError for an ending that no reader knows.
    """
    ending = path.suffix.lower()
    if ending and ending not in ENDINGS:
        raise DocumentError(f"{path}: no reader for {path.suffix!r} files; see docs/sources.md")
    if ENDINGS.get(ending, "text") in {"text", "list"} and ending:
        return ENDINGS[ending]
    return sniff(data, default=ENDINGS.get(ending, "text"))


def sniff(data: bytes, media_type: str = "", default: str = "text") -> str:
    """Return the format of bytes by how they begin, else by the declared type, else `default`."""
    head = data[:2000].lstrip(b"\xef\xbb\xbf\r\n\t ")
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if _PAGE.match(head):
        return "html"
    if head.startswith((b"<?xml", b"<rss", b"<feed", b"<rdf")) and _FEED.search(data[:4000]):
        return "feed"
    if head.startswith(b"<?xml") and b"<html" in data[:4000]:
        return "html"
    if media_type in _MEDIA:
        return _MEDIA[media_type]
    fields = head.partition(b"\n\n")[0].partition(b"\r\n\r\n")[0]
    if default == "text" and len(set(_FIELD.findall(fields))) >= 2:
        return "mail"
    return default


def open_bytes(name: str, data: bytes, form: str, charset: str = "", url: str = "") -> Document:
    """Return the document in bytes of a format (`text`, `html`, `pdf` or `mail`).

    Raises DocumentError where they cannot be read as that.
    """
    for magic, kind in _ARCHIVES.items():
        if data.startswith(magic):
            raise DocumentError(
                f"{name}: this is a {kind} file; unpack it, or save it as text or PDF"
            )
    if not data.strip():
        raise DocumentError(f"{name}: the file is empty; nothing to read")
    if form not in READERS:
        raise DocumentError(f"{name}: no reader for a {form}; name the pages themselves")
    try:
        return READERS[form](name, data, charset, url)
    except (DocumentError, MemoryError):
        raise
    except RecursionError:
        raise DocumentError(f"{name}: it nests too deep to be read") from None
    except Exception as error:  # a library that stumbles over one file must not stop the others
        what = " ".join(f"{type(error).__name__}: {error}".split())[:150]
        raise DocumentError(f"{name}: cannot be opened ({what}); please report it") from error
