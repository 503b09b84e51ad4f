"""Outlines: what linking and judging see of a document is what the extraction says."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pyoxigraph as ox
import pytest

from kg import lift, pipeline
from kg.claim import Extractor
from kg.model import Amount, Document, Linked, Report, TimeRef
from kg.outline import Outline, outline, row, value_of
from kg.pipeline import build
from kg.release import DataFolder
from kg.settings import Settings
from kg.signals import Node
from kg.store import canonical_lines
from kg.vocab import PG, Iris, digest

IRIS = Iris("https://kg.example.org/id/")
TEXT = (
    "Kenya and Norway signed a fisheries agreement in Oslo on 3 May 2024. The deal, worth $20"
    " million, is meant to protect fish stocks, Kenyan minister Salim Mvurya said. Norway has not"
    " ratified it. A joint committee will meet next year.\n"
)
PACT = (
    "Kenya and Sri Lanka signed a pact on tea{when}, which growers in both countries welcomed."
    " The pact sets up a joint tea committee, which is to meet once a year in Colombo or Nairobi."
    " Traders had asked for it since the last harvest, when prices fell in both countries.\n"
)


@pytest.fixture(scope="module")
def found():
    return Extractor().extract(Document(digest(TEXT), "a.txt", TEXT, dt.date(2024, 5, 4)))


def test_an_outline_comes_back_as_it_was(found):
    made = outline(found)
    again = Outline.unpack(made.pack())
    assert again.pack() == made.pack()
    assert again.rows == made.rows
    assert again.fingerprint == found.fingerprint
    left_open = {"local", "issued"}  # the document tells these
    assert all(len(n) + len(left_open) == len(dataclasses.fields(Node)) for n in again.nodes)
    assert [node[0][0] for node in again.nodes] == [entity.key for entity in found.entities]


@pytest.mark.parametrize("data", [b"", b"{}", b"x\x9c", outline.__name__.encode()])
def test_damaged_bytes_are_an_error_that_readers_of_caches_know(data):
    with pytest.raises(ValueError, match=r".*"):
        Outline.unpack(data)


def test_rows_state_what_claims_state(found):
    names = {(found.doc, e.key): IRIS.entity("thing", digest(e.key)) for e in found.entities}
    linked = Linked(names, {})
    kinds = set()
    for claim in found.claims:
        known = row(claim)
        assert known.triple(found.doc, linked, IRIS) == ox.Triple(*lift.triple(claim, linked, IRIS))
        assert (known.id, known.modality) == (claim.id, claim.modality)
        kinds.add(known.object[0])
        if isinstance(claim.object, TimeRef):
            time = value_of(known.value)
            assert lift.time_iri(time, IRIS) == lift.time_iri(claim.object, IRIS)
        elif isinstance(claim.object, Amount):
            assert lift.amount_iri(value_of(known.value), IRIS) == lift.amount_iri(
                claim.object, IRIS
            )
    assert kinds >= {"key", "own", "node", "value"}


@pytest.mark.slow
def test_every_kind_of_change_gives_the_bytes_of_a_build_from_nothing(tmp_path, monkeypatch):
    """A report, another that dates it, a reprint, one that joins names, a removal, and back."""
    monkeypatch.setattr(pipeline, "_check", lambda *_: Report())  # it has tests of its own
    texts = tmp_path / "texts"
    texts.mkdir()

    def write(name: str, date: str, text: str) -> None:
        header = f"date {date} Tea pact\n\n" if date else ""
        (texts / f"{name}.txt").write_text(header + text)

    data = tmp_path / "data"
    counts = []

    def built() -> ox.Store:
        """Build on, and from nothing with the same register; return the store of the former."""
        release = build([texts], Settings(data=data)).release
        twin = tmp_path / f"twin{len(counts)}"
        twin.mkdir()
        (twin / "register.jsonl").write_bytes((data / "register.jsonl").read_bytes())
        build([texts], Settings(data=twin))
        one, other = DataFolder(data).open(release), DataFolder(twin).open()
        assert list(canonical_lines(one)) == list(canonical_lines(other))
        counts.append(len(one))
        return one

    def told(store: ox.Store, name: str) -> int:
        return sum(1 for _ in store.quads_for_pattern(None, ox.NamedNode(PG + name), None))

    write("open", "", PACT.format(when=" on Friday"))
    write("other", "2024-03-11", TEXT)
    assert told(built(), "resolvedWith") == 0
    write("dated", "2024-03-09", PACT.format(when=" on 8 March 2024").replace("Traders", "Firms"))
    assert told(built(), "resolvedWith") > 0, "another document gave the day"
    write("reprint", "2024-03-12", "From the wire. " + PACT.format(when=" on Friday"))
    assert told(built(), "copyOf") > 0, "the reprint is known as one"
    write("names", "2024-06-01", "The Fisheries Council of Norway and Kenya (FCNK) met in Oslo.\n")
    built()
    write("short", "2024-06-03", "The FCNK met again in Oslo on Monday, Norway said.\n")
    built()
    (texts / "dated.txt").unlink()
    built()
    (texts / "reprint.txt").unlink()  # it had a date, too
    assert told(built(), "resolvedWith") == 0
    assert len(set(counts)) == len(counts), "each step changed the graph"
