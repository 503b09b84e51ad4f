"""The log: one JSON object a line on standard error, with the id of the request."""

from __future__ import annotations

import sys
from typing import Any

import structlog

_STEPS = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
)
_RENDER = structlog.processors.JSONRenderer(ensure_ascii=False)


def event(what: str, **facts: Any) -> None:
    """Write one line."""
    row: Any = {"event": what, **facts}
    for step in _STEPS:
        row = step(None, "info", row)
    sys.stderr.write(f"{_RENDER(None, 'info', row)!s}\n")
    sys.stderr.flush()


def bind(request_id: str) -> None:
    """Let all lines of this thread carry the id of the request, until the next one."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=request_id)
