"""Prints the claims of documents as `pactgraph extract` does, each document linked by itself.

    python tests/quality/extract.py tests/quality/documents/???.txt > claims.jsonl

One process for all: the language model is loaded once.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from kg.claim import Extractor
from kg.link import Register, link
from kg.read import read
from kg.rows import rows
from kg.settings import Settings
from kg.vocab import Iris


def main(paths: list[str]) -> None:
    """Print the claims of the documents at these paths, in order."""
    settings = Settings()
    extractor, iris = Extractor(settings.model), Iris(settings.base)
    for path in paths:
        document = read(Path(path), settings.max_document_bytes)
        pairs = [(document, extractor.extract(document))]
        linked = link([document], [pairs[0][1]], Register(), iris)
        for row in rows(pairs, linked, iris):
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
