"""What `pactgraph info` and `pactgraph explain` print."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import version

from kg.errors import InputError, PactgraphError
from kg.quarantine import Quarantine
from kg.release import DataFolder
from kg.resources import data_dir, samples_dir
from kg.settings import Settings
from kg.vocab import Iris, expand


def lines(settings: Settings) -> Iterator[str]:
    """Yield the folders, versions and settings in use, as lines of text."""
    yield f"pactgraph {version('pactgraph')}, Python {sys.version.split()[0]}"
    for name in ("pyoxigraph", "rdflib", "spacy"):
        yield f"  {name} {version(name)}"
    yield "folders"
    yield f"  data      {settings.data.resolve()}: {_state(settings)}"
    yield f"  ontology  {data_dir('ontology')}"
    yield f"  queries   {data_dir('queries')}"
    yield f"  samples   {samples_dir()}"
    if number := len(Quarantine(settings.data).all()):
        yield f"  left out  {number} of the sources; `pactgraph info --quarantine` shows them"
    yield "settings"
    width = max(map(len, Settings.model_fields))
    for name in Settings.model_fields:
        value = getattr(settings, name)
        shown = " ".join(map(str, value)) if isinstance(value, list) else str(value)
        yield f"  {name:<{width}}  {shown or '(not set)'}"


def left_out(settings: Settings) -> Iterator[str]:
    """Yield the sources that could not be used, since when and why, as lines of text."""
    rows = Quarantine(settings.data).all()
    if not rows:
        yield "no source was left out"
    for row in rows:
        yield f"{row.since[:10]}  {row.source}"
        yield f"            {' '.join(row.reason.split())}"


def _state(settings: Settings) -> str:
    try:
        release = DataFolder(settings.data).current()
    except PactgraphError as error:
        return str(error)
    return f"release {release.number} of {release.created[:19]}" if release else "no release yet"


def explain(folder: DataFolder, what: Sequence[str], settings: Settings) -> Iterator[str]:
    """Yield the explanation of a claim (its address or id) or of a statement of three terms."""
    from kg.explain import explain as explained

    iris = Iris(settings.base)
    terms = [_term(text, iris) for text in what]
    if (
        len(terms) == 1
        and terms[0].startswith(iris.base)
        and not terms[0].startswith(iris.claim(""))
    ):
        from kg.merges import lines as merged

        yield from merged(folder, terms[0], settings)
    elif len(terms) == 1:
        claim = terms[0] if "/" in terms[0] else iris.claim(terms[0])
        yield from explained(folder.open(), iris, claim).lines()
    elif len(terms) == 3:
        yield from explained(folder.open(), iris, (terms[0], terms[1], terms[2])).lines()
    else:
        raise InputError("name a thing, a claim, or a statement by subject, predicate and object")


def _term(text: str, iris: Iris) -> str:
    bare = text.removeprefix("<").removesuffix(">")
    if bare.startswith("id:"):
        return iris.base + bare.removeprefix("id:")
    try:
        return expand(bare)
    except ValueError as error:
        raise InputError(str(error)) from error
