"""The questions page and the SPARQL page: plain forms, and answers as tables with links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby

import pyoxigraph as ox
from flask import Blueprint, render_template, request

from kg.errors import PactgraphError
from server import named
from server.ask import Thing, graph, prologue, things
from server.claims import cell
from server.graph import JSON, TURTLE, Table, read_table
from server.lists import data_links

blueprint = Blueprint("questions", __name__)
ROWS = 500  # rows of an answer that a page shows; the downloads have all
CHARACTERS = 50_000  # of statements that a page shows
_START = """SELECT ?agreement ?party WHERE {
  GRAPH graph:facts { ?agreement pg:party ?party }
}
ORDER BY ?agreement
LIMIT 20
"""


@dataclass(frozen=True)
class Answer:
    """What a query gave, as far as a page shows it; `total` counts all rows."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Thing | None, ...], ...] = ()
    total: int = 0
    truth: bool | None = None
    text: str = ""
    cut: bool = False


def run(query: str) -> Answer:
    """Run a query of any form; raises QueryError or Timeout."""
    media, payload = graph().answer(query, [JSON, TURTLE])
    if media == TURTLE:
        text = payload.decode() or "# no statement fits"
        return Answer(text=text[:CHARACTERS], cut=len(text) > CHARACTERS)
    table = in_order(read_table(payload), query)
    shown = table.rows[:ROWS]
    nodes = {t.value for row in shown for t in row.values() if isinstance(t, ox.NamedNode)}
    found = things(nodes)
    rows = tuple(
        tuple(cell(row[name], found) if name in row else None for name in table.columns)
        for row in shown
    )
    return Answer(table.columns, rows, len(table.rows), table.truth)


def in_order(table: Table, query: str) -> Table:
    """Return the table of a SELECT * with its columns as the query names them first.

    The engine gives them by the alphabet.
    """
    if not re.search(r"\bSELECT\s+(?:DISTINCT\s+|REDUCED\s+)?\*", query, re.I):
        return table
    seen = list(dict.fromkeys(re.findall(r"[?$](\w+)", query)))
    columns = sorted(table.columns, key=lambda c: seen.index(c) if c in seen else len(seen))
    return Table(tuple(columns), table.rows, table.truth)


@blueprint.get("/queries")
def all_questions() -> str:
    """Show the named queries as questions."""
    groups = [
        (folder, list(found))
        for folder, found in groupby(named.all_named(), key=lambda item: item.folder)
    ]
    return render_template("questions.html", groups=groups)


@blueprint.get("/queries/<name>")
def question(name: str) -> str | tuple[str, int]:
    """Show a named query as a form, with its answer where every blank can be used."""
    item = named.find(name)
    blanks = named.fill(item, request.args.to_dict())
    wrong = [blank for blank in blanks if blank.term is None]
    query = "" if wrong else named.query(item, blanks)
    page = render_template(
        "question.html",
        item=item,
        fields=blanks,
        query=query,
        result=run(query) if query else None,
        downloads=data_links(query),
    )
    return (page, 400) if wrong and request.args else page


@blueprint.get("/query")
def query_page() -> str | tuple[str, int]:
    """Show the form for a query of one's own, with its answer; `name` starts from a question."""
    questions = named.all_named()
    query = request.args.get("query", "")
    if not query:
        item = next((q for q in questions if q.name == request.args.get("name")), None)
        start = item.text if item else _START
        return render_template("query.html", query=prologue() + start, questions=questions)
    try:
        result, error, status = run(query), "", 200
    except PactgraphError as problem:
        result, error, status = None, str(problem), problem.status
    page = render_template(
        "query.html",
        query=query,
        questions=questions,
        result=result,
        error=error,
        downloads=data_links(query),
    )
    return page, status
