"""Named queries over HTTP, in every result format, and the OpenAPI document made from them.

A new file under `queries/` is a new address here, with nothing to register.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request

from kg import catalog
from server.negotiate import NAMES
from server.query import Ask
from server.sparql import respond, wants_page

blueprint = Blueprint("api", __name__)
_KINDS = {"integer": "integer", "decimal": "number", "double": "number"}
_REFUSALS = {
    "400": "a value of a parameter cannot be used",
    "404": "no query, or no parameter, of that name",
    "406": "the result does not come in a media type that was asked for",
    "429": "too many requests of one client",
    "503": "the query took too long, or all query processes are busy; see Retry-After",
}


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


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """Describe the routes for machines, OpenAPI 3.1; made from the headers of the queries."""
    paths: dict[str, Any] = {
        "/sparql": {"get": _sparql(), "post": _sparql_post()},
        "/queries": {
            "get": {
                "operationId": "listQueries",
                "summary": "The named queries with their parameters",
                "responses": {"200": _json("the list")} | _refusals("429"),
            }
        },
        "/healthz": {"get": _plain("health", "Is the service up?")},
    }
    for query in queries().values():
        paths[f"/queries/{query.name}"] = {"get": _operation(query)}
    settings = current_app.extensions["settings"]
    return jsonify(
        {
            "openapi": "3.1.0",
            "info": {
                "title": settings.title,
                "version": version("pactgraph"),
                "description": "A graph of agreements in which every fact leads to its sentence.",
            },
            "servers": [{"url": request.url_root.rstrip("/")}],
            "paths": paths,
        }
    )


def _operation(query: catalog.NamedQuery) -> dict[str, Any]:
    parameters = [
        {
            "name": name,
            "in": "query",
            "required": False,
            "description": f"{parameter.type}; without it the example is used",
            "schema": {"type": _KINDS.get(parameter.type, "string")},
            "example": parameter.example,
        }
        for name, parameter in query.parameters.items()
    ]
    return {
        "operationId": f"query_{query.name.replace('-', '_')}",
        "summary": query.title,
        "description": query.question,
        "parameters": [*parameters, _format()],
        "responses": {"200": _results()} | _refusals(*_REFUSALS),
    }


def _sparql() -> dict[str, Any]:
    parameters = [
        {"name": "query", "in": "query", "required": True, "schema": {"type": "string"}},
        {"name": "default-graph-uri", "in": "query", "schema": {"type": "string"}},
        {"name": "named-graph-uri", "in": "query", "schema": {"type": "string"}},
        _format(),
    ]
    return {
        "operationId": "sparql",
        "summary": "SPARQL 1.1 query",
        "parameters": parameters,
        "responses": {"200": _results()} | _refusals(*_REFUSALS),
    }


def _sparql_post() -> dict[str, Any]:
    return {
        "operationId": "sparqlPost",
        "summary": "SPARQL 1.1 query in the body",
        "requestBody": {
            "required": True,
            "content": {
                "application/sparql-query": {"schema": {"type": "string"}},
                "application/x-www-form-urlencoded": {
                    "schema": {
                        "type": "object",
                        "required": ["query"],
                        "properties": {"query": {"type": "string"}},
                    }
                },
            },
        },
        "responses": {"200": _results()}
        | _refusals(*_REFUSALS)
        | {"413": {"description": "too long"}, "415": {"description": "unknown media type"}},
    }


def _format() -> dict[str, Any]:
    return {"name": "format", "in": "query", "schema": {"type": "string", "enum": sorted(NAMES)}}


def _results() -> dict[str, Any]:
    kinds = sorted(set(NAMES.values()))
    return {"description": "the result", "content": {kind: {} for kind in kinds}}


def _json(what: str) -> dict[str, Any]:
    return {"description": what, "content": {"application/json": {}}}


def _plain(name: str, summary: str) -> dict[str, Any]:
    ok = {"description": "yes", "content": {"text/plain": {}}}
    return {"operationId": name, "summary": summary, "responses": {"200": ok}}


def _refusals(*statuses: str) -> dict[str, Any]:
    content: dict[str, Any] = {"application/problem+json": {}, "text/plain": {}, "text/html": {}}
    return {s: {"description": _REFUSALS[s], "content": content} for s in statuses}
