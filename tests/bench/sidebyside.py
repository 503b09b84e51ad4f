"""Measures our endpoint beside others: `python tests/bench/sidebyside.py --triples 1000000`.

Every engine serves the same generated graph on 127.0.0.1. In each round the engines take turns, so
that a busy machine slows all of them; only the ratios to the reference mean something. Data and
queries are those of `$PACTGRAPH_SHARED/bench`; the load comes from `wrk`. Peers that are not
installed are left out: `--peers DIR` names a virtual environment with `oxigraph` (and perhaps
`rdflib-endpoint`) in it.

distinct: each request is a new text (a comment with a number), so that no cache helps
repeated: the same few queries again and again
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

LIGHT = "q01_point q02_describe q03_join2 q04_join3 q08_optional q11_construct q13_union".split()
HEAVY = (
    "q05_daterange q06_aggregate q07_path q09_regex q10_orderlimit q12_countdistinct q14_bigresult"
    " q15_notexists"
).split()
MIXES = {"light": LIGHT, "heavy": HEAVY}
ACCEPT = "application/sparql-results+json, application/n-triples;q=0.9"
REFERENCE = "oxigraph server"
# Each connection counts for itself, so that no two requests are the same text.
LUA = """
local p = {%s}
local n = 0
local id = 0
function setup(thread) thread:set("id", math.random(1000000)) end
request = function()
  n = n + 1
  local path = p[n %% #p + 1]%s
  return wrk.format("GET", path, {["Accept"] = "%s", ["Host"] = "127.0.0.1"})
end
"""


@dataclass
class Engine:
    """One server to measure: how to start it, where it answers, what was measured."""

    name: str
    command: list[str]
    path: str
    port: int
    env: dict[str, str] = field(default_factory=dict)
    pid: int = 0


@dataclass
class Figures:
    """Requests a second and latencies in milliseconds, by (mix, kind, connections), by engine."""

    rates: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    p99: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    errors: dict[str, int] = field(default_factory=dict)
    point: dict[str, float] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)


def shared() -> Path:
    """Return the folder with generator and queries."""
    place = os.environ.get("PACTGRAPH_SHARED")
    if not place:
        raise SystemExit("set PACTGRAPH_SHARED to the folder that holds bench/")
    return Path(place) / "bench"


def free_port() -> int:
    """Return a port that nobody listens on just now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def prepare(work: Path, triples: int) -> float:
    """Make graph, data folder and reference store; return our loading rate in triples a second."""
    from kg.release import DataFolder, load_rdf

    source = work / "graph.nt"
    if not source.exists():
        generator = shared() / "gen_graph.py"
        subprocess.run(
            [sys.executable, str(generator), str(triples), str(source)], check=True, text=True
        )
    if (work / "data").exists():
        return 0.0
    folder = DataFolder(work / "data")
    began = time.perf_counter()
    load_rdf(folder, source)
    seconds = time.perf_counter() - began
    shutil.copytree(folder.store_path(folder.release()), work / "reference")
    return triples / seconds


def engines(work: Path, peers: Path | None) -> list[Engine]:
    """Return what is to be measured, the reference first where it is installed."""
    found = []
    if peers and (peers / "bin/oxigraph").exists():
        port = free_port()
        command = [
            str(peers / "bin/oxigraph"), "serve-read-only", "--location", str(work / "reference"),
            "--bind", f"127.0.0.1:{port}",
        ]  # fmt: skip
        found.append(Engine(REFERENCE, command, "/query", port))
    if peers and (peers / "bin/rdflib-endpoint").exists():
        port = free_port()
        command = [
            str(peers / "bin/rdflib-endpoint"), "serve", str(work / "graph.nt"),
            "--host", "127.0.0.1", "--port", str(port),
        ]  # fmt: skip
        found.append(Engine("rdflib-endpoint", command, "/", port))
    for name, most in (("pactgraph, disk", "0"), ("pactgraph, memory", "2000000000")):
        port = free_port()
        data = work / f"data-{most}"
        if not data.exists():  # one server a folder
            shutil.copytree(work / "data", data, symlinks=True, copy_function=os.link)
        command = [
            sys.executable, "-P", "-c", "from server.cli import main; main()", "serve",
            "--data", str(data), "--port", str(port),
        ]  # fmt: skip
        env = {"PACTGRAPH_MEMORY_TRIPLES": most, "PACTGRAPH_SLOW_LOG_SECONDS": "1000"}
        found.append(Engine(name, command, "/sparql", port, env))
    return found


@contextmanager
def running(engine: Engine) -> Iterator[None]:
    """Run an engine until the block ends."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("PACTGRAPH_")} | engine.env
    process = subprocess.Popen(
        engine.command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    engine.pid = process.pid
    try:
        for _ in range(1200):
            if process.poll() is not None:
                raise SystemExit(f"{engine.name} ended: {' '.join(engine.command)}")
            if _ready(engine):
                break
            time.sleep(0.1)
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _ready(engine: Engine) -> bool:
    try:
        status, _ = get(engine, "ASK {}")
        if status != 200 or "memory" not in engine.name:
            return status == 200
        with closing(http.client.HTTPConnection("127.0.0.1", engine.port, timeout=10)) as line:
            line.request("GET", "/metrics")
            return b"pactgraph_pool_in_memory 1.0" in line.getresponse().read()
    except OSError:
        return False


def get(engine: Engine, text: str) -> tuple[int, bytes]:
    """Ask one query on a connection of its own."""
    with closing(http.client.HTTPConnection("127.0.0.1", engine.port, timeout=120)) as line:
        line.request("GET", f"{engine.path}?query={quote(text)}", headers={"Accept": ACCEPT})
        response = line.getresponse()
        return response.status, response.read()


def texts(names: list[str]) -> list[str]:
    """Return the queries of a mix."""
    return [(shared() / "queries" / f"{name}.rq").read_text() for name in names]


def load(engine: Engine, mix: str, distinct: bool, connections: int, seconds: int) -> str:
    """Put load on an engine for some seconds and return what wrk says."""
    paths = [f"{engine.path}?query={quote(text)}" for text in texts(MIXES[mix])]
    # `%0A%23` is a line end and `#`: a comment with a number.
    tail = ' .. "%0A%23" .. id .. "." .. n' if distinct else ""
    script = LUA % (",".join(map(json.dumps, paths)), tail, ACCEPT)
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        command = [
            "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "--latency",
            "-s", file.name, f"http://127.0.0.1:{engine.port}/",
        ]  # fmt: skip
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def measure(found: list[Engine], mixes: list[str], rounds: int, seconds: float,
            connections: list[int]) -> Figures:  # fmt: skip
    """Run all rounds."""
    figures = Figures()
    for engine in found:
        figures.point[engine.name] = _latency(engine, texts(["q01_point"])[0])
    for _ in range(rounds):
        for mix in mixes:
            for kind in ("distinct", "repeated"):
                for number in connections:
                    row = f"{mix}, {kind}, {number}"
                    for engine in found:
                        said = load(engine, mix, kind == "distinct", number, seconds)
                        _note(figures, row, engine.name, said)
    for engine in found:
        figures.memory[engine.name] = resident(engine.pid)
    return figures


def _latency(engine: Engine, text: str) -> float:
    """Return the median milliseconds of a point lookup on one connection, never the same text."""
    connection = http.client.HTTPConnection("127.0.0.1", engine.port, timeout=30)
    took = []
    for n in range(300):
        path = f"{engine.path}?query={quote(f'{text}#{n}')}"
        began = time.perf_counter()
        connection.request("GET", path, headers={"Accept": ACCEPT})
        connection.getresponse().read()
        took.append(time.perf_counter() - began)
    connection.close()
    return statistics.median(took[50:]) * 1000


def _note(figures: Figures, row: str, name: str, said: str) -> None:
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    tail = re.search(r"\s99%\s+([\d.]+)(us|ms|s|m)", said)
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    if rate:
        figures.rates.setdefault(row, {}).setdefault(name, []).append(float(rate[1]))
    if tail:
        unit = {"us": 0.001, "ms": 1, "s": 1000, "m": 60000}[tail[2]]
        figures.p99.setdefault(row, {}).setdefault(name, []).append(float(tail[1]) * unit)
    if bad:
        figures.errors[f"{name}: {row}"] = figures.errors.get(f"{name}: {row}", 0) + int(bad[1])


def resident(pid: int) -> float:
    """Return the memory of a process and all below it in MB, shared pages counted once."""
    total, todo = 0, [pid]
    while todo:
        here = Path("/proc") / str(todo.pop())
        try:
            total += int(re.search(r"Pss:\s+(\d+)", (here / "smaps_rollup").read_text())[1])
            for task in (here / "task").iterdir():
                todo += map(int, (task / "children").read_text().split())
        except (OSError, TypeError):
            continue
    return total / 1024


def table(figures: Figures, names: list[str], about: str) -> str:
    """Return the figures as a page: ratios to the reference, or plain where it is missing."""
    base = REFERENCE if REFERENCE in names else names[0]
    others = [name for name in names if name != base]
    head = f"| requests a second | {base} | " + " | ".join(f"{n}, ratio" for n in others) + " |"
    lines = ["# Benchmark", "", about, "", head, "|---|---|" + "---|" * len(others)]
    for row, rates in figures.rates.items():
        first = statistics.mean(rates[base])
        cells = [f"{statistics.mean(rates[n]) / first:.2f}" if n in rates else "–" for n in others]
        lines.append(f"| {row} | {first:.0f} | " + " | ".join(cells) + " |")
    lines += ["", head.replace("requests a second", "p99, ms"), "|---|---|" + "---|" * len(others)]
    for row, tails in figures.p99.items():
        if base in tails:
            first = statistics.mean(tails[base])
            cells = [
                f"{statistics.mean(tails[n]) / first:.2f}" if n in tails else "–" for n in others
            ]
            lines.append(f"| {row} | {first:.1f} | " + " | ".join(cells) + " |")
    lines += ["", "| engine | point lookup, ms | memory, MB |", "|---|---|---|"]
    for name in names:
        lines.append(f"| {name} | {figures.point[name]:.2f} | {figures.memory[name]:.0f} |")
    if figures.errors:
        lines += ["", "Answers other than 200:", ""]
        lines += [f"- {row}: {number}" for row, number in figures.errors.items()]
    return "\n".join(lines) + "\n"


def main(arguments: list[str] | None = None) -> str:
    """Measure and return the page; `--out` writes it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--triples", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--connections", default="1,8,32")
    parser.add_argument("--mixes", default="light,heavy")
    parser.add_argument("--work", type=Path, help="folder for data, kept for the next run")
    parser.add_argument("--peers", type=Path, help="virtual environment with the other engines")
    parser.add_argument("--out", type=Path, help="Markdown page to write")
    given = parser.parse_args(arguments)
    if not shutil.which("wrk"):
        raise SystemExit("install wrk (Debian: apt-get install wrk)")
    with ExitStack() as stack:
        work = given.work or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        work.mkdir(parents=True, exist_ok=True)
        rate = prepare(work, given.triples)
        found = engines(work, given.peers)
        for engine in found:
            stack.enter_context(running(engine))
        numbers = [int(n) for n in given.connections.split(",")]
        mixes = given.mixes.split(",")
        figures = measure(found, mixes, given.rounds, given.seconds, numbers)
        about = (
            f"{given.triples:,} triples, {os.cpu_count()} cores, load average"
            f" {os.getloadavg()[0]:.1f} at the end, {given.rounds} rounds of {given.seconds} s,"
            f" engines in turns. Rows are mix, kind, connections."
            + (f" We loaded {rate:,.0f} triples a second." if rate else "")
        )
        page = table(figures, [engine.name for engine in found], about)
    if given.out:
        given.out.write_text(page)
    return page


if __name__ == "__main__":
    sys.stdout.write(main())
