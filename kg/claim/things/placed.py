"""Names that only the recogniser shows, and only where places stand: they are no agents."""

from __future__ import annotations

from typing import Any

from kg.spot.chunk import Chunk

_WHERE = set(
    "in at into under beyond within near through across against on over along around".split()
)
_OTHERS = set("of for as like about including since until towards toward".split())
_WHOSE = {"of", "for", "to", "from", "as", "by"}
_OF_PEOPLE = set(
    """signature visit statement government word arrest death leadership presidency office son trip
    meeting remark election daughter behalf presence envoy team speech arrival return""".split()
)


def aside(token: Any, chunk: Chunk) -> bool:
    """Tell whether a name is taken for a body or a person on the recogniser's word alone.

    It stands for a place, a programme or an area of law where a preposition of place leads to it.
    A body is one only where it acts or owns: the recogniser takes any run of capitals for one.
    """
    body = chunk.cls == "Organization" and "recogniser" in chunk.traits
    person = chunk.cls == "Person" and "weak" in chunk.traits and chunk.office is None
    if not (body or person):
        return False
    first = token
    while first.dep_ == "conj":
        first = first.head
    if body and first.dep_ in {"compound", "amod", "nmod", "npadvmod", "ROOT", "attr", "oprd"}:
        return True
    if first.dep_ != "pobj":
        return False
    word, above = first.head.lower_, first.head.head
    if word in _WHERE or (body and word in _OTHERS):
        return True
    return person and word in _WHOSE - {"by"} and above.lemma_.lower() not in _OF_PEOPLE
