"""Sums of money: the words as stated, and value and currency where they can be told.

Signs, words and scales come from `ontology/lexicons/currencies.yaml`.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

import yaml

from kg.model import Amount, Span
from kg.resources import data_dir

_NUMBER = r"\d[\d,]*(?:\.\d+)?"
_TOLD = {
    word: Decimal(n)
    for n, word in enumerate(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
        fifteen sixteen seventeen eighteen nineteen twenty""".split()
    )
    if n
} | {"half a": Decimal("0.5"), "a": Decimal(1), "a quarter of a": Decimal("0.25")}


@cache
def _tables() -> tuple[re.Pattern[str], dict[str, str], dict[str, Decimal]]:
    path = data_dir("ontology") / "lexicons" / "currencies.yaml"
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    codes: dict[str, str] = dict(rows["defaults"])
    signs: set[str] = set()
    words: set[str] = set()
    for row in rows["currencies"]:
        for word in row.get("words", []):
            codes[word] = row["code"]
        for sign in row.get("signs", []):
            codes[sign] = row["code"]
        signs |= set(row.get("signs", []))
        words |= set(row.get("words", [])) | {w for w in row.get("weak", []) if w[:1].isalpha()}
        signs |= {w for w in row.get("weak", []) if not w[:1].islower()}
    scales: dict[str, Decimal] = {}
    for row in rows["scales"]:
        for word in [*row["words"], *row.get("close", [])]:
            scales[word] = Decimal(row["value"])
    close = _any(w for row in rows["scales"] for w in row.get("close", []))
    scale = _any(w for row in rows["scales"] for w in row["words"])
    size = rf"(?:[\s-]?(?P<scale{{n}}>(?i:{scale}))\b|(?P<close{{n}}>{close})\b)?"
    pattern = re.compile(
        rf"(?<![\w$])(?P<sign>{_any(signs)})\s?(?P<n1>{_NUMBER}){size.format(n=1)}"
        rf"|(?<![\w$.])(?P<n2>{_NUMBER}){size.format(n=2)}[\s-]?(?P<word>{_any(words)})\b"
        rf"|\b(?P<n3>(?i:{_any(_TOLD)}))[\s-](?P<scale3>{scale})[\s-](?P<word3>{_any(words)})\b"
    )
    return pattern, codes, scales


def _any(words: Any) -> str:
    return "|".join(re.escape(w) for w in sorted(set(words), key=lambda w: (-len(w), w)))


def find(text: str, offset: int = 0) -> list[Amount]:
    """Return the sums of money in a text in order; spans are shifted by `offset`."""
    pattern, codes, scales = _tables()
    found = []
    for match in pattern.finditer(text):
        group = match.groupdict()
        n = 1 if group["sign"] else 2 if group["word"] else 3
        sign = group["sign"] or group["word"] or group["word3"]
        size = (group[f"scale{n}"] or "").lower() or group.get(f"close{n}") or ""
        factor, figure = scales.get(size, Decimal(1)), group[f"n{n}"].replace(",", "")
        try:
            value = (_TOLD.get(figure.lower()) or Decimal(figure)) * factor
        except InvalidOperation:  # a figure such as "1,2.3": the words stay, no value is made up
            value = None
        shown = f"{value.normalize():f}" if value is not None else ""
        span = Span(offset + match.start(), offset + match.end())
        found.append(Amount(span, match[0], shown, codes.get(sign, "")))
    return found
