"""The web application: pages and protocol over the releases of a data folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from kg.errors import PactgraphError
from kg.release import DataFolder
from kg.settings import Settings
from kg.tokens import Tokens
from server import (
    api,
    auth,
    describe,
    documents,
    errors,
    exporting,
    gone,
    graphs,
    health,
    openapi,
    pages,
    releases,
    sparql,
    update,
)
from server.cache import Cache
from server.front import Front
from server.metrics import Metrics
from server.readers import Readers
from server.remote import Remote
from server.served import Served
from server.writes import Writes

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

# Routes are looked up in this order where two of them fit.
_BLUEPRINTS = (
    sparql.blueprint,
    update.blueprint,
    graphs.blueprint,
    api.blueprint,
    openapi.blueprint,
    describe.blueprint,
    documents.blueprint,
    exporting.blueprint,
    releases.blueprint,
    health.blueprint,
    pages.blueprint,
)
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Authorization, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}
# Scripts and styles come from here only; the pages use neither inline ones nor other hosts.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)


def create_app(settings: Settings) -> Flask:
    """Return the application that serves `settings.data`; it follows new releases by itself.

    `app.extensions["close"]()` ends the processes that it has started.
    """
    app = Flask(__name__, static_folder=None)
    # One query or update; routes that take more say so themselves.
    app.config["MAX_CONTENT_LENGTH"] = settings.query_bytes
    app.config["MAX_FORM_MEMORY_SIZE"] = settings.query_bytes
    folder = DataFolder(settings.data, base=settings.base, keep=settings.keep_releases)
    readers = Readers(folder, settings)
    pool = readers.public
    writes = Writes(folder, settings, readers.wait_for)
    cache, metrics = Cache(settings.cache_bytes), Metrics(*readers.pools)
    app.extensions |= {
        "settings": settings,
        "folder": folder,
        "gone": gone.Gone(folder),
        "pool": pool,
        "readers": readers,
        "writes": writes,
        "remote": Remote(settings),
        "tokens": Tokens(settings.data),
        "cache": cache,
        "metrics": metrics,
        "graph": Served(folder),
        "close": lambda: _close(writes, readers),
    }
    for blueprint in _BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.register_error_handler(PactgraphError, errors.of_error)
    app.register_error_handler(HTTPException, errors.of_http)
    app.register_error_handler(Exception, errors.of_accident)
    app.before_request(auth.check)
    app.before_request(gone.check)
    app.after_request(_headers)
    inner: WSGIApplication = app.wsgi_app
    if settings.trusted_proxies:
        n = settings.trusted_proxies
        inner = ProxyFix(inner, x_for=n, x_proto=n, x_host=n, x_prefix=n)
    front = Front(inner, settings, cache, metrics, pool.current_number)
    app.extensions["front"] = front
    app.wsgi_app = front  # type: ignore[method-assign, assignment]
    return app


def _close(writes: Writes, readers: Readers) -> None:
    writes.close()
    readers.close()


def _headers(response: Response) -> Response:
    policy = _POLICY if response.mimetype == "text/html" else "default-src 'none'; sandbox"
    response.headers.setdefault("Content-Security-Policy", policy)
    if request.method == "OPTIONS":
        response.headers.update(_PREFLIGHT)
    return response
