"""What docs and files say about running it elsewhere is true as far as this machine can tell."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pyoxigraph as ox
import pytest
from typer.testing import CliRunner

from kg.release import DataFolder
from kg.settings import Settings
from server import create_app
from server.cli import app as command

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "docs" / "pactgraph.service"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def steps() -> list[tuple[str, str]]:
    """Return the instructions of the Containerfile, each with its words."""
    text = (ROOT / "Containerfile").read_text("utf-8")
    joined = re.sub(r"^#.*\n", "", text, flags=re.M).replace("\\\n", " ")
    return [tuple(line.split(None, 1)) for line in joined.splitlines() if line.strip()]


def value(name: str) -> str:
    """Return the words of the last instruction of a name."""
    return [words for step, words in steps() if step == name][-1].strip()


def settings_named(text: str) -> set[str]:
    """Return the settings that a text sets through the environment."""
    return {name.lower() for name in re.findall(r"PACTGRAPH_([A-Z_]+)=", text)}


def test_the_image_runs_as_nobody_and_keeps_its_data_in_a_volume() -> None:
    order = [step for step, _ in steps()]
    assert value("USER").isdecimal()
    assert value("USER") != "0"
    assert order.index("USER") < order.index("ENTRYPOINT")
    assert "RUN" not in order[order.index("USER") :], "nothing is made as the user who runs it"
    environment = value("ENV")
    assert f"PACTGRAPH_DATA={value('VOLUME')}" in environment
    assert settings_named(environment) <= set(Settings.model_fields)
    assert value("EXPOSE") == str(Settings.model_fields["port"].default)
    assert json.loads(value("ENTRYPOINT")) == ["pactgraph"] == list(PROJECT["scripts"])
    assert CliRunner().invoke(command, [*json.loads(value("CMD")), "--help"]).exit_code == 0


def test_the_health_check_asks_an_address_that_is_there(tmp_path) -> None:
    words = value("HEALTHCHECK")
    asked = json.loads(words[words.index("CMD") + 3 :])
    assert asked[:2] == ["python", "-c"]
    compile(asked[2], "healthcheck", "exec")
    path = re.search(r"http://127\.0\.0\.1:8000(/\w+)", asked[2])[1]
    DataFolder(tmp_path / "data").publish(lambda store: None, "empty")
    app = create_app(Settings(data=tmp_path / "data"))
    assert app.test_client().get(path).status_code == 200
    app.extensions["close"]()


@pytest.mark.slow
def test_what_the_image_copies_is_enough_for_the_wheel_and_no_more_is_sent(tmp_path) -> None:
    source = tmp_path / "src"
    source.mkdir()
    allowed = {
        line[1:] for line in (ROOT / ".containerignore").read_text().split() if line[0] == "!"
    }
    copied = set()
    for step, words in steps():
        if step != "COPY":
            continue
        *names, target = words.split()
        copied |= set(names)
        for name in names:
            if (ROOT / name).is_dir():
                kept = shutil.ignore_patterns("__pycache__")
                shutil.copytree(ROOT / name, source / target, ignore=kept)
            else:
                shutil.copy(ROOT / name, source / target)
    assert copied == allowed
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path / "out"]
    subprocess.run(build, cwd=source, check=True, capture_output=True, timeout=300)
    (wheel,) = (tmp_path / "out").iterdir()
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {"server/app.py", "server/templates/base.html", "kg/cli.py"} <= names
    assert any(name.startswith("kg/_data/ontology/") for name in names)
    assert any(name.startswith("kg/_data/queries/") for name in names)


def test_the_unit_starts_a_command_that_there_is() -> None:
    text = UNIT.read_text("utf-8")
    path, *words = shlex.split(re.search(r"^ExecStart=(.+)$", text, re.M)[1])
    assert Path(path).name in PROJECT["scripts"]
    assert CliRunner().invoke(command, [*words, "--help"]).exit_code == 0
    assert settings_named(text) <= set(Settings.model_fields)
    data = re.search(r"PACTGRAPH_DATA=(\S+)$", text, re.M)[1]
    state = re.search(r"^StateDirectory=(\S+)$", text, re.M)[1]
    assert data == f"/var/lib/{state}", "the only folder that the unit may write to"
    limits = Settings.model_fields
    stop = int(re.search(r"^TimeoutStopSec=(\d+)$", text, re.M)[1])
    assert stop > max(limits["query_seconds"].default, limits["write_seconds"].default)


def test_systemd_takes_the_unit(tmp_path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed")
    text = UNIT.read_text("utf-8")
    # Neither that command nor that user is on this machine.
    text = re.sub(r"^ExecStart=\S+", f"ExecStart={sys.executable}", text, flags=re.M)
    text = re.sub(r"^User=.*\n", "", text, flags=re.M)
    unit = tmp_path / UNIT.name
    unit.write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture
def behind(tmp_path):
    """A maker of services behind so many proxies, each with a small rate for one client."""
    DataFolder(tmp_path / "data").publish(
        lambda store: store.add(ox.Quad(*[ox.NamedNode("urn:a")] * 3)), "one"
    )
    made = []

    def make(proxies: int):
        app = create_app(
            Settings(data=tmp_path / "data", trusted_proxies=proxies, requests_per_minute=3)
        )
        made.append(app)
        return app.test_client()

    yield make
    for app in made:
        app.extensions["close"]()


def asked(client, forwarded: str) -> int:
    """Return the status of a request that comes from outside with such a header."""
    response = client.get(
        "/healthz", headers={"X-Forwarded-For": forwarded},
        environ_overrides={"REMOTE_ADDR": "192.0.2.9"},
    )  # fmt: skip
    return response.status_code


def test_behind_a_proxy_each_client_has_a_rate_of_its_own(behind) -> None:
    client = behind(1)
    assert [asked(client, "198.51.100.1") for _ in range(4)] == [200, 200, 200, 429]
    assert asked(client, "198.51.100.2") == 200
    # What the client wrote itself stands to the left of what the proxy adds, and counts nothing.
    assert asked(client, "203.0.113.77, 198.51.100.1") == 429


def test_without_a_proxy_the_header_is_not_believed(behind) -> None:
    client = behind(0)
    assert [asked(client, f"198.51.100.{n}") for n in range(4)] == [200, 200, 200, 429]
