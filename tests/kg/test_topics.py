"""What agreements, talks and groups are about: concepts of the scheme, or the words of the text."""

import pytest

TOPICS = [
    ("Chile and Ghana signed an agreement on maritime security and the export of wheat.",
     {"maritime security", "wheat"}),
    ("Chile and Ghana signed a pact on cooperation in the fields of higher education, offshore wind"
     " and digital skills.", {"higher education", "offshore wind", "digital skills"}),
    ("The Agreement on Cooperation in the Field of Animal Health and Plant Protection was signed"
     " by Peru and Kenya.", {"animal health", "plant protection"}),
    ("Peru and Bolivia launched a joint working group on river pollution.", {"river pollution"}),
    ("Peru and Bolivia signed a nuclear energy deal.", {"nuclear energy"}),
    ("Peru and Bolivia signed a comprehensive framework agreement.", set()),
    ("Peru and Bolivia signed a pact. It covers the rights of workers, visas and gas supplies.",
     {"rights of workers", "visas", "gas supply"}),
    ("Peru and Bolivia signed an accord. It has chapters on e-commerce, labour and tin.",
     {"e-commerce", "employment", "tin"}),
    ("Peru and Bolivia signed 11 memoranda across a range of sectors, including energy and mining.",
     {"energy", "mining"}),
    ("Peru and Bolivia signed memoranda in health, education and sport.",
     {"health", "education", "sport"}),
    ("Peru and Bolivia signed a memorandum of understanding in the field of beekeeping.",
     {"beekeeping"}),
    ("The ministers of Peru and Bolivia met in Puno to discuss lithium and migration.",
     {"lithium", "migration"}),
    ("The talks in Puno covered a range of issues, among them lithium, migration and smuggling.",
     {"lithium", "migration", "smuggling"}),
    ("The Peru-Bolivia Health Cooperation Agreement was signed in Puno.", {"health"}),
    ("Peru and Bolivia inked a delayed $2 bln railway deal.", {"railways"}),
    ("Peru and Bolivia set up a drafting committee for the agreement.", set()),
    ("Peru and Bolivia held talks in Lima. The two sides failed to agree on state aid and wages.",
     {"state aid", "wages"}),
    ("Peru and Bolivia signed a pact that lowers tariffs on a third of all goods.", {"tariffs"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "fields"), TOPICS)
def test_every_field_of_a_list_is_a_topic_in_the_words_of_the_text(read, text, fields):
    rows, _ = read(text)
    assert {o for _, p, o, _ in rows if p == "pg:hasTopic"} == fields


def test_a_second_instrument_is_not_the_first(read):
    rows, _ = read(
        "Norway and Kenya signed the Oslo Trade Accord. It was welcomed by firms. The accord"
        " builds on a memorandum of understanding on fisheries."
    )
    about = {s for s, p, o, _ in rows if p == "pg:hasTopic" and o == "fisheries"}
    assert about
    assert "Oslo Trade Accord" not in about


def test_talks_on_issues_like_these_are_about_what_is_acted_on(read):
    rows, _ = read(
        "Kenya and Peru held talks in Lima. Both sides discussed issues such as coffee and ways to"
        " simplify customs procedures."
    )
    assert {o for _, p, o, _ in rows if p == "pg:hasTopic"} >= {"coffee", "customs procedures"}


def test_an_opportunity_that_is_looked_for_is_only_possible(read):
    rows, _ = read(
        "Kenya and Peru held talks in Lima. There are opportunities in wind power. The talks"
        " include exploring opportunities for joint ventures."
    )
    kinds = {(s, m) for s, p, o, m in rows if p == "rdf:type" and o == "Opportunity"}
    assert {m for _, m in kinds} == {"actual", "possible"}
    assert any(p == "pg:hasTopic" and o == "joint ventures" for _, p, o, _ in rows)


def test_the_list_behind_a_colon_names_the_fields(read):
    rows, _ = read(
        "Kenya and Peru signed a pact. It covers three areas: training of pilots; legal pathways"
        " for nurses; and water supply."
    )
    fields = {o for _, p, o, _ in rows if p == "pg:hasTopic"}
    assert {"training of pilots", "legal pathways", "water supply"} <= fields


def test_a_headline_gives_the_field_before_its_pact(read):
    rows, _ = read("Chad scraps defence pact with Paris\n\nChad ended the pact on Thursday.")
    assert any(p == "pg:hasTopic" and o == "defence" for _, p, o, _ in rows)


def test_lines_below_a_heading_are_fields_by_their_labels(read):
    rows, _ = read(
        "Peru and Bolivia signed a joint declaration in Puno.\n\nThree pillars\n\n"
        "• Jobs: better access to vocational training\n• Legal migration: more study permits\n"
        "• Beekeeping: hives for all\n"
    )
    about = {o for s, p, o, _ in rows if p == "pg:hasTopic"}
    assert {"job creation", "vocational training", "legal migration", "beekeeping"} <= about
