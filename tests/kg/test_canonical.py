"""Canonical N-Quads: names of blank nodes do not matter, nor does the size of the runs."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg import canonical

NODE = ox.NamedNode


def store(names: str, prefix: str) -> ox.Store:
    """Return a store with a chain of blank nodes, literals that need care, and plain quads."""
    made = ox.Store()
    for n, name in enumerate(names):
        made.add(ox.Quad(NODE(f"urn:{name}"), NODE("urn:p"), ox.Literal(f"line\n_:{name}\u0085")))
        made.add(ox.Quad(NODE(f"urn:{name}"), NODE("urn:q"), NODE("urn:o"), NODE("urn:g")))
        blank = ox.BlankNode(f"{prefix}{n}")
        made.add(ox.Quad(blank, NODE("urn:next"), ox.BlankNode(f"{prefix}{n + 1}")))
        made.add(ox.Quad(blank, NODE("urn:name"), ox.Literal(str(n))))
    return made


@pytest.mark.parametrize("run", [1, 3, 1000])
def test_order_names_and_runs_do_not_matter(monkeypatch, run):
    expected = list(canonical.lines(store("abcd", "x")))
    monkeypatch.setattr(canonical, "_RUN", run)
    found = list(canonical.lines(store("abcd", "other")))
    assert found == expected == sorted(expected)
    assert len(found) == 16
    back = list(ox.parse(b"".join(found), format=ox.RdfFormat.N_QUADS))
    assert len(back) == 16


def test_what_differs_differs():
    one, other = store("abcd", "x"), store("abcd", "x")
    other.add(ox.Quad(ox.BlankNode("x0"), NODE("urn:name"), ox.Literal("again")))
    assert list(canonical.lines(one)) != list(canonical.lines(other))


def test_an_empty_store_has_no_lines():
    assert list(canonical.lines(ox.Store())) == []
