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


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("President Ana Ruiz paid a visit to Chile on 3 May.", {"Ana Ruiz"}),
        ("President Ana Ruiz spoke by phone with President Jan Kos.", {"Ana Ruiz", "Jan Kos"}),
        ("President Ana Ruiz had a meeting with President Jan Kos.", {"Ana Ruiz", "Jan Kos"}),
        ("Iran and Oman started talks on gas in early 2021.", {"Iran", "Oman"}),
        ("Talks between Serbia and Kosovo broke off on Thursday.", {"Serbia", "Kosovo"}),
        ("The Doha round brought no peace. Peru suspended talks with Chile.", {"Peru", "Chile"}),
        ("President Ana Ruiz said she would travel to Oslo.", {"Ana Ruiz"}),
        (
            "The presidents of Peru and Chile met in Lima. The meeting was attended by the"
            " president of the African Development Bank, Akinwumi Adesina.",
            {"Peru", "Chile", "Akinwumi Adesina"},
        ),
        (
            "The talks were held in Lima on 2 May, co-chaired by Ana Ruiz and Piet Visser.",
            {"Ana Ruiz", "Piet Visser"},
        ),
        (
            "President Ana Ruiz visited Chile. She was accompanied by Foreign Minister Jan Kos.",
            {"Ana Ruiz", "Jan Kos"},
        ),
        ("The host, President Ana Ruiz, received President Jan Kos.", {"Ana Ruiz", "Jan Kos"}),
    ],
)
def test_who_takes_part(read, text, people):
    rows, _ = read(text)
    every = {o for _, p, o, _ in rows if p == "pg:hasParticipant"}
    assert every == people


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Peru left the Lima Pact on Friday, a day after Chile had ratified the Kos Treaty.", "10"),
        ("Peru left the Lima Pact on Friday, hours after Chile had ratified the Kos Treaty.", "11"),
        ("Peru left the Lima Pact on 3 June. The next day, Chile ratified the Kos Treaty.", "04"),
        ("Peru left the Lima Pact on 3 June. Two days later Chile ratified the Kos Treaty.", "05"),
    ],
)
def test_days_told_by_other_days(read, text, day):
    rows, _ = read(text)
    days = {o for s, p, o, _ in rows if p == "pg:eventDate" and s.startswith("ratification")}
    assert days == {f"2021-06-{day}"}


def test_a_day_counted_from_nothing_is_no_date(read):
    rows, _ = read("Three days later, Chile ratified the Kos Treaty.")
    assert not said(rows, "pg:eventDate")


def subjects(extraction, predicate, day=None):
    """Return the keys of what a predicate is stated of, on a day where one is asked for."""
    return {
        c.subject
        for c in extraction.claims
        if c.predicate == predicate and (day is None or str(getattr(c.object, "day", "")) == day)
    }


def test_two_events_of_one_sentence_are_two(read):
    _, found = read(
        "President Ana Ruiz held talks with Jan Kos at the summit of the Nordic states."
    )
    parts = [c for c in found.claims if c.predicate == "pg:subEventOf"]
    assert len(parts) == 1
    assert parts[0].subject in subjects(found, "pg:hasParticipant")
    assert parts[0].object not in {c.subject for c in found.claims if "person" in str(c.object)}


def test_the_next_round_is_another_one(read):
    _, found = read(
        "The third round of talks between Peru and Chile ended on 4 June. "
        "The next round of talks will begin on 2 July."
    )
    held = subjects(found, "pg:eventDate", "2021-06-04")
    ahead = subjects(found, "pg:eventDate", "2021-07-02")
    assert len(held) == len(ahead) == 1
    assert held != ahead


def test_a_ceremony_is_the_signing_just_told(read):
    rows, _ = read(
        "Peru and Chile signed the Kos Treaty. The ceremony took place in Lima on 3 June."
    )
    signing = {s for s, p, _, _ in rows if p == "pg:signingOf"}
    assert {s for s, p, o, _ in rows if p == "pg:eventDate" and o == "2021-06-03"} == signing
    assert {s for s, p, o, _ in rows if p == "pg:place" and o == "Lima"} == signing


def test_guests_of_a_meeting_to_come_are_expected(read):
    rows, _ = read(
        "Oman will host a summit in Muscat on 2 July. President Ana Ruiz is expected to attend."
    )
    assert "Ana Ruiz" in said(rows, "pg:hasParticipant", "expected")
    assert not said(rows, "pg:hasParticipant")


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("President Ana Ruiz is in Oslo for the Nordic summit.", {"Ana Ruiz"}),
        ("Minister Jan Kos told reporters in Bern that the pact was dead.", {"Jan Kos"}),
        ("Peru and Chile signed the Kos Treaty, with Ana Ruiz looking on.", {"Ana Ruiz"}),
        (
            "Peru and Chile signed the Kos Treaty. In the ceremony the presidents of both states,"
            " Ana Ruiz and Jan Kos, were also present.",
            {"Ana Ruiz", "Jan Kos"},
        ),
        (
            "The presidents of Peru and Chile held a meeting in Lima. Dominica's prime minister,"
            " Ana Ruiz, took part as chairwoman, and Jan Kos came as an envoy.",
            {"Ana Ruiz", "Jan Kos"},
        ),
        ("A Chilean delegation led by Ana Ruiz travelled to Oslo.", {"Ana Ruiz"}),
    ],
)
def test_people_who_were_there(read, text, people):
    rows, extraction = read(text)
    persons = {e.label for e in extraction.entities if e.type == "Person"}
    assert said(rows, "pg:hasParticipant") & persons == people


def test_a_delegation_is_sent_by_its_state(read):
    rows, _ = read("A Chilean delegation travelled to Oslo on 3 June.")
    assert said(rows, "pg:sentBy") == {"Chile"}
    assert said(rows, "pg:destination") == {"Oslo"}


def test_a_body_holds_its_own_session(read):
    rows, _ = read("The Arctic Preparatory Commission will hold its third session in Oslo in July.")
    assert said(rows, "pg:sessionOf", "planned") == {"Arctic Preparatory Commission"}
    assert not said(rows, "pg:hasParticipant", "planned")


@pytest.mark.parametrize(
    ("text", "predicate"),
    [
        ("The negotiations between Peru and Chile ended on 4 June.", "pg:endDate"),
        ("The fourth round of negotiations ended on 4 June.", "pg:eventDate"),
        ("The talks between Peru and Chile ended on 4 June.", "pg:eventDate"),
    ],
)
def test_what_ends_on_a_day_was_held_on_it_unless_it_is_long(read, text, predicate):
    rows, _ = read(text)
    assert said(rows, predicate) == {"2021-06-04"}


def test_an_appointed_day_is_planned(read):
    rows, _ = read("The third round of talks is scheduled for 2 July in Oslo.")
    assert said(rows, "pg:eventDate", "planned") == {"2021-07-02"}
    assert said(rows, "pg:place", "planned") == {"Oslo"}
    assert not said(rows, "pg:eventDate")


def test_what_collapsed_is_no_plan(read):
    rows, _ = read("The fleet has nothing to fish after talks between Peru and Chile collapsed.")
    assert said(rows, "pg:hasParticipant") == {"Peru", "Chile"}
    assert not said(rows, "pg:hasParticipant", "planned")


@pytest.mark.parametrize(
    ("text", "people", "modality"),
    [
        ("The Arctic Council met in Oslo on 3 June.", {"Arctic Council"}, "actual"),
        (
            "Peru and Chile held talks in Lima. The Andean Rebel Front sent a delegation.",
            {"Peru", "Chile", "Andean Rebel Front"},
            "actual",
        ),
        (
            "Experts of the two ministries will meet early next year.",
            {"Experts of the two ministries"},
            "planned",
        ),
        ("Ana Ruiz is to take questions at a seminar on 2 July.", {"Ana Ruiz"}, "planned"),
    ],
)
def test_bodies_and_crowds_meet(read, text, people, modality):
    rows, _ = read(text)
    assert said(rows, "pg:hasParticipant", modality) == people


def test_who_stays_away_takes_no_part(read):
    rows, _ = read("Peru and Chile held talks in Lima. Ecuador did not attend.")
    assert said(rows, "pg:hasParticipant", "negated") == {"Ecuador"}
    assert said(rows, "pg:hasParticipant") == {"Peru", "Chile"}


@pytest.mark.parametrize(
    ("text", "when"),
    [
        (
            "The signing of the Kos Treaty had been set for 22 May but was put off.",
            "2021-05-22",
        ),
        ("The signing of the Kos Treaty is planned for 22 May.", "2022-05-22"),
    ],
)
def test_a_day_that_had_been_appointed_is_the_nearer_one(read, text, when):
    rows, _ = read(text)
    assert said(rows, "pg:eventDate", "planned") == {when}
    assert not said(rows, "pg:eventDate")


def test_an_entry_of_a_chronology_has_the_date_before_its_colon(read):
    rows, _ = read("March 2020: signature of the Kos Treaty by Peru and Chile")
    assert ("signing of the Kos Treaty", "pg:when", "March 2020", "actual") in rows


def test_talks_going_on_since_are_not_planned(read):
    rows, _ = read("Peru and Chile have been holding talks on fish since July.")
    assert said(rows, "pg:hasParticipant") == {"Peru", "Chile"}
    assert not said(rows, "pg:when", "planned")


@pytest.mark.parametrize(
    "text",
    [
        "In the margin of the Nordic Summit in Oslo, Peru and Chile signed the Kos Treaty.",
        "On the last day of the Nordic Summit, Peru and Chile signed the Kos Treaty.",
        "In the course of the Nordic Summit, Peru and Chile signed the Kos Treaty.",
    ],
)
def test_part_of_a_summit(read, text):
    rows, _ = read(text)
    assert said(rows, "pg:subEventOf") == {"Nordic Summit"}


def test_the_eve_of_a_summit_is_no_part_of_it(read):
    rows, _ = read("On the eve of the Nordic Summit, Peru and Chile signed the Kos Treaty.")
    assert not said(rows, "pg:subEventOf")


def test_a_noun_tells_the_host(read):
    rows, _ = read("Oman was host of the conference in Vienna.")
    assert said(rows, "pg:organizer") == {"Oman"}
    assert said(rows, "pg:place") == {"Vienna"}


def test_a_meeting_beside_a_meeting_is_not_that_meeting(read):
    _, found = read("Ana Ruiz met Jan Kos on the sidelines of the ministerial meeting of the G20.")
    people = {c.subject for c in found.claims if c.predicate == "pg:hasParticipant"}
    parts = [c for c in found.claims if c.predicate == "pg:subEventOf"]
    assert len(parts) == 1
    assert parts[0].subject in people
    assert parts[0].object != parts[0].subject


def test_two_visits_stay_two(read):
    rows, _ = read(
        "President Ana Ruiz arrived in Oslo for a state visit. The talks lasted two hours. "
        "In 2016, President Jan Kos paid a state visit to Chile."
    )
    visits = {s for s, p, o, _ in rows if p == "pg:destination" and o == "Chile"}
    guests = {o for s, p, o, _ in rows if p == "pg:hasParticipant" and s in visits}
    assert guests == {"Jan Kos"}
