"""Where names and descriptions end, which names are no bodies, and which class a noun gives."""

import hashlib

import pytest

from kg.claim import Extractor
from kg.model import Document, Span


@pytest.fixture(scope="module")
def extraction():
    extractor = Extractor()

    def run(text):
        ident = hashlib.sha256(text.encode()).hexdigest()[:16]
        return extractor.extract(Document(ident, "t.txt", text, body=Span(0, len(text))))

    return run


@pytest.fixture(scope="module")
def things(extraction):
    def run(text):
        found = extraction(text)
        labels = {e.key: e.label for e in found.entities}
        return {
            (c.object.value, labels[c.subject]) for c in found.claims if c.predicate == "rdf:type"
        }

    return run


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        (
            "The Memorandum of Understanding between the Ministry of Energy of Chile and the"
            " Department of Energy of the Philippines was signed on Monday.",
            "Memorandum of Understanding between the Ministry of Energy of Chile and the"
            " Department of Energy of the Philippines",
        ),
        (
            "A Letter of Intent between the Port of Bilbao and the Ministry of Transport of Namibia"
            " was signed.",
            "Letter of Intent between the Port of Bilbao and the Ministry of Transport of Namibia",
        ),
        (
            "The Agreement on Air Services between Kenya and Qatar and the Treaty on Extradition"
            " were signed.",
            "Agreement on Air Services between Kenya and Qatar",
        ),
        (
            "Mali signed an agreement with Turkey on drone maintenance.",
            "agreement with Turkey on drone maintenance",
        ),
        (
            "The 2014 accord between Benin and Togo on cattle routes was renewed.",
            "2014 accord between Benin and Togo on cattle routes",
        ),
        ("Ecuador signed a trade agreement with Oman on Friday.", "trade agreement"),
        (
            "The Agreement between the Cabinet of Ministers of Georgia and the Government of Peru"
            " on the joint use of the Chir reservoir was signed on Monday.",
            "Agreement between the Cabinet of Ministers of Georgia and the Government of Peru"
            " on the joint use of the Chir reservoir",
        ),
    ],
)
def test_the_end_of_the_name_of_an_agreement(things, text, thing):
    assert thing in {label for _, label in things(text)}


def test_sums_and_people_are_no_field_of_an_agreement(things):
    loan = "Togo signed a loan agreement over 40 million euros with the bank."
    assert "loan agreement" in {label for _, label in things(loan)}
    pact = "Oman signed a pact with Sani Diallo, head of the region, on Monday."
    assert "pact" in {label for _, label in things(pact)}


def test_bodies_inside_a_name_are_its_sides(extraction):
    found = extraction(
        "The Protocol on Cooperation between the National Commission for Culture and the Ministry"
        " of Culture of Serbia was signed."
    )
    labels = {e.key: e.label for e in found.entities}
    parties = {labels[c.object] for c in found.claims if c.predicate == "pg:party"}
    assert parties == {"National Commission for Culture", "Ministry of Culture of Serbia"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Oman and Peru agreed to work together in Veterinary Care and Livestock.", "Veterinary"),
        ("An accord was exchanged on Coastal Cleaning and Blue Growth.", "Coastal"),
    ],
)
def test_a_field_in_capitals_is_no_body(things, text, name):
    bodies = {"Organization", "PublicBody", "Company"}
    assert not [label for cls, label in things(text) if cls in bodies and name in label]


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("The Chamber of Senators passed the bill in Asunción.", "Chamber of Senators"),
        ("The Sudanese Armed Forces signed the truce.", "Sudanese Armed Forces"),
        ("The Border Patrol Division of Guyana took part.", "Border Patrol Division of Guyana"),
        ("The Vessel Traffic Unit signed the protocol.", "Vessel Traffic Unit"),
    ],
)
def test_a_public_body_by_its_noun(things, text, thing):
    assert ("PublicBody", thing) in things(text)


def test_the_chamber_of_commerce_keeps_its_name(things):
    text = "The Chamber of Commerce and Industry of Slovenia welcomed the deal."
    assert "Chamber of Commerce and Industry of Slovenia" in {n for _, n in things(text)}


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("British visitors may be turned back by Spain.", "British visitors"),
        ("Togo wants agreements with official creditors.", "official creditors"),
        ("Young Chadians will get visas.", "Young Chadians"),
        ("A salt trader urged Peru to open the border.", "salt trader"),
        ("Lawmakers back the pact.\n\nEstonian lawmakers passed it.", "Estonian lawmakers"),
    ],
)
def test_the_words_of_a_group(things, text, group):
    assert ("AgentGroup", group) in things(text)


def test_a_group_told_again_in_full_is_one_thing(things):
    found = things("Lawmakers back the pact.\n\nEstonian lawmakers passed it on Monday.")
    assert [n for c, n in found if c == "AgentGroup"] == ["Estonian lawmakers"]


def test_a_phrase_at_the_end_of_a_text_is_no_error(things):
    assert things("The ministers signed a memorandum of") is not None


@pytest.mark.parametrize(
    ("text", "cls", "thing"),
    [
        ('The programme "Green Schools" is funded by Austria.', "Programme", "Green Schools"),
        ('Latvia launched the "Baltic Tide" initiative.', "Programme", "Baltic Tide initiative"),
        ('The State Corporation "Suv Yoli" signed a contract.', "Company", "Suv Yoli"),
        ("The pact titled the 'Accord for Reconciliation' holds.", "Agreement", "Accord for"),
    ],
)
def test_a_name_between_quotation_marks(things, text, cls, thing):
    assert any(c == cls and n.startswith(thing) for c, n in things(text))


def test_quoted_words_that_are_no_name_stay_words(things):
    found = things('The programme "worth every cent" is funded by Austria.')
    assert not [n for _, n in found if "cent" in n]


@pytest.mark.parametrize(
    ("text", "firm"),
    [
        ("Orvane Solar Power Ltd. signed a deal with Oman.", "Orvane Solar Power Ltd."),
        ("The utility signed a contract with Ansvelt for the turbines.", "Ansvelt"),
        ("Simvar's shareholders must agree to it.", "Simvar"),
        ("Carmaker Pelistar signed a deal with Chile.", "Pelistar"),
    ],
)
def test_a_firm_by_what_stands_beside_it(things, text, firm):
    assert ("Company", firm) in things(text)


def test_what_a_paragraph_says_of_a_firm_holds_in_all(things):
    text = "The line will be built by Chavilco.\n\nChavilco, a Chinese builder, leads the group."
    assert ("Company", "Chavilco") in things(text)


def test_a_firm_called_by_its_first_word_is_the_same(things):
    found = things("Bendvik Ores Ltd signed the lease.\n\nBendvik will pay 3 million dollars.")
    assert [n for c, n in found if c == "Company"] == ["Bendvik Ores Ltd"]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("The bank approved a credit line of US$1.5 billion for Togo.", "credit line"),
        ("A $27 bln energy deal was signed by Iraq and Oman.", "energy deal"),
        (
            "Fiji and Oman signed an MoU on reef fish and a framework agreement on nurses.",
            "MoU on reef fish",
        ),
        (
            "The Implementing Arrangement under the Framework Agreement for Space Cooperation was"
            " signed.",
            "Framework Agreement for Space Cooperation",
        ),
        ("Oman and India agreed on a feasibility study for a sea cable.", "feasibility study"),
        ("The ministers signed 14 instruments in Lima.", "14 instruments"),
        ("Peru and Oman will establish new working groups on ports.", "working groups on ports"),
    ],
)
def test_the_label_of_a_described_thing(things, text, label):
    assert any(n == label or n.startswith(f"{label} for") for _, n in things(text))


def test_an_alliance_of_rebels_is_no_agreement(things):
    assert ("Agreement", "main rebel alliance") not in things("The main rebel alliance protested.")


def test_an_agreement_by_another_noun_is_the_same(things):
    found = things("Oman signed the Kelmar Agreement.\n\nThe Kelmar pact took effect in May.")
    assert [n for c, n in found if c == "Agreement"] == ["Kelmar Agreement"]


@pytest.mark.parametrize(
    ("text", "cls", "thing"),
    [
        (
            "Parliament adopted the Compact of Free Movement Amendments Act.",
            "Act",
            "Amendments Act",
        ),
        ("Mali and Togo signed the Kelmar Charter in May.", "Treaty", "Kelmar Charter"),
        ("The Reef Islands Interagency Group met.", "WorkingGroup", "Interagency Group"),
        ("The Congolese presidency said so on Monday.", "PublicBody", "Congolese presidency"),
        ("Sixty deputies of the ruling faction voted for it.", "AgentGroup", "deputies"),
        ("The U.S. Treasury Department for the Reef Levy set rules.", "PublicBody", "Department"),
    ],
)
def test_classes_by_the_noun_that_ends_a_name(things, text, cls, thing):
    assert any(c == cls and n.endswith(thing) for c, n in things(text))
