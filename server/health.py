"""What those who run the service look at: liveness, readiness, counts."""

from __future__ import annotations

from flask import Blueprint, Response, current_app

from kg.errors import PactgraphError

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def alive() -> Response:
    """Say that the web process answers."""
    return _text("ok\n")


@blueprint.get("/readyz")
def ready() -> Response:
    """Say whether queries can be answered, and from which release."""
    try:
        release = current_app.extensions["pool"].release
    except PactgraphError as error:
        return _text(f"{error}\n", 503)
    if release is None:
        return _text("no release yet; run pactgraph build\n", 503)
    return _text(f"release {release.number}\n")


@blueprint.get("/metrics")
def metrics() -> Response:
    """Give the counts in the text format of Prometheus."""
    found: bytes = current_app.extensions["metrics"].text()
    return Response(found, content_type="text/plain; version=0.0.4; charset=utf-8")


def _text(words: str, status: int = 200) -> Response:
    return Response(words, status, mimetype="text/plain", headers={"Cache-Control": "no-store"})
