"""Names side by side, as written: the parser cuts long lists, the words do not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kg.spot.chunk import Chunk
from kg.spot.lexicon import POLITIES
from kg.vocab import is_a

_JOINTS = {",", "and", "&", "the", "or"}
# What brings in members of a group that was named, or company of one who acts.
_LEADS = tuple(
    tuple(words.split())
    for words in (
        "along with", "together with", "as well as", "alongside", "including", "among them",
        "among them those of", "including those of", "amongst them", "such as", "namely", "notably",
        "in particular", "plus", "jointly with", "among others", "like", "( including", "with",
        "led by", "spanning",
    )
)  # fmt: skip
_SEVERAL_ONLY = {"with", "like", "led by", "spanning", "among others", "such as"}
Chunks = list[Chunk | None]


def polity(chunk: Chunk | None) -> bool:
    """Tell whether a chunk names a state, a part of one or a bloc that may act."""
    known = chunk.known if chunk is not None else None
    return bool(known and chunk and known.type in POLITIES and chunk.cls not in {"Place", "Pair"})


def agent(chunk: Chunk | None) -> bool:
    """Tell whether a chunk names a polity, a body or a firm."""
    if chunk is None or chunk.cls in {"Demonym", "Place", "Pair"}:
        return False
    return polity(chunk) or is_a(chunk.known.type if chunk.known else chunk.cls, "Organization")


def run(
    doc: Any, chunks: Chunks, i: int, fits: Callable[[Chunk | None], bool] = polity
) -> list[Any]:
    """Return the names that stand side by side from a place on: "A, B and the C"."""
    found: list[Any] = []
    while i < len(doc):
        start = i
        while i < len(doc) and doc[i].lower_ in (_JOINTS if found else {"the", "both", ":"}):
            i += 1
        if found and [t.lower_ for t in doc[i : i + 3]] == ["as", "well", "as"]:
            i += 3 + (i + 3 < len(doc) and doc[i + 3].lower_ == "the")
        if i >= len(doc) or not fits(chunks[i]) or (found and i == start):
            break
        if i + 1 < len(doc) and doc[i + 1].lower_ in {"'s", "'"}:
            break  # "Chad and Mali's farmers"
        found.append(doc[i])
        i += 1
    return found


def beside(token: Any, chunks: Chunks, several: bool) -> list[Any]:
    """Return the names that words like "along with" or "among them" bring in behind a noun.

    `several` is for plurals ("states, among them A and B"), which take any of those words.
    """
    doc, i = token.doc, token.i + 1
    if i < len(doc) and doc[i].text == ",":
        i += 1
    opened = several and i < len(doc) and doc[i].text in {"-", "–", "—", "(", ":"}
    if opened and (named := run(doc, chunks, i + 1)):
        return named
    words = [t.lower_ for t in doc[i : i + 4]]
    for lead in sorted(_LEADS, key=len, reverse=True):
        if tuple(words[: len(lead)]) == lead:
            if " ".join(lead) in _SEVERAL_ONLY and not several:
                return []
            return run(doc, chunks, i + len(lead))
    return []


def among(noun: Any, chunks: Chunks) -> list[Any]:
    """Return the members told behind a clause: "states that have signed it, among them A"."""
    doc = noun.doc
    for i in range(noun.i + 1, min(noun.i + 16, len(doc) - 2)):
        if doc[i].text in {".", ";"} or (doc[i].tag_ == "NNS" and doc[i].lemma_ == noun.lemma_):
            break
        if doc[i].text == "," and doc[i + 1].lower_ in {"among", "amongst", "including"}:
            start = i + 2 + (doc[i + 2].lower_ == "them")
            if doc[start].lower_ == "those" and doc[start + 1].lower_ == "of":
                start += 2
            return run(doc, chunks, start)
    return []
