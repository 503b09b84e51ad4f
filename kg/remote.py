"""Asking a SPARQL endpoint elsewhere, through SPARQLWrapper."""

from __future__ import annotations

import ast
import json
import urllib.error
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import InputError, QueryError

if TYPE_CHECKING:
    from SPARQLWrapper import SPARQLWrapper

Result = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples


def ask(text: str, endpoint: str, seconds: int) -> tuple[str, bytes]:
    """Return the media type and the body of the answer of an endpoint.

    `seconds` is how long it may be silent. Raises QueryError where it refuses the query,
    InputError where it cannot be reached.
    """
    try:
        return _post(text, endpoint, seconds)
    except InputError as error:
        # SPARQLWrapper leaves the reply open that its errors were made from.
        cause = error.__context__
        while cause:
            if isinstance(cause, urllib.error.HTTPError):
                cause.close()
            cause = cause.__context__
        raise


def _post(text: str, endpoint: str, seconds: int) -> tuple[str, bytes]:
    from SPARQLWrapper import POST, SPARQLExceptions

    client = _client(endpoint, seconds)
    client.setQuery(text)
    # Some servers never answer a direct POST, and long queries do not fit an address.
    client.setMethod(POST)
    asks_rows = client.queryType in {"SELECT", "ASK"}
    client.setReturnFormat("json" if asks_rows else "turtle")
    try:
        with client.query().response as response:
            return str(response.headers.get_content_type()), bytes(response.read())
    except SPARQLExceptions.QueryBadFormed as error:
        raise QueryError(f"{endpoint} refuses the query: {_said(error)}") from error
    except SPARQLExceptions.SPARQLWrapperException as error:
        raise InputError(f"{endpoint}: {_said(error)}; check the address") from error
    except TimeoutError as error:
        raise InputError(f"{endpoint} did not answer within {seconds} seconds") from error
    except urllib.error.HTTPError as error:
        raise InputError(f"{endpoint} answered {error.code} ({error.reason})") from error
    except (urllib.error.URLError, OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise InputError(f"{endpoint} cannot be reached ({reason}); check the address") from error


def _client(endpoint: str, seconds: int) -> SPARQLWrapper:
    from SPARQLWrapper import SPARQLWrapper as Client

    client = Client(endpoint, agent="pactgraph")
    client.setTimeout(seconds)
    return client


def _said(error: Exception) -> str:
    """Return what the server said, in one line."""
    words = str(error).split("Response:", 1)[-1].strip()
    if words.startswith(("b'", 'b"')):
        words = bytes(ast.literal_eval(words)).decode("utf-8", "replace")
    try:
        problem = json.loads(words)
    except ValueError:
        problem = None
    if isinstance(problem, dict):  # problem+json: RFC 9457
        words = str(problem.get("detail") or problem.get("title") or words)
    return " ".join(words.split())[:300]


def understand(media: str, body: bytes) -> Result:
    """Return the result that a body holds; raises ValueError or SyntaxError where it is none."""
    if form := ox.QueryResultsFormat.from_media_type(media):
        return ox.parse_query_results(body, format=form)
    if form_of_graph := ox.RdfFormat.from_media_type(media):
        quads = ox.parse(body, format=form_of_graph)
        store = ox.Store()
        store.bulk_extend(ox.Quad(q.subject, q.predicate, q.object) for q in quads)
        result = store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
        assert isinstance(result, ox.QueryTriples)
        return result
    raise ValueError(media)
