"""Compounds: words with a hyphen, and what stands before a noun without telling its field."""

from __future__ import annotations

from typing import Any

from kg.spot.parse import Paragraph

# scales and units behind a number that no lexicon of dates or money joins to it
_UNITS = set(
    "bn bln mn mln tn trn crore lakh usd eur euro dollar pound yen yuan rupee megawatt mw -".split()
)


def unpriced(words: list[Any]) -> list[Any]:
    """Drop a sum or a number in front: "$2 billion railway", "Rs 300 crore solar park"."""
    last = max((n for n, t in enumerate(words[:-1]) if t.tag_ == "CD"), default=-1)
    rest = words[last + 1 :]
    while last >= 0 and len(rest) > 1 and rest[0].lemma_.lower() in _UNITS:
        rest = rest[1:]
    return rest


def hyphened(token: Any, p: Paragraph) -> bool:
    """Tell whether a word is the second half of one that is written with a hyphen."""
    doc, i, at = token.doc, token.i, p.spans
    if i < token.sent.start + 2 or doc[i - 1].text != "-":
        return False
    return bool(at[i - 1].end == at[i].start and at[i - 2].end == at[i - 1].start)


def halves(items: list[Any], p: Paragraph) -> list[Any]:
    """Take the last half of a word with a hyphen, where the parser made it two nouns."""
    whole = []
    for item in items:
        while item.i + 2 < item.sent.end and hyphened(item.doc[item.i + 2], p):
            item = item.doc[item.i + 2]
        if item not in whole:
            whole.append(item)
    return whole
