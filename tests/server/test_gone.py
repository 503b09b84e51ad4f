"""What was removed for good is gone at once from a running service, which says so with 410."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from kg import remove
from kg.pipeline import build
from kg.release import DataFolder
from kg.settings import Settings
from server import create_app

TEXTS = {
    "fish.txt": "date 2031-05-14 Chile and Kenya sign fisheries pact\nChile and Kenya signed a"
    " fisheries agreement on 12 May 2031. Kenya's trade minister Zorana Quibell signed it.\n",
    "cable.txt": "date 2031-05-20 Norway and Ghana agree on xylocables\nNorway and Ghana signed a"
    " memorandum of understanding on xylocables in Oslo on 19 May 2031.\n",
}
QUOTES = 'ASK { ?s ?p ?o FILTER(isLiteral(?o) && regex(str(?o), "quibell|xylocable", "i")) }'


@pytest.fixture(params=["full", "quotes"])
def service(tmp_path: Path, request: pytest.FixtureRequest):
    """A service on a folder with two documents."""
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text)
    known = Settings(data=tmp_path / "data", public_text=request.param, requests_per_minute=0)
    build([tmp_path / name for name in TEXTS], known)
    app = create_app(known)
    yield app.test_client(), known
    app.extensions["close"]()


def ask(client) -> bool:
    answer = client.get("/sparql", query_string={"query": QUOTES})
    return json.loads(answer.data)["boolean"]


def children() -> set[str]:
    """Return which releases the processes of this one's descendants have open."""
    found = set()
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            target = str(link.readlink())
        except OSError:
            continue
        if "/releases/" in target or "/.views/" in target:
            found.add(target)
    return found


def test_removed_while_it_is_served(service) -> None:
    client, known = service
    folder = DataFolder(known.data)
    doc = next(d.id for d in folder.documents() if d.name == "cable.txt")
    fish = next(d.id for d in folder.documents() if d.name == "fish.txt")
    person = "zorana-quibell"
    html = {"Accept": "text/html"}
    turtle = {"Accept": "text/turtle"}
    places = {
        "document": [
            f"/documents/{doc}", f"/id/doc/{doc}", f"/data/doc/{doc}.ttl", f"/id/graph/{doc}",
            f"/id/evidence/{doc}/0-4",
        ],
        "person": [
            f"/documents/{fish}", f"/id/person/{person}", f"/page/person/{person}",
            f"/data/person/{person}.ttl", f"/page/person/{person}/statements",
        ],
    }  # fmt: skip
    assert ask(client)
    for path in (*places["document"], *places["person"]):
        assert client.get(path, headers=html).status_code in {200, 303}, path
    for name, kind in (("cable.txt", "document"), ("Zorana Quibell", "person")):
        remove.remove(folder, remove.find(folder, name, known), "court order", known)
        assert client.application.extensions["readers"].wait_for(folder.current_number(), 20)
        for path in places[kind]:
            for headers in (html, turtle, {"Accept": "application/problem+json"}):
                answer = client.get(path, headers=headers)
                assert answer.status_code == 410, path
                assert "court order" not in answer.text
            assert answer.mimetype == "application/problem+json"
            assert answer.json["title"] == "Gone"
            assert "here no longer" in client.get(path, headers=html).text
    assert not ask(client)
    new = next(d.id for d in folder.documents())
    answer = client.get(f"/documents/{fish}")
    assert f"/documents/{new}" in answer.text
    assert client.get(f"/documents/{new}", headers=html).status_code == 200
    assert client.get("/documents/0123456789abcdef", headers=html).status_code == 404
    old = [f"{known.data}/releases/00000{n}/" for n in (1, 2)]
    old += [f"{known.data}/.views/00000{n}-" for n in (1, 2)]
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and any(o in name for name in children() for o in old):
        time.sleep(0.2)
    assert not [name for name in children() if any(o in name for o in old)]
    for path in known.data.rglob("*"):
        if path.is_file():
            assert not any(word in path.read_bytes().lower() for word in (b"quibell", b"xylocable"))
