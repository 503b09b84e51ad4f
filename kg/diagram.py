"""The class diagram of the ontology, drawn from its terms as one SVG without scripts.

One box for each class that has no class above it: its subclasses as an indented tree, then the
properties that start there, with the class that they lead to. Boxes fill columns from the top.
`python -m kg.diagram` writes the diagram and the JSON-LD context of a checkout anew.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from kg import onto
from kg.vocab import PG, shorten

COLUMNS, WIDTH, GAP, LINE, PAD = 4, 330, 22, 17, 9
_STYLE = """
  svg { background: #fdfdfb; font: 12.5px/1.3 system-ui, sans-serif; }
  .box { fill: #fff; stroke: #8a93a3; } .head { fill: #2f4858; }
  .title { fill: #fff; font-weight: 600; }
  .sub { fill: #1d2b36; } .prop { fill: #33546b; } .to { fill: #7a4b12; } .none { fill: #6b7280; }
  .rule { stroke: #d5dae2; } a:hover text, a:focus text { text-decoration: underline; }
  @media (prefers-color-scheme: dark) {
    svg { background: #14181d; } .box { fill: #1c2229; stroke: #5b6675; } .head { fill: #3d6076; }
    .sub { fill: #e4e8ee; } .prop { fill: #9fc3dc; } .to { fill: #e3b676; } .none { fill: #98a2b1; }
    .rule { stroke: #38414d; } }
"""


@dataclass(frozen=True)
class Box:
    """A class without a class above it; lines are (indent, text, target, style)."""

    name: str
    title: str
    lines: tuple[tuple[int, str, str, str], ...]

    @property
    def height(self) -> int:
        return LINE * (len(self.lines) + 1) + 3 * PAD


def boxes() -> list[Box]:
    """Return the boxes of the diagram, with every class and property of the ontology in one."""
    terms = onto.terms()
    children: dict[str, list[str]] = defaultdict(list)
    properties: dict[str, list[onto.Term]] = defaultdict(list)
    roots = []
    for name, term in terms.items():
        if term.kind == "class":
            above = [p[len(PG) :] for p in term.parents if p.startswith(PG)]
            for parent in above:
                children[parent].append(name)
            if not above:
                roots.append(name)
        elif term.kind != "annotation property":
            properties[term.domain[len(PG) :]].append(term)
    made = [
        Box(root, terms[root].label, tuple(_lines(root, children, properties))) for root in roots
    ]
    anything = tuple(_rows(properties[""]))
    return [*made, Box("", "of things of any class", anything)]


def _lines(
    name: str, children: dict[str, list[str]], properties: dict[str, list[onto.Term]]
) -> Iterator[tuple[int, str, str, str]]:
    inside: list[str] = []
    for indent, cls in _tree(name, children, 0):
        if cls != name:
            yield indent - 1, onto.terms()[cls].label, cls, "sub"
        if cls not in inside:
            inside.append(cls)
    # What starts at a class with two parents is listed under the first of them only.
    own = [cls for cls in inside if _home(cls) == name]
    yield from _rows(term for cls in own for term in properties[cls])


def _home(cls: str) -> str:
    above = [p for p in onto.terms()[cls].parents if p.startswith(PG)]
    return _home(above[0][len(PG) :]) if above else cls


def _tree(name: str, children: dict[str, list[str]], depth: int) -> Iterator[tuple[int, str]]:
    yield depth, name
    for child in children[name]:
        yield from _tree(child, children, depth + 1)


def _rows(terms: Iterable[onto.Term]) -> Iterator[tuple[int, str, str, str]]:
    for term in terms:
        if term.kind == "object property":
            yield 0, term.label, term.range[len(PG) :] or "anything", "prop"
        else:
            kind = onto.datatypes().get(term.name) or shorten(term.range)
            yield 0, term.label, kind, "value"


def draw() -> str:
    """Return the diagram as the text of an SVG file."""
    columns: list[list[Box]] = [[] for _ in range(COLUMNS)]
    heights = [GAP] * COLUMNS
    for box in sorted(boxes(), key=lambda b: (-b.height, b.name)):
        shortest = heights.index(min(heights))
        columns[shortest].append(box)
        heights[shortest] += box.height + GAP
    width, height = COLUMNS * (WIDTH + GAP) + GAP, max(heights)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" aria-labelledby="t">',
        f'<title id="t">Classes and properties of the pactgraph ontology</title>'
        f"<style>{_STYLE}</style>",
    ]
    for i, column in enumerate(columns):
        y = GAP
        for box in column:
            parts += _box(box, GAP + i * (WIDTH + GAP), y)
            y += box.height + GAP
    return "\n".join([*parts, "</svg>", ""])


def _box(box: Box, x: int, y: int) -> Iterator[str]:
    anchor = f' id="{box.name}"' if box.name else ""
    size = f'width="{WIDTH}" height="{box.height}"'
    yield f'<g{anchor}><rect class="box" x="{x}" y="{y}" {size} rx="5"/>'
    head = LINE + PAD
    outline = f"M{x} {y + 5}q0 -5 5 -5h{WIDTH - 10}q5 0 5 5v{head - 5}h-{WIDTH}z"
    yield f'<path class="head" d="{outline}"/>'
    yield f'<text class="title" x="{x + PAD}" y="{y + LINE}">{escape(box.title)}</text>'
    row, before = y + head + LINE, "sub"
    for indent, text, target, style in box.lines:
        if style != before and before == "sub" and row > y + head + LINE:
            line = row - LINE + 4
            yield f'<path class="rule" d="M{x} {line}h{WIDTH}"/>'
        before = style
        yield _line(x + PAD + 14 * indent, x + WIDTH - PAD, row, text, target, style)
        row += LINE
    yield "</g>"


def _line(x: int, right: int, y: int, text: str, target: str, style: str) -> str:
    left = (
        f'<text class="{"sub" if style == "sub" else "prop"}" x="{x}" y="{y}">{escape(text)}</text>'
    )
    if style == "sub":
        return left
    label = onto.terms()[target].label if target in onto.terms() else target
    css = "to" if style == "prop" and target in onto.terms() else "none"
    end = f'<text class="{css}" x="{right}" y="{y}" text-anchor="end">{escape(label)}</text>'
    return left + (f'<a href="#{_home(target)}">{end}</a>' if css == "to" else end)


def write(checkout: Path) -> None:
    """Write `docs/ontology.svg` and `ontology/context.jsonld` of a checkout."""
    (checkout / "docs" / "ontology.svg").write_text(draw(), "utf-8")
    text = json.dumps(onto.context(), indent=2, ensure_ascii=False, sort_keys=False)
    (checkout / "ontology" / "context.jsonld").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "."))
