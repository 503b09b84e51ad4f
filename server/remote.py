"""The web process's end of `server.federate`: one process for what one request fetches."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from typing import Any

from kg.errors import PactgraphError, QueryError, Timeout
from kg.settings import Settings
from server.line import Line
from server.pool import Pool
from server.query import Answer, Ask, Forbidden
from server.tokens import REMOTE, outline

_START = 3.0  # seconds for the process to start and to read what came


class Elsewhere(PactgraphError):
    """What was to be fetched cannot be had; the fault is another server's."""

    status = 502


class Remote:
    """Fetches for SERVICE and LOAD, so much at a time; does nothing where no address is allowed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._line = Line(settings.slow_children, settings.remote_seconds, "others are fetching")

    def ask(self, pool: Pool, ask: Ask) -> Answer:
        """Return the answer of a query, with what its SERVICE clauses ask for elsewhere.

        The query is parsed by a query process before anything is fetched. Raises what `Pool.ask`
        raises, and Elsewhere.
        """
        try:
            return pool.ask(ask)
        except Forbidden:
            if not self._settings.remote_allow:
                raise
        words = frozenset(word for word in outline(ask.query).words if word not in REMOTE)
        answer = pool.ask(replace(ask, query=self.expand(ask.query), words=words))
        answer.volatile = True  # what others say may change at any time
        return answer

    def update(self, text: str) -> str:
        """Return an update with what its SERVICE and LOAD ask for in their place."""
        if not self._settings.remote_allow or not outline(text).remote:
            return text
        return self.expand(text)

    def expand(self, text: str) -> str:
        """Return a text with what is fetched in it; raises Forbidden, QueryError, Elsewhere."""
        settings = self._settings
        given = {
            "text": text, "allow": settings.remote_allow, "networks": settings.remote_networks,
            "seconds": settings.remote_seconds, "bytes": settings.remote_bytes,
        }  # fmt: skip
        try:
            with self._line.place():
                done = subprocess.run(
                    [sys.executable, "-P", "-m", "server.federate"],
                    input=json.dumps(given).encode(), stdout=subprocess.PIPE, check=False,
                    timeout=settings.remote_seconds + _START,
                )  # fmt: skip
        except subprocess.TimeoutExpired:
            limit = settings.remote_seconds
            raise Timeout(
                f"what is asked for elsewhere took more than {limit:g} s (setting remote_seconds)"
            ) from None
        return _read(done)


def _read(done: subprocess.CompletedProcess[bytes]) -> str:
    try:
        row: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        raise Elsewhere(
            "what came from elsewhere could not be read within the memory for it; ask for less"
        ) from None
    if "text" in row:
        return str(row["text"])
    kind = {400: QueryError, 403: Forbidden}.get(row["status"], Elsewhere)
    raise kind(row["error"])
