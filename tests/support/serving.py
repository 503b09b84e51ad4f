"""`pactgraph serve` in a process of its own, as people run it, for tests that speak HTTP."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from kg.tokens import Tokens

# What docs/service.md names for serving any RDF: no union, no graphs of our own.
ANY_RDF = {"PACTGRAPH_UNION_DEFAULT_GRAPH": "false", "PACTGRAPH_PROTECT_GRAPHS": "false"}


@dataclass(frozen=True)
class Server:
    """A server that answers: its address, its main process and a token for writing."""

    root: str
    process: subprocess.Popen[bytes]
    token: str

    def client(self) -> httpx.Client:
        """Return a client that brings the token."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx.Client(base_url=self.root, headers=headers, timeout=60, trust_env=False)


def free_port() -> int:
    """Return a port that nobody listens on just now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def start(
    data: Path, port: int, stderr: int | None = None, **settings: str
) -> subprocess.Popen[bytes]:
    """Start a server on a data folder; without `stderr`, pytest shows what it says."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PACTGRAPH_")}
    command = [sys.executable, "-P", "-c", "from server.cli import main; main()", "serve"]
    return subprocess.Popen(
        [*command, "--data", str(data), "--port", str(port)],
        env=kept | settings, stdout=subprocess.DEVNULL, stderr=stderr,
        cwd=data.parent,  # the server of the environment, not a folder of that name here
    )  # fmt: skip


def wait(port: int, process: subprocess.Popen[bytes], seconds: float = 60.0) -> None:
    """Return when the server answers; fails where it ended or takes too long."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            pass
        assert process.poll() is None, "the server ended"
        time.sleep(0.02)
    raise AssertionError("the server is not ready in time")


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a server as SIGTERM does, by force where it does not listen."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def serving(data: Path, **settings: str) -> Iterator[Server]:
    """Serve a data folder that has a release."""
    _, token = Tokens(data).create(["update", "graphs"], None)
    port = free_port()
    process = start(data, port, **settings)
    try:
        wait(port, process)
        yield Server(f"http://127.0.0.1:{port}", process, token)
    finally:
        stop(process)
