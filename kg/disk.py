"""Files that are whole or not there: writing, switching and locking that survive a crash."""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kg.errors import LockedError

_POLL = 0.05  # seconds between two tries for a lock


def write(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Replace a file at once: readers see the old or the new content, after a crash too.

    `durable` waits until the bytes are on the disk; without it only a power loss can lose them.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with beside.open("wb") as handle:
            handle.write(data)
            handle.flush()
            if durable:
                os.fsync(handle.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    if durable:
        sync(path.parent)


def sync(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def point(link: Path, target: str) -> None:
    """Let a symbolic link lead to `target` (relative to its folder), in one step."""
    beside = link.with_name(f".{link.name}.{os.getpid()}.new")
    beside.unlink(missing_ok=True)
    beside.symlink_to(target)
    beside.replace(link)
    sync(link.parent)


def remove(folder: Path) -> None:
    """Delete a folder; while it goes, it has a name that nobody lists."""
    hidden = folder.with_name(f".old-{folder.name.lstrip('.')}-{os.getpid()}")
    with suppress(FileNotFoundError):
        folder.rename(hidden)
        shutil.rmtree(hidden, ignore_errors=True)


@contextmanager
def locked(path: Path, wait: float = 0.0) -> Iterator[None]:
    """Hold the lock file; raises LockedError where another process holds it after `wait` seconds.

    The lock ends with the process that holds it, however that ends.
    """
    with path.open("a+") as handle:
        deadline = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise LockedError(
                        f"{path.parent}: {_holder(path)} is writing to this data folder;"
                        " wait until it has finished, or end it"
                    ) from None
                time.sleep(_POLL)
        handle.truncate(0)
        handle.write(f"{os.getpid()}\n")
        handle.flush()
        yield


def is_locked(path: Path) -> str:
    """Return who holds a lock file, in words; empty where nobody does."""
    try:
        with path.open("r") as handle:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return ""
    except BlockingIOError:
        return _holder(path)
    return ""


def _holder(path: Path) -> str:
    pid = path.read_text().strip()
    return f"process {pid}" if pid else "another process"
