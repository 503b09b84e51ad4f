"""Sums of money and states of firms, groups and laws: what the words around them say."""

import pytest


def sums(extraction):
    labels = {e.key: e.label for e in extraction.entities}
    return {
        (labels[c.subject], c.object.text) for c in extraction.claims if c.predicate == "pg:amount"
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Norway gave a grant of 40 million euros to the port.",
         ("grant of 40 million euros", "40 million euros")),
        ("Peru and Chile signed an agreement worth $3 billion on tunnels.",
         ("agreement", "$3 billion")),
        ("Norway and Fiji signed a treaty in Suva. Norway will pay 5 million euros for a new quay.",
         ("treaty", "5 million euros")),
        ("Norway pledged to spend $2 million on a clinic.",
         ("spend $2 million on a clinic", "$2 million")),
    ],
)  # fmt: skip
def test_a_sum_belongs_to_what_it_is_for(read, text, told):
    _, extraction = read(text)
    found = sums(extraction)
    assert len(found) == 1
    label, amount = found.pop()
    assert amount == told[1]
    assert told[0] in label


def test_what_is_only_measured_in_money_is_no_sum_of_an_agreement(read):
    _, extraction = read(
        "Peru and Chile signed a trade agreement. Trade between them reached $9 billion in 2020."
    )
    assert not sums(extraction)


def test_what_is_paid_for_is_no_thing_of_its_own(read):
    _, extraction = read("Norway will provide 5 million euros for the training of nurses.")
    assert not sums(extraction)


def test_firms_groups_and_laws_have_the_states_that_stand_before_them(read):
    rows, _ = read(
        "Norwegian fishermen protested. Chile passed a law on copper in May. Activists from Peru"
        " met in Lima."
    )
    sides = {(s, o) for s, p, o, _ in rows if p == "pg:associatedState"}
    assert ("Norwegian fishermen", "Norway") in sides
    assert not any(s.startswith("Activists") for s, o in sides)  # where people live is not whose
    assert any(p == "pg:jurisdiction" and o == "Chile" for _, p, o, _ in rows)
