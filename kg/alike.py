"""Which nodes no shape can tell apart: of these, one stands for all when a release is checked.

Most claims of a release look the same to the shapes: one subject that is an IRI, one confidence
from 0 to 1. The key of a node keeps all that a constraint of SHACL Core may look at: how many
values of which kind, datatype, language and class; the order of values where shapes compare them;
and the very value where a constraint is of any other kind (patterns, lists of values).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import rdflib

from kg.vocab import RDF, SH

Types = Callable[[rdflib.term.Node], str]
Statement = tuple[rdflib.term.Node, rdflib.term.Node]  # predicate and object
_SH = rdflib.Namespace(SH)
_PLAIN = {
    _SH[name]
    for name in """path severity message targetClass targetSubjectsOf property minCount maxCount
    nodeKind datatype class uniqueLang sparql select prefixes""".split()
} | {rdflib.RDF.type}
_BOUNDS = {_SH.minInclusive, _SH.maxInclusive, _SH.minExclusive, _SH.maxExclusive}
_PAIRS = {_SH.lessThan, _SH.lessThanOrEquals}
# At a shape without a path these look at the classes of the node, which every key has.
_OF_NODES = _PLAIN | {_SH[name] for name in ("not", "or", "and", "xone")}
_LISTS = {_SH.alternativePath, rdflib.RDF.first, rdflib.RDF.rest}


class Keys:
    """Makes keys for nodes; nodes with the same key break the same shapes."""

    def __init__(self, shapes: rdflib.Graph) -> None:
        self.exact: set[str] = {RDF + "type"}  # properties whose very values count
        self.bounds: dict[str, list[rdflib.Literal]] = defaultdict(list)
        self.pairs: list[tuple[str, str]] = []
        self.all_differ = False  # where a constraint looks at what no key tells
        for shape in set(shapes.subjects()):
            self._note(shapes, shape)

    def _note(self, shapes: rdflib.Graph, shape: rdflib.term.Node) -> None:
        path = shapes.value(shape, _SH.path)
        named = isinstance(path, rdflib.URIRef)
        if path is not None and not named and (path, _SH.alternativePath, None) not in shapes:
            self.all_differ = True  # leads to what others say of the node
        for constraint, value in shapes.predicate_objects(shape):
            if path is None:
                self.all_differ |= constraint not in _OF_NODES | _LISTS
            elif constraint in _PLAIN or (constraint, str(value)) == (_SH.minLength, "1"):
                pass
            elif not named:
                self.all_differ = True
            elif constraint in _BOUNDS and isinstance(value, rdflib.Literal):
                self.bounds[str(path)].append(value)
            elif constraint in _PAIRS:
                self.pairs.append((str(path), str(value)))
            else:
                self.exact.add(str(path))

    def key(self, node: str, statements: Iterable[Statement], types: Types) -> bytes:
        """Return the key of a node with these statements; `types` tells the classes of a value."""
        compared: dict[str, list[rdflib.term.Node]] = defaultdict(list)
        parts = [node] if self.all_differ else []
        for predicate, value in statements:
            name = str(predicate)
            compared[name].append(value)
            parts.append(f"{name} {self._seen(name, value, types)}")
        for one, other in self.pairs:
            for a in compared.get(one, ()):
                parts += [f"{one} {order(a, b)} {other}" for b in compared.get(other, ())]
        return hashlib.blake2b("\n".join(sorted(parts)).encode(), digest_size=16).digest()

    def _seen(self, name: str, value: rdflib.term.Node, types: Types) -> str:
        if name in self.exact:
            return value.n3()
        if not isinstance(value, rdflib.Literal):
            return f"{type(value).__name__} {types(value)}"
        if value.ill_typed:
            return value.n3()
        bounds = "".join(order(value, bound) for bound in self.bounds.get(name, ()))
        return f"{bool(str(value))} {value.datatype} {value.language} {bounds}"


def order(one: rdflib.term.Node, other: rdflib.term.Node) -> str:
    """Return how two values compare: `<`, `=` or `>`; the values themselves where they do not."""
    a: Any = getattr(one, "value", None)
    b: Any = getattr(other, "value", None)
    try:
        return "<" if a < b else ">" if a > b else "="
    except TypeError:
        return f"{one.n3()} {other.n3()}"
