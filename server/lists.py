"""The pages that list: browse, timeline, between two countries, commitments, documents, search."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pyoxigraph as ox
from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from server import words
from server.ask import Thing, ask, count, iris, node, settings, text, things, val
from server.claims import SAID
from server.draw import Happening, Times, swim
from server.graph import Row
from server.index import index
from server.quoting import Quoter, text_mode

blueprint = Blueprint("lists", __name__)
ROWS = 50  # rows of a page of a list
MOST_EVENTS = 500  # events of a year that are drawn and listed


@dataclass(frozen=True)
class Pager:
    """Where in a long list a page lies; pages count from 1."""

    page: int
    total: int
    rows: int

    @property
    def offset(self) -> int:
        """How many rows come before this page."""
        return (self.page - 1) * self.rows

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.total // self.rows))


def pager(total: int, rows: int = ROWS) -> Pager:
    """Return the page that the request asks for; ends the request with 404 past the last."""
    page = request.args.get("page", 1, type=int)
    found = Pager(page, total, rows)
    if not 1 <= page <= found.last:
        abort(404, "The list has no such page.")
    return found


def data_links(query: str) -> dict[str, str]:
    """Return the addresses under which the rows of a query can be had as CSV and JSON."""
    forms = ("csv", "json")
    return {form: "/sparql?" + urlencode({"query": query, "format": form}) for form in forms}


@blueprint.get("/browse")
def kinds() -> str:
    """Show the kinds of things with their numbers."""
    return render_template("kinds.html", kinds=kind_counts())


def kind_counts() -> list[tuple[str, str, int]]:
    """Return kind, its plural and how many there are, the most frequent first."""
    rows = ask("kinds", base=ox.Literal(settings().base))
    return [
        (val(row, "kind"), words.kind_plural(val(row, "kind")), int(val(row, "count")))
        for row in rows
    ]


@blueprint.get("/browse/<kind>")
def kind(kind: str) -> str:
    """Show the things of one kind by name, with their current stage."""
    prefix = ox.Literal(iris().entity(kind, ""))
    pages = pager(count("kind-count", prefix=prefix))
    if not pages.total:
        abort(404, f"There is nothing of the kind “{words.plain(kind)}” here.")
    query = text("kind", limit=pages.rows, offset=pages.offset, prefix=prefix)
    rows = ask("kind", limit=pages.rows, offset=pages.offset, prefix=prefix)
    found = [val(row, "thing") for row in rows]
    named = things(found)
    return render_template(
        "kind.html",
        kind=kind,
        plural=words.kind_plural(kind),
        rows=[(named[iri], status) for iri, status in _with_status(found)],
        pages=pages,
        downloads=data_links(query),
    )


def _with_status(found: Sequence[str]) -> list[tuple[str, Thing | None]]:
    rows = ask("statuses", thing=[node(iri) for iri in found])
    current = {val(row, "thing"): val(row, "status") for row in rows}
    named = things(current.values())
    return [(iri, named.get(current.get(iri, ""))) for iri in found]


def times() -> list[Times]:
    """Return how many events lie in which stretch of time."""
    found = []
    for row in ask("event-days"):
        first, last = words.parse_day(val(row, "earliest")), words.parse_day(val(row, "latest"))
        if first and last and first <= last:
            happened = val(row, "happened") == "true"
            found.append(Times(first, last, happened, int(val(row, "count"))))
    return found


@blueprint.get("/timeline")
def timeline() -> str:
    """Show the events of a year, drawn and listed; without `year` the newest with events."""
    all_times = times()
    years = sorted({y for t in all_times for y in range(t.earliest.year, t.latest.year + 1)})
    today = words.today()
    past = [year for year in years if year <= today.year]
    year = request.args.get("year", (past or years or [today.year])[-1], type=int)
    if not 1 <= year <= 9999:
        abort(404, "A year lies between 1 and 9999.")
    since, until = ox.Literal(f"{year:04}-01-01"), ox.Literal(f"{year:04}-12-31")
    rows = ask("events", limit=4 * MOST_EVENTS, since=since, until=until)
    events = happenings(rows)
    return render_template(
        "timeline.html",
        year=year,
        years=years,
        events=events[:MOST_EVENTS],
        cut=len(events) > MOST_EVENTS or len(rows) == 4 * MOST_EVENTS,
        drawing=swim(events[:MOST_EVENTS], year, today),
        downloads=data_links(text("events", since=since, until=until)),
    )


def happenings(rows: Iterable[Row]) -> list[Happening]:
    """Return each event once, with what is best known of its time, newest first."""
    best: dict[str, tuple[Any, Row, dt.date, dt.date]] = {}
    for row in rows:
        first, last = words.parse_day(val(row, "earliest")), words.parse_day(val(row, "latest"))
        if first and last and first <= last:
            modality = modality_of(row)
            order = list(words.MARKS)
            rank = (order.index(modality) if modality in order else len(order), last - first)
            event = val(row, "event")
            if event not in best or rank < best[event][0]:
                best[event] = (rank, row, first, last)
    named = things(best)
    found = [
        Happening(named[event], modality_of(row), first, last, val(row, "words"))
        for event, (_, row, first, last) in best.items()
    ]
    return sorted(found, key=lambda e: (e.earliest, e.latest, e.thing.label), reverse=True)


@blueprint.get("/between")
def pairs() -> str | Response:
    """Show which countries have something together; two names in the form lead to their page."""
    one, two = request.args.get("one", ""), request.args.get("two", "")
    if one and two:
        return redirect(url_for("pages.lists.between", one=one, two=two))
    rows = ask("pairs", limit=100)
    named = things(val(row, name) for row in rows for name in ("one", "two"))
    states = ask("kind", limit=300, prefix=ox.Literal(iris().entity("state", "")))
    countries = things(val(row, "thing") for row in states)
    return render_template(
        "pairs.html",
        rows=[(named[val(r, "one")], named[val(r, "two")], int(val(r, "count"))) for r in rows],
        countries=sorted(countries.values(), key=lambda thing: thing.label),
        downloads=data_links(text("pairs")),
    )


@blueprint.get("/between/<one>/<two>")
def between(one: str, two: str) -> str:
    """Show what two countries have together: what is a fact, and what is only said."""
    first, second = iris().entity("state", one), iris().entity("state", two)
    ends = (node(first), node(second))
    facts = ask("between-facts", one=ends[0], two=ends[1])
    claims = ask("between-claims", one=ends[0], two=ends[1])
    known = [val(row, "thing") for row in facts]
    counts = {(val(r, "thing"), modality_of(r)): int(val(r, "documents")) for r in claims}
    said = [key for key in counts if key[0] not in known]
    named = things([*known, *(iri for iri, _ in said), first, second])
    if not (named[first].type and named[second].type):
        abort(404, "At least one of these countries is not in the graph.")
    stages = dict(_with_status(list(named)))

    def line(iri: str, modality: str, mark: words.Mark, date: str = "") -> dict[str, Any]:
        documents = counts.get((iri, modality), 0)
        common = {"thing": named[iri], "status": stages[iri], "documents": documents}
        return {**common, "mark": mark, "date": words.parse_day(date)}

    return render_template(
        "between.html",
        one=named[first],
        two=named[second],
        facts=[
            line(val(r, "thing"), "actual", words.mark("actual"), val(r, "date")) for r in facts
        ],
        # Done by the text, yet no fact: somebody says so, and no more.
        plans=[line(i, m, SAID if m == "actual" else words.mark(m)) for i, m in said],
        downloads=[
            data_links(text(name, one=ends[0], two=ends[1]))
            for name in ("between-facts", "between-claims")
        ],
    )


def modality_of(row: Row) -> str:
    """Return the last part of a row's modality: `planned`."""
    return val(row, "modality").rsplit("/", 1)[-1]


@blueprint.get("/commitments")
def commitments() -> str:
    """Show who has undertaken to do what, until when, and how far it is."""
    rows = ask("commitments")
    columns = ("commitment", "obligor", "deliverable", "under", "deadline", "status")
    named = things(val(row, name) for row in rows for name in columns if name in row)
    grouped: dict[str, dict[str, list[Thing]]] = {}
    for row in rows:
        cells = grouped.setdefault(val(row, "commitment"), {name: [] for name in columns})
        for name in columns:
            thing = named.get(val(row, name))
            if thing and thing not in cells[name]:
                cells[name].append(thing)
    listed = sorted(grouped.values(), key=lambda cells: cells["commitment"][0].label)
    pages = pager(len(listed))
    return render_template(
        "commitments.html",
        rows=listed[pages.offset : pages.offset + pages.rows],
        pages=pages,
        downloads=data_links(text("commitments")),
    )


@blueprint.get("/documents/")
def documents() -> str:
    """Show the documents that were read, newest first."""
    total = next((row for row in ask("totals") if val(row, "what") == "documents"), {})
    pages = pager(int(val(total, "count") or 0))
    rows = ask("documents", limit=pages.rows, offset=pages.offset)
    counted = ask("document-claims", document=[node(val(row, "document")) for row in rows])
    claims = {row["document"]: row["claims"] for row in counted}
    full = [{"claims": claims.get(row["document"], ox.Literal(0)), **row} for row in rows]
    return render_template("documents.html", rows=document_rows(full), pages=pages)


def document_rows(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return documents with title, day, outlet and number of claims, in the order given."""
    named = things(val(row, "document") for row in rows)
    return [
        {
            "thing": named[val(row, "document")],
            "date": words.parse_day(val(row, "issued")),
            "publisher": val(row, "publisher"),
            "claims": int(val(row, "claims") or 0),
        }
        for row in rows
    ]


@blueprint.get("/search")
def search() -> str:
    """Find things by name and documents by their words."""
    sought = request.args.get("q", "").strip()[:200]
    if not sought:
        return render_template("search.html", sought="", groups=[], texts=[], total=0)
    found = index()
    hits = found.names(sought)
    shown = hits[:200]
    named = things(hit.iri for hit in shown)
    groups: dict[str, list[tuple[Thing, str]]] = {}
    for hit in shown:
        thing = named[hit.iri]
        other = "" if hit.name == thing.label else hit.name
        groups.setdefault(thing.kind or "thing", []).append((thing, other))
    quoter = Quoter(text_mode(settings()))
    texts = found.texts(sought, 20)
    titles = things(iris().doc(hit.doc_id) for hit in texts)
    return render_template(
        "search.html",
        sought=sought,
        groups=list(groups.items()),
        # A snippet shows what no claim quotes, so it needs leave to show the whole text.
        texts=[
            (titles[iris().doc(hit.doc_id)], hit.pieces if quoter.mode == "full" else ())
            for hit in texts
        ],
        total=len(hits),
    )
