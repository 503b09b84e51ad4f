"""What the pages for people say is true: settings, commands, links, versions, places."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from typer.main import get_command

from kg.settings import Settings
from server.cli import app

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    page
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *ROOT.glob("*/README.md")]
    if page.name != "CLAUDE.md"
)
OPERATING = ROOT / "docs/operating.md"
SERVICE = ROOT / "docs/service.md"


def read(page: Path) -> str:
    """Return the words of a page."""
    return page.read_text(encoding="utf-8")


def settings_table() -> str:
    """Return the table of all settings, as docs/operating.md must have it."""
    rows = ["| setting | environment | default | what it is |", "|---|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = field.default
        if isinstance(default, list):
            default = " ".join(map(str, default))
        shown = f"`{default}`" if str(default) else "empty"
        rows.append(f"| `{name}` | `PACTGRAPH_{name.upper()}` | {shown} | {field.description} |")
    return "\n".join(rows) + "\n"


def test_every_setting_is_documented_with_its_default() -> None:
    assert settings_table() in read(OPERATING), (
        "docs/operating.md has another table of settings: run python tests/product/test_docs.py"
    )


def anchors(page: Path) -> set[str]:
    """Return the fragments that the headings of a Markdown page make."""
    heads = re.findall(r"^#+ (.+)$", read(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_inside_the_project_lead_somewhere(page: Path) -> None:
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", read(page)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, fragment = target.partition("#")
        place = (page.parent / name) if name else page
        if not place.exists() or (fragment and fragment not in anchors(place)):
            broken.append(target)
    assert not broken


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_places_named_in_code_type_exist(page: Path) -> None:
    """`kg/read.py`, `ontology/frames/`: a path in one of our rooms is there."""
    rooms = r"`((?:kg|server|ontology|queries|tests|docs)/[\w./-]*)`"
    missing = [name for name in re.findall(rooms, read(page)) if not (ROOT / name).exists()]
    # An invented name, and what will be pinned once the test part is annotated.
    assert set(missing) <= {"queries/competency/your-question.rq", "tests/quality/pins.json"}


def test_every_command_is_documented_and_has_help() -> None:
    commands = get_command(app).commands
    words = "\n".join(map(read, [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]))
    undocumented = [name for name in commands if f"pactgraph {name}" not in words]
    assert not undocumented, "docs/tour.md names the commands"
    silent = [name for name, command in commands.items() if not command.help]
    assert not silent


def test_versions_agree() -> None:
    version = tomllib.loads(read(ROOT / "pyproject.toml"))["project"]["version"]
    released = re.findall(
        r"^## \[(\d[\d.]*)\] - (\d{4}-\d\d-\d\d)$", read(ROOT / "CHANGELOG.md"), re.M
    )
    citation = read(ROOT / "CITATION.cff")
    assert released[0][0] == version
    assert f"\nversion: {version}\n" in citation
    assert f"\ndate-released: {released[0][1]}\n" in citation


def test_the_table_of_conformance_is_that_of_the_report() -> None:
    import earl  # the script below runs without the folder that it lies in

    rows = dict(re.findall(r"^\| (SPARQL [^|]+) \| (\d+ of \d+) \|$", read(SERVICE), re.M))
    report = earl.counts(earl.read(ROOT / "docs" / "earl.ttl"))
    assert rows == {suite: f"{passed} of {total}" for suite, (passed, total) in report.items()}


if __name__ == "__main__":  # write the table of settings anew
    OPERATING.write_text(
        re.sub(
            r"^\| setting \|.*?\n\n",
            lambda _: settings_table() + "\n",
            read(OPERATING),
            flags=re.M | re.S,
        ),
        encoding="utf-8",
    )
