"""The main job on the two shared documents: build, ask, and the score of what was extracted."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from kg.release import DataFolder
from kg.vocab import Iris

pytestmark = [pytest.mark.shared, pytest.mark.slow]
IRIS = Iris()


@pytest.fixture(scope="module")
def shared() -> Path:
    place = os.environ.get("PACTGRAPH_SHARED", "")
    if not place or not (Path(place) / "gold" / "seed_gold.jsonl").exists():
        pytest.skip("PACTGRAPH_SHARED names no folder with the gold facts")
    return Path(place)


@pytest.fixture(scope="module")
def gold(shared: Path) -> list[dict[str, str]]:
    lines = (shared / "gold" / "seed_gold.jsonl").read_text("utf-8").splitlines()
    return [row for row in map(json.loads, lines) if row["tier"] == "core"]


@pytest.fixture(scope="module")
def data(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a release of the two documents, built by the command."""
    data = tmp_path_factory.mktemp("line") / "data"
    command("build", str(shared / "documents"), "--data", str(data))
    return data


def command(*words: str) -> str:
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PACTGRAPH")}
    done = subprocess.run(
        [sys.executable, "-m", "kg", *words],
        capture_output=True, text=True, timeout=300, env=clean, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def asked(data: Path, name: str, **params: str) -> list[dict[str, str]]:
    given = [word for key, value in params.items() for word in ("--param", f"{key}={value}")]
    answer = command("query", name, "--format", "csv", "--data", str(data), *given)
    return list(csv.DictReader(io.StringIO(answer)))


def told_twice(gold: list[dict[str, str]]) -> list[str]:
    """Return the agreements whose status both documents tell, in the gold's words."""
    documents = defaultdict(set)
    for row in gold:
        if row["p"] == "pg:status" and row["s"].startswith("agreement:"):
            documents[row["s"]].add(row["doc"])
    return sorted(thing for thing, found in documents.items() if len(found) > 1)


def iri(key: str) -> str:
    return IRIS.entity(*key.split(":", 1))


def test_parties_are_those_of_the_gold_facts(data, gold):
    things = told_twice(gold)
    assert things
    for thing in things:
        expected = {iri(r["o"]) for r in gold if r["s"] == thing and r["p"] == "pg:party"}
        found = asked(data, "parties-of-agreement", agreement=iri(thing))
        assert {row["party"] for row in found} == expected


def test_two_documents_give_one_agreement_with_a_history(data, gold):
    documents = {d.id: d.name[:3] for d in DataFolder(data).documents()}
    for thing in told_twice(gold):
        rows = [r for r in gold if r["s"] == thing and r["p"] == "pg:status"]
        expected = {(iri(r["o"]), r["doc"]) for r in rows if r["modality"] == "actual"}
        history = asked(data, "status-history", thing=iri(thing))
        found = {(r["status"], documents[r["document"].rsplit("/", 1)[1]]) for r in history}
        assert expected <= found
        assert [r["since"] for r in history] == sorted(r["since"] for r in history)


def test_what_is_extracted_is_good_enough_and_every_quote_is_its_span(shared, tmp_path):
    files = sorted((shared / "documents").glob("*.txt"))
    lines = command("extract", *map(str, files), "--format", "jsonl")
    (tmp_path / "claims.jsonl").write_text(lines, "utf-8")
    texts = {path.name: path.read_bytes().decode() for path in files}
    for row in map(json.loads, lines.splitlines()):
        at = row["evidence"]
        assert texts[row["doc"]][at["start"] : at["end"]] == at["quote"]
    scorer = [sys.executable, str(shared / "gold" / "score_seeds.py")]
    floors = ["--min-core", "0.95", "--min-precision", "0.95"]
    done = subprocess.run(
        [*scorer, str(tmp_path / "claims.jsonl"), *floors],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
