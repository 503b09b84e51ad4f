"""The SPARQL 1.1 Protocol, update part: form POST and direct POST.

Rules: https://www.w3.org/TR/sparql11-protocol/ section 2.2.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, request
from werkzeug.datastructures import MultiDict

from kg.errors import InputError, QueryError
from server.auth import require
from server.writes import Writes

blueprint = Blueprint("update", __name__)
UPDATE_TYPE = "application/sparql-update"
FORM_TYPE = "application/x-www-form-urlencoded"


class WrongMediaType(InputError):
    """The body comes in a media type that this route does not know."""

    status = 415


class TooLong(InputError):
    """The body is larger than the limit."""

    status = 413


@blueprint.post("/update")
def update() -> Response:
    """Run one update; answers 204 when the release with its effect is served."""
    limit(current_app.extensions["settings"].query_bytes, "query_bytes")
    text, source = _read()
    require("update")
    return run(text, source)


def limit(most: int, setting: str) -> None:
    """Raise TooLong where the body is larger than the limit, as announced or as sent."""
    request.max_content_length = most
    if (request.content_length or 0) > most:
        raise TooLong(f"the body is larger than {most:,} bytes (setting {setting})")


def run(text: str, source: MultiDict[str, str]) -> Response:
    """Run an update with the dataset that the parameters name; the caller checked the token."""
    op: dict[str, Any] = {
        "kind": "update",
        "base": request.base_url,
        "using": source.getlist("using-graph-uri"),
        "using_named": source.getlist("using-named-graph-uri"),
    }
    return told(submit(op, [text.encode()]))


def submit(op: dict[str, Any], bodies: list[bytes]) -> dict[str, Any]:
    """Hand a write to the writer and return what it tells."""
    writes: Writes = current_app.extensions["writes"]
    return writes.submit(op, bodies)


def told(row: dict[str, Any], location: str = "") -> Response:
    """Return the answer to a write that was done."""
    created = row.get("created", False)
    response = Response(status=201 if created else 204)
    response.headers["X-Pactgraph-Release"] = str(row["release"])
    if created and location:
        response.headers["Location"] = location
    return response


def utf8_body(what: str) -> str:
    """Return the body as text; raises WrongMediaType or QueryError where it is not UTF-8."""
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if charset.replace("-", "") != "utf8":
        raise WrongMediaType(f"{what} has to be in UTF-8, not {charset}")
    try:
        return request.get_data().decode("utf-8")
    except UnicodeDecodeError as error:
        raise QueryError(f"{what} is not in UTF-8: byte {error.start} cannot be read") from error


def _read() -> tuple[str, MultiDict[str, str]]:
    kind = request.mimetype
    if kind == FORM_TYPE:
        found = request.form.getlist("update")
        if "query" in request.form:
            raise QueryError("this is the update service; send queries to /sparql")
        if len(found) != 1:
            many = "send one update only" if found else "the parameter update is missing"
            raise QueryError(f"{many}; it has to be there exactly once")
        return found[0], request.form
    if kind == UPDATE_TYPE:
        return utf8_body("an update"), request.args
    raise WrongMediaType(
        f"an update cannot come as {kind or 'a body without Content-Type'};"
        f" use {UPDATE_TYPE} or {FORM_TYPE}"
    )
