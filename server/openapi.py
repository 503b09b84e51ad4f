"""The OpenAPI document: the routes for programs, the named queries from their headers."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request

from kg import catalog
from server.api import queries
from server.negotiate import NAMES

blueprint = Blueprint("openapi", __name__)
_KINDS = {"integer": "integer", "decimal": "number", "double": "number"}
_REFUSALS = {
    "400": "a value of a parameter cannot be used",
    "401": "a token that holds no longer",
    "404": "no query, or no parameter, of that name",
    "406": "the result does not come in a media type that was asked for",
    "429": "too many requests of one client",
    "503": "the query took too long, or all query processes are busy; see Retry-After",
}
_OF_FETCHING = {
    "403": "SERVICE to an address that is not on the list of this service",
    "502": "what a SERVICE asks for elsewhere cannot be had",
}
_OF_WRITES = {
    "400": "what was sent cannot be used; the words say why",
    "401": "no token, or one that holds no longer",
    "403": "the token lacks the scope, or nobody has a token",
    "404": "there is no such release or format",
    "405": "the address does not know the method",
    "413": "larger than upload_bytes",
    "415": "no reader for such files",
    "422": "the checks refuse what would come of it; nothing was changed",
    "503": "somebody else is writing, or it took too long; see Retry-After",
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
        "/documents": {"post": _documents()},
        "/releases": {
            "get": {
                "operationId": "listReleases",
                "summary": "The releases, the newest first",
                "responses": {"200": _json("the list")} | _refusals("429"),
            }
        },
        "/releases/{release}/rollback": {"post": _rollback()},
        "/export": {
            "get": {
                "operationId": "listExports",
                "summary": "The formats of exports",
                "responses": {"200": _json("the list")} | _refusals("429"),
            }
        },
        "/export/{form}": {"get": _export()},
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
            "components": {
                "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            },
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
        "responses": {"200": _results()} | _refusals(*_REFUSALS, *_OF_FETCHING, of=_OF_FETCHING),
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
        | _refusals(*_REFUSALS, *_OF_FETCHING, of=_OF_FETCHING)
        | {"413": {"description": "too long"}, "415": {"description": "unknown media type"}},
    }


def _documents() -> dict[str, Any]:
    name = "the name of the file; its ending tells its kind"
    binary = {"schema": {"type": "string", "format": "binary"}}
    files = {"type": "array", "items": {"type": "string", "format": "binary"}}
    form = {"type": "object", "required": ["file"], "properties": {"file": files}}
    return {
        "operationId": "addDocuments",
        "summary": "Add documents; answers when the release with them is served",
        "security": [{"token": []}],
        "parameters": [
            {"name": "name", "in": "query", "description": name, "schema": {"type": "string"}}
        ],
        "requestBody": {
            "required": True,
            "content": {
                "text/plain": binary,
                "text/markdown": binary,
                "multipart/form-data": {"schema": form},
            },
        },
        "responses": {"200": _json("they were there already"), "201": _json("what was added")}
        | _refusals("400", "401", "403", "413", "415", "422", "429", "503", of=_OF_WRITES),
    }


def _rollback() -> dict[str, Any]:
    number = {"type": "integer", "minimum": 0, "maximum": 999_999}
    return {
        "operationId": "rollback",
        "summary": "Serve an earlier release again; answers when it is served",
        "security": [{"token": []}],
        "parameters": [{"name": "release", "in": "path", "required": True, "schema": number}],
        "responses": {"200": _json("the release that is served now")}
        | _refusals("401", "403", "404", "405", "429", "503", of=_OF_WRITES),
    }


def _export() -> dict[str, Any]:
    from kg.export import FORMATS

    kinds = sorted({form.media_type for form in FORMATS.values()})
    names = {"type": "string", "enum": list(FORMATS)}
    return {
        "operationId": "export",
        "summary": "The whole graph in one format, as far as public_text shows it",
        "parameters": [{"name": "form", "in": "path", "required": True, "schema": names}],
        "responses": {
            "200": {"description": "the file", "content": {kind: {} for kind in kinds}},
            "304": {"description": "it has not changed"},
        }
        | _refusals("400", "404", "429", "503", of=_OF_WRITES),
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


def _refusals(*statuses: str, of: dict[str, str] = _REFUSALS) -> dict[str, Any]:
    content: dict[str, Any] = {"application/problem+json": {}, "text/plain": {}, "text/html": {}}
    words = {**_REFUSALS, **of}
    return {s: {"description": words[s], "content": content} for s in statuses}
