"""Finds the data that comes with pactgraph, in a checkout and in an installed wheel."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def data_dir(name: str) -> Path:
    """Return the folder `name` (`ontology`, `queries`) of this installation.

    Raises FileNotFoundError where neither the wheel nor the checkout has it.
    """
    for folder in (_HERE / "_data" / name, _HERE.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"{name}/ is missing from this installation; install pactgraph again")


def samples_dir() -> Path:
    """Return the folder of the packaged sample documents."""
    return _HERE / "samples"
