"""The way of writes to a release: put together, kept apart where one is bad, ended, awaited."""

from __future__ import annotations

import os
import resource
import signal
import threading
import time
from pathlib import Path

import pytest

from kg.errors import LockedError, PactgraphError, Timeout
from kg.release import DataFolder
from kg.settings import Settings
from kg.store import checksum
from server import writes as module
from server.writes import WriteRefused, Writes

GRAPH = "http://e.org/g"


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    found = DataFolder(tmp_path / "data", keep=100)
    found.publish(lambda store: None, "empty")
    return found


@pytest.fixture
def writes(folder: DataFolder):
    settings = Settings(data=folder.path, write_seconds=1.5, query_memory_mb=512, keep_releases=100)
    found = Writes(folder, settings, lambda number, seconds: folder.current_number() >= number)
    yield found
    found.close()


def op(text: str) -> tuple[dict, list[bytes]]:
    row = {"kind": "update", "base": "http://e.org/", "using": [], "using_named": []}
    return row, [text.encode()]


def insert(n: int) -> tuple[dict, list[bytes]]:
    return op(f"INSERT DATA {{ GRAPH <{GRAPH}> {{ <http://e.org/s> <http://e.org/p> {n} }} }}")


def values(folder: DataFolder) -> set[int]:
    return {int(q.object.value) for q in folder.open()}


def together(writes: Writes, ops: list) -> list:
    """Submit all at once and return what each got, a result or an error."""
    found: list = [None] * len(ops)

    def one(n: int) -> None:
        try:
            found[n] = writes.submit(*ops[n])
        except PactgraphError as error:
            found[n] = error

    threads = [threading.Thread(target=one, args=(n,)) for n in range(len(ops))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_a_write_is_there_when_its_answer_comes(writes, folder) -> None:
    told = writes.submit(*insert(1))
    assert told["release"] == folder.current_number()
    assert values(folder) == {1}


def test_writes_that_come_together_share_releases_and_none_is_lost(writes, folder) -> None:
    writes.submit(*insert(0))  # the writer is up
    before = folder.current_number()
    found = together(writes, [insert(n) for n in range(1, 25)])
    assert all("release" in told for told in found)
    assert values(folder) == set(range(25))
    assert folder.current_number() - before < 24


def test_a_bad_write_is_refused_and_the_others_are_done(writes, folder) -> None:
    facts = "https://w3id.org/pactgraph/id/graph/facts"
    bad = [
        op("INSERT DATA { nonsense"),
        op(f"INSERT DATA {{ GRAPH <{facts}> {{ <http://e.org/s> <http://e.org/p> 99 }} }}"),
    ]
    found = together(writes, [insert(1), bad[0], insert(2), bad[1], insert(3)])
    assert [getattr(told, "status", 204) for told in found] == [204, 400, 204, 403, 204]
    assert values(folder) == {1, 2, 3}


ENDLESS = (
    "INSERT { <http://e.org/s> <http://e.org/p> 7 } WHERE { VALUES ?a { "
    + "1 " * 1500
    + "} VALUES ?b { "
    + "2 " * 1500
    + "} VALUES ?c { "
    + "3 " * 1500
    + "} FILTER (?a + ?b + ?c = 0) }"
)


def test_a_write_without_end_is_stopped_and_the_others_are_done(writes, folder) -> None:
    began = time.monotonic()
    found = together(writes, [insert(1), op(ENDLESS), insert(2)])
    assert [type(told) for told in found] == [dict, Timeout, dict]
    assert values(folder) == {1, 2}
    assert time.monotonic() - began < 8


def test_the_writer_is_started_again_after_a_kill(writes, folder) -> None:
    writes.submit(*insert(1))
    for n in range(2, 8):
        os.kill(writes._process.pid, signal.SIGKILL)
        writes.submit(*insert(n))
    assert values(folder) == set(range(1, 8))


def test_kills_amid_writing_lose_nothing_that_was_acknowledged(writes, folder) -> None:
    ended = threading.Event()

    def kill() -> None:
        while not ended.wait(0.17):
            process = writes._process
            if process is not None and process.poll() is None:
                os.kill(process.pid, signal.SIGKILL)

    thread = threading.Thread(target=kill)
    thread.start()
    done = set()
    for n in range(12):
        try:
            writes.submit(*insert(n))
            done.add(n)
        except PactgraphError:
            pass
    ended.set()
    thread.join()
    writes.submit(*insert(100))
    assert done | {100} <= values(folder)


def test_a_locked_folder_is_an_error_that_says_so(folder, monkeypatch) -> None:
    monkeypatch.setattr(module, "_WAIT", 0.2)
    settings = Settings(data=folder.path)
    writes = Writes(folder, settings, lambda number, seconds: True)
    try:
        with folder.stage(), pytest.raises(WriteRefused, match="writing") as refused:
            writes.submit(*insert(1))
        assert refused.value.status == LockedError.status
        writes.submit(*insert(2))
        assert values(folder) == {2}
    finally:
        writes.close()


def test_a_folder_that_cannot_be_written_to_is_an_error(writes, folder) -> None:
    writes.submit(*insert(1))
    releases = folder.path / "releases"
    releases.rename(folder.path / "gone")
    try:
        with pytest.raises(PactgraphError):
            writes.submit(*insert(2))
    finally:
        for path in [releases]:
            if path.is_dir():
                path.rename(folder.path / "made")
        (folder.path / "gone").rename(releases)
    writes.submit(*insert(3))
    assert values(folder) == {1, 3}


def test_a_full_disk_is_an_error_and_leaves_the_last_release(writes, folder) -> None:
    """The kernel's limit on file sizes stands for the full disk: every write beyond it fails."""
    writes.submit(*insert(1))
    number = folder.current_number()
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.prlimit(writes._process.pid, resource.RLIMIT_FSIZE, (2_000, hard))
    rows = "".join(f'<http://e.org/{n}> <http://e.org/p> "{"x" * 200}" . ' for n in range(2000))
    with pytest.raises(WriteRefused) as refused:
        writes.submit(*op(f"INSERT DATA {{ {rows} }}"))
    assert refused.value.status == 503
    assert folder.current_number() == number
    assert values(folder) == {1}
    if writes._process is not None and writes._process.poll() is None:
        resource.prlimit(writes._process.pid, resource.RLIMIT_FSIZE, (hard, hard))
    writes.submit(*insert(2))
    assert values(folder) == {1, 2}
    assert not list((folder.path / "releases").glob(".stage-*"))


def test_releases_of_updates_are_counted_and_summed_up_when_it_is_quiet(
    writes, folder, monkeypatch
) -> None:
    monkeypatch.setattr(module, "_QUIET", 0.3)
    for n in range(3):
        writes.submit(*insert(n))
    until = time.monotonic() + 30
    while not all(folder.manifest(r)["sha256"] for r in folder.releases()):
        assert time.monotonic() < until, "not sealed in time"
        time.sleep(0.1)
    for release in folder.releases():
        store = folder.open(release)
        assert release.counts["triples"] == len(store)
        assert folder.manifest(release)["sha256"] == checksum(store)
    writes.submit(*insert(9))
    assert values(folder) >= {0, 1, 2, 9}
