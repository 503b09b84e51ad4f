"""What agreements, programmes and meetings are about and for, in sentences of many makes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest

from kg.claim import Extractor
from kg.link import link
from kg.model import Document, Extraction
from kg.register import Register
from kg.rows import rows
from kg.vocab import Iris, digest

PAPER = (
    r"\b[Tt]he (agreement|accord|pact|treaty|deal|memorandum|declaration|initiative|programme)\b"
)


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


def read(extractor: Extractor, text: str) -> Extraction:
    """Read a sentence; one about "the pact" gets a pact told before it."""
    told = re.search(PAPER, text)
    if told and not re.search(rf"\ban? [a-z -]*{told[1]}", text):
        article = "an" if told[1][0] in "aeiou" else "a"
        text = f"Peru and Oman have adopted {article} {told[1]}.\n\n{text}"
    elif event := re.search(r"\bthe (talks|meeting|summit)\b", text):
        text = f"Peru and Oman have held {'' if event[1] == 'talks' else 'a '}{event[1]}.\n\n{text}"
    text += "\n"
    return extractor.extract(Document(digest(text), "x.txt", text, dt.date(2024, 5, 7)))


def claims(found: Extraction, predicate: str) -> Iterator[tuple[str, str, str]]:
    """Yield subject, object in the words of the text, modality."""
    things = {e.key: e for e in found.entities}
    for c in found.claims:
        if c.predicate == predicate and isinstance(c.object, str):
            names = {things[c.object].label.lower(), *map(str.lower, things[c.object].names)}
            yield things[c.subject].label, " ; ".join(sorted(names)), c.modality


FIELDS = [
    ("Peru and Morocco signed an agreement on fisheries.", "fisheries"),
    ("Georgia and Poland signed a fisheries agreement.", "fisheries"),
    ("The agreement covers fishing quotas, port access and the control of vessels.",
     "fishing quotas; port access; control of vessels"),
    ("The pact, which covers radio frequencies and satellite orbits, was signed in Geneva.",
     "radio frequencies; satellite orbits"),
    ("The agreement covers trade in goods, rules of origin and customs.",
     "trade in goods; rules of origin; customs"),
    ("The treaty deals with the transfer of prisoners.", "transfer of prisoners"),
    ("The agreement is about water from the Tigris.", "water"),
    ("The agreement provides for joint patrols and exchange of information.",
     "exchange of information"),
    ("The agreement has provisions on data protection and consumer rights.",
     "data protection; consumer rights"),
    ("The areas of cooperation under the agreement include forestry, irrigation and livestock.",
     "forestry; irrigation; livestock"),
    ("Areas covered by the deal include steel, cement and glass.", "steel; cement; glass"),
    ("Steel, cement and glass are covered by the deal.", "steel; cement; glass"),
    ("Under the memorandum, the two countries will cooperate in space research and meteorology.",
     "space research; meteorology"),
    ("Under the agreement Jordan and Cyprus will work together on tourism and civil aviation.",
     "tourism; civil aviation"),
    ("The memorandum will expand cooperation in trade, energy and transport.",
     "trade; energy; transport"),
    ("The agreement will enable both countries to cooperate in agriculture and geology.",
     "agriculture; geology"),
    ("The declaration commits both countries to joint action on plastic waste.", "plastic waste"),
    ("Austria and Mongolia signed an agreement to cooperate on wool and cashmere.",
     "wool; cashmere"),
    ("Slovakia and Laos signed an accord aimed at cooperation in mine clearance.",
     "mine clearance"),
    ("Ecuador signed a free trade deal with Thailand covering shrimp, bananas and cars.",
     "shrimp; bananas; cars"),
    ("The agreement, covering sectors such as textiles, leather and furniture, was signed.",
     "textiles; leather; furniture"),
    ("The pact ranges from visas to civil aviation.", "visas; civil aviation"),
    ("The topics of the talks were border controls, grain transit and visas.",
     "border controls; grain transit; visas"),
    ("Trade and security topped the agenda of the summit.", "trade; security"),
    ("On the agenda of the meeting were steel tariffs and visas.", "steel tariffs; visas"),
    ("The treaty bans the use of cluster bombs.", "cluster bombs"),
    ("The two ministers signed the Oslo Accords, a set of principles for the use of seabeds.",
     "seabeds"),
    ("Fiji, Tonga ink pact on labour mobility", "labour mobility"),
    ("Qatar and Nepal signed an LNG supply deal.", "LNG"),
    ("Mali and Laos signed an accord on the sharing of military maps.", "military maps"),
    ("The treaty covers three matters: climate change, labour and ports.",
     "climate change; labour; ports"),
    ("The pact contains clauses against tax evasion.", "tax evasion"),
    ("The pact rests on two pillars:\n\n1. Mining of lithium\n2. Cooperation on research",
     "lithium; research"),
    ("Kenya and Fiji signed an Agreement on the Construction and Use of Dams.", "dams"),
    (
        "The accord aims to build a joint platform on fertilizer supply chain resilience.",
        "fertilizer supply chain resilience",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), FIELDS, ids=[t[:60] for t, _ in FIELDS])
def test_field(extractor: Extractor, text: str, wanted: str) -> None:
    found = [o for _, o, m in claims(read(extractor, text), "pg:hasTopic")]
    for field in wanted.lower().split("; "):
        assert any(field in o for o in found), (field, found)


@pytest.mark.parametrize(
    "text",
    [
        "The deal excludes rice.",
        "The agreement does not cover textiles.",
        "The agreement with Iceland is of great importance.",
        "The agreement on Friday ended months of talks.",
        "Both countries signed the agreement in the presence of the king.",
        "The agreement provides for annual talks.",
        "Denmark and Chad signed a declaration in the port of Esbjerg.",
        "The agreement would open the market to garments, the minister said.",
        "Fiji, Tonga ink pact",
        "The accord was initialled on Tanna in May.",
        "The suspension agreement expired.",
        "The agreement will help judges to carry out their duties.",
    ],
)
def test_no_field(extractor: Extractor, text: str) -> None:
    assert not list(claims(read(extractor, text), "pg:hasTopic"))


AIMS = [
    ("Peru and Oman signed an agreement to protect sea turtles.", "protect sea turtles"),
    ("Peru and Oman signed an agreement in order to protect sea turtles.", "protect sea turtles"),
    ("Peru and Oman signed an agreement which seeks to ban nets.", "ban nets"),
    ("The agreement is supposed to protect sea turtles.", "protect sea turtles"),
    ("The agreement has the aim of protecting sea turtles.", "protecting sea turtles"),
    ("The aim of the agreement is the protection of sea turtles.", "protection of sea turtles"),
    ("The agreement pursues the goal of lowering roaming charges.", "lowering roaming charges"),
    ("To curb smuggling, Peru and Oman signed a pact in May.", "curb smuggling"),
    ("Aimed at curbing smuggling, the pact was signed in May.", "curbing smuggling"),
    ("The initiative serves to speed up visas.", "speed up visas"),
    ("Both sides agreed a deal to end the dispute over cod.", "end the dispute over cod"),
    ("Peru and Oman will meet in May to draw up a timetable.", "draw up a timetable"),
    ("Peru and Oman signed a pact.\n\nPURPOSE\n\nTo support the breeding of alpacas.",
     "support the breeding of alpacas"),
    ("The programme aims to:\n\n• mend roads;\n• dig wells in the north;\n• vaccinate herds.",
     "mend roads; dig wells in the north; vaccinate herds"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), AIMS, ids=[t[:60] for t, _ in AIMS])
def test_aim(extractor: Extractor, text: str, wanted: str) -> None:
    found = [o for _, o, m in claims(read(extractor, text), "pg:hasAim")]
    assert sorted(found) == sorted(wanted.split("; "))


def test_bullets_end_where_the_list_ends(extractor: Extractor) -> None:
    text = "The pact covers:\n\n- mining;\n- ports.\n\nPeru is a country.\n\n- Rice is sold there."
    assert {o for _, o, _ in claims(read(extractor, text), "pg:hasTopic")} >= {"mining", "ports"}
    assert not any("rice" in o for _, o, _ in claims(read(extractor, text), "pg:hasTopic"))


EFFECTS = [
    ("The agreement will create 2,000 jobs in Cork.", "create 2,000 jobs in Cork", "expected"),
    ("The pact may lead to lower prices.", "lower prices", "possible"),
    ("The pact will lead to lower prices for consumers.", "lower prices for consumers", "expected"),
    ("The deal contributes to stability in the region.", "stability", "actual"),
    ("The pact should make it easier for firms to hire nurses.",
     "make it easier for firms to hire nurses", "expected"),
    ("The pact paves the way for a tunnel under the strait.",
     "paves the way for a tunnel under the strait", "expected"),
    ("The pact would mean that fishermen can land their catch in both ports.",
     "fishermen can land their catch in both ports", "expected"),
    ("The agreement promises to cut costs for shippers.", "cut costs for shippers", "expected"),
    ("The deal will allow quick help in floods and complement the existing plan.",
     "complement the existing plan", "expected"),
    ("The pact will cut tolls in both ports, and would help to dredge them.",
     "cut tolls in both ports", "expected"),
    ("The implementation of the agreement will boost confidence.", "boost confidence", "expected"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted", "modality"), EFFECTS, ids=[e[0][:60] for e in EFFECTS])
def test_effect(extractor: Extractor, text: str, wanted: str, modality: str) -> None:
    found = [(o, m) for _, o, m in claims(read(extractor, text), "pg:contributesTo")]
    assert any(wanted.lower() in o and m == modality for o, m in found), found


@pytest.mark.parametrize(
    "text",
    [
        "The agreement will be signed in June.",
        "The agreement will run for ten years.",
        "The agreement expires and ends in December.",
        "A report was tabled. According to the agreement, it will boost trade.",
        "No treaty will save the reef.",
        "The pact sets up a panel and grants Peru two licences.",
        "The agreement was signed. Lima said it would reopen its embassy in Muscat.",
        "Peru and Oman set up a working group. It will submit a report within three months.",
    ],
)
def test_no_effect(extractor: Extractor, text: str) -> None:
    assert not list(claims(read(extractor, text), "pg:contributesTo"))


@pytest.mark.parametrize(
    ("text", "field", "owner"),
    [
        ("Oman runs an aid programme. The centrepiece of the visit is the action plan for ports."
         " It covers visas.", "visas", "plan"),
        ("Peru signed a pact with Oman. A second treaty covers salt: it sets up a joint"
         " committee and provides for cooperation in research.", "research", "treaty"),
        ("Peru and Oman signed a pact on fish. It set up a working group. It also covers visas.",
         "visas", "pact on fish"),
    ],
)  # fmt: skip
def test_it_is_what_was_talked_of(extractor: Extractor, text: str, field: str, owner: str) -> None:
    found = [s for s, o, _ in claims(read(extractor, text), "pg:hasTopic") if field in o]
    assert found
    assert all(owner in subject for subject in found), found


def test_a_concept_is_shown_in_the_words_of_the_text(extractor: Extractor) -> None:
    text = "Peru and Oman signed an arrangement on flood control.\n"
    document = Document(digest(text), "x.txt", text, dt.date(2024, 5, 7))
    pairs = [(document, extractor.extract(document))]
    iris = Iris()
    linked = link([document], [pairs[0][1]], Register(), iris)
    about = [r for r in rows(pairs, linked, iris) if r["predicate"] == "pg:hasTopic"]
    assert [dict(r["object"])["label"] for r in about]  # type: ignore[call-overload] == ["flood control"]


def test_said_of_the_same(extractor: Extractor) -> None:
    text = "Peru and Oman signed the Muscat Trade Agreement. This is Peru's tenth trade agreement."
    found = read(extractor, text)
    kinds = [e for e in found.entities if "Agreement" in e.type]
    assert len(kinds) == 1, kinds
