"""The words of a SPARQL text outside of strings, comments and IRIs.

A tokeniser, never a search for substrings: `# SERVICE`, `"LOAD"`, `<…/from>`, `?from` and `ex:from`
are none of the words they look like. It takes time in proportion to the text, also where that is
broken. Rules: SPARQL 1.1 Query Language, section 19.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# What is not closed is taken as it stands to the end of the line or text, so that no part is read
# twice; the engine then says what is wrong. Possessive quantifiers (++, *+) never step back.
_TOKEN = re.compile(
    r"""
    (?P<space> [\s]++ )
    | (?P<comment> \#[^\n\r]*+ )
    | (?P<iri> <[^<>"{}|^`\\\x00-\x20]*+> )
    | (?P<string> \"\"\"(?:[^"\\]++|\\.|"(?!""))*+(?:\"\"\")?+
      | '''(?:[^'\\]++|\\.|'(?!''))*+(?:''')?+
      | "(?:[^"\\\n\r]++|\\.)*+"?+
      | '(?:[^'\\\n\r]++|\\.)*+'?+ )
    | (?P<variable> [?$]\w++ )
    | (?P<language> @[A-Za-z]++(?:-[A-Za-z0-9]++)*+ )
    | (?P<name> (?=[\w:]) (?:\w[\w.\-·]*+)?+ (?P<local> : (?:[\w:\-.·]|%[0-9A-Fa-f]{2}|\\.)*+ )?+ )
    | (?P<mark> . )
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]*+")
_OPEN, _CLOSE = frozenset("([{"), frozenset(")]}")
REMOTE = ("SERVICE", "LOAD")
VOLATILE = ("RAND", "NOW", "UUID", "BNODE")
_MATTER = (*REMOTE, *VOLATILE, "FROM")


@dataclass(frozen=True)
class Token:
    """One piece of the text: kind (`iri`, `word`, `prefixed`, `mark`, …), text, place, depth."""

    kind: str
    text: str
    start: int
    depth: int


def unescape(text: str) -> str:
    """Return the text with its codepoint escapes resolved, which may stand anywhere."""

    def char(match: re.Match[str]) -> str:
        code = int(match[1] or match[2], 16)
        return chr(code) if code <= 0x10FFFF else match[0]

    return _ESCAPE.sub(char, text) if "\\" in text else text


def tokens(text: str) -> Iterator[Token]:
    """Yield what is neither space nor comment; depth counts the brackets around a token."""
    depth = 0
    for match in _TOKEN.finditer(text):
        start, kind = match.start(), match.lastgroup
        if kind in {"space", "comment"}:
            continue
        if kind in {"name", "local"}:
            if match["local"] is not None:
                yield Token("prefixed", match[0], start, depth)
            else:
                for word in _WORD.finditer(match[0]):
                    yield Token("word", word[0].upper(), start + word.start(), depth)
            continue
        if match[0] in _CLOSE:
            depth -= 1
        yield Token(str(kind), match[0], start, depth)
        if match[0] in _OPEN:
            depth += 1


@dataclass(frozen=True)
class Outline:
    """What a text is made of, as far as the service has to know before it runs it."""

    words: frozenset[str]
    nesting: int

    @property
    def remote(self) -> str:
        """The word that would fetch from somewhere; empty where there is none.

        The engine takes keywords that run into each other (`SERVICESILENT`, `trueSERVICE`), and
        no other bare word holds one of these.
        """
        return next((r for r in REMOTE for word in self.words if r in word), "")

    @property
    def dataset(self) -> bool:
        """Whether a query names its own dataset with FROM or FROM NAMED."""
        return any("FROM" in word for word in self.words)

    @property
    def volatile(self) -> bool:
        """Whether the same query may give another answer on the same release."""
        return any(name in word for word in self.words for name in VOLATILE)


def outline(text: str, nesting: int = 0) -> Outline:
    """Return the outline of a query or update.

    A text that can hold none of the words that matter, nor brackets deeper than `nesting`, is not
    read at all, and its outline is empty.
    """
    loud = text.upper()
    if "\\" not in text and not any(word in loud for word in _MATTER):
        opened = sum(map(text.count, _OPEN))
        if opened <= nesting:
            return Outline(frozenset(), opened)
    found: set[str] = set()
    deepest = 0
    for token in tokens(unescape(text)):
        if token.kind == "word":
            found.add(token.text)
        elif token.depth >= deepest:
            deepest = token.depth + (token.text in _OPEN)
    return Outline(frozenset(found), deepest)


def words(text: str) -> Iterator[str]:
    """Yield the keywords and bare names of a query or update, in capitals and in order."""
    return (token.text for token in tokens(unescape(text)) if token.kind == "word")


def nesting(text: str) -> int:
    """Return how deep brackets of any kind nest."""
    return outline(text).nesting


def names_dataset(text: str) -> bool:
    """Tell whether a query names its own dataset with FROM or FROM NAMED."""
    return outline(text, nesting=len(text)).dataset
