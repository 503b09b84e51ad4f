"""Reading files: dates and headlines, offsets, and every way in which a file can be no document."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from kg.errors import DocumentError
from kg.read import READERS, find_sources, read

LEAD = "Aldoria and Belmora signed a fisheries agreement."


def written(folder: Path, data: bytes, name: str = "pact.txt") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("mark", ["date ", " date ", "Date: ", "\ufeffdate "])
def test_a_header_gives_date_headline_and_body(tmp_path: Path, mark: str) -> None:
    text = f"{mark}2031-05-14 Two states sign\n\n{LEAD}\n"
    document = read(written(tmp_path, text.encode()))
    assert document.text == text
    assert (document.date, document.date_source) == (dt.date(2031, 5, 14), "header")
    assert document.date_span is not None
    assert text[document.date_span.start : document.date_span.end] == "2031-05-14"
    assert document.title == "Two states sign"
    assert document.body is not None
    assert text[document.body.start :].startswith("Two states sign")


def test_without_a_header_there_is_no_date(tmp_path: Path) -> None:
    document = read(written(tmp_path, f"{LEAD}\n".encode()))
    assert (document.date, document.date_source, document.title) == (None, "", "")


def test_a_first_line_that_is_a_sentence_is_no_headline(tmp_path: Path) -> None:
    assert read(written(tmp_path, f"{LEAD}\nMore.\n".encode())).title == ""
    assert read(written(tmp_path, f"Two states sign\n{LEAD}\n".encode())).title == "Two states sign"


def test_line_ends_stay_so_that_offsets_agree_with_other_programs(tmp_path: Path) -> None:
    data = f"date 2031-05-14 Two states sign\r\n\r\n{LEAD}\r\n".encode()
    assert read(written(tmp_path, data)).text.encode() == data


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_encoding_is_found(tmp_path: Path, encoding: str) -> None:
    text = "Le Président de la République a signé à Besançon un accord très général. " * 8
    assert read(written(tmp_path, text.encode(encoding))).text.lstrip("\ufeff") == text


def test_the_same_text_is_the_same_document_whatever_the_file_is_called(tmp_path: Path) -> None:
    one, two = (written(tmp_path, LEAD.encode(), name) for name in ("a.txt", "b.md"))
    assert read(one).id == read(two).id


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\t\n", "empty"),
        ("a.txt", b"\x00\x01\x02PACT\x00" * 50, "binary"),
        ("a.txt", b"\x01\x02\x03\x04" * 50, "binary"),
        ("a.txt", b"date 2031-13-44 Two states\nText.", "no date"),
        ("a.exe", b"text", "no reader"),
        ("a", b"text", "no reader"),
        ("a.txt", b"word " * 300, "limit"),
    ],
)
def test_what_is_no_document_is_refused_with_its_name_and_a_reason(
    tmp_path: Path, name: str, data: bytes, reason: str
) -> None:
    path = written(tmp_path, data, name)
    with pytest.raises(DocumentError, match=reason) as caught:
        read(path, max_bytes=1000)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_huge_file_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as handle:
        handle.truncate(100_000_000_000)  # sparse: reading it would take all memory
    with pytest.raises(DocumentError, match="100,000,000,000 bytes"):
        read(path)


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"gone\.txt"):
        read(tmp_path / "gone.txt")
    with pytest.raises(DocumentError, match="check the path"):
        find_sources([tmp_path / "gone"])


def test_folders_give_what_readers_know_sorted_and_once(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", "c.exe", ".hidden.txt", "sub/d.txt", ".git/e.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        written(tmp_path, LEAD.encode(), name)
    found = find_sources([tmp_path, tmp_path / "b.txt"])
    assert [str(path.relative_to(tmp_path)) for path in found] == ["a.md", "b.txt", "sub/d.txt"]


def test_a_file_that_is_named_is_taken_whatever_its_ending(tmp_path: Path) -> None:
    path = written(tmp_path, b"text", "notes.unknown")
    assert find_sources([path]) == [path]
    assert ".unknown" not in READERS
