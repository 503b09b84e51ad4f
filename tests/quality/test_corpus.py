"""The annotation format: what is understood, and what every mistake is answered with."""

from __future__ import annotations

import re
from pathlib import Path

import corpus
import notation
import pytest
import vocabulary as v
from reader import AnnotationError, read

ALL = [path for who in ("", "a", "b") for path in corpus.files(annotator=who)]
GUIDE = (Path(__file__).parent / "GUIDE.md").read_text("utf-8")


@pytest.mark.parametrize("path", ALL, ids=[path.name for path in ALL])
def test_every_annotation_file_reads(path: Path) -> None:
    annotation = read(path)
    assert len([f for f in annotation.facts if not f.derived]) >= 8
    for fact in annotation.facts:
        assert 0 <= fact.start < fact.end <= len(annotation.text)
        assert fact.predicate == "type" or fact.predicate in v.PREDICATES


def test_facts_of_a_small_document(small: Path) -> None:
    annotation = read(small)
    facts = {(f.subject.key, f.predicate, f.object.key): f for f in annotation.facts}
    signed = facts["sign", "signingOf", "fish"]
    quote = annotation.text[signed.start : signed.end]
    assert quote.startswith("Ruritania and Zembla signed")
    assert quote.endswith("in Kuru.")
    assert facts["sign", "signer", "voss"].speaker == annotation.nodes["spokesman"]
    assert facts["launch", "launchOf", "council"].modality == "planned"
    assert facts["sign2", "signingOf", "fuel"].modality == "negated"
    office = facts["voss", "holdsOffice", "Office:foreign minister@ru"].object
    assert (office.key, "officeOfState", "ru") in facts


def test_what_the_compiler_adds(small: Path) -> None:
    facts = {(f.subject.key, f.predicate, f.object.key): f for f in read(small).facts if f.derived}
    assert facts["fish", "status", "signed"].tier == "core"
    assert facts["council", "status", "planned"].modality == "actual"
    assert ("fuel", "status", "signed") not in facts
    assert facts["fish", "hasSignatory", "voss"].tier == "optional"
    assert facts["sign", "hasParticipant", "ze"].tier == "optional"
    assert facts["says.spokesman", "madeBy", "spokesman"].tier == "full"
    assert facts["doc", "dateIssued", "2020-03-05"].start == 5
    assert facts["sign", "type", "Signing"].tier == "core"
    assert facts["sign2", "type", "Signing"].tier == "optional", "a denied signing is no event"


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("fish party rux", "unknown key 'rux', did you mean 'ru'?: add a `=` line"),
        ("fish partie ru", "unknown predicate 'partie', did you mean 'party'?"),
        ("= x Treatie | treaty", "unknown class 'Treatie', did you mean 'Treaty'?"),
        ("= ru State | Ruritania", "key 'ru' is taken"),
        ("= x Person | Otto Hahn", "none of the names ('Otto Hahn',) stands in the text"),
        ("= x Person", "x has no name"),
        ("@ Nobody said", "the text has no 'Nobody said'"),
        ("@ Zembla", "'Zembla' stands 2 times in the text: add words"),
        ("voss party ru", "party takes PolicyObject, but voss is Person"),
        ("fish party voss ru", "a comma is missing before 'ru'"),
        ("sign signingOf council", "signingOf leads to Agreement, but council is CooperationMech"),
        ("fish status signd", "unknown status 'signd', did you mean 'signed'?"),
        ("sign eventDate 5.3.2020", "'5.3.2020' is no date: write a day as 2021-06-14"),
        ('fish hasTopic "sheep"', "no word of ('sheep',) stands in the evidence"),
        ('fish amount "$5 million"', "'$5 million' does not stand in the evidence"),
        ('fish party "Ruritania"', "party takes a key, not words"),
        ("sign2 signingOf fuel ! [voss]", "sign2 signingOf fuel is written twice here"),
        ("sign2 signingOf fuel ~negated", "~ means planned, not negated"),
        ("fish party", "party has no object"),
    ],
)
def test_mistakes_are_named_with_line_and_mend(small: Path, line: str, answer: str) -> None:
    small.write_text(small.read_text("utf-8") + line + "\n", "utf-8")
    number = len(small.read_text("utf-8").split("\n")) - 1
    with pytest.raises(AnnotationError) as caught:
        read(small)
    assert answer in str(caught.value)
    assert f"001.ann:{number}: " in str(caught.value)


def test_all_mistakes_of_a_file_are_told_at_once(small: Path) -> None:
    small.write_text(small.read_text("utf-8") + "fish partie ru\nfish party rux\n", "utf-8")
    with pytest.raises(AnnotationError) as caught:
        read(small)
    assert len(str(caught.value).split("\n")) == 2


@pytest.mark.parametrize(
    ("text", "words", "quote"),
    [
        ("Mr. Abe met Bo. Then Cy left.", "Mr. Abe", "Mr. Abe met Bo."),
        ("J. F. Abe of St. Bo left. Cy sat.", "J. F.", "J. F. Abe of St. Bo left."),
        ("The U.S. envoy left. He ate.", "The U.S.", "The U.S. envoy left."),
        ('"We met," he said. "Good."', '"We met', '"We met," he said.'),
        ("A costs $1.5 million. B does not.", "A costs", "A costs $1.5 million."),
        ("A headline\n\nA text.", "A headline", "A headline"),
        ("One. Two. Three.", "One … Two.", "One. Two."),
        ("It rose, it fell. It  rose\nagain.", "It rose,", "It rose, it fell."),
    ],
)
def test_ends_of_sentences(text: str, words: str, quote: str) -> None:
    start, end = notation.evidence(text, words)
    assert text[start:end] == quote


def test_digest_changes_with_a_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus, "DOCUMENTS", tmp_path)
    (tmp_path / "101.txt").write_text("one")
    before = corpus.digest(["101-190"])
    (tmp_path / "001.txt").write_text("of the other part")
    assert corpus.digest(["101-190"]) == before
    (tmp_path / "101.txt").write_text("two")
    assert corpus.digest(["101-190"]) != before


def test_command_names_faulty_files(
    small: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(corpus, "DOCUMENTS", small.parent)
    assert corpus.main(["check", "001"]) == 0
    assert "documents 1" in capsys.readouterr().out
    small.write_text("doc today agency\n", "utf-8")
    assert corpus.main(["check"]) == 1
    assert "001.ann:1:" in capsys.readouterr().out


@pytest.mark.parametrize("word", sorted([*v.PREDICATES, *v.STATUSES, *v.SOURCE_KINDS]))
def test_the_guide_names_what_may_be_written(word: str) -> None:
    if word != "dateIssued":
        assert re.search(rf"(?<![\w-]){word}(?![\w-])", GUIDE)


def test_classes_of_the_guide_are_known() -> None:
    table = GUIDE[GUIDE.index("| group | classes |") : GUIDE.index("- **Ends of names.**")]
    named = set(re.findall(r"\b[A-Z][a-zA-Z]+\b", re.sub(r"\(.*?\)|\"[^\"]*\"", "", table)))
    assert named <= v.CLASSES
    assert {"State", "Signing", "Office", "Denial"} <= named


def test_the_example_of_the_guide_reads(tmp_path: Path) -> None:
    example = GUIDE[GUIDE.index("doc 2021") :].split("```")[0]
    (tmp_path / "001.ann").write_text(EXAMPLE_THINGS + example, "utf-8")
    (tmp_path / "001.txt").write_text(EXAMPLE, "utf-8")
    facts = read(tmp_path / "001.ann").facts
    aim = next(f for f in facts if f.predicate == "hasAim")
    assert (aim.modality, aim.modality_alt, aim.tier) == ("planned", ("expected",), "optional")
    assert aim.speaker is not None
    assert aim.speaker_alt == (None,)


EXAMPLE_THINGS = """= uganda State | Uganda
= ali Person | Ali
= okello Person | Okello
= visit Visit | visit
"""
EXAMPLE = """date 2021-06-14 Kenya and Uganda sign pact

The two ministers signed a memorandum of understanding on maritime security, Ali of Kenya and \
Okello of Uganda.

Next month they will visit safer sea lanes and train coast guards in Kampala. More follows.
"""
