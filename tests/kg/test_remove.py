"""`pactgraph remove`: nothing of it stays, all else does, and it does not return."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import pipeline, purge, remove
from kg.about import explain
from kg.errors import InputError, UnknownName
from kg.pipeline import build, check_release
from kg.quarantine import Quarantine, Refusal
from kg.redact import BLOCK
from kg.release import DataFolder
from kg.settings import Settings
from kg.store import checksum
from kg.tombstones import Tombstones
from kg.vocab import Iris

IRIS = Iris()
FISH = """date 2031-05-14 Chile and Kenya sign fisheries pact
Chile and Kenya signed a fisheries agreement on 12 May 2031. Kenya's trade minister Zorana Quibell \
signed for Kenya. Quibell said a joint committee would meet next year.
"""
CABLE = """date 2031-05-20 Norway and Ghana agree on xylocables
Norway and Ghana signed a memorandum of understanding on xylocables in Oslo on 19 May 2031. The \
Xylocable Council of Ghana will watch over it.
"""
VISIT = """date 2031-06-02 Kenya's minister in Lima
Kenya's trade minister Zorana Quibell visited Peru on 1 June 2031. Peru and Kenya will sign a \
customs agreement in July, Quibell said.
"""
PLAIN = """date 2031-06-05 Peru and Chile sign tax treaty
Peru and Chile signed a tax treaty in Lima on 4 June 2031.
"""
WORDS = (b"xylocable", b"Xylocable")
NAME = (b"Quibell", b"quibell", b"Zorana", b"zorana")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with texts, and data of five releases: the third with a user's statement."""
    room = tmp_path_factory.mktemp("made")
    texts, known = room / "texts", Settings(data=room / "data")
    texts.mkdir()
    for name, text in (("fish", FISH), ("cable", CABLE), ("visit", VISIT), ("plain", PLAIN)):
        (texts / f"{name}.txt").write_text(text)
    few = [texts / f"{name}.txt" for name in ("fish", "visit", "plain")]
    build([texts / "plain.txt"], known)
    build([texts], known)
    folder = DataFolder(known.data)
    doc = IRIS.doc(ident(folder, "cable.txt"))
    folder.publish(lambda store: store.add(user(doc)))
    build(few, known)
    build([texts], known)
    (known.data / ".views").mkdir()
    folder.open(folder.release(2)).backup(str(known.data / ".views" / "000002-quotes"))
    Quarantine(known.data).note([Refusal("https://news.example/cable.txt", "gone")], ())
    return room


@pytest.fixture
def texts(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made / "texts", tmp_path / "texts"))


@pytest.fixture
def known(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data")


@pytest.fixture
def data(made: Path, texts: Path, known: Settings) -> DataFolder:
    shutil.copytree(made / "data", known.data, symlinks=True)
    return DataFolder(known.data)


def user(iri: str) -> ox.Quad:
    node = ox.NamedNode
    return ox.Quad(node(iri), node("urn:p"), ox.Literal("seen"), node("urn:mine"))


def ident(folder: DataFolder, name: str) -> str:
    (found,) = [d.id for d in folder.documents() if d.name == name]
    return found


def holding(folder: Path, words: tuple[bytes, ...]) -> list[str]:
    """Return the files of a folder that hold one of the words, byte for byte."""
    return [
        str(path.relative_to(folder))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and any(word in path.read_bytes() for word in words)
    ]


def carry_out(folder: DataFolder, what: str, known: Settings, **more: bool):
    found = remove.find(folder, what, known)
    return found, remove.remove(folder, found, "court order", known, **more)


def test_of_a_document_no_byte_stays(data, known):
    kept_sum = checksum(data.open(data.release(1)))
    doc = ident(data, "cable.txt")
    before = holding(known.data, WORDS)
    assert any("/store/" in name for name in before)
    assert any("releases/000004/store" in name for name in before)  # that release lacks it
    found, done = carry_out(data, "cable.txt", known)
    assert found.releases == (2, 3, 5)
    named = holding(known.data, (doc.encode(),))
    assert all("/store/" in name for name in named)  # what the user said of it
    assert holding(known.data, WORDS) == []
    # Outlines are packed: no search for words finds them, so that their names have to be gone.
    assert list(known.data.rglob(f"{doc}*")) == []
    assert list(known.data.rglob("*.outline.json"))
    assert [r.number for r in data.releases()] == [1, 4, 6]
    assert done.release.number == 6
    assert sorted(d.name for d in data.documents()) == ["fish.txt", "plain.txt", "visit.txt"]
    assert checksum(data.open(data.release(1))) == kept_sum
    assert Quarantine(known.data).all() == []
    assert check_release(data, data.release()).ok
    assert purge.unfinished(data) == []
    (line,) = (known.data / "tombstones.jsonl").read_text().splitlines()
    assert json.loads(line)["reason"] == "court order"
    assert "cable" not in line
    assert doc not in line


def test_the_graph_is_that_of_a_build_without_it(data, known, tmp_path, texts):
    carry_out(data, "cable.txt", known, also_user_graphs=True)
    (texts / "cable.txt").unlink()
    fresh = Settings(data=tmp_path / "fresh")
    build([texts], fresh)
    assert checksum(data.open()) == checksum(DataFolder(fresh.data).open())


def test_what_users_said_of_it_stays_and_is_counted(data, known):
    doc = IRIS.doc(ident(data, "cable.txt"))
    assert (user(doc)) in data.open()
    found, _ = carry_out(data, doc, known)
    assert found.user_statements == 1
    assert "1 statements in graphs of users" in "\n".join(found.lines())
    assert user(doc) in data.open()


def test_what_users_said_of_it_goes_where_asked(data, known):
    doc = IRIS.doc(ident(data, "cable.txt"))
    carry_out(data, doc, known, also_user_graphs=True)
    for release in data.releases():
        assert user(doc) not in data.open(release)


def test_a_removed_document_does_not_come_back(data, known, texts):
    carry_out(data, "cable.txt", known)
    done = build([texts], known)
    assert [message for message in done.skipped if "court order" in message]
    assert "cable.txt" not in {d.name for d in data.documents()}
    assert holding(known.data, WORDS) == []
    data.rollback(1)
    with pytest.raises(InputError, match="1 skipped"):
        build([texts / "cable.txt"], known, keep=True)
    assert [d.name for d in data.documents()] == ["plain.txt"]


def test_of_a_person_no_byte_stays_and_offsets_hold(data, known):
    old = {d.name: d for d in data.documents()}
    assert holding(known.data, NAME)
    found, done = carry_out(data, "Zorana Quibell", known)
    assert {d.name for d in found.documents} == {"fish.txt", "visit.txt"}
    assert holding(known.data, NAME) == []
    assert done.documents == 4
    new = {d.name: d for d in data.documents()}
    assert new["plain.txt"] == old["plain.txt"]
    fish = new["fish.txt"]
    assert fish.text == old["fish.txt"].text.replace("Zorana Quibell", BLOCK * 14).replace(
        "Quibell", BLOCK * 7
    )
    assert (fish.date, fish.title) == (old["fish.txt"].date, old["fish.txt"].title)
    assert check_release(data, data.release()).ok
    assert not [g for g in data.open().named_graphs() if old["fish.txt"].id in g.value]
    facts = "ASK { GRAPH ?g { ?a pg:party ?k } }"
    assert bool(data.query("PREFIX pg: <https://w3id.org/pactgraph/ont#> " + facts))


def test_a_person_does_not_come_back(data, known, texts, tmp_path):
    carry_out(data, "id:person/zorana-quibell", known)
    before = data.document_ids()
    done = build([texts], known)
    assert (done.skipped, data.document_ids()) == ((), before)
    more = tmp_path / "zorana_quibell.txt"
    more.write_text(
        "date 2031-07-01 Talks in Quito\nZorana QUIBELL met ministers of Ecuador in Quito on 30"
        " June 2031. Ecuador and Kenya signed a visa agreement, Quibell said.\n"
    )
    build([more], known, keep=True)
    assert holding(known.data, NAME) == []
    (new,) = [d for d in data.documents() if d.title == "Talks in Quito"]
    assert new.name == f"{BLOCK * 14}.txt"
    assert f"{BLOCK * 14} met ministers" in new.text
    assert "Ecuador and Kenya signed a visa agreement, ███████ said." in new.text
    assert check_release(data, data.release()).ok


def test_addresses_of_what_stays_stay(data, known):
    def things(folder):
        rows = folder.query(
            "SELECT ?s { GRAPH ?g { ?s a <https://w3id.org/pactgraph/ont#Agreement> } }"
        )
        return {row["s"].value for row in rows}

    before = things(data)
    assert len(before) > 1
    carry_out(data, "Zorana Quibell", known)
    assert things(data) == before


def test_reprints_are_named_since_they_stay(known, tmp_path):
    places = []
    for name in ("first", "second"):
        places.append(tmp_path / f"{name}.txt")
        places[-1].write_text(f"{CABLE}Nothing else was said of it in the {name} of the papers.\n")
    build(places, known)
    folder = DataFolder(known.data)
    lines = "\n".join(remove.find(folder, "first.txt", known).lines())
    assert f"reprints of it stay, name them one by one: {ident(folder, 'second.txt')}" in lines


def test_a_view_made_meanwhile_counts_as_unfinished(data, known):
    carry_out(data, "cable.txt", known)
    data.open().backup(str(known.data / ".views" / "000005-quotes"))
    assert purge.unfinished(data) == ["the public view 000005-quotes"]
    pipeline.clear(known)
    assert purge.unfinished(data) == []


def test_the_last_document_can_go(texts, known):
    build([texts / "cable.txt"], known)
    folder = DataFolder(known.data)
    _, done = carry_out(folder, "cable.txt", known)
    assert done.documents == 0
    assert folder.document_ids() == []
    assert holding(known.data, WORDS) == []
    build([texts / "plain.txt"], known, keep=True)
    assert len(folder.document_ids()) == 1


def test_a_thing_is_explained_by_the_names_that_became_it(data, known):
    iri = "id:person/zorana-quibell"
    told = "\n".join(explain(data, [iri], known))
    assert told.startswith("Zorana Quibell  [Person]")
    for doc in ("fish.txt", "visit.txt"):
        assert ident(data, doc) in told
    assert told.count("because the same name") == 1
    with pytest.raises(UnknownName, match="no document names"):
        list(explain(data, ["id:person/nobody"], known))


def test_an_editor_s_file_counts_at_the_next_build(data, known, texts):
    doc = ident(data, "visit.txt")
    (known.data / "curation.yaml").write_text(
        f"keep apart:\n- address: id:person/zorana-quibell\n  document: {doc}\n"
        "same as:\n- [id:person/zorana-quibell, id:person/nobody]\n"
    )
    done = build([texts], known)
    assert [f.message for f in done.report.findings if f.check == "curation"]
    other = f"id:person/zorana-quibell-{doc[:8]}"
    assert "an editor keeps it apart" in "\n".join(explain(data, [other], known))
    assert data.manifest(done.release)["inputs"]["curation_sha256"]
    assert "curation.yaml names it" in "\n".join(remove.find(data, other, known).lines())
    (known.data / "curation.yaml").unlink()
    build([texts], known)
    with pytest.raises(UnknownName):
        list(explain(data, [other], known))


def test_names_that_mean_nothing_or_too_much(data, known, texts, tmp_path):
    for name in ("nobody", "id:person/nobody", "0123456789abcdef", ""):
        with pytest.raises(UnknownName):
            remove.find(data, name, known)
    double = tmp_path / "other" / "plain.txt"
    double.parent.mkdir()
    double.write_text(PLAIN.replace("treaty", "pact"))
    build([double], known, keep=True)
    with pytest.raises(UnknownName, match="give one of the ids"):
        remove.find(data, "plain.txt", known)
    with pytest.raises(InputError, match="--reason"):
        remove.remove(data, remove.find(data, "cable.txt", known), " ", known)


def test_a_failure_in_the_middle_is_finished_by_the_next_build(data, known, texts, monkeypatch):
    def broken(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(pipeline, "purge", broken)
    with pytest.raises(OSError, match="disk full"):
        carry_out(data, "cable.txt", known)
    monkeypatch.undo()
    assert holding(known.data, WORDS)
    report = check_release(data, data.release())
    assert [f.message for f in report.findings if f.check == "removal"]
    assert not report.ok
    build([texts / "plain.txt"], known)
    assert holding(known.data, WORDS) == []
    assert purge.unfinished(data) == []


def test_a_tombstone_line_cut_by_a_crash_is_none(data, known):
    carry_out(data, "cable.txt", known)
    path = known.data / "tombstones.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"kind": "doc')
    assert len(Tombstones.load(known.data)) == 1
    carry_out(data, "plain.txt", known)
    assert path.read_bytes().startswith(whole)
    assert len(Tombstones.load(known.data)) == 2


TURNS = 20 if os.environ.get("PACTGRAPH_SOAK") else 4  # the first one is not killed
KILLED = """
import sys
from kg import remove
from kg.release import DataFolder
from kg.settings import Settings
known = Settings(data=sys.argv[1])
folder = DataFolder(known.data)
found = remove.find(folder, sys.argv[2], known)
print("ready", flush=True)
remove.remove(folder, found, "court order", known)
print("done", flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize(("what", "words"), [("cable.txt", WORDS), ("Zorana Quibell", NAME)])
def test_killed_at_any_moment_it_has_done_nothing_or_can_be_finished(
    data, known, what, words, tmp_path
):
    first = tmp_path / "first"
    shutil.copytree(known.data, first, symlinks=True)
    window, outcomes = 0.0, set()
    for turn in range(TURNS):
        shutil.rmtree(known.data)
        shutil.copytree(first, known.data, symlinks=True)
        command = [sys.executable, "-c", KILLED, str(known.data), what]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout.readline() == "ready\n"
            began = time.monotonic()
            if turn == 0:
                process.wait()
                window = time.monotonic() - began
            else:
                time.sleep(window * turn / (TURNS - 1))
                os.kill(process.pid, signal.SIGKILL)
                process.wait()
        folder = DataFolder(known.data)
        folder.open()
        stones = Tombstones.load(known.data)
        outcomes.add((bool(stones), bool(holding(known.data, words))))
        if not stones:
            assert len(folder.document_ids()) == 4
            continue
        pipeline.clear(known)
        assert holding(known.data, words) == []
        assert purge.unfinished(folder) == []
        assert check_release(folder, folder.release()).ok
    assert (True, False) in outcomes
