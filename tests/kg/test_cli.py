"""The command: what it prints where, and the exit status, for good input and bad."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph as ox
import pytest
from typer.testing import CliRunner, Result

from kg import pipeline
from kg.model import Finding, Report
from kg.release import DataFolder
from server.cli import app

TEXT = (
    "date 2031-05-14 Aldoria and Belmora sign pact {n}\n"
    "Aldoria and Belmora signed a fisheries agreement on 12 May 2031. "
    "Minister Ann Orr said a joint committee would meet next year.\n"
)


class Reader:
    """An extractor that needs no language model; `make` is set by the fixture."""

    version = "test"
    reader = None
    make = None

    def __init__(self, model: str, adviser: object = None) -> None:
        self.model = model

    def pipe(self, documents, processes=1):
        for document in documents:
            yield document, type(self).make(document)


@pytest.fixture
def here(tmp_path: Path, monkeypatch, make_extraction) -> Path:
    """A working folder with two documents; the checks have tests of their own."""
    Reader.make = make_extraction
    monkeypatch.setattr(pipeline, "Extractor", Reader)
    monkeypatch.setattr(pipeline, "_check", lambda *_: Report())
    monkeypatch.chdir(tmp_path)
    (tmp_path / "texts").mkdir()
    for n in (1, 2):
        (tmp_path / "texts" / f"{n}.txt").write_text(TEXT.format(n=n))
    return tmp_path


def run(*words: str, stdin: str = "") -> Result:
    return CliRunner().invoke(app, list(words), input=stdin)


def failed(result: Result, status: int = 1) -> str:
    """Return the only line on standard error of a command that failed."""
    assert result.exit_code == status, result.output
    lines = result.stderr.strip().splitlines()
    assert lines[-1].startswith("error: "), result.stderr
    assert "Traceback" not in result.output
    return lines[-1]


@pytest.fixture
def built(here: Path) -> Path:
    result = run("build", "texts", "--note", "first")
    assert result.exit_code == 0, result.output
    return here


def test_build_says_what_it_made(here):
    result = run("build", "texts")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "release 1: 2 documents (2 read now)" in result.stderr
    again = run("build", "texts")
    assert "nothing changed, still release 1" in again.stderr


def test_data_comes_from_the_flag_then_the_environment_then_the_file(built, monkeypatch):
    (built / "pactgraph.toml").write_text('data = "from-file"\n')
    assert "from-file" in run("info").stdout
    monkeypatch.setenv("PACTGRAPH_DATA", "from-environment")
    assert "from-environment" in run("info").stdout
    assert "from-flag" in run("info", "--data", "from-flag").stdout


def test_skipped_documents_are_named_and_the_status_is_3(here):
    (here / "texts" / "bad.txt").write_bytes(b"\x00\x01" * 500)
    result = run("build", "texts", "missing")
    assert result.exit_code == 3
    skipped = [line for line in result.stderr.splitlines() if line.startswith("skipped: ")]
    assert len(skipped) == 2
    assert "2 skipped" in result.stderr
    assert DataFolder("pactgraph-data").current()


def test_nothing_usable_is_one_line(here):
    assert "no document could be read" in failed(run("build", "missing"))
    assert not (here / "pactgraph-data").exists()


def test_a_refused_build_says_why(here, monkeypatch):
    monkeypatch.setattr(pipeline, "_check", lambda *_: Report((Finding("quote", "a\nb"),)))
    assert failed(run("build", "texts")) == (
        "error: nothing was published: quote: a b; the old release stays"
    )


def test_ctrl_c_says_how_to_go_on(here, monkeypatch):
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "build", stop)
    result = run("build", "texts")
    assert result.exit_code == 130
    assert "same command goes on" in result.stderr


def test_a_full_disk_is_one_line(here, monkeypatch):
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "pactgraph-data/x")

    monkeypatch.setattr(pipeline, "build", full)
    assert failed(run("build", "texts")) == "error: pactgraph-data/x: No space left on device"


def test_add_keeps_what_is_there(built):
    (built / "3.txt").write_text(TEXT.format(n=3))
    assert "3 documents (1 read now)" in run("add", "3.txt").stderr


def test_extract_prints_one_object_a_line_and_stores_nothing(here):
    result = run("extract", "texts", "--format", "jsonl")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert {row["doc"] for row in rows} == {"1.txt", "2.txt"}
    keys = "doc subject predicate object modality speaker date evidence rule confidence"
    assert all(set(row) == set(keys.split()) for row in rows)
    assert not (here / "pactgraph-data").exists()
    assert "jsonl" in failed(run("extract", "texts", "--format", "xml"))


def test_query_without_a_name_lists_the_questions(here):
    lines = run("query").stdout.splitlines()
    assert any(line.startswith("agreements-and-parties ") for line in lines)
    assert len(lines) > 20


def test_a_named_query_in_several_forms(built):
    query = ("query", "agreements-and-parties", "--format")
    rows = list(csv.DictReader(io.StringIO(run(*query, "csv").stdout)))
    assert {row["party"].rsplit("/", 1)[1] for row in rows} == {"aldoria", "belmora"}
    bindings = json.loads(run(*query, "json").stdout)["results"]["bindings"]
    assert len(bindings) == len(rows)
    assert "aldoria" in run(*query, "table").stdout
    assert "format" in failed(run(*query, "parquet")) or "parquet" in failed(run(*query, "parquet"))


def test_a_query_with_a_parameter(built):
    name = ("query", "agreements-of-state", "--format", "csv", "--param")
    assert len(run(*name, "state=id:state/aldoria").stdout.splitlines()) > 1
    assert len(run(*name, "state=id:state/nowhere").stdout.splitlines()) == 1
    assert "NAME=VALUE" in failed(run(*name, "state"))
    assert "stat" in failed(run(*name, "stat=1"))


def test_a_query_from_a_file_and_from_standard_input(built):
    (built / "q.rq").write_text("SELECT ?party WHERE { ?x pg:party ?party }")
    assert "aldoria" in run("query", "q.rq").stdout
    asked = run("query", "-", "--format", "tsv", stdin="SELECT (1 AS ?one) WHERE {}")
    assert asked.stdout.split() == ["?one", "1"]
    graph = run("query", "-", "--format", "nt", stdin="CONSTRUCT WHERE { ?s pg:party ?o }")
    assert len(list(ox.parse(graph.stdout.encode(), format=ox.RdfFormat.N_TRIPLES))) >= 2


def test_wrong_queries(built):
    assert "agreements-and-parties" in failed(run("query", "agreement-and-parties"))
    assert "line 2" in failed(run("query", "-", stdin="SELECT * WHERE {\n ?s ?p }"))
    assert "--param" in failed(run("query", "-", "--param", "a=b", stdin="ASK {}"))


def test_commands_that_need_a_release_say_how_to_make_one(here):
    (here / "q.rq").write_text("ASK {}")
    for words in (["query", "q.rq"], ["check"], ["releases"], ["export", "--format", "turtle"]):
        assert "pactgraph build" in failed(run(*words)), words
    assert not (here / "pactgraph-data").exists()


def test_export_to_a_file_and_to_standard_output(built):
    assert run("export", "--format", "nquads", "-o", "all.nq").exit_code == 0
    quads = list(ox.parse(path=str(built / "all.nq"), format=ox.RdfFormat.N_QUADS))
    assert len(quads) == len(DataFolder("pactgraph-data").open())
    assert "@prefix pg:" in run("export", "--format", "turtle").stdout
    assert "turtle" in failed(run("export"))
    assert "turtle" in failed(run("export", "--format", "word", "-o", "all.doc"))
    assert not (built / "all.doc").exists()


def test_releases_and_rollback(built):
    (built / "3.txt").write_text(TEXT.format(n=3))
    run("add", "3.txt", "--note", "more")
    listed = run("releases").stdout.splitlines()
    assert [line.split()[0] for line in listed[1:]] == ["1", "*"]
    assert listed[1].endswith("first")
    assert listed[2].endswith("more")
    assert run("rollback", "1").exit_code == 0
    assert DataFolder("pactgraph-data").release().number == 1
    assert "no release 7" in failed(run("rollback", "7"))


def test_check_shows_what_it_found(built, monkeypatch):
    findings = (Finding("quote", "differs", doc="d"), Finding("shape", "odd", blocks=False))
    monkeypatch.setattr(pipeline, "check_release", lambda *_: Report(findings, ("quotes",)))
    result = run("check")
    assert result.exit_code == 1
    assert "error: quote: differs (d)" in result.stdout
    assert "remark: shape: odd" in result.stdout
    assert "1 error, 1 remark" in result.stderr


def test_info_shows_folders_versions_and_settings(built):
    said = run("info").stdout
    assert "release 1 of " in said
    for word in ("pyoxigraph", "ontology", "queries", "query_seconds"):
        assert word in said


def test_explain_leads_to_the_sentence(built):
    pact = next(
        line
        for line in run("query", "agreements-and-parties", "--format", "csv").stdout.splitlines()
        if "aldoria" in line
    ).split(",")
    said = run("explain", pact[0], "pg:party", pact[1])
    assert said.exit_code == 0, said.output
    assert "Aldoria and Belmora signed a fisheries agreement" in said.stdout
    assert "subject, predicate and object" in failed(run("explain", "a", "b"))


def test_wrong_settings_are_named(here, monkeypatch):
    monkeypatch.setenv("PACTGRAPH_PORT", "many")
    assert "setting port" in failed(run("info"))
    monkeypatch.delenv("PACTGRAPH_PORT")
    (here / "pactgraph.toml").write_text("port = [\n")
    assert "pactgraph.toml" in failed(run("info"))


def test_a_data_folder_of_a_newer_version(built):
    (built / "pactgraph-data" / "FORMAT").write_text("99\n")
    for words in (["releases"], ["build", "texts"], ["query", "agreements-and-parties"]):
        assert "update pactgraph" in failed(run(*words))


def test_the_demo_leaves_own_documents_alone(built):
    assert "other documents" in failed(run("demo", "--no-serve"))
    assert DataFolder("pactgraph-data").release().number == 1


def test_importing_the_command_imports_nothing_heavy():
    code = "import sys, server.cli; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    heavy = {"flask", "spacy", "rdflib", "pyshacl", "pydantic", "rich", "pyoxigraph", "yaml"}
    assert heavy & set(loaded) == set()


def test_help_names_every_command():
    said = run("--help").stdout
    for name in (
        "build add extract serve query export check releases rollback info explain demo"
    ).split():
        assert f"\n  {name} " in said
        assert run(name, "--help").exit_code == 0


@pytest.mark.slow
def test_help_answers_in_half_a_second():
    command = [sys.executable, "-m", "kg", "--help"]
    times = []
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run(command, capture_output=True, check=True)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.5


@pytest.mark.slow
def test_ctrl_c_of_a_real_build_and_going_on(tmp_path):
    from kg.resources import samples_dir

    clean = {k: v for k, v in os.environ.items() if not k.startswith("PACTGRAPH")}
    command = [sys.executable, "-m", "kg", "build", str(samples_dir()), "--data", "data"]
    caches = tmp_path / "data" / "extractions"
    process = subprocess.Popen(command, cwd=tmp_path, env=clean, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 120
    while len(list(caches.rglob("[!.]*.json"))) < 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert "same command goes on" in said
    assert DataFolder(tmp_path / "data").current() is None
    again = subprocess.run(command, cwd=tmp_path, env=clean, capture_output=True, text=True)
    total = len(list(samples_dir().glob("*.txt")))
    assert again.returncode == 0, again.stderr
    assert f"{total} documents (" in again.stderr
    assert f"({total} read now)" not in again.stderr


@pytest.mark.slow
def test_ctrl_c_ends_a_query_that_would_run_for_hours(built):
    endless = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    (built / "endless.rq").write_text(endless)
    process = subprocess.Popen(
        [sys.executable, "-m", "kg", "query", "endless.rq"], stderr=subprocess.PIPE, text=True
    )
    time.sleep(3)
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=5)
    assert process.returncode == 130
    assert "stopped" in said


def test_a_query_past_its_deadline_is_stopped_and_the_command_ends(here: Path) -> None:
    node = ox.NamedNode
    rows = [ox.Quad(node(f"urn:{n}"), node("urn:p"), ox.Literal(n)) for n in range(300)]
    DataFolder(here / "data").publish(lambda store: store.extend(rows))
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?o ?q }"
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "kg", "query", "-", "--data", "data"],
        input=endless, capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "PACTGRAPH_COMMAND_SECONDS": "0.5"},
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert "command_seconds" in done.stderr
    assert "Traceback" not in done.stderr
    assert time.monotonic() - began < 20, "the engine ended with the command"


def test_remove_asks_and_says_what_goes(built, monkeypatch):
    assert "--reason" in failed(run("remove", "1.txt"))
    assert "give --yes" in failed(run("remove", "1.txt", "--reason", "wish"))
    assert "no document and no person" in failed(run("remove", "9.txt", "--reason", "wish"))
    assert not (built / "pactgraph-data" / "tombstones.jsonl").exists()
    monkeypatch.setattr("kg.cli._asked", lambda: False)
    assert "nothing was removed" in failed(run("remove", "1.txt", "--reason", "wish"))
    done = run("remove", "1.txt", "--reason", "wish", "--yes")
    assert done.exit_code == 0, done.output
    assert "releases deleted: 1" in done.stderr
    assert "backups made before keep all of it" in done.stderr
    assert "removed; release 2 has 1 document" in done.stderr
    assert "nothing is left to remove" in run("remove").stderr
    again = run("build", "texts")
    assert again.exit_code == 3
    assert "was removed from the collection" in again.stderr
