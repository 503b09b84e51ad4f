"""`pactgraph remove`: a document or a person is found, removed from everything, and stays away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pyoxigraph as ox

from kg import disk, pipeline
from kg.curation import FILE as CURATION
from kg.errors import InputError, PactgraphError, UnknownName
from kg.intake import Progress
from kg.merges import relink
from kg.model import Document, Span
from kg.purge import is_users, path_of
from kg.quarantine import Quarantine
from kg.redact import Name, name_of, occurrences, redacted
from kg.register import Register
from kg.release import DataFolder
from kg.settings import Settings
from kg.tombstones import Tombstone, Tombstones, append, names_of, now, sha256
from kg.vocab import PG, RDF, RDFS

_WAIT = 30.0  # seconds for another process to finish writing
_ID = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True)
class Found:
    """What is to be removed: a document, or a person with the names in use."""

    path: str  # doc/<id> or person/<slug>
    label: str
    documents: tuple[Document, ...]  # that go, or give way to a redacted text
    names: frozenset[Name] = frozenset()
    spans: dict[str, list[Span]] = field(default_factory=dict)  # by document: mentions
    single: dict[str, set[str]] = field(default_factory=dict)  # by document: short names
    releases: tuple[int, ...] = ()
    user_statements: int = 0
    curated: bool = False  # an editor's file names it
    reprints: tuple[str, ...] = ()  # ids of documents with nearly the same text, which stay

    @property
    def is_person(self) -> bool:
        """Tell whether a person is meant."""
        return self.path.startswith("person/")

    def lines(self) -> Iterator[str]:
        """Say what will happen, as lines of text."""
        if self.is_person:
            yield f"person {self.label}: the name gives way to blocks in these documents"
        else:
            yield "this document and all that only it says"
        yield from (f"  {d.id}  {d.title or d.name}" for d in self.documents)
        if self.reprints:
            yield f"reprints of it stay, name them one by one: {', '.join(self.reprints)}"
        if self.releases:
            yield f"releases deleted: {', '.join(map(str, self.releases))}"
        if self.user_statements:
            yield (
                f"{self.user_statements} statements in graphs of users name it; they stay"
                " unless --also-user-graphs is given"
            )
        if self.curated:
            yield "curation.yaml names it: take it out there yourself"
        yield "backups made before keep all of it; delete them yourself"
        yield "this cannot be undone, by rollback neither"


def find(folder: DataFolder, what: str, settings: Settings) -> Found:
    """Return what a name means: a document's id, file name or address, a person's address or label.

    Raises UnknownName where there is none or more than one of that name.
    """
    what = what.strip().removeprefix("<").removesuffix(">")
    base = folder.iris.base
    if what.startswith("id:"):
        what = base + what.removeprefix("id:")
    kind, _, rest = what.removeprefix(base).partition("/")
    if what.startswith(base) and kind == "person":
        return _person(folder, what, settings)
    if what.startswith(base) and kind == "doc":
        what = rest
    documents = _documents(folder, what)
    if len(documents) > 1:
        ids = ", ".join(d.id for d in documents)
        raise UnknownName(f"{what!r} names {len(documents)} documents: {ids}; give one of the ids")
    if documents:
        return _counted(folder, Found(f"doc/{documents[0].id}", documents[0].name, (*documents,)))
    people = _people(folder, what)
    if len(people) > 1:
        raise UnknownName(f"{what!r} names {len(people)} people: {', '.join(people)}; give one")
    if people:
        return _person(folder, people[0], settings)
    raise UnknownName(
        f"there is no document and no person {what!r} in {folder.path}; give the id, file name or"
        " address of a document, the address of a person (id:person/…), or the whole name as the"
        " page shows it"
    )


def remove(
    folder: DataFolder,
    found: Found,
    reason: str,
    settings: Settings,
    progress: Progress | None = None,
    *,
    also_user_graphs: bool = False,
) -> pipeline.BuildResult | None:
    """Remove what was found: tombstone first, then a release without it, then the purge.

    Raises InputError where no reason is given, else as `kg.pipeline.build` does.
    """
    if not reason.strip():
        raise InputError("say why, with --reason; it is kept and shown where the text comes back")
    with disk.locked(folder.path / "lock", _WAIT):
        stones = Tombstones.load(folder.path)
        salt = stones.salt if found.is_person else ""
        after = _redact(folder, found) if found.is_person else {}
        _forget_sources(folder, found)
        key = found.path if found.is_person else found.path.removeprefix("doc/")
        stone = Tombstone(
            "person" if found.is_person else "document",
            sha256(key),
            reason.strip(),
            now(),
            salt,
            names_of(salt, (" ".join(name) for name in found.names)),
            after,
            also_user_graphs,
        )
        append(folder.path, stone)
    return pipeline.clear(settings, progress)


def _documents(folder: DataFolder, what: str) -> list[Document]:
    """Return the stored documents, of any release, that an id, a name or an address means."""
    tail = what.rstrip("/").rpartition("/documents/")[2]
    if _ID.fullmatch(tail):
        try:
            return [folder.document(tail)]
        except PactgraphError:
            return []
    return [d for d in folder.shelf.all() if what and what in {d.name, d.url}]


def _people(folder: DataFolder, label: str) -> list[str]:
    store = folder.open()
    person = ox.NamedNode(PG + "Person")
    found = {
        quad.subject.value
        for quad in store.quads_for_pattern(None, ox.NamedNode(RDFS + "label"), None)
        if isinstance(quad.subject, ox.NamedNode)
        and getattr(quad.object, "value", "") == label
        and any(store.quads_for_pattern(quad.subject, ox.NamedNode(RDF + "type"), person))
    }
    return sorted(found)


def _counted(folder: DataFolder, found: Found) -> Found:
    """Add which releases go, and how many statements of users name it."""
    gone = {document.id for document in found.documents}
    releases = tuple(r.number for r in folder.releases() if gone & set(folder.document_ids(r)))
    paths = {found.path} if found.is_person else {f"doc/{doc_id}" for doc_id in gone}
    count = sum(
        is_users(quad, folder.iris) and any(path_of(term, folder.iris) in paths for term in quad)
        for quad in folder.open()
    )
    said = folder.path / CURATION
    parts = gone | {path.rpartition("/")[2] for path in paths}
    curated = said.exists() and any(part in said.read_text("utf-8") for part in parts)
    reprints = () if found.is_person else _reprints(folder, gone)
    return replace(
        found, releases=releases, user_statements=count, curated=curated, reprints=reprints
    )


def _reprints(folder: DataFolder, gone: set[str]) -> tuple[str, ...]:
    """Return the ids of documents that the graph holds for copies of these, either way."""
    pairs = [
        {path_of(quad.subject, folder.iris), path_of(quad.object, folder.iris)}
        for quad in folder.open().quads_for_pattern(None, ox.NamedNode(PG + "copyOf"), None)
    ]
    near = {path.removeprefix("doc/") for pair in pairs for path in pair}
    return tuple(
        sorted(i for i in near - gone if any({f"doc/{i}", f"doc/{g}"} in pairs for g in gone))
    )


def _person(folder: DataFolder, iri: str, settings: Settings) -> Found:
    """Return a person with every place in the documents where the name stands."""
    current, extractions, linked = relink(folder, settings)
    keys = {local for local, address in linked.iri.items() if address == iri}
    if not keys:
        raise UnknownName(f"there is no person {iri} in the current release of {folder.path}")
    label = linked.things[iri].label
    full: set[Name] = {name_of(label)} if len(name_of(label)) > 1 else set()
    spans: dict[str, list[Span]] = {}
    single: dict[str, set[str]] = {}
    for document, extraction in zip(current, extractions, strict=True):
        own = [e for e in extraction.entities if (document.id, e.key) in keys]
        known = [name for e in own for name in (e.label, *e.names)]
        full |= {name_of(name) for name in known if _is_full(name, label)}
        if own:
            single[document.id] = {n[0] for n in map(name_of, known) if len(n) == 1}
            own_keys = {e.key for e in own}
            spans[document.id] = [m.span for m in extraction.mentions if m.entity in own_keys]
    documents = []
    for document in folder.shelf.all():
        about = f"{document.text}\n{document.title}\n{document.name}"
        if document.id in spans or occurrences(about, full):
            documents.append(document)
    path = iri.removeprefix(folder.iris.base)
    return _counted(folder, Found(path, label, tuple(documents), frozenset(full), spans, single))


def _is_full(name: str, label: str) -> bool:
    """Tell whether a wording is a full name: "the minister" or "Dr Orr" tell nobody apart."""
    parts = name.split()
    if len(parts) < 2 or not (parts[0][0].isupper() and parts[-1][0].isupper()):
        return False
    return len(set(name_of(name)) & set(name_of(label))) > 1


def _redact(folder: DataFolder, found: Found) -> dict[str, str]:
    """Store the redacted documents; return hash of the old id → new id ("": nothing to show)."""
    current = set(folder.document_ids())
    after = {}
    for old in found.documents:
        new = _without(old, found)
        after[sha256(old.id)] = new.id if old.id in current else ""
        if after[sha256(old.id)]:
            folder.shelf.put(new)
            _carry_over(folder, old, new, found)
    return after


def _without(old: Document, found: Found) -> Document:
    single = found.single.get(old.id, set()) | {name[-1] for name in found.names}
    spans = found.spans.get(old.id, []) + occurrences(old.text, found.names, single)
    return redacted(old, spans, found.names, single)


def _carry_over(folder: DataFolder, old: Document, new: Document, found: Found) -> None:
    """Let the things of a document keep their addresses, but for those that hold the name."""
    path = folder.path / "register.jsonl"
    register = Register.load(path)
    parts = found.single.get(old.id, set()) | {name[-1] for name in found.names}
    register.carry_over(old.id, new.id, lambda text: bool(parts & set(name_of(text))))
    register.save(path)


def _forget_sources(folder: DataFolder, found: Found) -> None:
    """Take sources off the quarantine that are called as the documents are."""
    names = {name for d in found.documents for name in (d.name, d.url) if name}

    def gone(source: str, reason: str) -> bool:
        own = source in names or source.rpartition("/")[2] in names
        return own or bool(occurrences(f"{source} {reason}", found.names))

    Quarantine(folder.path).drop(lambda row: gone(row.source, row.reason))
