"""The SPARQL 1.1 Protocol, query part: GET, form POST and direct POST.

Rules: https://www.w3.org/TR/sparql11-protocol/ section 2.1 (one query, UTF-8, dataset parameters).
"""

from __future__ import annotations

from flask import Blueprint, Response, current_app, request

from kg.errors import InputError, QueryError
from server.negotiate import NAMES, ranked
from server.pool import Ask, Pool

blueprint = Blueprint("sparql", __name__)
QUERY_TYPE = "application/sparql-query"
FORM_TYPE = "application/x-www-form-urlencoded"


class UnknownMediaType(InputError):
    """The body comes in a media type that the protocol does not know."""

    status = 415


@blueprint.route("/sparql", methods=["GET", "POST"])
def sparql() -> Response:
    """Answer one query."""
    if request.method == "GET" and "query" not in request.args:
        return _without_query()
    return respond(read_request(), request.headers.get("Accept", ""))


def _without_query() -> Response:
    if "update" in request.args:
        raise QueryError("an update cannot come by GET; POST it to /update")
    if request.accept_mimetypes.best_match(["text/html", "text/turtle"]) == "text/html":
        from server.questions import query_page

        page: Response = current_app.make_response(query_page())
        return page
    if request.args:
        raise QueryError("the parameter query is missing; send GET /sparql?query=…")
    from server.describe import service_description

    return service_description()


def read_request() -> Ask:
    """Return the query of a request with its dataset; raises QueryError or UnknownMediaType."""
    if request.method == "GET":
        return _ask(request.args.getlist("query"), request.args)
    kind = request.mimetype
    if kind == FORM_TYPE:
        if "update" in request.form:
            raise QueryError("this is the query service; POST updates to /update")
        return _ask(request.form.getlist("query"), request.form)
    if kind == QUERY_TYPE:
        charset = request.mimetype_params.get("charset", "utf-8").lower()
        if charset.replace("-", "") != "utf8":
            raise UnknownMediaType(f"a query has to be in UTF-8, not {charset}")
        try:
            text = request.get_data().decode("utf-8")
        except UnicodeDecodeError as error:
            raise QueryError(
                f"the query is not in UTF-8: byte {error.start} cannot be read"
            ) from error
        return _ask([text], request.args)
    raise UnknownMediaType(
        f"a query cannot come as {kind or 'a body without Content-Type'};"
        f" use {QUERY_TYPE} or {FORM_TYPE}"
    )


def _ask(queries: list[str], source: object) -> Ask:
    if len(queries) != 1:
        many = "the parameter query is missing" if not queries else "send one query only"
        raise QueryError(f"{many}; it has to be there exactly once")
    get = source.getlist  # type: ignore[attr-defined]
    return Ask(
        queries[0],
        default=tuple(get("default-graph-uri")),
        named=tuple(get("named-graph-uri")),
        base=request.base_url,
        union=current_app.extensions["settings"].union_default_graph,
    )


def respond(ask: Ask, accept: str) -> Response:
    """Run a query and answer in the media type that fits best; `?format=` beats Accept."""
    name = request.values.get("format", "")
    if name and name not in NAMES:
        raise QueryError(f"unknown format {name!r}; the formats are {', '.join(sorted(NAMES))}")
    wanted = [NAMES[name]] if name else ranked(accept)
    pool: Pool = current_app.extensions["pool"]
    answer = pool.ask(Ask(ask.query, tuple(wanted), ask.default, ask.named, ask.base, ask.union))
    response = Response(answer.chunks(), mimetype=answer.media_type)
    response.headers["Content-Length"] = str(answer.size)
    response.headers["X-Pactgraph-Release"] = str(answer.release)
    response.headers["Vary"] = "Accept, Accept-Encoding"
    return response
