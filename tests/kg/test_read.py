"""Files to documents: headers, encodings, and one clear refusal for each kind of bad file."""

import datetime as dt

import pytest

from kg.errors import DocumentError
from kg.read import find_sources, read

HEADED = " date 2021-06-14 Two states sign a pact\n\nKenya and Norway signed a pact on Monday.\n"


@pytest.fixture
def put(tmp_path):
    def write(data, name="text.txt"):
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

    return write


def test_a_header_gives_date_and_title_and_keeps_every_offset(put):
    document = read(put(HEADED))
    assert document.date == dt.date(2021, 6, 14)
    assert document.title == "Two states sign a pact"
    assert document.text == HEADED
    span = document.date_span
    assert HEADED[span.start : span.end] == "2021-06-14"
    assert HEADED[document.body.start :].startswith("Two states")


@pytest.mark.parametrize(
    "start", ["date 2021-06-14 ", "Date: 2021-06-14\n", "\ufeffdate 2021-06-14 "]
)
def test_other_ways_to_write_the_header(put, start):
    assert read(put(start + "Kenya signed a pact.\n")).date == dt.date(2021, 6, 14)


def test_a_text_without_header_has_no_date_and_no_made_up_title(put):
    document = read(put("Kenya and Norway signed a pact on Monday.\n\nIt is about fish.\n"))
    assert (document.date, document.title) == (None, "")


def test_the_same_text_is_the_same_document_whatever_the_file_is_called(put):
    assert read(put(HEADED, "a.txt")).id == read(put(HEADED, "b.txt")).id


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "iso-8859-2"])
def test_other_encodings_are_understood(put, encoding):
    text = "Der Außenminister unterzeichnete das Abkommen über Häfen in Köln. " * 4
    assert "Abkommen" in read(put(text.encode(encoding))).text


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "empty.txt", "empty"),
        (b"  \n\n ", "blank.txt", "empty"),
        (bytes(range(256)) * 40, "noise.txt", "binary"),
        (b"\x7fELF\x00\x01" * 50, "program.txt", "binary"),
        (b"date 2021-02-31 A day that is none\n\nText.", "day.txt", "no date"),
        (b"x" * 2000, "large.txt", "limit"),
        (b"some text", "data.xyz", "no reader"),
    ],
)
def test_a_bad_file_gets_one_line_that_says_why(put, data, name, words):
    with pytest.raises(DocumentError, match=words) as error:
        read(put(data, name), max_bytes=1000 if name == "large.txt" else 10**6)
    assert name in str(error.value)
    assert "\n" not in str(error.value)


def test_folders_give_their_files_sorted_without_hidden_ones(put, tmp_path):
    (tmp_path / "deep").mkdir()
    for name in ("b.txt", "a.txt", ".hidden.txt", "deep/c.txt", "picture.png"):
        put("text", name)
    assert [p.name for p in find_sources([tmp_path])] == ["a.txt", "b.txt", "c.txt"]


def test_a_data_folder_among_the_documents_is_passed_over(put, tmp_path):
    for name in ("a.txt", "own/FORMAT", "own/documents/b.txt", "own/releases/000001/x.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        put("text", name)
    assert [p.name for p in find_sources([tmp_path])] == ["a.txt"]


def test_a_missing_path_is_named(tmp_path):
    with pytest.raises(DocumentError, match=r"nowhere\.txt"):
        find_sources([tmp_path / "nowhere.txt"])
