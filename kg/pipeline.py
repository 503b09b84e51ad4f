"""The line: Document → Text → Mentions → Claims → quads → Report → release.

`build` and `add` walk it to a release, `extract` to claims. What one document holds is read once:
later builds find it in the data folder. What a build costs:

- Inputs as those of the current release (`kg.inputs`): it ends there.
- Else each new document is read, and its outline (`kg.outline`) kept beside what was read.
- Linking, judging and the comparison of the shared graphs go over the outlines of all documents.
- Lifting, inference and checks go over what differs from the release before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import PackageNotFoundError, version

import pyoxigraph as ox

from kg import infer
from kg.advice import Adviser
from kg.assemble import Assembled, Before, Input, assemble, ontology_version
from kg.claim import Extractor
from kg.curation import Curation
from kg.errors import CheckFailed, DataFolderError, LockedError, PactgraphError
from kg.inputs import NAME as INPUTS
from kg.inputs import code_version, inputs, origins
from kg.intake import Intake, Pair, Progress, Silent, Source
from kg.link import Register, link
from kg.model import Document, Finding, Release, Report
from kg.packed import Readings
from kg.purge import purge, stays, unfinished
from kg.quarantine import Quarantine
from kg.release import DataFolder, LocalStage
from kg.rows import Row, rows
from kg.seal import verify
from kg.settings import Settings
from kg.tombstones import Tombstones
from kg.vocab import Iris

# A larger graph of which fewer statements changed is summed up later: that takes 12 µs for each
# statement, changed or not.
_SUMMED = 500_000
_WAIT = 10.0  # seconds that a build waits for another process to finish writing


@dataclass(frozen=True)
class BuildResult:
    """What a build did: the release, how many documents were read anew, what was left out."""

    release: Release
    report: Report
    documents: int
    fresh: int
    skipped: tuple[str, ...] = ()


def extract(
    sources: Iterable[Source],
    settings: Settings,
    progress: Progress | None = None,
    *,
    lists: Iterable[Source] = (),
) -> tuple[Iterator[Row], list[str]]:
    """Return the claims of the sources as rows for JSON, and the messages on what was skipped.

    Links over all sources, in memory; stores nothing. Raises InputError where nothing is left.
    """
    intake = Intake(settings, progress or Silent())
    documents = intake.gather(sources, lists)
    intake.some(documents)
    pairs = intake.read_all(documents, Extractor(settings.model, Adviser.of(settings)))
    intake.some(pairs)
    iris = Iris(settings.base)
    documents, read = _columns(pairs)
    linked = link(documents, read, Register(), iris)
    return rows(zip(documents, read, strict=True), linked, iris), intake.skipped


def build(
    sources: Iterable[Source],
    settings: Settings,
    progress: Progress | None = None,
    *,
    lists: Iterable[Source] = (),
    keep: bool = False,
    note: str = "",
    force: bool = False,
) -> BuildResult:
    """Make a release from the documents that the sources hold; `keep` keeps the present ones too.

    A source is a file, a folder, an address (page, PDF, feed) or `-`; `lists` are files that name
    sources. A script that calls this keeps it under `__name__ == "__main__"`, since pages and PDFs
    are opened in a process of their own. Where the graph would be the same as the current one,
    that one is returned: at once where the inputs are the same, unless `force` asks to go through
    every stage all the same. Raises InputError where no document is left, CheckFailed where a check
    blocks, LockedError where another process writes; the release that was there stays in all of
    these cases.
    """
    folder = DataFolder(settings.data, base=settings.base, keep=settings.keep_releases)
    if busy := folder.is_busy():
        raise LockedError(f"{folder.path}: {busy} is writing; try again when it has finished")
    stones = Tombstones.load(folder.path)
    intake = Intake(settings, progress or Silent(), stones=stones)
    quarantine = Quarantine(folder.path)
    try:
        documents = intake.gather(sources, lists, partial(_stored, folder))
        intake.some(documents)
        if not force and (same := _same(documents, settings, folder, intake, quarantine, keep)):
            return same
        return _build(documents, settings, folder, intake, quarantine, keep=keep, note=note)
    finally:
        if (folder.path / "FORMAT").exists():
            intake.settle(quarantine)


def clear(
    settings: Settings, progress: Progress | None = None, *, note: str = "removal"
) -> BuildResult | None:
    """Finish what the tombstones of the data folder ask for; None where nothing was left to do.

    A release is made of the documents that stay, and all else that they name is deleted. Raises
    as `build` does.
    """
    folder = DataFolder(settings.data, base=settings.base, keep=settings.keep_releases)
    if not folder.path.exists() or folder.current() is None or not unfinished(folder):
        return None
    intake = Intake(settings, progress or Silent(), stones=Tombstones.load(folder.path))
    return _build([], settings, folder, intake, Quarantine(folder.path), keep=True, note=note)


def _same(
    documents: list[Document],
    settings: Settings,
    folder: DataFolder,
    intake: Intake,
    quarantine: Quarantine,
    keep: bool,
) -> BuildResult | None:
    """Return the current release where it was made from just these inputs, else None."""
    release = folder.current()
    if release is None or not (noted := folder.extra(INPUTS, release)):
        return None
    extractor = Extractor(settings.model, Adviser.of(settings))
    with folder.writing(_WAIT):
        if folder.current() != release or unfinished(folder):
            return None
        given = {document.id: document for document in documents}
        if keep:
            given |= {d.id: d for d in _others(folder, release, set(given))}
        some = intake.without_hopeless(list(given.values()), extractor.version, quarantine)
        if noted != inputs(folder, origins(some), _versions(extractor), settings):
            return None
        folder.open(release)  # raises where it is damaged
    skipped = tuple(intake.skipped)
    return BuildResult(release, folder.report(release), len(some), 0, skipped)


def _build(
    documents: list[Document],
    settings: Settings,
    folder: DataFolder,
    intake: Intake,
    quarantine: Quarantine,
    *,
    keep: bool,
    note: str,
) -> BuildResult:
    extractor = Extractor(settings.model, Adviser.of(settings))
    own = {document.id for document in documents}
    documents += _others(folder, folder.current(), own) if keep else []
    pairs, fresh = intake.remember(folder.shelf, documents, extractor, quarantine)
    if not intake.stones:  # a removal may take the last document
        intake.some(pairs)
    intake.progress.begin("linking and checking", 0)
    with folder.stage(_WAIT) as stage:
        stones = Tombstones.load(folder.path)
        if keep:
            pairs = _caught_up(pairs, own, folder, stage, intake, extractor, quarantine)
        pairs = [pair for pair in pairs if not stones.document(pair[0].id)]
        register = Register.load(folder.path / "register.jsonl")
        curation = Curation.load(folder.path, folder.iris)
        linked = link(*_columns(pairs), register, Iris(settings.base), curation)
        given = Input(*_columns(pairs), linked, _versions(extractor), settings)
        before = _before(folder, stage)
        done = assemble(stage.store, given, before)
        clean = stage.cleared >= len(stones)
        for document in given.documents:
            folder.shelf.put(document)
        if stage.parent and not done.changed and given.ids == before.documents and clean:
            release, report = stage.parent, folder.report(stage.parent)
        else:
            report = _checked(stage, done, given, folder)
            register.save(folder.path / "register.jsonl")
            if not clean:
                register.forget(folder.path / "register.jsonl", stones.document)
                stage.renew(stays(stones, folder.iris), len(stones))
            release = _publish(stage, done, given, report, note)
        if stones:
            purge(folder, stones)
        if not intake.unsure:
            made_from = inputs(folder, origins(given.documents), given.versions, settings)
            folder.note(release, INPUTS, made_from)
    return BuildResult(release, report, len(pairs), fresh, tuple(intake.skipped))


def _publish(
    stage: LocalStage, done: Assembled, given: Input, report: Report, note: str
) -> Release:
    extra = {"graphs": done.keys, "linking": list(given.linked.log)}
    return stage.publish(
        note,
        "build",
        report,
        documents=given.ids,
        versions=given.versions,
        extra=extra,
        sum_up=not stage.parent or done.size > _SUMMED or len(stage.store) < _SUMMED,
    )


def _caught_up(
    pairs: list[Pair],
    own: set[str],
    folder: DataFolder,
    stage: LocalStage,
    intake: Intake,
    extractor: Extractor,
    quarantine: Quarantine,
) -> list[Pair]:
    """Return the pairs with the documents of the release that is current now.

    Another process may have published while this one read.
    """
    stones = Tombstones.load(folder.path)
    now = set(stones.left_of(folder.document_ids(stage.parent) if stage.parent else ()))
    kept = [pair for pair in pairs if pair[0].id in own | now]
    known = {document.id for document, _ in kept} | intake.refused
    late = _others(folder, stage.parent, known)
    if not late:
        return kept
    more, _ = intake.remember(folder.shelf, late, extractor, quarantine)
    return sorted(kept + more, key=lambda pair: pair[0].id)


def _stored(folder: DataFolder, doc_id: str) -> Document | None:
    """Return a document that the folder has already; a damaged one counts as not there."""
    try:
        return folder.document(doc_id)
    except PactgraphError:
        return None


def _others(folder: DataFolder, release: Release | None, known: set[str]) -> list[Document]:
    """Return the documents of a release that are not among those known."""
    ids = folder.document_ids(release) if release else []
    if stones := Tombstones.load(folder.path):
        ids = stones.left_of(ids)
    return [folder.document(doc_id) for doc_id in ids if doc_id not in known]


def _columns(pairs: Sequence[Pair]) -> tuple[list[Document], Readings]:
    return [document for document, _ in pairs], Readings(packed for _, packed in pairs)


def _versions(extractor: Extractor) -> dict[str, str]:
    try:
        model = version(extractor.model)
    except PackageNotFoundError:
        model = ""
    return {
        "pactgraph": version("pactgraph"),
        "code": code_version(),
        "extractor": extractor.version,
        "model": f"{extractor.model} {model}".strip(),
        "ontology": ontology_version(),
        "rules": infer.rules_version(),
    }


def _before(folder: DataFolder, stage: LocalStage) -> Before:
    """Return what is known of the release that the new one starts from."""
    if stage.parent is None:
        return Before()
    about = folder.manifest(stage.parent)
    base = about.get("base") or folder.iris.base
    if base != folder.iris.base:
        raise DataFolderError(
            f"{folder.path} was built with the base {base}, not {folder.iris.base};"
            " set PACTGRAPH_BASE to it or use another data folder"
        )
    documents = frozenset(folder.document_ids(stage.parent))
    # Only a build knows that no graph of a document was touched since its keys were noted.
    keys = folder.extra("graphs", stage.parent) if about["kind"] == "build" else {}
    return Before(stage.before, documents, about.get("versions", {}), keys)


def _check(
    store: ox.Store,
    iris: Iris,
    documents: Callable[[str], Document],
    changed: set[str] | None,
) -> Report:
    from kg.check import check  # takes a second to import, and is not always needed

    return check(store, iris, documents, changed)


def _checked(stage: LocalStage, done: Assembled, given: Input, folder: DataFolder) -> Report:
    """Run the checks over what changed, over everything at a first build; raises CheckFailed."""
    changed = done.subjects if stage.parent else None
    report = _check(stage.store, given.iris, folder.document, changed)
    findings = (*report.findings, *done.findings, *_noted(given))
    report = replace(report, findings=findings)
    blocking = [finding for finding in report.findings if finding.blocks]
    if blocking:
        more = f" (and {len(blocking) - 1} more)" if len(blocking) > 1 else ""
        first = f"{blocking[0].check}: {blocking[0].message}"
        raise CheckFailed(f"nothing was published: {first}{more}; the old release stays")
    return report


def _noted(given: Input) -> list[Finding]:
    """Return what was noted when the documents were opened, as remarks of the report."""
    noted = [
        Finding("text", f"{document.name}: {note}", blocks=False, doc=document.id)
        for document in given.documents
        for note in document.notes
    ]
    lost = (line for line in given.linked.log if line.startswith("curation: "))
    return noted + [Finding("curation", line, blocks=False) for line in lost]


def check_release(folder: DataFolder, release: Release) -> Report:
    """Run all checks over the whole of a release, those of OWL too, and return what they found."""
    from kg.reason import check_owl

    store = folder.open(release)
    report = _check(store, folder.iris, folder.document, None)
    found, ran = check_owl(store, folder.iris)
    found += verify(folder, release)
    ran = (*ran, "checksum", "removals")
    if left := unfinished(folder):
        words = f"{', '.join(left[:3])}{' and more' if len(left) > 3 else ''}"
        message = f"a removal is not finished ({words} is left); run `pactgraph remove` again"
        found += (Finding("removal", message),)
    return replace(report, findings=(*report.findings, *found), ran=(*report.ran, *ran))
