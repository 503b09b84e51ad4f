"""Who speaks: verbs, papers and phrases that make somebody a speaker, and those that do not."""

import pytest


def made(read, text, cls="statement"):
    """Return who makes the statements (or announcements, denials) of a text."""
    rows, extraction = read(text)
    events = {e.label for e in extraction.entities if e.type.lower() == cls}
    return {o for s, p, o, _ in rows if p == "pg:madeBy" and s in events}


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("A statement by the Peruvian Ministry of Trade said that duties would fall.", "Ministry"),
        ("Her office said that the talks had ended.", "Her office"),
        ("Talks go on, according to the ministry.", "ministry"),
        ('"We shall see," shouted a grocer from the gallery.', "grocer"),
        ('"It is late," commented the head of the team, Adriana Solano.', "Adriana Solano"),
        ("Amnesty International considers the deal illegal.", "Amnesty International"),
        ("Lawyers regard that clause as the best of all.", "Lawyers"),
        ("The World Bank expects the pact to help exporters.", "World Bank"),
        ("Foreign Minister Ana Lopez urged Peru to ratify it.", "Ana Lopez"),
        ("An aide to the king said that Peru had signed, Xinhua reported.", "aide"),
        ("A member of the board who gave no name denied it. He said it was false.", "member"),
    ],
)
def test_who_speaks(read, text, who):
    assert any(who in name for name in made(read, text))


@pytest.mark.parametrize(
    "text",
    [
        "What does Australia say?",
        "Neither Peru nor Chile commented.",
        "Canada and Denmark have promised to build a road.",
        "Farm lobbies urged Peru to reject it.",
        "New Delhi demanded an exemption.",
        "Trade unions called on Peru to publish the text.",
        "Peru requested lower duties.",
    ],
)
def test_deeds_wishes_and_questions_are_no_statements(read, text):
    assert not made(read, text)


def test_it_is_the_body_that_spoke_last(read):
    text = "The World Bank said that growth would slow. It added that debts would rise."
    rows, _ = read(text)
    assert made(read, text) == {"World Bank"}
    assert sum(p == "pg:madeBy" for _, p, _, _ in rows) == 1


def test_the_statement_is_its_issuer_in_later_sentences(read):
    text = "Peru rejected it, a statement by the World Bank said. The statement added more."
    assert made(read, text) == {"World Bank"}


@pytest.mark.parametrize(
    "text",
    [
        "Peru's trade minister, Ana Lopez, announced that duties would fall.",
        "Ana Lopez announced a first payment of 5 million dollars.",
        "Ana Lopez made the announcement in Lima.",
    ],
)
def test_who_announces_makes_an_announcement(read, text):
    assert made(read, text, "announcement") == {"Ana Lopez"}
    assert not made(read, text)


def test_who_turns_down_a_charge_denies(read):
    assert made(read, "Ana Lopez rejected the charge that Peru had paid.", "denial") == {
        "Ana Lopez"
    }
