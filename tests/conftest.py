"""A clean environment for every test, invented documents, and releases made by hand."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kg.model import Claim, Document, Entity, Evidence, Extraction, Span, TimeRef, Value
from kg.release import DataFolder
from kg.vocab import digest


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away every setting of the person who runs the tests."""
    for name in list(os.environ):
        if name.startswith("PACTGRAPH_") and name not in {"PACTGRAPH_SHARED", "PACTGRAPH_SOAK"}:
            monkeypatch.delenv(name)


TEXT = (
    "date 2031-05-14 Aldoria and Belmora sign fisheries pact\n"
    "Aldoria and Belmora signed a fisheries agreement on 12 May 2031. "
    "Minister Ann Orr said a joint committee would meet next year.\n"
)


def document(text: str = TEXT, name: str = "pact.txt") -> Document:
    """Return a document as the reader makes it of a text with a date header."""
    ident = hashlib.sha256(text.encode()).hexdigest()[:16]
    day = dt.date.fromisoformat(text[5:15]) if text.startswith("date ") else None
    return Document(
        ident,
        name,
        text,
        date=day,
        date_span=Span(5, 15) if day else None,
        date_source="header" if day else "",
        title=text.partition("\n")[0][16:] if day else "",
        body=Span(text.find("\n") + 1, len(text)),
    )


def extraction(doc: Document | None = None) -> Extraction:
    """Return what a reader might find in `TEXT`: one actual pact, one planned meeting."""
    doc = doc or document()
    lead = _sentence(doc, "Aldoria and Belmora signed")
    said = _sentence(doc, "Minister Ann Orr")
    day = dt.date(2031, 5, 12)
    when = TimeRef(_span(doc, "12 May 2031"), "12 May 2031", day, day)

    def claim(s: str, p: str, o: str | Value | TimeRef, at: Evidence, **more: object) -> Claim:
        given = {"modality": "actual", "rule": "test"} | more
        ident = digest(doc.id, s, p, o, given["modality"])
        return Claim(ident, doc.id, s, p, o, evidence=(at,), **given)  # type: ignore[arg-type]

    return Extraction(
        doc.id,
        entities=(
            Entity("doc", "NewsArticle", doc.title),
            Entity("a", "State", "Aldoria", ("Aldoria",), {"iso": "AX"}),
            Entity("b", "State", "Belmora"),
            Entity("pact", "Agreement", "fisheries agreement", ("fisheries pact",)),
            Entity("orr", "Person", "Ann Orr"),
            Entity("sign", "Signing", "signing of the fisheries agreement"),
            Entity("meet", "Meeting", "meeting of the joint committee"),
        ),
        claims=(
            claim("pact", "pg:party", "a", lead),
            claim("pact", "pg:party", "b", lead),
            claim("pact", "rdf:type", Value("Agreement", "class"), lead),
            claim("pact", "pg:status", Value("signed", "status"), lead, as_of=day),
            claim("sign", "pg:signingOf", "pact", lead),
            claim("sign", "pg:eventDate", when, lead),
            claim(
                "meet", "pg:concerns", "pact", said, modality="planned", speaker="orr",
                statement_date=dt.date(2031, 5, 14),
            ),
        ),
        sentences=(lead.span, said.span),
    )  # fmt: skip


def _sentence(doc: Document, start: str) -> Evidence:
    at = doc.text.index(start)
    span = Span(at, doc.text.index(".", at) + 1)
    return Evidence(doc.id, span, doc.text[span.start : span.end])


def _span(doc: Document, words: str) -> Span:
    at = doc.text.index(words)
    return Span(at, at + len(words))


@pytest.fixture
def make_document() -> Callable[..., Document]:
    """Return a maker of documents: `make_document(text, name, title=…)`."""

    def make(text: str = TEXT, name: str = "pact.txt", **more: object) -> Document:
        return replace(document(text, name), **more)  # type: ignore[arg-type]

    return make


@pytest.fixture
def make_extraction() -> Callable[..., Extraction]:
    """Return a maker of the extraction of a document like `TEXT`."""
    return extraction


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """A data folder without releases."""
    return DataFolder(tmp_path / "data")
