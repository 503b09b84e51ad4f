"""Listed names that stand inside the name of a person: "Salem Al-Sabah", "Takeshi Suzuki"."""

from __future__ import annotations

from kg.spot.chunk import Chunk, Tokens
from kg.spot.lexicon import Lexicon
from kg.spot.runs import particle

_DOUBTFUL = {"Seat", "Place", "Company", "SubnationalState", "University", "NewsOrganization"}
_TITLES = {"mr", "mrs", "ms", "dr", "prof", "sheikh", "shri", "sir", "dame", "lord", "madam"}


def misread(tokens: Tokens, chunk: Chunk, lexicon: Lexicon) -> bool:
    """Tell whether a name of the authority lists is part of a person's name here."""
    i = chunk.start
    after = tokens.words[chunk.end] if chunk.end < len(tokens) else ""
    if chunk.text in {"US", "U.S."} and after in {"$", "cents", "cent", "dollars", "dollar"}:
        return True
    before = tokens.words[i - 1] if i else ""
    if before == "." and i > 1:
        before = tokens.words[i - 2]
    if before.rstrip(".").lower() in _TITLES:
        return True
    if before in {"-", "–"} and tokens.glued(i) and i > 1 and particle(tokens.words[i - 2]):
        return tokens.cap(i - 2) or tokens.cap(i)
    if particle(before) and before.lower() not in {"la", "le", "den"} and tokens.cap(i):
        return before.lower() in {"bin", "ibn", "abu", "al", "el"}
    if chunk.cls not in _DOUBTFUL and chunk.text not in lexicon.weak:
        return False
    if chunk.size == 1 and before in lexicon.given and not _joins(tokens, chunk.end):
        return True
    return any(
        s <= i < e and label == "PERSON" and e - s > chunk.size for s, e, label in tokens.entities
    )


def _joins(tokens: Tokens, i: int) -> bool:
    """ "Ali Bank": a capitalised word behind the name makes it another's."""
    return i < len(tokens) and tokens.cap(i)
