"""Long forms of tests: `PACTGRAPH_SOAK=1` runs them whole, `0.1` a tenth; they write docs/soak.md.

Without the variable each test has its short form, and nothing is written.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE, ROWS = ROOT / "docs" / "soak.md", ROOT / "build" / "soak.json"
HEAD = """# Soak

Figures of the long tests, written by the tests themselves (`make soak`). A share of 1 is the whole
length: 300 kills, 50,000 requests out of a grammar, ten minutes of mixed load.

| test | share | when, where | figures |
|---|---|---|---|
"""


def share() -> float:
    """Return how much of the long forms is to be run; 0 means the short forms."""
    return float(os.environ.get("PACTGRAPH_SOAK") or 0)


def size(short: int, long: int) -> int:
    """Return the length of a test: `short`, or its share of `long`."""
    return max(short, round(long * share())) if share() else short


def record(test: str, **figures: object) -> None:
    """Write the figures of a long form down, in the place of those of its last run."""
    if not share():
        return
    ROWS.parent.mkdir(exist_ok=True)
    rows = json.loads(ROWS.read_text()) if ROWS.exists() else {}
    words = ", ".join(f"{value} {name.replace('_', ' ')}" for name, value in figures.items())
    day = dt.datetime.now(dt.UTC).date().isoformat()
    where = f"{os.cpu_count()} cores, Python {platform.python_version()}"
    rows[test] = [f"{share():g}", f"{day}, {where}", words]
    ROWS.write_text(json.dumps(rows, indent=1))
    lines = [f"| {test} | {' | '.join(cells)} |\n" for test, cells in sorted(rows.items())]
    PAGE.write_text(HEAD + "".join(lines))
