"""The sample documents: enough of them, readable, of the promised size, listed in their README."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kg.read import find_sources, read
from kg.resources import samples_dir

SAMPLES = sorted(samples_dir().glob("*.txt"))


def test_there_are_at_least_twelve() -> None:
    assert len(SAMPLES) >= 12


def test_a_build_of_the_folder_reads_the_samples_and_nothing_else() -> None:
    assert find_sources([samples_dir()]) == SAMPLES


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_sample_is_readable_and_short(path: Path) -> None:
    document = read(path)
    text = path.read_bytes().decode("utf-8")
    assert document.text == text
    assert document.title
    assert 130 <= len(text.split()) <= 300
    assert (document.date is not None) == bool(re.match(r"\s*date \d{4}-\d{2}-\d{2} \S", text))


def test_most_samples_have_a_date_and_some_have_none() -> None:
    undated = [path for path in SAMPLES if read(path).date is None]
    assert 0 < len(undated) < len(SAMPLES) / 2


def test_the_readme_lists_each_sample_once_and_counts_them() -> None:
    text = (samples_dir() / "README").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^\| `([\w-]+)`", text, re.MULTILINE)) == [p.stem for p in SAMPLES]
    assert len(SAMPLES) == 18
    assert "Eighteen" in text
