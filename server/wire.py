"""Frames between the web process and its query processes: a kind, a length, and bytes."""

from __future__ import annotations

import json
import socket
import struct
from typing import Any

_HEAD = struct.Struct("!cI")
HEADER, DATA, END, FAULT, STEP = b"H", b"D", b"E", b"F", b"S"
CHUNK = 1 << 16


def frame(kind: bytes, data: bytes = b"") -> bytes:
    """Return one frame."""
    return _HEAD.pack(kind, len(data)) + data


def frame_json(kind: bytes, value: Any) -> bytes:
    """Return one frame that holds JSON."""
    return frame(kind, json.dumps(value).encode())


class Reader:
    """Takes frames from a socket; the socket's time limit applies to each wait."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock, self._buffer = sock, bytearray()

    def next(self) -> tuple[bytes, bytes]:
        """Return kind and content of the next frame.

        Raises EOFError where the other side is gone, TimeoutError where the wait was too long;
        after that, asking again goes on where it stopped.
        """
        self._fill(_HEAD.size)
        kind, size = _HEAD.unpack_from(self._buffer)
        self._fill(_HEAD.size + size)
        data = bytes(self._buffer[_HEAD.size : _HEAD.size + size])
        del self._buffer[: _HEAD.size + size]
        return kind, data

    def _fill(self, size: int) -> None:
        while len(self._buffer) < size:
            part = self._sock.recv(max(CHUNK, min(size - len(self._buffer), 1 << 20)))
            if not part:
                raise EOFError("the other process is gone")
            self._buffer += part
