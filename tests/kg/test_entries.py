"""Lists of what was signed: each entry has the sides, the day and the place of all of them."""

import pytest


def told(rows, predicate):
    """Return (subject, object) of the claims with a predicate."""
    return {(s, o) for s, p, o, m in rows if p == predicate and m == "actual"}


VISIT = (
    "Peru and Kenya signed three agreements in Lima on 5 May 2023.\n\n{}\n\n"
    "{} Agreement on Cooperation in Fisheries\n\n"
    "{} Memorandum of Understanding between the Ministry of Health of Peru and the Kenyan Ministry"
    " of Health\n\n{} Joint Statement on Tourism\n\nBoth sides praised the results."
)


@pytest.mark.parametrize(
    "line",
    [
        "The agreements signed are as follows:",
        "List of agreements signed:",
        "The following documents were signed in the presence of the two presidents:",
        "On the results of the talks there were signed:",
    ],
)
@pytest.mark.parametrize("marks", [("1.", "2.", "3."), ("-", "-", "-"), ("•", "•", "•")])
def test_entries_below_a_line_are_signed_by_both(read, line, marks):
    rows, _ = read(VISIT.format(line, *marks))
    signed = {s for s, o in told(rows, "pg:status") if o == "signed"}
    pact, note = "Agreement on Cooperation in Fisheries", "Joint Statement on Tourism"
    assert {pact, note} <= signed
    assert any(s.startswith("Memorandum of Understanding between the Ministry") for s in signed)
    assert {(pact, "Peru"), (pact, "Kenya"), (note, "Kenya")} <= told(rows, "pg:party")
    assert (f"signing of the {pact}", "2023-05-05") in told(rows, "pg:eventDate")


def test_what_is_to_be_signed_is_not_shown_as_signed(read):
    rows, _ = read(
        "Peru and Kenya will sign the following agreements in Lima in May 2023:\n\n"
        "- Agreement on Cooperation in Fisheries\n\n- Agreement on Visas"
    )
    assert not [s for s, p, o, m in rows if p == "pg:status" and o == "signed"]
    assert ("Agreement on Visas", "Peru") not in told(rows, "pg:party")


@pytest.mark.parametrize(
    "text",
    [
        "Peru and Kenya signed two agreements on Monday: an Agreement on Visas and an Agreement on"
        " Fisheries.",
        "Peru and Kenya signed two agreements on Monday. The documents include an Agreement on"
        " Visas and an Agreement on Fisheries.",
    ],
)
def test_a_list_may_stand_in_a_sentence(read, text):
    rows, _ = read(text)
    pairs = {(f"Agreement on {f}", s) for f in ("Visas", "Fisheries") for s in ("Peru", "Kenya")}
    assert pairs <= told(rows, "pg:party")


def test_other_lists_sign_nothing(read):
    rows, _ = read(
        "Peru and Kenya signed three agreements on Monday.\n\nOther pacts that Chile wants:\n\n"
        "- Agreement on Visas\n\n- Agreement on Fisheries"
    )
    assert not [s for s, o in told(rows, "pg:party") if s == "Agreement on Visas"]


def test_a_claim_about_an_entry_leads_to_the_line_above_it_too(read):
    _, found = read("Peru and Kenya signed two pacts:\n\n- Agreement on Visas\n\n- Pact on Tea")
    claims = [c for c in found.claims if c.predicate == "pg:party" and len(c.evidence) > 1]
    assert claims
    assert {c.evidence[1].quote for c in claims} == {"Peru and Kenya signed two pacts:"}


def test_a_paragraph_may_end_with_the_kind_of_an_instrument(read):
    rows, _ = read("They signed a memorandum of understanding")
    assert rows


@pytest.mark.parametrize(
    ("name", "sides"),
    [
        ("EU-Mercosur Trade Agreement", {"European Union", "Mercosur"}),
        ("Peru-Chile Critical Minerals Action Plan", {"Peru", "Chile"}),
        ("Peru–EFTA Free Trade Agreement", {"Peru", "European Free Trade Association"}),
    ],
)
def test_blocs_in_a_name_are_parties(read, name, sides):
    rows, _ = read(f"The {name} was signed on Monday.")
    assert {o for s, o in told(rows, "pg:party") if s == name} == sides


def test_one_of_the_largest_deals_is_the_deal_spoken_of(read):
    rows, _ = read("The accord with Peru could become one of the largest trade deals ever signed.")
    assert {s for s, p, o, _ in rows if p == "rdf:type" and o == "Agreement"} == {"accord"}


def test_a_ministry_of_two_fields_is_one(read):
    rows, _ = read(
        "The Ministry of Mines and Energy of the Republic of Peru signed a pact with Chile."
    )
    bodies = {s for s, p, o, _ in rows if p == "rdf:type" and o == "PublicBody"}
    assert bodies == {"Ministry of Mines and Energy of the Republic of Peru"}


def test_a_field_in_a_headline_is_no_firm(read):
    rows, _ = read("Peru, Chile Advance Work On Critical Minerals")
    assert not [s for s, p, o, _ in rows if p == "rdf:type" and o == "Company"]


@pytest.mark.parametrize("second", ["the Government of Peru", "Peru"])
def test_a_side_may_stand_behind_words_about_the_first(read, second):
    rows, _ = read(f"Chevron, a member of the group, and {second} signed an agreement on gas.")
    assert {o for s, o in told(rows, "pg:party")} == {"Chevron", "Peru"}


def test_what_a_dash_brings_in_may_be_another_story(read):
    rows, _ = read(
        "Peru and Kenya signed two agreements on Monday - an accord on tax was not signed."
    )
    assert not [s for s, o in told(rows, "pg:status") if o == "signed" and "tax" in s]


@pytest.mark.parametrize(
    ("line", "modality"),
    [
        ("Agreements that may be signed by Peru and Kenya:", "possible"),
        ("Agreements not yet signed:", "negated"),
        ("The following agreements were not signed:", "negated"),
        ("Agreements to be signed by Peru and Kenya:", "planned"),
    ],
)
def test_a_list_of_what_is_not_done_is_not_shown_as_done(read, line, modality):
    rows, _ = read(f"{line}\n\n- Agreement on Visas\n\n- Agreement on Fisheries")
    assert not [s for s, o in told(rows, "pg:status") if o == "signed"]
    assert {m for s, p, o, m in rows if p == "pg:signingOf"} == {modality}
