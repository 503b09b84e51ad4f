"""The benchmark itself runs, on a small graph, and its page says what was measured."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

import sidebyside

pytestmark = [
    pytest.mark.slow,
    pytest.mark.shared,
    pytest.mark.skipif(
        not os.environ.get("PACTGRAPH_SHARED"), reason="PACTGRAPH_SHARED names no folder"
    ),
    pytest.mark.skipif(not shutil.which("wrk"), reason="wrk is not installed; PACTGRAPH_SHARED"),
]


def test_a_short_run_measures_disk_and_memory(tmp_path) -> None:
    out = tmp_path / "page.md"
    peers = Path(__file__).parents[2] / "build" / "peers"  # made by `make build/peers`
    page = sidebyside.main([
        "--triples", "20000", "--rounds", "1", "--seconds", "1", "--connections", "4",
        "--mixes", "light", "--out", str(out), *(["--peers", str(peers)] if peers.exists() else []),
    ])  # fmt: skip
    assert out.read_text() == page
    assert out.with_suffix(".svg").stat().st_size > 1000
    assert ("oxigraph server" in page) == ("rdflib-endpoint" in page) == peers.exists()
    assert ("virtuoso" in page) == bool(shutil.which("virtuoso-t"))
    assert "light, distinct, 4" in page
    assert "light, repeated, 4" in page
    assert "pactgraph, memory" in page
    assert "- pactgraph" not in page.partition("other than 200")[2]
