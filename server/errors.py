"""One shape of error for every route: problem+json, a page or text, as the client asks."""

from __future__ import annotations

import traceback

from flask import Response, jsonify, make_response, request
from werkzeug.exceptions import HTTPException

from kg.errors import LockedError, PactgraphError, Timeout
from server import log
from server.crew import Lost
from server.negotiate import ranked
from server.query import Busy

TITLES = {
    400: "Bad request",
    401: "A token is needed",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    410: "Gone",
    413: "Too large",
    415: "Media type not known",
    422: "Checks failed",
    429: "Too many requests",
    500: "Something went wrong here",
    502: "Elsewhere failed",
    503: "Not now",
}
_TOO_LARGE = "the request is larger than the limit (settings query_bytes, upload_bytes)"
RETRY_SECONDS = "1"
_JSON = "application/problem+json"
_PROTOCOL = ("/sparql", "/update", "/graphs")
_OFFERED = (_JSON, "application/json", "text/html", "text/plain")


def problem(status: int, detail: str) -> Response:
    """Return an error in the form that the client takes best.

    The SPARQL routes answer in text, which is what SPARQL clients show, unless JSON is asked for.
    """
    wanted = [kind for kind in ranked(request.headers.get("Accept", "")) if kind in _OFFERED]
    kind = wanted[0] if wanted else ""
    protocol = request.path.startswith(_PROTOCOL)
    if kind == "text/html" and not protocol:
        from server.pages import render_error

        return make_response(render_error(status, detail), status)
    if kind in {"text/plain", "text/html"} or (protocol and not kind):
        text = detail.rstrip("\n") + "\n"
        return Response(text, status, mimetype="text/plain")
    title = TITLES.get(status, "Error")
    response = jsonify(type="about:blank", title=title, status=status, detail=detail)
    response.status_code, response.mimetype = status, _JSON
    return response


def of_error(error: PactgraphError) -> Response:
    """Answer with an error that pactgraph raised on purpose."""
    response = problem(error.status, str(error))
    if isinstance(error, Busy | Timeout | LockedError | Lost) or error.status == 503:
        response.headers["Retry-After"] = RETRY_SECONDS
    return response


def of_http(error: HTTPException) -> Response:
    """Answer with an error that the web framework raised."""
    status = error.code or 500
    response = problem(status, _TOO_LARGE if status == 413 else error.description or str(error))
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            response.headers[name] = value
    return response


def of_accident(error: Exception) -> Response:
    """Answer with an error that nobody foresaw: it goes to the log, not to the reader."""
    log.event("error", error=repr(error), trace=traceback.format_exc())
    return problem(500, "an error that nobody foresaw; it is in the log, under the X-Request-ID")
