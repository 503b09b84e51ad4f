"""One thing, one address: merges, things kept apart, and days told by another document."""

import datetime as dt
import hashlib
import itertools

import pytest

from kg.claim import Extractor
from kg.curation import Curation
from kg.errors import DataFolderError, InputError
from kg.link import Register, link
from kg.model import Document, Entity, Span, TimeRef
from kg.signals import Node, proper
from kg.vocab import Iris

PLANNED = (
    dt.date(2021, 6, 10),  # a Thursday
    "COLOMBO - Kenya and Sri Lanka will sign a memorandum of understanding on tea here tomorrow,"
    " Kenyan Trade Minister Betty Maina told reporters. The text took two years to write.",
)
DONE = (
    None,
    "Kenya and Sri Lanka signed a pact on tea on Friday, which growers in both countries welcomed."
    "\n\nThe memorandum of understanding sets common rules for auctions, and both governments will"
    " review it every year.",
)
LATER = (
    dt.date(2023, 9, 1),
    "Kenya and Sri Lanka signed a memorandum of understanding on tea in Nairobi on Thursday.",
)


@pytest.fixture(scope="session")
def extractor():
    return Extractor()


@pytest.fixture(scope="session")
def joined(extractor):
    def run(*texts, register=None, curation=None):
        documents = [
            Document(ident(t), f"{n}.txt", t, date=day, body=Span(0, len(t)))
            for n, (day, t) in enumerate(texts)
        ]
        extractions = [e for _, e in extractor.pipe(documents)]
        return link(documents, extractions, register or Register(), Iris(), curation), documents

    return run


def ident(text):
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def kind(linked, name):
    return sorted(i for i in linked.things if f"/id/{name}/" in i)


def test_the_planned_and_the_done_signing_are_one_agreement(joined):
    linked, _ = joined(PLANNED, DONE)
    assert kind(linked, "agreement") == ["https://w3id.org/pactgraph/id/agreement/ke-lk-tea-mou"]
    assert any("same sides" in line for line in linked.log)


def test_another_round_years_later_is_another_agreement(joined):
    linked, _ = joined((dt.date(2021, 6, 12), DONE[1]), LATER)
    assert len(kind(linked, "agreement")) == 2


def test_a_weekday_gets_its_day_from_the_document_that_dates_the_event(joined):
    linked, documents = joined(PLANNED, DONE)
    days = {c.object.day for c in linked.added if isinstance(c.object, TimeRef)}
    assert days == {dt.date(2021, 6, 11)}
    assert all(any(e.resolved_with for e in c.evidence) for c in linked.added)
    assert linked.issued[documents[1].id] == dt.date(2021, 6, 11)


def test_alone_it_stays_open(joined):
    linked, documents = joined(DONE)
    assert linked.added == ()
    assert linked.issued[documents[0].id] is None


def test_the_order_of_documents_changes_nothing(joined):
    results = [joined(*texts)[0] for texts in itertools.permutations((PLANNED, DONE, LATER))]
    assert len({tuple(sorted(r.iri.items())) for r in results}) == 1
    assert all(r.things == results[0].things for r in results)


def test_people_of_one_name_and_two_states_are_two(joined):
    linked, _ = joined(
        (dt.date(2021, 1, 1), "Kenyan Trade Minister Ali Hassan said the talks went well."),
        (dt.date(2021, 1, 2), "Omani Finance Minister Ali Hassan said the talks went well."),
    )  # fmt: skip
    assert len(kind(linked, "person")) == 2


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Kenyan Minister Ali Omar Hassan said so.", "Kenyan Minister Ali Omar met them."),
        ("Kenyan Minister Jane K. Rotich said so.", "Kenyan Minister Jane Rotich met them."),
        ("Kenya made a pact with Oman, Ali Hassan said.", "Mr Hassan said Kenya and Oman agreed."),
    ],
)  # fmt: skip
def test_a_name_told_shorter_is_the_same_person(joined, one, two):
    linked, _ = joined((dt.date(2021, 1, 1), one), (dt.date(2021, 1, 9), two))
    assert len(kind(linked, "person")) == 1


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Kenyan Minister Ali Omar Hassan said so.", "Omani Minister Ali Omar met them."),
        ("Kenya made a pact with Oman, Ali Hassan said.", "Mr Hassan said Peru and Chile agreed."),
    ],
)  # fmt: skip
def test_a_shorter_name_in_another_matter_is_another_person(joined, one, two):
    linked, _ = joined((dt.date(2021, 1, 1), one), (dt.date(2021, 1, 9), two))
    assert len(kind(linked, "person")) == 2


def test_a_minister_of_the_union_is_the_minister(joined):
    linked, _ = joined(
        (dt.date(2021, 1, 1), "India's Union Minister for Steel Asha Rao met the Omani envoy."),
        (dt.date(2021, 1, 2), "Asha Rao, minister for steel of India, met reporters."),
    )
    assert len(kind(linked, "office")) == 1


def test_an_office_without_a_state_stays_with_its_document(joined):
    linked, _ = joined(
        (dt.date(2021, 1, 1), "Trade Minister Mary Jones said the talks went well."),
        (dt.date(2021, 1, 2), "Trade Minister Anna Smith said the talks went well."),
    )
    assert len(kind(linked, "office")) == 2


def test_claims_keep_their_ids_whatever_else_is_linked(joined, extractor):
    alone = joined(PLANNED)[1][0]
    assert extractor.extract(alone) == extractor.extract(joined(PLANNED, DONE)[1][0])


def test_the_register_keeps_an_address_when_its_reasons_change(joined, tmp_path):
    register = Register()
    first, documents = joined(DONE, register=register)
    address = kind(first, "agreement")
    register.save(tmp_path / "register.jsonl")
    again = Register.load(tmp_path / "register.jsonl")
    second, _ = joined(PLANNED, DONE, register=again)
    assert set(address) <= set(kind(second, "agreement"))
    assert documents


def test_a_register_cut_by_a_crash_is_read_and_mended(tmp_path):
    path = tmp_path / "register.jsonl"
    register = Register()
    assert register.slug(["a|1"], "one") == "one"
    register.save(path)
    path.write_bytes(path.read_bytes() + b'{"signature": "b|1", "sl')
    mended = Register.load(path)
    assert mended.slug(["a|1"], "other") == "one"
    mended.slug(["c|1"], "three")
    mended.save(path)
    with pytest.raises(DataFolderError, match="line 2"):
        Register.load(path)


def test_ministries_of_two_states_with_one_name_are_two(joined):
    one = (None, "Ghana's Ministry of Finance signed the loan agreement with Norway.")
    two = (None, "Peru's Ministry of Finance signed the swap agreement with Chile.")
    linked, _ = joined(one, two, (None, one[1] + " It was on Monday."))
    assert len([i for i in linked.things if "ministry-of-finance" in i]) == 2


def test_a_quotation_tells_the_agreement_again(joined):
    text = (
        "Ghana and Norway signed a memorandum of understanding on cocoa on Monday.\n\n"
        '"Norway and Ghana have signed a memorandum for cocoa farming, storage and transport,"'
        " Ghanaian Trade Minister Esi Boateng said."
    )
    assert len(kind(joined((dt.date(2021, 1, 4), text))[0], "agreement")) == 1
    two = text.replace("memorandum for cocoa farming, storage", "memorandum for seaports, storage")
    assert len(kind(joined((dt.date(2021, 1, 4), two))[0], "agreement")) == 2


def test_the_first_field_of_a_name_is_in_the_address(joined):
    text = "Ghana and Norway signed a memorandum on cocoa research, transport and tourism."
    linked, _ = joined((dt.date(2021, 1, 4), text))
    assert [t.label for i, t in linked.things.items() if "/agreement/" in i] == [
        "Ghana–Norway cocoa research MoU"
    ]


def test_ministries_that_sign_tell_whose_memorandum_it_is(joined):
    one = "Ghana and Norway signed a memorandum on cocoa in Oslo."
    two = (
        "The Ghanaian Ministry of Trade and the Norwegian Ministry of Farming signed a memorandum"
        " on cocoa."
    )
    linked, _ = joined((dt.date(2021, 1, 4), one), (dt.date(2021, 1, 5), two))
    assert len(kind(linked, "agreement")) == 1


def test_unnamed_groups_of_two_documents_are_two(joined):
    one = (None, "Officials said Ghana and Norway signed a treaty on cocoa.")
    two = (None, "Officials said Peru and Chile signed a treaty on copper.")
    linked, _ = joined(one, two)
    assert len([t for t in linked.things.values() if t.type == "AgentGroup"]) == 2


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (
            "Ghana and Norway signed the Cocoa Quality Agreement (CQA) on Monday.",
            "The CQA, or Agreement on Cocoa Quality, was signed by Ghana and Norway.",
        ),
        (
            "Ghana and Norway signed the Agreement on Cocoa Quality on Monday.",
            "The Cocoa Quality Agreement between Norway and Ghana helps growers.",
        ),
    ],
)
def test_reordered_names_are_one_agreement(joined, one, two):
    linked, _ = joined((None, one), (None, two))
    assert len(kind(linked, "agreement")) == 1


def test_rounds_of_another_year_with_one_name_stay_apart(joined):
    one = (dt.date(2019, 5, 3), "Ghana and Norway signed a memorandum of understanding on cocoa.")
    two = (dt.date(2023, 5, 3), "Norway and Ghana signed a memorandum of understanding on cocoa.")
    linked, _ = joined(one, two)
    assert len(kind(linked, "agreement")) == 2


# --- what an editor says ------------------------------------------------------------------------

MOU = Iris().entity("agreement", "ke-lk-tea-mou")


def curated(tmp_path, text):
    (tmp_path / "curation.yaml").write_text(text)
    return Curation.load(tmp_path, Iris())


def test_an_editor_keeps_apart_what_was_merged(joined, tmp_path):
    doc = ident(DONE[1])
    said = curated(
        tmp_path, f"keep apart:\n- {{address: id:agreement/ke-lk-tea-mou, document: {doc}}}"
    )
    linked, _ = joined(PLANNED, DONE, curation=said)
    assert kind(linked, "agreement") == [MOU, f"{MOU}-{doc[:8]}"]
    assert any(line.startswith(f"{MOU}-{doc[:8]}: {doc}/") for line in linked.log)
    assert not [line for line in linked.log if line.startswith("curation")]
    signings = {linked.iri[key] for key in linked.iri if "signing" in key[1]}
    assert len(signings) == 2  # what depends on it follows
    assert joined(DONE, PLANNED, curation=said)[0].iri == linked.iri
    undone, _ = joined(PLANNED, DONE, curation=curated(tmp_path, ""))
    assert kind(undone, "agreement") == [MOU]


def test_an_editor_says_what_is_the_same(joined, tmp_path):
    texts = ((dt.date(2021, 6, 12), DONE[1]), LATER)
    (one, other) = kind(joined(*texts)[0], "agreement")
    said = curated(tmp_path, f"same as:\n- [<one>, {other}]".replace("<one>", one))
    linked, _ = joined(*texts, curation=said)
    assert kind(linked, "agreement") == [one]
    assert any("an editor says it is the same as" in line for line in linked.log)


def test_what_an_editor_says_of_nothing_is_told(joined, tmp_path):
    said = curated(tmp_path, "same as: [[id:person/a, id:person/b]]")
    assert [x for x in joined(DONE, curation=said)[0].log if x.startswith("curation: ")] == [
        f"curation: {Iris().entity('person', 'b')} is nothing that the documents name"
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("same as: [", "is no YAML"),
        ("sameas: []", "sameas: Extra inputs"),
        ("same as: [[id:person/a, b]]", "no address of a thing"),
        ("same as: [[id:doc/0123456789abcdef, id:doc/a]]", "no address of a thing"),
        ("same as: [[id:a/b, id:a/c], [id:a/d, id:a/c]]", "twice"),
        ("same as: [[id:a/b, id:a/c], [id:a/c, id:a/d]]", "leads on"),
        ("keep apart: [{address: id:a/b, document: x}]", "keep apart → 0 → document"),
    ],
)
def test_a_bad_curation_file_says_where(tmp_path, text, words):
    with pytest.raises(InputError, match=words):
        curated(tmp_path, text)


@pytest.mark.parametrize(
    ("label", "named"),
    [
        ("Memorandum of Understanding", False),
        ("MoU on fish with Peru", False),
        ("Green Economy Agreement", True),
        ("Fisheries Memorandum of Understanding", True),
    ],
)
def test_the_kind_of_a_thing_is_no_name(label, named):
    entity = Entity("x", "MemorandumOfUnderstanding", label)
    assert proper(Node(("0" * 16, "x"), entity)) is named


def test_a_field_in_the_plural_is_the_field(joined):
    one = (None, "Ghana and Norway signed a memorandum on cocoa bean auctions.")
    two = (None, "Ghana and Norway signed a memorandum on the cocoa bean auction.")
    linked, _ = joined(one, two)
    assert len([t for t in linked.things.values() if t.type == "Topic"]) == 1
    assert len(kind(linked, "agreement")) == 1
