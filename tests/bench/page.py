"""The benchmark's page and picture: ratios to the reference."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field
from pathlib import Path

from peers import REFERENCE


@dataclass
class Figures:
    """Requests a second and latencies in milliseconds, by (mix, kind, connections), by engine."""

    rates: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    p99: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    errors: dict[str, int] = field(default_factory=dict)
    point: dict[str, float] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)
    loading: dict[str, float] = field(default_factory=dict)


def table(figures: Figures, names: list[str], about: str) -> str:
    """Return the figures as a page: ratios to the reference, or plain where it is missing."""
    base = REFERENCE if REFERENCE in names else names[0]
    others = [name for name in names if name != base]
    lines = [about, ""]
    for what, rows in (("requests a second", figures.rates), ("p99, ms", figures.p99)):
        lines += [f"| {what} | {base} | " + " | ".join(f"{n}, ratio" for n in others) + " |"]
        lines += ["|---|---|" + "---|" * len(others)]
        for row, found in rows.items():
            if base in found:
                first = statistics.mean(found[base])
                cells = [_ratio(found.get(n), first) for n in others]
                lines.append(f"| {row} | {first:.1f} | " + " | ".join(cells) + " |")
        lines.append("")
    lines += ["| engine | point lookup, ms | memory, MB | loading, triples a second |"]
    lines += ["|---|---|---|---|"]
    for name in names:
        loading = f"{figures.loading[name]:,.0f}" if name in figures.loading else "–"
        lines.append(
            f"| {name} | {figures.point[name]:.2f} | {figures.memory[name]:.0f} | {loading} |"
        )
    if figures.errors:
        lines += ["", "Answers other than 200:", ""]
        lines += [f"- {row}: {number}" for row, number in figures.errors.items()]
    return "\n".join(lines) + "\n"


def _ratio(values: list[float] | None, first: float) -> str:
    return f"{statistics.mean(values) / first:.2f}" if values and first else "–"


def plot(figures: Figures, names: list[str], path: Path) -> None:
    """Draw requests a second as ratios to the reference, on a logarithmic scale."""
    from matplotlib.figure import Figure

    base = REFERENCE if REFERENCE in names else names[0]
    others = [name for name in names if name != base]
    rows = [row for row, found in figures.rates.items() if base in found]
    drawing = Figure(figsize=(8, 1.2 + 0.22 * len(rows) * len(others)), layout="constrained")
    axes = drawing.subplots()
    height = 0.8 / max(len(others), 1)
    for place, name in enumerate(others):
        found = [
            statistics.mean(figures.rates[row].get(name, [0.0]))
            / statistics.mean(figures.rates[row][base])
            for row in rows
        ]
        axes.barh([n + place * height for n in range(len(rows))], found, height, label=name)
    axes.axvline(1.0, color="black", linewidth=1)
    axes.set_xscale("log")
    axes.set_yticks([n + 0.4 - height / 2 for n in range(len(rows))], rows)
    axes.invert_yaxis()
    axes.set_xlabel(f"requests a second, as ratio to the {base} (line: as many)")
    axes.legend(fontsize="small")
    drawing.savefig(path, metadata={"Date": None})
