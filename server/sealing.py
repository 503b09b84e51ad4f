"""Counts and sums up the releases of updates while nobody writes; a process that may be killed.

Run as `python -m server.sealing FOLDER BASE`.
"""

from __future__ import annotations

import os
import sys

from kg.release import DataFolder
from kg.seal import seal_all
from server.belt import die_with_parent, no_network

_NICE = 19


def main(path: str, base: str) -> None:
    """Seal every release that lacks it, behind everything else that the machine does."""
    die_with_parent()
    no_network()
    os.nice(_NICE)
    seal_all(DataFolder(path, base=base))


if __name__ == "__main__":
    main(*sys.argv[1:])
