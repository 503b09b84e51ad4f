"""Heads of titles, looked up by their first word, in each way that they are written."""

from __future__ import annotations

from functools import cache

from kg.spot.chunk import Office

_STATE_HEADS = set(
    """minister secretary president premier chancellor king queen emperor sultan emir prince envoy
    ambassador negotiator chief governor representative undersecretary taoiseach tánaiste councillor
    commissioner""".split()
)
_NOT_STATES = {"general secretary", "executive secretary", "first secretary", "spokesperson"}


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


def of_a_state(office: Office) -> bool:
    """Tell whether a title is one that states give, not firms and clubs."""
    head = office.head
    if head in _NOT_STATES or "secretary general" in head or "secretary-general" in head:
        return False
    if head.startswith(("secretary of state", "minister of", "secretary of the")):
        return True
    return head.split()[-1] in _STATE_HEADS and head not in {"chief", "president of the board"}
