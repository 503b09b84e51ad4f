"""Heads of titles, looked up by their first word, in each way that they are written."""

from __future__ import annotations

from functools import cache


@cache
def by_first_word(heads: tuple[tuple[str, ...], ...]) -> dict[str, list[tuple[str, ...]]]:
    """Return the heads of offices by their first word, the longest first."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for words in heads:
        for form in _spellings(words):
            found.setdefault(form[0], []).append(form)
    for forms in found.values():
        forms.sort(key=len, reverse=True)
    return found


def _spellings(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return a head as tokens, also with a hyphen ("vice-president")."""
    plain = tuple(w for word in words for w in word.split("-"))
    if len(plain) != 2:
        return [words]
    return [plain, (plain[0], "-", plain[1]), ("-".join(plain),)]
