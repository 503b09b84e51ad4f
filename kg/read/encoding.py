"""Bytes to characters: UTF-8 first, then what is declared, then the most likely code page."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from kg.errors import DocumentError

# A document is refused as binary where it holds NUL or more control characters than prose has.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffd]")
_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# What texts are written in where it is not Unicode: the code pages of Windows, ISO and East Asia.
# Those of old Macs and of DOS fit almost any bytes, and would win by accident.
_COMMON = [
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257", "cp1255", "cp1256", "iso8859_2",
    "iso8859_5", "iso8859_7", "iso8859_9", "koi8_r", "koi8_u", "gb18030", "big5", "shift_jis",
    "euc_jp", "euc_kr", "utf_16_le", "utf_16_be",
]  # fmt: skip
MIXED = "mixed encodings: bytes that are no UTF-8 were read as Windows-1252"
_MARK = "pactgraph-mixed"


def _one_by_one(error: UnicodeError) -> tuple[str, int]:
    """Read what is no UTF-8 as Windows-1252, byte by byte."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return bad.decode("cp1252", "replace"), error.end


codecs.register_error(_MARK, _one_by_one)


def decode(name: str, data: bytes, declared: str = "") -> tuple[str, str]:
    """Return the text of bytes, and a remark where they had to be mended (else nothing).

    `declared` is the encoding that the source states; UTF-8 goes before it where the bytes are
    strictly valid, since pages often state a wrong one. Raises DocumentError where the bytes are
    no text. Line ends and a byte order mark stay, so that offsets agree with other programs'.
    """
    bom = next((codec for mark, codec in _BOMS.items() if data.startswith(mark)), "")
    if b"\x00" in data[:4096] and not bom and not declared.lower().startswith("utf-"):
        raise DocumentError(f"{name}: this is a binary file, not text; convert it to text first")
    text, note = _decoded(name, data, bom, declared)
    if len(_CONTROL.findall(text)) > max(8, len(text) // 200):
        raise DocumentError(f"{name}: this is a binary file, not text; convert it to text first")
    return text, note


def _decoded(name: str, data: bytes, bom: str, declared: str) -> tuple[str, str]:
    codecs_in_order = ("utf-16" if bom == "utf-16" else bom.removesuffix("-sig"), "utf-8", declared)
    for codec in filter(None, codecs_in_order):
        try:
            return data.decode(codec), ""
        except (UnicodeDecodeError, LookupError):
            continue
    mixed = data.decode("utf-8", _MARK)
    right = sum(ord(c) > 127 for c in data.decode("utf-8", "ignore"))
    wrong = len(_NOT_UTF8.findall(data.decode("utf-8", "surrogateescape")))
    if right >= max(wrong, 1):
        return mixed, MIXED
    # Accents alone do not tell code pages apart; the one of Western Europe wins a draw.
    best = min(
        from_bytes(data, cp_isolation=_COMMON),
        key=lambda m: (m.chaos, -m.coherence, m.encoding != "cp1252"),
        default=None,
    )
    if best is None:
        raise DocumentError(f"{name}: the encoding cannot be told; save the file as UTF-8")
    return str(best), ""


_NOT_UTF8 = re.compile("[\udc80-\udcff]")
