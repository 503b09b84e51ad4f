"""Fixtures of the extraction tests: texts in, claims as rows of words out."""

import datetime as dt
import hashlib

import pytest

from kg.claim import Extractor
from kg.model import Document, Span, TimeRef


@pytest.fixture(scope="session")
def extractor():
    return Extractor()


@pytest.fixture(scope="session")
def document():
    return _document


def _document(text, day=dt.date(2021, 6, 11)):
    ident = hashlib.sha256(text.encode()).hexdigest()[:16]
    return Document(ident, "test.txt", text, date=day, body=Span(0, len(text)))


@pytest.fixture(scope="session")
def read(extractor):
    def run(text, day=dt.date(2021, 6, 11)):
        extraction = extractor.extract(_document(text, day))
        names = {e.key: e.label for e in extraction.entities}
        rows = set()
        for claim in extraction.claims:
            obj = claim.object
            if isinstance(obj, str):
                shown = names[obj]
            elif isinstance(obj, TimeRef):
                shown = str(obj.day or obj.year or obj.text)
            else:
                shown = obj.value
            rows.add((names[claim.subject], claim.predicate, shown, claim.modality))
        return rows, extraction

    return run
