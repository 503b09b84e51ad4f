"""Compression of answers: zstd, Brotli or gzip, as the client takes them (RFC 9110, 12.5.3)."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator

import brotli
import zstandard

from server.negotiate import ranked

_SMALLEST = 500  # bytes: below, compressing costs more than it spares
_ORDER = ("zstd", "br", "gzip")


def choose(accepted: str, size: int) -> str:
    """Return the encoding for a body of `size` bytes (-1: not known); "" for none."""
    if not accepted or 0 <= size < _SMALLEST:
        return ""
    names = set(ranked(accepted))
    return next((name for name in _ORDER if name in names), "")


def encode(data: bytes, name: str) -> bytes:
    """Return a body in an encoding."""
    if name == "zstd":
        return zstandard.ZstdCompressor(level=3).compress(data)
    if name == "br":
        return bytes(brotli.compress(data, quality=4))
    return gzip.compress(data, compresslevel=5, mtime=0)


def encode_stream(parts: Iterable[bytes], name: str) -> Iterator[bytes]:
    """Yield a body in an encoding, piece by piece."""
    if name == "br":
        compressor = brotli.Compressor(quality=4)
        press, end = compressor.process, compressor.finish
    elif name == "zstd":
        stream = zstandard.ZstdCompressor(level=3).compressobj()
        press, end = stream.compress, stream.flush
    else:
        packer = zlib.compressobj(5, zlib.DEFLATED, 31)
        press, end = packer.compress, packer.flush
    for part in parts:
        if made := press(part):
            yield made
    yield end()
