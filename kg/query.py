"""Asking: a query against a store or another endpoint, and the answer in the form wanted."""

from __future__ import annotations

import io
import re

import pyoxigraph as ox

from kg.errors import InputError, QueryError
from kg.remote import Result, ask, understand
from kg.sparql import NESTING, depth, explain, in_order, refuse_nesting, tokens
from kg.vocab import prefixes, shorten

TABLES = {
    "json": ox.QueryResultsFormat.JSON,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "xml": ox.QueryResultsFormat.XML,
}
GRAPHS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
}
FORMATS = ("table", *TABLES, *GRAPHS)
_WIDE = 10_000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def run_local(
    text: str, store: ox.Store, fmt: str = "table", union: bool = True, *, width: int | None = None
) -> bytes:
    """Return the answer of a query from a store, in one of FORMATS, as UTF-8.

    `union` makes the default graph the union of all graphs; `width` is that of the screen, in
    columns, for a table (None: as wide as needed). Raises QueryError with line and column where
    the query is wrong, InputError where its answer has no such form.
    """
    _known(fmt)
    refuse_nesting(text)
    with _faults(text):
        result = store.query(text, use_default_graph_as_union=union)
        if isinstance(result, ox.QuerySolutions):
            ordered = in_order(text, [variable.value for variable in result.variables])
            if ordered != text:
                result = store.query(ordered, use_default_graph_as_union=union)
        return render(result, fmt, width)


def run_remote(
    text: str, endpoint: str, fmt: str = "table", *, width: int | None = None, seconds: int = 60
) -> bytes:
    """Return the answer of a SPARQL endpoint elsewhere; like `run_local` otherwise.

    `seconds` is how long the endpoint may be silent. Raises InputError where it cannot be
    reached or its answer cannot be understood, QueryError where it refuses the query.
    """
    _known(fmt)
    if not endpoint.startswith(("http://", "https://")):
        raise InputError(f"{endpoint!r} is no endpoint; give its address, http://…/sparql")
    try:
        media, body = ask(text, endpoint, seconds)
    except QueryError:
        _parse(text)
        raise
    try:
        return render(understand(media, body), fmt, width)
    except (ValueError, SyntaxError) as error:
        raise InputError(
            f"{endpoint} answered with {media or 'something'} that is no result of a query;"
            " check the address"
        ) from error


def run(text: str, where: ox.Store | str, fmt: str = "table", *, width: int | None = None) -> bytes:
    """Return the answer of a store, or of the endpoint at an address."""
    if isinstance(where, str):
        return run_remote(text, where, fmt, width=width)
    return run_local(text, where, fmt, width=width)


# --- forms of answers -----------------------------------------------------------------------


def render(result: Result, fmt: str, width: int | None = None) -> bytes:
    """Return a result in one of FORMATS; consumes it, in the thread that asked.

    Raises InputError where a table is wanted as a graph or a graph as a table.
    """
    if isinstance(result, ox.QueryTriples):
        return _graph(result, fmt)
    if fmt in GRAPHS:
        kinds = ", ".join(("table", *TABLES))
        raise InputError(f"this query answers with rows, not with a graph; choose {kinds}")
    if fmt == "table":
        if isinstance(result, ox.QueryBoolean):
            return b"yes\n" if result else b"no\n"
        return table(result, width).encode()
    return _ended(result.serialize(format=TABLES[fmt]) or b"")


def _graph(result: ox.QueryTriples, fmt: str) -> bytes:
    if fmt in TABLES:
        raise InputError(f"this query answers with a graph; choose {', '.join(GRAPHS)}")
    form = GRAPHS.get(fmt, ox.RdfFormat.TURTLE)
    names = prefixes() if form == ox.RdfFormat.TURTLE else None
    return _ended(ox.serialize(result, format=form, prefixes=names) or b"")


def _ended(data: bytes) -> bytes:
    return data if data.endswith(b"\n") or not data else data + b"\n"


def table(rows: ox.QuerySolutions, width: int | None = None) -> str:
    """Return rows as a table for a screen; addresses are shortened, control signs are shown."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    out = io.StringIO()
    grid = Table(box=SIMPLE_HEAD, pad_edge=False)
    for variable in rows.variables:
        grid.add_column(Text(variable.value), overflow="fold")
    for row in rows:
        grid.add_row(*(Text(cell(node)) for node in row))
    console = Console(file=out, width=width or _WIDE, color_system=None, legacy_windows=False)
    console.print(grid)
    number = grid.row_count
    lines = [line.rstrip() for line in out.getvalue().strip("\n").split("\n")]
    return "\n".join([*lines, f"({number} row{'' if number == 1 else 's'})", ""])


def cell(node: object) -> str:
    """Return a term in words for people: a prefixed name, or the text of a literal."""
    if node is None:
        return ""
    if isinstance(node, ox.NamedNode):
        text = _short(node.value)
    else:
        text = node.value if isinstance(node, ox.Literal) else str(node)
    return _CONTROL.sub("\ufffd", text)


def _short(iri: str) -> str:
    name = shorten(iri)
    root = prefixes()["id"]
    # `id:state/india` is no prefixed name of SPARQL, but what `--param` takes.
    return f"id:{iri.removeprefix(root)}" if name == iri and iri.startswith(root) else name


# --- within --------------------------------------------------------------------------------


def _known(fmt: str) -> None:
    if fmt not in FORMATS:
        raise InputError(f"there is no format {fmt!r}; choose one of {', '.join(FORMATS)}")


def _parse(text: str) -> None:
    """Raise QueryError where our own parser refuses a query too: it says where, in our words."""
    words = {token[0].upper() for token in tokens(text)}
    if "SERVICE" not in words and depth(text) <= NESTING:  # nothing is to be fetched here
        with _faults(text):
            ox.Store().query(text)


class _faults:
    """Turns what the engine raises into QueryError with line and column."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, SyntaxError):
            raise QueryError(explain(str(error), self.text)) from error
        if isinstance(error, RuntimeError | OSError | ValueError):
            raise QueryError(f"the query cannot be run: {error}") from error
