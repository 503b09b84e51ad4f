"""The SPARQL 1.1 Protocol, update part: form POST and direct POST.

Rules: https://www.w3.org/TR/sparql11-protocol/ section 2.2.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, request
from werkzeug.datastructures import MultiDict

from kg.errors import QueryError
from server.auth import require
from server.body import FORM_TYPE, limit, only, unknown, utf8_body
from server.remote import Remote
from server.writes import Writes

blueprint = Blueprint("update", __name__)
UPDATE_TYPE = "application/sparql-update"


@blueprint.post("/update")
def update() -> Response:
    """Run one update; answers 204 when the release with its effect is served."""
    limit(current_app.extensions["settings"].query_bytes, "query_bytes")
    text, source = _read()
    require("update")
    return run(text, source)


def run(text: str, source: MultiDict[str, str]) -> Response:
    """Run an update with the dataset that the parameters name; the caller checked the token."""
    op: dict[str, Any] = {
        "kind": "update",
        "base": request.base_url,
        "using": source.getlist("using-graph-uri"),
        "using_named": source.getlist("using-named-graph-uri"),
    }
    remote: Remote = current_app.extensions["remote"]
    return told(submit(op, [remote.update(text).encode()]))


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


def _read() -> tuple[str, MultiDict[str, str]]:
    kind = request.mimetype
    if kind == FORM_TYPE:
        if "query" in request.form:
            raise QueryError("this is the update service; send queries to /sparql")
        return only(request.form.getlist("update"), "update"), request.form
    if kind == UPDATE_TYPE:
        return utf8_body("an update"), request.args
    raise unknown("an update", UPDATE_TYPE, FORM_TYPE)
