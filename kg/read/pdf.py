"""PDF: the text of its pages in reading order, lines joined to paragraphs."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from kg.errors import DocumentError
from kg.model import Document
from kg.read.origin import dated
from kg.read.text import made

if TYPE_CHECKING:
    from pypdf import PdfReader

_MAX_PAGES = 1000
_HYPHEN = re.compile(r"(?<=[a-z])[-\u00ad\u2010]\n(?=[a-z])")
_SOFT = re.compile("\u00ad")
_MARKS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}


def read_pdf(name: str, data: bytes, charset: str = "", url: str = "") -> Document:
    """Return the text of a PDF; offsets refer to the joined text, which is what is stored.

    Raises DocumentError where it is encrypted, broken, longer than 1,000 pages or only pictures.
    """
    reader = _opened(name, data)
    try:
        pages = [page.extract_text() for page in reader.pages]
        about = reader.metadata
        title = (about.title if about else "") or ""
    except MemoryError:
        raise
    except Exception as error:  # pypdf raises what its callers and zlib raise
        raise DocumentError(
            f"{name}: this PDF is broken ({_brief(error)}); save it anew"
        ) from error
    text = joined(pages)
    if not re.search(r"\w{2}", text):
        raise DocumentError(f"{name}: this PDF holds no text, only pictures; run OCR over it first")
    found = dated(text)
    return made(
        name,
        text,
        date=found[0] if found else None,
        date_span=found[1] if found else None,
        date_source="dateline" if found else "",
        title=" ".join(_MARKS.sub(" ", title).split())[:250],
        url=url,
        media_type="application/pdf",
    )


def _opened(name: str, data: bytes) -> PdfReader:
    from pypdf import PdfReader

    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        locked = reader.is_encrypted and not reader.decrypt("")
        size = 0 if locked else len(reader.pages)
    except MemoryError:
        raise
    except Exception as error:
        if "crypt" in _brief(error).lower():  # a cipher that needs a further library
            locked, size = True, 0
        else:
            raise DocumentError(
                f"{name}: this PDF is broken ({_brief(error)}); save it anew"
            ) from error
    if locked:
        raise DocumentError(f"{name}: this PDF is encrypted; save a copy without a password")
    if size > _MAX_PAGES:
        raise DocumentError(f"{name}: {size} pages are more than {_MAX_PAGES}; split the file")
    return reader


def joined(pages: list[str]) -> str:
    """Return the text of pages with the lines of a paragraph as one line.

    A page ends a paragraph only where a sentence ends; numbers of pages are dropped.
    """
    blocks: list[str] = []
    for page in pages:
        text = _MARKS.sub(" ", page.replace("\r\n", "\n").replace("\x0c", "\n"))
        text = "".join(_LIGATURES.get(c, c) for c in text)
        text = _SOFT.sub("", _HYPHEN.sub("", text))
        lines = [" ".join(line.split()) for line in text.split("\n")]
        while lines and re.fullmatch(r"(?:page )?\d{0,4}(?: of \d+)?", lines[-1], re.IGNORECASE):
            lines.pop()
        parts = _paragraphs(lines)
        if parts and blocks and not _ends(blocks[-1]) and parts[0][:1].islower():
            blocks[-1] += " " + parts.pop(0)
        blocks += parts
    return "\n\n".join(blocks) + "\n" if blocks else ""


def _paragraphs(lines: list[str]) -> list[str]:
    """Join lines; a line well short of the others, or a mark of a list, ends a paragraph."""
    lengths = sorted(len(line) for line in lines if line)
    width = lengths[len(lengths) * 9 // 10] if lengths else 0
    found: list[str] = []
    last = ""
    for line in lines:
        new = (
            not last
            or bool(re.match(r"[•▪‣*–—-]\s|\(?\d{1,2}[.)]\s|\(?[a-z]\)\s", line))
            or (_ends(last) and len(last) < width * 0.85)
            or (len(last) < width * 0.6 and not line[:1].islower() and not last.endswith(","))
        )
        if line and (new or not found):
            found.append(line)
        elif line:
            found[-1] += " " + line
        last = line
    return found


def _ends(line: str) -> bool:
    return bool(re.search(r"[.!?:;][\"'”’)]?$", line))


def _brief(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:120]
