"""Whatever stands in names, quotations and addresses stays text; pages are sound for everybody."""

from __future__ import annotations

import re
from itertools import pairwise
from urllib.parse import urlsplit

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.catalog import read
from kg.resources import data_dir
from kg.vocab import sparql_prologue
from server.ask import bind
from server.words import MARKS, plain

NASTY = "/page/org/script-alert-1-script-evil-onload-x"


def test_every_link_leads_somewhere(pages, sample):
    assert NASTY in pages
    assert f"/documents/{sample.denial}" in pages
    assert "/page/agreement/sea-cable-memorandum" in pages
    assert len(pages) > 40


def test_no_page_runs_or_styles_anything_but_our_own_files(pages):
    for address, page in pages.items():
        for script in page.all("script"):
            assert script.attributes["src"].startswith("/static/pages.js"), address
            assert not script.parts, address
        assert not page.all("style"), address
        assert not page.all("iframe"), address
        for element in page.all():
            names = element.attributes
            assert not [name for name in names if name.startswith("on")], (address, names)
            assert "style" not in names, (address, names)


def test_no_link_has_a_scheme_other_than_the_webs(pages):
    for address, page in pages.items():
        for element in page.all():
            for name in ("href", "src", "action"):
                target = element.attributes.get(name, "")
                assert urlsplit(target).scheme in {"", "http", "https"}, (address, target)
                assert not target.startswith("//"), (address, target)


def test_markup_in_names_and_quotations_stays_text(pages, sample):
    heading = pages[NASTY].all("h1")[0]
    assert heading.text == '<script>alert(1)</script>\u202eevil" onload="x'
    article = pages[f"/documents/{sample.denial}"].all("article")[0]
    assert "<script>alert(1)</script>" in article.text
    assert [h.text for h in pages[f"/documents/{sample.denial}"].all("h1")] == [
        "No <i>military</i> cables"
    ]


def test_marks_of_direction_never_reach_beyond_their_name(pages):
    for address, page in pages.items():
        for element in page.all():
            for name, value in element.attributes.items():
                if name in {"value", "href"}:
                    continue  # what was typed or is asked for stays as it is
                assert "\u202e" not in value, (address, element.tag, name)
            own = "".join(element.parts)
            if "\u202e" in own and not any("\u202e" in "".join(e.parts) for e in element.inside):
                assert isolated(element), (address, element.tag)


def isolated(element):
    """Tell whether an element lies in one that keeps its direction to itself."""
    while element:
        if element.tag in {"bdi", "option", "code"} or "dir" in element.attributes:
            return True
        element = element.parent
    return False


def test_pages_are_sound_for_those_who_listen(pages):
    for address, page in pages.items():
        assert page.all("html")[0].attributes["lang"] == "en", address
        assert page.all("title")[0].text, address
        assert len(page.all("h1")) == 1, address
        assert len(page.all("main")) == 1, address
        ids = [e.attributes["id"] for e in page.all() if "id" in e.attributes]
        assert len(ids) == len(set(ids)), (address, sorted(ids))
        labels = {label.attributes["for"] for label in page.all("label")}
        for tag in ("input", "select", "textarea"):
            for field in page.all(tag):
                assert field.attributes["id"] in labels, (address, field.attributes)
        for heading in page.all("th"):
            assert heading.attributes["scope"] in {"col", "row"}, address
        for drawing in page.all("svg"):
            assert drawing.attributes["aria-labelledby"] in ids, address
        for link in page.all("a"):
            assert link.text or link.all("title"), (address, link.attributes)


def test_headings_step_down_one_at_a_time(pages):
    for address, page in pages.items():
        levels = [int(e.tag[1]) for e in page.all("main")[0].all() if re.fullmatch("h[1-6]", e.tag)]
        for before, after in pairwise(levels):
            assert after <= before + 1, (address, levels)


def test_no_mark_stands_without_its_word(pages):
    for address, page in pages.items():
        for mark in page.all("span", "mark"):
            signs = [e for e in mark.all("span") if e.attributes.get("aria-hidden") == "true"]
            assert len(signs) == 1, address
            assert mark.text.replace(signs[0].text, "", 1).strip(" :"), (address, mark.text)


def test_every_modality_has_its_own_sign_and_word():
    assert len({mark.sign for mark in MARKS.values()}) == len(MARKS)
    assert len({mark.word for mark in MARKS.values()}) == len(MARKS)


@pytest.mark.parametrize(
    "address",
    [
        "/search?q=%3Cscript%3Ealert(1)%3C/script%3E",
        "/search?q=%22%20onfocus=%22alert(1)",
        "/query?query=%3C/textarea%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "/queries/parties-of-agreement?agreement=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "/browse/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "/page/%22%3E%3Cscript%3E/x",
        "/between/%3Cscript%3E/x",
        "/id/%3Cscript%3E/x",
    ],
)
def test_what_is_asked_for_stays_text(client, address):
    body = client.get(address, headers={"Accept": "text/html"}, follow_redirects=True).text
    assert "<script>alert" not in body
    assert 'onfocus="alert' not in body


@pytest.mark.parametrize(
    "slug",
    [
        "x%3E%20%7D%20%7D%20SELECT%20*%20%7B%20%3Fs%20%3Fp%20%3Fo",
        "x%3E%20UNION%20%7B%20%3Ca",
        "%0A",
        "..%2F..%2Fetc",
    ],
)
def test_address_cannot_change_the_query(client, slug):
    assert client.get(f"/page/state/{slug}").status_code == 404


@given(st.text(), st.text(alphabet='?{}<>"\\VALUES enty\n#'))
def test_bound_terms_stay_terms(value, name):
    query = bind(
        'SELECT ?a ?b WHERE {\nVALUES ?a { "x" }\nVALUES ?b { "y" }\n}',
        {"a": ox.Literal(value), "b": ox.Literal(name)},
    )
    ((a, b),) = ox.Store().query(query)
    assert (a.value, b.value) == (value, name)


def test_binding_an_unknown_name_is_an_error():
    with pytest.raises(KeyError, match="nothing"):
        bind("SELECT * {\nVALUES ?a { 1 }\n}", {"nothing": ox.Literal("1")})


def test_plain_text_has_no_direction_and_no_control():
    assert plain("a\u202eb\u2067c\x00d\ne") == "abcd\ne"


@pytest.mark.parametrize(
    "path", sorted((data_dir("queries") / "browse").glob("*.rq")), ids=lambda path: path.stem
)
def test_query_of_the_pages_runs_as_it_is_and_has_a_whole_header(path, sample):
    item = read(path)
    assert item.title
    assert item.question.endswith("?")
    for name, about in item.parameters.items():
        assert about.type
        assert about.example
        assert f"VALUES ?{name} {{" in item.text
    sample.store.query(sparql_prologue() + item.text, use_default_graph_as_union=True)
    speaks_of_claims = re.search(r"rdf:subject|pg:hasEvidence|rdf:object", item.text)
    if speaks_of_claims:  # a query over claims binds the modality and says so
        assert "modality" in item.text
        assert "modality" in item.title or "claim" in item.title
