"""`pactgraph serve`: one granian worker with threads, one lock per data folder, one port."""

from __future__ import annotations

import os
import socket
import time
from collections import deque
from typing import Any

from kg.disk import locked
from kg.errors import DataFolderError, LockedError, PactgraphError
from kg.release import DataFolder
from kg.settings import Settings
from server import log
from server.belt import die_with_parent

_MOST, _WITHIN = 10, 60.0  # starts, and seconds, after which serving is given up
_HANDED_DOWN = "PACTGRAPH_SERVE_SETTINGS"


def serve(settings: Settings) -> None:
    """Serve the data folder until interrupted.

    Raises LockedError where another process serves the same folder, PactgraphError where the
    port is taken, DataFolderError where nothing has been published.
    """
    folder = DataFolder(settings.data, base=settings.base)
    if folder.current() is None:
        raise DataFolderError(
            f"{settings.data} has no release yet; run pactgraph build SOURCE first"
        )
    _probe(settings.host, settings.port)
    try:
        with locked(settings.data / "serve.lock"):
            _run(settings)
    except LockedError as error:
        raise LockedError(f"another pactgraph serves this folder: {error}") from error


def _probe(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((host, port))
        except OSError as error:
            raise PactgraphError(
                f"port {port} of {host} is taken ({error.strerror}); choose another with --port"
            ) from error


def _run(settings: Settings) -> None:
    """Serve until a signal comes.

    granian starts a worker that ended again, but gives up where it ends twice within some seconds;
    then all is started anew. Raises PactgraphError where that does not help.
    """
    # The worker is a process of its own; it reads the settings that this one was given.
    os.environ[_HANDED_DOWN] = settings.model_dump_json()
    ends: deque[float] = deque(maxlen=_MOST)
    while True:
        server = _server(settings)
        try:
            server.serve()
        except SystemExit as end:
            if not end.code or server.interrupt_signal:
                raise
        else:
            return
        now = time.monotonic()
        if len(ends) == _MOST and now - ends[0] < _WITHIN:
            raise PactgraphError(
                f"the web process does not stay: started {_MOST} times within {_WITHIN:g} s; the"
                " reason is in the lines above"
            )
        ends.append(now)
        log.event("web process started again", times=len(ends))


def _server(settings: Settings) -> Any:
    from granian import Granian
    from granian.constants import Interfaces

    return Granian(
        "server.run:application", factory=True, address=settings.host, port=settings.port,
        interface=Interfaces.RSGI, workers=1,
        respawn_failed_workers=True, workers_kill_timeout=int(settings.query_seconds) + 1,
        log_access=False, websockets=False,
    )  # fmt: skip


def application() -> Any:
    """Make the application in granian's worker, which must not outlive its parent."""
    die_with_parent()
    from server import create_app

    settings = Settings.model_validate_json(os.environ[_HANDED_DOWN])
    from server.gate import Gate

    app = create_app(settings)
    app.extensions["pool"].release  # noqa: B018  the query processes start now, not at the first request
    return Gate(app.extensions["front"], settings)
