"""Time expressions: words, interval, and the day they are counted from."""

import datetime as dt

import pytest

from kg.spot import dates

FRIDAY = dt.date(2023, 3, 10)


@pytest.mark.parametrize(
    ("text", "past", "words", "lo", "hi"),
    [
        ("signed on Friday", True, "Friday", "2023-03-10", "2023-03-10"),
        ("said on Thursday", True, "Thursday", "2023-03-09", "2023-03-09"),
        ("will sign on Monday", False, "Monday", "2023-03-13", "2023-03-13"),
        ("last Monday", True, "last Monday", "2023-03-06", "2023-03-06"),
        ("will open tomorrow", False, "tomorrow", "2023-03-11", "2023-03-11"),
        ("the day before yesterday", True, "the day before yesterday", "2023-03-08", "2023-03-08"),
        ("in 2022", True, "2022", "2022-01-01", "2022-12-31"),
        ("by 2030", False, "2030", "2030-01-01", "2030-12-31"),
        ("in May", True, "May", "2022-05-01", "2022-05-31"),
        ("in July this year", False, "July this year", "2023-07-01", "2023-07-31"),
        ("first quarter of 2024", True, "first quarter of 2024", "2024-01-01", "2024-03-31"),
        ("14 to 16 November", True, "14 to 16 November", "2022-11-14", "2022-11-16"),
        ("May 30-31, 2023", True, "May 30-31, 2023", "2023-05-30", "2023-05-31"),
        ("30 March to 2 April 2021", True, "30 March to 2 April 2021", "2021-03-30", "2021-04-02"),
        ("last month", True, "last month", "2023-02-01", "2023-02-28"),
        ("next week", False, "next week", "2023-03-13", "2023-03-19"),
        ("two months ago", True, "two months ago", "2023-01-01", "2023-01-31"),
        ("the 1990s", True, "the 1990s", "1990-01-01", "1999-12-31"),
        ("second half of this year", False, "second half of this year", "2023-07-01", "2023-12-31"),
        ("on 4th March 2020", True, "4th March 2020", "2020-03-04", "2020-03-04"),
    ],
)  # fmt: skip
def test_counts(text, past, words, lo, hi):
    (found,) = dates.find(text)
    time = dates.resolve(found, FRIDAY, past)
    assert (time.text, str(time.earliest), str(time.latest)) == (words, lo, hi)


@pytest.mark.parametrize(
    "text", ["it may cover 5G", "Phase III", "a march through the town", "31 members"]
)
def test_no_time(text):
    assert dates.find(text) == []


def test_a_weekday_without_anchor_keeps_its_words_and_gets_no_date():
    (found,) = dates.find("signed on Friday")
    time = dates.resolve(found, None)
    assert (time.text, time.earliest, time.latest) == ("Friday", None, None)


def test_an_impossible_day_is_not_made_up():
    (found,) = dates.find("on 31 June 2020")
    assert dates.resolve(found, FRIDAY).earliest is None


def test_spans_point_into_the_text():
    text = "It was signed in Suva on 12 June 2019, and again in 2021."
    for found in dates.find(text, offset=100):
        assert text[found.span.start - 100 : found.span.end - 100] == found.text


def test_durations():
    assert [d for _, d in dates.durations("an interruption of three years")] == ["P3Y"]
    assert [d for _, d in dates.durations("a six-month pause")] == ["P6M"]
