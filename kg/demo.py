"""The demonstration: the graph of the packaged sample documents, and three questions to it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pyoxigraph as ox

from kg import catalog
from kg.errors import InputError
from kg.intake import Progress
from kg.model import Release
from kg.pipeline import build as build_graph
from kg.query import run_local
from kg.read import find_sources, read
from kg.release import DataFolder
from kg.resources import samples_dir
from kg.settings import Settings
from kg.vocab import PG, RDF

QUESTIONS = ("agreements-and-parties", "signed-but-not-in-force", "ended-or-suspended")
_KINDS = {
    "Document": "documents",
    "Claim": "claims",
    "Agreement": "agreements",
    "Event": "events",
    "Person": "people",
    "State": "states",
}
_ROWS = 8  # lines of an answer that are shown


def build(settings: Settings, progress: Progress) -> Release:
    """Build the samples into the data folder and return the release.

    Raises InputError where the folder holds documents of somebody's own.
    """
    folder = DataFolder(settings.data, base=settings.base)
    samples = {read(path).id for path in find_sources([samples_dir()])}
    if folder.current() and set(folder.document_ids()) - samples:
        raise InputError(
            f"{settings.data} holds other documents, which the demo would replace;"
            " name another folder with --data, or `pactgraph serve` this one"
        )
    return build_graph([samples_dir()], settings, progress, note="sample documents").release


def lines(settings: Settings, release: Release) -> Iterator[str]:
    """Yield what the demonstration shows: what is in the graph, three questions with answers."""
    folder = DataFolder(settings.data, base=settings.base)
    columns = shutil.get_terminal_size((100, 24)).columns
    queries, store = catalog.load(), folder.open(release)
    yield f"Release {release.number}: {', '.join(_counts(store))}"
    for name in QUESTIONS:
        query = catalog.find(queries, name)
        answer = run_local(query.bind(base=settings.base), store, "table", width=columns)
        table = answer.decode().strip("\n").splitlines()
        yield ""
        yield f"{query.question}   (pactgraph query {name})"
        yield from table[: _ROWS + 2]
        if len(table) > _ROWS + 2:
            yield f"… and {len(table) - _ROWS - 2} more lines"


def _counts(store: ox.Store) -> Iterator[str]:
    """Yield how many things of the main classes there are, and claims about them."""
    for cls, words in _KINDS.items():
        found = store.quads_for_pattern(None, ox.NamedNode(RDF + "type"), ox.NamedNode(PG + cls))
        yield f"{sum(1 for _ in found)} {words}"
