"""The words of a SPARQL text outside of strings, comments and IRIs.

A tokeniser, never a search for substrings: `# SERVICE`, `"LOAD"`, `<…/from>`, `?from` and `ex:from`
are none of the words they look like. Rules: SPARQL 1.1 Query Language, section 19.8.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r"""
    (?P<skip> \#[^\n\r]*
      | <[^<>"{}|^`\\\x00-\x20]*(?:\\[uU][0-9A-Fa-f]+[^<>"{}|^`\\\x00-\x20]*)*>
      | \"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"
      | '''(?:[^'\\]|\\.|'(?!''))*'''
      | "(?:[^"\\\n\r]|\\.)*"
      | '(?:[^'\\\n\r]|\\.)*'
      | [?$][\w·]+
      | @[A-Za-z]+(?:-[A-Za-z0-9]+)*
      | (?:[\w][\w.\-·]*)?:(?:[\w:\-.·]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])* )
    | (?P<word> [A-Za-z][A-Za-z0-9_]* )
    | (?P<open> [({\[] )
    | (?P<close> [)}\]] )
    """,
    re.VERBOSE | re.DOTALL,
)


def words(text: str) -> Iterator[str]:
    """Yield the keywords and bare names of a query or update, in capitals and in order."""
    for match in _TOKEN.finditer(text):
        if match["word"]:
            yield match["word"].upper()


def nesting(text: str) -> int:
    """Return how deep brackets of any kind nest."""
    depth = deepest = 0
    for match in _TOKEN.finditer(text):
        if match["open"]:
            depth += 1
            deepest = max(deepest, depth)
        elif match["close"]:
            depth -= 1
    return deepest


def names_dataset(text: str) -> bool:
    """Tell whether a query names its own dataset with FROM or FROM NAMED."""
    for word in words(text):
        if word == "FROM":
            return True
        if word == "WHERE":
            return False
    return False
