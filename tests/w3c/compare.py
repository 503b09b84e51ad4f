"""Are two results the same? By value, without order, up to the names of blank nodes."""

from __future__ import annotations

import csv
import io
from collections import Counter
from decimal import Decimal, InvalidOperation
from typing import Any

import pyoxigraph as ox

XSD = "http://www.w3.org/2001/XMLSchema#"
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
NUMBERS = {
    XSD + name
    for name in (
        "integer decimal float double int long short byte nonNegativeInteger positiveInteger"
        " nonPositiveInteger negativeInteger unsignedInt unsignedLong unsignedShort unsignedByte"
    ).split()
}
Row = dict[str, Any]
Table = tuple[frozenset[str], list[Row]]


def value(term: Any) -> Any:
    """Return what a term stands for: numbers by value, everything else as it is."""
    if isinstance(term, ox.Triple):
        return ("triple", value(term.subject), value(term.predicate), value(term.object))
    if not isinstance(term, ox.Literal):
        return term
    kind = term.datatype.value
    if kind in NUMBERS:
        try:
            text = term.value.replace("INF", "Infinity")
            number = Decimal(text) if kind != XSD + "float" else Decimal(str(float(text)))
            return (kind, "NaN" if number.is_nan() else number)
        except InvalidOperation:
            pass
    if kind == XSD + "boolean":
        return (kind, term.value in {"true", "1"})
    if term.language:
        direction = getattr(term, "direction", None)
        return (kind, term.value, term.language.lower(), str(direction) if direction else "")
    if kind == XSD + "dateTime":
        return (kind, term.value.replace("+00:00", "Z").replace("-00:00", "Z"))
    return (kind, term.value)


def same_rows(one: Table, two: Table) -> bool:
    """Tell whether two tables have the same rows; a column without a value counts for nothing."""
    left = [{k: v for k, v in row.items() if v is not None} for row in one[1]]
    right = [{k: v for k, v in row.items() if v is not None} for row in two[1]]
    if len(left) != len(right):
        return False
    if not any(_blank(v) for row in left + right for v in row.values()):
        return Counter(map(_key, left)) == Counter(map(_key, right))
    return _match(left, right, {})


def _blank(term: Any) -> bool:
    if isinstance(term, ox.Triple):
        return any(map(_blank, (term.subject, term.predicate, term.object)))
    return isinstance(term, ox.BlankNode)


def _key(row: Row) -> frozenset[Any]:
    return frozenset((name, value(term)) for name, term in row.items())


def _match(left: list[Row], right: list[Row], names: dict[Any, Any]) -> bool:
    """Pair the rows off, naming blank nodes on the way and stepping back where it fails."""
    if not left:
        return True
    first, rest = left[0], left[1:]
    for number, other in enumerate(right):
        tried = dict(names)
        if (
            first.keys() == other.keys()
            and all(_pair(first[name], other[name], tried) for name in first)
            and _match(rest, right[:number] + right[number + 1 :], tried)
        ):
            return True
    return False


def _pair(one: Any, two: Any, names: dict[Any, Any]) -> bool:
    if isinstance(one, ox.Triple) and isinstance(two, ox.Triple):
        return all(
            _pair(a, b, names)
            for a, b in (
                (one.subject, two.subject),
                (one.predicate, two.predicate),
                (one.object, two.object),
            )
        )
    if isinstance(one, ox.BlankNode) and isinstance(two, ox.BlankNode):
        if one not in names and two not in names.values():
            names[one] = two
        return bool(names.get(one) == two)
    return bool(value(one) == value(two))


def same_quads(one: list[ox.Quad], two: list[ox.Quad]) -> bool:
    """Tell whether two datasets are the same up to the names of blank nodes.

    Both go through a store first, which writes numbers and dates its own way.
    """
    canonical = []
    for quads in (one, two):
        store = ox.Store()
        store.extend(quads)
        dataset = ox.Dataset(store)
        dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
        canonical.append({str(quad) for quad in dataset})
    return canonical[0] == canonical[1]


def table(payload: bytes, ending: str) -> Table | bool:
    """Read a result in XML, JSON or TSV."""
    form = {
        "srx": ox.QueryResultsFormat.XML,
        "srj": ox.QueryResultsFormat.JSON,
        "tsv": ox.QueryResultsFormat.TSV,
    }[ending]
    result = ox.parse_query_results(payload, format=form)
    if isinstance(result, ox.QueryBoolean):
        return bool(result)
    names = [variable.value for variable in result.variables]
    return frozenset(names), [{name: row[name] for name in names} for row in result]


def csv_rows(payload: bytes) -> Counter[frozenset[tuple[str, str]]]:
    """Read a CSV result; blank nodes lose their names."""
    rows = list(csv.reader(io.StringIO(payload.decode("utf-8"), newline="")))
    head = rows[0] if rows else []
    return Counter(
        frozenset(
            (name, "_:" if cell.startswith("_:") else cell)
            for name, cell in zip(head, row, strict=True)
        )
        for row in rows[1:]
    )


def result_set(quads: list[ox.Quad]) -> Table | bool | None:
    """Read a result written as RDF with the result-set vocabulary; None where it is none."""
    facts: dict[Any, dict[str, list[Any]]] = {}
    for quad in quads:
        facts.setdefault(quad.subject, {}).setdefault(quad.predicate.value, []).append(quad.object)
    head = next((node for node, row in facts.items() if RS + "resultVariable" in row), None)
    for row in facts.values():
        if RS + "boolean" in row:
            return bool(row[RS + "boolean"][0].value in {"true", "1"})
    if head is None:
        return None
    names = frozenset(term.value for term in facts[head][RS + "resultVariable"])
    rows = []
    for solution in facts[head].get(RS + "solution", []):
        bindings = [facts[node] for node in facts[solution].get(RS + "binding", [])]
        rows.append({b[RS + "variable"][0].value: b[RS + "value"][0] for b in bindings})
    return names, rows
