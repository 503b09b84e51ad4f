"""Releases: transactions, switching, rollback, and what is left after a crash."""

from __future__ import annotations

import datetime as dt
import threading

import pyoxigraph as ox
import pytest

from kg import disk, seal
from kg.errors import CheckFailed, DataFolderError, InputError, LockedError, UnknownName
from kg.keep import kept
from kg.model import Finding, Report
from kg.release import DataFolder, load_rdf
from kg.store import checksum

NODE = ox.NamedNode


def adding(*names):
    """Return a change that adds one statement for each name to a graph of the user's."""

    def change(store):
        store.extend(
            ox.Quad(NODE(f"urn:{n}"), NODE("urn:p"), NODE("urn:o"), NODE("urn:g")) for n in names
        )

    return change


def held(folder, release=None):
    """Return the names in a release."""
    rows = folder.open(release).quads_for_pattern(None, None, None, None)
    return sorted(quad.subject.value[4:] for quad in rows)


def test_nothing_is_published_at_first(folder):
    assert folder.current() is None
    assert folder.releases() == []
    with pytest.raises(DataFolderError, match="pactgraph build"):
        folder.open()


def test_each_change_makes_the_next_release_and_leaves_the_old_one(folder):
    first = folder.publish(adding("a"), "one")
    second = folder.publish(adding("b"), "two")
    assert (first.number, second.number) == (1, 2)
    assert folder.current() == second
    assert second.note == "two"
    assert held(folder) == ["a", "b"]
    assert held(folder, first) == ["a"]
    assert [r.number for r in folder.releases()] == [1, 2]
    assert second.counts["triples"] == second.counts["others"] == 2
    assert folder.manifest(second)["parent"] == 1


def test_a_change_that_fails_publishes_nothing(folder):
    folder.publish(adding("a"))

    def broken(store):
        adding("b")(store)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        folder.publish(broken)
    assert held(folder) == ["a"]
    assert [p.name for p in (folder.path / "releases").iterdir()] == ["000001"]
    assert folder.publish(adding("c")).number == 2


def test_a_gate_that_blocks_publishes_nothing_and_says_why(folder):
    folder.publish(adding("a"))
    bad = Report((Finding("quote", "the words are not there"),))
    with pytest.raises(CheckFailed, match="the words are not there"):
        folder.publish(adding("b"), gate=lambda store: bad)
    assert held(folder) == ["a"]
    fine = Report((Finding("label", "has none", blocks=False),), ran=("labels",))
    release = folder.publish(adding("b"), gate=lambda store: fine)
    assert folder.report(release) == fine


def test_rollback_switches_and_numbers_are_not_given_again(folder):
    for name in "abc":
        folder.publish(adding(name))
    assert folder.rollback(1).number == 1
    assert held(folder) == ["a"]
    assert folder.publish(adding("d")).number == 4
    assert held(folder) == ["a", "d"]
    assert folder.rollback(3).number == 3
    assert held(folder) == ["a", "b", "c"]
    with pytest.raises(UnknownName, match="pactgraph releases"):
        folder.rollback(9)


def test_a_published_store_is_opened_for_reading_only(folder):
    folder.publish(adding("a"))
    with pytest.raises(RuntimeError, match="read-write"):
        folder.open().add(ox.Quad(NODE("urn:x"), NODE("urn:p"), NODE("urn:o")))


def test_one_writes_at_a_time_and_the_message_names_the_process(folder):
    with folder.stage() as stage:
        adding("a")(stage.store)
        with pytest.raises(LockedError, match=r"process \d+ is writing"):
            folder.publish(adding("b"), wait=0)
        assert folder.is_busy()
    assert not folder.is_busy()
    assert folder.current() is None  # the stage was thrown away


def test_a_writer_waits_for_another(folder):
    started = threading.Event()

    def slow(store):
        started.set()
        adding("a")(store)

    thread = threading.Thread(target=folder.publish, args=(slow,))
    thread.start()
    started.wait()
    folder.publish(adding("b"), wait=10)
    thread.join()
    assert held(folder) == ["a", "b"]


def test_what_a_dead_writer_left_is_swept_and_never_listed(folder):
    folder.publish(adding("a"))
    releases = folder.path / "releases"
    (releases / ".stage-000002" / "store").mkdir(parents=True)
    (releases / "000002").mkdir()  # renamed into place, but `current` never led to it
    (releases / "000002" / "manifest.json").write_text("{}")
    assert [r.number for r in folder.releases()] == [1]
    with pytest.raises(UnknownName):
        folder.rollback(2)
    assert folder.publish(adding("b")).number == 2
    assert held(folder) == ["a", "b"]
    assert sorted(p.name for p in releases.iterdir()) == ["000001", "000002"]


def test_a_crash_after_the_switch_leaves_the_new_release(folder):
    folder.publish(adding("a"))
    folder.publish(adding("b"))
    (folder.place(2) / "published").unlink()  # as if the process ended before noting it
    assert [r.number for r in folder.releases()] == [1, 2]
    folder.publish(adding("c"))
    assert [r.number for r in folder.releases()] == [1, 2, 3]
    assert held(folder) == ["a", "b", "c"]


def test_a_newer_data_folder_is_refused(folder):
    folder.publish(adding("a"))
    (folder.path / "FORMAT").write_text("2\n")
    with pytest.raises(DataFolderError, match="update pactgraph"):
        DataFolder(folder.path)


def test_a_folder_of_something_else_is_refused(tmp_path):
    (tmp_path / "letters.txt").write_text("Dear")
    with pytest.raises(DataFolderError, match=r"letters\.txt"):
        DataFolder(tmp_path)
    with pytest.raises(DataFolderError, match="a file"):
        DataFolder(tmp_path / "letters.txt")


def test_damage_is_named(folder):
    folder.publish(adding("a"))
    folder.publish(adding("b"))
    (folder.place(2) / "manifest.json").write_text("{")
    with pytest.raises(DataFolderError, match="damaged"):
        folder.current()
    disk.remove(folder.place(2))
    with pytest.raises(DataFolderError, match="roll back"):
        folder.current()
    assert folder.rollback(1).number == 1
    assert held(folder) == ["a"]


def test_the_same_graph_has_the_same_checksum(tmp_path):
    def change(order):
        def fill(store):
            adding(*order)(store)
            store.update("INSERT DATA { GRAPH <urn:h> { _:x <urn:p> _:y . _:y <urn:p> 1 } }")

        return fill

    sums = []
    for i, order in enumerate(["abc", "cba"]):
        folder = DataFolder(tmp_path / str(i))
        sums.append(folder.manifest(folder.publish(change(order)))["sha256"])
    assert sums[0] == sums[1]
    folder.publish(adding("d"))
    assert folder.manifest(folder.current())["sha256"] != sums[0]


def test_an_unsealed_release_has_no_figures(folder):
    release = folder.publish(adding("a"), seal=False)
    assert release.counts == {}
    assert folder.manifest(release)["sha256"] == ""


def test_sealing_gives_a_release_its_figures_and_checking_holds_it_to_them(folder):
    release = folder.publish(adding("a", "b"), seal=False)
    sealed = folder.publish(adding("c"))
    assert seal.count(folder, release) == "2"
    assert seal.seal_all(folder) == 1
    assert seal.seal_all(folder) == 0
    release = folder.release(release.number)
    assert release.counts["triples"] == release.counts["others"] == 2
    assert folder.manifest(release)["sha256"] == checksum(folder.open(release))
    assert seal.verify(folder, release) == seal.verify(folder, sealed) == ()
    store = ox.Store(str(folder.store_path(sealed)))  # somebody writes past pactgraph
    adding("z")(store)
    store.flush()
    del store
    (finding,) = seal.verify(folder, sealed)
    assert finding.blocks
    assert "roll back" in finding.message


def test_load_rdf_of_any_format(folder, tmp_path):
    (tmp_path / "x.ttl").write_text("<urn:a> <urn:p> <urn:o> .")
    (tmp_path / "x.nq").write_text("<urn:b> <urn:p> <urn:o> <urn:g> .")
    load_rdf(folder, tmp_path / "x.ttl")
    load_rdf(folder, tmp_path / "x.nq")
    rows = folder.query("SELECT ?s { ?s <urn:p> ?o } ORDER BY ?s")
    assert [row["s"].value for row in rows] == ["urn:a", "urn:b"], "the union has both"
    (tmp_path / "bad.ttl").write_text("<urn:a> <urn:p> .")
    with pytest.raises(InputError, match=r"bad\.ttl.*line 1"):
        load_rdf(folder, tmp_path / "bad.ttl")
    with pytest.raises(InputError, match=r"\.xyz"):
        load_rdf(folder, tmp_path / "x.xyz")
    with pytest.raises(InputError, match="cannot be read"):
        load_rdf(folder, tmp_path / "none.ttl")
    assert folder.current().number == 2


NOW = dt.datetime(2031, 6, 1, 12, tzinfo=dt.UTC)


def test_the_last_releases_stay():
    old = (NOW - dt.timedelta(days=90)).isoformat()
    rows = [(n, old, "update") for n in range(1, 20)]
    assert kept(rows, NOW, 10) == set(range(10, 20))


def test_one_an_hour_one_a_day_and_every_build_stay():
    def at(number, kind="update", **age):
        return number, (NOW - dt.timedelta(**age)).isoformat(), kind

    rows = [
        at(1, "build", days=400),
        at(2, days=400),
        at(3, days=20, minutes=2),
        at(4, days=20),  # the newest of its day
        at(5, hours=3, minutes=20),
        at(6, hours=3, minutes=10),  # the newest of its hour
        at(7, minutes=1),
        at(8),
    ]
    assert kept(rows, NOW, 1) == {1, 4, 6, 8, 7}


def test_old_releases_go_with_their_documents(tmp_path, make_document):
    folder = DataFolder(tmp_path, keep=2)
    texts = [make_document(f"text {name}", f"{name}.txt") for name in "abcd"]
    for text in texts:
        with folder.stage() as stage:
            adding(text.name)(stage.store)
            folder.shelf.put(text)
            stage.publish("", documents=[text.id])
    assert [r.number for r in folder.releases()] == [3, 4], "all are of this hour"
    assert held(folder) == ["a.txt", "b.txt", "c.txt", "d.txt"]
    assert folder.document(texts[2].id) == texts[2]
    with pytest.raises(UnknownName):
        folder.document(texts[1].id)
