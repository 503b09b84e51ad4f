"""Writes that would fetch something, against a trap on this machine: nobody comes."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import pytest

from kg.release import DataFolder
from kg.settings import Settings
from kg.tokens import Tokens
from server import create_app
from trap import listening

UPDATES = {
    "LOAD <URL>": 403,
    "load <URLx.ttl> INTO GRAPH <http://e.org/g>": 403,
    "L\\u004FAD <URLx.ttl>": None,
    "LOAD SILENT <URLx.ttl>": 204,
    "LOAD#comment\n<URLx.nt>": 403,
    "PREFIX t: <URL> LOAD t:x": 403,
    "BASE <URL> LOAD <x.rdf>": 403,
    "INSERT { ?s ?p ?o } WHERE { SERVICE <URL> { ?s ?p ?o } }": 403,
    "INSERT { ?s ?p ?o } WHERE { SERVICE SILENT <URL> { ?s ?p ?o } }": 204,
    "INSERT { ?s ?p ?o } USING <URL> WHERE { ?s ?p ?o }": 204,
    "INSERT { ?s ?p ?o } USING NAMED <URL> WHERE { GRAPH ?g { ?s ?p ?o } }": 204,
    "LOAD <file:///etc/passwd>": 403,
    "INSERT DATA { <http://e.org/a> <http://e.org/b> 'LOAD <URL> SERVICE' } # LOAD <URL>": 204,
    "PREFIX load: <http://e.org/> INSERT DATA { load:a load:service load:LOAD }": 204,
}
BODIES = {
    "application/ld+json": '{"@context": "URLcontext.jsonld", "name": "x"}',
    "application/rdf+xml": (
        '<!DOCTYPE r [<!ENTITY x SYSTEM "URLx">]><r:RDF'
        ' xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><r:Description>'
        "<r:value>&x;</r:value></r:Description></r:RDF>"
    ),
    "text/turtle": "@base <URL> . <x> <y> <z> .",
}


@pytest.fixture(scope="module")
def trap():
    """A listener that counts who comes."""
    with listening() as (url, seen):
        with socket.create_connection((urlsplit(url).hostname, urlsplit(url).port)):
            pass  # the trap works
        yield url, seen


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory):
    data = tmp_path_factory.mktemp("fetching") / "data"
    DataFolder(data).publish(lambda store: None, "empty")
    _, token = Tokens(data).create(["update", "graphs"], None)
    app = create_app(Settings(data=data))
    made = app.test_client()
    made.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    yield made
    app.extensions["close"]()


def test_no_write_fetches_anything(client, trap) -> None:
    url, seen = trap
    for text, status in UPDATES.items():
        response = client.post(
            "/update", data=text.replace("URL", url), content_type="application/sparql-update"
        )
        assert response.status_code == (status or response.status_code), (text, response.text)
        assert response.status_code in {204, 400, 403}
    for kind, body in BODIES.items():
        response = client.put(
            "/graphs?graph=http://e.org/g", data=body.replace("URL", url), content_type=kind
        )
        assert response.status_code in {201, 204, 400}, response.text
    assert seen == [1]


def test_no_file_is_read(client) -> None:
    response = client.get("/graphs", headers={"Accept": "application/n-quads"})
    assert b"root:" not in response.data
