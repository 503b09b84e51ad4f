"""The projection for programs that draw graphs and for tables of columns: GEXF, Cytoscape, Parquet.

One function a format, with the names and the modality of `kg.project` in all of them.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from typing import BinaryIO
from xml.etree.ElementTree import tostring

import networkx as nx
import pyoxigraph as ox

from kg.errors import InputError
from kg.project import project
from kg.tables import EPOCH, edge_row, to_networkx, without_control


def gexf(store: ox.Store, out: BinaryIO) -> None:
    """Write GEXF 1.2; control characters that XML cannot hold are left out."""
    from networkx.readwrite.gexf import GEXFWriter

    writer = GEXFWriter(version="1.2draft")
    writer.add_graph(without_control(to_networkx(project(store))))
    # The day of writing says nothing about the graph: the same release gives the same bytes.
    writer.xml.find("meta").attrib.pop("lastmodifieddate")
    writer.indent(writer.xml)
    out.write(tostring(writer.xml, encoding="utf-8", xml_declaration=True) + b"\n")


def cyjs(store: ox.Store, out: BinaryIO) -> None:
    """Write the JSON of Cytoscape and Cytoscape.js."""
    made = nx.cytoscape_data(to_networkx(project(store)))
    out.write(json.dumps(made, ensure_ascii=False, indent=1).encode() + b"\n")


def parquet(store: ox.Store, out: BinaryIO) -> None:
    """Write a zip with two Parquet tables; `id`, `src` and `dst` are what GraphFrames expects.

    Several values of a node stay a list. Raises InputError where pyarrow is not installed.
    """
    graph = project(store)
    plain = ("label", "type", "modality")
    names = sorted({name for node in graph.nodes.values() for name in node.values})
    nodes: dict[str, Sequence[object]] = {"id": list(graph.nodes)}
    nodes |= {name: [getattr(node, name) for node in graph.nodes.values()] for name in plain}
    nodes["types"] = [list(node.types) for node in graph.nodes.values()]
    nodes |= {
        name: [node.values.get(name, []) for node in graph.nodes.values()]
        for name in names
        if name not in nodes
    }
    rows = [edge_row(edge) for edge in graph.edges]
    columns = ("property", "fact", "modality", "origin", "documents", "speaker", "said", "since")
    edges: dict[str, Sequence[object]] = {
        "id": [edge.id for edge in graph.edges],
        "src": [edge.source for edge in graph.edges],
        "dst": [edge.target for edge in graph.edges],
        "relationship": [edge.name for edge in graph.edges],
        **{name: [row.get(name) for row in rows] for name in (*columns, "confidence", "reason")},
        "titles": [list(edge.sources.titles) for edge in graph.edges],
        "quotes": [list(edge.sources.quotes) for edge in graph.edges],
    }
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, table in (("nodes.parquet", nodes), ("edges.parquet", edges)):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), _table(table))


def _table(columns: Mapping[str, Sequence[object]]) -> bytes:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise InputError(
            "Parquet needs pyarrow; install it with `pip install 'pactgraph[parquet]'`"
        ) from error
    kinds = {"fact": pa.bool_(), "documents": pa.int64(), "confidence": pa.float64()}
    lists = {name for name, values in columns.items() if any(isinstance(v, list) for v in values)}
    arrays = {
        name: pa.array(
            values, kinds.get(name, pa.list_(pa.string()) if name in lists else pa.string())
        )
        for name, values in columns.items()
    }
    out = io.BytesIO()
    pq.write_table(pa.table(arrays), out)
    return out.getvalue()
