"""What the common noun beside a name tells of its class: "the utility X", "Y, a rights group"."""

from __future__ import annotations

from kg.spot.chunk import Tokens
from kg.spot.lexicon import Lexicon

_CALLED = {
    "firms": "Company",
    "called_orgs": "Organization",
    "called_news": "NewsOrganization",
    "called_bodies": "PublicBody",
    "called_schools": "University",
}


def class_of(noun: str, before: list[str], lexicon: Lexicon) -> str:
    """Return the class of organization that a common noun tells, or nothing."""
    prior = before[0].lower() if before else ""
    if noun == "agency":
        return "NewsOrganization" if prior in {"news", "press"} else ""
    if noun in {"group", "groups"} and prior.removesuffix("'s") in lexicon.words["group_kinds"]:
        return "Organization"
    one = noun[:-3] + "y" if noun.endswith("ies") else noun.removesuffix("s")
    for kind, cls in _CALLED.items():
        if noun in lexicon.words[kind] or (noun.endswith("s") and one in lexicon.words[kind]):
            return cls
    return ""


def class_before(tokens: Tokens, start: int, lexicon: Lexicon) -> str:
    """Return the class that the word before a name tells, or nothing."""
    before = start - 1
    if before > 1 and tokens.words[before] in {"named", "called", "dubbed"}:
        before -= 1
    if before > 0 and tokens.words[before] == '"':
        before -= 1
    if before < 0 or not (tokens.words[before].islower() or before in tokens.sentence_starts):
        return ""
    return class_of(tokens.words[before].lower(), tokens.words[before - 1 : before], lexicon)


def class_behind(tokens: Tokens, end: int, lexicon: Lexicon) -> str:
    """Return the class that ", a Polish grid operator" behind a name tells, or nothing."""
    if tokens.words[end : end + 1] != [","] or tokens.words[end + 1 : end + 2] not in (
        ["a"],
        ["an"],
        ["the"],
    ):
        return ""
    last = end + 2
    for j in range(end + 2, min(end + 9, len(tokens))):
        if tokens.words[j] in {",", ".", ";", "of", "in", "from", "that", "which", "for", "with"}:
            break
        last = j + 1
    if last == end + 2 or not tokens.words[last - 1].islower():
        return ""
    return class_of(tokens.words[last - 1], tokens.words[last - 2 : last - 1], lexicon)
