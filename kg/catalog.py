"""Named queries: `.rq` files with a header, found by looking into folders.

A header is made of the lines that begin with `#+`; they are YAML: `title`, `question`,
`parameters` (name → type and example), `expects`, and whatever else a folder needs. A parameter
is a line of its own inside the pattern, `VALUES ?name { <its example> }`, so that the file runs as
it is in any SPARQL tool; binding writes another term into that line. Nothing here parses a query.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

import pyoxigraph as ox
import yaml

from kg.errors import InputError, UnknownName
from kg.resources import data_dir
from kg.vocab import DEFAULT_BASE, XSD, expand, sparql_prologue

FOLDERS = ("competency", "browse", "quality", "export")
_DATATYPES = {"int": "integer", "number": "decimal", "year": "integer"}
# What a value of a datatype looks like; other datatypes are taken as they come.
_FORMS = {
    "integer": (r"[+-]?\d{1,18}", "2023"),
    "decimal": (r"[+-]?\d{1,18}(\.\d{1,18})?", "0.5"),
    "date": (r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "2023-03-10"),
    "boolean": (r"true|false", "true"),
}
_LINE = r"^([ \t]*VALUES[ \t]+\?{name}[ \t]*\{{[ \t]*)(.*?)([ \t]*\}}[ \t]*)$"


@dataclass(frozen=True)
class Parameter:
    """A value that a query can be asked with; `example` is what its file holds.

    `type` is `iri` or the local name of an XSD datatype.
    """

    name: str
    type: str = "string"
    example: str = ""


@dataclass(frozen=True)
class NamedQuery:
    """A query file; `about` is its whole header."""

    name: str
    folder: str
    title: str
    question: str
    text: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    expects: str = ""
    about: Mapping[str, object] = field(default_factory=dict)

    def bind(self, params: Mapping[str, str] | None = None, base: str = DEFAULT_BASE) -> str:
        """Return the query with prefixes and with values for its parameters.

        A value is a word or number of the parameter's type; for an `iri`, an address or a
        prefixed name, where `id:` follows `base`. What is not given keeps its example. Raises
        UnknownName for a parameter that the query does not have, InputError for a bad value.
        """
        text = self.text
        for name, value in (params or {}).items():
            if name not in self.parameters:
                raise UnknownName(self._no_parameter(name))
            text = replace(text, name, term(self.parameters[name], value, base))
        return with_prefixes(text, base)

    def _no_parameter(self, name: str) -> str:
        if not self.parameters:
            return f"query {self.name} takes no parameters, so not {name!r}"
        known = ", ".join(self.parameters)
        return f"query {self.name} has no parameter {name!r}; its parameters are: {known}"


def load(dirs: Sequence[Path] = ()) -> dict[str, NamedQuery]:
    """Return all named queries by name: the project's, then those of further folders.

    Raises InputError where two files have one name, a header is broken, or a folder is missing.
    """
    own = data_dir("queries")
    found: dict[str, tuple[Path, NamedQuery]] = {}
    for folder in [*(own / name for name in FOLDERS), *dirs]:
        if folder in dirs and not folder.is_dir():
            raise InputError(f"{folder}: no such folder; see the setting query_dirs")
        for path in sorted(folder.glob("*.rq")):
            query = read(path)
            if query.name in found:
                other = found[query.name][0]
                raise InputError(f"{path} and {other} have one name; rename one of them")
            found[query.name] = path, query
    return {name: query for name, (_, query) in found.items()}


def find(queries: Mapping[str, NamedQuery], name: str) -> NamedQuery:
    """Return a query by name; raises UnknownName with the names that are nearest to it."""
    if name in queries:
        return queries[name]
    near = get_close_matches(name, queries, n=3, cutoff=0.5)
    words = [q for q in queries if all(word in q for word in name.lower().split())]
    hints = list(dict.fromkeys([*near, *words]))[:4]
    hint = f"; did you mean {' or '.join(hints)}?" if hints else ""
    more = "" if hint else "; `pactgraph query` without a name lists all"
    raise UnknownName(f"there is no query {name!r}{hint}{more}")


def read(path: Path) -> NamedQuery:
    """Return a query file; raises InputError where it cannot be read or its header is broken."""
    try:
        text = path.read_text("utf-8")
        lines = [line[2:].removeprefix(" ") for line in text.splitlines() if line.startswith("#+")]
        about = yaml.safe_load("\n".join(lines)) or {}
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}") from error
    except yaml.YAMLError as error:
        reason = " ".join(str(error).split())
        raise InputError(f"{path}: the header (lines with #+) is no YAML: {reason}") from error
    if not isinstance(about, dict):
        raise InputError(f"{path}: the header must be made of `name: value` lines")
    title = str(about.get("title") or path.stem.replace("-", " "))
    return NamedQuery(
        name=path.stem,
        folder=path.parent.name,
        title=title,
        question=str(about.get("question") or title),
        text=text,
        parameters=_parameters(path, about.get("parameters") or {}, text),
        expects=str(about.get("expects") or ""),
        about=about,
    )


def _parameters(path: Path, given: object, text: str) -> dict[str, Parameter]:
    if not isinstance(given, dict):
        raise InputError(f"{path}: `parameters` must map names to their type and example")
    found = {}
    for name, about in given.items():
        known = about if isinstance(about, dict) else {}
        type_ = str(known.get("type", "string"))
        example = str(known.get("example", known.get("default", "")))
        found[str(name)] = Parameter(str(name), _DATATYPES.get(type_, type_), example)
        if not _line(str(name)).search(text):
            raise InputError(f"{path}: parameter {name} has no line `VALUES ?{name} {{ … }}`")
    return found


def term(parameter: Parameter, value: str, base: str = DEFAULT_BASE) -> ox.NamedNode | ox.Literal:
    """Return the RDF term that a value means for a parameter; raises InputError."""
    if parameter.type == "iri":
        return _iri(parameter, value.strip(), base)
    form = _FORMS.get(parameter.type)
    if form and not _fits(value.strip(), form[0], parameter.type):
        raise InputError(
            f"{parameter.name}: {value!r} is no {parameter.type}; write it like {form[1]}"
        )
    try:
        if parameter.type == "string":
            return ox.Literal(value)
        return ox.Literal(value.strip(), datatype=ox.NamedNode(XSD + parameter.type))
    except ValueError as error:
        raise InputError(f"{parameter.name}: {value!r} cannot be used as text") from error


def _fits(value: str, form: str, type_: str) -> bool:
    if not re.fullmatch(form, value):
        return False
    try:
        return type_ != "date" or bool(dt.date.fromisoformat(value))
    except ValueError:
        return False


def _iri(parameter: Parameter, value: str, base: str) -> ox.NamedNode:
    text = value.removeprefix("<").removesuffix(">")
    try:
        if text != value:
            return ox.NamedNode(text)
        if text.startswith("id:"):
            return ox.NamedNode(base + text.removeprefix("id:"))
        return ox.NamedNode(expand(text))
    except ValueError as error:
        example = f" like {parameter.example}" if parameter.example else ""
        raise InputError(
            f"{parameter.name}: {value!r} is no address; give an IRI or prefixed name{example}"
        ) from error


def replace(text: str, name: str, *terms: ox.NamedNode | ox.Literal) -> str:
    """Return a query with other terms in the line `VALUES ?name { … }` of a parameter."""
    words = " ".join(map(sparql, terms))
    return _line(name).sub(lambda m: f"{m[1]}{words}{m[3]}", text, count=1)


def sparql(node: ox.NamedNode | ox.Literal) -> str:
    """Return a term as SPARQL text that means the same to every engine.

    SPARQL 1.1 (19.2) reads `\\u` and `\\U` before the grammar, which some engines do and some
    do not: a backslash with a `u` after it is written in a way that both read alike.
    """
    text = str(node)
    pairs = r"(?<!\\)((?:\\\\)+)([uU])"  # an odd number would end in an escape of its own
    text = re.sub(pairs, lambda m: f"{m[1]}\\U{ord(m[2]):08X}", text)
    # rdflib takes eight digits after a small `u` where there are so many.
    return re.sub(r"(?<!\\)((?:\\\\)*)\\u([0-9A-F]{4})", r"\1\\U0000\2", text)


def with_prefixes(text: str, base: str = DEFAULT_BASE) -> str:
    """Return a query with the project's prefixes before it, on its first line.

    `id:` and `graph:` follow `base`, the base of the collection. Prefixes that the query
    declares itself win, and its lines keep their numbers.
    """
    return " ".join(sparql_prologue(base).split("\n")) + text


def _line(name: str) -> re.Pattern[str]:
    return re.compile(_LINE.format(name=re.escape(name)), re.MULTILINE | re.IGNORECASE)
