"""Documents and extractions on disk: what is read back is what was stored, or it is said."""

from __future__ import annotations

import datetime as dt

import pytest

from kg.errors import DataFolderError, UnknownName
from kg.model import Amount, Claim, Evidence, Extraction, Span, TimeRef, Value
from kg.shelf import Shelf


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path)


@pytest.mark.parametrize(
    "text", ["plain\r\nlines\rof\n\nall kinds", "“ünï” 🚢 \u202e", "date 2031-01-02 x\ny"]
)
def test_a_document_comes_back_as_it_was(shelf, make_document, text):
    doc = make_document(text)
    shelf.put(doc)
    shelf.put(doc)
    assert shelf.document(doc.id) == doc


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "0123", "0123456789ABCDEF"])
def test_only_ids_name_documents(shelf, name):
    with pytest.raises(UnknownName):
        shelf.document(name)


def test_a_changed_text_is_noticed(shelf, tmp_path, make_document):
    doc = make_document()
    shelf.put(doc)
    (tmp_path / "documents" / f"{doc.id}.txt").write_text("other words")
    with pytest.raises(DataFolderError, match="damaged"):
        shelf.document(doc.id)


def test_an_extraction_comes_back_as_it_was(shelf, make_document, make_extraction):
    doc, found = make_document(), make_extraction()
    day, span = dt.date(2031, 1, 2), Span(3, 9)
    objects = [
        TimeRef(span, "then"),
        TimeRef(span, "then", day, None, "header"),
        Amount(span, "much"),
        Amount(span, "USD 3", "3", "USD"),
        Value("2031-01-02", "date"),
        "key",
    ]
    more = tuple(
        Claim(
            str(i), doc.id, "s", "pg:p", obj, "possible", (Evidence(doc.id, span, "q", True),), "r"
        )
        for i, obj in enumerate(objects)
    )
    found = Extraction(doc.id, found.entities, (), found.claims + more, found.sentences, ("n",))
    shelf.cache("v1", doc, found)
    assert shelf.cached("v1", doc) == found
    assert shelf.cached("v2", doc) is None


def test_a_damaged_or_outdated_cache_is_as_good_as_none(
    shelf, tmp_path, make_document, make_extraction
):
    doc = make_document()
    shelf.cache("v1", doc, make_extraction())
    dated = make_document(title="another")
    assert shelf.cached("v1", dated) is None, "an extraction depends on the headline"
    (tmp_path / "extractions" / "v1" / f"{doc.id}.json").write_text('{"origin":')
    assert shelf.cached("v1", doc) is None
