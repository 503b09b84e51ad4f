"""The command `pactgraph`: thin commands over the library. `server.cli` adds what serves.

Exit status: 0 done, 1 nothing could be done (one line on standard error says what to do), 2 wrong
usage, 3 done but for documents that were skipped, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from kg.edge import SKIPPED, Commands, folder, settings
from kg.errors import InputError
from kg.show import columns, number, one_line, progress, say

if TYPE_CHECKING:
    from kg.model import Finding
    from kg.settings import Settings

app = typer.Typer(
    cls=Commands,
    name="pactgraph",
    help="Turn news about international agreements into a graph in which every fact leads to"
    " the sentence that states it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Data = Annotated[
    Path | None,
    typer.Option("--data", help="Data folder (PACTGRAPH_DATA, else ./pactgraph-data).",
                 show_default=False),
]  # fmt: skip
Sources = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[SOURCE]...", help="Files, folders, web addresses, feeds; - : standard input."
    ),
]
Lists = Annotated[
    list[str] | None,
    typer.Option("--list", metavar="FILE", help="A file that names sources, one a line; or -."),
]
Note = Annotated[str, typer.Option(help="A remark kept with the release.", show_default=False)]
Processes = Annotated[
    int | None,
    typer.Option(min=1, help="Processes that read documents.", show_default=False),
]
Force = Annotated[bool, typer.Option("--force", help="Go through all stages in any case.")]


@app.command()
def build(
    sources: Sources = None,
    lists: Lists = None,
    data: Data = None,
    note: Note = "",
    processes: Processes = None,
    force: Force = False,
) -> None:
    """Make a release from documents.

    It takes the place of the release that was there; what was read before costs nothing.
    """
    known = settings(data=data, processes=processes)
    _build(sources, lists, known, keep=False, note=note, force=force)


@app.command()
def add(
    sources: Sources = None,
    lists: Lists = None,
    data: Data = None,
    note: Note = "",
    processes: Processes = None,
    force: Force = False,
) -> None:
    """Add documents to the present ones.

    What has not changed costs nothing.
    """
    known = settings(data=data, processes=processes)
    _build(sources, lists, known, keep=True, note=note, force=force)


def _build(sources: list[str] | None, lists: list[str] | None, known: Settings, **how: Any) -> None:
    from kg import pipeline

    before = folder(known).current()
    with progress() as shown:
        done = pipeline.build(sources or (), known, shown, lists=lists or (), **how)
    same = before is not None and before.number == done.release.number
    what = "nothing changed, still release" if same else "release"
    documents = number(done.documents, "document")
    triples = done.release.counts.get("triples", 0)
    say(f"{what} {done.release.number}: {documents} ({done.fresh} read now), {triples} triples")
    _warn(done.report.findings)
    _end(len(done.skipped))


def _warn(findings: tuple[Finding, ...]) -> None:
    if findings:
        say(f"the checks made {number(len(findings), 'remark')}; `pactgraph check` shows them")


def _end(skipped: int) -> None:
    if skipped:
        say(f"{skipped} skipped, for the reasons above")
        raise typer.Exit(SKIPPED)


@app.command()
def extract(
    sources: Sources = None,
    lists: Lists = None,
    form: Annotated[str, typer.Option("--format", help="jsonl: one object a line.")] = "jsonl",
    processes: Processes = None,
) -> None:
    """Print the claims of documents as JSON.

    Links over all the sources given, and stores nothing.
    """
    if form != "jsonl":
        raise InputError(f"extract cannot write {form!r}; its format is jsonl")
    from kg import pipeline

    with progress() as shown:
        known = settings(processes=processes)
        rows, skipped = pipeline.extract(sources or (), known, shown, lists=lists or ())
    for row in rows:
        sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
    sys.stdout.flush()
    _end(len(skipped))


@app.command()
def query(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME|FILE|-]", help="Without it: the named queries."),
    ] = None,
    param: Annotated[
        list[str] | None,
        typer.Option("--param", metavar="NAME=VALUE", help="A parameter; may be repeated."),
    ] = None,
    form: Annotated[
        str, typer.Option("--format", help="table, json, csv, tsv, xml, ttl, nt or jsonld.")
    ] = "table",
    endpoint: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Ask this SPARQL endpoint.", show_default=False),
    ] = None,
    data: Data = None,
) -> None:
    """Run a query: its name, a file, or - .

    Without any, list the named queries.
    """
    from kg import ask

    known = settings(data=data)
    if name is None:
        typer.echo(ask.listing(known))
        return
    text = ask.text(name, dict(map(_pair, param or ())), known, sys.stdin)
    sys.stdout.flush()
    sys.stdout.buffer.write(ask.answer(text, form, known, endpoint))
    sys.stdout.buffer.flush()


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise InputError(f"--param {text!r}: write it as NAME=VALUE")
    return name.strip(), value


@app.command()
def export(
    form: Annotated[str, typer.Option("--format", help="Without it: the formats.")] = "",
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", help="File (else standard output).", show_default=False),
    ] = None,
    data: Data = None,
) -> None:
    """Write the graph for other tools."""
    from kg.export import FORMATS, find
    from kg.export import export as write

    if not form:
        raise InputError(f"say which format: --format F; formats: {', '.join(FORMATS)}")
    find(form)
    store = folder(settings(data=data)).open()
    if out is None or str(out) == "-":
        write(store, form, sys.stdout.buffer)
        return
    _whole(out, lambda handle: write(store, form, handle))
    say(f"wrote {out}")


def _whole(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """Write a file that is whole or not there at all."""
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as handle:
            write(handle)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@app.command()
def check(data: Data = None) -> None:
    """Run all checks over the release.

    Structure, shapes, quality queries, quotations, and OWL where Java is there.
    """
    from kg.pipeline import check_release

    place = folder(settings(data=data))
    release = place.release()
    report = check_release(place, release)
    for finding in report.findings:
        mark = "error" if finding.blocks else "remark"
        where = f" ({finding.doc})" if finding.doc else ""
        typer.echo(f"{mark}: {finding.check}: {one_line(finding.message)}{where}")
    blocking = sum(finding.blocks for finding in report.findings)
    say(f"release {release.number}: ran {', '.join(report.ran)}")
    rest = len(report.findings) - blocking
    say(f"{number(blocking, 'error')}, {number(rest, 'remark')}")
    if not report.ok:
        raise typer.Exit(1)


@app.command()
def releases(data: Data = None) -> None:
    """List the releases.

    A star marks the one that is served.
    """
    from kg.seal import count

    place = folder(settings(data=data))
    current = place.release().number
    rows = []
    for release in place.releases():
        about = place.manifest(release)
        star = "*" if release.number == current else ""
        documents = about.get("inputs", {}).get("documents", "")
        triples = count(place, release)
        made = release.created[:19].replace("T", " ")
        rows.append((star, release.number, made, documents, triples, one_line(release.note)))
    typer.echo(columns(("", "release", "made (UTC)", "documents", "triples", "note"), rows))


@app.command()
def rollback(
    release: Annotated[int, typer.Argument(metavar="NUMBER", help="The release to serve.")],
    data: Data = None,
) -> None:
    """Serve an earlier release again.

    Nothing is deleted.
    """
    served = folder(settings(data=data)).rollback(release)
    say(f"release {served.number} of {served.created[:19]} is served now")


@app.command()
def backup(
    target: Annotated[Path, typer.Argument(metavar="FILE", help="The archive, as x.tar.gz.")],
    data: Data = None,
) -> None:
    """Write the data folder into one file.

    It may be in use meanwhile; the file is read back before the command ends.
    """
    from kg.backup import backup as save

    size = save(folder(settings(data=data)), target)
    say(f"{target} holds the data folder, verified: {size:,} bytes")


@app.command()
def restore(
    archive: Annotated[Path, typer.Argument(metavar="FILE", help="A file made by backup.")],
    data: Data = None,
) -> None:
    """Put a backup back into a new data folder."""
    from kg.backup import restore as put_back

    made = put_back(archive, settings(data=data).data)
    say(f"{made.path} is there again, with release {made.release().number} as the current one")


@app.command()
def remove(
    what: Annotated[
        str,
        typer.Argument(
            metavar="[DOCUMENT|PERSON]",
            help="A document's id, file name or address; a person's address or whole name."
            " Without it: finish a removal that was stopped.",
        ),
    ] = "",
    reason: Annotated[str, typer.Option(help="Why; kept, so write no name into it.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    also_user_graphs: Annotated[
        bool, typer.Option("--also-user-graphs", help="Statements of users that name it go, too.")
    ] = False,
    data: Data = None,
) -> None:
    """Remove a document or a person for good.

    From all releases, texts and caches; rollback does not bring it back.
    """
    from kg import pipeline
    from kg import remove as removal

    known = settings(data=data)
    place = folder(known)
    if what:
        if not reason.strip():
            raise InputError("say why, with --reason; write no name into it")
        place.release()
        found = removal.find(place, what, known)
        say("\n".join(found.lines()))
        _sure(yes)
        with progress() as shown:
            done = removal.remove(
                place, found, reason, known, shown, also_user_graphs=also_user_graphs
            )
    else:
        with progress() as shown:
            done = pipeline.clear(known, shown)
    if done is None:
        say("nothing is left to remove")
        return
    say(f"removed; release {done.release.number} has {number(done.documents, 'document')}")


def _sure(yes: bool) -> None:
    if not yes and not _asked():
        raise InputError("nothing was removed")


def _asked() -> bool:
    if not sys.stdin.isatty():
        raise InputError("nobody is there to ask; give --yes")
    return typer.confirm("Remove it for good?", err=True)


@app.command()
def info(
    data: Data = None,
    quarantine: Annotated[
        bool, typer.Option("--quarantine", help="Show the sources left out, with the reasons.")
    ] = False,
) -> None:
    """Show folders, versions and settings."""
    from kg.about import left_out, lines

    typer.echo("\n".join((left_out if quarantine else lines)(settings(data=data))))


@app.command()
def explain(
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="THING | CLAIM | SUBJECT PREDICATE OBJECT", help="Addresses, as id:… too."
        ),
    ],
    data: Data = None,
) -> None:
    """Show why a statement is a fact.

    Or why a claim is none, down to the sentences; of a thing, which names became one, and why.
    """
    from kg.about import explain as explained

    known = settings(data=data)
    typer.echo("\n".join(explained(folder(known), what, known)))


def main() -> None:
    """Run the command without what serves: `python -m kg`."""
    app()
