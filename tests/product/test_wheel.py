"""The wheel: what is in it, and that it works alone, from a folder that tries to mislead it."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow
DECOY = "raise SystemExit('the folder server/ of the current directory was imported')\n"


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """Run a command to its end and return what it printed; shows both streams if it fails."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PACTGRAPH", "PYTHON"))}
    done = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env=clean | environment,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, f"{command}: status {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout


def hatch(target: str, out: Path) -> Path:
    """Build the wheel or the source archive and return its path."""
    run(sys.executable, "-m", "hatchling", "build", "-t", target, "-d", out, cwd=ROOT)
    (built,) = out.iterdir()
    return built


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    return hatch("wheel", tmp_path_factory.mktemp("wheel"))


def test_the_wheel_carries_the_data_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for room, home in (("ontology", "kg/_data/ontology"), ("queries", "kg/_data/queries")):
        files = {p.relative_to(ROOT / room) for p in (ROOT / room).rglob("*") if p.is_file()}
        assert {f"{home}/{path}" for path in files} <= names
    for room in ("kg/samples", "server/templates", "server/static"):
        files = {p.relative_to(ROOT) for p in (ROOT / room).rglob("*") if p.is_file()}
        assert files
        assert set(map(str, files)) <= names
    assert "kg/py.typed" in names
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"kg", "server"}
    assert not [name for name in names if "__pycache__" in name or name.endswith(".log")]


def test_the_wheel_of_the_source_archive_is_the_same(wheel: Path, tmp_path: Path) -> None:
    archive = hatch("sdist", tmp_path / "sdist")
    run("tar", "xzf", archive, "--strip-components=1", cwd=_made(tmp_path / "source"))
    command = (sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path / "again")
    run(*command, cwd=tmp_path / "source")
    (again,) = (tmp_path / "again").iterdir()
    assert _contents(again) == _contents(wheel)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def _contents(wheel: Path) -> dict[str, bytes]:
    archive = zipfile.ZipFile(wheel)
    return {name: archive.read(name) for name in archive.namelist() if not name.endswith("RECORD")}


def test_the_wheel_works_alone(wheel: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "venv", tmp_path / "venv", cwd=tmp_path)
    python = tmp_path / "venv/bin/python"
    pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*pip, "--require-hashes", "-r", _runtime_lock(tmp_path), cwd=tmp_path)
    run(*pip, "--no-deps", wheel, cwd=tmp_path)
    run(python, "-m", "pip", "check", cwd=tmp_path)

    elsewhere = _made(tmp_path / "elsewhere")
    _made(elsewhere / "server").joinpath("__init__.py").write_text(DECOY)
    pactgraph = tmp_path / "venv/bin/pactgraph"
    assert str(tmp_path / "venv") in run(pactgraph, "info", cwd=elsewhere, COLUMNS="300")
    run(pactgraph, "demo", "--no-serve", "--data", "data", cwd=elsewhere)
    text = "SELECT ?agreement ?party WHERE { ?agreement pg:party ?party }"
    query = (pactgraph, "query", "-", "--format", "csv", "--data", "data")
    (elsewhere / "q.rq").write_text(text)
    answer = run(*query[:2], "q.rq", *query[3:], cwd=elsewhere)
    rows = list(csv.DictReader(io.StringIO(answer)))
    assert len(rows) > 10
    assert all(row["agreement"].startswith("https://") for row in rows)


def _runtime_lock(folder: Path) -> Path:
    """Write the lock file of what an installed wheel needs: no development tools."""
    out = folder / "runtime.lock"
    lock = ROOT / "requirements.lock"
    uv = (Path(sys.executable).with_name("uv"), "pip", "compile", "--quiet", "--generate-hashes")
    run(
        *uv,
        "--no-header",
        "--no-annotate",
        "-c",
        lock,
        ROOT / "pyproject.toml",
        "-o",
        out,
        cwd=ROOT,
    )
    return out
