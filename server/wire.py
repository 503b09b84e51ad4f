"""Frames between the web process and its query processes: a length, a kind, and bytes."""

from __future__ import annotations

import json
import socket
import struct
from typing import Any

_HEAD = struct.Struct("!cI")
HEADER, DATA, END, FAULT = b"H", b"D", b"E", b"F"
CHUNK = 1 << 16


def send(sock: socket.socket, kind: bytes, data: bytes = b"") -> None:
    """Write one frame."""
    sock.sendall(_HEAD.pack(kind, len(data)) + data)


def send_json(sock: socket.socket, kind: bytes, value: Any) -> None:
    """Write one frame that holds JSON."""
    send(sock, kind, json.dumps(value).encode())


def receive(sock: socket.socket) -> tuple[bytes, bytes]:
    """Read one frame; raises EOFError where the other side is gone."""
    kind, size = _HEAD.unpack(_exactly(sock, _HEAD.size))
    return kind, _exactly(sock, size)


def _exactly(sock: socket.socket, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = sock.recv(min(size - len(parts), CHUNK))
        if not part:
            raise EOFError("the other process is gone")
        parts += part
    return bytes(parts)
