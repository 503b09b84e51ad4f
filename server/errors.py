"""One shape of error for every route: problem+json, a page or text, as the client asks."""

from __future__ import annotations

from flask import Response, jsonify, make_response, request
from werkzeug.exceptions import HTTPException

from kg.errors import LockedError, PactgraphError, Timeout
from server.pool import Busy

TITLES = {
    400: "Bad request",
    401: "A token is needed",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    413: "Too large",
    415: "Media type not known",
    422: "Checks failed",
    429: "Too many requests",
    500: "Something went wrong here",
    503: "Not now",
}
RETRY_SECONDS = "1"
_JSON = "application/problem+json"
_PROTOCOL = ("/sparql", "/update", "/graphs")


def problem(status: int, detail: str) -> Response:
    """Return an error in the form that the client takes best."""
    accepted = request.accept_mimetypes
    protocol = request.path.startswith(_PROTOCOL)
    kind = accepted.best_match([_JSON, "application/json", "text/html", "text/plain"], _JSON)
    if kind == "text/html" and not protocol:
        from server.pages import render_error

        return make_response(render_error(status, detail), status)
    if kind == "text/plain" or (protocol and "json" not in request.headers.get("Accept", "")):
        return Response(detail.rstrip("\n") + "\n", status, mimetype="text/plain")
    title = TITLES.get(status, "Error")
    response = jsonify(type="about:blank", title=title, status=status, detail=detail)
    response.status_code, response.mimetype = status, _JSON
    return response


def of_error(error: PactgraphError) -> Response:
    """Answer with an error that pactgraph raised on purpose."""
    response = problem(error.status, str(error))
    if isinstance(error, Busy | Timeout | LockedError):
        response.headers["Retry-After"] = RETRY_SECONDS
    return response


def of_http(error: HTTPException) -> Response:
    """Answer with an error that the web framework raised."""
    response = problem(error.code or 500, error.description or str(error))
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            response.headers[name] = value
    return response
