"""A backup while others write, put back whole; a damaged one is refused."""

from __future__ import annotations

import gzip
import shutil
import tarfile
import threading
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.backup import backup, restore
from kg.errors import DataFolderError, InputError
from kg.release import DataFolder
from kg.tokens import Tokens

P = ox.NamedNode("http://e.org/p")


def add(folder: DataFolder, n: int) -> None:
    quad = ox.Quad(ox.NamedNode(f"http://e.org/{n}"), P, ox.Literal(n))
    folder.publish(lambda store: store.add(quad), seal=False)


@pytest.fixture
def filled(folder: DataFolder) -> DataFolder:
    for n in range(3):
        add(folder, n)
    Tokens(folder.path).create(["update"], None)
    return folder


def test_what_comes_back_is_what_was_there(filled: DataFolder, tmp_path: Path) -> None:
    archive = tmp_path / "saved.tar.gz"
    size = backup(filled, archive)
    assert size == archive.stat().st_size
    back = restore(archive, tmp_path / "back")
    assert [r.number for r in back.releases()] == [r.number for r in filled.releases()]
    for release in filled.releases():
        assert set(back.open(release)) == set(filled.open(release))
    assert [t.id for t in Tokens(back.path).all()] == [t.id for t in Tokens(filled.path).all()]
    add(back, 99)
    assert len(set(back.open())) == 4
    assert len(set(filled.open())) == 3
    assert not list(filled.path.glob(".backup-*"))


def test_writers_go_on_meanwhile(filled: DataFolder, tmp_path: Path) -> None:
    ended = threading.Event()
    numbers = iter(range(10, 1000))

    def write() -> None:
        while not ended.is_set():
            add(filled, next(numbers))
            ended.wait(0.1)  # as the service does between two releases

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for n in range(3):
            archive = tmp_path / f"{n}.tar.gz"
            backup(filled, archive)
            back = restore(archive, tmp_path / f"back{n}")
            assert len(set(back.open())) >= 3
    finally:
        ended.set()
        thread.join()


def test_a_damaged_archive_is_refused(filled: DataFolder, tmp_path: Path) -> None:
    archive = tmp_path / "saved.tar.gz"
    backup(filled, archive)
    plain = bytearray(gzip.decompress(archive.read_bytes()))
    at = plain.index(b'"kind"')
    plain[at + 1 : at + 5] = b"kins"
    (tmp_path / "changed.tar").write_bytes(plain)
    (tmp_path / "cut.tar.gz").write_bytes(archive.read_bytes()[:2000])
    (tmp_path / "no.tar.gz").write_bytes(b"not an archive")
    with tarfile.open(tmp_path / "other.tar", "w") as tar:
        tar.add(filled.path / "FORMAT", "FORMAT")
    for name in ("changed.tar", "cut.tar.gz", "no.tar.gz", "other.tar", "missing"):
        with pytest.raises(InputError, match="backup"):
            restore(tmp_path / name, tmp_path / "back")
        assert not (tmp_path / "back").exists()
        assert not list(tmp_path.glob(".back*"))


def test_a_folder_in_use_is_left_alone(filled: DataFolder, tmp_path: Path) -> None:
    archive = tmp_path / "saved.tar.gz"
    backup(filled, archive)
    with pytest.raises(DataFolderError, match="not empty"):
        restore(archive, filled.path)
    assert len(set(filled.open())) == 3


def test_nothing_is_left_where_the_file_cannot_be_written(
    filled: DataFolder, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        backup(filled, tmp_path / "nowhere" / "saved.tar.gz")
    assert not list(filled.path.glob(".backup-*"))
    shutil.rmtree(filled.path / "releases")
    with pytest.raises(DataFolderError):
        backup(filled, tmp_path / "saved.tar.gz")
