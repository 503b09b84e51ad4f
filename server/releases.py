"""The releases over HTTP: a list of them, and the way back to an earlier one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, jsonify

from kg.errors import PactgraphError
from kg.model import Release
from kg.release import DataFolder
from server.auth import require
from server.readers import Readers

blueprint = Blueprint("releases", __name__)
_WAIT = 30.0  # seconds until a release has to be served


class NotServed(PactgraphError):
    """A release is the current one and cannot be served yet."""

    status = 503


@blueprint.get("/releases")
def index() -> Response:
    """List the releases, the newest first."""
    folder: DataFolder = current_app.extensions["folder"]
    current = folder.current_number()
    rows = [_about(folder, release, current) for release in reversed(folder.releases())]
    response = jsonify(current=current, releases=rows)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/releases/<int:number>/rollback")
def rollback(number: int) -> Response:
    """Serve another release again; answers when it is served. Nothing is deleted."""
    require("releases")
    folder: DataFolder = current_app.extensions["folder"]
    release = folder.rollback(number, _WAIT)
    readers: Readers = current_app.extensions["readers"]
    if not readers.wait_for(number, _WAIT, exactly=True):
        raise NotServed(f"release {number} is the current one but not served yet")
    response = jsonify(_about(folder, release, number))
    response.headers["X-Pactgraph-Release"] = str(number)
    return response


def _about(folder: DataFolder, release: Release, current: int | None) -> dict[str, Any]:
    about = folder.manifest(release)
    return {
        "release": release.number,
        "created": release.created,
        "kind": about["kind"],
        "note": release.note,
        "parent": about["parent"],
        "documents": about["inputs"]["documents"],
        "triples": release.counts.get("triples"),
        "sha256": about["sha256"] or None,
        "current": release.number == current,
    }
