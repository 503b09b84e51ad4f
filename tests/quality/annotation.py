"""What an annotated document is made of: things, values, facts with spans."""

from __future__ import annotations

from dataclasses import dataclass, field

import vocabulary as v


@dataclass(frozen=True)
class Node:
    """One end of a fact: a thing (`types` and `names`, best first) or a value."""

    key: str
    types: tuple[str, ...]
    names: tuple[str, ...]
    value: bool = False

    @property
    def type(self) -> str:
        """Return the first class, or the kind of value."""
        return self.types[0]

    def has(self, cls: str) -> bool:
        """Tell whether the thing's first class is this one or below it."""
        return not self.value and v.below(self.type, cls)


@dataclass(frozen=True)
class Fact:
    """One fact of the gold: offsets are code points of the text, `end` exclusive."""

    doc: str
    subject: Node
    predicate: str
    object: Node
    start: int
    end: int
    modality: str = "actual"
    modality_alt: tuple[str, ...] = ()
    speaker: Node | None = None
    speaker_alt: tuple[Node | None, ...] = ()
    tier: str = "core"
    derived: bool = False
    line: int = 0

    @property
    def group(self) -> tuple[str, str, str, str, str]:
        """Return what facts share that say the same in several sentences: they count once."""
        return self.doc, self.subject.key, self.predicate, self.object.key, self.modality

    @property
    def anywhere(self) -> bool:
        """Tell whether a claim may have its evidence anywhere in the document."""
        return self.predicate == "type" or v.PREDICATES[self.predicate].anywhere


@dataclass
class Annotation:
    """One annotated document: `date` is empty where none is stated."""

    name: str
    text: str
    date: str = ""
    kind: str = ""
    nodes: dict[str, Node] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)
