"""Words that the parser sees in place of ones that it is known to misread.

Only the parser's view changes: labels, quotes and evidence are cut from the text itself.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from kg.spot.chunk import Chunk

# "deal" is a noun unless one of these stands before it ("will deal with", "they deal in").
_BEFORE_VERB = set(
    """to will would can could shall should must may might do does did not n't we they i you who
    that which and or also often""".split()
)
_BEFORE_NOUN = set(
    """a an the this that these those its their his her our no any some each every both several
    many such similar other more new two three four five six seven eight nine ten""".split()
)
_INK = {"ink": "sign", "inks": "signs", "inked": "signed", "inking": "signing"}
_PAST = {
    "strike": "struck", "seek": "sought", "give": "gave", "begin": "began", "hold": "held",
    "meet": "met", "send": "sent", "make": "made", "take": "took", "win": "won", "bring": "brought",
    "build": "built", "leave": "left", "lead": "led", "fight": "fought", "withdraw": "withdrew",
    "tear": "tore", "freeze": "froze", "become": "became", "pay": "paid", "spend": "spent",
    "undertake": "undertook", "forbid": "forbade", "choose": "chose", "tell": "told",
    "say": "said", "go": "went", "come": "came", "find": "found", "get": "got", "see": "saw",
    "keep": "kept", "overthrow": "overthrew", "sell": "sold", "buy": "bought", "fall": "fell",
    "break": "broke",
}  # fmt: skip
_STAY = set("let put set cut quit bid hit be have run read shut".split())  # too like the present
_NOUNS = {"talk", "hope", "force", "rate"}  # "EU-Mercosur talks resume"
_PACTS = set("treaty pact deal accord agreement convention protocol truce ceasefire".split())
_ROUNDS = set("talks negotiations agreements treaties accords pacts deals".split())
_COURSE = frozenset(
    """enter take expire lapse collapse come go begin start resume stall fail conclude end open fall
    break founder""".split()
)
_DOUBLING = set("scrap ban drop stop slam plan commit refer transfer submit defer".split())
_ACTING = {"State", "Bloc", "SubnationalState", "Seat", "Person", "Pair", "Organization",
           "PublicBody", "Company", "InternationalOrganization", "Office"}  # fmt: skip
_POLITIES = {"State", "Bloc", "SubnationalState", "Seat"}


def easier(tokens: Any, chunks: list[Chunk], verbs: frozenset[str]) -> dict[int, str]:
    """Return other words for tokens of a paragraph, by their place; `verbs` are base forms."""
    found: dict[int, str] = {}
    named = {i for c in chunks for i in range(c.start, c.end)}
    for i, word in enumerate(tokens.words):
        if i in named or not word.islower():
            continue
        if word in {"deal", "deals"} and _noun(tokens.words, i):
            found[i] = "agreement" if word == "deal" else "agreements"
        elif word in _INK and (i + 1 < len(tokens)):
            found[i] = _INK[word]
    if headline(tokens.text):
        _headline(tokens, chunks, verbs, found)
    return found


def headline(text: str) -> bool:
    """Tell whether a line is a headline: short, and without a stop at its end."""
    line = text.rstrip()
    return len(line) < 180 and line[-1:] not in {".", "!", "?", ":", ";", '"', ","}


def _noun(words: list[str], i: int) -> bool:
    before = words[i - 1].lower() if i else ""
    after = words[i + 1] if i + 1 < len(words) else ""
    if before in _BEFORE_NOUN or before in {"'s", "'"}:
        return True
    if before in _BEFORE_VERB or not before[:1].isalpha():
        return False
    if after.lower() in {"with", "in"}:  # "ministers deal with complaints"
        named = after.lower() == "with" and words[i + 2 : i + 3] and words[i + 2][:1].isupper()
        plural = before.endswith("s") or words[i] == "deals"
        return bool(named) or not plural
    return True


def _headline(
    tokens: Any, chunks: list[Chunk], verbs: frozenset[str], found: dict[int, str]
) -> None:
    """ "Kenya signs pact": a present behind a name is taken for a noun, a past is not."""
    _of_pacts(tokens, chunks, found)
    for left in chunks:
        i = left.end
        if left.cls not in _ACTING or i >= len(tokens):
            continue
        word = found.get(i, tokens.words[i])
        stem = _stem(word, verbs)
        if word == "to" and tokens.words[left.start - 1] == "," and left.cls in _POLITIES:
            after = tokens.words[i + 1 : i + 2]
            if after and after[0] in verbs and _listed(tokens, chunks, left):
                found[left.start - 1] = "and"  # "Gabon, Angola to sign accord"
        many = left.cls in _POLITIES and _listed(tokens, chunks, left)
        if stem and stem not in _STAY | _NOUNS and (word != stem or many):
            found[i] = _past(stem)
            if many and tokens.words[left.start - 1] == ",":
                found[left.start - 1] = "and"


def _of_pacts(tokens: Any, chunks: list[Chunk], found: dict[int, str]) -> None:
    """ "Ocean treaty enters into force": a present behind a pact is taken for a noun as well.

    A line that tells a time is left as it is: what takes effect on Monday has not yet done so.
    """
    if any(c.time for c in chunks):
        return
    for i in range(1, len(tokens)):
        word, left = tokens.words[i], tokens.words[i - 1].lower()
        one = left in _PACTS and word.endswith("s") and word not in _COURSE
        stem = _stem(word, _COURSE) if one else word if left in _ROUNDS and word in _COURSE else ""
        if stem and stem not in _STAY:
            found[i] = _past(stem)


def _listed(tokens: Any, chunks: list[Chunk], last: Chunk) -> bool:
    """Tell whether a polity ends a list of them: "India, Japan ink pact"."""
    return any(
        c.cls in _POLITIES
        and c.end == last.start - 1
        and tokens.words[c.end].lower() in {",", "and", "&"}
        for c in chunks
    )


def _stem(word: str, verbs: frozenset[str]) -> str:
    if word in verbs:
        return word
    if word.endswith("ies") and word[:-3] + "y" in verbs:
        return word[:-3] + "y"
    if word.endswith("es") and word[:-2] in verbs:
        return word[:-2]
    return word[:-1] if word.endswith("s") and word[:-1] in verbs else ""


def _past(stem: str) -> str:
    if stem in _PAST:
        return _PAST[stem]
    if stem.endswith("e"):
        return stem + "d"
    if stem.endswith("y") and stem[-2:-1] not in "aeiou":
        return stem[:-1] + "ied"
    return stem + (stem[-1] if stem in _DOUBLING else "") + "ed"


def recase(tokens: Any, body: str, verbs: frozenset[str]) -> None:
    """Write a headline's words small that only its fashion has capitalised ("A Signs Gas Deal").

    `body` is the running text of the document: what it writes small is no name. The words are
    changed in place; places and the text itself stay.
    """
    words = tokens.words
    long = [w for w in words[1:] if len(w) > 3 and w.isalpha()]
    capital = sum(w[:1].isupper() for w in long)
    if len(long) < 3 or capital < 0.8 * len(long) or not headline(tokens.text):
        return
    if not any(_stem(w.lower(), verbs) for w in words[1:] if w[:1].isupper()):
        return  # the name of a ministry is no headline
    small = set(re.findall(r"\b[a-z][a-z-]+\b", body))
    for i, word in enumerate(words):
        low = word.lower()
        if not word.isalpha() or word.isupper() or low == word or low in _MONTHS:
            continue
        named = any(f"{a} {b}" in body for a, b in pairwise(words[max(i - 1, 0) : i + 2]))
        if (low in small or (i and _stem(low, verbs))) and not named:
            words[i] = low


_MONTHS = {"may", "march", "august"}


def proxy(chunk: Chunk) -> str:
    """Return the one word that the parser sees for a name."""
    if chunk.proxy:
        return chunk.proxy
    if chunk.cls in {"Demonym", "Date"} or " " not in chunk.text:
        return chunk.text
    words = [w for w in re.split(r"[\s-]+", chunk.text) if w[:1].isalpha()]
    return words[-1] if words else chunk.text.replace(" ", "")


def prefixed(tokens: Any, i: int) -> tuple[int, str]:
    """Join "re-launched" to "relaunched"; the parser takes the pieces for verbs."""
    word = tokens.words[i]
    if (
        word.lower() in {"re", "co", "sub"}
        and i + 2 < len(tokens)
        and tokens.words[i + 1] == "-"
        and tokens.glued(i + 1)
        and tokens.glued(i + 2)
        and tokens.words[i + 2].isalpha()
    ):
        rest = str(tokens.words[i + 2])
        return 3, rest if word.lower() == "co" else word + rest
    return 1, word
