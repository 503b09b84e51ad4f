"""The benchmark itself runs, on a small graph, and its page says what was measured."""

from __future__ import annotations

import os
import shutil

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
    page = sidebyside.main([
        "--triples", "20000", "--rounds", "1", "--seconds", "1", "--connections", "4",
        "--mixes", "light", "--out", str(out),
    ])  # fmt: skip
    assert out.read_text() == page
    assert "light, distinct, 4" in page
    assert "light, repeated, 4" in page
    assert "pactgraph, memory" in page
    assert "other than 200" not in page
