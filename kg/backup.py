"""A data folder in one file, taken while it is in use, and put back: every byte is verified.

The archive is a tar file with `SHA256SUMS` as its last member. Files that releases share are in it
once.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from kg import disk
from kg.errors import DataFolderError, InputError
from kg.release import DataFolder

_SUMS = "SHA256SUMS"
_FOLDERS = ("documents", "extractions", "releases")
_FILES = (
    "FORMAT",
    "register.jsonl",
    "tokens.json",
    "quarantine.jsonl",
    "tombstones.jsonl",
    "curation.yaml",
)
_WAIT = 30.0  # seconds for a writer to finish


def backup(folder: DataFolder, target: Path) -> int:
    """Write the whole data folder into `target`, read it back, and return its size in bytes.

    Writers wait only while links are made, some moments. Raises DataFolderError where there is no
    release, LockedError where another process writes for too long, InputError where `target`
    cannot be written.
    """
    folder.release()
    beside = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        with _frozen(folder) as root:
            sums = _write(root, beside)
        if _read(beside) != sums:
            raise InputError(f"{target}: what was written reads otherwise; is the disk all right?")
        beside.replace(target)
        disk.sync(target.parent)
    except OSError as error:
        raise InputError(f"{target}: cannot be written ({error.strerror or error})") from error
    finally:
        beside.unlink(missing_ok=True)
    return target.stat().st_size


def restore(archive: Path, path: Path) -> DataFolder:
    """Put a backup back as the data folder `path`, which must be new or empty.

    Everything is verified before the folder appears. Raises InputError where the file is no whole
    backup, DataFolderError where the folder is in use.
    """
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise DataFolderError(f"{path} is not empty; restore into a new folder")
    path = path.absolute()
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        beside.mkdir()
        _verify(archive)
        with tarfile.open(archive) as tar:
            tar.extractall(beside, filter="data")
        (beside / _SUMS).unlink()
        DataFolder(beside).open()
        if path.exists():
            path.rmdir()
        beside.rename(path)
        disk.sync(path.parent)
    except (tarfile.TarError, EOFError, OSError) as error:
        raise InputError(f"{archive}: is no whole backup ({error})") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return DataFolder(path)


@contextmanager
def _frozen(folder: DataFolder) -> Iterator[Path]:
    """Yield a copy of the folder made of links, which later writes do not change."""
    root = folder.path / f".backup-{os.getpid()}"
    try:
        with disk.locked(folder.path / "lock", _WAIT):
            for left in folder.path.glob(".backup-*"):
                shutil.rmtree(left, ignore_errors=True)
            root.mkdir()
            for name in _FOLDERS:
                if (folder.path / name).is_dir():
                    shutil.copytree(
                        folder.path / name, root / name, copy_function=os.link, symlinks=True,
                        ignore=shutil.ignore_patterns(".*"),
                    )  # fmt: skip
            for name in _FILES:  # small ones, some of them appended to: copied
                if (folder.path / name).is_file():
                    shutil.copy2(folder.path / name, root / name)
            (root / "current").symlink_to((folder.path / "current").readlink())
        yield root
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _write(root: Path, target: Path) -> dict[str, str]:
    sums: dict[str, str] = {}
    with tarfile.open(target, "w:gz", compresslevel=1) as tar:
        for path in sorted(root.rglob("*")):
            name = path.relative_to(root).as_posix()
            tar.add(path, name, recursive=False)
            if path.is_file() and not path.is_symlink():
                with path.open("rb") as handle:
                    sums[name] = _sum(handle)
        rows = "".join(f"{digest}  {name}\n" for name, digest in sums.items())
        (root / _SUMS).write_text(rows, encoding="utf-8")
        tar.add(root / _SUMS, _SUMS)
    with target.open("rb") as handle:
        os.fsync(handle.fileno())
    return sums


def _read(archive: Path) -> dict[str, str]:
    """Return the sums of what an archive holds."""
    sums = {}
    with tarfile.open(archive) as tar:
        for member in tar:
            if (member.isfile() or member.islnk()) and member.name != _SUMS:
                handle = tar.extractfile(member)
                assert handle is not None
                sums[member.name] = _sum(handle)
    return sums


def _verify(archive: Path) -> None:
    with tarfile.open(archive) as tar:
        try:
            handle = tar.extractfile(_SUMS)
        except KeyError:
            handle = None
        if handle is None:
            raise InputError(f"{archive}: is no whole backup: it has no {_SUMS}")
        rows = [row.split("  ", 1) for row in handle.read().decode("utf-8").splitlines()]
    wanted = {name: digest for digest, name in rows}
    found = _read(archive)
    for name in sorted(wanted.keys() | found.keys()):
        if wanted.get(name) != found.get(name):
            raise InputError(f"{archive}: is no whole backup: {name} is not what it was")


def _sum(handle: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while part := handle.read(1 << 20):
        digest.update(part)
    return digest.hexdigest()
