"""Extractions packed in memory: what is opened is what was packed, as often as wanted."""

from __future__ import annotations

import datetime as dt

from kg.claim import Extractor
from kg.model import Document
from kg.packed import Packed, Readings
from kg.vocab import digest

TEXT = (
    "Kenya and Norway signed a fisheries agreement in Oslo on 3 May 2024. The deal, worth $20"
    " million, is meant to protect fish stocks, Kenyan minister Salim Mvurya said.\n"
)


def extraction():
    return Extractor().extract(Document(digest(TEXT), "a.txt", TEXT, dt.date(2024, 5, 4)))


def test_what_is_opened_is_what_was_packed():
    found = extraction()
    assert found.claims
    assert found.mentions
    packed = Packed.of(found)
    assert packed.open() == found == packed.open()
    assert len(packed.data) < 12_000


def test_mentions_and_sentences_can_be_left_out():
    found = extraction()
    opened = Packed.of(found, whole=False).open()
    assert (opened.mentions, opened.sentences) == ((), ())
    assert (opened.claims, opened.entities) == (found.claims, found.entities)
    assert opened.fingerprint == found.fingerprint


def test_readings_are_a_sequence_that_can_be_gone_over_again():
    found = extraction()
    readings = Readings([Packed.of(found), Packed.of(found, whole=False)])
    assert len(readings) == 2
    assert list(readings) == list(readings) == [readings[0], readings[1]]
    assert list(readings[1:]) == [readings[1]]
