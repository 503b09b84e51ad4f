"""Tokens: made once, kept as hashes, ended by time or by hand."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from kg.errors import DataFolderError, InputError, UnknownName
from kg.tokens import Tokens


def test_a_token_is_known_by_its_text_only(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path)
    row, text = tokens.create(["update", "graphs"], 3, "for tests")
    assert tokens.find(text) == row
    assert row.scopes == ("graphs", "update")
    changed = text[:-1] + ("A" if text[-1] != "A" else "B")
    for wrong in ("", "pg", text[:-1], changed, f"pg_00000000_{text}", text.replace("pg_", "px_")):
        assert tokens.find(wrong) is None


def test_the_secret_is_not_kept(tmp_path: Path) -> None:
    _, text = Tokens(tmp_path).create(["update"], None)
    file = tmp_path / "tokens.json"
    assert text.split("_", 2)[2] not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_token_ends_with_its_time(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path)
    _, text = tokens.create(["update"], 0)
    assert tokens.find(text) is None


def test_another_process_may_revoke(tmp_path: Path) -> None:
    here, there = Tokens(tmp_path), Tokens(tmp_path)
    row, text = here.create(["update"], None)
    _, other = here.create(["graphs"], None)
    there.revoke(row.id)
    assert here.find(text) is None
    assert here.find(other) is not None
    assert [token.id for token in here.all()] != [row.id]


def test_mistakes_say_what_to_do(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path)
    with pytest.raises(InputError, match="update, graphs"):
        tokens.create(["everything"], None)
    with pytest.raises(InputError, match="scope"):
        tokens.create([], None)
    with pytest.raises(UnknownName, match="token list"):
        tokens.revoke("12345678")
    (tmp_path / "tokens.json").write_text("[{")
    os.utime(tmp_path / "tokens.json", (1, 1))
    with pytest.raises(DataFolderError, match="damaged"):
        tokens.all()
