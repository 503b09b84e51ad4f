"""Repairs of parses: towns at the head of a sentence that swallow its subject."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from kg.spot.chunk import Chunk
from kg.spot.lexicon import POLITIES

_TOWNS = {"Seat", "Place"}
_SUBJECTS = {"nsubj", "nsubjpass", "expl", "csubj"}


def mend(paragraphs: Iterable[Any]) -> None:
    """Give verbs the subjects that a place before them took: "In Oslo, Chad and Mali signed"."""
    paragraphs = list(paragraphs)
    told = Counter(
        c.known.id
        for p in paragraphs
        for i, c in enumerate(p.chunks)
        if _acts(c) and c.cls not in _TOWNS and not _behind_town(p.chunks, i)
    )
    for paragraph in paragraphs:
        for token in list(paragraph.doc):
            chunk = paragraph.chunks[token.i]
            common = chunk is None and token.pos_ == "NOUN" and token.dep_ == "pobj"
            if common or (chunk is not None and chunk.cls in _TOWNS):
                _town(token, paragraph.chunks, told)


def _town(town: Any, chunks: list[Chunk | None], told: Counter[str]) -> None:
    doc = town.doc
    if town.i + 2 >= len(doc) or doc[town.i + 1].text != "," or not town.i:
        return
    first = doc[town.i + 2]
    if not _acts(chunks[first.i]) or doc[town.i - 1].dep_ != "prep":
        return
    members = _list(first, chunks)
    apart = _own(chunks[town.i], chunks[first.i]) and doc[first.i + 1].text == ","
    if apart and len(members) > 1 and not told[_id(chunks[first.i])]:
        members = members[1:]  # "in Oslo, Norway, Chad and Mali signed"
    verb = _verb_behind(doc, members[-1].i)
    if verb is None or (first.head.i != town.i and first.i == members[0].i):
        return
    if first.dep_ == "appos" and first.i == members[0].i and len(members) == 1:
        return
    if not _freed(verb, town, first):
        return
    lead = members[0]
    lead.head = verb
    lead.dep_ = "nsubjpass" if any(c.dep_ == "auxpass" for c in verb.children) else "nsubj"
    for member in members[1:]:
        if member.head.i < lead.i:
            member.head = lead
    if lead.i != first.i:
        first.head, first.dep_ = town, "appos"


def _list(first: Any, chunks: list[Chunk | None]) -> list[Any]:
    """Return the polities that stand side by side, as written: "A, B and the C"."""
    found, doc = [first], first.doc
    i = first.i + 1
    while i + 1 < len(doc) and doc[i].lower_ in {",", "and", "&", "the"}:
        if _acts(chunks[i]):
            break
        while i + 1 < len(doc) and doc[i].lower_ in {",", "and", "&", "the"}:
            i += 1
        if not _acts(chunks[i]):
            break
        found.append(doc[i])
        i += 1
    return found


def _freed(verb: Any, town: Any, first: Any) -> bool:
    """Tell whether a verb lacks a subject, once what passed for one is put where it belongs."""
    for subject in [c for c in verb.children if c.dep_ in _SUBJECTS and c.i < verb.i]:
        if subject.i == first.i:
            continue
        left = subject.doc[subject.left_edge.i - 1] if subject.left_edge.i else None
        if subject.i > town.i or (left is None and subject.tag_ != "VBG"):
            return False
        if subject.tag_ == "VBG" and subject.i == subject.sent.start:
            subject.dep_ = "advcl"  # "Meeting in Oslo, ..."
        elif left is not None and left.dep_ == "prep" and not _behind(left, subject):
            subject.head, subject.dep_ = left, "pobj"  # "After talks in Oslo, ..."
        else:
            return False
    return True


def _behind(prep: Any, but: Any) -> bool:
    return any(c.i != but.i and c.dep_ == "pobj" for c in prep.children)


def _verb_behind(doc: Any, last: int) -> Any | None:
    """Return the finite verb that a list of subjects stands before."""
    for i in range(last + 1, min(last + 7, len(doc))):
        token = doc[i]
        if token.text == "," and i > last + 1:
            return None
        if token.pos_ == "VERB" and token.tag_ in {"VBD", "VBN", "VB", "VBP", "VBZ"}:
            return token
        if token.pos_ == "AUX" and token.dep_ not in {"aux", "auxpass"}:
            return token
        if token.pos_ not in {"AUX", "ADV", "PART", "ADP", "PROPN", "DET", "NOUN"}:
            return None
    return None


def _acts(chunk: Chunk | None) -> bool:
    known = chunk.known if chunk is not None else None
    return bool(known and known.type in POLITIES and chunk and chunk.cls != "Place")


def _id(chunk: Chunk | None) -> str:
    return chunk.known.id if chunk is not None and chunk.known else ""


def _own(town: Chunk | None, state: Chunk | None) -> bool:
    """Tell whether a town is the capital of a state."""
    return bool(town and town.cls == "Seat" and _id(town) and _id(town) == _id(state))


def _behind_town(chunks: list[Chunk | None], i: int) -> bool:
    before = chunks[i - 2] if i > 1 else None
    return before is not None and before.cls in _TOWNS
