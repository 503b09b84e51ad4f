"""The pages: plain HTML that works without scripts; each is a few queries of `queries/browse`.

What the app hands in (and all it has to know of the pages):

- `app.extensions["graph"]`: a `server.graph.Graph` (release, answer, document, documents,
  extraction);
- `app.extensions["settings"]`: the `kg.settings.Settings` it was made with;
- `app.register_blueprint(server.pages.blueprint)`;
- `render_error(status, why)` is the page of an error, for the app's error handlers;
- `server.questions.query_page()` is `/sparql` without a query for a browser, and
  `server.questions.question(name)` is `/queries/{name}` for one.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from flask import (
    Blueprint,
    abort,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response

from kg.errors import PactgraphError, UnknownName
from kg.model import Release
from server import lists, ont, questions, words
from server.ask import ask, count, graph, href, iris, node, settings, text, things, val
from server.claims import load
from server.document import document_page
from server.draw import strip
from server.entity import entity_page
from server.quoting import Quoter, text_mode
from server.roles import PAGE, role

blueprint = Blueprint(
    "pages",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static",
)
blueprint.register_blueprint(lists.blueprint)
blueprint.register_blueprint(questions.blueprint)
blueprint.register_blueprint(ont.blueprint)
HTML = "text/html"
FORMATS = {
    "ttl": ("Turtle", "text/turtle"),
    "jsonld": ("JSON-LD", "application/ld+json"),
    "nt": ("N-Triples", "application/n-triples"),
    "rdf": ("RDF/XML", "application/rdf+xml"),
}
ROWS = 7  # rows of each list of the home page
FIRST_KINDS = "agreement act programme framework event commitment state org person".split()
_HELP = {
    400: ("This address asks for something that cannot be read.", "Check what was typed."),
    404: ("There is no such page.", "Search for the name, or browse what is there."),
    406: ("This is not to be had in the format asked for.", "Ask for HTML, Turtle or JSON-LD."),
    410: ("This is here no longer.", "Nothing of it is kept; browse what else there is."),
    503: ("The answer took too long or the service is busy.", "Try again, or ask for less."),
}


@blueprint.app_context_processor
def common() -> dict[str, Any]:
    """Return what every page shows: the collection, the release, the marks."""
    return {
        "collection": settings(),
        "release": _release(),
        "marks": words.MARKS,
        "words": words,
        "href": href,
        "version": _version(),
    }


def _release() -> Release | None:
    """Return the release, or None where none can be served: a page of an error needs none."""
    try:
        return graph().release
    except PactgraphError:
        return None


@cache
def _version() -> str:
    """Return a short hash of the static files, so that browsers may keep them for long."""
    folder = Path(__file__).parent / "static"
    contents = b"".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file())
    return hashlib.sha256(contents).hexdigest()[:8]


@blueprint.app_template_filter("number")
def number(value: int) -> str:
    """Write a whole number with thin spaces."""
    return words.number(value)


@blueprint.app_template_filter("plain")
def plain(value: object) -> str:
    """Write a text for an attribute: without marks of direction and control characters."""
    return words.plain(str(value))


@blueprint.app_template_filter("isoday")
def isoday(value: str) -> str:
    """Write an ISO day as people do; anything else stays as it is."""
    found = words.parse_day(value)
    return words.day(found) if found else value


def render_error(status: int, why: str | None = "") -> Response:
    """Return the page of an error: what happened, why, and what to do, one sentence each.

    Needs no release and no graph; `why` may hold anything.
    """
    what, advice = _HELP.get(
        status,
        ("Something went wrong here.", "Try again; if it stays, tell the people who run this."),
    )
    page = render_template("error.html", status=status, what=what, why=why or "", advice=advice)
    return make_response(page, status)


@blueprint.get("/")
def home() -> str:
    """Show what is in the graph: newest events, what is promised, what is contradicted."""
    if graph().release is None:
        return render_template("empty.html")
    new = ask("events-new", limit=ROWS)
    today = words.today().isoformat()
    promised = ask("promised", limit=ROWS, today=ox.Literal(today))
    denied = ask("contradicted", limit=ROWS)
    columns = ("event", "thing", "subject", "object", "status")
    rows = (*new, *promised, *denied)
    named = things(val(row, name) for row in rows for name in columns if ":" in val(row, name))
    counts = {kind: count for kind, _, count in lists.kind_counts()}
    totals = {val(row, "what"): int(val(row, "count")) for row in ask("totals")}
    return render_template(
        "home.html",
        today=today,
        new=[(named[val(row, "event")], val(row, "date")) for row in new],
        promised=[
            (named[val(row, "thing")], val(row, "until"), named.get(val(row, "status")))
            for row in promised
        ],
        contradicted=[
            (
                named[val(row, "subject")],
                words.term_label(val(row, "predicate")),
                named.get(val(row, "object")) or val(row, "object"),
                val(row, "last"),
            )
            for row in denied
        ],
        kinds=[(kind, counts[kind]) for kind in FIRST_KINDS if kind in counts],
        totals=totals,
        strip=strip(lists.times()),
    )


@blueprint.get("/about")
def about() -> str:
    """Say what this is, what the marks mean and whom to tell of mistakes."""
    return render_template("about.html")


@blueprint.get("/id/<kind>/<path:slug>")
def name(kind: str, slug: str) -> Response:
    """Send on from the name of a thing: a browser to its page, a program to its data (303)."""
    offered = [HTML, *(media for _, media in FORMATS.values())]
    wanted = request.accept_mimetypes.best_match(offered) if request.accept_mimetypes else HTML
    if wanted is None:
        abort(406)
    ending = next((end for end, (_, media) in FORMATS.items() if media == wanted), "")
    if kind == "graph":
        target = url_for("pages.document", doc_id=slug)
        if ending or not _is_document(slug):
            target = f"/graphs?graph={iris().graph(slug)}"
    elif ending:
        target = url_for("pages.data", kind=kind, slug=slug, ending=ending)
    elif kind == "doc":
        target = url_for("pages.document", doc_id=slug)
    elif kind == "evidence":
        doc_id, _, span = slug.partition("/")
        target = url_for("pages.document", doc_id=doc_id, _anchor=f"s{span}")
    else:
        target = url_for("pages.thing", kind=kind, slug=slug)
    response = redirect(target, 303)
    response.vary.add("Accept")
    return response


def _is_document(doc_id: str) -> bool:
    """Tell whether the release knows the document: the folder keeps those of others, too."""
    try:
        return bool(things([iri := iris().doc(doc_id)])[iri].type)
    except UnknownName:
        return False


@blueprint.get("/page/<kind>/<slug>")
def thing(kind: str, slug: str) -> Response:
    """Show a thing: its history, what is known and what is only said, with the words."""
    iri = iris().entity(kind, slug)
    page = entity_page(iri, Quoter(text_mode(settings())))
    if page is None:
        abort(404, "Nothing with this address is in the graph.")
    response = make_response(
        render_template(
            "entity.html",
            page=page,
            kind=kind,
            slug=slug,
            plural=words.kind_plural(kind),
            documents=_documents(iri, 0),
            formats=FORMATS,
        )
    )
    for ending, (_, media) in FORMATS.items():
        target = url_for("pages.data", kind=kind, slug=slug, ending=ending)
        response.headers.add("Link", f'<{target}>; rel="alternate"; type="{media}"')
    return response


def _documents(iri: str, offset: int) -> list[dict[str, Any]]:
    return lists.document_rows(ask("entity-documents", limit=PAGE, offset=offset, entity=node(iri)))


@blueprint.get("/page/<kind>/<slug>/<any(links, documents, statements):part>")
def more(kind: str, slug: str, part: str) -> str:
    """Show one long list of the page of a thing, cut into pages."""
    iri = iris().entity(kind, slug)
    common = {"thing": things([iri])[iri], "kind": kind, "part": part}
    if part == "documents":
        pages = lists.pager(count("entity-documents-count", entity=node(iri)), PAGE)
        return render_template(
            "more.html", documents=_documents(iri, pages.offset), pages=pages, **common
        )
    if part == "statements":
        pages = lists.pager(count("claims-by-speaker-count", entity=node(iri)), PAGE)
        rows = ask("claims-by-speaker", limit=PAGE, offset=pages.offset, entity=node(iri))
        claims = load([val(row, "claim") for row in rows], Quoter(text_mode(settings())))
        return render_template("more.html", claims=claims, pages=pages, **common)
    predicate, modality = request.args.get("property", ""), request.args.get("modality", "")
    counts = ask("said-in-counts" if modality else "links-in-counts", entity=node(iri))
    total = next(
        (
            int(val(row, "count"))
            for row in counts
            if val(row, "predicate") == predicate
            and val(row, "modality").rsplit("/", 1)[-1] == modality
        ),
        0,
    )
    if not total:
        abort(404, "Nothing points at this thing in that way.")
    pages = lists.pager(total, PAGE)
    found = role(iri, predicate, total, pages.offset, modality)
    return render_template("more.html", role=found, pages=pages, **common)


@blueprint.get("/page/claim/<claim_id>")
def claim(claim_id: str) -> str:
    """Show one claim: what it says, who says it, when, in which words."""
    iri = iris().claim(claim_id)
    found = load([iri], Quoter(text_mode(settings())))
    if not found:
        abort(404, "There is no claim with this address.")
    others = load(found[0].contradicts, Quoter(text_mode(settings())))
    return render_template("claim.html", claim=found[0], others=others, formats=FORMATS)


@blueprint.get("/data/<kind>/<path:slug>.<ending>")
def data(kind: str, slug: str, ending: str) -> Response:
    """Hand out what the graph holds about a thing or a document, as RDF."""
    if ending not in FORMATS:
        abort(404, f"Data are to be had as {', '.join(FORMATS)}.")
    iri = iris().entity(kind, slug)
    if kind == "doc":
        query = text("document-data", graph=node(iris().graph(slug)))
    else:
        query = text("entity-data", entity=node(iri))
    media, payload = graph().answer(query, [FORMATS[ending][1]])
    response: Response = current_app.response_class(payload, mimetype=media)
    response.headers.add("Link", f'<{iri}>; rel="describes"')
    return response


@blueprint.get("/documents/<doc_id>")
def document(doc_id: str) -> str:
    """Show a document with the evidence marked in its text, and its claims by sentence."""
    if not _is_document(doc_id):
        abort(404, "No document of this collection has this address.")
    stored = graph().document(doc_id)
    page = document_page(stored, graph().extraction(doc_id), text_mode(settings()))
    return render_template("document.html", page=page, formats=FORMATS)
