"""Inference: writes graph `inferred` from the rules in `ontology/rules`, all at once or by change.

The rules read graphs facts, curated, entities and ontology, never claims. What they entail and
nobody asserted is stored; statements about terms of the ontology itself are not. A change is
worked in semi-naively: only joins with a changed triple are computed, and what a removal touched
is withdrawn and derived again (delete and re-derive). The rule file is the explanation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice

import pyoxigraph as ox
import yaml

from kg.resources import data_dir
from kg.vocab import RDF, Iris, digest, sparql_prologue

_TYPE = ox.NamedNode(RDF + "type")
_DELTA = ox.NamedNode("urn:pactgraph:delta")  # scratch graphs of a running inference
_GONE = ox.NamedNode("urn:pactgraph:gone")
BASE = ("facts", "curated", "entities", "ontology")
_COPIED = 400_000  # triples up to which a full inference copies what it reads into memory

_TERM = r"(\?\w+|<[^<>\s]+>|[\w-]*:[\w.-]+|a)"
_PATTERN = re.compile(rf"{_TERM}\s+{_TERM}\s+{_TERM}\s*\.?")
_RULE = re.compile(r"\s*CONSTRUCT\s*\{([^{}]*)\}\s*WHERE\s*\{(.*)\}\s*", re.DOTALL)

Pattern = tuple[str, str, str]


@dataclass(frozen=True)
class Rule:
    """A rule of `ontology/rules`: one head pattern, body patterns and filters, as SPARQL text."""

    name: str
    title: str
    because: str  # the reason in words, with the rule's variables in braces
    head: Pattern
    body: tuple[Pattern, ...]
    filters: tuple[str, ...] = ()

    @property
    def query(self) -> str:
        """The rule as a CONSTRUCT query over the whole graph."""
        return self._construct("", self.body)

    def joined_with_delta(self) -> Iterator[str]:
        """Yield the rule once for each body pattern, that pattern read from the changes alone."""
        for i, pattern in enumerate(self.body):
            yield self._construct(_scratch(pattern), self.body[:i] + self.body[i + 1 :])

    def derives_delta(self) -> str:
        """Return the query for which of the changes the rule derives from the present graph."""
        return self._construct(_scratch(self.head), self.body)

    def _construct(self, first: str, body: Iterable[Pattern]) -> str:
        where = ""
        for pattern in body:
            # After the few changed triples a test of a type comes last, or it lists the class.
            test = first and pattern[1] == "a" and not pattern[2].startswith("?")
            text = " ".join(pattern)
            where += f"  FILTER EXISTS {{ {text} }}\n" if test else f"  {text} .\n"
        filters = "".join(f"  {condition}\n" for condition in self.filters)
        return (
            f"{sparql_prologue()}CONSTRUCT {{ {' '.join(self.head)} }}\n"
            f"WHERE {{\n{first}{where}{filters}}}"
        )


@dataclass(frozen=True)
class Delta:
    """Triples that came into and went out of the asserted graphs."""

    added: frozenset[ox.Triple] = frozenset()
    removed: frozenset[ox.Triple] = frozenset()


def variables(pattern: Pattern) -> list[str]:
    """Return the variables of a pattern, with their question marks, each once."""
    return list(dict.fromkeys(term for term in pattern if term.startswith("?")))


def _scratch(pattern: Pattern) -> str:
    # The subselect makes the engine start from the few changed triples.
    names = " ".join(variables(pattern))
    return f"  {{ SELECT {names} {{ GRAPH {_DELTA} {{ {' '.join(pattern)} }} }} }}\n"


def parse_rule(name: str, text: str) -> Rule:
    """Read one rule; raises ValueError, naming the line, where it has not the form of a rule.

    The form: `#+` header lines (YAML: title, because), CONSTRUCT with one triple, WHERE with one
    triple pattern or FILTER on each line. `queries/README.md` describes the header.
    """
    lines = text.splitlines()
    header = yaml.safe_load("\n".join(x[2:].strip() for x in lines if x.startswith("#+"))) or {}
    code = "\n".join(line for line in lines if not line.lstrip().startswith("#"))
    match = _RULE.fullmatch(code)
    head = match and _PATTERN.fullmatch(match.group(1).strip())
    if not match or not head or not {"title", "because"} <= header.keys():
        raise ValueError(f"rule {name}: needs title, because, CONSTRUCT {{ one triple }} WHERE")
    body: list[Pattern] = []
    filters: list[str] = []
    for line in filter(None, (raw.strip() for raw in match.group(2).splitlines())):
        if line.startswith("FILTER"):
            filters.append(line)
        elif found := _PATTERN.fullmatch(line):
            body.append((found.group(1), found.group(2), found.group(3)))
        else:
            raise ValueError(f"rule {name}: not one triple pattern or FILTER: {line}")
    top = (head.group(1), head.group(2), head.group(3))
    if free := set(variables(top)) - {v for pattern in body for v in variables(pattern)}:
        raise ValueError(f"rule {name}: {', '.join(sorted(free))} is not bound by the body")
    return Rule(name, header["title"], header["because"], top, tuple(body), tuple(filters))


@cache
def rules() -> tuple[Rule, ...]:
    """Return the rules of `ontology/rules`, by name."""
    paths = sorted((data_dir("ontology") / "rules").glob("*.rq"))
    return tuple(parse_rule(path.stem, path.read_text("utf-8")) for path in paths)


def rules_version() -> str:
    """Return a digest of all rules; when it or the ontology changes, infer in full."""
    return digest(*(rule.query for rule in rules()))


def changes(
    before: ox.Store, after: ox.Store, iris: Iris, subjects: Iterable[str] | None = None
) -> Delta:
    """Compare what two states assert about some subjects (IRIs), or about all."""
    nodes = None if subjects is None else [ox.NamedNode(iri) for iri in subjects]
    old, new = _asserted(before, iris, nodes), _asserted(after, iris, nodes)
    return Delta(frozenset(new - old), frozenset(old - new))


def _asserted(store: ox.Store, iris: Iris, nodes: list[ox.NamedNode] | None) -> set[ox.Triple]:
    found: set[ox.Triple] = set()
    for name in BASE[:3]:
        graph, predicate = ox.NamedNode(iris.graph(name)), _TYPE if name == "entities" else None
        for node in [None] if nodes is None else nodes:
            found |= {q.triple for q in store.quads_for_pattern(node, predicate, None, graph)}
    return found


def materialise(
    store: ox.Store, iris: Iris, changed: set[str] | None = None, before: ox.Store | None = None
) -> int:
    """Bring graph `inferred` up to date and return how many statements it gained and lost.

    Without `before` everything is inferred anew. With it (the state that the present graph
    `inferred` belongs to), only what differs is worked in; `changed` may name the subjects (IRIs)
    that can differ, which spares comparing all of them.
    """
    run = _Run(store, iris)
    if before is None:
        return run.everything()
    return run.change(changes(before, store, iris, changed))


def _quad(triple: ox.Triple, graph: ox.NamedNode) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, triple.object, graph)


class _Run:
    """One inference on one store; its scratch graphs are gone when a method returns."""

    def __init__(self, store: ox.Store, iris: Iris) -> None:
        self.store, self.iris = store, iris
        self.base = [ox.NamedNode(iris.graph(name)) for name in BASE]
        self.inferred = ox.NamedNode(iris.graph("inferred"))
        self.terms: dict[ox.NamedNode | ox.BlankNode | ox.Triple, bool] = {}

    def everything(self) -> int:
        """Infer anew: in a copy in memory, which is several times faster, unless that is large."""
        old = {q.triple for q in self.store.quads_for_pattern(None, None, None, self.inferred)}
        if sum(1 for _ in islice(self.read(), _COPIED + 1)) > _COPIED:
            self.store.remove_graph(self.inferred)
            new = self.from_nothing()
        else:
            copy = ox.Store()
            copy.bulk_extend(self.read())
            new = _Run(copy, self.iris).from_nothing()
            for triple in old - new:
                self.store.remove(_quad(triple, self.inferred))
            self.store.extend(_quad(triple, self.inferred) for triple in new - old)
        return len(old ^ new)

    def read(self) -> Iterator[ox.Quad]:
        """Yield what the rules read."""
        for graph in self.base:
            predicate = _TYPE if graph == self.base[2] else None
            yield from self.store.quads_for_pattern(None, predicate, None, graph)

    def from_nothing(self) -> set[ox.Triple]:
        """Fill the empty graph `inferred` and return what it holds then."""
        found: set[ox.Triple] = set()
        for rule in rules():
            found |= self.ask(rule.query)
        return self.insert(self.new(found))

    def change(self, delta: Delta) -> int:
        doubtful = self.withdraw(delta.removed)
        for triple in delta.added:
            self.store.remove(_quad(triple, self.inferred))
        again: set[ox.Triple] = set()
        if doubtful:
            with self.scratch(_DELTA, doubtful):
                for rule in rules():
                    again |= self.ask(rule.derives_delta())
        derived = self.insert(self.new(again), delta.added)
        return len(derived ^ (doubtful - delta.removed))

    def withdraw(self, removed: Iterable[ox.Triple]) -> set[ox.Triple]:
        """Take out what may rest on the removed triples; return these and what was taken out."""
        doubtful = set(removed)
        front = set(doubtful)
        with self.scratch(_GONE, doubtful):
            while front:
                with self.scratch(_DELTA, front):
                    front = {
                        triple
                        for triple in self.ask_joined(_GONE)
                        if _quad(triple, self.inferred) in self.store
                    } - doubtful
                doubtful |= front
        for triple in doubtful:
            self.store.remove(_quad(triple, self.inferred))
        return doubtful

    def insert(self, derived: set[ox.Triple], asserted: Iterable[ox.Triple] = ()) -> set[ox.Triple]:
        """Add derived triples and what follows from them and from asserted ones; return these."""
        everything: set[ox.Triple] = set()
        front = derived | set(asserted)
        while front:
            self.store.extend(_quad(triple, self.inferred) for triple in derived)
            everything |= derived
            with self.scratch(_DELTA, front):
                front = derived = self.new(self.ask_joined())
        return everything

    def ask_joined(self, *also: ox.NamedNode) -> set[ox.Triple]:
        found: set[ox.Triple] = set()
        for rule in rules():
            for query in rule.joined_with_delta():
                found |= self.ask(query, *also)
        return found

    def ask(self, query: str, *also: ox.NamedNode) -> set[ox.Triple]:
        graphs: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] = [*self.base, *also]
        found = self.store.query(query, default_graph=[*graphs, self.inferred])
        return set(found) if isinstance(found, ox.QueryTriples) else set()

    def new(self, triples: Iterable[ox.Triple]) -> set[ox.Triple]:
        """Return those that are neither asserted nor inferred nor about a term."""
        return {
            triple
            for triple in triples
            if not self.asserted(triple)
            and _quad(triple, self.inferred) not in self.store
            and not self.is_term(triple.subject)
            and not isinstance(triple.object, ox.Literal)
        }

    def asserted(self, triple: ox.Triple) -> bool:
        # Relations of things stand in facts and curated only; entities has types and names.
        return any(_quad(triple, graph) in self.store for graph in self.base[:2])

    def is_term(self, node: ox.NamedNode | ox.BlankNode | ox.Triple) -> bool:
        if node not in self.terms:
            ontology = self.base[-1]
            found = self.store.quads_for_pattern(node, _TYPE, None, ontology)
            self.terms[node] = next(iter(found), None) is not None
        return self.terms[node]

    def scratch(self, graph: ox.NamedNode, triples: Iterable[ox.Triple]) -> _Scratch:
        return _Scratch(self.store, graph, triples)


class _Scratch:
    """A graph that holds some triples for the length of a `with` block."""

    def __init__(self, store: ox.Store, graph: ox.NamedNode, triples: Iterable[ox.Triple]) -> None:
        self.store, self.graph, self.triples = store, graph, triples

    def __enter__(self) -> None:
        self.store.extend(_quad(triple, self.graph) for triple in self.triples)

    def __exit__(self, *_: object) -> None:
        self.store.remove_graph(self.graph)
