"""Addresses, feeds and lists: what is fetched, what is refused, what is kept of the place."""

from __future__ import annotations

import contextlib
import datetime as dt
import gzip
import io
import itertools
import time

import pytest

from kg.intake import Intake, Silent
from kg.settings import Settings
from papers import LEAD, MORE, page, pdf
from site_server import Site, site


@pytest.fixture
def web():
    with site() as made:
        yield made


def gathered(sources, lists=(), **given):
    """Return the documents of sources by title or name, and what was left out."""
    settings = Settings(fetch_pause=0, **given)
    intake = Intake(settings, Silent())
    documents = intake.gather(sources, lists)
    return documents, intake.skipped


def test_an_address_gives_a_document_that_says_where_and_when(web: Site):
    before = dt.datetime.now(dt.UTC).replace(microsecond=0)
    url = web.put("/fish", page(linked={"@type": "NewsArticle", "datePublished": "2031-05-13"}))
    (document,), skipped = gathered([url + "#part"])
    assert skipped == []
    assert LEAD in document.text
    assert (document.url, document.date) == (url, dt.date(2031, 5, 13))
    assert before <= dt.datetime.fromisoformat(document.retrieved) <= dt.datetime.now(dt.UTC)
    assert web.paths() == ["/robots.txt", "/fish"]
    assert all(agent.startswith("pactgraph/") for _, _, agent in web.asked)


def test_pdf_and_plain_text_are_told_by_what_they_are(web: Site):
    urls = [
        web.put("/a", pdf([LEAD, MORE]), "application/octet-stream"),
        web.put("/b", "Zoë signed. " + LEAD, "text/plain; charset=utf-8"),
        web.put("/c", ("Zoë signed. " + MORE).encode("cp1250"), "text/plain; charset=cp1250"),
    ]
    documents, skipped = gathered(urls)
    assert skipped == []
    assert [d.media_type for d in documents] == ["application/pdf", "text/plain", "text/plain"]
    assert documents[2].text.startswith("Zoë")


@pytest.mark.parametrize(
    ("rules", "free"),
    [
        ("User-agent: *\nDisallow: /news\n", False),
        ("User-agent: pactgraph\nDisallow: /*fish\n", False),
        ("User-agent: *\nDisallow: /\nAllow: /news/\n", True),
        ("User-agent: other\nDisallow: /\n", True),
        ("<html>no rules at all</html>", True),
    ],
)
def test_robots_txt_is_honoured(web: Site, rules, free):
    web.put("/robots.txt", rules, "text/plain")
    url = web.put("/news/fish", page())
    documents, skipped = gathered([url])
    assert bool(documents) is free
    assert ("/news/fish" in web.paths()) is free
    assert free or "robots.txt" in skipped[0]


def test_robots_txt_that_fails_forbids_and_one_that_is_not_there_allows(web: Site):
    url = web.put("/fish", page())
    assert gathered([url])[0]
    web.put("/robots.txt", "", status=503)
    documents, (message,) = gathered([url])
    assert documents == []
    assert "robots.txt" in message


def test_requests_to_one_host_keep_their_distance(web: Site):
    web.put("/robots.txt", "User-agent: *\nCrawl-delay: 0.4\n", "text/plain")
    urls = [web.put(f"/{n}", page(title=f"Pact number {n}")) for n in range(3)]
    intake = Intake(Settings(fetch_pause=0.1), Silent())
    assert len(intake.gather(urls)) == 3
    times = [at for path, at, _ in web.asked if path != "/robots.txt"]
    assert all(b - a >= 0.38 for a, b in itertools.pairwise(times))


@pytest.mark.parametrize("status", [401, 402, 403, 404, 410, 429, 500])
def test_a_status_that_is_no_page_is_a_note(web: Site, status):
    url = web.put("/fish", page(), status=status)
    documents, (message,) = gathered([url])
    assert documents == []
    assert str(status) in message
    assert url in message


@pytest.mark.parametrize("free", [False, "False", "http://schema.org/False"])
def test_a_page_that_says_that_it_is_not_free_is_left_out(web: Site, free):
    url = web.put("/fish", page(linked={"@type": "NewsArticle", "isAccessibleForFree": free}))
    documents, (message,) = gathered([url])
    assert documents == []
    assert "not free to read" in message


def test_redirects_are_followed_and_the_last_address_is_kept(web: Site):
    web.put("/old", b"", status=301, Location="/new")
    web.put("/new", b"", status=302, Location="/fish")
    web.put("/fish", page())
    (document,), _ = gathered([web.url + "/old"])
    assert document.url == web.url + "/fish"
    web.put("/round", b"", status=302, Location="/round")
    assert "redirects" in gathered([web.url + "/round"])[1][0]


def test_nobody_leads_us_into_a_private_network(web: Site):
    """The named host may be private; where it sends us, and what its feed names, may not."""
    with site() as inner:
        secret = inner.put("/secret", page())
        outward = web.put("/out", b"", status=302, Location=secret)
        feed = web.put("/feed", rss([secret]), "application/rss+xml")
        for place in (
            "http://localhost:1/",
            "http://169.254.169.254/",
            "http://[::1]/",
            "ftp://a/",
        ):
            web.put("/" + str(len(web.answers)), b"", status=302, Location=place)
        sources = [outward, feed, *(web.url + path for path in list(web.answers)[2:])]
        documents, skipped = gathered(sources)
        assert documents == []
        assert sum("private network" in message for message in skipped) == 5
        assert inner.asked == []


def test_an_address_in_a_list_is_not_named_on_the_command_line(web: Site, tmp_path):
    names = tmp_path / "pages.urls"
    names.write_text(web.put("/fish", page()))
    documents, (message,) = gathered([names])
    assert documents == []
    assert "private network" in message
    assert web.asked == []


def test_size_and_time_are_capped(web: Site):
    large = web.put("/large", b"<html>" + b"x" * 300_000)
    packed = gzip.compress(b"<p>" + b"x" * 5_000_000)
    bomb = web.put("/bomb", packed, Content_Encoding="gzip")
    odd = web.put("/odd", b"xx", Content_Encoding="br")

    def drip(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "text/plain")
        handler.end_headers()
        with contextlib.suppress(OSError):
            for _ in range(100):
                handler.wfile.write(b"word ")
                time.sleep(0.1)

    web.answers["/slow"] = drip
    began = time.monotonic()
    documents, skipped = gathered(
        [large, bomb, odd, web.url + "/slow"], max_document_bytes=200_000, fetch_seconds=1.0
    )
    assert documents == []
    assert time.monotonic() - began < 60
    assert sum("limit" in message for message in skipped) == 2
    assert sum("longer than 1 s" in message for message in skipped) == 1
    assert sum("packed with br" in message for message in skipped) == 1


def rss(links, title="Tide Wire"):
    items = "".join(
        f"<item><title>Item {n}</title><link>{link}</link>"
        "<pubDate>Tue, 13 May 2031 09:00:00 GMT</pubDate></item>"
        for n, link in enumerate(links)
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>'
        f"<copyright>CC0</copyright>{items}</channel></rss>"
    )


def atom(links):
    entries = "".join(
        f'<entry><title>E</title><link href="{link}"/><published>2031-05-13T01:00:00Z</published>'
        "</entry>"
        for link in links
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Tide Wire</title>{entries}</feed>'


@pytest.mark.parametrize("make", [rss, atom])
def test_a_feed_leads_to_its_pages_and_fills_what_they_leave_open(web: Site, make):
    linked = {"@type": "NewsArticle", "datePublished": "2031-05-10", "publisher": {"name": "Own"}}
    web.put("/a", page(title="First pact"))
    web.put("/b", page(title="Second pact", linked=linked))
    feed = web.put("/feed", make([web.url + "/a", "/b", web.url + "/gone"]), "text/xml")
    documents, skipped = gathered([feed])
    found = {d.title: (d.date.day, d.publisher, d.date_source) for d in documents}
    assert found == {
        "First pact": (13, "Tide Wire", "metadata"),
        "Second pact": (10, "Own", "metadata"),
    }
    assert len(skipped) == 1
    assert "/gone" in skipped[0]


def test_a_feed_that_holds_no_pages_or_feeds_is_refused(web: Site):
    empty = web.put("/empty", rss([]))
    entity = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "b">]>'
    bomb = web.put("/bomb", entity + rss(["/x"]).partition("?>")[2])
    looped = web.put("/loop", rss([web.url + "/empty2"]))
    web.put("/empty2", rss([web.url + "/x"]))
    documents, skipped = gathered([empty, bomb, looped])
    assert documents == []
    assert len(skipped) == 3


def test_a_text_of_addresses_is_a_list_only_where_it_is_named(web: Site, tmp_path):
    (tmp_path / "links.txt").write_text(f"{web.url}/a\n# more\n{web.url}/b\n")
    assert len(gathered([tmp_path / "links.txt"])[1]) == 2
    (document,), skipped = gathered([tmp_path])
    assert (document.name, skipped, web.asked) == ("links.txt", [], [])


def test_lists_of_files_and_addresses(web: Site, tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.txt").write_text(LEAD)
    (tmp_path / "b.md").write_text(MORE)
    named = tmp_path / "names"
    named.write_text("# what we read\ndeep\n\nb.md\nb.md\nno-such-file.txt\n")
    documents, skipped = gathered([], [named])
    assert [d.name for d in documents] == ["a.txt", "b.md"]
    assert len(skipped) == 1
    assert "no-such-file.txt" in skipped[0]
    itself = tmp_path / "loop.urls"
    itself.write_text("loop.urls\n")
    assert "list inside a list" in gathered([itself])[1][0]


def test_standard_input(monkeypatch):
    def stdin(data):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))

    stdin(page(title="From a pipe"))
    (document,), _ = gathered(["-"])
    assert (document.title, document.name) == ("From a pipe", "standard input")
    stdin(b"x" * 5000)
    assert "limit" in gathered(["-"], max_document_bytes=1000)[1][0]
