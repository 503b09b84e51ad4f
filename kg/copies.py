"""Which documents are copies of another one: the same report, reprinted with little change.

Min-wise hashing (Broder 1997): two texts agree in as many of their smallest hashes as they share
runs of words, about. A copy adds no independent source to what it says.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections import defaultdict
from collections.abc import Mapping
from itertools import combinations

import numpy as np

from kg.model import Document

_RUN = 4  # words in a row
_MOST = 20_000  # runs that are looked at
_HASHES, _ROWS = 64, 4  # 16 bands of 4: texts that share half of their runs meet in one, mostly
_ALIKE = 0.6  # share of equal hashes from which a text counts as a copy
_FEWEST = 20  # runs below which a text is too short to tell
_CROWD = 50  # documents in one band that are compared all with all; of more, each with the first
_WORD = re.compile(r"\w+")
_PRIME = np.uint64((1 << 61) - 1)
_SCALE = np.random.default_rng(1997).integers(1, 1 << 61, (2, _HASHES), dtype=np.uint64)


def fingerprint(document: Document) -> tuple[int, ...]:
    """Return the 64 smallest hashes of a document's runs of words; empty for a very short one."""
    body = document.body
    text = document.text[body.start : body.end] if body else document.text
    words = _WORD.findall(text.lower())[: _MOST + _RUN]
    runs = {" ".join(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)}
    if len(runs) < _FEWEST:
        return ()
    hashes = [hashlib.blake2b(run.encode(), digest_size=8).digest() for run in runs]
    values = np.frombuffer(b"".join(hashes), dtype="<u8")[:, None]
    # Wraps around on purpose: multiplication modulo 2^64 mixes well enough for this.
    mixed = (values * _SCALE[0] + _SCALE[1]) % _PRIME
    return tuple(int(value) >> 29 for value in mixed.min(axis=0))


def copies(
    fingerprints: Mapping[str, tuple[int, ...]], issued: Mapping[str, dt.date | None]
) -> dict[str, str]:
    """Return document → the one that it is a copy of: the first by day, then by id."""
    prints = {doc: found for doc, found in fingerprints.items() if found}
    bands: dict[tuple[int, tuple[int, ...]], list[str]] = defaultdict(list)
    for document in sorted(prints):
        for at in range(0, _HASHES, _ROWS):
            bands[at, prints[document][at : at + _ROWS]].append(document)
    groups = {document: document for document in prints}
    for near in bands.values():
        pairs = combinations(near, 2) if len(near) <= _CROWD else ((near[0], d) for d in near[1:])
        for one, other in pairs:
            if _root(groups, one) != _root(groups, other) and _alike(prints[one], prints[other]):
                groups[_root(groups, other)] = _root(groups, one)
    members: dict[str, list[str]] = defaultdict(list)
    for document in groups:
        members[_root(groups, document)].append(document)
    found: dict[str, str] = {}
    for group in members.values():
        first = min(group, key=lambda d: (issued.get(d) or dt.date.max, d))
        found |= {document: first for document in group if document != first}
    return found


def _alike(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return sum(a == b for a, b in zip(one, other, strict=True)) >= _ALIKE * _HASHES


def _root(groups: dict[str, str], document: str) -> str:
    while groups[document] != document:
        groups[document] = document = groups[groups[document]]
    return document
