"""Runs the queries of `queries/browse` for the pages, and names the things they find."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast
from urllib.parse import quote

import pyoxigraph as ox
from flask import current_app

from kg import catalog
from kg.errors import UnknownName
from kg.resources import data_dir
from kg.settings import Settings
from kg.vocab import CONCEPTS, PG, Iris, prefixes
from server import words
from server.graph import JSON, Graph, Row, Table, read_table

Bound = ox.NamedNode | ox.Literal  # what a parameter of a query can be
_OWN = ("id", "graph", "topic")  # prefixes that follow the base of the collection


@dataclass(frozen=True)
class Thing:
    """Something with an address, as the pages show it; `type` is the local name of its class."""

    iri: str
    label: str
    type: str = ""
    href: str = ""

    @property
    def kind(self) -> str:
        """The label of its class, in words."""
        return words.class_label(self.type) if self.type else ""


def graph() -> Graph:
    """Return the graph that this app serves."""
    return cast(Graph, current_app.extensions["graph"])


def settings() -> Settings:
    """Return the settings that this app was made with."""
    return cast(Settings, current_app.extensions["settings"])


def iris() -> Iris:
    """Return the maker of this collection's addresses."""
    return Iris(settings().base)


def prologue() -> str:
    """Return the prefixes of the project; those of instances follow the collection's base."""
    base = settings().base
    own = {name: base if name == "id" else f"{base}{name}/" for name in _OWN}
    return "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in {**prefixes(), **own}.items())


@cache
def _source(name: str) -> str:
    return (data_dir("queries") / "browse" / f"{name}.rq").read_text(encoding="utf-8")


def bind(query: str, terms: dict[str, Bound | Sequence[Bound]]) -> str:
    """Return a query with other terms in its lines `VALUES ?name { … }`.

    The terms are written by the RDF library. Raises KeyError for a name without such a line.
    """
    for name, given in terms.items():
        listed = [given] if isinstance(given, Bound) else given
        bound = catalog.replace(query, name, *listed)
        if bound == query and not re.search(rf"VALUES\s+\?{name}\s*\{{", query):
            raise KeyError(f"the query has no line VALUES ?{name}")
        query = bound
    return query


def text(
    name: str, *, limit: int | None = None, offset: int = 0, **terms: Bound | Sequence[Bound]
) -> str:
    """Return a browse query, bound and with its prefixes; `limit` and `offset` count rows."""
    tail = "" if limit is None else f"\nLIMIT {int(limit)} OFFSET {int(offset)}"
    return prologue() + bind(_source(name), dict(terms)) + tail


def table(query: str) -> Table:
    """Run a SELECT or ASK and return its table."""
    return read_table(graph().answer(query, [JSON])[1])


def ask(
    name: str, *, limit: int | None = None, offset: int = 0, **terms: Bound | Sequence[Bound]
) -> tuple[Row, ...]:
    """Run a browse query and return its rows."""
    return table(text(name, limit=limit, offset=offset, **terms)).rows


def count(name: str, **terms: Bound | Sequence[Bound]) -> int:
    """Run a browse query whose one row tells a `?count`."""
    rows = table(text(name, limit=1, offset=0, **terms)).rows
    return int(val(rows[0], "count") or 0) if rows else 0


def val(row: Row, name: str) -> str:
    """Return the text of a cell, empty where it is unbound."""
    return row[name].value if name in row else ""


def node(iri: str) -> ox.NamedNode:
    """Return an IRI as a term; raises UnknownName where it is none: nothing has that address."""
    try:
        return ox.NamedNode(iri)
    except ValueError as error:
        raise UnknownName(f"this is no address of a thing: {error}") from error


def href(iri: str) -> str:
    """Return where a thing is shown: a page here, an outside web address, or nowhere.

    Only our own paths and http(s) addresses come back, so that no other scheme is ever a link.
    """
    base = settings().base
    for root in (base, CONCEPTS):
        if iri.startswith(root):
            return _own_href(*iri[len(root) :].partition("/")[::2])
    if iri.startswith(PG):
        return f"/ont#{quote(iri.removeprefix(PG))}"
    return iri if iri.startswith(("http://", "https://")) else ""


def _own_href(kind: str, slug: str) -> str:
    if not slug:
        return ""
    match kind:
        case "doc":
            return f"/documents/{quote(slug, safe='')}"
        case "evidence":
            doc_id, _, span = slug.partition("/")
            return f"/documents/{quote(doc_id)}#s{quote(span)}"
        case "graph":
            return f"/id/graph/{quote(slug, safe='')}"
    return f"/page/{quote(kind)}/{quote(slug, safe='')}"


def things(found: Iterable[str]) -> dict[str, Thing]:
    """Return what the graph calls each of these IRIs, in one query."""
    wanted = sorted(set(found))
    if not wanted:
        return {}
    rows = ask("things", thing=[node(iri) for iri in wanted])
    by_iri: dict[str, list[Row]] = {}
    for row in rows:
        by_iri.setdefault(val(row, "thing"), []).append(row)
    return {iri: _thing(iri, by_iri.get(iri, [])) for iri in wanted}


def _thing(iri: str, rows: list[Row]) -> Thing:
    types = frozenset(val(row, "type") for row in rows)
    type_ = words.narrowest(types)
    label = min((val(row, "label") for row in rows if "label" in row), default="")
    first = rows[0] if rows else {}
    if type_ == "TimeSpan":
        label = time_words(first)
    elif type_ == "Amount":
        label = " ".join(dict.fromkeys(filter(None, (val(first, "stated"), _money(first)))))
    return Thing(iri, label or _fallback(iri), type_, href(iri))


def _fallback(iri: str) -> str:
    if words.known_term(iri):
        return words.term_label(iri)
    for root in (settings().base, CONCEPTS):
        if iri.startswith(root):
            return iri.rsplit("/", 1)[-1].replace("-", " ")
    return words.term_label(iri)


def _money(row: Row) -> str:
    value, currency = val(row, "value"), val(row, "currency")
    return f"({currency} {value})" if value and currency else ""


def time_words(row: Row) -> str:
    """Return the time in a row with `earliest`, `latest` and `words`, as people write it."""
    earliest = words.parse_day(val(row, "earliest"))
    latest = words.parse_day(val(row, "latest"))
    return words.interval(earliest, latest, val(row, "words"))
