"""The page of a thing: facts and what is only said are told apart, each with its words."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

MEMO = "/page/agreement/sea-cable-memorandum"


def section(page, heading):
    """Return the part of the page under a heading."""
    return next(s for s in page.all("section") if s.all("h2") and s.all("h2")[0].text == heading)


def row(part, label):
    """Return the row of a property."""
    return next(d for d in part.all("div") if d.all("dt") and d.all("dt")[0].text == label)


def value(part, label, text):
    """Return one value of a property, by its first words."""
    values = [item for item in row(part, label).all("li") if item.attributes.get("id")]
    return next(item for item in values if text in item.all("summary")[0].text)


def test_facts_carry_the_mark_of_the_deed_and_the_number_of_documents_that_report_it(get):
    known = section(get(MEMO), "What is known")
    party = value(known, "party", "Arvania")
    assert party.all("span", "mark")[0].classes == ["mark", "actual"]
    # Two documents speak of it; only one reports it as done, the other announced it.
    assert party.all("small", "count")[0].text == "1 document says so"
    assert {claim.classes[1] for claim in party.all("li", "claim")} == {"actual", "planned"}


def test_words_of_a_claim_stand_under_its_fact_with_speaker_and_link_to_the_place(get, sample):
    party = value(section(get(MEMO), "What is known"), "party", "Belmora")
    planned = next(claim for claim in party.all("li", "claim") if "planned" in claim.classes)
    assert "said by Ana Lorca on 12 May 2025" in planned.text
    assert "she will sign a memorandum" in planned.all("blockquote")[0].text
    assert "Belmora" in [u.text for u in planned.all("u")]
    links = [a.attributes["href"] for a in planned.all("a")]
    end = sample.documents[sample.plan].text.index("\n")
    assert f"/documents/{sample.plan}#s0-{end}" in links


@pytest.mark.parametrize(
    ("label", "text", "style", "word"),
    [
        ("contributes to", "cheaper data links", "expected", "expected"),
        ("involves", "Cable Council", "desired", "wanted"),
        ("has topic", "said, not established", "said", "said, not established"),
        ("has topic", "denied", "negated", "denied"),
    ],
)
def test_what_is_only_said_never_stands_among_the_facts(get, label, text, style, word):
    page = get(MEMO)
    said = value(section(page, "Said, but not established"), label, text)
    summary = said.all("summary")[0]
    assert summary.all("span", "mark")[0].classes == ["mark", style]
    assert word in summary.all("span", "word")[0].text  # the mark is never alone
    known = section(page, "What is known")
    assert "Cable Council" not in known.text
    assert "cheaper" not in known.text
    assert "military" not in known.text


def test_claim_that_is_no_fact_says_why(get):
    said = section(get(MEMO), "Said, but not established")
    assert "it was denied at the same time or later" in value(said, "has topic", "Onder").text


def test_contradicted_claim_carries_the_sign_and_the_word(get):
    said = section(get(MEMO), "Said, but not established")
    assert "≠ contradicted" in value(said, "has topic", "Onder").all("summary")[0].text


def test_history_tells_saying_from_doing_and_leads_to_the_words(get, sample):
    points = get(MEMO).all("ol", "history")[0].all("li")
    assert [point.text.removesuffix(" 1 document says so") for point in points] == [
        "○ planned: said 12 May 2025: planned",
        "○ planned: said 12 May 2025: to be signed",
        "● done: signed 15 May 2025",
        "· in force: nothing known",
    ]
    assert points[2].all("a")[0].attributes["href"] == f"/documents/{sample.done}#s0-67"


def test_planned_status_that_is_a_fact_is_not_marked_as_done(get):
    known = section(get("/page/event/arvanian-trade-mission-to-belmora"), "What is known")
    assert value(known, "status", "planned").all("span", "mark")[0].classes == ["mark", "planned"]


def test_exact_day_is_shown_once(get):
    page = get("/page/event/signing-of-the-sea-cable-memorandum")
    known = section(page, "What is known")
    assert value(known, "event date", "15 May 2025")
    assert "when" not in [term.text for term in known.all("dt")]


def test_amount_is_shown_as_stated(get):
    said = section(get("/page/deliverable/route-survey"), "Said, but not established")
    assert "40 million crowns (XCR 40000000)" in row(said, "amount").text


def test_inferred_fact_has_its_own_mark_and_says_that_no_sentence_states_it(get):
    known = section(get("/page/person/ana-lorca"), "What is known")
    inferred = value(known, "represents state", "Arvania")
    assert inferred.all("span", "mark")[0].classes == ["mark", "inferred"]
    assert "No sentence states it" in inferred.text


def test_wider_relation_does_not_repeat_a_narrower_fact(get):
    assert "involves" not in [t.text for t in section(get(MEMO), "What is known").all("dt")]
    facts = section(get("/page/state/arvania"), "In other facts")
    assert "involved in 1" not in [heading.text for heading in facts.all("h3")]


def test_links_are_read_backwards_with_totals(get):
    page = get("/page/person/piet-onder")
    role = section(page, "In other facts").all("section")[0]
    assert role.all("h3")[0].text == "signatory of 1"
    link, number = role.all("a")
    assert link.attributes["href"] == MEMO
    anchor = number.attributes["href"].removeprefix(f"{MEMO}#")
    assert anchor in [li.attributes.get("id") for li in get(MEMO).all("li")]


def test_plans_of_others_are_told_apart_from_facts_of_others(get):
    page = get("/page/state/arvania")
    assert "trade mission" not in section(page, "In other facts").text
    said = section(page, "In what is only said of others")
    assert "○ planned · sends 1" in [h.text for h in said.all("h3")]


def test_other_names_code_documents_and_outside_addresses(get):
    page = get("/page/state/arvania")
    assert "XA" in page.all("aside")[0].text
    assert "javascript" not in page.text.lower()
    documents = section(page, "Appears in 2 documents")
    assert [cell.text for cell in documents.all("td", "when")] == ["16 May 2025", "13 May 2025"]
    memo = get(MEMO)
    assert "“memorandum”, “sea cable memorandum”" in memo.all("p", "names")[0].text


def test_crumbs_lead_to_the_two_countries(get):
    links = [a.attributes["href"] for a in get(MEMO).all("nav", "crumbs")[0].all("a")]
    assert links == ["/browse/agreement", "/between/arvania/belmora"]


def test_statements_of_a_speaker(get):
    page = get("/page/person/piet-onder/statements")
    assert len(page.all("li", "claim")) == 1
    assert "military cables" in page.text


def test_long_lists_are_cut_into_pages_with_totals(get, monkeypatch):
    monkeypatch.setattr("server.roles.PAGE", 1)
    monkeypatch.setattr("server.pages.PAGE", 1)
    page = get("/page/status/signed")
    assert get("/page/state/arvania/documents").all("nav", "pager")[0].text == (
        "page 1 of 2, 2 in all after →"
    )
    second = get("/page/state/arvania/documents?page=2")
    assert "Minister to sign" in second.text
    get("/page/state/arvania/documents?page=3", status=404)
    get("/page/state/arvania/documents?page=0", status=404)
    assert page.all("h1")[0].text == "signed"


def test_all_rows_of_one_role(get):
    page = get("/page/person/ana-lorca/links?property=https://w3id.org/pactgraph/ont%23signer")
    assert "Signing of the sea cable memorandum" in page.text
    get("/page/person/ana-lorca/links?property=nonsense", status=404)


def test_claim_has_a_page_of_its_own(get):
    known = section(get(MEMO), "What is known")
    link = value(known, "party", "Arvania").all("li", "claim")[0].all("a")
    address = next(a.attributes["href"] for a in link if a.text == "permalink")
    page = get(address)
    assert "Sea cable memorandum party Arvania" in page.all("h1")[0].text
    assert "1.00" in page.text


@pytest.mark.parametrize(
    "address",
    [
        "/page/agreement/none",
        "/page/claim/0000000000000000",
        "/page/agreement/%3Cscript%3E",
        "/page/agreement/a%20b",
        "/documents/none",
        "/browse/none",
        "/queries/none",
        "/between/arvania/none",
        "/data/agreement/sea-cable-memorandum.exe",
    ],
)
def test_missing_things_are_404_in_plain_words(get, address):
    page = get(address, status=404)
    assert page.all("h1")[0].text == "There is no such page."
    assert "Search for the name" in page.text


@pytest.mark.parametrize(
    ("accept", "target"),
    [
        ("text/html,application/xhtml+xml,*/*;q=0.8", MEMO),
        ("*/*", MEMO),
        ("text/turtle", "/data/agreement/sea-cable-memorandum.ttl"),
        ("application/ld+json", "/data/agreement/sea-cable-memorandum.jsonld"),
        ("text/html;q=0.5,application/rdf+xml", "/data/agreement/sea-cable-memorandum.rdf"),
    ],
)
def test_name_sends_on_by_accept(client, accept, target):
    response = client.get("/id/agreement/sea-cable-memorandum", headers={"Accept": accept})
    assert response.status_code == 303
    assert response.headers["Location"] == target
    assert "Accept" in response.headers["Vary"]


def test_name_in_no_format_we_have_is_406(client):
    answer = client.get("/id/state/arvania", headers={"Accept": "image/png"})
    assert answer.status_code == 406


def test_names_of_documents_spans_and_graphs_lead_to_the_text(client, sample):
    def target(name):
        return client.get(f"/id/{name}", headers={"Accept": "text/html"}).headers["Location"]

    assert target(f"doc/{sample.plan}") == f"/documents/{sample.plan}"
    assert target(f"evidence/{sample.plan}/0-9") == f"/documents/{sample.plan}#s0-9"
    assert target(f"graph/{sample.plan}") == f"/documents/{sample.plan}"
    assert target("graph/facts") == "/graphs?graph=https://w3id.org/pactgraph/id/graph/facts"


@pytest.mark.parametrize("ending", ["ttl", "nt", "rdf", "jsonld"])
def test_data_of_a_thing_hold_its_facts_claims_and_what_points_at_it(client, ending):
    response = client.get(f"/data/agreement/sea-cable-memorandum.{ending}")
    assert response.status_code == 200
    graph = ox.Dataset(
        ox.parse(response.data, format=ox.RdfFormat.from_media_type(response.mimetype))
    )
    base, term = "https://w3id.org/pactgraph/id/", "https://w3id.org/pactgraph/ont#"
    memo = ox.NamedNode(base + "agreement/sea-cable-memorandum")
    parties = graph.quads_for_subject(memo)
    assert ox.NamedNode(base + "state/arvania") in [quad.object for quad in parties]
    links = {quad.predicate.value for quad in graph.quads_for_object(memo)}
    assert term + "signingOf" in links
    assert any(quad.predicate.value == term + "quote" for quad in graph)


def test_page_names_its_data_in_headers_and_head(client):
    response = client.get(MEMO)
    assert 'rel="alternate"; type="text/turtle"' in response.headers.getlist("Link")[0]
    assert '<link rel="alternate" type="application/ld+json"' in response.text
