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
        ("The fund is run under the programme Nova Escola Rural.", "Nova Escola Rural"),
        (
            "Chad and Fiji set up a fund for ports, roads and rail.",
            "fund for ports, roads and rail",
        ),
        ("Five MoUs were signed. An MoU was signed on tourism.", "MoU on tourism"),
        ("Chad joined the B. Harbour Programme.", "Harbour Programme"),
        ("The lithium project of the company Rio Tinto was approved.", "lithium project"),
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
        "The general condemned hostile acts as an act of war.",
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


@pytest.fixture(scope="module")
def relations(extractor):
    """Return the relations between the objects of a text, with the labels of their ends."""

    def run(text):
        ident = hashlib.sha256(text.encode()).hexdigest()[:16]
        extraction = extractor.extract(Document(ident, "t.txt", text, body=Span(0, len(text))))
        labels = {e.key: e.label for e in extraction.entities}
        return {
            (labels[c.subject], c.predicate, labels[c.object])
            for c in extraction.claims
            if isinstance(c.object, str) and c.subject in labels
        }

    return run


@pytest.mark.parametrize(
    ("text", "subject", "predicate", "base"),
    [
        (
            "The Porto Accord provides for a working group on tariffs.",
            "working group on tariffs",
            "pg:underFramework",
            "Porto Accord",
        ),
        (
            "The Reef Accord establishes a joint committee on anchovy.",
            "joint committee on anchovy",
            "pg:underFramework",
            "Reef Accord",
        ),
        (
            "The Coastal Rail Project forms part of the Green Corridors Initiative.",
            "Coastal Rail Project",
            "pg:underFramework",
            "Green Corridors Initiative",
        ),
        (
            "A memorandum on seeds was signed within the framework of the Lomas Dialogue.",
            "memorandum on seeds",
            "pg:underFramework",
            "Lomas Dialogue",
        ),
        (
            "The training programme is financed through the Blue Reef Fund.",
            "training programme",
            "pg:underFramework",
            "Blue Reef Fund",
        ),
        (
            "The pact on seeds was negotiated on the basis of the Kivu Convention.",
            "pact on seeds",
            "pg:inViewOf",
            "Kivu Convention",
        ),
        (
            "The memorandum builds on the cooperation agreement on batteries of 2022.",
            "memorandum",
            "pg:inViewOf",
            "cooperation agreement on batteries",
        ),
        (
            "The fund will be managed in equal parts by the World Bank and Togo.",
            "fund",
            "pg:carriedOutBy",
            "World Bank",
        ),
        (
            "The World Bank's Harbour Programme started in June.",
            "Harbour Programme",
            "pg:carriedOutBy",
            "World Bank",
        ),
        ("Chad passed a law on cotton in May.", "law on cotton", "pg:jurisdiction", "Chad"),
    ],
)
def test_what_things_were_made_under_and_by_whom(relations, text, subject, predicate, base):
    assert (subject, predicate, base) in relations(text)


@pytest.mark.parametrize(
    "text",
    [
        "The Porto Accord does not provide for a working group on tariffs.",
        "The Porto Accord and the Coastal Rail Project were praised.",
        "Ministers of Togo and Benin launched a training programme.",
    ],
)
def test_what_was_made_under_nothing(relations, text):
    assert not {p for _, p, _ in relations(text)} & {"pg:underFramework", "pg:carriedOutBy"}


@pytest.mark.parametrize(
    ("text", "owner", "words"),
    [
        (
            "Under the Reef Agreement, Japan will provide $50 million.",
            "Reef Agreement",
            "$50 million",
        ),
        (
            "The ports contract has a value of 3 billion dollars.",
            "ports contract",
            "3 billion dollars",
        ),
        ("The Reef Agreement provides $50 million for quays.", "Reef Agreement", "$50 million"),
        ("The fishing deal is valued at $3 billion.", "fishing deal", "$3 billion"),
    ],
)
def test_whose_money_it_is(extractor, text, owner, words):
    ident = hashlib.sha256(text.encode()).hexdigest()[:16]
    extraction = extractor.extract(Document(ident, "t.txt", text, body=Span(0, len(text))))
    labels = {e.key: e.label for e in extraction.entities}
    sums = {
        (labels[c.subject], c.object.text) for c in extraction.claims if c.predicate == "pg:amount"
    }
    assert (owner, words) in sums
