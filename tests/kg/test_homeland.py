"""Whose offices, ministries and groups are where the words beside them do not say."""

import pytest


def whose(rows, predicate):
    """Return subject → object of a predicate, over done things."""
    return {s: o for s, p, o, m in rows if p == predicate and m == "actual"}


@pytest.mark.parametrize(
    ("text", "predicate", "states"),
    [
        (
            "LUSAKA, May 3 - Energy Minister Ruth Banda will fly to Oslo, the capital of Norway."
            " Zambia wants the dam. Zambia has time.",
            "pg:officeOfState",
            {"Zambia"},
        ),
        (
            "LIMA, May 3 - Peru will buy ferries. The transport ministry said Peru could.",
            "pg:bodyOf",
            {"Peru"},
        ),
        (
            "LIMA, May 3 - Peru and Chile want a pact. Chile does. Trade Minister Eva Soto left.",
            "pg:officeOfState",
            set(),
        ),
        (
            "LIMA, May 3 - Kenya and Uganda want a pact. The trade ministry said so.",
            "pg:bodyOf",
            set(),
        ),
    ],
)
def test_a_ministry_is_of_the_state_that_the_text_speaks_from(read, text, predicate, states):
    rows, _ = read(text)
    assert set(whose(rows, predicate).values()) == states


@pytest.mark.parametrize(
    "text",
    [
        "The memorandum was signed by Minister of Energy of the Republic of Kenya Amos Cherono.",
        "Minister of Energy of the Republic of Kenya Amos Cherono signed the memorandum.",
        "The treaty was signed by Minister of Energy and Water of Kenya Amos Cherono and his"
        " Ugandan counterpart Ruth Okello.",
    ],
)
def test_the_state_of_an_office_is_no_given_name(read, text):
    rows, _ = read(text)
    signers = {o for _, p, o, _ in rows if p == "pg:signer"}
    assert "Amos Cherono" in signers
    assert "Kenya" in whose(rows, "pg:officeOfState").values()


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("Norwegian exporters welcomed the treaty.", {"Norway"}),
        ("Norwegian lawmakers approved the treaty.", {"Norway"}),
        ("Norwegian troops will leave under the treaty.", set()),
        ("The Norwegian delegation signed the treaty.", set()),
        ("Anglo American welcomed the treaty.", set()),
    ],
)
def test_firms_and_clubs_have_a_state_but_not_troops_and_envoys(read, text, states):
    rows, _ = read(text)
    assert set(whose(rows, "pg:associatedState").values()) == states
