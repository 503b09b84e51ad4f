"""`pactgraph serve` as people run it: warm start, new releases, one server a folder, restarts."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from kg.release import DataFolder, load_rdf
from procs import alive, descendants
from serving import free_port, serving, start, stop, wait

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
COUNT = "SELECT (COUNT(*) AS ?n) { ?s <http://example.org/p> ?o }"


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    source = tmp_path / "some.nt"
    rows = (
        f"<http://example.org/{n}> <http://example.org/p> <http://example.org/o> .\n"
        for n in range(100)
    )
    source.write_text("".join(rows))
    load_rdf(DataFolder(folder), source)
    return folder


def count(base):
    response = httpx.get(f"{base}/sparql", params={"query": COUNT}, timeout=10)
    assert response.status_code == 200, response.text
    return int(response.json()["results"]["bindings"][0]["n"]["value"])


def test_a_warm_start_takes_less_than_two_seconds(data):
    with serving(data):
        pass
    port = free_port()
    best = 99.0
    for _ in range(6):  # a machine that others use has good moments and bad ones
        began = time.monotonic()
        process = start(data, port)
        wait(port, process)
        best = min(best, time.monotonic() - began)
        stop(process)
        if best < 2.0:
            break
    # On a busy machine all is slow: the measure then is what the libraries alone take to load.
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", "import flask, granian, pyoxigraph"], check=True)
    alone = time.monotonic() - began
    assert best < max(2.0, 6 * alone), f"{best:.2f} s, libraries alone {alone:.2f} s"


def test_a_new_release_is_served_without_a_restart(data):
    with serving(data) as server:
        base = server.root
        assert count(base) == 100
        more = data.parent / "more.nt"
        more.write_text("<http://example.org/x> <http://example.org/p> <http://example.org/y> .\n")
        load_rdf(DataFolder(data), more)
        until = time.monotonic() + 10
        while count(base) != 101:
            assert time.monotonic() < until
            time.sleep(0.05)


def test_one_server_a_folder_and_one_a_port(data):
    with serving(data) as server:
        base = server.root
        port = int(base.rsplit(":", 1)[1])
        second = start(data, free_port(), subprocess.PIPE)
        assert second.wait(20) != 0
        assert "another pactgraph" in second.stderr.read().decode()
        second.stderr.close()
        third = start(data, port, subprocess.PIPE)
        assert third.wait(20) != 0
        assert "taken" in third.stderr.read().decode()
        third.stderr.close()
        assert count(base) == 100


def test_a_folder_without_a_release_says_what_to_do(tmp_path):
    process = start(tmp_path / "nothing", free_port(), subprocess.PIPE)
    assert process.wait(20) != 0
    assert "pactgraph build" in process.stderr.read().decode()
    process.stderr.close()


def worker(base):
    """Return the id of the web process, as it tells itself."""
    found = httpx.get(f"{base}/metrics", timeout=10).text
    return int(float(re.search(r"^pactgraph_process_id (\S+)$", found, re.M)[1]))


def test_a_web_process_that_is_killed_again_and_again_comes_back(data):
    """granian gives up where its worker ends twice within some seconds; serving goes on."""
    with serving(data) as server:
        port = int(server.root.rpartition(":")[2])
        seen = set()
        for _ in range(7):
            pid = worker(server.root)
            seen.add(pid)
            os.kill(pid, signal.SIGKILL)
            until = time.monotonic() + 5
            while alive(pid) and time.monotonic() < until:
                time.sleep(0.01)
            wait(port, server.process)
            assert count(server.root) == 100
        assert len(seen) == 7
        family = descendants(server.process.pid)
        server.process.terminate()
        assert server.process.wait(20) == 0, "and it stops when it is told to"
        until = time.monotonic() + 10
        while any(alive(p) for p in family):
            assert time.monotonic() < until, "an orphan is left"
            time.sleep(0.05)


def test_a_web_process_that_never_comes_up_ends_with_the_reason(data, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(
        "import os, server.app\nserver.app.create_app = lambda settings: os._exit(9)\n"
    )
    process = start(data, free_port(), subprocess.PIPE, PYTHONPATH=f"{tmp_path}:{ROOT}")
    said = process.communicate(timeout=60)[1].decode()
    assert process.returncode == 1
    assert "does not stay" in said
