"""Named queries over HTTP, in every result format; `server.openapi` describes them.

A new file under `queries/` is a new address here, with nothing to register.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request

from kg import catalog
from server.query import Ask
from server.sparql import respond, wants_page

blueprint = Blueprint("api", __name__)


@cache
def _queries(dirs: tuple[Path, ...]) -> dict[str, catalog.NamedQuery]:
    return catalog.load(dirs)


def queries() -> dict[str, catalog.NamedQuery]:
    """Return the named queries that the service offers: the project's and the collection's."""
    settings = current_app.extensions["settings"]
    return _queries(tuple(settings.query_dirs))


@blueprint.get("/queries")
def index() -> Response:
    """List the named queries, as a page or as JSON."""
    if wants_page():
        from server.questions import all_questions

        page: Response = current_app.make_response(all_questions())
        return page
    return jsonify([_about(query) for query in queries().values()])


@blueprint.get("/queries/<name>")
def named(name: str) -> Response:
    """Answer a named query; its parameters come as `?name=value`."""
    if wants_page():
        from server.questions import question

        page: Response = current_app.make_response(question(name))
        return page
    query = catalog.find(queries(), name)
    given = {k: v for k, v in request.args.items() if k != "format"}
    settings = current_app.extensions["settings"]
    text = query.bind(given, base=settings.base)
    ask = Ask(text, base=request.base_url, union=True)
    return respond(ask, label=f"queries/{name}")


def _about(query: catalog.NamedQuery) -> dict[str, Any]:
    return {
        "name": query.name,
        "title": query.title,
        "question": query.question,
        "parameters": {
            name: {"type": parameter.type, "example": parameter.example}
            for name, parameter in query.parameters.items()
        },
        "expects": query.expects,
        "url": f"{request.url_root}queries/{query.name}",
    }
