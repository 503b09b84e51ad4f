"""Counts and checksums of releases that were published without them, and whether they still hold.

A build counts and sums up its graph at once; an update would pay for it with each write, so its
release is sealed when nobody writes, by the service or by `pactgraph check`.
"""

from __future__ import annotations

import json
from contextlib import suppress

from kg import disk
from kg.errors import DataFolderError
from kg.model import Finding, Release
from kg.release import DataFolder
from kg.store import checksum, counts


def seal(folder: DataFolder, release: Release) -> Release:
    """Write counts and checksum into the manifest of a release that lacks them; return it anew.

    The store is only read. Raises FileNotFoundError where the release was deleted meanwhile.
    """
    about = folder.manifest(release)
    if about["sha256"]:
        return release
    store = folder.open(release)
    about["counts"] = counts(store, folder.iris)
    about["sha256"] = checksum(store)
    text = json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True)
    disk.write(folder.place(release.number) / "manifest.json", text.encode() + b"\n")
    return Release(release.number, release.created, release.note, about["counts"])


def seal_all(folder: DataFolder) -> int:
    """Seal every release that lacks it, the newest first; return how many there were."""
    done = 0
    for release in reversed(folder.releases()):
        with suppress(FileNotFoundError, DataFolderError):  # deleted, or damaged: `check` tells
            if not folder.manifest(release)["sha256"]:
                seal(folder, release)
                done += 1
    return done


def count(folder: DataFolder, release: Release) -> str:
    """Return how many statements a release has, counted now where nobody has; or what is wrong."""
    if "triples" in release.counts:
        return str(release.counts["triples"])
    try:
        return str(counts(folder.open(release), folder.iris)["triples"])
    except DataFolderError:
        return "damaged"


def verify(folder: DataFolder, release: Release) -> tuple[Finding, ...]:
    """Seal a release that is not; of another one, return a finding where its sum is not that.

    No store is changed after it was published, so another sum means a damaged disk, or somebody
    who wrote past pactgraph.
    """
    known = folder.manifest(release)["sha256"]
    if not known:
        seal(folder, release)
        return ()
    if (found := checksum(folder.open(release))) == known:
        return ()
    words = (
        f"release {release.number} has the checksum {found[:12]}…, and was published with"
        f" {known[:12]}…; roll back, or build again"
    )
    return (Finding("checksum", words, blocks=True),)
