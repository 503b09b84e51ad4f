"""Sums of money: words, value, currency."""

import pytest

from kg.spot import money


@pytest.mark.parametrize(
    ("text", "words", "value", "currency"),
    [
        ("worth about $52 billion over", "$52 billion", "52000000000", "USD"),
        ("an outlay of Rs 76,000 crore", "Rs 76,000 crore", "760000000000", "INR"),
        ("a loan of 1.3 billion Swiss francs", "1.3 billion Swiss francs", "1300000000", "CHF"),
        ("€3.3 billion from the budget", "€3.3 billion", "3300000000", "EUR"),
        ("some $8.5bn", "$8.5bn", "8500000000", "USD"),
        ("A$20m for ports", "A$20m", "20000000", "AUD"),
        ("500,000 euros", "500,000 euros", "500000", "EUR"),
        ("a US$688 Million facility", "US$688 Million", "688000000", "USD"),
        ("two billion euros a year", "two billion euros", "2000000000", "EUR"),
        ("half a billion dollars", "half a billion dollars", "500000000", "USD"),
        ("a $1.2-billion port", "$1.2-billion", "1200000000", "USD"),
    ],
)
def test_sums(text, words, value, currency):
    (amount,) = money.find(text, offset=10)
    assert (amount.text, amount.value, amount.currency) == (words, value, currency)
    assert text[amount.span.start - 10 : amount.span.end - 10] == words


@pytest.mark.parametrize(
    "text", ["500 million people", "in 2024", "phase 3", "20 per cent of duties"]
)
def test_no_money(text):
    assert money.find(text) == []
