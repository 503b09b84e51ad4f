"""The README's commands: each exists as written, and a reader who types them gets what it says."""

from __future__ import annotations

import csv
import io
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kg.resources import samples_dir

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
BIN = Path(sys.executable).parent
START, STOP = 300, 30  # seconds that a demo may take to serve (it builds first) and to end


def blocks(page: Path) -> list[str]:
    """Return the shell examples of a page."""
    return re.findall(r"^```sh\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)


def typed(page: Path, program: str) -> list[list[str]]:
    """Return the command lines of a page that call a program, split into words."""
    joined = "\n".join(blocks(page)).replace("\\\n", " ")
    lines = [shlex.split(line, comments=True) for line in joined.splitlines() if "'" not in line]
    inline = re.findall(rf"`({program} [^`]+)`", page.read_text(encoding="utf-8"))
    lines += [shlex.split(line) for line in inline]
    return [line for line in lines if line[:1] == [program]]


def environment(**more: str) -> dict[str, str]:
    """Return an environment with our commands first on the path and no settings."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PACTGRAPH")}
    return clean | {"PATH": f"{BIN}{os.pathsep}{clean['PATH']}", "COLUMNS": "200"} | more


def shell(script: str, cwd: Path, **more: str) -> str:
    """Run a shell script and return what it printed; shows both streams if it fails."""
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=cwd,
        env=environment(**more),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, f"{script}\n{done.stdout}{done.stderr}"
    return done.stdout


def cases(program: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return each different command line with the page that it stands on."""
    return sorted({(page.name, tuple(line)) for page in PAGES for line in typed(page, program)})


@pytest.mark.parametrize(("page", "line"), cases("make"))
def test_make_targets_exist(page: str, line: tuple[str, ...]) -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M)
    assert set(line[1:]) <= set(targets), f"{page} names a target that is not in the Makefile"


@pytest.mark.parametrize("command", sorted({line[1] for _, line in cases("pactgraph")}))
def test_commands_and_their_options_exist(command: str) -> None:
    if command == "--help":
        assert "Usage" in shell("pactgraph --help", ROOT)
        return
    said = shell(f"pactgraph {shlex.quote(command)} --help", ROOT, TERM="dumb")
    lines = [line for _, line in cases("pactgraph") if line[1] == command]
    options = {word.split("=")[0] for line in lines for word in line if word.startswith("--")}
    missing = {option for option in options if not re.search(rf"{option}\b", said)}
    assert not missing, f"pactgraph {command} has no {missing}"


def test_the_readme_shows_the_two_commands_first() -> None:
    first = blocks(ROOT / "README.md")[0]
    assert first.split("\n")[:2] == ["make demo", "make test"]
    assert (ROOT / "README.md").read_text(encoding="utf-8").index(first) < 1200


@pytest.mark.slow
@pytest.mark.parametrize("page", ["README.md", "docs/tour.md"])
def test_the_commands_of_a_page_work_in_its_order(page: str, tmp_path: Path) -> None:
    samples = sorted(samples_dir().glob("*.txt"))
    for name, files in (("my-documents", samples[:6]), ("more-documents", samples[6:])):
        (tmp_path / name).mkdir()
        for path in files:
            shutil.copy(path, tmp_path / name)
    lines = [
        line
        for block in blocks(ROOT / page)
        for line in block.splitlines()
        if line.startswith("pactgraph ") and not line.startswith("pactgraph serve")
    ]
    assert len(lines) >= 6
    said = {line.split()[1]: shell(line, tmp_path) for line in lines}
    assert '"evidence"' in said["extract"]
    assert samples[0].name in said["extract"]
    assert samples[6].name not in said["extract"]  # it is in more-documents
    assert "status:" in said["query"] or "/status/" in said["query"]
    assert "@prefix pg:" in (tmp_path / "graph.ttl").read_text(encoding="utf-8")


@contextmanager
def demo(data: Path, port: int) -> Iterator[Path]:
    """Run `make demo` until the block ends and yield the file with what it prints."""
    log = data.with_suffix(".log")
    with log.open("w") as out:
        process = subprocess.Popen(
            ["make", "demo"],
            cwd=ROOT,
            env=environment(PACTGRAPH_DATA=str(data), PACTGRAPH_PORT=str(port)),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_for(port, process, log)
        yield log
    finally:
        os.killpg(process.pid, signal.SIGINT)
        try:
            process.wait(STOP)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            pytest.fail(f"the demo did not end within {STOP} s of Ctrl-C")


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the port answers; fails with what was printed if that takes too long."""
    deadline = time.monotonic() + START
    probe = ["curl", "-fsS", "-o", os.devnull, "--max-time", "5", f"http://127.0.0.1:{port}/"]
    while time.monotonic() < deadline and process.poll() is None:
        if subprocess.run(probe, capture_output=True, check=False).returncode == 0:
            return
        time.sleep(0.3)
    pytest.fail(f"the demo does not answer on port {port}; it printed:\n{log.read_text()}")


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.slow
@pytest.mark.enable_socket
def test_make_demo_serves_what_the_readme_asks_with_curl(tmp_path: Path) -> None:
    port = free_port()
    curl = blocks(ROOT / "README.md")[3]
    assert curl.startswith("curl http://127.0.0.1:8000/sparql")
    with demo(tmp_path / "data", port) as log:
        answer = shell(curl.replace(":8000", f":{port}"), tmp_path)
        printed = log.read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(answer)))
    assert len(rows) == 10
    assert rows[0].keys() == {"agreement", "party"}
    assert f"http://127.0.0.1:{port}" in printed
    assert printed.count("?") >= 3  # three questions, answered
