"""The pages over the sample graph, with the headers that a strict service sets."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from invented import sample as build_sample
from kg.errors import PactgraphError
from kg.settings import Settings
from server import errors
from server.graph import StoreGraph
from server.pages import blueprint

CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'"
ELSEWHERE = ("/sparql", "/graphs")  # addresses that the service answers, not the pages
_VOID = {"meta", "link", "input", "br", "hr", "img"}


@pytest.fixture(scope="session")
def sample():
    """The graph of three invented texts, built once."""
    return build_sample()


def make_app(sample, **settings: object) -> Flask:
    """Return an app that serves the pages alone over the sample."""
    app = Flask("pages_alone", static_folder=None)
    app.testing = True
    app.extensions["settings"] = Settings(title="Cable watch", **settings)
    app.extensions["graph"] = StoreGraph(
        sample.store, sample.documents, sample.release, sample.extractions
    )
    app.register_blueprint(blueprint)
    app.register_error_handler(PactgraphError, errors.of_error)
    app.register_error_handler(HTTPException, errors.of_http)

    @app.after_request
    def strict(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = CSP
        return response

    return app


@pytest.fixture(autouse=True)
def today(monkeypatch) -> dt.date:
    """The day on which the tests look at the pages, whatever the calendar says."""
    day = dt.date(2025, 6, 1)
    monkeypatch.setattr("server.words.today", lambda: day)
    return day


@pytest.fixture
def app(sample) -> Flask:
    """The pages over the sample, as on one's own machine: all text is shown."""
    return make_app(sample, public_text="full")


@pytest.fixture
def client(app) -> FlaskClient:
    """A client of the pages."""
    return app.test_client()


@pytest.fixture
def make(sample):
    """Make a client of the pages under other settings."""
    return lambda **settings: make_app(sample, **settings).test_client()


@dataclass
class Element:
    """One element of a page; `text` is all text inside, with single spaces."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None
    parts: list[str] = field(default_factory=list)
    inside: list[Element] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join(self.parts).split())

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    def all(self, tag: str = "", cls: str = "") -> list[Element]:
        """Return the elements inside with this tag and class, in order of the page."""
        found = []
        for element in self.inside:
            if (not tag or element.tag == tag) and (not cls or cls in element.classes):
                found.append(element)
            found += element.all(tag, cls)
        return found


class Page(HTMLParser):
    """A page as a tree; fails on tags that do not match."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.root = self.at = Element("", {}, None)
        self.feed(html)
        self.close()
        assert self.at is self.root, f"<{self.at.tag}> is not closed"

    def handle_starttag(self, tag, attributes):
        assert len({name for name, _ in attributes}) == len(attributes), f"doubled in <{tag}>"
        element = Element(tag, {name: value or "" for name, value in attributes}, self.at)
        self.at.inside.append(element)
        if tag not in _VOID:
            self.at = element

    def handle_startendtag(self, tag, attributes):
        self.at.inside.append(Element(tag, {n: v or "" for n, v in attributes}, self.at))

    def handle_endtag(self, tag):
        assert self.at.tag == tag, f"</{tag}> closes <{self.at.tag}>"
        self.at = self.at.parent

    def handle_data(self, data):
        element = self.at
        while element:
            element.parts.append(data)
            element = element.parent


@pytest.fixture
def get(client):
    """Fetch a page and return its tree; the status is checked."""

    def fetch(address: str, status: int = 200, by: FlaskClient = client) -> Element:
        response = by.get(address, headers={"Accept": "text/html"})
        assert response.status_code == status, address
        return Page(response.text).root

    return fetch


@pytest.fixture(scope="session")
def pages(sample) -> dict[str, Element]:
    """Every page that links lead to from the home page, by address; Turtle is fetched too."""
    client = make_app(sample, public_text="full").test_client()
    waiting, found = ["/"], {}
    while waiting:
        address = waiting.pop()
        if address in found or (address.startswith("/data/") and not address.endswith(".ttl")):
            continue
        assert len(found) < 1000, "the links do not come to an end"
        response = client.get(address)
        assert response.status_code in {200, 302, 303}, (address, response.status_code)
        found[address] = None
        if response.status_code == 200 and response.mimetype == "text/html":
            found[address] = tree = Page(response.text).root
            for link in tree.all("a"):
                target = urlsplit(urljoin(address, link.attributes["href"]))
                if not target.netloc and not target.path.startswith(ELSEWHERE):
                    waiting.append(target._replace(fragment="").geturl())
    return {address: tree for address, tree in found.items() if tree}
