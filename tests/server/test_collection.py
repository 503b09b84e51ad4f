"""The collection over HTTP: adding documents, releases and the way back, exports."""

from __future__ import annotations

import io
import json
import zipfile

import pyoxigraph as ox
import pytest

from kg.export import FORMATS
from kg.release import DataFolder
from kg.settings import Settings
from kg.tokens import SCOPES, Tokens
from server import create_app
from server import documents as module
from trap import listening

PG = "https://w3id.org/pactgraph/ont#"
FIRST = (
    "date 2031-05-14 Norway and Iceland sign fisheries pact\n"
    "Norway and Iceland signed a fisheries agreement on 12 May 2031.\n"
)
SECOND = (
    "date 2031-06-02 Chile signs a water treaty\n"
    "Chile and Peru signed a water treaty on 1 June 2031. {word}\n"
)
COUNT = "SELECT (COUNT(DISTINCT ?d) AS ?n) { ?c <" + PG + "inDocument> ?d }"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory):
    """A service on a folder with two releases, and a token of each scope."""
    data = tmp_path_factory.mktemp("collection") / "data"
    node = ox.NamedNode
    for number in range(2):
        statement = ox.Quad(node(f"urn:{number}"), node("urn:5"), node("urn:o"), node("urn:g"))
        DataFolder(data).publish(lambda store, one=statement: store.add(one), f"nr {number}")
    tokens = {scope: Tokens(data).create([scope], None)[1] for scope in SCOPES}
    app = create_app(Settings(data=data, upload_bytes=20_000, requests_per_minute=0))
    yield app, tokens
    app.extensions["close"]()


def call(service, method: str, path: str, scope: str = "", **more: object):
    """Send a request with a token of a scope (or with a text that is none)."""
    app, tokens = service
    headers = {"Authorization": f"Bearer {tokens.get(scope, scope)}"} if scope else {}
    headers |= more.pop("headers", {})  # type: ignore[operator]
    return app.test_client().open(path, method=method, headers=headers, buffered=True, **more)


# --- the status codes, route by route -----------------------------------------------------------

TEXT = {"data": FIRST, "content_type": "text/plain"}
TABLE = [
    ("POST", "/documents", "", TEXT, 401, "a token is needed"),
    ("POST", "/documents", "wrong", TEXT, 401, "unknown, revoked"),
    ("POST", "/documents", "pg_00_x", TEXT, 401, "unknown, revoked"),
    ("POST", "/documents", "update", TEXT, 403, "scope documents"),
    ("POST", "/documents", "documents", {"data": b""}, 400, "empty"),
    ("POST", "/documents", "documents", {"data": b"x"}, 415, "Content-Type"),
    ("POST", "/documents?name=a.xyz", "documents", TEXT, 415, "no reader for .xyz"),
    ("POST", "/documents?name=../../evil.sh", "documents", TEXT, 415, "no reader for .sh"),
    ("POST", "/documents", "documents", {**TEXT, "data": " \n "}, 400, "document.txt"),
    ("POST", "/documents", "documents", {**TEXT, "data": "x\0" * 9}, 400, "binary"),
    ("POST", "/documents", "documents", {**TEXT, "data": "x" * 20_001}, 413, "upload_bytes"),
    ("POST", "/documents", "documents", {"data": {"note": "no file"}, "content_type":
                                         "multipart/form-data"}, 400, "no file"),
    ("PUT", "/documents", "documents", TEXT, 405, ""),
    ("GET", "/releases", "", {}, 200, "nr 1"),
    ("POST", "/releases", "releases", {}, 405, ""),
    ("POST", "/releases/1/rollback", "", {}, 401, "a token is needed"),
    ("POST", "/releases/1/rollback", "documents", {}, 403, "scope releases"),
    ("POST", "/releases/77/rollback", "releases", {}, 404, "no release 77"),
    ("POST", "/releases/one/rollback", "releases", {}, 404, ""),
    ("GET", "/releases/1/rollback", "releases", {}, 405, ""),
    ("GET", "/export", "", {}, 200, "graphml"),
    ("GET", "/export/turtle", "", {}, 200, "urn:1"),
    ("HEAD", "/export/turtle", "", {}, 200, ""),
    ("GET", "/export/docx", "", {}, 404, "the formats are"),
    ("GET", "/export/rdfxml", "", {}, 400, "cannot name the property"),
    ("POST", "/export/turtle", "", {}, 405, ""),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "scope", "more", "status", "says"), TABLE)
def test_status_codes(service, method, path, scope, more, status, says) -> None:
    before = service[0].extensions["folder"].current_number()
    response = call(service, method, path, scope, **more)
    assert response.status_code == status, response.text
    assert says in response.text
    if status >= 400:
        assert response.content_type == "application/problem+json"
        assert response.json["status"] == status
        assert response.json["detail"]
        assert service[0].extensions["folder"].current_number() == before, "nothing has changed"


def test_a_service_without_tokens_adds_nothing_and_rolls_nothing_back(tmp_path) -> None:
    DataFolder(tmp_path / "data").publish(lambda store: None, "empty")
    app = create_app(Settings(data=tmp_path / "data"))
    for path in ("/documents", "/releases/1/rollback"):
        assert app.test_client().post(path, **TEXT).status_code == 403
    app.extensions["close"]()


@pytest.mark.parametrize(
    ("given", "media_type", "name"),
    [
        ("report.txt", "", "report.txt"), ("", "text/markdown", "document.md"),
        ("a/b\\c.md", "text/plain", "c.md"), ("..", "text/plain", "document.txt"),
        (".hidden", "text/plain", "hidden.txt"), ("x\u202e\n<b>.txt", "", "x-b-.txt"),
        ("y" * 300 + ".md", "", "y" * 120 + ".md"), ("Bericht März.txt", "", "Bericht März.txt"),
    ],
)  # fmt: skip
def test_names_of_files_lose_paths_and_odd_characters(given, media_type, name) -> None:
    assert module._name(given, media_type) == name


# --- adding documents ---------------------------------------------------------------------------


@pytest.mark.slow
def test_documents_are_added_and_served_when_the_answer_comes(service) -> None:
    def documents() -> int:
        found = call(service, "GET", "/sparql", query_string={"query": COUNT, "format": "csv"})
        return int(found.text.split()[1])

    first = call(service, "POST", "/documents?name=pact.txt", "documents", **TEXT)
    assert first.status_code == 201, first.text
    (about,) = first.json["documents"]
    assert first.headers["Location"] == about["url"]
    assert documents() == 1
    page = call(service, "GET", f"/documents/{about['id']}", headers={"Accept": "text/html"})
    assert "fisheries" in page.text
    facts = call(
        service, "GET", "/sparql",
        query_string={"query": f"ASK {{ ?a <{PG}party> ?b }}", "format": "json"},
    )  # fmt: skip
    assert facts.json["boolean"] is True

    again = call(service, "POST", "/documents?name=pact.txt", "documents", **TEXT)
    assert (again.status_code, again.json["documents"]) == (200, [])

    parts = [
        (io.BytesIO(SECOND.format(word="It is new.").encode()), "water.txt"),
        (io.BytesIO(SECOND.format(word="It is newer.").encode()), "water.txt"),
        (io.BytesIO(b"\0\1\2"), "broken.txt"),
    ]
    several = call(
        service, "POST", "/documents", "documents", data={"file": parts},
        content_type="multipart/form-data",
    )  # fmt: skip
    assert several.status_code == 201, several.text
    assert len(several.json["documents"]) == 2
    assert "broken.txt" in several.json["skipped"][0]
    assert "/tmp" not in several.text
    assert documents() == 3
    left = call(service, "GET", "/sparql", query_string={"query": "ASK { <urn:1> ?p ?o }"})
    assert left.json["boolean"] is True, "what others wrote stays"


PAGE = """<!DOCTYPE html><html lang="en"><head><title>Kenya and Ghana sign tea pact</title>
<meta property="article:published_time" content="2031-07-01"></head><body><article>
<h1>Kenya and Ghana sign tea pact</h1><p>Kenya and Ghana signed an agreement on the tea trade on
1 July 2031 in Accra. The two ministers met for an hour before the ceremony and took questions.</p>
<p>The agreement covers the import of tea, and holds for five years from the day of its signing.</p>
</article></body></html>"""


@pytest.mark.slow
def test_pages_are_read_and_what_leads_elsewhere_is_not_followed(service) -> None:
    page = call(service, "POST", "/documents", "documents", data=PAGE, content_type="text/html")
    assert page.status_code == 201, page.text
    (about,) = page.json["documents"]
    shown = call(service, "GET", about["url"], headers={"Accept": "text/html"})
    assert "tea trade" in shown.text

    with listening() as (url, seen):
        feed = f"<rss version='2.0'><channel><item><link>{url}a</link></item></channel></rss>"
        for name, text in (
            ("list.urls", f"{url}\n/etc/passwd\n"), ("feed.rss", feed),
            ("feed.txt", f"<?xml version='1.0'?>{feed}"),
        ):  # fmt: skip
            sent = call(service, "POST", f"/documents?name={name}", "documents", data=text,
                        content_type="application/octet-stream")  # fmt: skip
            assert sent.status_code in {400, 415, 201}, (name, sent.text)
            assert "root:" not in sent.text
    assert seen == []


@pytest.mark.slow
def test_reading_that_takes_too_long_is_stopped(service, monkeypatch) -> None:
    app, _ = service
    number = app.extensions["folder"].current_number()
    monkeypatch.setattr(app.extensions["settings"], "upload_seconds", 0.3)
    sent = call(service, "POST", "/documents?name=new.txt", "documents",
                data=SECOND.format(word="Late."), content_type="text/plain")  # fmt: skip
    assert (sent.status_code, "upload_seconds" in sent.text) == (503, True)
    assert sent.headers["Retry-After"]
    assert app.extensions["folder"].current_number() == number


# --- releases -----------------------------------------------------------------------------------


def test_the_way_back_and_forth_is_served_at_once(service) -> None:
    there = call(service, "GET", "/releases").json
    newest = there["current"]
    assert there["releases"][0]["release"] == newest
    assert [row["current"] for row in there["releases"]].count(True) == 1
    for number in (1, newest):
        back = call(service, "POST", f"/releases/{number}/rollback", "releases")
        assert (back.status_code, back.json["current"]) == (200, True)
        found = call(service, "GET", "/sparql", query_string={"query": "ASK { <urn:1> ?p ?o }"})
        assert found.headers["X-Pactgraph-Release"] == str(number)
        assert found.json["boolean"] is (number != 1)
    assert call(service, "GET", "/releases").json["current"] == newest


# --- exports ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory):
    """A service that shows quotations only, with a token for reading all."""
    data = tmp_path_factory.mktemp("exports") / "data"
    text = f"""@prefix pg: <{PG}> . @prefix : <http://e.org/> .
        :doc pg:charLength 500 . :span pg:inDocument :doc ; pg:startOffset 0 ;
        pg:quote "{"word " * 60}" ."""

    def fill(store: ox.Store) -> None:
        store.load(text.encode(), ox.RdfFormat.TURTLE, to_graph=ox.NamedNode("http://e.org/g"))

    DataFolder(data).publish(fill, "one quotation")
    token = Tokens(data).create(["read"], None)[1]
    app = create_app(Settings(data=data, public_text="quotes", requests_per_minute=0))
    yield app, {"read": token}
    app.extensions["close"]()


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_handed_out_and_only_sent_once(exports, name) -> None:
    form = FORMATS[name]
    got = call(exports, "GET", f"/export/{name}")
    assert got.status_code == 200, got.text
    assert got.mimetype == form.media_type
    assert f"pactgraph-1.{form.ending}" in got.headers["Content-Disposition"]
    assert got.data
    assert int(got.headers["Content-Length"]) == len(got.data)
    if form.media_type == "application/zip":
        assert zipfile.ZipFile(io.BytesIO(got.data)).testzip() is None
    elif form.ending in {"cyjs", "jsonld"}:
        json.loads(got.data)
    again = call(exports, "GET", f"/export/{name}", headers={"If-None-Match": got.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    part = call(exports, "GET", f"/export/{name}", headers={"Range": "bytes=2-9"})
    assert (part.status_code, part.data) == (206, got.data[2:10])


def test_exports_show_no_more_text_than_readers_may_see(exports) -> None:
    public = call(exports, "GET", "/export/nquads")
    assert 0 < public.text.count("word") <= 500 / 5 / 5
    whole = call(exports, "GET", "/export/nquads", "read")
    assert whole.text.count("word") == 60
    assert whole.headers["ETag"] != public.headers["ETag"]
    assert "private" in whole.headers["Cache-Control"]
    assert call(exports, "GET", "/export/nquads").data == public.data


def test_an_export_that_takes_too_long_is_stopped(exports, monkeypatch) -> None:
    app, _ = exports
    monkeypatch.setattr(app.extensions["settings"], "export_seconds", 0.05)
    release = app.extensions["folder"].publish(lambda store: None, "a new one")
    assert app.extensions["pool"].wait_for(release.number, 60)
    found = call(exports, "GET", "/export/graphml")
    assert (found.status_code, "export_seconds" in found.text) == (503, True)
    left = list((app.extensions["folder"].path / ".exports").rglob(".new-*"))
    assert left == []
