"""Adding documents over HTTP: `POST /documents`, a file as the body or as parts of a form."""

from __future__ import annotations

import json
import mimetypes
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, current_app, jsonify, request
from werkzeug.datastructures import FileStorage

from kg.errors import PactgraphError, Timeout
from kg.settings import Settings
from server.auth import require
from server.body import WrongMediaType, limit
from server.line import Line
from server.readers import Readers

blueprint = Blueprint("adding", __name__)
_MEMORY_MB = 8192  # address space of the language model and its libraries, most of it unused
_LONGEST = 120  # characters of a file's name
_ODD = re.compile(r"[^\w.,()\- ]+")
_WAIT = 30.0  # seconds that one upload waits for another, and for its release to be served
_line = Line(1, _WAIT, "other documents are being read")


class NotAdded(PactgraphError):
    """Documents were not added; `status` says why, as in HTTP."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@blueprint.post("/documents")
def add() -> Response:
    """Add documents to the collection; answers when the release with them is served."""
    require("documents")
    settings: Settings = current_app.extensions["settings"]
    limit(settings.upload_bytes, "upload_bytes")
    files = _files()
    with _line.place(), tempfile.TemporaryDirectory(prefix="pactgraph-") as folder:
        for number, (name, data) in enumerate(files):
            place = Path(folder) / f"{number:04d}"
            place.mkdir()
            (place / name).write_bytes(data)
        row = _run(settings, folder, len(files))
    return _told(row)


def _files() -> list[tuple[str, bytes]]:
    """Return name and content of each file that was sent; the name's ending tells its kind."""
    if request.mimetype == "multipart/form-data":
        parts = [part for key in request.files for part in request.files.getlist(key)]
        if not parts:
            raise NotAdded(400, "the form holds no file; send parts with a file name each")
        return [(_name(part.filename or "", part.mimetype), _content(part)) for part in parts]
    data = request.get_data()
    if not data:
        raise NotAdded(400, "the body is empty; send a document in it, or files in a form")
    return [(_name(request.args.get("name", ""), request.mimetype), data)]


def _content(part: FileStorage) -> bytes:
    with part.stream as stream:
        return stream.read()


def _name(given: str, media_type: str) -> str:
    """Return a file name without a path and odd characters; its ending may come from the type."""
    name = _ODD.sub("-", given.replace("\\", "/").rpartition("/")[2]).strip(". ")
    stem, dot, ending = name.rpartition(".")
    if not (dot and stem):
        stem, ending = name or "document", (mimetypes.guess_extension(media_type) or "").lstrip(".")
    if not ending:
        kind = media_type or "a body without Content-Type"
        raise WrongMediaType(
            f"a document cannot come as {kind}; send its Content-Type, or its name with an ending"
            " as ?name=report.txt"
        )
    return f"{stem[:_LONGEST]}.{ending[:10]}"


def _run(settings: Settings, folder: str, number: int) -> dict[str, Any]:
    given = {
        "folder": folder, "settings": settings.model_dump_json(), "memory_mb": _MEMORY_MB,
        "note": f"{number} sent over HTTP", "seconds": _WAIT,
    }  # fmt: skip
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "server.adding"],
            input=json.dumps(given).encode(), stdout=subprocess.PIPE, check=False,
            timeout=settings.upload_seconds,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Timeout(
            f"reading took more than {settings.upload_seconds:g} s (setting upload_seconds) and"
            " was stopped; nothing was added; send fewer documents"
        ) from None
    try:
        row: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        raise NotAdded(
            503, "reading the documents needed more than it may use, or its process was ended;"
            " nothing was added",
        ) from None  # fmt: skip
    if "error" in row:
        raise NotAdded(row["status"], row["error"])
    return row


def _told(row: dict[str, Any]) -> Response:
    readers: Readers = current_app.extensions["readers"]
    if not readers.wait_for(row["release"], _WAIT):
        raise NotAdded(503, f"release {row['release']} is published but not served yet")
    root = request.url_root
    documents = [{"id": doc, "url": f"{root}documents/{quote(doc)}"} for doc in row["added"]]
    response = jsonify(release=row["release"], documents=documents, skipped=row["skipped"])
    response.status_code = 201 if documents else 200
    response.headers["X-Pactgraph-Release"] = str(row["release"])
    if len(documents) == 1:
        response.headers["Location"] = documents[0]["url"]
    return response
