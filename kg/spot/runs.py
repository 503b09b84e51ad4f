"""Runs of capitalised words that may be a person's name, with particles and hyphens."""

from __future__ import annotations

from kg.spot.chunk import Tokens
from kg.spot.lexicon import Lexicon

_PARTICLES = {
    "bin",
    "al",
    "de",
    "van",
    "von",
    "der",
    "den",
    "el",
    "da",
    "dos",
    "del",
    "di",
    "la",
    "le",
    "ben",
    "ibn",
    "abu",
    "y",
}


def particle(word: str) -> bool:
    """Tell whether a word may stand inside a family name without a capital."""
    return word.lower() in _PARTICLES


def person_end(tokens: Tokens, i: int, stop: set[int], lexicon: Lexicon) -> int:
    """Return the end of a run of name words from token `i`; `i` itself where there is none."""
    j = i
    while j < len(tokens) and j not in stop and j - i < 7:
        word = tokens.words[j]
        inner = particle(word) and j > i and _name_follows(tokens, j)
        hyphen = (
            word == "-"
            and j > i
            and j + 1 < len(tokens)
            and tokens.glued(j)
            and tokens.glued(j + 1)
        )
        initial = tokens.cap(j) and (
            word.replace(".", "").replace("'", "").replace("’", "").replace("-", "").isalpha()
        )
        # "Ts.Tuvaan": the tokeniser parts what the text writes in one
        short = word == "." and j > i and len(tokens.words[j - 1]) < 4 and tokens.glued(j)
        dotted = short and j + 1 < len(tokens) and tokens.glued(j + 1) and tokens.cap(j + 1)
        joint = j > i + 1 and tokens.words[j - 1] == "-" and tokens.glued(j) and word.isalpha()
        if not (inner or hyphen or initial or joint or dotted):
            break
        if initial and (word.lower(),) in lexicon.heads and j > i:
            break
        j += 1
    return j


def _name_follows(tokens: Tokens, i: int) -> bool:
    """Tell whether particles ("von der", "bin", "el-") lead to a capitalised word."""
    j = i + 1
    while (
        j < len(tokens)
        and j - i < 4
        and (tokens.words[j].lower() in _PARTICLES or (tokens.words[j] == "-" and tokens.glued(j)))
    ):
        j += 1
    return j < len(tokens) and tokens.cap(j)


def field_words(words: list[str], lexicon: Lexicon) -> bool:
    """Tell whether capitals end like the field of an office ("Diaspora Affairs"), not a name."""
    last = words[-1].lower()
    if last in lexicon.words["no_names"]:
        return True
    return last in lexicon.offices["domains"] and words[0] not in lexicon.given
