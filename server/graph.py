"""The one seam between the pages and the running service, and how its answers are read.

`app.extensions["graph"]` is a `Graph`: the service hands in its query pool, the tests a store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import pyoxigraph as ox

from kg.errors import QueryError, UnknownName
from kg.model import Document, Extraction, Release
from kg.vocab import prefixes

JSON = "application/sparql-results+json"
CSV = "text/csv"
TURTLE = "text/turtle"
Term = ox.NamedNode | ox.BlankNode | ox.Literal
Row = Mapping[str, Term]


class Graph(Protocol):
    """The release that is served now, with its documents."""

    @property
    def release(self) -> Release | None:
        """The published state that answers come from; None before the first one."""

    def answer(self, query: str, accept: Sequence[str]) -> tuple[str, bytes]:
        """Run a query over the union of all graphs; return media type and serialised result.

        The type is the first of `accept` that fits the form of the query. Raises QueryError
        for a query that cannot be run, Timeout for one that was stopped.
        """

    def document(self, doc_id: str) -> Document:
        """Return a stored document; raises UnknownName where there is none."""

    def documents(self) -> Iterable[Document]:
        """Yield every stored document of the release."""

    def extraction(self, doc_id: str) -> Extraction | None:
        """Return what was read from a document (its sentences), where that was kept."""


@dataclass(frozen=True)
class Table:
    """The rows of a SELECT with the order of its columns; `truth` is the answer of an ASK."""

    columns: tuple[str, ...]
    rows: tuple[dict[str, Term], ...]
    truth: bool | None = None


def read_table(payload: bytes) -> Table:
    """Return the table in a SPARQL JSON result."""
    solutions = ox.parse_query_results(payload, format=ox.QueryResultsFormat.JSON)
    if isinstance(solutions, ox.QueryBoolean):
        return Table((), (), bool(solutions))
    columns = tuple(variable.value for variable in solutions.variables)
    rows = []
    for solution in solutions:
        cells = ((name, solution[name]) for name in columns)
        rows.append({name: cell for name, cell in cells if isinstance(cell, Term)})
    return Table(columns, tuple(rows))


@dataclass(frozen=True)
class StoreGraph:
    """A `Graph` over one open store, in this process and without a deadline."""

    store: ox.Store
    texts: Mapping[str, Document]
    release: Release | None = None
    extractions: Mapping[str, Extraction] | None = None

    def answer(self, query: str, accept: Sequence[str]) -> tuple[str, bytes]:
        """Run a query over the union of all graphs; see `Graph.answer`."""
        try:
            result = self.store.query(query, use_default_graph_as_union=True)
        except (SyntaxError, ValueError) as error:
            raise QueryError(f"the query does not parse: {error}") from error
        for media_type in accept:
            if isinstance(result, ox.QueryTriples):
                rdf = ox.RdfFormat.from_media_type(media_type)
                if rdf:
                    return media_type, ox.serialize(result, format=rdf, prefixes=prefixes()) or b""
            else:
                form = ox.QueryResultsFormat.from_media_type(media_type)
                if form:
                    return media_type, result.serialize(format=form) or b""
        raise QueryError(f"the query gives no result of the kind {', '.join(accept)}")

    def document(self, doc_id: str) -> Document:
        """Return a stored document; raises UnknownName where there is none."""
        try:
            return self.texts[doc_id]
        except KeyError:
            raise UnknownName(f"there is no document {doc_id!r}") from None

    def documents(self) -> Iterable[Document]:
        """Return every stored document."""
        return self.texts.values()

    def extraction(self, doc_id: str) -> Extraction | None:
        """Return what was read from a document, where that was kept."""
        return (self.extractions or {}).get(doc_id)
