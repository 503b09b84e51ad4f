"""Meetings, talks, visits: who, where, when; invented texts and what they must (not) state."""

import pytest


def said(rows, predicate, modality="actual"):
    """Return the objects of a predicate under one modality."""
    return {o for _, p, o, m in rows if p == predicate and m == modality}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Peru and Chile signed a fisheries pact in Šamorín on Tuesday.", "Šamorín"),
        ("Peru and Chile signed a fisheries pact in the Danish port of Esbjerg.", "Esbjerg"),
        ("Peru and Chile signed a fisheries pact in the Nepalese capital.", "Nepalese capital"),
        ("Peru and Chile signed a fisheries pact at Sandringham Palace.", "Sandringham Palace"),
        ("In Accra, Peru and Chile launched a fisheries programme on Friday.", "Accra"),
        ("The ministers of Peru and Chile will meet at NATO headquarters.", "NATO headquarters"),
        ("The presidents of Peru and Chile met in Lima last week.", "Lima"),
    ],
)
def test_places_need_not_be_listed(read, text, place):
    rows, _ = read(text)
    assert place in said(rows, "pg:place") | said(rows, "pg:place", "planned")


@pytest.mark.parametrize(
    "text",
    [
        "Peru's ambassador in Washington, Ana Ruiz, and Chile's trade minister signed a pact.",
        "Peru and Chile signed a contract for two reactors at Dukovany.",
        "Peru and Chile signed a pact on drilling in the Caspian Sea.",
    ],
)
def test_a_town_of_something_else_is_no_place_of_the_event(read, text):
    rows, _ = read(text)
    assert not said(rows, "pg:place")
