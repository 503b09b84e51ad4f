"""Home, browse, timeline, between, commitments, search and the questions."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox
import pytest

from kg.vocab import ontology_quads
from server.ask import Thing
from server.draw import Happening, Times, strip, swim
from server.find import Index, fold
from server.graph import Table
from server.questions import in_order


def column(page, heading):
    """Return the rows of one list of the home page."""
    part = next(s for s in page.all("section") if s.all("h2")[0].text == heading)
    return [item.text for item in part.all("li")]


def test_home_tells_what_is_new_promised_and_contradicted(get):
    page = get("/")
    assert column(page, "New") == [
        "● done: Signing of the sea cable memorandum15 May 2025 · signing"
    ]
    assert column(page, "Promised") == [
        "○ planned: route survey commitmentby 31 Dec 2026 · commitment · active",
        "○ planned: Arvanian trade mission to Belmoraby 31 Dec 2026 · trade mission · planned",
    ]
    assert column(page, "Contradicted") == [
        "≠ contradicted: Sea cable memorandum has topic military cables18 May 2025"
    ]
    counts = page.all("p", "counts")[0]
    assert counts.text.startswith("3 documents · 1 agreement · 2 events · 1 commitment")


def test_promise_past_its_day_is_overdue_and_comes_last(get, monkeypatch):
    monkeypatch.setattr("server.words.today", lambda: dt.date(2027, 1, 1))
    assert all("was due 31 Dec 2026" in row for row in column(get("/"), "Promised"))


def test_home_draws_the_events_of_each_month(get):
    drawing = get("/").all("svg")[0]
    titles = [title.text for title in drawing.all("title")]
    assert "May 2025: 1 took place, 0 announced" in titles
    assert len(drawing.all("rect", "done")) == 1


def test_home_before_the_first_release_says_how_to_begin(app, get, sample):
    app.extensions["graph"] = type(app.extensions["graph"])(sample.store, {}, None)
    assert "pactgraph build" in get("/").text


def test_browse_lists_kinds_and_things_with_their_stage(get):
    rows = [row.text for row in get("/browse").all("tr")]
    assert "Agreements1" in rows
    agreement = get("/browse/agreement").all("tr")[1]
    assert [cell.text for cell in agreement.all("td")] == [
        "Sea cable memorandum",
        "memorandum of understanding",
        "signed",
    ]


def test_timeline_draws_and_lists_the_same_events(get):
    page = get("/timeline?year=2025")
    assert [c.classes for c in page.all("circle")] == [["actual"]]
    assert [cell.text for cell in page.all("tr")[1].all("td")] == [
        "15 May 2025",
        "Signing of the sea cable memorandum",
        "signing",
        "● done",
    ]
    ahead = get("/timeline?year=2026")
    assert [c.classes for c in ahead.all("rect")] == [["planned"]]
    assert ahead.all("tr")[1].all("td")[3].text == "○ planned"
    assert "No event" in get("/timeline?year=1999").text
    get("/timeline?year=0", status=404)


def test_planned_day_of_an_event_that_took_place_is_not_told_again(get):
    assert len(get("/timeline?year=2025").all("tr")) == 2


def test_between_two_countries_facts_and_promises_stand_apart(get):
    page = get("/between/arvania/belmora")
    facts, plans = page.all("table")
    assert "Sea cable memorandum" in facts.text
    assert "trade mission" not in facts.text
    assert [cell.text for cell in plans.all("td")] == [
        "○ planned: Arvanian trade mission to Belmora planned",
        "trade mission",
        "planned",
        "",
        "1",
    ]
    same = get("/between/belmora/arvania")
    assert [row.text for row in same.all("tr")] == [row.text for row in page.all("tr")]


def test_pairs_and_their_form(get, client):
    page = get("/between")
    assert "Arvania and Belmora2" in [row.text for row in page.all("tr")]
    assert [o.text for o in page.all("select")[0].all("option")][1:] == ["Arvania", "Belmora"]
    answer = client.get("/between?one=arvania&two=belmora")
    assert answer.headers["Location"] == "/between/arvania/belmora"


def test_commitments_name_who_what_when_and_how_far(get):
    cells = [cell.text for cell in get("/commitments").all("tr")[1].all("td")]
    assert cells == [
        "● done: route survey commitment",
        "Belmora",
        "route survey",
        "Sea cable memorandum",
        "31 Dec 2026",
        "active",
    ]


def test_tables_can_be_taken_along(get, app):
    links = [a for a in get("/commitments").all("a") if "download" in a.attributes]
    assert [a.text for a in links] == ["CSV", "JSON"]
    query = parse_qs(urlsplit(links[0].attributes["href"]).query)["query"][0]
    media, payload = app.extensions["graph"].answer(query, ["text/csv"])
    assert media == "text/csv"
    assert b"route-survey-commitment" in payload


@pytest.mark.parametrize("words", ["arv", "ARVANIA", "árvaniä", "  arvania  "])
def test_search_finds_names_by_their_beginning_whatever_case_and_accents(get, words):
    page = get(f"/search?q={words}")
    state = next(s for s in page.all("section") if s.all("h2")[0].text == "State 1")
    assert state.all("a")[0].attributes["href"] == "/page/state/arvania"


def test_search_tells_the_other_name_that_fitted(get):
    person = next(s for s in get("/search?q=lorca").all("section") if "Person" in s.text)
    assert [item.text for item in person.all("li")] == ["Ana Lorca“Lorca”"]


def test_search_finds_words_of_documents(get, sample):
    page = get("/search?q=undertakes+survey")
    link = next(s for s in page.all("section") if "text of documents" in s.text).all("a")[0]
    assert link.attributes["href"] == f"/documents/{sample.done}"
    assert [s.text for s in page.all("strong")] == ["undertakes", "survey", "survey"]


@pytest.mark.parametrize("words", ['"', "*", "NEAR(", "a OR", "-", "name:x", "'; DROP TABLE names"])
def test_search_takes_no_syntax_from_its_words(get, words):
    get("/search?q=" + words)


def test_search_follows_the_release(app, get, sample):
    assert "Nothing has this name" in get("/search?q=newcomer").text
    first = app.extensions["pages_index"]
    get("/search?q=arvania")
    assert app.extensions["pages_index"] is first
    graph = app.extensions["graph"]
    number = graph.release.number + 1
    later = type(graph.release)(number, graph.release.created, "later")
    app.extensions["graph"] = type(graph)(graph.store, graph.texts, later)
    get("/search?q=arvania")
    assert app.extensions["pages_index"][0] == number


def test_best_name_comes_first():
    names = [
        ("x:3", "Pact of Rome on seas", True),
        ("x:1", "Rome pact", False),
        ("x:2", "Rome", True),
        ("x:1", "Pact", True),
        ("x:4", "Romé", False),
    ]
    hits = Index(names, []).names("rome")
    assert [hit.iri for hit in hits] == ["x:2", "x:4", "x:1", "x:3"]
    assert fold("ÉCOLE ") == "ecole"


def test_questions_are_asked_by_name(get):
    page = get("/queries/parties-of-agreement?agreement=sea+cable")
    assert [row.all("td")[0].text for row in page.all("tr")[1:]] == ["Arvania", "Belmora"]
    assert [o.attributes["value"] for o in page.all("option")] == ["Sea cable memorandum"]


def test_question_starts_from_something_that_is_there(get):
    field = get("/queries/parties-of-agreement").all("input")[-1]
    assert field.attributes["value"] == "Sea cable memorandum"


def test_question_about_nothing_known_says_so(get):
    page = get("/queries/parties-of-agreement?agreement=zzz", status=400)
    assert "Nothing here is called “zzz”" in page.all("p", "wrong")[0].text
    day = get("/queries/agreements-signed-on?day=tomorrow", status=400)
    assert "no date" in day.all("p", "wrong")[0].text


def test_every_question_can_be_opened(get):
    listed = [a.attributes["href"] for a in get("/queries").all("main")[0].all("a")]
    assert len(listed) > 20
    for address in listed:
        get(address)


def test_query_page_answers_rows_truth_and_statements(get):
    rows = get("/query?query=SELECT+*+{?s+a+?kind}+LIMIT+3")
    assert [th.text for th in rows.all("th")] == ["s", "kind"]
    assert len(rows.all("tr")) == 4
    assert "Yes." in get("/query?query=ASK+{?s+?p+?o}").text
    statements = get("/query?query=CONSTRUCT+{?s+a+?k}+WHERE+{?s+a+?k}+LIMIT+1")
    assert statements.all("pre", "statements")


def test_query_that_does_not_parse_keeps_its_text_and_says_where(get):
    page = get("/query?query=SELECT+%3Fx+WHERE+{+%3Fx", status=400)
    assert "1:" in page.all("p", "wrong")[0].text
    assert page.all("textarea")[0].text == "SELECT ?x WHERE { ?x"


def test_query_page_starts_from_a_question(get):
    page = get("/query?name=parties-of-agreement")
    assert "pg:party" in page.all("textarea")[0].text
    assert "PREFIX pg:" in page.all("textarea")[0].text


def test_columns_of_a_star_follow_the_query():
    table = Table(("a", "b", "c"), ())
    assert in_order(table, "select distinct * { ?c ?b ?a }").columns == ("c", "b", "a")
    assert in_order(table, "SELECT ?a ?b ?c { ?c ?b ?a }").columns == ("a", "b", "c")


def test_strip_counts_months_and_admits_the_rest():
    day = dt.date(2024, 2, 29)
    whole = Times(dt.date(2024, 1, 1), dt.date(2024, 12, 31), False, 5)
    old = Times(dt.date(1990, 1, 1), dt.date(1990, 1, 1), True, 2)
    found = strip([Times(day, day, True, 3), Times(day, day, False, 1), whole, old])
    assert (found.bars[-1].label, found.bars[-1].done, found.bars[-1].planned) == ("Feb 2024", 3, 1)
    assert found.bars[-1].done_height + found.bars[-1].planned_height == found.height
    assert found.elsewhere == 7
    assert strip([]).bars == ()


def test_timeline_has_lanes_today_and_keeps_within_the_year():
    def event(kind, first, last):
        thing = Thing(f"x:{kind}", kind, kind, "")
        return Happening(thing, "planned", first, last)

    year = [
        event(kind, dt.date(2023, 6, 1), dt.date(2025, 6, 1))
        for kind in "Signing Launch Meeting Visit Talks Tasking Statement Ratification".split()
    ]
    drawing = swim(year, 2024, dt.date(2024, 7, 1))
    assert drawing.lanes[-1].label == "other events"
    assert len(drawing.lanes) == 8
    assert all(d.x >= drawing.left for lane in drawing.lanes for d in lane.dots)
    assert all(d.x + d.width <= drawing.right for lane in drawing.lanes for d in lane.dots)
    assert drawing.today is not None
    assert swim(year, 2024, dt.date(2020, 1, 1)).today is None


def test_every_address_of_the_pages_is_documented(app):
    text = (Path(__file__).parents[3] / "docs" / "pages.md").read_text(encoding="utf-8")
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("pages.") and not rule.endpoint.endswith("static"):
            assert f"`/{re.split('[/.]', rule.rule)[1]}" in text, rule.rule


def test_ontology_is_a_page_for_people_and_a_file_for_programs(get, client):
    page = get("/ont")
    places = {e.attributes["id"] for e in page.all("div") if "id" in e.attributes}
    assert {"Signing", "party", "eventDate"} <= places
    turtle = client.get("/ont", headers={"Accept": "text/turtle"})
    assert turtle.mimetype == "text/turtle"
    statements = list(ox.parse(turtle.data, format=ox.RdfFormat.TURTLE))
    assert len(statements) == len(set(ontology_quads()))
    assert client.get("/ont/0.0.1").status_code == 404
    assert client.get("/ont.rdf").mimetype == "application/rdf+xml"
    assert client.get("/ont.exe").status_code == 404
