"""The pages over the sample graph, with the headers that a strict service sets."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from kg.settings import Settings
from server import pages
from server.graph import StoreGraph

CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'"


def load_sample() -> ModuleType:
    """Load the sample beside this file: the folders of tests are no packages."""
    spec = importlib.util.spec_from_file_location(
        "pages_sample", Path(__file__).with_name("sample.py")
    )
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def sample():
    """The graph of three invented texts, built once."""
    return load_sample().sample()


def make_app(sample, **settings: object) -> Flask:
    """Return an app that serves the pages alone over the sample."""
    app = Flask("pages_alone", static_folder=None)
    app.extensions["settings"] = Settings(title="Cable watch", **settings)
    app.extensions["graph"] = StoreGraph(
        sample.store, sample.documents, sample.release, sample.extractions
    )
    app.register_blueprint(pages.blueprint)

    @app.after_request
    def strict(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = CSP
        return response

    return app


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
