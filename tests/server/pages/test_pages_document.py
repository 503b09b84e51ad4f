"""The page of a document: every mark at its place, and no more text than the reader may see."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Span
from kg.settings import Settings
from server.quoting import (
    LONGEST,
    SHARE,
    Highlight,
    Quoter,
    find_names,
    is_loopback,
    pieces,
    shorten,
    tokens,
)


def test_text_is_shown_as_published_with_its_evidence_marked(get, sample):
    page = get(f"/documents/{sample.done}")
    article = page.all("article")[0]
    text = sample.documents[sample.done].text
    assert "".join(article.parts) == text
    for mark in article.all("mark"):
        start, end = (int(n) for n in mark.attributes["id"].removeprefix("s").split("-"))
        assert "".join(mark.parts) == text[start:end]
    assert "s0-67" in [mark.attributes["id"] for mark in article.all("mark")]


def test_overlapping_evidence_is_nested(get, sample):
    article = get(f"/documents/{sample.plan}").all("article")[0]
    text = sample.documents[sample.plan].text
    outer = next(m for m in article.all("mark") if m.attributes["id"] == "s0-138")
    assert "".join(outer.parts) == text[:138]
    inner = {"".join(mark.parts) for mark in outer.all("mark")}
    assert "she will sign a memorandum" in inner


def test_names_in_the_text_lead_to_their_things(get, sample):
    article = get(f"/documents/{sample.done}").all("article")[0]
    names = {a.text: a.attributes["href"] for a in article.all("a", "name")}
    assert names["Onder"] == "/page/person/piet-onder"
    assert names["Belmora"] == "/page/state/belmora"


def test_claims_stand_by_sentence_and_point_into_the_text(get, sample):
    page = get(f"/documents/{sample.plan}")
    sentences = page.all("ol", "sentences")[0].inside
    assert [item.attributes["value"] for item in sentences] == ["1", "2", "3", "4"]
    ids = {mark.attributes.get("id") for mark in page.all("mark")}
    for item in sentences:
        for link in item.all("a"):
            if link.attributes["href"].startswith("#"):
                assert link.attributes["href"][1:] in ids
    assert "○ planned: Sea cable memorandum has signatory Ana Lorca planned – Ana Lorca" in (
        sentences[0].text
    )


def test_what_was_not_understood_is_admitted(get, sample):
    silent = get(f"/documents/{sample.plan}").all("details", "silent")[0]
    assert silent.all("summary")[0].text == "1 of 5 sentences gave no claim"
    assert [li.text for li in silent.all("li")] == ["Nothing else was announced."]


def test_document_without_kept_sentences_still_has_its_claims(app, client, get, sample):
    app.extensions["graph"] = type(app.extensions["graph"])(
        sample.store, sample.documents, sample.release
    )
    page = get(f"/documents/{sample.plan}")
    assert len(page.all("ol", "sentences")[0].inside) > 3
    assert not page.all("details", "silent")


def test_header_says_outlet_date_and_where_the_date_comes_from(get, sample):
    source = get(f"/documents/{sample.done}").all("p", "source")[0]
    assert source.text == "The Valdera Courier · 16 May 2025 (from its header) · at its publisher"


def test_with_quotes_only_no_more_than_a_fifth_of_a_document_leaves(make, get, sample):
    by = make(public_text="quotes")
    for doc in sample.documents.values():
        page = get(f"/documents/{doc.id}", by=by)
        assert not page.all("article")
        shown = ["".join(q.parts) for q in page.all("blockquote")]
        assert shown
        assert sum(map(len, shown)) <= len(doc.text) / 5
        for quote in shown:
            assert quote.strip().removesuffix("…") in doc.text
        assert "gave no claim" not in page.text
    entity = get("/page/agreement/sea-cable-memorandum", by=by)
    assert "The words are left out here" in entity.text
    for doc in sample.documents.values():
        quotes = {"".join(q.parts).removesuffix("…") for q in entity.all("blockquote")}
        assert sum(len(q) for q in quotes if q in doc.text) <= len(doc.text) / 5


def test_without_public_text_no_word_of_a_document_leaves(make, get, sample):
    by = make(public_text="none")
    for address in (f"/documents/{sample.done}", "/page/agreement/sea-cable-memorandum"):
        page = get(address, by=by)
        assert not page.all("blockquote")
        assert "undertakes to deliver" not in page.text
    assert "undertakes" not in get("/search?q=survey+by", by=by).text


@pytest.mark.parametrize(
    ("host", "headers", "address", "full"),
    [
        ("127.0.0.1", {}, "127.0.0.1", True),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}, "127.0.0.1", False),
        ("127.0.0.1", {"Host": "graph.example"}, "127.0.0.1", False),
        ("0.0.0.0", {}, "127.0.0.1", False),
        ("127.0.0.1", {}, "203.0.113.9", False),
        ("::1", {"Host": "[::1]:8000"}, "::1", True),
    ],
)
def test_by_default_all_text_is_for_loopback_only(make, sample, host, headers, address, full):
    by = make(host=host)
    response = by.get(
        f"/documents/{sample.done}", headers=headers, environ_base={"REMOTE_ADDR": address}
    )
    assert ("<article" in response.text) is full


def test_loopback_is_no_matter_of_beginnings():
    assert is_loopback("localhost")
    assert not is_loopback("localhost.example")
    assert not is_loopback("127.0.0.1.example")
    assert Settings().public_text == "auto"


spans = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda p: Span(min(p), max(p)))
kinds = st.sampled_from(["evidence", "name"])


@given(st.text(min_size=30, max_size=30), st.lists(st.builds(Highlight, spans, kinds), max_size=8))
def test_marks_nest_and_keep_the_text_whatever_overlaps(text, highlights):
    found = list(tokens(text, highlights, Span(0, 30)))
    assert "".join(token.text for token in found) == text
    stack, covered, at = [], {}, 0
    for token in found:
        if token.step == "open":
            stack.append(token.highlight)
            assert token.first is (token.highlight.span.start == at)
        elif token.step == "close":
            assert stack.pop() is token.highlight
        else:
            for item in stack:
                covered.setdefault(id(item), set()).update(range(at, at + len(token.text)))
            at += len(token.text)
    assert not stack
    for item in highlights:
        wanted = set(range(item.span.start, item.span.end))
        assert covered.get(id(item), set()) == wanted


@given(
    st.lists(st.tuples(st.integers(0, 50), st.text(min_size=1, max_size=400)), max_size=20),
    st.integers(0, 3000),
)
def test_quotations_keep_within_their_bounds(quotes, length):
    quoter = Quoter("quotes")
    total = 0
    for place, (start, quote) in enumerate(quotes):
        shown = quoter.clip("d", start, start + place + 1000, quote, length)
        assert len(shown) <= LONGEST
        assert quote.startswith(shown.removesuffix("…"))
        total += len(shown)
    assert total <= length // SHARE


def test_the_same_words_cost_once_a_page():
    quoter = Quoter("quotes")
    assert [quoter.clip("d", 0, 40, "a" * 40, 250) for _ in range(3)] == ["a" * 40] * 3


def test_short_rest_is_left_out():
    assert shorten("one two three four five six", 10) == ""
    assert shorten("one two three four five six seven", 24) == "one two three four…"


def test_names_are_found_as_whole_words_longest_first():
    text = "The Sea Pact and the sea; seaside pacts (Sea Pact)."
    found = [text[s.start : s.end] for s in find_names(text, ["Sea", "Sea Pact", ".", ""])]
    assert found == ["Sea Pact", "sea", "Sea Pact"]
    assert find_names(text, []) == []
    assert [p.text for p in pieces("a (b) c", ["(b)"]) if p.named] == ["(b)"]
