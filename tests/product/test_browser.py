"""The pages in a real Chromium: with and without scripts, and without a word to other hosts."""

from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from invented import sample as build_sample
from kg.release import DataFolder
from kg.settings import Settings
from server import create_app

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = """--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
--disable-component-update --disable-sync""".split()
SHOTS = os.environ.get("PACTGRAPH_SCREENSHOTS")  # read now: tests run without our variables
MEMO = "/page/agreement/sea-cable-memorandum"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (apt: chromium)"),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The whole application over a release of the invented sample, on a free port."""
    sample = build_sample()
    folder = DataFolder(tmp_path_factory.mktemp("site") / "data")
    with folder.stage() as stage:
        for document in sample.documents.values():
            folder.shelf.put(document)
            folder.shelf.cache("1", document, sample.extractions[document.id])
        stage.store.extend(sample.store)
        stage.publish("invented texts", documents=sample.documents, versions={"extractor": "1"})
    settings = Settings(data=folder.path, title="Cable watch")
    app = create_app(settings)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}", sample
    server.shutdown()
    thread.join(10)
    server.server_close()
    app.extensions["pool"].close()


@pytest.fixture(scope="module")
def chromium():
    """One headless browser for all tests."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, site):
    """Open a page; at the end nothing went wrong in it and nothing left this machine."""
    contexts, problems = [], []

    def watch(page) -> None:
        page.on("pageerror", lambda error: problems.append(f"script: {error}"))
        page.on("console", lambda m: m.type == "error" and problems.append(f"console: {m.text}"))

        def asked(request) -> None:
            if not request.url.startswith((site[0], "data:")):
                problems.append(f"asked {request.url}")

        page.on("request", asked)

    def open_page(address: str, **options: object):
        context = chromium.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        watch(page)
        page.goto(site[0] + address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


def addresses(sample) -> list[str]:
    """Return one address of each kind of page."""
    return [
        "/",
        "/browse",
        "/browse/agreement",
        MEMO,
        "/page/person/ana-lorca/statements",
        f"/documents/{sample.plan}",
        f"/documents/{sample.denial}",
        "/documents/",
        "/timeline?year=2025",
        "/timeline?year=2026",
        "/between",
        "/between/arvania/belmora",
        "/commitments",
        "/search?q=cable",
        "/queries",
        "/queries/parties-of-agreement",
        "/query?query=SELECT+*+{?s+?p+?o}+LIMIT+20",
        "/about",
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1200])
def test_every_page_fits_its_window_and_stays_on_this_machine(visit, site, scheme, width):
    """Screenshots to look at go to the folder named by PACTGRAPH_SCREENSHOTS, where it is set."""
    page = visit("/", viewport={"width": width, "height": 800}, color_scheme=scheme)
    for number, address in enumerate(addresses(site[1])):
        page.goto(site[0] + address)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, address
        if SHOTS:
            name = f"{number:02}-{width}-{scheme}.png"
            page.screenshot(path=Path(SHOTS) / name, full_page=True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(visit, site, scheme):
    page = visit("/", color_scheme=scheme)
    for address in (MEMO, f"/documents/{site[1].plan}#s0-138", "/timeline?year=2026", "/about"):
        page.goto(site[0] + address)
        for text, ratio in page.evaluate(CONTRAST):
            assert ratio >= 4.5, (address, text, ratio)


# For every element with text of its own: the contrast ratio of WCAG 2 between its colour and
# the nearest opaque ground behind it.
CONTRAST = """() => {
  const parse = (c) => c.match(/[\\d.]+/g).map(Number);
  const linear = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c.length === 3 || c[3] === 1) return c;
    }
    return [255, 255, 255];
  };
  const own = (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
  return [...document.querySelectorAll("body *")].filter((e) => own(e) && e.checkVisibility())
    .map((e) => {
      const style = getComputedStyle(e);
      const ink = e instanceof SVGElement ? style.fill : style.color;
      const [a, b] = [light(parse(ink)), light(ground(e))].sort((x, y) => y - x);
      return [e.textContent.trim().slice(0, 40), (a + 0.05) / (b + 0.05)];
    });
}"""


@pytest.mark.parametrize("scripts", [True, False])
def test_reader_finds_who_says_so_in_which_words(visit, site, scripts):
    page = visit("/", java_script_enabled=scripts)
    page.fill("#home-q", "sea cab")
    page.press("#home-q", "Enter")
    page.click("main a:has-text('Sea cable memorandum')")
    fact = page.locator(".facts li", has_text="Belmora").first
    assert not fact.locator("blockquote").first.is_visible()
    fact.locator("summary").click(position={"x": 5, "y": 8})
    words = fact.locator("li.claim.actual blockquote")
    assert words.inner_text() == (
        "Arvania and Belmora signed the sea cable memorandum on 15 May 2025."
    )
    fact.locator("li.claim.actual a:has-text('show in document')").click()
    assert page.url.endswith(f"/documents/{site[1].done}#s0-67")
    marked = page.locator("mark:target")
    assert marked.inner_text() == words_of(site[1])
    ground = "e => getComputedStyle(e).backgroundColor"
    other = page.locator("mark").last
    if scripts:
        assert marked.evaluate(ground) != other.evaluate(ground)


def words_of(sample) -> str:
    """Return the sentence that the fact rests on."""
    return sample.documents[sample.done].text[:67]


def test_slash_leads_to_the_search_field(visit):
    page = visit("/about")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("a/b")
    assert page.input_value("#q") == "a/b"


def test_number_of_a_link_opens_the_words_on_the_page_it_leads_to(visit):
    page = visit("/page/person/piet-onder")
    page.click("a.words")
    page.wait_for_selector(":target > details[open]")
    assert "Piet Onder" in page.locator(":target blockquote").first.inner_text()


def test_claim_in_the_side_list_lights_its_words(visit, site):
    page = visit(f"/documents/{site[1].done}")
    page.hover("[data-marks]:has-text('obligor')")
    lit = page.locator("mark.lit")
    assert lit.count() == 1
    assert lit.inner_text().startswith("Under the memorandum Belmora undertakes")


def test_reader_can_go_through_a_page_by_keyboard(visit):
    page = visit(MEMO)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.focus(".facts summary")
    page.keyboard.press("Enter")
    assert page.locator(".facts details[open]").count() == 1


def test_table_comes_along_as_csv(visit, site):
    page = visit("/commitments")
    with page.expect_download() as caught:
        page.click("a[download]:has-text('CSV')")
    assert "route-survey-commitment" in Path(caught.value.path()).read_text()


def test_missing_page_is_told_in_plain_words(visit, site):
    page = visit("/about")
    for address in ("/nowhere", "/page/agreement/none"):
        answer = page.request.get(site[0] + address, headers={"Accept": "text/html"})
        assert answer.status == 404
        assert "There is no such page." in answer.text()


def test_hostile_text_runs_nothing(visit, site):
    page = visit(f"/documents/{site[1].denial}")
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog opened: {dialog.message}"))
    page.goto(site[0] + "/page/org/script-alert-1-script-evil-onload-x")
    assert "<script>alert(1)</script>" in page.inner_text("h1")
