"""The property-graph formats and the table of claims, written from `kg.project`."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import BinaryIO

import networkx as nx
import pyoxigraph as ox

from kg.project import Edge, Node, PropertyGraph, project, rows

# Characters that XML 1.0 cannot hold, not even escaped.
ILLEGAL_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_JOIN = " | "
EPOCH = (1980, 1, 1, 0, 0, 0)  # the time of every file in a zip: the same graph, the same bytes
_CLAIMS = (
    "claim subject predicate object modality factuality speaker said asOf rule confidence reason"
    " document title issued start end quote"
).split()


def node_row(node: Node) -> dict[str, str]:
    """Return the properties of a node; several values are joined by a bar."""
    values = {name: _JOIN.join(found) for name, found in node.values.items()}
    fixed = {"label": node.label, "type": node.type, "modality": node.modality}
    return {k: v for k, v in ({**values, **fixed}).items() if v}


def edge_row(edge: Edge) -> dict[str, str | bool | float | int]:
    """Return the properties of an edge; what is empty is left out."""
    found: dict[str, str | bool | float | int | None] = {
        "label": edge.name,
        "property": edge.property,
        "fact": edge.fact,
        "modality": edge.modality,
        "origin": edge.origin,
        "documents": edge.sources.documents,
        "speaker": edge.speaker,
        "said": edge.said,
        "since": edge.since,
        "confidence": edge.confidence,
        "reason": edge.reason,
        "titles": _JOIN.join(edge.sources.titles),
        "quotes": _JOIN.join(edge.sources.quotes),
    }
    return {key: value for key, value in found.items() if value not in ("", None)}


def to_networkx(graph: PropertyGraph) -> nx.MultiDiGraph[str]:
    """Return the projection as a graph of networkx; edges are keyed by their ids."""
    made: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for node in graph.nodes.values():
        made.add_node(node.id, **node_row(node))
    for edge in graph.edges:
        made.add_edge(edge.source, edge.target, key=edge.id, **edge_row(edge))
    return made


def without_control(made: nx.MultiDiGraph[str]) -> nx.MultiDiGraph[str]:
    """Return the graph without the control characters that XML cannot hold; changes it."""
    for *_, about in [*made.nodes(data=True), *made.edges(data=True)]:
        for key, value in about.items():
            about[key] = ILLEGAL_IN_XML.sub("", value) if isinstance(value, str) else value
    return made


def graphml(store: ox.Store, out: BinaryIO) -> None:
    """Write GraphML; control characters that XML cannot hold are left out."""
    made = without_control(to_networkx(project(store)))
    nx.write_graphml_xml(made, out, named_key_ids=True)


def neo4j(store: ox.Store, out: BinaryIO) -> None:
    """Write a zip with two tables for `neo4j-admin database import`, or any reader of CSV.

    A relationship that is no fact has its modality in its type: `party_planned`.
    """
    graph = project(store)
    names = sorted({name for node in graph.nodes.values() for name in node.values})
    nodes: list[Sequence[object]] = [["id:ID", "name", "modality", *names, ":LABEL"]]
    for node in graph.nodes.values():
        values = [_JOIN.join(node.values.get(name, ())) for name in names]
        nodes.append([node.id, node.label, node.modality, *values, ";".join(node.types)])
    columns = ["property", "modality", "origin", "speaker", "said", "since", "reason"]
    columns += ["titles", "quotes"]
    head = [":START_ID", ":END_ID", ":TYPE", "id", "fact:boolean", "documents:int"]
    edges: list[Sequence[object]] = [[*head, "confidence:double", *columns]]
    for edge in graph.edges:
        row = edge_row(edge)
        kind = re.sub(r"\W+", "_", edge.name).strip("_")
        fixed = [
            edge.source,
            edge.target,
            kind,
            edge.id,
            str(edge.fact).lower(),
            edge.sources.documents,
        ]
        edges.append([*fixed, row.get("confidence", ""), *(row.get(c, "") for c in columns)])
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, table in (("nodes.csv", nodes), ("relationships.csv", edges)):
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, _csv(table))


def claims_csv(store: ox.Store, out: BinaryIO) -> None:
    """Write one row for each claim and piece of evidence, with the labels of its ends."""
    labels = {row["thing"]: row["label"] for row in rows(store, "export-things") if "label" in row}
    ends = ("subject", "object", "speaker")
    table: list[Sequence[object]] = [[*_CLAIMS, *(f"{end}_label" for end in ends), "fact"]]
    found = rows(store, "export-claims")
    for row in sorted(found, key=lambda r: (r["document"], int(r["start"]), r["claim"])):
        row["modality"] = row["modality"].rsplit("/", 1)[-1]
        fact = row["modality"] == "actual" and "reason" not in row
        names = [labels.get(row.get(end, ""), "") for end in ends]
        table.append([*(row.get(c, "") for c in _CLAIMS), *names, str(fact).lower()])
    out.write(_csv(table))


def _csv(table: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(table)
    return text.getvalue().encode()
