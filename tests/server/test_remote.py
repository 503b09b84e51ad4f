"""SERVICE and LOAD to addresses on the list, and to no others: against servers on this machine."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from kg.release import DataFolder, load_rdf
from kg.settings import Settings
from kg.tokens import Tokens
from server import create_app
from server.federate import clauses, expand
from server.fetch import NotFetched, Reach, fetch, networks
from trap import listening

JSON = "application/sparql-results+json"
HERE = "http://example.org/"
LOOPBACK = networks(["127.0.0.0/8"])


def rows(*found: dict[str, object]) -> bytes:
    names = sorted({name for row in found for name in row})
    return json.dumps({"head": {"vars": names}, "results": {"bindings": found}}).encode()


def iri(text: str) -> dict[str, str]:
    return {"type": "uri", "value": text}


def words(text: str, **more: str) -> dict[str, str]:
    return {"type": "literal", "value": text, **more}


ODD = 'a "quoted" line\nand \\ } SERVICE <http://127.0.0.1/> { \u202e'
FOUND = rows(
    {"s": iri(f"{HERE}s1"), "o": words("one", **{"xml:lang": "en"})},
    {"s": iri(f"{HERE}s2"), "o": words(ODD)},
    {"s": {"type": "bnode", "value": "b0"}},
)


class Elsewhere(BaseHTTPRequestHandler):
    """Some servers in one: each path behaves in its own way."""

    asked: list[tuple[str, str]] = []  # noqa: RUF012  shared on purpose

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.answer(parse_qs(body)["query"][0])

    def do_GET(self) -> None:
        self.answer("")

    def answer(self, query: str) -> None:
        self.asked.append((self.path, query))
        kind, body = JSON, FOUND
        match self.path.removeprefix("/"):
            case "away":
                self.send_response(302)
                self.send_header("Location", self.server.beyond)
                self.end_headers()
                return
            case "down":
                self.send_error(500)
                return
            case "hostile":
                body = rows({"s": iri("http://x> } SERVICE <http://127.0.0.1/> { ?a ?b ?c")})
            case "empty":
                body = rows()
            case "odd":
                kind, body = "text/html", b"<html>"
            case "truth":
                body = b'{"head": {}, "boolean": true}'
            case "large":
                body = rows(*[{"s": iri(f"{HERE}{'x' * 500}{n}")} for n in range(1000)])
            case "slow":
                self.send_response(200)
                self.end_headers()
                for _ in range(100):
                    try:
                        self.wfile.write(b" ")
                        self.wfile.flush()
                    except OSError:
                        return
                    time.sleep(0.1)
                return
            case "data.ttl":
                kind = "text/turtle"
                body = b"@prefix : <http://e.org/> . :a :b 'x\\ny', [ :c 2 ] . <rel> :d _:z ."
            case "data.nq":
                kind, body = "application/n-quads", b"<urn:a> <urn:b> <urn:c> <urn:g> ."
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def other():
    """A server to fetch from, and a trap behind it that must stay empty."""
    with listening() as (beyond, seen):
        server = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
        server.beyond = beyond
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/", beyond, seen
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("remote") / "data"
    source = folder.parent / "some.ttl"
    source.write_text(f"@prefix : <{HERE}> . :s1 :p 1 . :s3 :p 3 .")
    load_rdf(DataFolder(folder), source)
    return folder


@pytest.fixture(scope="module")
def client(data, other):
    token = Tokens(data).create(["update"], None)[1]
    app = create_app(
        Settings(
            data=data, remote_allow=[other[0]], remote_networks=["127.0.0.0/8"],
            remote_seconds=1.5, remote_bytes=200_000,
        )
    )  # fmt: skip
    made = app.test_client()
    made.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    yield made
    app.extensions["close"]()


def ask(client, query: str, form: str = "json"):
    return client.get("/sparql", query_string={"query": query, "format": form})


def cells(response, name: str) -> list[str]:
    assert response.status_code == 200, response.text
    return sorted(row[name]["value"] for row in response.json["results"]["bindings"] if name in row)


# --- what it does -------------------------------------------------------------------------------


def test_rows_from_elsewhere_are_joined_with_ours(client, other) -> None:
    query = f"""PREFIX : <{HERE}>
        SELECT * {{ ?s :p ?n SERVICE <{other[0]}sparql> {{ ?s :says ?o # with a }} in a comment
        }} FILTER (?n > 0) }}"""
    response = ask(client, query)
    assert cells(response, "o") == ["one"]
    path, asked = Elsewhere.asked[-1]
    assert path == "/sparql"
    assert asked.startswith(f"PREFIX : <{HERE}>")
    assert asked.index("SELECT * WHERE { ?s :says ?o") > 0
    assert "ETag" not in response.headers, "what others say may change at any time"


def test_values_come_as_they_are_and_blank_nodes_as_addresses(client, other) -> None:
    query = f"SELECT * {{ SERVICE <{other[0]}sparql> {{ ?s ?p ?o }} }}"
    response = ask(client, query)
    assert cells(response, "o") == sorted(["one", ODD])
    assert [s[:9] for s in cells(response, "s")] == ["http://ex", "http://ex", "urn:uuid:"]
    tagged = [row["o"].get("xml:lang") for row in response.json["results"]["bindings"][:1]]
    assert tagged == ["en"]


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("OPTIONAL { SERVICE <URLempty> { ?s :q ?o } }", []),
        ("OPTIONAL { SERVICE <URLsparql> { ?s :q ?o } }", ["one"]),
        ("MINUS { SERVICE <URLsparql> { ?s :q ?o } } BIND ('left' AS ?o)", ["left"]),
        ("{ SERVICE <URLsparql> { ?s :q ?o } } UNION { BIND ('u' AS ?o) }", ["one", "u", "u"]),
        ("SERVICE SILENT <URLdown> { ?s :q ?o }", []),
        ("SERVICE <URLsparql> { SERVICE <http://a.example/> { ?s :q ?o } }", ["one"]),
    ],
)
def test_a_service_stands_where_patterns_stand(client, other, pattern, names) -> None:
    text = pattern.replace("URL", other[0])
    query = f"PREFIX : <{HERE}> SELECT * {{ ?s :p ?n {text} }}"
    assert cells(ask(client, query), "o") == names


def test_load_and_service_in_updates(client, other) -> None:
    root = other[0]
    text = f"""PREFIX : <{HERE}>
        LOAD <{root}data.ttl> INTO GRAPH :loaded ;
        LOAD SILENT <{root}down> ;
        INSERT {{ GRAPH :more {{ ?s :o ?o }} }}
        WHERE {{ SERVICE <{root}sparql> {{ ?s ?p ?o }} }}"""
    sent = client.post("/update", data=text, content_type="application/sparql-update")
    assert sent.status_code == 204, sent.text
    loaded = ask(client, f"SELECT * {{ GRAPH <{HERE}loaded> {{ ?s ?p ?o }} }}")
    assert len(loaded.json["results"]["bindings"]) == 4
    assert f"{root}rel" in cells(loaded, "s")
    more = ask(client, f"SELECT * {{ GRAPH <{HERE}more> {{ ?s ?p ?o }} }}")
    assert cells(more, "o") == sorted(["one", ODD])


# --- what it refuses ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "status", "says"),
    [
        ("SELECT * { SERVICE <BEYOND> { ?s ?p ?o } }", 403, "remote_allow"),
        ("SELECT * { SERVICE SILENT <BEYOND> { ?s ?p ?o } }", 403, "remote_allow"),
        ("SELECT * { SERVICE <URL> {?s ?p ?o} SERVICE <BEYOND> {?s ?p ?o} }", 403, "remote_allow"),
        ("SELECT * { BIND (<URL> AS ?u) SERVICE ?u { ?s ?p ?o } }", 400, "whole address"),
        ("PREFIX u: <URL> SELECT * { SERVICE u:sparql { ?s ?p ?o } }", 400, "whole address"),
        ("SELECT * { SERVICE <URL> { ?s ?p } }", 400, "line 1"),
        ("SELECT * { SERVICE <URLaway> { ?s ?p ?o } }", 502, "redirects are not followed"),
        ("SELECT * { SERVICE <URLdown> { ?s ?p ?o } }", 502, "answered 500"),
        ("SELECT * { SERVICE <URLodd> { ?s ?p ?o } }", 502, "text/html"),
        ("SELECT * { SERVICE <URLtruth> { ?s ?p ?o } }", 502, "yes or no"),
        ("SELECT * { SERVICE <URLhostile> { ?s ?p ?o } }", 502, "cannot be read"),
        ("SELECT * { SERVICE <URLlarge> { ?s ?p ?o } }", 502, "remote_bytes"),
        ("SELECT * { SERVICE <URLslow> { ?s ?p ?o } }", 502, "remote_seconds"),
    ],
)
def test_refusals(client, other, query, status, says) -> None:
    root, beyond, seen = other
    began, asked = time.monotonic(), len(Elsewhere.asked)
    response = ask(client, query.replace("URL", root).replace("BEYOND", beyond))
    assert (response.status_code, says in response.text) == (status, True), response.text
    assert time.monotonic() - began < 8
    assert seen == [], "nobody came where they may not go"
    if status in {400, 403}:
        assert len(Elsewhere.asked) == asked, "what is refused is seen before anything is fetched"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("LOAD <BEYONDdata.ttl>", 403),
        ("LOAD SILENT <BEYONDdata.ttl>", 403),
        ("LOAD <URLdata.nq>", 502),
        ("LOAD <URLaway>", 502),
        ("LOAD <URLdata.ttl> INTO GRAPH <https://w3id.org/pactgraph/id/graph/facts>", 403),
        ("L\\u004FAD <URLdata.ttl>", 400),
        ("LOAD <file:///etc/passwd>", 403),
    ],
)
def test_refusals_of_updates(client, other, text, status) -> None:
    root, beyond, seen = other
    text = text.replace("URL", root).replace("BEYOND", beyond)
    sent = client.post("/update", data=text, content_type="application/sparql-update")
    assert (sent.status_code, seen) == (status, []), sent.text


def test_this_machine_is_not_reached_unless_a_setting_says_so(data, other) -> None:
    app = create_app(Settings(data=data, remote_allow=[other[0]]))
    asked = len(Elsewhere.asked)
    response = ask(app.test_client(), f"SELECT * {{ SERVICE <{other[0]}sparql> {{ ?s ?p ?o }} }}")
    app.extensions["close"]()
    assert (response.status_code, "remote_networks" in response.text) == (403, True)
    assert len(Elsewhere.asked) == asked


def test_certificates_are_checked(tmp_path, monkeypatch) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=x",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    server = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        root = f"https://127.0.0.1:{server.server_port}/"
        reach = Reach((root, root.replace("127.0.0.1", "localhost")), LOOPBACK)
        with pytest.raises(NotFetched, match="certificate"):
            fetch(reach, f"{root}sparql", JSON, b"query=x")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))  # as if an authority had signed it
        assert fetch(reach, f"{root}sparql", JSON, b"query=x") == (JSON, FOUND)
        with pytest.raises(NotFetched, match="certificate"):  # it is of another name
            fetch(reach, f"{root}sparql".replace("127.0.0.1", "localhost"), JSON, b"query=x")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


# --- addresses ----------------------------------------------------------------------------------

ALLOWED = Reach(("https://a.example/sparql", "http://b.example:8080/"))


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/sparql", "https://A.example:443/sparql?x=1", "https://a.example/sparql/x",
        "http://b.example:8080/any/where", "http://b.example:8080",
    ],
)  # fmt: skip
def test_what_begins_like_an_allowed_address_may_be_fetched(url) -> None:
    ALLOWED.check(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example/sparql", "https://a.example/sparqlx", "https://a.example/",
        "https://a.example.evil.example/sparql", "https://a.example@evil.example/sparql",
        "https://evil.example/https://a.example/sparql", "https://a.example:444/sparql",
        "https://a.example/sparql/../secret", "https://a.example/sparql/%2e%2e/secret",
        "https://a.example/sparql/..%2fsecret", "http://b.example:8080\\@evil.example/",
        "https://a.example\\.evil.example/sparql", "http://b.example/", "file:///etc/passwd",
        "//b.example:8080/", "http://b.example:99999/", "https://a.example/sparql\nHost: x", "",
        "https://\u0430.example/sparql", "http://[::1]:8080/",
    ],
)  # fmt: skip
def test_what_only_looks_like_an_allowed_address_is_refused(url) -> None:
    with pytest.raises(NotFetched, match="remote_allow"):
        ALLOWED.check(url)


INSIDE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0",
    "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1",
    "::ffff:127.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1",
]  # fmt: skip


class Socket:
    """Notes where somebody connects to."""

    reached: list[str] = []  # noqa: RUF012  shared on purpose

    def __init__(self, *_: object) -> None:
        pass

    def settimeout(self, seconds: float) -> None:
        pass

    def connect(self, address: tuple[str, int]) -> None:
        self.reached.append(address[0])

    def close(self) -> None:
        pass


def resolving(monkeypatch, *answers: str) -> list[str]:
    """Let every name lead to these addresses, and note each look-up."""
    asked: list[str] = []

    def look(host: str, port: int, type: int = 0):
        asked.append(host)
        family = [socket.AF_INET6 if ":" in one else socket.AF_INET for one in answers]
        return [(f, type, 0, "", (one, port)) for f, one in zip(family, answers, strict=True)]

    monkeypatch.setattr(socket, "getaddrinfo", look)
    monkeypatch.setattr(socket, "socket", Socket)
    Socket.reached.clear()
    return asked


@pytest.mark.parametrize("address", INSIDE)
def test_names_that_lead_inside_are_refused(monkeypatch, address) -> None:
    resolving(monkeypatch, address)
    with pytest.raises(NotFetched, match="no public address"):
        ALLOWED.connect("a.example", 443)
    assert Socket.reached == []


def test_the_address_that_was_checked_is_the_one_connected_to(monkeypatch) -> None:
    """A name server that answers otherwise the second time is not asked a second time."""
    asked = resolving(monkeypatch, "127.0.0.1", "93.184.216.34", "10.0.0.1")
    ALLOWED.connect("a.example", 443)
    assert (asked, Socket.reached) == (["a.example"], ["93.184.216.34"])


# --- the text -----------------------------------------------------------------------------------


def test_clauses_are_found_where_they_are_and_only_there() -> None:
    text = (
        "SELECT ?service { ?s ex:SERVICE 'SERVICE <u:x> {}' # SERVICE <u:y> {}\n"
        "SERVICE SILENT <u:a> { { ?s ?p '}' } } ?load <u:LOAD> <u:z> SERVICE<u:b>{} }"
    )
    found = [(c.word, c.address, c.silent, text[c.start : c.end]) for c in clauses(text)]
    assert found == [
        ("SERVICE", "u:a", True, "SERVICE SILENT <u:a> { { ?s ?p '}' } }"),
        ("SERVICE", "u:b", False, "SERVICE<u:b>{}"),
    ]


@pytest.mark.parametrize(
    "text",
    ["SERVICE", "SERVICE <u:a>", "SERVICE <u:a> {", "SERVICESILENT <u:a> {}", "LOAD <a>",
     "LOAD <u:a> INTO GRAPH", "SERVICE <u:a> { ?s ?p ?o"],
)  # fmt: skip
def test_broken_clauses_are_refused(text) -> None:
    with pytest.raises(NotFetched) as refused:
        list(clauses(text))
    assert refused.value.status == 400


def test_so_many_in_one_request_and_no_more() -> None:
    with pytest.raises(NotFetched, match="ask in parts"):
        expand("LOAD <http://b.example:8080/> ; " * 9, ALLOWED)
