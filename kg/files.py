"""Files that are whole or absent: written beside their place, seen on disk, then renamed."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from kg.errors import LockedError


def write(path: Path, data: bytes | str, *, sync: bool = True) -> None:
    """Put a file in place in one step; a crash leaves the old one or the new one.

    `sync=False` spares the wait for the disk where a lost file can be made again.
    """
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with part.open("wb") as handle:
            handle.write(data.encode() if isinstance(data, str) else data)
            if sync:
                handle.flush()
                os.fsync(handle.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    if sync:
        sync_folder(path.parent)


def write_json(path: Path, value: Mapping[str, object] | list[object]) -> None:
    """Write a value as JSON, keys sorted, for people and programs to read."""
    write(path, json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def point(link: Path, target: str) -> None:
    """Make a symbolic link lead to `target`, replacing the old one in one step."""
    part = link.with_name(f".{link.name}.{secrets.token_hex(4)}.part")
    part.symlink_to(target)
    part.replace(link)
    sync_folder(link.parent)


@contextmanager
def locked(path: Path, wait: float) -> Iterator[None]:
    """Hold a lock file that names this process; waits at most `wait` seconds, then LockedError."""
    deadline = time.monotonic() + wait
    with path.open("a+", encoding="ascii") as handle:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    handle.seek(0)
                    pid = handle.read().strip() or "unknown"
                    raise LockedError(
                        f"{path.parent} is being written by process {pid};"
                        " wait until it is done, or stop it, and try again"
                    ) from None
                time.sleep(0.02)
        handle.seek(0)
        handle.truncate()
        handle.write(f"{os.getpid()}\n")
        handle.flush()
        try:
            yield
        finally:
            # A child forked meanwhile holds the same lock: closing alone would not free it.
            fcntl.flock(handle, fcntl.LOCK_UN)


def sync_folder(folder: Path, *, files: bool = False) -> None:
    """Wait until the entries of a folder (and the files in it) are on disk."""
    if files:
        for path in folder.iterdir():
            if path.is_file():
                _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
