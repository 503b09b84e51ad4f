"""A server of our own for the suites: `pactgraph serve` on any RDF, by its documented settings."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from kg.release import DataFolder
from kg.tokens import Tokens

# What docs/service.md names for serving any RDF: no union, no graphs of our own.
ANY_RDF = {"PACTGRAPH_UNION_DEFAULT_GRAPH": "false", "PACTGRAPH_PROTECT_GRAPHS": "false"}


def free_port() -> int:
    """Return a port that nobody listens on just now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@contextmanager
def serving(data: Path, **settings: str) -> Iterator[httpx.Client]:
    """Serve a data folder in a process of its own; the client brings a token for writing."""
    DataFolder(data).publish(lambda store: None, "empty")
    _, token = Tokens(data).create(["update", "graphs"], None)
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PACTGRAPH_")}
    process = subprocess.Popen(
        [
            sys.executable,
            "-P",
            "-c",
            "from server.cli import main; main()",
            "serve",
            "--data",
            str(data),
            "--port",
            str(port),
        ],
        env={**environment, **settings},
        stdout=subprocess.DEVNULL,
        cwd=data,
    )
    try:
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}",
            headers={"Authorization": f"Bearer {token}"},
            timeout=60,
            trust_env=False,
        ) as client:
            _wait(client, process)
            yield client
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        try:
            if client.get("/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        assert process.poll() is None, "the server ended"
        time.sleep(0.1)
    raise AssertionError("the server is not ready after half a minute")
