"""Reads one annotation file, collecting every error with its line and its mend."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import derive
import notation
import vocabulary as v
from annotation import Annotation, Fact, Node
from notation import Marks, NotationError


class AnnotationError(Exception):
    """An annotation file that cannot be read; the message lists every line and its mend."""


class _Reader:
    """Reads one file, collecting every error with its line."""

    def __init__(self, path: Path, text: str) -> None:
        self.path, self.errors = path, list[str]()
        name = path.name.split(".")[0]
        self.out = Annotation(name, text)
        self.out.nodes["doc"] = Node(
            "doc", ("Document",), (name, f"{name}.txt", f"document {name}")
        )
        self.span: tuple[int, int] | None = None
        self.subject = ""
        self.seen: set[tuple[object, ...]] = set()

    def fail(self, number: int, message: str) -> None:
        self.errors.append(f"{self.path.name}:{number}: {message}")

    def read(self) -> Annotation:
        lines = [notation.strip_comment(x) for x in self.path.read_text("utf-8").split("\n")]
        for number, line in enumerate(lines, 1):
            if line.startswith("="):
                self._try(number, self._thing, line[1:])
        for number, line in enumerate(lines, 1):
            if line and not line.startswith("="):
                self._try(number, self._statement, line)
        if not self.out.kind:
            self.fail(1, "no `doc DATE KIND` line: write for instance `doc 2021-06-14 agency`")
        if self.errors:
            raise AnnotationError("\n".join(self.errors))
        self.out.facts = derive.settle_speech(self.out.facts)
        self.out.facts += derive.derived(self.out)
        return self.out

    def _try(self, number: int, step: Callable[[int, str], None], line: str) -> None:
        try:
            step(number, line.strip())
        except NotationError as error:
            self.fail(number, str(error))

    def _thing(self, number: int, line: str) -> None:
        key, classes, names = notation.thing(line)
        if key in self.out.nodes:
            raise NotationError(f"key {key!r} is taken: choose another")
        for cls in classes:
            if cls not in v.CLASSES:
                raise NotationError(f"unknown class {cls!r}{notation.near(cls, v.CLASSES)}")
        node = Node(key, classes, names)
        if any(node.has(cls) for cls in v.NAMED) and not derive.first_mention(self.out.text, names):
            raise NotationError(f"none of the names {names} stands in the text")
        self.out.nodes[key] = node

    def _statement(self, number: int, line: str) -> None:
        word, _, rest = line.partition(" ")
        if word == "doc" and not self.out.kind:
            self._doc(rest.split())
        elif word == "@":
            self.span = None
            self.span = notation.evidence(self.out.text, rest)
        elif self.span is None:
            raise NotationError("a fact before any `@` line that could be read")
        elif word == "says":
            self._says(number, rest)
        else:
            self._fact(number, word, rest)

    def _doc(self, words: list[str]) -> None:
        if len(words) < 2 or words[1] not in v.SOURCE_KINDS:
            kinds = " ".join(sorted(v.SOURCE_KINDS))
            raise NotationError(f"write `doc DATE KIND`, KIND one of: {kinds}")
        self.out.date, self.out.kind = words[0].strip("-") and words[0], words[1]
        if self.out.date:
            notation.check_value("date", self.out.date)

    def _says(self, number: int, rest: str) -> None:
        key, _, day = rest.partition(" ")
        statement = self._statement_of(self._node(key))
        self._add(number, statement, "madeBy", self._node(key), Marks(tier="full"))
        if day:
            notation.check_value("date", day.strip())
            value = Node(day.strip(), ("date",), (day.strip(),), value=True)
            self._add(number, statement, "eventDate", value, Marks(tier="full"))

    def _statement_of(self, speaker: Node) -> Node:
        key = f"says.{speaker.key}"
        name = f"statement of {speaker.names[0]}"
        return self.out.nodes.setdefault(key, Node(key, ("Statement",), (name,)))

    def _node(self, key: str) -> Node:
        if key not in self.out.nodes:
            raise NotationError(
                f"unknown key {key!r}{notation.near(key, self.out.nodes)}: add a `=` line"
            )
        return self.out.nodes[key]

    def _fact(self, number: int, word: str, rest: str) -> None:
        self.subject = self.subject if word == "." else word
        name, _, tail = rest.strip().partition(" ")
        if name not in v.PREDICATES:
            raise NotationError(f"unknown predicate {name!r}{notation.near(name, v.PREDICATES)}")
        subject, predicate = self._node(self.subject), v.PREDICATES[name]
        if not any(subject.has(cls) for cls in predicate.subjects):
            wanted = " or ".join(predicate.subjects)
            raise NotationError(f"{name} takes {wanted}, but {subject.key} is {subject.type}")
        objects, marks = notation.objects(tail)
        if not objects:
            raise NotationError(f"{name} has no object")
        for item in objects:
            self._add(number, subject, name, self._object(predicate, item), marks)
            if item.of:
                office = self._object(predicate, item)
                self._add(number, office, "officeOfState", self._node(item.of), Marks())
        for speaker in marks.speakers[:1]:
            if speaker != "-":
                said = self._statement_of(self._node(speaker))
                self._add(number, said, "madeBy", self._node(speaker), Marks(tier="full"))

    def _object(self, predicate: v.Predicate, item: notation.Object) -> Node:
        if predicate.value:
            notation.check_value(predicate.value, item.value)
            self._in_evidence(predicate.value, item)
            return Node(item.value, (predicate.value,), (item.value, *item.extra), value=True)
        if not item.quoted:
            node = self._node(item.value)
            if not any(node.has(cls) for cls in predicate.objects):
                wanted = " or ".join(predicate.objects)
                raise NotationError(
                    f"{predicate.name} leads to {wanted}, but {node.key} is {node.type}"
                )
            return node
        if not predicate.inline:
            raise NotationError(f"{predicate.name} takes a key, not words: add a `=` line")
        self._in_evidence(predicate.inline, item)
        key = f"{predicate.inline}:{notation.plain(item.names[0])}{item.of and '@' + item.of}"
        return self.out.nodes.setdefault(key, Node(key, (predicate.inline,), item.names))

    def _in_evidence(self, kind: str, item: notation.Object) -> None:
        assert self.span is not None
        quote = self.out.text[slice(*self.span)]
        if kind in {"amount", "string", "time"} and notation.plain(
            item.value
        ) not in notation.plain(quote):
            raise NotationError(f"{item.value!r} does not stand in the evidence: {quote[:60]!r}…")
        if kind in {"Topic", "Aim", "Deliverable", "Place"} and not any(
            notation.shares_word(name, quote) for name in item.names
        ):
            raise NotationError(f"no word of {item.names} stands in the evidence: {quote[:60]!r}…")

    def _add(self, number: int, subject: Node, name: str, obj: Node, marks: Marks) -> None:
        assert self.span is not None
        mark = (subject.key, name, obj.key, marks.modality, self.span)
        if mark in self.seen:
            if name in {"madeBy", "officeOfState"}:
                return
            raise NotationError(f"{subject.key} {name} {obj.key} is written twice here")
        self.seen.add(mark)
        who = [None if key == "-" else self._node(key) for key in marks.speakers] or [None]
        self.out.facts.append(
            Fact(
                self.out.name,
                subject,
                name,
                obj,
                *self.span,
                modality=marks.modality,
                modality_alt=marks.alternatives,
                speaker=who[0],
                speaker_alt=tuple(who[1:]),
                tier=marks.tier or v.PREDICATES[name].tier,
                derived=subject.key.startswith("says."),
                line=number,
            )
        )


def read(path: Path) -> Annotation:
    """Return an annotated document; raises AnnotationError naming every faulty line."""
    text_path = path.with_name(path.name.split(".")[0] + ".txt")
    if not text_path.exists():
        raise AnnotationError(f"{path.name}: there is no {text_path.name} beside it")
    return _Reader(path, text_path.read_bytes().decode("utf-8")).read()
