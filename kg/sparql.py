"""Looking at the text of a query without running it: nesting, order of columns, faults."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from kg.errors import QueryError

# The parser takes exponential time over nested brackets; no question needs this many.
NESTING = 50
# What a query is made of, as far as needed to see its words: SPARQL 1.1, 19.8.
_TOKENS = re.compile(
    r"""(?P<skip>\#[^\n]*|<[^<>"{}|^`\\\x00-\x20]*>)
    |(?P<text>\"\"\"(?:[^\\]|\\.)*?\"\"\"|'''(?:[^\\]|\\.)*?'''
      |"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<variable>[?$]\w+)
    |(?P<word>[A-Za-z]\w*)
    |(?P<open>[({\[])|(?P<close>[)}\]])
    |(?P<star>\*)""",
    re.VERBOSE | re.DOTALL,
)
_FAULT = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


def tokens(text: str) -> Iterator[re.Match[str]]:
    """Yield the words, variables and brackets of a query, outside strings, IRIs and comments."""
    return (match for match in _TOKENS.finditer(text) if match.lastgroup not in {"skip", "text"})


def depth(text: str) -> int:
    """Return how deep the brackets of a query are nested."""
    return max(itertools.accumulate(map(_step, tokens(text)), initial=0))


def refuse_nesting(text: str) -> None:
    """Raise QueryError where brackets are nested so deep that the parser would not come back."""
    level = 0
    for match in tokens(text):
        level += _step(match)
        if level > NESTING:
            start = match.start()
            line, column = text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)
            raise QueryError(
                f"{_place(text, line, column)}: brackets are nested more than {NESTING} deep;"
                " write the query flatter"
            )


def _step(token: re.Match[str]) -> int:
    return {"open": 1, "close": -1}.get(token.lastgroup or "", 0)


def in_order(text: str, columns: list[str]) -> str:
    """Return a query whose outermost `SELECT *` names its columns in the order of their mention.

    The engine gives them by the alphabet. Other queries come back unchanged.
    """
    seen = list(tokens(text))
    words = [i for i, m in enumerate(seen) if m.lastgroup == "word" and m[0].upper() == "SELECT"]
    if not words or not columns:
        return text
    rest = seen[words[0] + 1 :]
    if rest and rest[0][0].upper() in {"DISTINCT", "REDUCED"}:
        rest = rest[1:]
    if not rest or rest[0].lastgroup != "star":
        return text
    order = list(dict.fromkeys(m[0][1:] for m in seen if m.lastgroup == "variable"))
    ranked = sorted(columns, key=lambda c: order.index(c) if c in order else len(order))
    star = rest[0]
    return f"{text[: star.start()]}{' '.join(f'?{c}' for c in ranked)}{text[star.end() :]}"


def explain(message: str, text: str) -> str:
    """Return what the parser says in one line that people can read."""
    found = _FAULT.match(message)
    if not found:
        return f"the query cannot be read: {' '.join(message.split())}"
    line, column, reason = int(found[1]), int(found[2]), found[3]
    where = _place(text, line, column)
    if "Prefix not found" in reason:
        return f"{where}: a prefix is not declared; `PREFIX name: <…>` goes before the query"
    if re.match(
        r"\s*(?:(?:PREFIX|BASE)\b[^>]*>\s*)*(?:INSERT|DELETE|LOAD|CLEAR|DROP|WITH|CREATE)\b",
        text,
        re.IGNORECASE,
    ):
        return f"{where}: this is an update; only SELECT, ASK, CONSTRUCT and DESCRIBE can be asked"
    if clause := _clause(text):
        return f"{_place(text, *clause)}: {_here(text, *clause)}"
    return f"{where}: {_here(text, line, column)}{_expected(reason)}"


def _clause(text: str) -> tuple[int, int] | None:
    """Return where the clause begins that rdflib cannot read: the engine looks too far ahead."""
    from pyparsing import ParseException
    from rdflib.plugins.sparql.parser import parseQuery

    if len(text) > 20_000 or depth(text) > 8:  # its time grows fast with nesting
        return None
    try:
        parseQuery(text)
    except ParseException as error:
        return error.lineno, error.column
    except Exception:  # whatever it stumbles over, the engine's own place remains
        return None
    return None


def _here(text: str, line: int, column: int) -> str:
    lines = text.split("\n")
    rest = lines[line - 1][column - 1 :].strip() if line <= len(lines) else ""
    return f"the query goes wrong at or after {rest[:30]!r}" if rest else "the query breaks off"


def _expected(reason: str) -> str:
    plain = re.sub(r"\[(?:'(?:[^']|'')*'|[^\]'])*\]", "", reason)
    words = dict.fromkeys(re.findall(r'"[^"\s]+"|\b[A-Za-z][A-Za-z ]+\b', plain))
    wanted = [w for w in words if not w.startswith(("expected", "one of"))][:8]
    return f"; expected {', '.join(wanted)}" if wanted else ""


def _place(text: str, line: int, column: int) -> str:
    """Name a place of a query, without the prefixes that `catalog.with_prefixes` put before it."""
    before = re.match(r"(?:PREFIX \w+: <[^>]*> )*", text)
    if line == 1 and before:
        column = max(column - before.end(), 1)
    return f"line {line}, column {column}"
