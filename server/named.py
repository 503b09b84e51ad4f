"""Named queries as the pages offer them: questions with blanks that people can fill."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox

from kg import catalog
from kg.catalog import NamedQuery, Parameter
from kg.errors import InputError
from kg.resources import data_dir
from kg.vocab import prefixes
from server.ask import Bound, ask, bind, iris, node, prologue, settings, things, val
from server.index import index

OURS = frozenset({"browse", "quality", "export"})  # folders that serve the program, not readers
CANDIDATES = 200  # names offered for one blank


@dataclass(frozen=True)
class Blank:
    """One blank of a question, as filled in; `error` says why the filling cannot be used."""

    name: str
    type: str
    value: str
    term: Bound | None = None
    error: str = ""
    candidates: tuple[str, ...] = ()


def all_named() -> list[NamedQuery]:
    """Return the questions of the project and those of the setting `query_dirs`, by title.

    An edited file is read again. Raises InputError where a header is broken.
    """
    own, further = data_dir("queries"), tuple(settings().query_dirs)
    folders = [own / name for name in catalog.FOLDERS] + list(further)
    files = [path for folder in folders for path in folder.glob("*.rq")]
    state = tuple(sorted((str(path), path.stat().st_mtime_ns) for path in files))
    found = _load(further, state).values()
    shown = [query for query in found if query.folder not in OURS]
    return sorted(shown, key=lambda query: (query.folder, query.title))


@lru_cache(maxsize=4)
def _load(further: tuple[Path, ...], state: tuple[tuple[str, int], ...]) -> dict[str, NamedQuery]:
    return catalog.load(further)


def find(name: str) -> NamedQuery:
    """Return a question by name; raises UnknownName where there is none."""
    return catalog.find({query.name: query for query in all_named()}, name)


def fill(item: NamedQuery, given: Mapping[str, str]) -> list[Blank]:
    """Return the blanks of a question with what was given for them, else an example."""
    return [_blank(parameter, given.get(name)) for name, parameter in item.parameters.items()]


def _blank(parameter: Parameter, given: str | None) -> Blank:
    if parameter.type == "iri":
        return _named_blank(parameter, given)
    value = parameter.example if given is None else given
    try:
        term = catalog.term(parameter, value, settings().base)
        return Blank(parameter.name, parameter.type, value, term)
    except InputError as error:
        return Blank(parameter.name, parameter.type, value, error=str(error))


def _named_blank(parameter: Parameter, given: str | None) -> Blank:
    """Return a blank for a thing: readers give its name, programs its address."""
    example = _example(parameter)
    candidates = _candidates(example)
    if given is None:
        known = things([example])[example] if example else None
        given = known.label if known and known.type else (candidates[0] if candidates else "")
    try:
        term = _thing(parameter, given.strip())
        return Blank(parameter.name, "name", given, term, candidates=candidates)
    except InputError as error:
        return Blank(parameter.name, "name", given, error=str(error), candidates=candidates)


def _example(parameter: Parameter) -> str:
    try:
        return catalog.term(parameter, parameter.example, settings().base).value
    except InputError:
        return ""


def _candidates(example: str) -> tuple[str, ...]:
    """Return the names of things of the same kind as the example."""
    base = settings().base
    if not example.startswith(base):
        return ()
    kind = example.removeprefix(base).split("/", 1)[0]
    rows = ask("kind", limit=CANDIDATES, prefix=ox.Literal(iris().entity(kind, "")))
    return tuple(dict.fromkeys(val(row, "label") for row in rows))


def _thing(parameter: Parameter, value: str) -> Bound:
    """Return what a reader means: an address, a prefixed name, or something by its name."""
    if not value:
        raise InputError("Give a name.")
    prefix, colon, _ = value.partition(":")
    if re.match(r"https?://", value) or (colon and prefix in prefixes()):
        return catalog.term(parameter, value, settings().base)
    hits = index().names(value)
    if not hits:
        raise InputError(f"Nothing here is called “{value}”; try the beginning of a name.")
    return node(hits[0].iri)


def query(item: NamedQuery, blanks: list[Blank]) -> str:
    """Return the query with its blanks filled and its prefixes; every blank must have a term."""
    terms = {blank.name: blank.term for blank in blanks if blank.term is not None}
    text = bind(item.text, dict(terms))
    return text if re.search(r"^\s*PREFIX\b", text, re.M | re.I) else prologue() + text
