"""The scorer scored: what must be perfect is, what must fall falls, each rule on its own."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import corpus
import names
import pytest
import report
import score
import table
from align import Claim, End, as_claims, claim
from annotation import Fact
from judge import Judged, judge, judge_all
from reader import read


@pytest.fixture
def facts(small: Path) -> list[Fact]:
    return read(small).facts


def _find(claims: list[Claim], predicate: str, start: int = 0) -> int:
    return next(i for i, c in enumerate(claims) if c.predicate == predicate and i >= start)


def _one(facts: list[Fact], **change: Any) -> tuple[str, Judged]:
    """Judge the gold as claims, with one claim (`predicate`) changed; return its verdict."""
    claims = as_claims(facts)
    place = _find(claims, change.pop("predicate_"))
    claims[place] = replace(claims[place], excused=False, **change)
    judged = judge(facts, claims)
    return judged.verdict[place], judged


def test_gold_against_itself_is_perfect() -> None:
    gold = [fact for path in corpus.files(["001-030"]) for fact in read(path).facts]
    figures = report.figures(judge_all(gold, as_claims(gold)))
    for reading in ("strict", "lenient"):
        assert figures[reading]["precision"] == figures[reading]["recall"] == 1
    assert figures["modality"]["accuracy"] == figures["speaker"]["accuracy"] == 1
    assert figures["evidence"]["mean_overlap"] == 1
    assert set(figures["verdicts"]) == {"right", "apart"}, "apart: types that nobody must list"


def test_first_names_alone_find_nearly_everything() -> None:
    """A claim has one label; only what two things share a first name for may be lost."""
    gold = [fact for path in corpus.files(["001-030"]) for fact in read(path).facts]
    bare = [
        replace(c, subject=replace(c.subject, also=()), object=replace(c.object, also=()))
        for c in as_claims(gold)
    ]
    strict = report.figures(judge_all(gold, bare))["strict"]
    assert min(strict["precision"], strict["recall"]) > 0.97


def test_shuffled_objects_score_next_to_nothing() -> None:
    gold = [fact for path in corpus.files(["001-030"]) for fact in read(path).facts]
    claims = [replace(c, excused=False) for c in as_claims(gold) if c.predicate != "type"]
    objects = [c.object for c in claims]
    random.Random(7).shuffle(objects)
    mixed = [replace(c, object=o) for c, o in zip(claims, objects, strict=True)]
    relations = report.figures(judge_all(gold, mixed))["lenient"]["relations"]
    assert relations["precision"] < 0.2
    assert relations["recall"] < 0.2


def test_half_of_the_claims_gives_half_of_the_recall(facts: list[Fact]) -> None:
    required = [f for f in facts if f.tier != "optional"]
    kept = as_claims(required)[::2]
    strict = report.figures(judge_all(facts, kept))["strict"]
    assert strict["precision"] == 1
    assert strict["recall"] == pytest.approx(len(kept) / len({f.group for f in required}), abs=1e-4)


def test_flattened_modality_is_seen(facts: list[Fact]) -> None:
    flat = [replace(c, modality="actual") for c in as_claims(facts)]
    modality = report.figures(judge_all(facts, flat))["modality"]
    assert modality["not_actual"] == 0
    assert modality["asserted_though_not"] == modality["not_actual_of"] > 0
    assert modality["kappa"] == 0


def test_missing_speakers_are_seen(facts: list[Fact]) -> None:
    mute = [replace(c, speaker=None) for c in as_claims(facts)]
    speaker = report.figures(judge_all(facts, mute))["speaker"]
    assert speaker["attributed"] == 0
    assert speaker["attributed_of"] > 0


STATE, PLACE, AGREEMENT = "State", "Place", "Agreement"


@pytest.mark.parametrize(
    ("predicate", "change", "verdict"),
    [
        ("party", {"object": End("i", "Ruritania", STATE)}, "right"),
        ("party", {"object": End("i", "Zubrowka", STATE)}, "false"),
        ("party", {"subject": End("i", "Coastal Fisheries Agreement", AGREEMENT)}, "right"),
        ("party", {"subject": End("i", "Coastal Fisheries Agreement 2020", AGREEMENT)}, "right"),
        ("party", {"subject": End("i", "Coastal Fisheries", AGREEMENT)}, "near"),
        ("party", {"subject": End("i", "Agreement on Coastal", AGREEMENT)}, "near"),
        ("party", {"subject": End("i", "agreement", AGREEMENT)}, "false"),
        ("party", {"subject": End("i", "fishing pact", "PolicyObject")}, "near"),
        ("party", {"subject": End("i", "fishing pact", "TradeAgreement")}, "right"),
        ("party", {"subject": End("i", "fishing pact", "Signing")}, "false"),
        ("party", {"predicate": "involves"}, "near"),
        ("party", {"predicate": "operatesInSector"}, "apart"),
        ("type", {"object": End("Topic", "Topic", "class")}, "apart"),
        ("type", {"object": End("Place", "Place", "class")}, "apart"),
        ("type", {"object": End("Treaty", "Treaty", "class")}, "false"),
        ("party", {"span": (0, 20)}, "elsewhere"),
        ("party", {"span": None}, "elsewhere"),
        ("eventDate", {"object": End("i", "2020-03-04", "date")}, "right"),
        ("eventDate", {"object": End("i", "2020-03-05", "date")}, "false"),
        ("eventDate", {"predicate": "when", "object": End("i", "Wednesday", "TimeSpan", (),
                       ("2020-03-04", "2020-03-04"))}, "right"),
        ("eventDate", {"predicate": "year", "object": End("i", "2020", "integer")}, "false"),
        ("place", {"object": End("i", "Kuru", PLACE)}, "right"),
        ("hasTopic", {"object": End("i", "fisheries cooperation", "Topic")}, "right"),
        ("hasTopic", {"object": End("i", "inland fisheries", "Topic")}, "near"),
        ("hasTopic", {"object": End("i", "tourism", "Topic")}, "false"),
        ("holdsOffice", {"object": End("i", "Minister of Foreign Affairs", "Office")}, "right"),
        ("holdsOffice", {"object": End("i", "Ruritanian Foreign Minister", "Office")}, "right"),
        ("holdsOffice", {"object": End("i", "finance minister", "Office")}, "false"),
        ("holdsOffice", {"subject": End("i", "Ms Voss", "Person")}, "right"),
        ("holdsOffice", {"subject": End("i", "Voss of Ruritania", "Person")}, "near"),
        ("status", {"object": End("i", "https://w3id.org/x/status/signed", "")}, "right"),
        ("status", {"object": End("i", "ratified", "string")}, "false"),
    ],
)  # fmt: skip
def test_one_changed_claim(
    facts: list[Fact], predicate: str, change: dict[str, Any], verdict: str
) -> None:
    assert _one(facts, predicate_=predicate, **change)[0] == verdict


def test_readings_treat_near_surplus_and_repeated_as_said(facts: list[Fact]) -> None:
    claims = as_claims([f for f in facts if f.tier != "optional"])
    party = claims[_find(claims, "party")]
    topic = claims[_find(claims, "hasTopic")]
    extra = [party, replace(topic, object=End("other", "fishery", "Topic"))]
    judged = judge(facts, [*claims, *extra])
    assert [judged.verdict[len(claims) + i] for i in range(2)] == ["repeated", "surplus"]
    figures = report.figures([judged])
    assert figures["strict"]["false"] == 1
    assert figures["lenient"]["false"] == 0


def test_two_signings_are_kept_apart(facts: list[Fact]) -> None:
    """An extractor that makes one node of two signings gets only one of them."""
    merged = []
    for c in as_claims(facts):
        subject = replace(c.subject, key="#sign") if c.subject.key == "#sign2" else c.subject
        merged.append(replace(c, subject=subject, excused=False))
    judged = judge(facts, merged)
    wrong = [merged[i] for i, word in judged.verdict.items() if word == "false"]
    assert [(c.predicate, c.object.label) for c in wrong] == [
        ("signingOf", "treaty on fuel prices")
    ]


def test_an_event_told_apart_too_often_still_counts(facts: list[Fact]) -> None:
    claims = as_claims(facts)
    place = next(i for i, c in enumerate(claims) if c.predicate == "signer")
    claims[place] = replace(claims[place], subject=End("another", "signing", "Signing"))
    assert judge(facts, claims).verdict[place] == "right"


def test_signatory_and_signer_say_the_same(facts: list[Fact]) -> None:
    signer = next(f for f in facts if f.predicate == "signer")
    said = Claim(
        "001", End("a", "Agreement on Coastal Fisheries", "Agreement"), "hasSignatory",
        End("b", "Ada Voss", "Person"), "actual", None, (signer.start, signer.end), "r",
    )  # fmt: skip
    assert signer.group in judge(facts, [said]).found(2)


def test_a_fact_of_two_sentences_counts_once(facts: list[Fact]) -> None:
    party = next(f for f in facts if f.predicate == "party")
    again = replace(party, start=0, end=50)
    figures = report.figures(judge_all([party, again], as_claims([again])))
    assert figures["strict"]["wanted"] == figures["strict"]["found"] == 1


def test_states_by_any_usual_name() -> None:
    assert names.polity("United States", ["the U.S."]) == names.SAME
    assert names.polity("Republic of Korea", ["South Korea"]) == names.SAME
    assert names.polity("United Kingdom", ["Britain"]) == names.SAME
    assert names.polity("Niger", ["Nigeria"]) == names.OTHER
    assert names.polity("North Korea", ["South Korea"]) == names.OTHER


@pytest.mark.parametrize(
    ("said", "wanted", "level"),
    [
        ("India-US trade pact", "US-India trade pact", 2),
        ("MoU on fisheries", "memorandum of understanding on fisheries", 2),
        ("memorandum of understanding", "memorandum of understanding on fisheries", 0),
        ("Defense Cooperation Programme", "defence cooperation program", 2),
        ("agreement on fish", "agreement on fuel", 0),
    ],
)
def test_names(said: str, wanted: str, level: int) -> None:
    assert names.name(said, [wanted], {}) == level
    assert names.name(wanted, [said], {}) == level


def test_names_of_different_states_differ() -> None:
    states = {"peru": "pe", "chile": "cl"}
    assert names.name("tax treaty with Peru", ["tax treaty with Chile"], states) == names.OTHER
    assert names.name("tax treaty with Peru", ["tax treaty"], states) == names.SAME


def test_amounts() -> None:
    assert names.amount("1.3 billion Swiss francs", ["about 1.3 billion Swiss francs"]) == 2
    assert names.amount("$500 million", ["500 million dollars"]) == 1
    assert names.amount("$500 million", ["$50 million"]) == 0


def test_a_line_of_extract_is_read() -> None:
    row = {
        "doc": "some/where/001.txt",
        "subject": {
            "iri": "https://w3id.org/pactgraph/id/person/a",
            "label": "A",
            "type": "pg:Person",
        },
        "predicate": "rdf:type",
        "object": {"value": "Person", "datatype": "class"},
        "modality": "actual",
        "speaker": None,
        "evidence": {"start": 1, "end": 2, "quote": "A"},
        "rule": "names",
    }
    found = claim(row)
    assert (found.doc, found.predicate, found.span, found.rule) == ("001", "type", (1, 2), "names")
    with pytest.raises(ValueError, match="subject"):
        claim({"doc": "001.txt"})


def test_kappa() -> None:
    # Two coders, 50 items: Cohen's classroom case of 35 agreements, kappa 0.4.
    table_ = Counter({("y", "y"): 20, ("y", "n"): 5, ("n", "y"): 10, ("n", "n"): 15})
    assert report.kappa(table_) == 0.4


def _file(tmp_path: Path, facts: list[Fact]) -> Path:
    rows = []
    for fact in facts:
        end = lambda n: {"label": n.names[0], "type": n.type, "iri": f"x:{n.key}"}  # noqa: E731
        value = {"value": fact.object.names[0], "datatype": fact.object.type}
        rows.append(
            {
                "doc": f"{fact.doc}.txt",
                "subject": end(fact.subject),
                "predicate": f"pg:{fact.predicate}",
                "object": value if fact.object.value else end(fact.object),
                "modality": fact.modality,
                "speaker": end(fact.speaker) if fact.speaker else None,
                "evidence": {"start": fact.start, "end": fact.end},
                "rule": "gold",
            }
        )
    path = tmp_path / "claims.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return path


def test_command(
    small: Path, tmp_path: Path, facts: list[Fact], monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(corpus, "DOCUMENTS", small.parent)
    claims = str(_file(tmp_path, facts))
    assert score.main([claims, "--errors"]) == 0
    out = capsys.readouterr().out
    assert "| strict | 1.000 | 1.000 | 1.000 |" in out
    assert "MISSED" not in out
    assert score.main([claims, "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["rules"]["gold"]["strict"] == 1
    (tmp_path / "bad.jsonl").write_text('{"doc": 1}\n', "utf-8")
    assert score.main([str(tmp_path / "bad.jsonl")]) == 1
    assert "bad.jsonl:1: not a claim" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        score.main([claims, "--errors", "--part", "test"])


def test_errors_are_listed(facts: list[Fact]) -> None:
    _, judged = _one(facts, predicate_="party", object=End("i", "Zubrowka", STATE))
    listed = list(table.errors([judged]))
    assert any(line.startswith("FALSE") and "Zubrowka" in line for line in listed)
    assert any(line.startswith("MISSED") and "Ruritania" in line for line in listed)


def test_agreement_of_two_annotators(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus, "DOCUMENTS", small.parent)
    second = small.read_text("utf-8").replace("fish party ru, ze", "fish party ru")
    second = second.replace("= sign Signing", "= s1 Signing").replace(
        "sign signingOf fish", "s1 signingOf fish"
    )
    second = second.replace("sign signer", "s1 signer").replace(
        "launchOf council ~", "launchOf council ^"
    )
    small.with_name("001.b.ann").write_text(second, "utf-8")
    figures = report.figures(score.agreement("dev"))
    assert figures["strict"]["precision"] == 1, "what the second says, the first says too"
    assert figures["strict"]["recall"] < 1, "the first names a second party"
    assert figures["predicates"]["party"]["strict"]["recall"] == 0.5
    assert figures["modality"]["confusion"]["planned as expected"] == 1


def test_gate(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus, "DOCUMENTS", small.parent)
    figures = {"strict": {"precision": 0.9, "recall": 0.7}}
    pins = tmp_path / "pins.json"

    def pin(floor: float, digest: str) -> list[str]:
        row = {"digest": digest, "floors": {"strict.precision": floor}}
        pins.write_text(json.dumps({"dev": row}), "utf-8")
        return score.gate(figures, "dev", pins)

    right = corpus.digest(score.PARTS["dev"])
    assert pin(0.9, right) == []
    assert pin(0.91, right) == ["strict.precision is 0.9, the floor is 0.91"]
    assert pin(0.9, "0" * 64) == ["the dev documents are not those of the pinned digest"]
