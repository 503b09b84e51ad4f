"""Near-duplicates: reprints are found, independent reports are not, and sources are counted so."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from kg import pipeline
from kg.copies import copies, fingerprint
from kg.model import Document, Span
from kg.release import DataFolder
from kg.settings import Settings
from kg.vocab import digest
from server import create_app

REPORT = (
    "Ghana and Finland signed an agreement on forest monitoring in Accra on Tuesday. The two"
    " countries will share satellite images and train rangers. The agreement was signed by the"
    " ministers of environment, who said that it would run for five years and could be extended."
    " A joint committee is to meet once a year, first in Helsinki in 2025.\n"
)
OTHER = (
    "A pact between Finland and Ghana is meant to keep an eye on forests from space. Ministers put"
    " their names to it in the Ghanaian capital this week; it covers pictures from satellites, and"
    " courses for those who guard the woods. It holds until 2029 unless both sides renew it, and a"
    " committee of the two governments will look after it.\n"
)


def document(text, name="a.txt", body=None):
    return Document(digest(text), name, text, body=body)


def grouped(texts, days=()):
    found = [document(text) for text in texts]
    issued = dict(zip((d.id for d in found), days, strict=False))
    prints = {d.id: fingerprint(d) for d in found}
    told = copies(prints, issued)
    names = {d.id: number for number, d in enumerate(found)}
    return {names[copy]: names[original] for copy, original in told.items()}


def test_a_reprint_is_a_copy_and_another_report_is_none():
    reprint = "By our staff\n\n" + REPORT.replace("Tuesday", "Tuesday, the ministry said")
    assert grouped([REPORT, reprint, OTHER], [dt.date(2024, 3, 5), dt.date(2024, 3, 6)]) == {1: 0}


def test_the_first_by_day_is_the_original_whatever_the_order():
    reprint = REPORT + "More in the next issue.\n"
    early, late = dt.date(2024, 3, 5), dt.date(2024, 3, 9)
    assert grouped([reprint, REPORT], [late, early]) == {0: 1}
    assert grouped([REPORT, reprint], [early, late]) == {1: 0}


def test_copies_of_copies_belong_together():
    texts = [REPORT + "".join(f"Line {k} was added by hand.\n" for k in range(n)) for n in range(4)]
    assert set(grouped(texts, [dt.date(2024, 3, n + 1) for n in range(4)]).values()) == {0}


def test_short_texts_are_never_copies():
    assert fingerprint(document("Ghana and Finland signed an agreement.")) == ()
    assert grouped(["Ghana signed.", "Ghana signed it."]) == {}


def test_only_the_body_counts():
    head = "date 2024-03-05 Another headline for every paper that prints it\n\n"
    text = head + REPORT
    assert fingerprint(document(text, body=Span(len(head), len(text)))) == fingerprint(
        document(REPORT)
    )


@pytest.mark.parametrize(("share", "alike"), [(0.02, True), (0.5, False)])
def test_the_share_of_changed_words_decides(share, alike):
    chance = random.Random(4)
    words = [f"word{chance.randrange(5000)}" for _ in range(600)]
    changed = [f"other{n}" if chance.random() < share else w for n, w in enumerate(words)]
    assert bool(grouped([" ".join(words), " ".join(changed)])) is alike


def test_sources_are_counted_without_copies(tmp_path):
    texts = {"one": REPORT, "two": "From the wire. " + REPORT, "three": OTHER}
    for number, (name, text) in enumerate(texts.items(), 5):
        (tmp_path / f"{name}.txt").write_text(f"date 2024-03-0{number} Forest pact\n\n{text}")
    known = Settings(data=tmp_path / "data")
    pipeline.build(sorted(tmp_path.glob("*.txt")), known)
    folder = DataFolder(known.data)
    rows = list(folder.query("SELECT ?a ?b { ?a <https://w3id.org/pactgraph/ont#copyOf> ?b }"))
    by_name = {d.name: folder.iris.doc(d.id) for d in folder.documents()}
    assert [(r["a"].value, r["b"].value) for r in rows] == [
        (by_name["two.txt"], by_name["one.txt"])
    ]
    app = create_app(known)
    try:
        client = app.test_client()
        page = client.get("/id/" + by_name["two.txt"].removeprefix(folder.iris.base))
        page = client.get(page.location) if page.location else page
        assert "Copy of" in page.text
        rows = [row for thing in parties(folder) for row in sources(client, thing)]
    finally:
        app.extensions["close"]()
    assert any(row["predicate"]["value"].endswith("party") for row in rows)
    assert any(int(r["documents"]["value"]) > int(r["sources"]["value"]) for r in rows)


def parties(folder):
    prefix = "PREFIX pg: <https://w3id.org/pactgraph/ont#>"
    rows = folder.query(f"{prefix} SELECT DISTINCT ?thing {{ ?thing pg:party ?state }}")
    return [row["thing"].value for row in rows]


def sources(client, thing):
    asked = {"thing": thing, "format": "json"}
    answer = client.get("/queries/independent-sources", query_string=asked)
    assert answer.status_code == 200
    return answer.json["results"]["bindings"]
