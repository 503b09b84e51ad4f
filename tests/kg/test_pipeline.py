"""Documents to a release: what is read once, what is skipped, what survives a failure."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import pipeline
from kg.errors import CheckFailed, DataFolderError, InputError, LockedError
from kg.model import Finding, Report
from kg.pipeline import build, extract
from kg.release import DataFolder
from kg.seal import verify
from kg.settings import Settings
from kg.store import checksum
from kg.vocab import PG, RDF, Iris

IRIS = Iris()
REAL_CHECK = pipeline._check
PACT = "date 2031-05-1{n} Aldoria and Belmora sign pact {n}\n" + (
    "Aldoria and Belmora signed a fisheries agreement on 12 May 2031. "
    "Minister Ann Orr said a joint committee would meet next year.\n"
)


@pytest.fixture
def reader(monkeypatch, make_extraction):
    """An extractor that needs no language model, and notes what it was given."""

    class Reader:
        version = "test"
        model = "none"
        reader = None
        read: list[str] = []  # noqa: RUF012
        breaks_on = ""

        def __init__(self, model: str = "", adviser: object = None) -> None:
            pass

        def extract(self, document):
            if self.breaks_on and self.breaks_on in document.name:
                raise RecursionError("too deep")
            self.read.append(document.name)
            return make_extraction(document)

        def pipe(self, documents, processes=1):
            for document in documents:
                yield document, self.extract(document)

    Reader.read = []
    monkeypatch.setattr(pipeline, "Extractor", Reader)
    monkeypatch.setattr(pipeline, "_check", lambda *_: Report())  # it has tests of its own
    return Reader


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """A folder with three documents."""
    folder = tmp_path / "texts"
    folder.mkdir()
    for n in range(1, 4):
        (folder / f"{n}.txt").write_text(PACT.format(n=n))
    return folder


@pytest.fixture
def known(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data")


class Told:
    """Progress that remembers; stops like Ctrl-C after some steps."""

    def __init__(self, stop_after: int = 0) -> None:
        self.parts: list[tuple[str, int]] = []
        self.skipped: list[str] = []
        self.left = stop_after

    def begin(self, what: str, total: int) -> None:
        self.parts.append((what, total))

    def step(self) -> None:
        if self.parts[-1][0] == "extracting":
            self.left -= 1
            if self.left == 0:
                raise KeyboardInterrupt

    def skip(self, message: str) -> None:
        self.skipped.append(message)


def names(settings: Settings) -> list[str]:
    return sorted(document.name for document in DataFolder(settings.data).documents())


def test_a_release_holds_every_graph(reader, texts, known, monkeypatch):
    monkeypatch.setattr(pipeline, "_check", REAL_CHECK)
    done = build([texts], known, note="first")
    assert (done.release.number, done.documents, done.fresh, done.skipped) == (1, 3, 3, ())
    folder = DataFolder(known.data)
    store = folder.open()
    graphs = {g.value.removeprefix(IRIS.graph("")) for g in store.named_graphs()}
    assert {"entities", "facts", "links", "ontology", *folder.document_ids()} <= graphs
    facts = store.quads_for_pattern(None, None, None, ox.NamedNode(IRIS.graph("facts")))
    assert {q.predicate.value.split("#")[1] for q in facts} >= {"party", "status", "signingOf"}
    manifest = folder.manifest(folder.release())
    assert manifest["kind"] == "build"
    assert manifest["sha256"] == checksum(store)
    assert manifest["versions"]["extractor"] == "test"
    assert folder.release().note == "first"
    assert done.report.ok
    assert "quotations (everything)" in folder.report(folder.release()).ran


def test_what_is_planned_is_no_fact(reader, texts, known):
    build([texts], known)
    store = DataFolder(known.data).open()
    concerns = ox.NamedNode(PG + "concerns")
    claims = list(store.quads_for_pattern(None, ox.NamedNode(RDF + "predicate"), concerns, None))
    assert len(claims) == 3
    for claim in claims:
        (meeting,) = store.quads_for_pattern(
            claim.subject, ox.NamedNode(RDF + "subject"), None, None
        )
        for graph in ("facts", "inferred"):
            name = ox.NamedNode(IRIS.graph(graph))
            assert not list(store.quads_for_pattern(meeting.object, concerns, None, name))


def test_the_same_documents_again_cost_nothing_and_make_no_release(reader, texts, known):
    build([texts], known)
    reader.read.clear()
    done = build([texts], known)
    assert reader.read == []
    assert (done.release.number, done.fresh) == (1, 0)
    assert len(DataFolder(known.data).releases()) == 1


@pytest.fixture
def linked(monkeypatch) -> list[int]:
    """The number of documents of each linking, which every build does that does not end early."""
    seen: list[int] = []
    real = pipeline.link
    monkeypatch.setattr(
        pipeline, "link", lambda *given: (seen.append(len(given[0])), real(*given))[1]
    )
    return seen


def test_the_same_inputs_end_a_build_before_linking(reader, texts, known, linked):
    first = build([texts], known)
    assert linked == [3]
    store = known.data / "releases" / "000001" / "store"
    before = sorted((path.name, path.stat().st_mtime_ns) for path in store.iterdir())
    for keep, sources in ((False, [texts]), (True, [texts]), (True, [texts / "2.txt"])):
        again = build(sources, known, keep=keep)
        assert (again.release, again.report, again.documents) == (first.release, first.report, 3)
    assert linked == [3]
    assert before == sorted((path.name, path.stat().st_mtime_ns) for path in store.iterdir())
    build([texts], known, force=True)
    assert linked == [3, 3]
    assert len(DataFolder(known.data).releases()) == 1


def test_whatever_a_graph_depends_on_makes_a_build_work(reader, texts, known, linked, monkeypatch):
    build([texts], known)
    changes = [
        lambda: (known.data / "curation.yaml").write_text("same as: []\n"),
        lambda: monkeypatch.setattr(known, "min_confidence", 0.4),
        lambda: monkeypatch.setattr(pipeline, "code_version", lambda: "another"),
        lambda: monkeypatch.setattr(reader, "version", "another"),
        lambda: (texts / "1.txt").write_text(PACT.format(n=4)),
        lambda: (texts / "2.txt").rename(texts / "two.txt"),
        lambda: (texts / "3.txt").unlink(),
    ]
    for number, change in enumerate(changes, 2):
        change()
        build([texts], known)
        assert len(linked) == number
        build([texts], known)
        assert len(linked) == number, "the second time nothing is new"


def test_a_document_that_broke_the_reader_is_named_again_and_nothing_is_done(
    reader, texts, known, linked
):
    reader.breaks_on = "2.txt"
    first = build([texts], known)
    assert build([texts], known).skipped == first.skipped
    assert linked == [2]


def test_a_change_of_the_graph_by_others_makes_a_build_work(reader, texts, known, linked):
    build([texts], known)
    mine = ox.Quad(*(ox.NamedNode(f"urn:{x}") for x in "spog"))
    DataFolder(known.data).publish(lambda store: store.add(mine))
    build([texts], known)
    build([texts], known)
    assert linked == [3, 3]


def test_a_build_with_nothing_new_clears_away_what_a_dead_one_left(reader, texts, known):
    build([texts], known)
    left = known.data / "releases" / ".stage-000002"
    left.mkdir()
    build([texts], known)
    assert not left.exists()


def test_a_large_graph_of_which_little_changed_is_counted_at_once_and_summed_up_later(
    reader, texts, known, monkeypatch
):
    build([texts / "1.txt", texts / "2.txt"], known)
    monkeypatch.setattr(pipeline, "_SUMMED", 1000)
    done = build([texts], known)
    folder = DataFolder(known.data)
    store = folder.open(done.release)
    assert done.release.counts["triples"] == len(store) > 1000
    assert folder.manifest(done.release)["sha256"] == ""
    assert verify(folder, done.release) == ()
    assert folder.manifest(done.release)["sha256"] == checksum(store)


def test_build_replaces_and_add_keeps(reader, texts, known):
    build([texts / "1.txt", texts / "2.txt"], known)
    build([texts / "3.txt"], known, keep=True)
    assert names(known) == ["1.txt", "2.txt", "3.txt"]
    assert reader.read == ["1.txt", "2.txt", "3.txt"]
    gone = DataFolder(known.data).document_ids()
    build([texts / "2.txt"], known)
    assert names(known) == ["2.txt"]
    folder = DataFolder(known.data)
    (left,) = folder.document_ids()
    store = folder.open()
    for doc in set(gone) - {left}:
        graph = ox.NamedNode(IRIS.graph(doc))
        assert graph not in list(store.named_graphs())
        assert not list(store.quads_for_pattern(None, None, None, graph))


def test_any_order_gives_the_same_bytes(reader, texts, tmp_path):
    sums = set()
    for number, order in enumerate(["123", "312"]):
        settings = Settings(data=tmp_path / f"data{number}")
        build([texts / f"{name}.txt" for name in order], settings)
        folder = DataFolder(settings.data)
        sums.add(folder.manifest(folder.release())["sha256"])
    assert len(sums) == 1


def test_what_another_process_added_meanwhile_is_kept(reader, texts, known, monkeypatch):
    build([texts / "1.txt"], known)
    real = pipeline.DataFolder.stage

    def late(folder, wait=0.0):
        monkeypatch.setattr(pipeline.DataFolder, "stage", real)
        build([texts / "3.txt"], known, keep=True)
        return real(folder, wait)

    monkeypatch.setattr(pipeline.DataFolder, "stage", late)
    build([texts / "2.txt"], known, keep=True)
    assert names(known) == ["1.txt", "2.txt", "3.txt"]


def test_step_by_step_gives_the_bytes_of_all_at_once(reader, texts, known, tmp_path):
    for name in "312":
        build([texts / f"{name}.txt"], known, keep=True)
    # What was minted on the way is an input like the documents.
    (tmp_path / "twin").mkdir()
    register = (known.data / "register.jsonl").read_bytes()
    (tmp_path / "twin" / "register.jsonl").write_bytes(register)
    build([texts], Settings(data=tmp_path / "twin"))
    one, other = DataFolder(known.data), DataFolder(tmp_path / "twin")
    sums = {f.manifest(f.release())["sha256"] for f in (one, other)}
    assert len(sums) == 1


def test_going_back_to_the_same_documents_gives_the_same_bytes(reader, texts, known):
    build([texts], known)
    build([texts / "1.txt"], known)
    build([texts], known)
    folder = DataFolder(known.data)
    first, second, third = (folder.manifest(r)["sha256"] for r in folder.releases())
    assert first == third != second


def test_other_graphs_stay(reader, texts, known):
    build([texts / "1.txt"], known)
    mine = ox.Quad(*(ox.NamedNode(f"urn:{x}") for x in "spog"))
    DataFolder(known.data).publish(lambda store: store.add(mine))
    build([texts], known)
    assert mine in DataFolder(known.data).open()


def test_what_cannot_be_read_is_named_and_the_rest_goes_on(reader, texts, known, tmp_path):
    (texts / "empty.txt").write_text(" \n")
    (texts / "binary.txt").write_bytes(bytes(range(256)) * 40)
    with (texts / "huge.txt").open("wb") as handle:
        handle.truncate(100_000_000)
    (texts / "picture.png").write_bytes(b"\x89PNG")
    told = Told()
    sources = [texts, texts / "picture.png", tmp_path / "missing", texts / "gone.txt"]
    done = build(sources, known, told)
    assert names(known) == ["1.txt", "2.txt", "3.txt"]
    reasons = " | ".join(done.skipped)
    for word in ("empty.txt", "binary.txt", "huge.txt", "picture.png", "missing", "gone.txt"):
        assert word in reasons
    assert list(done.skipped) == told.skipped
    assert all("\n" not in line for line in done.skipped)


def test_another_encoding_is_understood(reader, tmp_path, known):
    path = tmp_path / "latin.txt"
    path.write_bytes(PACT.format(n=1).replace("sign pact", "sígn páct").encode("latin-1"))
    assert build([path], known).skipped == ()


def test_nothing_readable_is_an_error_and_the_release_stays(reader, texts, known, tmp_path):
    build([texts], known)
    (tmp_path / "void").mkdir()
    for sources in ([tmp_path / "missing"], [tmp_path / "void"], []):
        with pytest.raises(InputError):
            build(sources, known)
    assert names(known) == ["1.txt", "2.txt", "3.txt"]
    assert len(DataFolder(known.data).releases()) == 1


def test_a_document_that_breaks_the_reader_is_skipped(reader, texts, known):
    reader.breaks_on = "2.txt"
    done = build([texts], known)
    assert names(known) == ["1.txt", "3.txt"]
    assert "RecursionError" in done.skipped[0]


def test_equal_texts_are_one_document(reader, texts, known):
    (texts / "copy.txt").write_text(PACT.format(n=1))
    assert build([texts], known).documents == 3


def test_a_stopped_build_goes_on_where_it_was(reader, texts, known):
    with pytest.raises(KeyboardInterrupt):
        build([texts], known, Told(stop_after=2))
    assert DataFolder(known.data).current() is None
    assert reader.read == ["1.txt", "2.txt"]
    build([texts], known)
    assert reader.read == ["1.txt", "2.txt", "3.txt"]
    assert len(names(known)) == 3


def test_a_damaged_cache_is_read_again(reader, texts, known):
    build([texts], known)
    for path in (known.data / "extractions").rglob("*.json"):
        path.write_text("{")
    assert build([texts], known, force=True).fresh == 3


def test_a_check_that_blocks_publishes_nothing(reader, texts, known, monkeypatch):
    build([texts / "1.txt"], known)
    bad = Report((Finding("quote", "it differs"), Finding("shape", "two", blocks=False)))
    monkeypatch.setattr(pipeline, "_check", lambda *_: bad)
    with pytest.raises(CheckFailed, match="it differs"):
        build([texts], known)
    assert names(known) == ["1.txt"]


def test_remarks_block_nothing_and_stand_in_the_report(reader, texts, known, monkeypatch):
    remark = Report((Finding("shape", "untidy", blocks=False),), ran=("shapes",))
    monkeypatch.setattr(pipeline, "_check", lambda *_: remark)
    build([texts], known)
    folder = DataFolder(known.data)
    assert folder.report(folder.release()) == remark


def test_a_locked_folder_is_an_error_at_once(reader, texts, known):
    folder = DataFolder(known.data)
    with folder.stage(), pytest.raises(LockedError, match="process"):
        build([texts], known)
    assert reader.read == []


def test_another_base_is_refused(reader, texts, known):
    build([texts], known)
    other = Settings(data=known.data, base="https://example.org/id/")
    with pytest.raises(DataFolderError, match="PACTGRAPH_BASE"):
        build([texts], other)


def test_rows_for_json(reader, texts):
    rows, skipped = extract([texts / "1.txt"], Settings())
    found = [json.loads(json.dumps(row)) for row in rows]
    assert skipped == []
    text = (texts / "1.txt").read_text()
    for row in found:
        at = row["evidence"]
        assert text[at["start"] : at["end"]] == at["quote"]
        assert row["doc"] == "1.txt"
    by = {row["predicate"]: row for row in found}
    assert by["pg:party"]["object"]["type"] == "pg:State"
    assert by["pg:eventDate"]["object"] == {"value": "2031-05-12", "datatype": "xsd:date"}
    assert by["pg:eventDate"]["date"] == "2031-05-12"
    assert by["rdf:type"]["object"]["iri"] == "https://w3id.org/pactgraph/ont#Agreement"
    assert by["rdf:type"]["object"]["type"] == "owl:Class"
    assert by["pg:status"]["object"]["label"] == "signed"
    assert by["pg:concerns"]["modality"] == "planned"
    assert by["pg:concerns"]["speaker"]["label"] == "Ann Orr"
    assert by["pg:concerns"]["date"] == "2031-05-14"
    assert by["pg:party"]["speaker"] is None


@pytest.mark.slow
def test_the_language_model_is_loaded_only_where_something_is_to_be_read(tmp_path):
    code = """
import sys
from pathlib import Path
from kg.pipeline import build
from kg.resources import samples_dir
from kg.settings import Settings
done = build(sorted(samples_dir().glob("*.txt"))[:2], Settings(data=Path(sys.argv[1])))
print(done.fresh, "spacy" in sys.modules)
"""
    said = [
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / "data")],
            capture_output=True, text=True, check=True, timeout=120,
        ).stdout.split()
        for _ in range(2)
    ]  # fmt: skip
    assert said == [["2", "True"], ["0", "False"]]


@pytest.mark.slow
def test_two_processes_read_what_one_reads():
    from kg.claim import Extractor
    from kg.read import read
    from kg.resources import samples_dir
    from kg.workers import outcomes

    documents = [read(path) for path in sorted(samples_dir().glob("*.txt"))[:10]]
    extractor = Extractor()
    one, two = (list(outcomes(extractor, documents, number)) for number in (1, 2))
    assert [document for document, _ in two] == documents
    assert two == one


@pytest.mark.slow
def test_the_samples_step_by_step_give_the_bytes_of_all_at_once(tmp_path, monkeypatch):
    """With the real extractor: added by threes, then halved, then whole again; and at once."""
    from kg.resources import samples_dir

    monkeypatch.setattr(pipeline, "_check", lambda *_: Report())
    files = sorted(samples_dir().glob("*.txt"))
    random.Random(3).shuffle(files)
    steps, once = Settings(data=tmp_path / "steps"), Settings(data=tmp_path / "once")
    for start in range(0, len(files), 3):
        build(files[start : start + 3], steps, keep=True)
    build(files[: len(files) // 2], steps)
    build(files, steps)
    once.data.mkdir()
    for name in ("register.jsonl", "extractions"):
        (once.data / name).symlink_to(steps.data / name)
    build(files, once)
    folders = [DataFolder(steps.data), DataFolder(once.data)]
    sums = {f.manifest(f.release())["sha256"] for f in folders}
    assert len(sums) == 1
