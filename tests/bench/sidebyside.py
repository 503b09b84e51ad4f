"""Measures our endpoint beside others: `python tests/bench/sidebyside.py --triples 1000000`.

Every engine serves the same generated graph on 127.0.0.1. In each round the engines take turns, so
that a busy machine slows all of them; only the ratios to the reference mean something. Data and
queries are those of `$PACTGRAPH_SHARED/bench`; the load comes from `wrk`. Peers that are not
installed are left out: `--peers DIR` names a virtual environment with `oxigraph` (and perhaps
`rdflib-endpoint`) in it; Virtuoso is measured where `virtuoso-t` is on the path.

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
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

from page import Figures, plot, table
from peers import ACCEPT, Engine, engines, prepare, running, shared

LIGHT = "q01_point q02_describe q03_join2 q04_join3 q08_optional q11_construct q13_union".split()
HEAVY = (
    "q05_daterange q06_aggregate q07_path q09_regex q10_orderlimit q12_countdistinct q14_bigresult"
    " q15_notexists"
).split()
MIXES = {"light": LIGHT, "heavy": HEAVY}
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
    parser.add_argument("--without", default="none of them", help="part of a name to leave out")
    parser.add_argument("--out", type=Path, help="Markdown page to write, and its .svg beside it")
    given = parser.parse_args(arguments)
    if not shutil.which("wrk"):
        raise SystemExit("install wrk (Debian: apt-get install wrk)")
    with ExitStack() as stack:
        work = given.work or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        work.mkdir(parents=True, exist_ok=True)
        rates = prepare(work, given.triples, given.peers)
        found = [e for e in engines(work, given.peers) if given.without not in e.name]
        for engine in found:
            stack.enter_context(running(engine))
        numbers = [int(n) for n in given.connections.split(",")]
        mixes = given.mixes.split(",")
        figures = measure(found, mixes, given.rounds, given.seconds, numbers)
        figures.loading = rates
        about = (
            f"{given.triples:,} triples, {os.cpu_count()} cores, load average"
            f" {os.getloadavg()[0]:.1f} at the end, {given.rounds} rounds of {given.seconds} s,"
            f" engines in turns. Rows are mix, kind, connections."
        )
        names = [engine.name for engine in found]
        page = table(figures, names, about)
    if given.out:
        given.out.write_text(page)
        plot(figures, names, given.out.with_suffix(".svg"))
    return page


if __name__ == "__main__":
    sys.stdout.write(main())
