"""The web application: pages and protocol over the releases of a data folder."""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from kg.errors import PactgraphError
from kg.release import DataFolder
from kg.settings import Settings
from server import describe, errors, pages, sparql
from server.pool import Pool
from server.served import Served

_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "X-Pactgraph-Release, ETag, Retry-After",
}
_SECURE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}
# Scripts and styles come from here only; the pages use neither inline ones nor other hosts.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)


def create_app(settings: Settings) -> Flask:
    """Return the application that serves `settings.data`; it follows new releases by itself."""
    app = Flask(__name__, static_folder=None)
    folder = DataFolder(settings.data, base=settings.base, keep=settings.keep_releases)
    pool = Pool(folder, settings)
    app.extensions["settings"] = settings
    app.extensions["folder"] = folder
    app.extensions["pool"] = pool
    app.extensions["graph"] = Served(pool, folder)
    for blueprint in (sparql.blueprint, describe.blueprint, pages.blueprint):
        app.register_blueprint(blueprint)
    app.register_error_handler(PactgraphError, errors.of_error)
    app.register_error_handler(HTTPException, errors.of_http)
    app.after_request(_headers)
    app.add_url_rule("/healthz", "healthz", lambda: Response("ok\n", mimetype="text/plain"))
    app.add_url_rule("/readyz", "readyz", lambda: _ready(pool))
    return app


def _ready(pool: Pool) -> Response:
    release = pool.release
    if release is None:
        return Response("no release yet; run pactgraph build\n", 503, mimetype="text/plain")
    return Response(f"release {release.number}\n", mimetype="text/plain")


def _headers(response: Response) -> Response:
    for name, value in {**_CORS, **_SECURE}.items():
        response.headers.setdefault(name, value)
    if response.mimetype == "text/html":
        response.headers.setdefault("Content-Security-Policy", _POLICY)
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, POST, PUT, DELETE, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = "Accept, Authorization, Content-Type"
    return response
