"""`/export/{format}`: the whole graph in every format of `pactgraph export`.

A file is made once a release, by a process of its own, from what the reader may see (setting
`public_text`), and kept as long as its release is served.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from flask import Blueprint, Response, current_app, jsonify, request, send_file

from kg import disk
from kg.errors import DataFolderError, InputError, PactgraphError, Timeout, UnknownName
from kg.model import Release
from kg.release import DataFolder
from kg.settings import Settings
from server import view
from server.belt import die_with_parent, limit_memory, no_network
from server.line import Line
from server.readers import pool, privileged

blueprint = Blueprint("exporting", __name__)
_MEMORY_MB = 4096  # address space of the engine and of the libraries that write tables
_NICE = 10
_REFUSED = 4  # exit status where a format cannot hold the graph; standard error says why
_KEPT = 2  # releases whose exports stay
_line = Line(1, 30.0, "another export is being made")


class NotExported(PactgraphError):
    """An export could not be made."""

    status = 503


@blueprint.get("/export")
def index() -> Response:
    """List the formats."""
    from kg.export import FORMATS

    return jsonify(
        [
            {
                "format": name,
                "about": form.about,
                "mediaType": form.media_type,
                "url": f"{request.url_root}export/{name}",
            }
            for name, form in FORMATS.items()
        ]
    )


@blueprint.get("/export/<name>")
def export(name: str) -> Response:
    """Hand out the whole graph in one format."""
    from kg.export import FORMATS

    if name not in FORMATS:
        raise UnknownName(f"there is no format {name!r}; the formats are {', '.join(FORMATS)}")
    form, settings = FORMATS[name], current_app.extensions["settings"]
    found = pool().place
    if found is None:
        raise DataFolderError("nothing has been published yet; run pactgraph build first")
    release, store = found
    shown = "full" if privileged() else view.mode(settings)
    tag = f"{release.number}-{release.created}-{shown}-{name}"
    if tag in request.if_none_match.as_set(include_weak=True):
        response = Response(status=304)
    else:
        path = _made(release, store, f"{shown}-{name}.{form.ending}", name)
        response = send_file(
            path, form.media_type, as_attachment=True, etag=tag,
            download_name=f"pactgraph-{release.number}.{form.ending}",
        )  # fmt: skip
    response.set_etag(tag)
    response.headers["Cache-Control"] = "private, no-cache" if privileged() else "no-cache"
    response.headers["Vary"] = "Authorization"
    response.headers["X-Pactgraph-Release"] = str(release.number)
    return response


def _made(release: Release, store: Path, name: str, form: str) -> Path:
    """Return the file of an export, made now where it is not there."""
    folder: DataFolder = current_app.extensions["folder"]
    place = folder.path.absolute() / ".exports" / f"{release.number:06d}"
    target = place / name
    if target.exists():
        return target
    with _line.place():
        try:
            if not target.exists():
                place.mkdir(parents=True, exist_ok=True)
                _make(store, target, form)
                for old in sorted(place.parent.glob("[0-9]*"))[:-_KEPT]:
                    if old != place:
                        disk.remove(old)
        except OSError as error:
            why = error.strerror or error
            raise NotExported(f"the export cannot be written ({why})") from error
    return target


def _make(store: Path, target: Path, form: str) -> None:
    settings: Settings = current_app.extensions["settings"]
    for left in target.parent.glob(".new-*"):
        left.unlink(missing_ok=True)
    beside = target.with_name(f".new-{target.name}")
    memory = str(_MEMORY_MB + settings.query_memory_mb)
    command = [sys.executable, "-P", "-m", "server.exporting", str(store), form, memory]
    try:
        with beside.open("wb") as out:
            done = subprocess.run(
                command, stdout=out, stderr=subprocess.PIPE, text=True, check=False,
                timeout=settings.export_seconds,
            )  # fmt: skip
    except subprocess.TimeoutExpired:
        beside.unlink(missing_ok=True)
        raise Timeout(
            f"the export took more than {settings.export_seconds:g} s (setting export_seconds)"
        ) from None
    if done.returncode:
        beside.unlink(missing_ok=True)
        why = done.stderr.strip().rpartition("\n")[2]
        if done.returncode == _REFUSED:
            raise InputError(why)
        raise NotExported(f"the export could not be made: {why or 'its process was ended'}")
    beside.replace(target)


def main(store: str, form: str, memory: str) -> None:
    """Write a store to standard output in a format."""
    die_with_parent()
    no_network()
    limit_memory(int(memory))
    os.nice(_NICE)
    import pyoxigraph as ox

    from kg.export import export as write

    out, sys.stdout = sys.stdout.buffer, sys.stderr
    try:
        write(ox.Store.read_only(store), form, out)
        out.flush()
    except InputError as error:
        sys.stderr.write(f"\n{error}")
        sys.exit(_REFUSED)


if __name__ == "__main__":
    main(*sys.argv[1:])
