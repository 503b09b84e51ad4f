"""The authority lists under `ontology/lexicons`: form, identity, references, no double claims."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

import pycountry
import pyoxigraph as ox
import pytest
import yaml

from kg.resources import data_dir
from kg.spot.lexicon import load
from kg.vocab import PG, RDF

NAMED = ("countries", "territories", "subnational", "blocs", "news", "bodies", "acts")
LISTS = (*NAMED, "cities")
FORMS = {
    "countries": {
        "iso",
        "demonyms",
        "weak_demonyms",
        "capitals",
        "metonyms",
        "houses",
        "un",
        "wikidata",
    },
    "territories": {"iso", "demonyms", "weak_demonyms", "capitals", "metonyms", "wikidata"},
    "subnational": {"code", "state", "demonyms", "weak_demonyms"},
    "blocs": {"id", "type", "of", "seats", "members"},
    "cities": {"country"},
    "news": {"kind", "country"},
    "bodies": {"type", "country", "sector"},
    "acts": {"type", "jurisdiction", "year"},
}
KEYS = {
    name: {"iso", "name"} if name in {"countries", "territories"} else {"name"} for name in LISTS
} | {
    "subnational": {"code", "name", "state"},
    "blocs": {"id", "name", "type"},
    "cities": {"name", "country"},
    "news": {"name", "kind", "country"},
    "bodies": {"name", "type", "country"},
    "acts": {"name", "type"},
}
# ISO 3166-1 codes of areas that are neither members nor observers of the United Nations.
NOT_STATES = set(
    "ai aq as aw ax bl bm bq bv cc ck cw cx eh fk fo gf gg gi gl gp gs gu hk hm im io je ky mf mo "
    "mp mq ms nc nf nu pf pm pn pr re sh sj sx tc tf tk tw um vg vi wf yt".split()
)
UNINHABITED = {"aq", "bv", "gs", "hm", "tf", "um", "bl"}  # no news of agreements of their own
ARTICLE_IS_NAME = {"The Hague", "the Hague", "The Metals Company"}


def path(name: str) -> Any:
    return data_dir("ontology") / "lexicons" / f"{name}.yaml"


@cache
def rows(name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load(path(name).read_text(encoding="utf-8")))


def spellings(row: dict[str, Any]) -> set[str]:
    return {row["name"], *row.get("aliases", []), *row.get("weak", [])}


def values(row: dict[str, Any]) -> Iterator[tuple[str, object]]:
    for key, value in row.items():
        for item in value if isinstance(value, list) else [value]:
            yield key, item


def states() -> set[str]:
    return {row["iso"] for name in ("countries", "territories") for row in rows(name)}


def repeated(items: Iterator[str] | list[str]) -> list[str]:
    return sorted(item for item, count in Counter(items).items() if count > 1)


@pytest.mark.parametrize("name", LISTS)
def test_form(name: str) -> None:
    allowed = {"name", "aliases", "weak"} | FORMS[name]
    for row in rows(name):
        assert KEYS[name] <= set(row) <= allowed, row
        for key, value in values(row):
            if key == "year":
                assert isinstance(value, int), row
                assert 1500 < value < 2100, row
                continue
            # an unquoted `no` comes back as False
            assert isinstance(value, str), f"quote {value!r} in {row}"
            assert value, row
            assert value == value.strip(), row
            assert unicodedata.is_normalized("NFC", value), row


@pytest.mark.parametrize("name", LISTS)
def test_one_entry_a_line(name: str) -> None:
    lines = path(name).read_text(encoding="utf-8").splitlines()
    entries = [line for line in lines if line and not line.startswith("#")]
    assert all(line.startswith("- {") and line.endswith("}") for line in entries)
    assert len(entries) == len(rows(name))


@pytest.mark.parametrize("name", LISTS)
def test_no_spelling_twice_in_an_entry(name: str) -> None:
    for row in rows(name):
        for key in ("aliases", "weak", "demonyms", "weak_demonyms", "capitals", "members"):
            assert not repeated(row.get(key, [])), row
        assert row["name"] not in row.get("aliases", []), row
        assert not set(row.get("aliases", [])) & set(row.get("weak", [])), row
        assert not set(row.get("demonyms", [])) & set(row.get("weak_demonyms", [])), row


def test_identifiers_are_unique() -> None:
    keys = {"countries": "iso", "territories": "iso", "subnational": "code", "blocs": "id"}
    assert not repeated([row[key] for name, key in keys.items() for row in rows(name)])
    assert not repeated([f"{row['name']}, {row['country']}" for row in rows("cities")])


def test_countries_are_the_members_and_observers_of_the_united_nations() -> None:
    iso = {country.alpha_2.lower() for country in pycountry.countries}
    listed = {row["iso"] for row in rows("countries")}
    observers = {row["iso"] for row in rows("countries") if row.get("un") == "observer"}
    assert iso - NOT_STATES == listed
    assert observers == {"ps", "va"}
    assert len(listed - observers) == 193
    assert [row["iso"] for row in rows("countries")] == sorted(listed)


def test_territories_are_the_other_iso_codes_and_our_own() -> None:
    listed = {row["iso"] for row in rows("territories")}
    own = {code for code in listed if code == "xk" or code.startswith("x-")}
    assert listed - own == NOT_STATES - UNINHABITED


def test_subnational_codes_are_iso_3166_2_or_our_own() -> None:
    for row in rows("subnational"):
        assert row["state"] in states(), row
        if not row["code"].startswith("x-"):
            assert pycountry.subdivisions.get(code=row["code"].upper()), row
            assert row["code"].split("-")[0] == row["state"], row


def test_wikidata_items_look_like_items_and_are_unique() -> None:
    items = [r["wikidata"] for n in LISTS for r in rows(n) if "wikidata" in r]
    assert all(item[0] == "Q" and item[1:].isdigit() for item in items)
    assert not repeated(items)


def test_references_lead_to_entries() -> None:
    blocs = {row["id"] for row in rows("blocs")}
    for name in ("cities", "news", "bodies"):
        assert {row["country"] for row in rows(name)} <= states(), name
    for row in rows("blocs"):
        assert set(row.get("members", [])) <= states(), row
        if "of" in row:
            assert row["of"] in blocs - {row["id"]}, row
    for row in rows("acts"):
        if "jurisdiction" in row:
            assert row["jurisdiction"] in states() | blocs, row


def test_types_are_classes_of_the_ontology() -> None:
    with (data_dir("ontology") / "pactgraph.ttl").open("rb") as handle:
        quads = list(ox.parse(handle, format=ox.RdfFormat.TURTLE))
    owl_class = "http://www.w3.org/2002/07/owl#Class"
    classes = {
        q.subject.value.removeprefix(PG)
        for q in quads
        if q.predicate.value == RDF + "type"
        and getattr(q.object, "value", "") == owl_class
        and isinstance(q.subject, ox.NamedNode)
    }
    used = {row["type"] for name in ("blocs", "bodies", "acts") for row in rows(name)}
    assert used <= classes
    assert {row["kind"] for row in rows("news")} == {"agency", "outlet", "broadcaster"}


def test_a_spelling_belongs_to_one_entry_or_is_weak_in_each() -> None:
    claims: dict[str, list[tuple[str, str, bool]]] = defaultdict(list)
    for name in NAMED:
        for row in rows(name):
            for text in spellings(row):
                claims[text].append((name, row["name"], text in row.get("weak", [])))
    clashes = {t: c for t, c in claims.items() if len(c) > 1 and not all(weak for *_, weak in c)}
    assert not clashes


def test_a_place_stands_once_and_is_no_other_things_name() -> None:
    places = [
        c for n in ("countries", "territories") for r in rows(n) for c in r.get("capitals", [])
    ]
    assert not repeated(places)
    for row in rows("cities"):
        places += spellings(row)
    assert not repeated(places)
    firm = {t for n in NAMED for r in rows(n) for t in spellings(r) - set(r.get("weak", []))}
    assert not firm & set(places)


def test_a_demonym_belongs_to_one_entry_and_is_no_name() -> None:
    lists = ("countries", "territories", "subnational")
    demonyms = [word for n in lists for row in rows(n) for word in row.get("demonyms", [])]
    assert not repeated(demonyms)
    assert not set(demonyms) & {
        text for name in NAMED for row in rows(name) for text in spellings(row)
    }


def test_seats_and_metonyms_belong_to_one_entry_and_are_no_names() -> None:
    lists = ("countries", "territories")
    seats = [seat for name in lists for row in rows(name) for seat in row.get("metonyms", [])]
    seats += [seat for name in lists for row in rows(name) for seat in row.get("houses", [])]
    seats += [seat for row in rows("blocs") for seat in row.get("seats", [])]
    assert not repeated(seats)
    assert not set(seats) & {
        text for name in NAMED for row in rows(name) for text in spellings(row)
    }


def test_articles_stand_only_where_they_are_part_of_the_name() -> None:
    for name in set(LISTS) - {"news"}:
        for row in rows(name):
            texts = [str(value) for _, value in values(row)]
            found = {text for text in texts if text.lower().startswith("the ")}
            assert found <= ARTICLE_IS_NAME, row


def test_currencies() -> None:
    money = yaml.safe_load(path("currencies").read_text(encoding="utf-8"))
    codes = [row["code"] for row in money["currencies"]]
    known = {currency.alpha_3 for currency in pycountry.currencies}
    assert not repeated(codes)
    assert set(codes) - known == {"BGN"}  # withdrawn when Bulgaria took the euro; old news has it
    certain = [
        word
        for row in money["currencies"]
        for word in {row["name"], *row.get("words", []), *row.get("signs", [])}
    ]
    shared = {word for row in money["currencies"] for word in row.get("weak", [])}
    assert not repeated(certain)
    assert not shared & set(certain)
    assert set(money["defaults"]) <= shared
    assert set(money["defaults"].values()) <= set(codes)


def test_scales() -> None:
    money = yaml.safe_load(path("currencies").read_text(encoding="utf-8"))
    factor = {word: row["value"] for row in money["scales"] for word in row["words"]}
    assert not repeated([word for row in money["scales"] for word in row["words"]])
    assert factor["million"] == factor["mn"] == 10**6
    assert factor["bn"] == 10**9
    assert factor["tn"] == 10**12
    assert factor["crore"] == 100 * factor["lakh"] == 10**7
    assert factor["lakh crore"] == factor["lakh"] * factor["crore"]
    assert factor["thousand crore"] == factor["thousand"] * factor["crore"]
    assert not repeated([word for row in money["scales"] for word in row.get("close", [])])


def test_institutions_are_of_known_states_and_offices() -> None:
    lists = yaml.safe_load(
        (data_dir("ontology") / "lexicons" / "institutions.yaml").read_text("utf-8")
    )
    heads = {" ".join(words) for words in load().office_heads}
    for table in lists.values():
        for office, states in table.items():
            last = office.split()[-1]
            assert office in heads or last in heads, office
            unknown = [s for s in states if not pycountry.countries.get(alpha_2=str(s).upper())]
            assert not unknown, (office, unknown)
            assert len(set(states)) == len(states), office
