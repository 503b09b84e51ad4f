"""Kill -9, a full disk and a long time, under mixed reading and writing.

The short forms run in CI; `make soak` runs 300 kills and ten minutes, and writes docs/soak.md.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import statistics
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from kg.release import DataFolder
from kg.tokens import Tokens
from procs import alive, children, command, descendants, files, memory
from serving import Server, free_port, serving, start, stop, wait
from soaking import record, size

pytestmark = pytest.mark.slow
EX = "http://example.org/"
KILLS = size(21, 300)
KINDS = ("web process", "main process", "query child", "loader", "forker", "writer", "full disk")
BACK = 60.0  # seconds after which reading and writing have to work again
DISK_MB = 400
# Each update states a pair; one without the other would be half a write.
PAIR = f"INSERT DATA {{ GRAPH <{EX}g> {{ <{EX}NUMBER> <{EX}one> NUMBER ; <{EX}two> NUMBER }} }}"
PAIRS = (
    f"SELECT (COUNT(?a) AS ?x) (COUNT(?b) AS ?y)"
    f" {{ {{ ?a <{EX}one> ?v }} UNION {{ ?b <{EX}two> ?v }} }}"
)


class Traffic:
    """People who read and write all the time, whatever becomes of the server."""

    def __init__(self, root: str, token: str) -> None:
        self.root, self.token = root, token
        self.acknowledged: set[int] = set()
        self.seen: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.ended, self.pause = threading.Event(), threading.Event()
        self.threads = [threading.Thread(target=self.write)]
        self.threads += [threading.Thread(target=self.read, args=(n,)) for n in range(2)]

    def __enter__(self) -> Traffic:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        for thread in self.threads:
            thread.join()

    def write(self) -> None:
        number = 0
        headers = {
            "Authorization": f"Bearer {self.token}", "Content-Type": "application/sparql-update",
        }  # fmt: skip
        while not self.ended.wait(0.02):
            if self.pause.is_set():
                continue
            number += 1
            text = PAIR.replace("NUMBER", str(number))
            try:
                sent = httpx.post(f"{self.root}/update", content=text, headers=headers, timeout=60)
            except httpx.TransportError:
                self.seen["writes cut off"] += 1
                continue
            if sent.status_code == 204:
                self.acknowledged.add(number)
                self.seen["writes"] += 1
            elif sent.status_code == 503:
                self.seen["writes refused"] += 1
            else:
                self.wrong.append(f"update: {sent.status_code} {sent.text}")

    def read(self, me: int) -> None:
        most, turn = 0, 0
        while not self.ended.wait(0.01):
            turn += 1
            params = {"query": f"{PAIRS} # {me} {turn}", "format": "csv"}
            try:
                got = httpx.get(f"{self.root}/sparql", params=params, timeout=60)
            except httpx.TransportError:
                self.seen["reads cut off"] += 1
                continue
            if got.status_code == 503:
                self.seen["reads refused"] += 1
                continue
            if got.status_code != 200:
                self.wrong.append(f"query: {got.status_code} {got.text}")
                continue
            one, two = map(int, got.text.split()[1].split(","))
            self.seen["reads"] += 1
            if one != two:
                self.wrong.append(f"half a write was served: {one}, {two}")
            if one < most:
                self.wrong.append(f"a release went backwards: {one} after {most}")
            most = max(most, one)

    def back(self) -> float:
        """Wait until reading and writing work again; return the seconds until reading does."""
        began, read, wrote = time.monotonic(), self.seen["reads"], self.seen["writes"]
        seconds = 0.0
        while self.seen["reads"] <= read + 2 or self.seen["writes"] <= wrote + 1:
            if not seconds and self.seen["reads"] > read + 2:
                seconds = time.monotonic() - began
            assert time.monotonic() - began < BACK, f"not back in time: {dict(self.seen)}"
            assert not self.wrong, self.wrong[:3]
            time.sleep(0.01)
        return seconds or time.monotonic() - began

    def refused(self) -> None:
        """Wait until a write is refused while reading goes on."""
        until, read = time.monotonic() + BACK, self.seen["reads"]
        refused = self.seen["writes refused"]
        while self.seen["writes refused"] == refused or self.seen["reads"] < read + 3:
            assert time.monotonic() < until, f"a full disk stops writing only: {self.seen}"
            assert not self.wrong, self.wrong[:3]
            time.sleep(0.01)


def victims(main: int, kind: str) -> list[int]:
    """Return the processes of a kind below a server."""
    web = [pid for pid in children(main) if command(pid) == command(main)]
    below = [pid for parent in web for pid in children(parent)]
    forkers = [pid for pid in below if "server.child" in command(pid)]
    forked = [pid for parent in forkers for pid in children(parent)]
    loaders = [pid for pid in forked if children(pid)]
    return {
        "main process": [main],
        "web process": web,
        "writer": [pid for pid in below if "server.writer" in command(pid)],
        "forker": forkers,
        "loader": loaders,
        "query child": [p for p in forked if p not in loaders]
        + [p for loader in loaders for p in children(loader)],
    }[kind]


@pytest.fixture
def disk(tmp_path: Path):
    """A small disk of its own; without the right to mount one, the test says so and has none."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", str(place)]
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    own = shutil.which("mount") and subprocess.run(
        [*sudo, *mount], capture_output=True, check=False
    )
    mounted = bool(own) and own.returncode == 0
    if mounted and sudo:
        subprocess.run([*sudo, "chown", str(os.geteuid()), str(place)], check=True)
    yield place, mounted
    if mounted:
        subprocess.run([*sudo, "umount", "-l", str(place)], check=False)


@contextmanager
def full(place: Path) -> Iterator[None]:
    """Take all the room of a disk, and what becomes free, until the block ends."""
    ended = threading.Event()
    filler = place / "filler"

    def take() -> None:
        while not ended.is_set():
            for piece in (1 << 20, 4096):
                try:
                    with filler.open("ab") as out:
                        while not ended.is_set():
                            out.write(b"\0" * piece)
                            out.flush()
                except OSError:
                    continue
            time.sleep(0.01)

    thread = threading.Thread(target=take)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        filler.unlink(missing_ok=True)


def held(data: Path) -> set[int]:
    """Return the numbers that a folder holds; fails where one of a pair is missing."""
    found: dict[str, set[int]] = {"one": set(), "two": set()}
    for name, numbers in found.items():
        for quad in DataFolder(data).open().quads_for_pattern(None, ox.NamedNode(EX + name), None):
            numbers.add(int(quad.object.value))
    assert found["one"] == found["two"]
    return found["one"]


def test_kills_and_full_disks_amid_reading_and_writing(disk) -> None:
    place, mounted = disk
    data, port, dice = place / "data", free_port(), random.Random(20)
    DataFolder(data).publish(lambda store: None, "empty")
    token = Tokens(data).create(["update"], None)[1]
    kinds = [kind for kind in KINDS if mounted or kind != "full disk"]
    server = start(data, port, stderr=subprocess.DEVNULL)
    done: Counter[str] = Counter()
    longest: Counter[str] = Counter()
    try:
        wait(port, server)
        with Traffic(f"http://127.0.0.1:{port}", token) as traffic:
            traffic.back()
            for turn in range(KILLS):
                kind = kinds[turn % len(kinds)]
                time.sleep(dice.uniform(0.0, 0.4))
                if kind == "full disk":
                    with full(place):
                        traffic.refused()
                else:
                    server = killed(server, kind, traffic, dice, data, port)
                done[kind] += 1
                longest[kind] = max(longest[kind], round(traffic.back(), 2))  # type: ignore[assignment]
            assert not traffic.wrong, traffic.wrong[:3]
        assert traffic.acknowledged <= held(data), "every acknowledged write is there"
        assert held(data) <= set(range(1, max(traffic.acknowledged) + 100))
    finally:
        family = descendants(server.pid)
        stop(server)
    gone(family)
    DataFolder(data).publish(lambda store: None, "a last one")
    left = [path.name for path in (data / "releases").iterdir() if path.name.startswith(".")]
    assert left == [], "what dead writers left is swept"
    assert min(done[kind] for kind in kinds) >= KILLS // len(kinds)
    seen = {name: count for name, count in sorted(traffic.seen.items()) if name != "writes"}
    record(
        "kills and full disks", kills_and_fillings=sum(done.values()),
        writes_acknowledged_and_there=len(traffic.acknowledged), **seen,
        **{f"s_at_most_until_reading_worked_after_{kind}": s for kind, s in longest.items()},
    )  # fmt: skip


def killed(
    server: subprocess.Popen[bytes], kind: str, traffic: Traffic, dice: random.Random, data: Path,
    port: int,
) -> subprocess.Popen[bytes]:  # fmt: skip
    """Kill a process of a kind; return the server, a new one where it was the main process."""
    until = time.monotonic() + BACK
    if kind == "loader":  # a release is loaded into memory when it has lasted for a moment
        traffic.pause.set()
    while not (found := victims(server.pid, kind)):
        assert time.monotonic() < until, f"no {kind} is there"
        time.sleep(0.01)
    family = descendants(server.pid)
    traffic.pause.clear()
    os.kill(dice.choice(found), signal.SIGKILL)
    if kind != "main process":
        return server
    server.wait()
    gone(family)
    assert traffic.acknowledged <= held(data)
    again = start(data, port, stderr=subprocess.DEVNULL)  # the same port and the same lock
    wait(port, again)
    return again


def gone(family: list[int]) -> None:
    """Fail where one of the processes stays."""
    until = time.monotonic() + 15
    while any(alive(pid) for pid in family):
        assert time.monotonic() < until, "an orphan is left"
        time.sleep(0.05)


# --- a long time --------------------------------------------------------------------------------

SECONDS = size(20, 600)
THINGS = 2000
LOOKUP = f"SELECT ?o {{ <{EX}s%d> <{EX}p> ?o }}"
HOSTILE = (
    ("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }", {503}),
    ("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i", {503}),
    ("ASK { FILTER(" + "(" * 5000 + "1" + ")" * 5000 + ") }", {400}),
    ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", {403}),
    ("SELECT nonsense", {400}),
)
PAGES = "/ /queries /openapi.json /documents/ /releases /export/ntriples /metrics".split()


class Load:
    """Readers, writers and strangers, each in a thread of its own, for some seconds."""

    def __init__(self, server: Server, seconds: float) -> None:
        self.server, self.until = server, time.monotonic() + seconds
        self.seen: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.took: list[float] = []

    def run(self, watch: Callable[[], None]) -> None:
        """Let all of them work until time is up, and call `watch` now and then."""
        work = [self.lookups] * 3 + [self.repeated, self.strangers, self.pages, self.writes]
        threads = [threading.Thread(target=self.one, args=(step,)) for step in work]
        for thread in threads:
            thread.start()
        while time.monotonic() < self.until:
            time.sleep(max(0.5, SECONDS / 60))
            watch()
        for thread in threads:
            thread.join()

    def one(self, step: Callable[[httpx.Client, random.Random, int], None]) -> None:
        dice, turn = random.Random(id(step)), 0
        with self.server.client() as client:
            while time.monotonic() < self.until:
                turn += 1
                step(client, dice, turn)

    def note(self, what: str, response: httpx.Response, statuses: set[int]) -> None:
        self.seen[what] += 1
        if response.status_code not in statuses:
            self.wrong.append(f"{what}: {response.status_code} {response.text[:200]}")

    def lookups(self, client: httpx.Client, dice: random.Random, turn: int) -> None:
        began = time.monotonic()
        query = f"{LOOKUP % dice.randrange(THINGS)} # {dice.random()}"
        self.note("lookups", client.get("/sparql", params={"query": query}), {200})
        self.took.append(time.monotonic() - began)
        time.sleep(0.005)

    def repeated(self, client: httpx.Client, dice: random.Random, turn: int) -> None:
        query = LOOKUP % (turn % 10)
        self.note("repeated", client.get("/sparql", params={"query": query}), {200})
        time.sleep(0.01)

    def strangers(self, client: httpx.Client, dice: random.Random, turn: int) -> None:
        text, statuses = HOSTILE[turn % len(HOSTILE)]
        sent = client.post("/sparql", data={"query": f"{text} # {turn}"})
        self.note("hostile queries", sent, statuses)
        time.sleep(0.1)

    def pages(self, client: httpx.Client, dice: random.Random, turn: int) -> None:
        self.note("pages and exports", client.get(PAGES[turn % len(PAGES)]), {200})
        time.sleep(0.2)

    def writes(self, client: httpx.Client, dice: random.Random, turn: int) -> None:
        row = f"<{EX}n{turn % 50}> <{EX}q> {turn}"
        text = f"DELETE WHERE {{ <{EX}n{turn % 50}> <{EX}q> ?o }} ; INSERT DATA {{ {row} }}"
        self.note("writes", client.post("/update", data={"update": text}), {204})
        time.sleep(dice.choice([0.1, 1.0, 4.0]))


def test_memory_files_and_processes_stay_within_bounds(tmp_path: Path) -> None:
    def things(store: ox.Store) -> None:
        node = ox.NamedNode
        store.extend(
            ox.Quad(node(f"{EX}s{n}"), node(f"{EX}p"), ox.Literal(n), node(f"{EX}g"))
            for n in range(THINGS)
        )

    data = tmp_path / "data"
    DataFolder(data).publish(things, "some")
    limits = {"PACTGRAPH_QUERY_SECONDS": "2", "PACTGRAPH_QUERY_MEMORY_MB": "512"}
    megabytes, held, below = [], [], []
    with serving(data, **limits) as server:
        load = Load(server, SECONDS)

        def watch() -> None:
            taken = memory(server.process.pid)
            megabytes.append(sum(taken.values()))
            below.append(len(taken))
            held.append(sum(files(pid) for pid in victims(server.process.pid, "web process")))

        load.run(watch)
        time.sleep(5.0)
        watch()
    assert not load.wrong, load.wrong[:3]
    assert all(load.seen[what] for what in ("lookups", "repeated", "hostile queries", "writes"))
    fifth = max(len(megabytes) // 5, 2)
    early, late = (
        statistics.median(part) for part in (megabytes[fifth : 2 * fifth], megabytes[-fifth:])
    )
    # Until caches and thread pools are full, which takes a minute or two, memory may rise.
    assert late < early + (100 if SECONDS >= 300 else 400), megabytes
    assert statistics.median(held[-fifth:]) < statistics.median(held[fifth : 2 * fifth]) + 100, held
    limit = 16  # main, web, two forkers, loader and its dump, writer, sealing, export, children
    assert max(below) <= limit, below
    p99 = statistics.quantiles(load.took, n=100)[98]
    record(
        "a long time", seconds=SECONDS, **{what: load.seen[what] for what in sorted(load.seen)},
        ms_p99_of_lookups=round(p99 * 1000, 1), MB_early=round(early), MB_late=round(late),
        processes_at_most=max(below), open_files_at_the_end=held[-1],
    )  # fmt: skip
