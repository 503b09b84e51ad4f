"""The edge of the command: settings made once, errors shown once, as one line and a status."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

from kg.errors import InputError, PactgraphError
from kg.show import STOP, one_line, say

if TYPE_CHECKING:
    from kg.release import DataFolder
    from kg.settings import Settings

SKIPPED, STOPPED = 3, 130


class Commands(TyperGroup):
    """Commands whose known errors end in one line and an exit status, never in a traceback."""

    def list_commands(self, ctx: Any) -> list[str]:
        """List the commands in the order in which they are written."""
        return list(self.commands)

    def invoke(self, ctx: Any) -> Any:
        """Run a command."""
        try:
            with STOP.heard():
                return super().invoke(ctx)
        except PactgraphError as error:
            say(f"error: {one_line(error)}")
            raise typer.Exit(1) from error
        except KeyboardInterrupt as error:
            kept = "; what was published stays, and the same command goes on from here"
            say("stopped" + (kept if ctx.invoked_subcommand in {"build", "add"} else ""))
            raise typer.Exit(STOPPED) from error
        except BrokenPipeError as error:
            # Whoever read our output has enough; what is buffered has nowhere to go.
            sys.stdout = open("/dev/null", "w", encoding="utf-8")  # noqa: PTH123, SIM115
            raise typer.Exit(0) from error
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            say(f"error: {where}{error.strerror or one_line(error)}")
            raise typer.Exit(1) from error


def settings(**flags: object) -> Settings:
    """Return the settings, flags first; raises InputError that names the bad one."""
    from pydantic import ValidationError

    from kg.settings import Settings

    given: dict[str, Any] = {name: value for name, value in flags.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(map(str, first["loc"]))
        reason = first["msg"].removeprefix("Value error, ")
        raise InputError(f"setting {name}: {reason} (got {first['input']!r})") from error
    except ValueError as error:  # a pactgraph.toml that is no TOML
        raise InputError(f"pactgraph.toml cannot be read: {error}") from error


def folder(known: Settings) -> DataFolder:
    """Return the data folder that the settings name."""
    from kg.release import DataFolder

    return DataFolder(known.data, base=known.base, keep=known.keep_releases)
