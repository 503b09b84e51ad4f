"""Runs the query files on two engines and reads their headers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox
import rdflib

from kg import catalog
from kg.resources import data_dir

FOLDER = data_dir("queries")
COMPETENCY = sorted((FOLDER / "competency").glob("*.rq"))


def header(path: Path) -> Mapping[str, object]:
    return catalog.read(path).about


def text(path: Path, **values: object) -> str:
    """Return a query with parameters set; unset ones keep their default."""
    return catalog.read(path).bind({name: str(value) for name, value in values.items()})


def on_oxigraph(store: ox.Store, query: str) -> tuple[list[str], list[tuple[str, ...]]]:
    rows = store.query(query, use_default_graph_as_union=True)
    names = [variable.value for variable in rows.variables]
    return names, [tuple(_plain(value) for value in row) for row in rows]


def on_rdflib(data: rdflib.Graph, query: str) -> tuple[list[str], list[tuple[str, ...]]]:
    result = data.query(query)
    return [str(name) for name in result.vars], [tuple(_plain(v) for v in row) for row in result]


def _plain(value: object) -> str:
    """One spelling for a value of either engine: IRIs and numbers by value."""
    word = str(getattr(value, "value", value)) if isinstance(value, ox.NamedNode) else None
    if word is None:
        word = "" if value is None else str(getattr(value, "value", value))
        if isinstance(value, rdflib.term.Identifier):
            word = str(value)
    return re.sub(r"^(-?\d+)\.0+$", r"\1", word)


def union(store: ox.Store) -> rdflib.Graph:
    """Return all graphs of a store as one graph of rdflib, as the endpoint queries them."""
    graph = rdflib.Graph()
    for name in store.named_graphs():
        triples = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=name)
        graph.parse(data=triples, format="nt")
    return graph


def run(store: ox.Store, path: Path, *columns: str, **values: str) -> list[tuple[str, ...]]:
    """Return some columns of a query's rows, without repetitions, sorted."""
    names, rows = on_oxigraph(store, text(path, **values))
    picked = [names.index(column) for column in columns or names]
    return sorted({tuple(row[i] for i in picked) for row in rows})
