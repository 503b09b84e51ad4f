"""Promises, wishes, effects and bases: who owes, wants, gains, and what things rest on."""

import pytest


def pairs(rows, predicate):
    return {(s, o, m) for s, p, o, m in rows if p == predicate}


def test_promises_in_a_row_are_apart_and_have_their_parts(read):
    rows, _ = read(
        "Under the Oslo Fisheries Agreement, Norway pledged to hand over four patrol boats to"
        " Ghana, which it had built in Bergen, and to train 200 sailors."
    )
    assert pairs(rows, "pg:obligor") == {
        ("hand over four patrol boats", "Norway", "actual"),
        ("train 200 sailors", "Norway", "actual"),
    }
    assert ("hand over four patrol boats", "Ghana", "planned") in pairs(rows, "pg:beneficiary")
    assert ("hand over four patrol boats", "four patrol boats", "planned") in pairs(
        rows, "pg:deliverable"
    )
    assert {s for s, _, _ in pairs(rows, "pg:committedUnder")} == {
        "hand over four patrol boats",
        "train 200 sailors",
    }


def test_what_an_instrument_lays_upon_its_parties_is_a_promise(read):
    rows, _ = read("The two states signed a treaty. Peru shall protect the forests of the border.")
    assert ("protect the forests of the border", "Peru", "actual") in pairs(rows, "pg:obligor")


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("Peru wants to sell more grapes.", ("Peru", "sell more grapes", "actual")),
        ("Peru wanted Chile to lower its duties.", ("Peru", "lower its duties", "desired")),
        ("Peru urged Chile to lower its duties.", ("Peru", "lower its duties", "desired")),
        ("Peru called for lower duties.", ("Peru", "lower duties", "actual")),
        (
            "Peru is considering ways to lower duties.",
            ("Peru", "lower duties", "possible"),
        ),
    ],
)
def test_a_wish_is_actual_what_others_should_do_is_desired(read, text, wish):
    rows, _ = read(text)
    assert wish in pairs(rows, "pg:seeks")


def test_any_verb_may_tell_what_is_to_come_of_a_pact(read):
    rows, _ = read(
        "Peru and Chile signed a trade pact. The pact would shield growers from speculation and"
        " it will benefit small exporters of grapes."
    )
    effects = {(o, m) for _, p, o, m in rows if p == "pg:contributesTo"}
    assert ("shield growers from speculation", "expected") in effects
    gains = {(o, m) for _, p, o, m in rows if p == "pg:benefits"}
    assert ("small exporters of grapes", "expected") in gains


def test_what_a_preposition_qualifies_is_made_under_the_framework(read):
    rows, _ = read(
        "Kenya and Peru signed the Nairobi Trade Agreement. The pact builds on a memorandum on tea."
        " Under the Nairobi Trade Agreement, the two countries will set up a working group on"
        " coffee."
    )
    assert ("working group on coffee", "Nairobi Trade Agreement", "planned") in pairs(
        rows, "pg:underFramework"
    )
    assert [s for s, _, _ in pairs(rows, "pg:inViewOf")] == ["Nairobi Trade Agreement"]


def test_a_task_is_a_promise_that_others_have_to_keep(read):
    rows, _ = read(
        "Kenya and Peru signed a pact on tea. They tasked the Kenyan tea industry to prepare a"
        " report on prices."
    )
    assert any(p == "rdf:type" and o == "Tasking" for _, p, o, _ in rows)
    obligors = pairs(rows, "pg:obligor")
    assert {(s, o) for s, o, _ in obligors} == {
        ("prepare a report on prices", "Kenyan tea industry")
    }


def test_it_and_they_owe_what_the_last_sentence_was_about(read):
    rows, _ = read(
        "London and Port Louis signed a treaty. Britain thanked its partner. It also undertakes to"
        " provide a trust fund."
    )
    assert ("provide a trust fund", "United Kingdom", "actual") in pairs(rows, "pg:obligor")


def test_who_is_to_act_may_be_told_with_what_is_promised(read):
    rows, _ = read("The minister promised that Finland would use mines responsibly.")
    assert ("use mines responsibly", "Finland", "actual") in pairs(rows, "pg:obligor")


def test_purposes_that_hang_from_a_noun_are_aims(read):
    rows, _ = read("Peru will launch a programme to train border guards in Lima.")
    assert any(p == "pg:hasAim" and o.startswith("train border guards") for _, p, o, _ in rows)
