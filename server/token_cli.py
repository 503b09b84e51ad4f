"""The command `pactgraph token`: who may write through the service, or read all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli import Data
from kg.edge import Commands, settings
from kg.show import columns

if TYPE_CHECKING:
    from kg.tokens import Tokens

app = typer.Typer(
    cls=Commands, no_args_is_help=True, help="Tokens for writing through the service.",
    rich_markup_mode=None,
)  # fmt: skip


@app.command()
def create(
    scope: Annotated[
        list[str],
        typer.Option(help="update, graphs, documents, releases, read; may be repeated."),
    ],
    days: Annotated[
        int | None, typer.Option(min=0, help="Days until it ends; without: never.")
    ] = None,
    note: Annotated[str, typer.Option(help="Whom or what it is for.")] = "",
    data: Data = None,
) -> None:
    """Make a token and print it, this once.

    It is kept as a hash.
    """
    _, text = _tokens(data).create(scope, days, note)
    typer.echo(text)


@app.command("list")
def show(data: Data = None) -> None:
    """List the tokens."""
    rows = [
        (token.id, ",".join(token.scopes), token.created, token.expires or "never", token.note)
        for token in _tokens(data).all()
    ]
    typer.echo(columns(("token", "scopes", "created", "ends", "note"), rows))


@app.command()
def revoke(
    token: Annotated[str, typer.Argument(help="Its id, see list.")], data: Data = None
) -> None:
    """End a token at once; a running server knows it with the next request."""
    _tokens(data).revoke(token)


def _tokens(data: Data) -> Tokens:
    from kg.release import DataFolder
    from kg.tokens import Tokens

    known = settings(data=data)
    DataFolder(known.data, base=known.base).release()  # says what is wrong with the folder
    return Tokens(known.data)
