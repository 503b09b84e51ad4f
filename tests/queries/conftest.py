"""Runs the query files on two engines and reads their headers, for the tests of this folder."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pyoxigraph as ox
import pytest
import rdflib
import yaml

from kg.resources import data_dir
from kg.vocab import sparql_prologue

FOLDER = data_dir("queries")
COMPETENCY = sorted((FOLDER / "competency").glob("*.rq"))


@pytest.fixture(scope="session")
def gold_module() -> ModuleType:
    path = Path(__file__).parents[1] / "gold.py"
    if "pactgraph_gold" not in sys.modules:
        spec = importlib.util.spec_from_file_location("pactgraph_gold", path)
        assert spec
        assert spec.loader
        sys.modules["pactgraph_gold"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules["pactgraph_gold"])
    return sys.modules["pactgraph_gold"]


def header(path: Path) -> dict[str, object]:
    lines = path.read_text("utf-8").splitlines()
    return yaml.safe_load("\n".join(line[3:] for line in lines if line.startswith("#+")))


def text(path: Path, **values: str) -> str:
    """Return a query with parameters set to SPARQL terms; unset ones keep their default."""
    query = path.read_text("utf-8")
    for name, term in values.items():
        before, line, after = re.split(rf"(VALUES \?{name} \{{[^}}]*\}})", query)
        query = f"{before}{line.split('{')[0]}{{ {term} }}{after}"
    return sparql_prologue() + query


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
