"""Who was there, who is bound and who spoke, in ways that name them late: invented texts."""

import pytest


def told(rows, predicate):
    """Return the objects of a predicate over what is done."""
    return {o for _, p, o, m in rows if p == predicate and m == "actual"}


@pytest.mark.parametrize(
    "end",
    [
        "Also present at the ceremony were Energy Minister Bo Mboya and Ambassador Eva Soto.",
        "Among those present were Energy Minister Bo Mboya and Ambassador Eva Soto.",
        "Present at the signing were Energy Minister Bo Mboya and Ambassador Eva Soto.",
    ],
)
def test_guests_may_be_named_behind_the_verb(read, end):
    rows, _ = read(f"Kenya and Peru signed the Lake Treaty in Lima. {end}")
    assert {"Bo Mboya", "Eva Soto"} <= told(rows, "pg:hasParticipant")


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        (
            "Mali, Chad and Niger met in June. On 3 May the three signed the Lake Treaty.",
            {"Mali", "Chad", "Niger"},
        ),
        ("Mali and Chad met in June. On 3 May the three signed the Lake Treaty.", set()),
        ("The Lake Treaty entered into force between Mali and Chad.", {"Mali", "Chad"}),
        ("Mali belongs to the Lake Forum.", set()),
    ],
)
def test_sides_are_told_by_number_and_by_force(read, text, parties):
    rows, _ = read(text)
    assert told(rows, "pg:party") == parties


def test_a_summit_brings_leaders_together(read):
    rows, _ = read("The summit in Lima brought together the presidents of Kenya and Uganda.")
    assert told(rows, "pg:hasParticipant") == {"Kenya", "Uganda"}


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        ("Energy Minister Bo Mboya promised that the port would open.", {"Bo Mboya"}),
        ("Kenya promised that the port would open.", set()),
        ("Kenya answered with sanctions.", set()),
        ("Energy Minister Bo Mboya spoke of surrender.", {"Bo Mboya"}),
        ("Neither the energy ministry nor Kenya commented on the treaty.", set()),
        ("Energy Minister Bo Mboya found the decision disappointing.", {"Bo Mboya"}),
    ],
)
def test_deeds_are_no_statements(read, text, speakers):
    rows, _ = read(text)
    assert told(rows, "pg:madeBy") == speakers
