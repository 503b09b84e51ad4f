"""Times inference on invented releases: in full, and for one document added and removed.

Not run by pytest. `python tests/ontology/bench_inference.py 10000 100000 1000000 [--oracles]`
prints one row a size: triples of the release, facts, inferred statements, seconds in full, seconds
for one document more and less, seconds from the copy of a release to the switch with that document
more (inference and scoped checks included; reading, linking and judging claims come before), and
with --oracles those of reasonable and owlrl on the same facts, types and ontology.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pyoxigraph as ox

from kg import infer, lift
from kg.check import check
from kg.model import Document
from kg.release import DataFolder
from kg.vocab import PG, RDF, RDFS, XSD, Iris, kind_of, ontology_quads, superclasses

IRIS = Iris()
Statement = tuple[ox.NamedNode, str, ox.NamedNode]


def node(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri)


class Maker:
    """Writes documents of some twenty claims about agreements of 180 states, as `kg.lift` does."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.quads: list[ox.Quad] = []
        self.facts: set[Statement] = set()
        self.number = count()
        self.documents: dict[str, Document] = {}
        self.offices: list[ox.NamedNode] = []
        self.people: list[ox.NamedNode] = []
        self.frames: list[ox.NamedNode] = []
        self.bodies: list[ox.NamedNode] = []
        topic = node(PG + "Topic")
        ontology = node(IRIS.graph("ontology"))
        for q in ontology_quads():
            self.quads.append(ox.Quad(q.subject, q.predicate, q.object, ontology))
        self.topics = sorted((q.subject for q in ontology_quads() if q.object == topic), key=str)
        self.states = [self.thing("State") for _ in range(180)]

    def thing(self, cls: str) -> ox.NamedNode:
        name = f"{cls.lower()}-{next(self.number)}"
        iri, graph = node(IRIS.entity(kind_of(cls), name)), node(IRIS.graph("entities"))
        for c in (cls, *superclasses().get(cls, ())):
            self.quads.append(ox.Quad(iri, node(RDF + "type"), node(PG + c), graph))
        label = ox.Literal(name, language="en")
        self.quads.append(ox.Quad(iri, node(RDFS + "label"), label, graph))
        return iri

    def document(self) -> None:
        r, doc = self.random, f"{next(self.number):016x}"
        self.documents[doc] = Document(doc, f"{doc}.txt", "words".ljust(100) * 30)
        self.quads += lift.document_quads(self.documents[doc], IRIS)
        rows = list(self._office()) if not self.people or r.random() < 0.2 else []
        one, two = r.sample(self.states, 2)
        pact, signing = self.thing("MemorandumOfUnderstanding"), self.thing("Signing")
        act, group = self.thing("Signature"), self.thing("WorkingGroup")
        session, aim = self.thing("DialogueSession"), self.thing("Aim")
        modality = "planned" if r.random() < 0.3 else "actual"
        person = r.choice(self.people)
        tied: list[Statement] = [
            (signing, "signingOf", pact), (signing, "signature", act), (act, "signedBy", person),
            (act, "onBehalfOf", one), (pact, "party", two),
        ]  # fmt: skip
        if r.random() < 0.3:
            tied.append((pact, "party", r.choice(self.bodies)))
        rows += [
            (pact, "hasTopic", r.choice(self.topics)), (pact, "hasTopic", r.choice(self.topics)),
            (pact, "underFramework", r.choice(self.frames)),
            (session, "sessionOf", r.choice(self.frames)),
            (session, "hasParticipant", person), (session, "organizer", one),
            (signing, "subEventOf", session), (group, "underFramework", r.choice(self.frames)),
            (group, "hasTopic", r.choice(self.topics)), (pact, "hasAim", aim), (one, "seeks", aim),
        ]  # fmt: skip
        for i, row in enumerate(tied):
            self._claim(doc, i, row, modality)
        for i, row in enumerate(rows, len(tied)):
            self._claim(doc, i, row, "actual")

    def _office(self) -> Iterator[Statement]:
        state, body = self.random.choice(self.states), self.thing("PublicBody")
        office, person = self.thing("Office"), self.thing("Person")
        frame = self.thing("DialogueFramework")
        self.bodies.append(body)
        self.people.append(person)
        self.frames.append(frame)
        yield from [
            (body, "bodyOf", state), (office, "officeIn", body), (person, "holdsOffice", office),
            (frame, "party", state), (frame, "party", self.random.choice(self.states)),
        ]  # fmt: skip

    def _claim(self, doc: str, i: int, row: Statement, modality: str) -> None:
        subject, predicate, obj = row
        claim, span = (
            node(IRIS.claim(f"{doc}-{i}")),
            node(IRIS.evidence(doc, i * 100, i * 100 + 5)),
        )
        number = node(XSD + "decimal")
        for s, p, o in [
            (claim, RDF + "type", node(PG + "Claim")),
            (claim, RDF + "type", node(RDF + "Statement")),
            (claim, RDF + "subject", subject), (claim, RDF + "predicate", node(PG + predicate)),
            (claim, RDF + "object", obj),
            (claim, PG + "modality", node(IRIS.entity("modality", modality))),
            (claim, PG + "rule", ox.Literal("bench")),
            (claim, PG + "confidence", ox.Literal("0.9", datatype=number)),
            (claim, PG + "extractedBy", node(IRIS.entity("run", "bench"))),
            (claim, PG + "hasEvidence", span), (span, RDF + "type", node(PG + "EvidenceSpan")),
            (span, PG + "inDocument", node(IRIS.doc(doc))),
            (span, PG + "startOffset", ox.Literal(i * 100)),
            (span, PG + "endOffset", ox.Literal(i * 100 + 5)),
            (span, PG + "quote", ox.Literal("words")),
        ]:  # fmt: skip
            self.quads.append(ox.Quad(s, node(p), o, node(IRIS.graph(doc))))
        if modality == "actual" and row not in self.facts:
            self.facts.add(row)
            self.quads.append(
                ox.Quad(subject, node(PG + predicate), obj, node(IRIS.graph("facts")))
            )


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def graph(store: ox.Store, *names: str) -> set[ox.Triple]:
    found: set[ox.Triple] = set()
    for name in names:
        found |= {
            q.triple for q in store.quads_for_pattern(None, None, None, node(IRIS.graph(name)))
        }
    return found


def measure(size: int, oracles: bool, folder: Path) -> str:
    maker = Maker(7)
    while len(maker.quads) < size:
        maker.document()
    store = ox.Store(str(folder / "before"))
    store.bulk_extend(maker.quads)
    full = timed(lambda: infer.materialise(store, IRIS))
    store.flush()
    store.backup(str(folder / "after"))
    after = ox.Store(str(folder / "after"))
    before = store
    whole, first = len(maker.quads), graph(before, "inferred")
    data = DataFolder(folder / "data")
    with data.stage() as stage:
        stage.store.bulk_extend(before)
        stage.publish("bench", seal=False)
    maker.document()
    extra = maker.quads[whole:]
    subjects = {q.subject.value for q in extra if "/graph/" in str(q.graph_name)}
    after.extend(extra)
    more = timed(lambda: infer.materialise(after, IRIS, subjects, before))
    anew = ox.Store()
    anew.bulk_extend(after)
    infer.materialise(anew, IRIS)
    assert graph(anew, "inferred") == graph(after, "inferred"), "incremental equals full"
    after.flush()
    after.backup(str(folder / "last"))
    last = ox.Store(str(folder / "last"))
    for quad in extra:
        last.remove(quad)
    less = timed(lambda: infer.materialise(last, IRIS, subjects, after))
    assert graph(last, "inferred") == first, "removing undoes adding"
    facts, inferred = len(graph(before, "facts")), len(first)
    publish = timed(lambda: _publish(data, extra, subjects, maker))
    row = f"| {whole:,} | {facts:,} | {inferred:,} | {full:.2f} | {more:.3f} | {less:.3f} |"
    row += f" {publish:.2f} |"
    return row + (_oracles(before) if oracles else "")


def _publish(data: DataFolder, extra: list[ox.Quad], subjects: set[str], maker: Maker) -> None:
    with data.stage() as stage:
        stage.store.extend(extra)
        infer.materialise(stage.store, IRIS, subjects, stage.before)
        report = check(stage.store, IRIS, maker.documents.get, subjects)
        assert report.ok, report.findings[:3]
        stage.publish("one document more", report=report, seal=False)


def _oracles(store: ox.Store) -> str:
    """Seconds of reasonable and owlrl for the same input, and what they find otherwise."""
    import owlrl
    import rdflib
    import reasonable

    types = {t for t in graph(store, "entities") if t.predicate.value == RDF + "type"}
    facts = graph(store, "facts")
    text = "\n".join(f"{t} ." for t in graph(store, "ontology") | facts | types)
    data = rdflib.Graph().parse(data=text, format="nt")
    engine = reasonable.PyReasoner()
    engine.from_graph(data)
    found: list[object] = []
    first = timed(lambda: found.extend(engine.reason()))
    if len(facts) > 5000:
        return f" {first:.1f} | not run |"
    second = timed(lambda: owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(data))
    return f" {first:.1f} | {second:.1f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", type=int, nargs="+")
    parser.add_argument("--oracles", action="store_true")
    given = parser.parse_args()
    titles = "| triples | facts | inferred | full s | add s | remove s | publish s |"
    print(titles + (" reasonable s | owlrl s |" if given.oracles else ""))
    for size in given.sizes:
        with tempfile.TemporaryDirectory() as folder:
            print(measure(size, given.oracles, Path(folder)), flush=True)


if __name__ == "__main__":
    main()
