"""Which query `pactgraph query` means, and where it is asked."""

from __future__ import annotations

import shutil
import sys
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import TextIO

from kg import catalog
from kg.errors import InputError, Timeout
from kg.release import DataFolder
from kg.settings import Settings
from kg.show import columns


def listing(settings: Settings) -> str:
    """Return the named queries that answer questions, with their parameters."""
    rows = []
    for query in catalog.load(settings.query_dirs).values():
        if query.folder not in {"browse", "quality", "export"}:
            rows.append((query.name, " ".join(query.parameters), query.title))
    return columns(("query", "parameters", "what it lists"), rows)


def text(name: str, params: Mapping[str, str], settings: Settings, stdin: TextIO) -> str:
    """Return the query of a name, of a file, or from standard input (`-`), parameters bound.

    Raises UnknownName where there is none of that name, InputError where a file cannot be used.
    """
    if name == "-":
        return _free(stdin.read(), params, settings)
    queries = catalog.load(settings.query_dirs)
    if name not in queries and Path(name).is_file():
        return _free(_read(Path(name)), params, settings)
    return catalog.find(queries, name).bind(params, settings.base)


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read as text: {error}") from error


def _free(query: str, params: Mapping[str, str], settings: Settings) -> str:
    if params:
        raise InputError("only a named query takes --param; write the values into the query")
    return catalog.with_prefixes(query, settings.base)


def answer(query: str, form: str, settings: Settings, endpoint: str | None) -> bytes:
    """Return the result from an endpoint, or from the current release of the data folder.

    Raises Timeout where a query of the release takes more than `command_seconds`; the command
    then has to end, since only that stops the engine.
    """
    from kg.query import run_local, run_remote

    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    if endpoint:
        return run_remote(query, endpoint, form, width=width)
    folder = DataFolder(settings.data, base=settings.base)
    return _stoppable(
        lambda: run_local(query, folder.open(), form, width=width), settings.command_seconds
    )


def _stoppable(work: Callable[[], bytes], seconds: float) -> bytes:
    """Do work that nothing inside the engine stops, in a thread that ends with the command.

    So Ctrl-C and the deadline end it. Raises Timeout past the deadline; 0 is none.
    """
    done: Future[bytes] = Future()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as error:
            done.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    try:
        return done.result(seconds or None)
    except TimeoutError:
        raise Timeout(
            f"the query took more than {seconds:g} s (setting command_seconds) and was stopped;"
            " ask for less, or raise the setting"
        ) from None
