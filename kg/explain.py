"""Why something stands in the graph: from an inferred triple down to sentences.

A triple that was inferred leads to its rule and to the triples that the rule joined, these to the
claims behind them and to the quoted words. A claim leads to the reason why it is, or is not, a
fact, with the words of the denial or of the later status where that is the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.errors import UnknownName
from kg.infer import BASE, Pattern, Rule, rules, variables
from kg.vocab import PG, RDF, Iris, expand, shorten, sparql_prologue

Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
_SKIP = "FILTER NOT EXISTS { ?claim pg:notAcceptedBecause ?why }"
_SOURCES = """SELECT ?claim ?doc ?title ?start ?end ?quote WHERE {
  VALUES (?s ?p ?o) { (%s) }
  ?claim rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; pg:modality %s ;
    pg:hasEvidence ?span .
  ?span pg:inDocument ?doc ; pg:startOffset ?start ; pg:endOffset ?end ; pg:quote ?quote .
  OPTIONAL { ?doc rdfs:label ?title } %s
} ORDER BY ?doc ?start"""


@dataclass(frozen=True)
class Source:
    """A claim and the words it rests on; offsets are code points, end exclusive."""

    claim: str
    doc: str
    title: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True)
class Explanation:
    """One statement in words and why it stands: sources where asserted, a rule where inferred."""

    statement: str
    graph: str  # "facts", "curated", "entities", "ontology", "inferred" or "" where it is in none
    because: str = ""
    rule: str = ""
    premises: tuple[Explanation, ...] = ()
    sources: tuple[Source, ...] = ()
    alternatives: int = 0  # further ways to infer the same

    def lines(self, depth: int = 0) -> Iterator[str]:
        """Yield the explanation as indented lines of text."""
        pad = "  " * depth
        origin = f"inferred by rule {self.rule}" if self.rule else self.graph or "no fact"
        yield f"{pad}{self.statement}  [{origin}]"
        if self.because:
            yield f"{pad}  because {self.because}"
        for source in self.sources:
            yield f"{pad}  “{source.quote}”  ({source.title}, {source.start}–{source.end})"
        for premise in self.premises:
            yield from premise.lines(depth + 1)
        if self.alternatives:
            yield f"{pad}  and in {self.alternatives} other ways"


@dataclass
class Explainer:
    """Explains triples and claims of one store; holds the labels already looked up."""

    store: ox.Store
    iris: Iris
    labels: dict[str, str] = field(default_factory=dict)

    def triple(self, subject: str, predicate: str, obj: str) -> Explanation:
        """Explain a statement; ends are IRIs or prefixed names, `obj` may be a literal in quotes.

        Raises UnknownName where the statement is neither asserted nor inferred.
        """
        end: Node = ox.NamedNode(expand(obj)) if not obj.startswith('"') else _literal(obj)
        statement = ox.Triple(ox.NamedNode(expand(subject)), ox.NamedNode(expand(predicate)), end)
        found = self._explain(statement, frozenset())
        if not found.graph:
            raise UnknownName(f"the graph does not hold: {found.statement}")
        return found

    def claim(self, iri: str) -> Explanation:
        """Explain why a claim is, or is not, a fact; raises UnknownName where there is none."""
        node = ox.NamedNode(expand(iri))
        row = self._one(
            f"SELECT ?s ?p ?o ?modality ?why WHERE {{ {node} rdf:subject ?s ; rdf:predicate ?p ;"
            f" rdf:object ?o ; pg:modality ?modality ."
            f" OPTIONAL {{ {node} pg:notAcceptedBecause ?why }} }}"
        )
        if row is None:
            raise UnknownName(f"there is no claim {iri}; the page of its document lists them")
        statement = ox.Triple(row["s"], row["p"], row["o"])
        quotes = [
            s for s in self._sources(statement, str(row["modality"])) if s.claim == node.value
        ]
        if row["why"] is not None:
            return Explanation(
                self._words(statement),
                "",
                f"it is no fact: {row['why'].value}",
                premises=tuple(self._rivals(statement, row["why"].value)),
                sources=tuple(quotes),
            )
        graph = self._graph(statement)
        because = {
            "facts": "the text presents it as done, nothing speaks against it",
            "entities": "types are kept whatever the modality",
        }.get(graph, "the graph of the document holds it")
        return Explanation(self._words(statement), graph, because, sources=tuple(quotes))

    def _explain(self, statement: ox.Triple, above: frozenset[ox.Triple]) -> Explanation:
        graph = self._graph(statement)
        if graph != "inferred":
            actual = str(ox.NamedNode(self.iris.entity("modality", "actual")))
            sources = tuple(self._sources(statement, actual, _SKIP)) if graph == "facts" else ()
            return Explanation(self._words(statement), graph, sources=sources)
        ways = list(self._ways(statement, above | {statement}))
        if not ways:
            return Explanation(self._words(statement), graph)
        rule, binding, premises = ways[0]
        words = {name: self._label(node) for name, node in binding.items()}
        return Explanation(
            self._words(statement),
            graph,
            rule.because.format_map(words),
            rule.name,
            tuple(self._explain(premise, above | {statement}) for premise in premises),
            alternatives=len(ways) - 1,
        )

    def _ways(
        self, statement: ox.Triple, above: frozenset[ox.Triple]
    ) -> Iterator[tuple[Rule, dict[str, Node], list[ox.Triple]]]:
        """Yield rule, bindings and joined triples of each way that does not lean on itself."""
        for rule in rules():
            head = _unify(rule.head, statement)
            if head is None:
                continue
            given = " ".join(head)
            values = " ".join(str(node) for node in head.values())
            body = "".join(f" {' '.join(p)} ." for p in rule.body) + " ".join(rule.filters)
            rows = self._query(
                f"SELECT * WHERE {{ VALUES ({given}) {{ ({values}) }} {body} }} LIMIT 50",
                [*BASE, "inferred"],
            )
            for row in rows:
                bound = {v[1:]: row[v[1:]] for p in rule.body for v in variables(p)}
                premises = [_instance(p, bound) for p in rule.body]
                if not above.intersection(premises):
                    yield rule, bound, premises

    def _rivals(self, statement: ox.Triple, reason: str) -> Iterator[Explanation]:
        """Yield what a refusal points at: the denial, or the later status."""
        if "denied" in reason:
            negated = str(ox.NamedNode(self.iris.entity("modality", "negated")))
            found = tuple(self._sources(statement, negated))
            yield Explanation(f"not so: {self._words(statement)}", "", sources=found)
        elif "later status" in reason:
            rows = self.store.quads_for_pattern(
                statement.subject,
                ox.NamedNode(PG + "status"),
                None,
                ox.NamedNode(self.iris.graph("facts")),
            )
            for quad in rows:
                yield self._explain(quad.triple, frozenset())

    def _sources(self, statement: ox.Triple, modality: str, also: str = "") -> Iterator[Source]:
        ends = f"{statement.subject} {statement.predicate} {statement.object}"
        for row in self._query(_SOURCES % (ends, modality, also)):
            title = row["title"].value if row["title"] else row["doc"].value
            yield Source(
                row["claim"].value,
                row["doc"].value,
                title,
                int(row["start"].value),
                int(row["end"].value),
                row["quote"].value,
            )

    def _graph(self, statement: ox.Triple) -> str:
        for name in (*BASE, "inferred"):
            graph = ox.NamedNode(self.iris.graph(name))
            quad = ox.Quad(statement.subject, statement.predicate, statement.object, graph)
            if quad in self.store:
                return name
        return ""

    def _words(self, statement: ox.Triple) -> str:
        ends = (statement.subject, statement.predicate, statement.object)
        return " — ".join(self._label(node) for node in ends)

    def _label(self, node: Node) -> str:
        iri = getattr(node, "value", str(node))
        if isinstance(node, ox.Literal) or iri == RDF + "type":
            return "is a" if iri == RDF + "type" else str(iri)
        if iri not in self.labels:
            row = self._one(
                f"SELECT ?label WHERE {{ VALUES ?p {{ rdfs:label skos:prefLabel }} "
                f"<{iri}> ?p ?label }} ORDER BY ?label LIMIT 1"
            )
            self.labels[iri] = row["label"].value if row else shorten(str(iri))
        return self.labels[iri]

    def _one(self, query: str) -> ox.QuerySolution | None:
        return next(iter(self._query(query)), None)

    def _query(self, query: str, graphs: list[str] | None = None) -> list[ox.QuerySolution]:
        text = sparql_prologue() + query
        if graphs is None:
            rows = self.store.query(text, use_default_graph_as_union=True)
        else:
            named = [ox.NamedNode(self.iris.graph(name)) for name in graphs]
            rows = self.store.query(text, default_graph=[*named])
        return list(rows) if isinstance(rows, ox.QuerySolutions) else []


def _unify(head: Pattern, statement: ox.Triple) -> dict[str, Node] | None:
    """Return variable → node where the head can be the statement, else None."""
    bound: dict[str, Node] = {}
    ends = (statement.subject, statement.predicate, statement.object)
    for term, node in zip(head, ends, strict=True):
        if term.startswith("?"):
            if bound.setdefault(term, node) != node:
                return None
        elif ox.NamedNode(_iri(term)) != node:
            return None
    return bound


def _instance(pattern: Pattern, bound: dict[str, Node]) -> ox.Triple:
    nodes = [
        bound[term[1:]] if term.startswith("?") else ox.NamedNode(_iri(term)) for term in pattern
    ]
    return ox.Triple(nodes[0], nodes[1], nodes[2])  # type: ignore[arg-type]


def _iri(term: str) -> str:
    return RDF + "type" if term == "a" else expand(term.strip("<>"))


def _literal(text: str) -> ox.Literal:
    """Read a literal in N-Triples form; a datatype may be a prefixed name."""
    value, _, rest = text[1:].rpartition('"')
    if rest.startswith("^^"):
        return ox.Literal(value, datatype=ox.NamedNode(expand(rest[2:].strip("<>"))))
    return ox.Literal(value, language=rest[1:]) if rest.startswith("@") else ox.Literal(value)


def explain(store: ox.Store, iris: Iris, what: str | tuple[str, str, str]) -> Explanation:
    """Explain a claim (its IRI) or a triple (subject, predicate, object) of a store."""
    explainer = Explainer(store, iris)
    return explainer.claim(what) if isinstance(what, str) else explainer.triple(*what)
