"""The engines that the benchmark measures: how each is filled, started, asked and ended.

Peers that are not installed are left out. A virtual environment may hold `oxigraph` and
`rdflib-endpoint`; Virtuoso is what Debian installs (`virtuoso-opensource-7-bin`).
"""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

ACCEPT = "application/sparql-results+json, application/n-triples;q=0.9"
REFERENCE = "oxigraph server"
_GRAPH = "http://example.org/graph"
_VIRTUOSO = """[Database]
DatabaseFile = {work}/v.db
ErrorLogFile = {work}/v.log
LockFile = {work}/v.lck
TransactionFile = {work}/v.trx
xa_persistent_file = {work}/v.pxa
FileExtend = 200
[TempDatabase]
DatabaseFile = {work}/t.db
TransactionFile = {work}/t.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
ServerThreads = 40
NumberOfBuffers = 170000
MaxDirtyBuffers = 130000
DirsAllowed = {data}
CheckpointInterval = 0
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = {work}
ServerThreads = 40
MaxKeepAlives = 40
KeepAliveTimeout = 60
[SPARQL]
ResultSetMaxRows = 1000000
MaxQueryExecutionTime = 120
DefaultGraph = {graph}
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
    second_port: int = 0


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


def prepare(work: Path, triples: int, peers: Path | None = None) -> dict[str, float]:
    """Make the graph and every engine's store of it; return the triples loaded a second."""
    from kg.release import DataFolder, load_rdf

    source, rates = work / "graph.nt", {}
    if not source.exists():
        generator = shared() / "gen_graph.py"
        subprocess.run(
            [sys.executable, str(generator), str(triples), str(source)], check=True, text=True
        )
    if not (work / "data").exists():
        folder = DataFolder(work / "data")
        began = time.perf_counter()
        load_rdf(folder, source)
        rates["pactgraph, disk"] = triples / (time.perf_counter() - began)
        shutil.copytree(folder.store_path(folder.release()), work / "reference")
    if peers and (peers / "bin/oxigraph").exists() and not (work / "loaded").exists():
        command = [str(peers / "bin/oxigraph"), "load", "--location", str(work / "loaded")]
        began = time.perf_counter()
        subprocess.run([*command, "--file", str(source)], check=True, capture_output=True)
        rates[REFERENCE] = triples / (time.perf_counter() - began)
    if shutil.which("virtuoso-t") and not (work / "virtuoso").exists():
        rates["virtuoso"] = triples / _fill(work)
    return rates


def _fill(work: Path) -> float:
    """Load the graph into a new Virtuoso and return how many seconds that took."""
    (work / "virtuoso").mkdir()
    engine = _virtuoso(work)
    with running(engine):
        words = f"ld_dir('{work}','graph.nt','{_GRAPH}'); rdf_loader_run(); checkpoint;"
        sql = f"127.0.0.1:{engine.second_port}"
        began = time.perf_counter()
        subprocess.run(
            ["isql-vt", sql, "dba", "dba", f"exec={words}"], check=True, capture_output=True
        )
        return time.perf_counter() - began


def _virtuoso(work: Path) -> Engine:
    home, port, sql = work / "virtuoso", free_port(), free_port()
    text = _VIRTUOSO.format(work=home, data=work, port=port, sql=sql, graph=_GRAPH)
    (home / "virtuoso.ini").write_text(text)
    command = ["virtuoso-t", "-f", "-c", str(home / "virtuoso.ini")]
    return Engine("virtuoso", command, "/sparql", port, second_port=sql)


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
    if (work / "virtuoso").exists():
        found.append(_virtuoso(work))
    return [*found, *_ours(work)]


def _ours(work: Path) -> list[Engine]:
    found = []
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
        for _ in range(6000):
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
