"""Unnamed groups and persons: which nouns are things of their own, and how they are called."""

import pytest


def groups(read, text):
    """Return the names of the unnamed groups that a text lists."""
    rows, _ = read(text)
    return {s for s, p, o, _ in rows if p == "rdf:type" and o in {"AgentGroup", "agent group"}}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Fiji signed with seven other nations.", {"seven other nations"}),
        ("More than a hundred countries joined.", {"More than a hundred countries"}),
        ("A stoker in Accra said so.", {"stoker in Accra"}),
        (
            "Talks went on, according to a person close to the cabinet.",
            {"person close to the cabinet"},
        ),
        ("Rights groups criticised the deal.", {"Rights groups"}),
        ("Peruvian anchovy fishermen fear the pact.", {"Peruvian anchovy fishermen"}),
        ("The scheme is open to nurses from Ghana and Togo.", {"nurses from Ghana and Togo"}),
        ("The plan helps young people in Lesotho.", {"young people in Lesotho"}),
        ("Kenyans and Ugandans will need no visa.", {"Kenyans", "Ugandans"}),
        ("Peruvian miners and Chilean weavers objected.", {"Peruvian miners", "Chilean weavers"}),
        ("A group of herders from Mali rejected it.", {"group of herders from Mali"}),
        ("Canada will take in 3,000 refugees from Sudan.", {"refugees from Sudan"}),
        ("Brewers' unions in Porto opposed the accord.", {"Brewers' unions in Porto"}),
        ("A weaver from Faro said that duties would fall.", {"weaver from Faro"}),
        ("One of its negotiators said the text was ready.", {"One of its negotiators"}),
        (
            "The trade ministers of the five countries met.",
            {"trade ministers of the five countries"},
        ),
        ("French troops left Chad.", {"French troops"}),
        ("The main opposition party said it would appeal.", {"main opposition party"}),
        ("A Thai delegation flew to Hanoi.", {"Thai delegation"}),
        ("Dutch and Belgian citizens may work there.", {"Dutch and Belgian citizens"}),
    ],
)
def test_unnamed_people_and_firms_are_listed(read, text, names):
    assert names <= groups(read, text)


@pytest.mark.parametrize(
    "text",
    [
        "No terrorists may be sent to Fiji.",
        "The two sides signed the Andean Fisheries Treaty.",
        "Presidents Ana Lopez and Juan Perez met in Lima. The two presidents talked.",
        "The parties shall meet.",
        "The minister told reporters that Peru had signed the Andean Fisheries Treaty.",
        "The presidents of Peru and Chile signed the Andean Fisheries Treaty.",
        "The envoys Ana Lopez and Juan Perez met in Lima.",
        "The pact will draw investors.",
        "The judges will hear the case.",
        "A statement said that the pact was ready.",
        "The three countries signed the Andean Fisheries Treaty.",
    ],
)
def test_sides_named_people_and_passing_nouns_are_no_groups(read, text):
    assert not groups(read, text)


def test_a_group_has_the_state_of_its_adjective_and_not_of_its_town(read):
    rows, _ = read("Chilean growers objected. Traders in London doubted it.")
    states = {(s, o) for s, p, o, _ in rows if p == "pg:associatedState"}
    assert states == {("Chilean growers", "Chile")}
