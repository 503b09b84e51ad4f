"""Tokens of those who may write: secrets are kept as hashes, with scopes and an end.

A token reads `pg_ID_SECRET`. The secret has 256 random bits, so a plain SHA-256 keeps it safe.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from kg import disk
from kg.errors import DataFolderError, InputError, UnknownName

SCOPES = {
    "update": "SPARQL Update",
    "graphs": "the Graph Store Protocol",
    "documents": "adding documents",
    "releases": "rolling back to an earlier release",
    "read": "the full text of documents, where others see quotations",
}
_FILE = "tokens.json"


@dataclass(frozen=True)
class Token:
    """What is kept of a token; times are ISO 8601 in UTC, `expires` is empty for never."""

    id: str
    sha256: str
    scopes: tuple[str, ...]
    created: str
    expires: str
    note: str

    def is_valid(self, now: dt.datetime) -> bool:
        """Tell whether the token has not ended yet."""
        return not self.expires or now < dt.datetime.fromisoformat(self.expires)


class Tokens:
    """The tokens of a data folder; reads the file again when it has changed."""

    def __init__(self, folder: str | Path) -> None:
        self._path = Path(folder) / _FILE
        self._state: tuple[int, int] | None = None
        self._known: dict[str, Token] = {}

    def create(self, scopes: list[str], days: int | None, note: str = "") -> tuple[Token, str]:
        """Make a token and return it with its text, which is not kept anywhere.

        `days` is how long it lasts, None without end. Raises InputError for an unknown scope.
        """
        if unknown := sorted(set(scopes) - set(SCOPES)):
            raise InputError(f"unknown scope {unknown[0]!r}; the scopes are {', '.join(SCOPES)}")
        if not scopes:
            raise InputError(f"a token needs a scope: {', '.join(SCOPES)}")
        now = dt.datetime.now(dt.UTC).replace(microsecond=0)
        end = (now + dt.timedelta(days=days)).isoformat() if days is not None else ""
        number, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
        row = Token(number, _hash(secret), tuple(sorted(set(scopes))), now.isoformat(), end, note)
        with self._changing() as known:
            known[number] = row
        return row, f"pg_{number}_{secret}"

    def revoke(self, number: str) -> None:
        """End a token at once; raises UnknownName where there is none of that id."""
        with self._changing() as known:
            if known.pop(number, None) is None:
                raise UnknownName(f"there is no token {number!r}; see `pactgraph token list`")

    def all(self) -> list[Token]:
        """Return the tokens, the oldest first."""
        self._read()
        return sorted(self._known.values(), key=lambda token: token.created)

    def find(self, text: str) -> Token | None:
        """Return the token of a text; None where it is unknown, wrong or has ended."""
        self._read()
        mark, _, rest = text.partition("_")
        number, _, secret = rest.partition("_")
        token = self._known.get(number)
        if mark != "pg" or token is None:
            return None
        same = hmac.compare_digest(token.sha256, _hash(secret))
        return token if same and token.is_valid(dt.datetime.now(dt.UTC)) else None

    def _read(self) -> None:
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            self._state, self._known = None, {}
            return
        state = (stat.st_mtime_ns, stat.st_ino)
        if state == self._state:
            return
        try:
            rows = json.loads(self._path.read_bytes())
            known = {row["id"]: Token(**{**row, "scopes": tuple(row["scopes"])}) for row in rows}
        except (ValueError, TypeError, KeyError) as error:
            raise DataFolderError(
                f"{self._path} is damaged; delete it and make new tokens"
            ) from error
        self._state, self._known = state, known

    def _changing(self) -> _Change:
        return _Change(self)


class _Change:
    """Holds the lock while tokens change, and writes them at the end."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._lock = disk.locked(tokens._path.with_name("tokens.lock"), 5.0)

    def __enter__(self) -> dict[str, Token]:
        self._lock.__enter__()
        self._tokens._read()
        self._known = dict(self._tokens._known)
        return self._known

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        try:
            if kind is None:
                rows = [asdict(token) for token in self._known.values()]
                path = self._tokens._path
                disk.write(path, json.dumps(rows, indent=1).encode() + b"\n")
                path.chmod(0o600)
        finally:
            self._lock.__exit__(None, None, None)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
