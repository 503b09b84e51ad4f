"""What a text calls things: names and their ends, people, bodies, and what later words mean."""

import hashlib

import pytest

from kg.claim import Extractor
from kg.model import Document, Span


@pytest.fixture(scope="module")
def extractor():
    return Extractor()


@pytest.fixture(scope="module")
def things(extractor):
    """Return the classes that a text's claims state, by label."""

    def run(text):
        ident = hashlib.sha256(text.encode()).hexdigest()[:16]
        extraction = extractor.extract(Document(ident, "t.txt", text, body=Span(0, len(text))))
        labels = {e.key: e.label for e in extraction.entities}
        return {
            (c.object.value, labels[c.subject])
            for c in extraction.claims
            if c.predicate == "rdf:type"
        }

    return run


@pytest.fixture(scope="module")
def meant(extractor):
    """Return the labels of what the last mention of a word in a text means."""

    def run(text, word):
        ident = hashlib.sha256(text.encode()).hexdigest()[:16]
        extraction = extractor.extract(Document(ident, "t.txt", text, body=Span(0, len(text))))
        labels = {e.key: e.label for e in extraction.entities}
        at = text.rindex(word)
        return {labels[m.entity] for m in extraction.mentions if m.span.start <= at < m.span.end}

    return run


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Kenya complained that a treaty on shared lakes was never applied.",
            ("Treaty", "treaty on shared lakes"),
        ),
        (
            "The pact would place two older transit accords under one roof.",
            ("Agreement", "two older transit accords"),
        ),
        (
            "Chile wants to keep the interim wine agreement with Norway that was signed in May.",
            ("Agreement", "interim wine agreement"),
        ),
        ("Ghana's parliament has yet to debate the bill.", ("PublicBody", "Ghana's parliament")),
    ],
)
def test_a_thing_described_only_in_lower_case_is_listed(things, text, expected):
    cls, label = expected
    assert any(c == cls and label.endswith(n) for c, n in things(text))


@pytest.mark.parametrize(
    "text",
    [
        "Kenya and Norway have not signed any agreement.",
        "The minister wants a modern deal.",
        "Without a deal the talks ended.",
    ],
)
def test_what_names_no_agreement_lists_none(things, text):
    assert not [row for row in things(text) if row[0] == "Agreement"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The treaty was praised by Jean-Luc Armand, president of Gabon.", "Jean-Luc Armand"),
        ("The deal was signed by Ursula von der Berg on Monday.", "Ursula von der Berg"),
        ("Tarek el-Hadidi, minister of energy of Egypt, signed the deal.", "Tarek el-Hadidi"),
    ],
)
def test_people_are_known_by_given_names_particles_and_titles(things, text, name):
    assert ("Person", name) in things(text)


def test_a_word_of_the_headline_is_no_person(things):
    found = things("Sixtieth round of talks ends\n\nKenya and Norway held talks in Oslo.")
    assert not [row for row in found if row[0] == "Person"]


def test_a_surname_before_the_full_name_is_that_person(things):
    found = things(
        "Ong signs pact in Oslo\n\nMinister Ong Mei Lin of Singapore signed a pact with Norway."
    )
    assert {n for c, n in found if c == "Person"} == {"Ong Mei Lin"}


def test_the_pact_means_the_main_one_and_not_the_one_it_builds_on(meant):
    text = (
        "Peru and Chile signed a fisheries agreement on Monday. It builds on the Lima Accord."
        " Parliament approved the deal."
    )
    assert meant(text, "deal") == {"fisheries agreement"}


def test_a_plural_means_the_agreements_just_named(meant):
    text = (
        "Peru signed the Coastal Waters Treaty with Chile. It also signed the Desert Railway Treaty"
        " with Bolivia. Congress must approve both treaties."
    )
    assert meant(text, "treaties") == {"Coastal Waters Treaty", "Desert Railway Treaty"}


@pytest.fixture(scope="module")
def claims(extractor):
    """Return subject, predicate and object of a text's claims, by label."""

    def run(text):
        ident = hashlib.sha256(text.encode()).hexdigest()[:16]
        extraction = extractor.extract(Document(ident, "t.txt", text, body=Span(0, len(text))))
        labels = {e.key: e.label for e in extraction.entities}
        return {
            (labels[c.subject], c.predicate.removeprefix("pg:"), labels[c.object])
            for c in extraction.claims
            if isinstance(c.object, str)
        }

    return run


def test_a_counterpart_holds_the_same_office_of_his_own_state(claims):
    found = claims(
        "The pact was signed by President Alain Berger of Gabon and his Kenyan counterpart,"
        " James Otieno, in Libreville."
    )
    assert ("James Otieno", "holdsOffice", "President of Kenya") in found


def test_a_shared_title_is_dealt_out_in_order(claims):
    found = claims(
        "The presidents of Peru, Chile and Brazil, Ana Rojas, Luis Soto and Jorge Prado, signed it."
    )
    assert {
        ("Ana Rojas", "holdsOffice", "President of Peru"),
        ("Luis Soto", "holdsOffice", "President of Chile"),
        ("Jorge Prado", "holdsOffice", "President of Brazil"),
    } <= found


def test_an_office_takes_its_state_from_whose(claims):
    found = claims("Spain, whose prime minister, Pedro Ruiz, backed the plan, signed the treaty.")
    assert ("Pedro Ruiz", "holdsOffice", "Prime Minister of Spain") in found


def test_unnamed_speakers_are_groups_and_not_their_state(claims):
    found = claims("Philippine officials said the treaty with Peru was signed on Monday.")
    assert "Philippine officials" in {o for _, p, o in found if p == "madeBy"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The deal was signed by the Dutch utility Veltra in Oslo.", ("Company", "Veltra")),
        (
            "The Coastal Fisheries Federation praised the treaty.",
            ("Organization", "Coastal Fisheries Federation"),
        ),
        ("Ghana's National Assembly passed the bill.", ("PublicBody", "National Assembly")),
    ],
)
def test_bodies_get_the_class_that_their_name_or_company_tells(things, text, expected):
    assert expected in things(text)


def test_a_short_form_means_the_body_named_before(meant):
    text = "The Kenya Ports Authority signed the pact. The Authority will build a quay."
    assert meant(text, "Authority") == {"Kenya Ports Authority"}


def test_the_state_of_a_body_or_firm_is_told_by_its_name_or_the_words_before(claims):
    found = claims(
        "The Ghana Ports Board and the Italian consultancy Tebra signed it."
        " Vietnam's Ministry of Health agreed."
    )
    assert {
        ("Ghana Ports Board", "bodyOf", "Ghana"),
        ("Tebra", "associatedState", "Italy"),
        ("Ministry of Health", "bodyOf", "Vietnam"),
    } <= found


def test_groups_are_listed_where_they_act(things):
    found = things("The treaty helps wheat farmers. Economists doubt it. It was sold to traders.")
    groups = {n for c, n in found if c == "AgentGroup"}
    assert groups == {"wheat farmers", "Economists"}


def test_its_minister_is_of_the_state_that_the_sentence_began_with(claims):
    found = claims("Belgium wants more; its foreign minister, Paul Lenaerts, met Peru's envoy.")
    assert ("Paul Lenaerts", "holdsOffice", "Foreign Minister of Belgium") in found


def test_a_title_without_a_field_repeats_none(claims):
    found = claims(
        "Swedish Justice Minister Gunnar Lind signed the treaty. Minister Gunnar Lind smiled."
    )
    assert {o for s, p, o in found if p == "holdsOffice"} == {"Justice Minister of Sweden"}


def test_a_protocol_or_loan_is_not_the_agreement_named_before(things):
    found = things(
        "Peru and Chile signed the Coastal Waters Agreement. A loan for the port was approved."
        " A protocol on fishing licences expired."
    )
    assert {("Agreement", "loan for the port"), ("Treaty", "protocol on fishing licences")} <= found


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Peru and Chile signed an agreement on ports in Oslo.", "agreement on ports"),
        ("Peru signed a contract for two mines in Lima.", "contract for two mines"),
        (
            "Peru and Chile signed an accord on fish worth 5 million euros.",
            "accord on fish",
        ),
    ],
)
def test_names_end_before_the_place_and_price_of_the_deed(things, text, label):
    assert label in {n for _, n in things(text)}


def test_titles_behind_names_stay_with_their_names(claims):
    found = claims(
        "Ana Rojas, president of Peru, Luis Soto, president of Chile, and Jorge Prado, the foreign"
        " minister and deputy prime minister of Brazil, signed the treaty."
    )
    assert {
        ("Ana Rojas", "holdsOffice", "President of Peru"),
        ("Luis Soto", "holdsOffice", "President of Chile"),
        ("Jorge Prado", "holdsOffice", "Foreign Minister of Brazil"),
        ("Jorge Prado", "holdsOffice", "Deputy Prime Minister of Brazil"),
    } <= found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Dino Armani, chief executive of India's Tamba Vidyut Nigam, signed.",
            ("Dino Armani", "holdsOffice", "Chief Executive"),
        ),
        (
            "Omar Faye, then president of the breakaway region of Somaliland, signed.",
            ("Omar Faye", "holdsOffice", "President of Somaliland"),
        ),
    ],
)
def test_an_office_ends_before_the_body_or_region_it_is_of(claims, text, expected):
    assert expected in claims(text)
