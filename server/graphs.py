"""The SPARQL 1.1 Graph Store HTTP Protocol: `/graphs?default`, `?graph=IRI`, and `/graphs/NAME`.

Rules: https://www.w3.org/TR/sparql11-http-rdf-update/. Without a name, GET answers with the whole
dataset and POST makes a graph of its own.
"""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, current_app, request
from werkzeug.http import parse_options_header

from kg.errors import InputError, QueryError
from server.auth import require
from server.body import WrongMediaType, limit, utf8_body
from server.sparql import respond_graph
from server.update import UPDATE_TYPE, submit, told

blueprint = Blueprint("graphs", __name__)
_WRITES = ["PUT", "POST", "DELETE", "PATCH"]
_PLAIN = "/:@!$&'()*+,;=~-._"  # what stands for itself in the path of an address
_DEFAULT_TYPE = "text/turtle"


class NotAllowed(InputError):
    """The method cannot be used on what the address names."""

    status = 405


@blueprint.get("/graphs")
@blueprint.get("/graphs/<path:name>")
def read(name: str = "") -> Response:
    """Answer with one graph, or with the whole dataset where none is named."""
    graph = _graph(name)
    return respond_graph(graph or "", everything=graph is None)


@blueprint.route("/graphs", methods=_WRITES)
@blueprint.route("/graphs/<path:name>", methods=_WRITES)
def write(name: str = "") -> Response:
    """Change one graph; answers when the release with the change is served."""
    settings = current_app.extensions["settings"]
    graph = _graph(name)
    limit(settings.upload_bytes, "upload_bytes")
    if graph is None:
        if request.method != "POST":
            raise NotAllowed(f"{request.method} needs a graph: add ?default or ?graph=IRI")
        graph = f"{request.url_root}graphs/{uuid.uuid4()}"
    op: dict[str, Any] = {"kind": request.method.lower(), "graph": graph, "base": graph or None}
    if op["base"] is None:
        op["base"] = request.base_url
    bodies: list[bytes] = []
    if request.method == "PATCH":
        if request.mimetype != UPDATE_TYPE:
            raise WrongMediaType(f"a PATCH comes as {UPDATE_TYPE}")
        bodies = [utf8_body("an update").encode()]
    elif request.method != "DELETE":
        op["types"], bodies = _payload()
    require("graphs")
    return told(submit(op, bodies), location=graph)


def _graph(name: str) -> str | None:
    """Return the IRI that a request names, "" for the unnamed graph, None for no name at all."""
    if name:
        return f"{request.url_root}graphs/{quote(name, safe=_PLAIN)}"
    named, unnamed = request.args.getlist("graph"), "default" in request.args
    if len(named) + unnamed > 1:
        raise QueryError("name one graph: either ?default or one ?graph=IRI")
    if unnamed:
        return ""
    if not named:
        return None
    if ":" not in named[0]:
        raise QueryError(f"{named[0]!r} is no absolute IRI; write the whole address of the graph")
    return named[0]


def _payload() -> tuple[list[str], list[bytes]]:
    """Return media types and contents of what was sent: a body, or the parts of a form."""
    if request.mimetype == "multipart/form-data":
        files = [file for key in request.files for file in request.files.getlist(key)]
        if not files:
            raise QueryError("the form holds no file with RDF")
        return [file.mimetype or _DEFAULT_TYPE for file in files], [file.read() for file in files]
    kind = parse_options_header(request.headers.get("Content-Type", ""))[0] or _DEFAULT_TYPE
    return [kind], [request.get_data()]
