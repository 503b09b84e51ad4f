"""What a release was made from, told by digests: documents, settings, registers and our own code.

A build writes them beside its release, as `inputs.json`. Where the next build finds the same
ones, the graph would be the same, and nothing is read, linked or checked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from kg.model import Document
from kg.release import DataFolder
from kg.resources import data_dir
from kg.settings import Settings
from kg.shelf import about
from kg.vocab import digest

NAME = "inputs"
# Settings that decide what the graph says; what an extraction depends on is in its version.
_SETTINGS = ("base", "min_confidence", "model")
_FILES = ("curation.yaml", "register.jsonl")
_DATA = (("ontology", "", "*.*"), ("queries", "quality", "*.rq"))


@cache
def code_version() -> str:
    """Return a digest of the code, the ontology with its rules and shapes, and the checks."""
    found = hashlib.sha256()
    places = [
        (Path(__file__).parent, "*.py"),
        *((data_dir(top) / sub, end) for top, sub, end in _DATA),
    ]
    for place, ending in places:
        for path in sorted(place.rglob(ending)):
            found.update(path.relative_to(place).as_posix().encode())
            found.update(path.read_bytes())
    return found.hexdigest()[:16]


def origins(documents: Iterable[Document]) -> dict[str, str]:
    """Return id → a digest of what is known of a document; the id stands for its text."""
    return {document.id: digest(about(document)) for document in documents}


def inputs(
    folder: DataFolder,
    documents: Mapping[str, str],
    versions: Mapping[str, str],
    settings: Settings,
) -> dict[str, object]:
    """Return all that a build from documents (see `origins`) depends on."""
    return {
        "documents": documents,
        "versions": versions,
        "settings": {name: str(getattr(settings, name)) for name in _SETTINGS},
        **{name: _file(folder.path / name) for name in _FILES},
    }


def _file(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""
