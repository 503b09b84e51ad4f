"""Namespaces and the minting of IRIs: the one place where an address is made.

Prefixes come from `queries/prefixes.ttl`, kinds of things from `pg:idKind` in the ontology.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

import pyoxigraph as ox

from kg.resources import data_dir

DEFAULT_BASE = "https://w3id.org/pactgraph/id/"
PG = "https://w3id.org/pactgraph/ont#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SH = "http://www.w3.org/ns/shacl#"
# Modalities and statuses belong to the ontology, whatever a collection's own base is.
CONCEPTS = DEFAULT_BASE


@cache
def prefixes() -> dict[str, str]:
    """Return prefix → namespace, from the project's single list of prefixes."""
    rows: dict[object, dict[str, str]] = {}
    with (data_dir("queries") / "prefixes.ttl").open("rb") as handle:
        for quad in ox.parse(handle, format=ox.RdfFormat.TURTLE):
            if isinstance(quad.object, ox.Literal):
                name = quad.predicate.value.removeprefix(SH)
                rows.setdefault(quad.subject, {})[name] = quad.object.value
    found = {row["prefix"]: row["namespace"] for row in rows.values()}
    return dict(sorted(found.items()))


def sparql_prologue(base: str = DEFAULT_BASE) -> str:
    """Return one `PREFIX` line for each prefix of the project.

    `id` and `graph` follow the base of the collection; statuses, modalities and topics are the
    ontology's.
    """
    own = {"id": base, "graph": f"{base}graph/"}
    return "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in (prefixes() | own).items())


def expand(curie: str) -> str:
    """Return the IRI of a prefixed name; an IRI comes back unchanged."""
    name, colon, local = curie.partition(":")
    if not colon or local.startswith("//"):
        return curie
    try:
        return prefixes()[name] + local
    except KeyError:
        raise ValueError(f"unknown prefix {name!r} in {curie!r}") from None


def shorten(iri: str) -> str:
    """Return the prefixed name of an IRI, or the IRI where no prefix fits."""
    best = max(
        ((name, ns) for name, ns in prefixes().items() if iri.startswith(ns)),
        key=lambda item: len(item[1]),
        default=None,
    )
    if best is None:
        return iri
    local = iri[len(best[1]) :]
    return f"{best[0]}:{local}" if re.fullmatch(r"[\w.-]*", local) else iri


def digest(*parts: object) -> str:
    """Return 16 hexadecimal digits of the SHA-256 of the parts, joined by a separator."""
    text = "\x1f".join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@lru_cache(10_000)
def slugify(name: str, limit: int = 80) -> str:
    """Return a lower-case ASCII slug of a name, cut at a word end; a hash where nothing is left."""
    plain = unicodedata.normalize("NFKD", name.replace("&", " and "))
    plain = "".join(char for char in plain if not unicodedata.combining(char)).lower()
    slug = re.sub(r"[^a-z0-9]+", "-", re.sub(r"['’]", "", plain)).strip("-")
    if len(slug) > limit:
        slug = slug[: limit + 1].rsplit("-", 1)[0][:limit]
    return slug or digest(name)


@cache
def superclasses() -> dict[str, tuple[str, ...]]:
    """Return pg class name → names of all its pg superclasses, nearest first."""
    direct: dict[str, list[str]] = {}
    for quad in ontology_quads():
        if quad.predicate.value == RDFS + "subClassOf" and isinstance(quad.object, ox.NamedNode):
            child = getattr(quad.subject, "value", "")
            if child.startswith(PG) and quad.object.value.startswith(PG):
                direct.setdefault(child[len(PG) :], []).append(quad.object.value[len(PG) :])
    closed: dict[str, tuple[str, ...]] = {}
    for name in {*direct, *(parent for parents in direct.values() for parent in parents)}:
        seen: list[str] = []
        queue = list(direct.get(name, []))
        while queue:
            parent = queue.pop(0)
            if parent not in seen:
                seen.append(parent)
                queue += direct.get(parent, [])
        closed[name] = tuple(seen)
    return closed


@cache
def is_a(cls: str, ancestor: str) -> bool:
    """Tell whether a pg class name is the other one or below it."""
    return cls == ancestor or ancestor in superclasses().get(cls, ())


@cache
def ontology_quads() -> tuple[ox.Quad, ...]:
    """Return the statements of the ontology file and of the SKOS vocabularies beside it."""
    folder = data_dir("ontology")
    quads: list[ox.Quad] = []
    for path in [folder / "pactgraph.ttl", *sorted((folder / "vocabularies").glob("*.ttl"))]:
        with path.open("rb") as handle:
            quads += ox.parse(handle, format=ox.RdfFormat.TURTLE)
    return tuple(quads)


@cache
def _id_kinds() -> dict[str, str]:
    return {
        getattr(quad.subject, "value", "").removeprefix(PG): quad.object.value
        for quad in ontology_quads()
        if quad.predicate.value == PG + "idKind" and isinstance(quad.object, ox.Literal)
    }


def kind_of(cls: str) -> str:
    """Return the path element (`agreement`, `person`, …) for instances of a pg class.

    The kind is part of the name, not a statement: reclassifying a thing never renames it.
    """
    for name in (cls, *superclasses().get(cls, ())):
        if name in _id_kinds():
            return _id_kinds()[name]
    return "thing"


@dataclass(frozen=True)
class Iris:
    """Makes the IRIs of one collection; `base` ends in `/` (setting `base`, PACTGRAPH_BASE)."""

    base: str = DEFAULT_BASE

    def entity(self, kind: str, slug: str) -> str:
        """Return the IRI of an entity; topics, statuses and modalities are the ontology's."""
        root = CONCEPTS if kind in {"status", "modality"} else self.base
        return f"{root}{kind}/{slug}"

    def doc(self, doc_id: str) -> str:
        """Return the IRI of a document, from the first 16 hex digits of its text's SHA-256."""
        return f"{self.base}doc/{doc_id}"

    def graph(self, name: str) -> str:
        """Return the IRI of a named graph: `entities`, `facts`, … or a document's id."""
        return f"{self.base}graph/{name}"

    def evidence(self, doc_id: str, start: int, end: int) -> str:
        """Return the IRI of a span; offsets are code points from 0, end exclusive."""
        return f"{self.base}evidence/{doc_id}/{start}-{end}"

    def claim(self, claim_id: str) -> str:
        """Return the IRI of a claim."""
        return f"{self.base}claim/{claim_id}"

    def hashed(self, kind: str, *parts: object) -> str:
        """Return a content-addressed IRI (time spans, amounts)."""
        return f"{self.base}{kind}/{digest(*parts)}"
