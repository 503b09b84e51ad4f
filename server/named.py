"""Named queries as the pages offer them: read from `queries/`, with blanks that people can fill."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox
import yaml

from kg.errors import InputError, UnknownName
from kg.resources import data_dir
from kg.vocab import XSD, expand, prefixes
from server.ask import ask, bind, iris, node, prologue, settings, things, val
from server.graph import Term
from server.index import index

FOLDERS = ("competency",)  # what people ask; browse, quality and export serve the program
CANDIDATES = 200  # names offered for one blank
_DATATYPES = {"int": "integer", "number": "decimal", "year": "integer"}
_FORMS = {
    "integer": r"[+-]?\d{1,18}",
    "decimal": r"[+-]?\d{1,18}(\.\d{1,18})?",
    "date": r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])",
    "boolean": r"true|false",
}


@dataclass(frozen=True)
class Named:
    """A query with the words of its header; `parameters` maps a name to type and example."""

    name: str
    folder: str
    title: str
    question: str
    text: str
    parameters: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Blank:
    """One blank of a question, as filled in; `error` says why the filling cannot be used."""

    name: str
    type: str
    value: str
    term: Term | None = None
    error: str = ""
    candidates: tuple[str, ...] = ()


def read(path: Path) -> Named:
    """Return a query file; lines that begin with `#+` are its header, in YAML."""
    text = path.read_text(encoding="utf-8")
    lines = [line[2:].removeprefix(" ") for line in text.splitlines() if line.startswith("#+")]
    try:
        header = yaml.safe_load("\n".join(lines)) or {}
    except yaml.YAMLError as error:
        raise InputError(f"the header of {path.name} is no YAML: {error}") from error
    given = header.get("parameters") or {}
    parameters = {
        name: {key: str(value) for key, value in (about or {}).items()}
        for name, about in given.items()
    }
    title = str(header.get("title") or path.stem.replace("-", " "))
    question = str(header.get("question") or title)
    return Named(path.stem, path.parent.name, title, question, text, parameters)


def all_named() -> list[Named]:
    """Return the questions of the project and those of the setting `query_dirs`, by their words."""
    folders = [data_dir("queries") / name for name in FOLDERS] + settings().query_dirs
    paths = [path for folder in folders for path in sorted(folder.glob("*.rq"))]
    return sorted((read(path) for path in paths), key=lambda item: (item.folder, item.title))


def find(name: str) -> Named:
    """Return a question by name; raises UnknownName where there is none."""
    for item in all_named():
        if item.name == name:
            return item
    raise UnknownName(f"there is no question {name!r}")


def fill(item: Named, given: Mapping[str, str]) -> list[Blank]:
    """Return the blanks of a question with what was given for them, else an example."""
    return [_blank(name, about, given.get(name)) for name, about in item.parameters.items()]


def _blank(name: str, about: Mapping[str, str], given: str | None) -> Blank:
    type_ = _DATATYPES.get(about.get("type", "string"), about.get("type", "string"))
    if type_ != "iri":
        value = about.get("example", "") if given is None else given.strip()
        try:
            return Blank(name, type_, value, _literal(value, type_))
        except InputError as error:
            return Blank(name, type_, value, error=str(error))
    example = _own(about.get("example", ""))
    candidates = _candidates(example)
    if given is None:
        known = things([example])[example] if example.startswith("http") else None
        given = known.label if known and known.type else (candidates[0] if candidates else "")
    try:
        return Blank(name, "name", given, _iri(given.strip()), candidates=candidates)
    except InputError as error:
        return Blank(name, "name", given, error=str(error), candidates=candidates)


def _own(example: str) -> str:
    """Return the IRI of an example; a prefixed name follows the base of the collection."""
    if example.startswith("id:"):
        return settings().base + example.removeprefix("id:")
    try:
        return expand(example)
    except ValueError:
        return ""


def _candidates(example: str) -> tuple[str, ...]:
    """Return the names of things of the same kind as the example."""
    base = settings().base
    if not example.startswith(base):
        return ()
    kind = example.removeprefix(base).split("/", 1)[0]
    rows = ask("kind", limit=CANDIDATES, prefix=ox.Literal(iris().entity(kind, "")))
    return tuple(dict.fromkeys(val(row, "label") for row in rows))


def _iri(value: str) -> ox.NamedNode:
    """Return what a reader means: an address, a prefixed name, or something by its name."""
    if not value:
        raise InputError("Give a name.")
    prefix, colon, _ = value.partition(":")
    address = re.match(r"https?://", value) is not None
    if address or (colon and prefix in prefixes()):
        return node(value if address else _own(value))
    hits = index().names(value)
    if not hits:
        raise InputError(f"Nothing here is called “{value}”; try the beginning of a name.")
    return ox.NamedNode(hits[0].iri)


def _literal(value: str, type_: str) -> ox.Literal:
    form = _FORMS.get(type_)
    if form and not re.fullmatch(form, value):
        raise InputError(f"“{value}” is no {type_}" + (" (2023-03-10)." * (type_ == "date") or "."))
    return ox.Literal(value, datatype=ox.NamedNode(XSD + type_))


def query(item: Named, blanks: list[Blank]) -> str:
    """Return the query with its blanks filled and its prefixes; every blank must have a term."""
    terms = {blank.name: blank.term for blank in blanks if blank.term is not None}
    text = bind(item.text, dict(terms))
    return text if re.search(r"^\s*PREFIX\b", text, re.M | re.I) else prologue() + text
