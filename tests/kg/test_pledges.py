"""Promises of sums, promises told by nouns, and duties that an instrument lays upon its parties."""

import pytest


def promises(read, text):
    """Return the obligors of each commitment of a text, by its name."""
    rows, _ = read(text)
    names = {s for s, p, o, _ in rows if p == "rdf:type" and o == "Commitment"}
    return {n: {o for s, p, o, _ in rows if s == n and p == "pg:obligor"} for n in names}


PACT = "Peru and Chile signed the Andean Fisheries Treaty. "


@pytest.mark.parametrize(
    ("text", "name", "who"),
    [
        ("Norway has pledged $5 million for wells in Mali.", "$5 million for wells", {"Norway"}),
        ("Norway pledged grants for the repair of dykes.", "grants for the repair", {"Norway"}),
        ("Japan's promise to build a clinic in Suva stands.", "build a clinic", {"Japan"}),
        ("Norway gave a pledge to train teachers.", "train teachers", {"Norway"}),
        ("Peru and Chile agreed not to raise duties.", "not raise duties", {"Peru", "Chile"}),
        ("Ghana is obliged to publish its figures.", "publish its figures", {"Ghana"}),
        (PACT + "The treaty obliges Peru to open two ports.", "open two ports", {"Peru"}),
        (PACT + "Each state undertakes to mark its buoys.", "mark its buoys", {"Peru", "Chile"}),
        (PACT + "Under Article 4 Peru shall come to Chile's aid.", "come to Chile's aid", {"Peru"}),
        ("The authorities have committed to cut fees by 2030.", "fees by 2030", {"authorities"}),
    ],
)
def test_promises_and_who_owes_them(read, text, name, who):
    found = promises(read, text)
    assert [v for k, v in found.items() if name in k] == [who]


@pytest.mark.parametrize(
    "text",
    [
        "Peru agreed to talk to Chile.",
        "Norway may pledge $5 million for wells.",
        "Norway refused to pledge $5 million for wells.",
        "The treaty requires talks.",
        "Chile wants a promise from Peru to open its ports.",
    ],
)
def test_talk_of_promises_is_no_promise(read, text):
    assert not promises(read, text)


def test_what_is_not_to_be_done_stays_whole(read):
    names = list(promises(read, "Peru and Chile agreed not to threaten or use force."))
    assert names == ["not threaten or use force"]


def test_who_is_supplied_is_no_thing_to_be_supplied(read):
    rows, _ = read("Jordan pledged to provide Egypt with 50 buses.")
    assert {o for _, p, o, _ in rows if p == "pg:deliverable"} == {"50 buses"}
    assert {o for _, p, o, _ in rows if p == "pg:beneficiary"} == {"Egypt"}


@pytest.mark.parametrize(
    ("text", "who", "what", "modality"),
    [
        ("Unions met. They want Fiji to act on it.", "Unions", "act on it", "desired"),
        ("Ana Lopez urged the World Bank to mediate.", "Ana Lopez", "mediate", "desired"),
        ("Peru and Chile insist on better recycling.", "Chile", "better recycling", "actual"),
    ],
)
def test_what_is_wanted(read, text, who, what, modality):
    rows, _ = read(text)
    assert (who, "pg:seeks", what, modality) in rows


def test_a_question_is_no_wish(read):
    rows, _ = read("Ana Lopez asked who could imagine a pact with Peru.")
    assert not [r for r in rows if r[1] == "pg:seeks"]
