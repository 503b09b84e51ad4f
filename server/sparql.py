"""The SPARQL 1.1 Protocol, query part: GET, form POST and direct POST; and graphs to read.

Rules: https://www.w3.org/TR/sparql11-protocol/ section 2.1 (one query, UTF-8, dataset parameters).
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from flask import Blueprint, Response, current_app, request
from werkzeug.datastructures import MultiDict

from kg.errors import QueryError
from kg.model import Release
from server import encode
from server.body import FORM_TYPE, only, unknown, utf8_body
from server.cache import Cache
from server.front import KEEP
from server.metrics import Metrics
from server.negotiate import NAMES, ranked
from server.query import Answer, Ask
from server.readers import pool, privileged
from server.remote import Remote

blueprint = Blueprint("sparql", __name__)
QUERY_TYPE = "application/sparql-query"
_PAGE = "text/html"


@blueprint.route("/sparql", methods=["GET", "POST"])
def sparql() -> Response:
    """Answer one query."""
    if request.method != "POST" and "query" not in request.args:
        return _without_query()
    return respond(read_request())


def _without_query() -> Response:
    if "update" in request.args:
        raise QueryError("an update cannot come by GET; POST it to /update")
    if wants_page():
        from server.questions import query_page

        page: Response = current_app.make_response(query_page())
        return page
    if request.args:
        raise QueryError("the parameter query is missing; send GET /sparql?query=…")
    from server.describe import service_description

    return service_description()


def wants_page() -> bool:
    """Tell whether a page for people is what the client likes best."""
    return "format" not in request.args and ranked(request.headers.get("Accept", ""))[0] == _PAGE


def read_request() -> Ask:
    """Return the query of a request with its dataset; raises QueryError or WrongMediaType."""
    if request.method != "POST":
        return _ask(request.args.getlist("query"), request.args)
    kind = request.mimetype
    if kind == FORM_TYPE:
        if "update" in request.form:
            raise QueryError("this is the query service; POST updates to /update")
        return _ask(request.form.getlist("query"), request.form)
    if kind == QUERY_TYPE:
        return _ask([utf8_body("the query")], request.args)
    raise unknown("a query", QUERY_TYPE, FORM_TYPE)


def _ask(queries: list[str], source: MultiDict[str, str]) -> Ask:
    return Ask(
        only(queries, "query"),
        default=tuple(source.getlist("default-graph-uri")),
        named=tuple(source.getlist("named-graph-uri")),
        base=request.base_url,
        union=current_app.extensions["settings"].union_default_graph,
    )


def respond_graph(graph: str, *, everything: bool) -> Response:
    """Answer with one graph ("" is the unnamed one), or with the whole dataset."""
    return respond(Ask("", graph=graph, everything=everything), label="graph")


def respond(ask: Ask, label: str = "") -> Response:
    """Run a query and answer in the media type that fits best; `?format=` beats Accept.

    `label` names the query in the metrics; without it the form of the query does.
    """
    name = request.values.get("format", "")
    if name and name not in NAMES:
        raise QueryError(f"unknown format {name!r}; the formats are {', '.join(sorted(NAMES))}")
    accept = (NAMES[name],) if name else ranked(request.headers.get("Accept", ""))
    ask = replace(ask, accept=accept)
    metrics: Metrics = current_app.extensions["metrics"]
    release = pool().release
    if privileged():
        return _run(ask, label, release, "")
    tag = _tag(ask, release)
    if release is not None and tag in request.if_none_match.as_set(include_weak=True):
        metrics.query(label or "not modified", 0.0, "cached")
        return Response(status=304, headers=_headers(release.number, tag))
    cache: Cache = current_app.extensions["cache"]
    key = (release.number, release.created) if release else None
    if (kept := cache.get(key, ask)) is not None:
        media_type, data, form = kept
        metrics.query(label or form, 0.0, "cached")
        return _whole(data, media_type, release.number if release else 0, tag)
    return _run(ask, label, release, tag)


def _run(ask: Ask, label: str, release: Release | None, tag: str) -> Response:
    metrics: Metrics = current_app.extensions["metrics"]
    with metrics.watch(label, ask):
        remote: Remote = current_app.extensions["remote"]
        answer: Answer = remote.ask(pool(), ask)
    metrics.query(label or answer.form, answer.seconds, "run", ask)
    cache: Cache = current_app.extensions["cache"]
    same = release is not None and answer.release == release.number
    # The release may have changed meanwhile: an answer is kept for the one it comes from.
    lasting = bool(tag) and same and not answer.volatile
    tag = tag if lasting else ""
    if answer.size > cache.largest:
        return _stream(answer, tag)
    data = answer.content()
    if release is not None and lasting:
        key = (release.number, release.created)
        cache.put(key, ask, (answer.media_type, data, answer.form), len(data) + len(ask.query))
    return _whole(data, answer.media_type, answer.release, tag)


def _tag(ask: Ask, release: Release | None) -> str:
    """Return the entity tag of an answer: what it depends on, so that it is known beforehand."""
    parts = (release and release.number, release and release.created, request.host, ask)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:24]


def _whole(data: bytes, media_type: str, release: int, tag: str) -> Response:
    encoding = encode.choose(request.headers.get("Accept-Encoding", ""), len(data))
    body = encode.encode(data, encoding) if encoding else data
    return Response(body, headers=_headers(release, tag, media_type, encoding))


def _stream(answer: Answer, tag: str) -> Response:
    encoding = encode.choose(request.headers.get("Accept-Encoding", ""), answer.size)
    parts = answer.chunks()
    headers = _headers(answer.release, tag, answer.media_type, encoding)
    if not encoding:
        headers.append(("Content-Length", str(answer.size)))
    return Response(encode.encode_stream(parts, encoding) if encoding else parts, headers=headers)


def _headers(
    release: int, tag: str, media_type: str = "", encoding: str = ""
) -> list[tuple[str, str]]:
    """Return the headers of an answer in one list, which is quicker than setting each."""
    # no-cache: keep it, and ask whether it still holds
    headers = [("ETag", f'W/"{tag}"'), ("Cache-Control", "no-cache")]
    if tag:
        request.environ[KEEP] = release
    else:
        headers = [("Cache-Control", "no-store")]
    headers += [("X-Pactgraph-Release", str(release)), ("Vary", "Accept, Accept-Encoding")]
    if media_type:
        text = media_type.startswith("text/")
        value = f"{media_type}; charset=utf-8" if text else media_type
        headers.append(("Content-Type", value))
    if encoding:
        headers.append(("Content-Encoding", encoding))
    return headers
