"""Adds to the command what serves: `serve`, `demo` and `token`."""

from __future__ import annotations

from typing import Annotated

import typer

from kg.cli import Data, app
from kg.edge import settings
from kg.show import progress, say
from server import token_cli

Host = Annotated[
    str | None, typer.Option(help="Address to listen on (127.0.0.1).", show_default=False)
]
Port = Annotated[int | None, typer.Option(help="Port to listen on (8000).", show_default=False)]


@app.command()
def serve(host: Host = None, port: Port = None, data: Data = None) -> None:
    """Serve pages and a SPARQL endpoint."""
    known = settings(data=data, host=host, port=port)
    from server.run import serve as run

    run(known)


@app.command()
def demo(
    data: Data = None,
    host: Host = None,
    port: Port = None,
    stay: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve it, too.")] = True,
) -> None:
    """Build and serve the sample documents."""
    from kg import demo as show

    known = settings(data=data, host=host, port=port)
    with progress() as shown:
        release = show.build(known, shown)
    for line in show.lines(known, release):
        typer.echo(line)
    if stay:
        say(f"Open http://{known.host}:{known.port}/ in a browser; Ctrl-C ends it.")
        from server.run import serve as run

        run(known)


app.add_typer(token_cli.app, name="token")


def main() -> None:
    """Run the command `pactgraph`."""
    app()
