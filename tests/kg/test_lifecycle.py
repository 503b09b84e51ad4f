"""The life of agreements, and when: invented texts with claims they must and must not give."""

import datetime as dt

import pytest

from kg.spot import dates

PACT = "Andean Fisheries Treaty"


def said(rows, predicate, modality="actual"):
    """Return the objects of a predicate under one modality."""
    return {o for _, p, o, m in rows if p == predicate and m == modality}


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (f"The {PACT}, which Peru joined in 2009, lapsed on 3 May 2021.", "expired"),
        (f"Peru and Chile concluded the {PACT} in Lima on 3 May 2021.", "signed"),
        (f"Peru and Chile postponed the {PACT} in May.", "postponed"),
        (f"Chile called off the {PACT}.", "cancelled"),
        (f"Parliament gave its consent to the {PACT}.", "approved"),
        (f"The {PACT} became effective on 3 May 2021.", "in-force"),
    ],
)
def test_status(read, text, status):
    rows, _ = read(text)
    assert (PACT, "pg:status", status, "actual") in rows


@pytest.mark.parametrize(
    "text",
    [
        f"Peru and Chile concluded the {PACT} in principle in May.",
        f"The {PACT} ends in December.",
        f"The {PACT} needs ratification by the parliament of Peru.",
        f"Peru submitted the {PACT} to its parliament for ratification.",
        f"Peru's parliament rejected the {PACT}.",
        f"News.\n\nThe {PACT} takes effect only subject to approval by Peru's parliament.",
        f"The ministers put off the signing of the {PACT}.",
    ],
)
def test_what_is_not_yet_so(read, text):
    rows, _ = read(text)
    assert not said(rows, "pg:status") & {"signed", "ratified", "approved", "expired", "in-force"}
    assert not said(rows, "pg:ofParty")


def test_a_rejection_is_an_approval_that_was_not_given(read):
    rows, _ = read(f"Peru's Congress voted down the {PACT} on 3 May 2021.")
    assert said(rows, "pg:concerns", "negated") == {PACT}


def test_two_parties_ratify_twice(read):
    rows, extraction = read(
        f"Chile ratified the {PACT} on 2 March 2020.\n\nPeru ratified the {PACT} on 4 April 2021."
    )
    events = {e.key for e in extraction.entities if e.type == "Ratification"}
    assert len(events) == 2
    assert said(rows, "pg:ofParty") == {"Chile", "Peru"}


def test_what_one_refuses_another_may_do(read):
    rows, _ = read(f"Chile ratified the {PACT}. Peru has not ratified the {PACT}.")
    assert said(rows, "pg:ofParty") == {"Chile"}
    assert said(rows, "pg:ofParty", "negated") == {"Peru"}
    assert said(rows, "pg:status", "negated") == set()


def test_a_second_verb_in_the_passive_keeps_the_subject(read):
    rows, _ = read(f"The {PACT} expired on 3 May 2021 and was not renewed.")
    assert (PACT, "pg:status", "extended", "negated") in rows


def test_a_relative_clause_finds_the_agreement_around_its_noun(read):
    rows, _ = read(
        "It rests on a memorandum of understanding on tuna that Peru signed in May 2019."
    )
    assert said(rows, "pg:status") == {"signed"}


def test_how_long_is_not_when(read):
    rows, _ = read(f"The {PACT} was extended until 31 December 2025.")
    assert said(rows, "pg:status") == {"extended"}
    assert said(rows, "pg:eventDate") == set()


def test_the_day_of_a_resolution_is_not_the_day_of_what_rests_on_it(read):
    rows, _ = read("Peru launched the Andean Tuna Programme under a resolution of 5 March 2021.")
    assert said(rows, "pg:eventDate") == set()


@pytest.mark.parametrize(
    ("text", "past", "lo", "hi"),
    [
        ("in the autumn", False, "2023-09-01", "2023-11-30"),
        ("last autumn", True, "2022-09-01", "2022-11-30"),
        ("before the end of the year", False, "2023-01-01", "2023-12-31"),
        ("the second half of the year", False, "2023-07-01", "2023-12-31"),
        ("not later than December", False, "2023-12-01", "2023-12-31"),
        ("in early 2020", True, "2020-01-01", "2020-04-30"),
        ("over the weekend", True, "2023-03-04", "2023-03-05"),
        ("late next month", False, "2023-04-01", "2023-04-30"),
        ("by mid-year", False, "2023-06-01", "2023-06-30"),
        ("in mid-May", False, "2023-05-01", "2023-05-31"),
    ],
)
def test_times(text, past, lo, hi):
    (found,) = dates.find(text)
    time = dates.resolve(found, dt.date(2023, 3, 10), past)
    assert (str(time.earliest), str(time.latest)) == (lo, hi)


def test_a_winter_school_is_no_time():
    assert dates.find("in winter school") == []


def test_a_parliament_acts_itself(read):
    rows, _ = read(f"Peru's parliament ratified the {PACT} on 3 May 2021.")
    assert said(rows, "pg:ofParty") == {"parliament"}
    assert ("parliament", "pg:bodyOf", "Peru", "actual") in rows


def test_what_cannot_be_done_yet_tells_no_state(read):
    rows, _ = read(f"The {PACT} could not be suspended before a review, a lawyer said.")
    assert said(rows, "pg:status", "negated") == set()


def test_lawmakers_who_pass_a_bill_enact_it(read):
    rows, _ = read("Lawmakers in Chile passed the Mining Bill on 3 May 2021.")
    assert ("Mining Bill", "pg:status", "enacted", "actual") in rows
    assert said(rows, "pg:ofParty") == {"Lawmakers in Chile"}


def test_one_of_many_that_leaves_ends_no_treaty(read):
    rows, _ = read(
        "The European Union signed the Lima Climate Agreement in 2016. Peru withdrew from the"
        " agreement on 4 November 2020."
    )
    assert not [s for s, p, o, _ in rows if p == "pg:status" and o == "withdrawn"]
    rows, _ = read(
        "Peru and Chile signed a fish pact in 2016. Peru withdrew from the pact in 2020."
    )
    assert [s for s, p, o, _ in rows if p == "pg:status" and o == "withdrawn"]
