"""HTML, PDF, e-mail and encodings: the text, its day, and only what the source says of itself."""

from __future__ import annotations

import datetime as dt

import pytest

from kg.errors import DocumentError
from kg.read import open_bytes, read, sniff
from kg.read.encoding import MIXED
from papers import LEAD, MENU, MORE, mail, page, pdf

DAY = dt.date(2031, 5, 13)


def opened(data: bytes, name: str = "page.html", url: str = ""):
    return open_bytes(name, data, sniff(data), "", url)


def test_a_page_gives_its_article_without_what_stands_around_it():
    document = opened(page(linked={"@type": "NewsArticle", "datePublished": "2031-05-13T06:00Z"}))
    assert document.text.startswith("Two coasts agree on fish\n")
    assert LEAD in document.text
    assert MORE in document.text
    assert MENU.split()[2] not in document.text
    assert (document.title, document.date) == ("Two coasts agree on fish", DAY)
    assert (document.date_source, document.media_type) == ("metadata", "text/html")


@pytest.mark.parametrize(
    ("linked", "head"),
    [
        # JSON-LD goes before meta elements; the day of a change is not the day of issue.
        ({"@type": "NewsArticle", "datePublished": "2031-05-13", "dateModified": "2031-06-01"},
         '<meta property="article:published_time" content="2030-01-01T00:00:00Z">'),
        ({"@graph": [{"@type": "WebPage", "datePublished": "2029-01-01"},
                     {"@type": ["NewsArticle"], "datePublished": "2031-05-13T23:30-07:00"}]}, ""),
        (None, '<meta property="article:published_time" content="2031-05-13T08:00:00+02:00">'),
        (None, '<meta name="dcterms.issued" content="2031-05-13">'),
        ({"@type": "NewsArticle", "datePublished": "not known"},
         '<meta name="date" content="20310513">'),
    ],
)  # fmt: skip
def test_where_the_day_of_a_page_comes_from(linked, head):
    assert opened(page(linked=linked, head=head)).date == DAY


def test_a_page_without_a_date_gets_none():
    document = opened(page())
    assert (document.date, document.date_source) == (None, "")


def test_what_a_page_says_of_its_origin():
    stated = {
        "@type": "OpinionNewsArticle", "headline": "Why the fish pact matters",
        "publisher": {"@type": "Organization", "name": "The Daily Tide"},
        "license": "https://creativecommons.org/licenses/by/4.0/", "inLanguage": "en-GB",
    }  # fmt: skip
    document = opened(page(linked=stated, lang=""), url="https://tide.example/fish")
    assert document.publisher == "The Daily Tide"
    assert document.source_kind == "opinion"
    assert document.rights == "https://creativecommons.org/licenses/by/4.0/"
    assert (document.language, document.url) == ("en-GB", "https://tide.example/fish")


@pytest.mark.parametrize(
    ("head", "linked", "kind"),
    [
        ("", None, "unknown"),
        ("", {"@type": "ReportageNewsArticle"}, "newspaper"),
        ("", {"@type": "NewsArticle", "publisher": {"name": "Reuters"}}, "agency"),
        ('<meta property="article:section" content="Press Releases">', None, "release"),
        ('<meta property="og:site_name" content="Ministry of the Sea">', None, "unknown"),
    ],
)
def test_the_kind_of_source_is_stated_or_unknown(head, linked, kind):
    assert opened(page(head=head, linked=linked)).source_kind == kind


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        ("PORT GALE, May 13 (Reuters) - ", "agency"),
        ("PORT GALE, May 13 (Xinhua) -- ", "agency"),
        ("PORT GALE, May 13 (Ann Orr) - ", "unknown"),
        ("FOR IMMEDIATE RELEASE\n\n", "release"),
        ("Press release No. 12/2031\n", "release"),
        ("Press releases were late.\n", "unknown"),
        ("Opinion\n\n", "opinion"),
        ("The two governments have agreed as follows:\n", "primary"),
    ],
)
def test_what_a_text_says_that_it_is(start, kind):
    assert opened(f"{start}{LEAD}".encode(), "a.txt").source_kind == kind


@pytest.mark.parametrize(
    ("start", "day"),
    [
        ("Fish pact signed\n13 May 2031\n\n", DAY),
        ("Fish pact signed\nPort Gale, May 13, 2031\n\n", DAY),
        ("Published: Tuesday, 13 May 2031 09:30 GMT\n\n", DAY),
        ("PORT GALE, 13 May 2031 (Reuters) - ", DAY),
        ("2031-05-13\n", DAY),
        ("31 February 2031\n\n", None),
        ("On 13 May 2031 the fleet came home.\n", None),
        ("PORT GALE, May 13 (Reuters) - ", None),
        ("13 Maybe 2031\n", None),
    ],
)
def test_a_line_with_a_whole_date_dates_a_text(start, day):
    document = opened(f"{start}{LEAD}".encode(), "a.txt")
    assert document.date == day
    if day:
        span = document.date_span
        assert "13" in document.text[span.start : span.end]
        assert "2031" in document.text[span.start : span.end]
        assert document.date_source == "dateline"


@pytest.mark.parametrize("columns", [1, 2])
def test_a_pdf_gives_whole_paragraphs_in_reading_order(columns):
    words = [LEAD, MORE] + [f"{n}. {MORE}" for n in range(1, 9)]
    document = opened(pdf(["13 May 2031", *words], columns=columns, title="Fish pact"), "a.pdf")
    parts = [part for part in document.text.split("\n\n") if part.strip()]
    whole = [part.strip() for part in parts]
    assert whole[0] == "13 May 2031"
    assert whole[1:] == words
    assert (document.date, document.title) == (DAY, "Fish pact")
    assert document.media_type == "application/pdf"


def test_a_pdf_with_a_password_or_damage_is_refused_in_one_line():
    whole = pdf([LEAD, MORE])
    for data, words in [
        (pdf([LEAD], password="secret"), "encrypted"),
        (whole[: len(whole) // 2], "broken|no text"),
        (b"%PDF-1.7\nnothing", "broken"),
        (pdf([]), "no text"),
    ]:
        with pytest.raises(DocumentError, match=words) as error:
            opened(data, "a.pdf")
        assert "\n" not in str(error.value)
        assert "a.pdf" in str(error.value)


def test_an_email_gives_subject_day_sender_and_text():
    text = f"{LEAD}\n\n{MORE} — née Café\n\n-- \nPress office, phone 555 0100\n"
    data = mail(
        text, html=f"<p>{MENU}</p>", From="Ministry of the Sea <press@sea.example>",
        Date="Tue, 13 May 2031 23:50:00 +0900", Subject="Fwd: Fish pact =?utf-8?q?sign=C3=A9?=",
    )  # fmt: skip
    document = opened(data, "a.eml")
    assert document.text.startswith("Fish pact signé\n\n" + LEAD)
    assert "— née Café" in document.text
    assert (document.date, document.date_source) == (DAY, "metadata")
    assert document.publisher == "Ministry of the Sea"
    assert "sea.example" not in document.text
    assert "555 0100" not in document.text[document.body.start : document.body.end]
    assert document.media_type == "message/rfc822"


def test_an_email_of_html_alone_is_read_as_a_page():
    data = mail("x", Subject="Fish pact", From="a@sea.example", Date="Tue, 13 May 2031 10:00 +0000")
    head = data.partition(b"\n\n")[0].replace(b"text/plain", b"text/html")
    body = page().decode().replace("=", "=3D").encode()
    document = opened(head + b"\n\n" + body, "a.eml")
    assert LEAD in document.text
    assert document.publisher == ""
    with pytest.raises(DocumentError, match="no part"):
        opened(mail(" ", Subject="Nothing", From="a@sea.example"), "empty.eml")


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("cp1251", "Министр подписал соглашение о рыболовстве с соседней страной. "),
        ("koi8_r", "Министр подписал соглашение о рыболовстве с соседней страной. "),
        ("cp1252", "The minister, Zoë Müller, signed in Malmö – a “first” for the Åland coast. "),
        ("cp1250", "Ministr podepsal dohodu o rybolovu, řekl Tomáš Dvořák v Českém Těšíně. "),
        ("gb18030", "部长签署了渔业协定，双方每年举行会议。"),
    ],
)  # fmt: skip
def test_common_code_pages_are_told_apart(tmp_path, encoding, words):
    path = tmp_path / "a.txt"
    path.write_bytes((words * 6).encode(encoding))
    assert read(path).text == words * 6


def test_utf8_with_some_bytes_of_windows_keeps_both(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("Zoë Müller met José in Malmö. ".encode() + "A “draft”.".encode("cp1252"))
    document = read(path)
    assert document.text == "Zoë Müller met José in Malmö. A “draft”."
    assert document.notes == (MIXED,)


def test_a_declared_encoding_counts_where_the_bytes_are_no_utf8():
    words = "<p>Ang Zoë ő ű ő signed.</p>"
    data = page(body=words * 4).decode().replace("utf-8", "iso-8859-2").replace("ë", "ä")
    assert "ő ű ő" in opened(data.encode("iso-8859-2")).text
    wrong = page(body=f"<p>{LEAD} Žižek</p>").replace(b"utf-8", b"cp1252")
    assert "Žižek" in opened(wrong).text


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (b"%PDF-1.7", "pdf"),
        (b"\n<!-- x -->\n<!doctype html><p>", "html"),
        (b'<?xml version="1.0"?><rss version="2.0">', "feed"),
        (b'<?xml version="1.0"?><html xmlns="x">', "html"),
        (b"From: a@b.example\nSubject: pact\n\nText", "mail"),
        (b"Subject: fish\n\nAldoria signed.", "text"),
        (b"Aldoria and Belmora", "text"),
    ],
)
def test_formats_are_told_by_how_they_begin(data, form):
    assert sniff(data) == form


def test_archives_are_refused_with_advice():
    for data in (b"PK\x03\x04rest", b"\x1f\x8brest"):
        with pytest.raises(DocumentError, match="unpack"):
            opened(data, "a.txt")
