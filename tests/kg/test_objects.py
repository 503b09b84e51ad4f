"""Policy objects: what they are called, where the name ends, and which mention is which thing."""

import hashlib

import pytest

from kg.claim import Extractor
from kg.model import Document, Span
from kg.vocab import is_a


@pytest.fixture(scope="module")
def extractor():
    return Extractor()


@pytest.fixture(scope="module")
def objects(extractor):
    """Return the classes and labels of the policy objects that a text's claims are about."""

    def run(text):
        ident = hashlib.sha256(text.encode()).hexdigest()[:16]
        extraction = extractor.extract(Document(ident, "t.txt", text, body=Span(0, len(text))))
        labels = {e.key: e.label for e in extraction.entities}
        return sorted(
            (c.object.value, labels[c.subject])
            for c in extraction.claims
            if c.predicate == "rdf:type" and is_a(c.object.value, "PolicyObject")
        )

    return run


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Oman and Iran agreed on a deal to swap prisoners.", "deal to swap prisoners"),
        ("Mali backs a long-standing deal with Chad on grazing.", "deal with Chad on grazing"),
        (
            "The Accord on Friendship and Trade between Fiji and Tonga was signed in May.",
            "Accord on Friendship and Trade between Fiji and Tonga",
        ),
        (
            "Chad and Niger signed an MoU on scientific exchange in Niamey.",
            "MoU on scientific exchange",
        ),
        (
            "Chad and Niger signed a Memorandum of Understanding (MoU) on border markets.",
            "Memorandum of Understanding on border markets",
        ),
        ("Sweden and Chile signed a letter of intent on lithium.", "letter of intent on lithium"),
        ("Germany and Kenya sealed a climate partnership in Berlin.", "climate partnership"),
        ("Mexico and Guatemala agreed to open a labour corridor.", "labour corridor"),
    ],
)
def test_where_a_name_ends(objects, text, expected):
    assert expected in [label for _, label in objects(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The Pact on Transit Trade and the Treaty on Extradition were signed by Nepal.",
            ["Pact on Transit Trade", "Treaty on Extradition"],
        ),
        (
            "The new agreement supersedes the 1971 convention and the 1984 protocol.",
            ["1971 convention", "1984 protocol"],
        ),
        (
            "Fiji signed an accord on tuna with Nauru. It also signed one on policing with Tonga.",
            ["accord on tuna", "one on policing with Tonga"],
        ),
        (
            "Peru ratified the fishing pact in May. A similar pact on forests was signed in June.",
            ["fishing pact", "pact on forests"],
        ),
        (
            "Benin signed a pact on cotton in May. The minister praised the pact.",
            ["pact on cotton"],
        ),
        (
            "Malta signed the Harbour Agreement, a treaty that took ten years to write.",
            ["Harbour Agreement"],
        ),
        ("Ghana and Togo signed a contract, a deal that both praised.", ["contract"]),
    ],
)
def test_which_mention_is_which_thing(objects, text, expected):
    assert [label for _, label in objects(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "No agreement was reached in the talks.",
        "The road is run as a public-private partnership.",
        "The two sides want to establish a lasting partnership.",
    ],
)
def test_what_is_no_thing_of_the_text(objects, text):
    assert objects(text) == []


def test_the_latter_is_the_second_of_two(extractor):
    text = (
        "Chile and Bolivia signed a water treaty and a trade agreement. "
        "The latter was ratified on 3 May 2024."
    )
    ident = hashlib.sha256(text.encode()).hexdigest()[:16]
    extraction = extractor.extract(Document(ident, "t.txt", text, body=Span(0, len(text))))
    labels = {e.key: e.label for e in extraction.entities}
    ratified = [
        labels[c.subject]
        for c in extraction.claims
        if c.predicate == "pg:status" and c.object.value == "ratified"
    ]
    assert ratified == ["trade agreement"]
