"""Proposals of a language model: the protocol with a stand-in server, and the gate."""

from __future__ import annotations

import datetime as dt
import json
import threading
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from kg import pipeline
from kg.advice import WITHOUT_ADVICE, Adviser, predicates, schema
from kg.claim import Extractor
from kg.model import Document
from kg.settings import Settings
from kg.vocab import digest

TEXT = (
    "Chile and Norway run a joint register of seed banks, the Northern Seed Accord.\n\n"
    "Peru will host the Lima Water Forum, officials said on Monday. "
    "Bolivia denied that it had joined the Andean Grain Pact.\n"
)


class StandIn(ThreadingHTTPServer):
    """Answers like a language model's server, with what `script` says next."""

    def __init__(self, script):
        self.script, self.seen = list(script), []
        super().__init__(("127.0.0.1", 0), Handler)


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.seen.append((self.path, self.headers.get("Authorization"), body))
        step = self.server.script.pop(0) if len(self.server.script) > 1 else self.server.script[0]
        if isinstance(step, float):
            time.sleep(step)
            step = []
        status, data = step if isinstance(step, tuple) else (200, said(step))
        self.send_response(status)
        self.send_header("Retry-After", "0")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        with suppress(OSError):  # the client did not wait
            self.wfile.write(data)

    def log_message(self, *_):
        pass


def said(claims):
    content = json.dumps({"claims": claims})
    return json.dumps({"choices": [{"message": {"content": content}}]}).encode()


def row(subject, predicate, obj, quote, modality="actual", **more):
    return {
        "subject": subject, "predicate": predicate, "object": obj, "quote": quote,
        "modality": modality, "speaker": "", "subject_class": "", "object_class": "", **more,
    }  # fmt: skip


@contextmanager
def standing_in(*script, **more):
    server = StandIn(script)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        url = f"http://127.0.0.1:{server.server_port}/v1"
        yield Adviser(url, "some-model", "a-key", **{"seconds": 5.0, "retries": 1, **more}), server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def reader():
    return Extractor().reader


def read(reader, adviser, text=TEXT):
    extractor = Extractor(adviser=adviser)
    extractor.reader = reader
    document = Document(digest(text), "a.txt", text, dt.date(2024, 5, 7))
    return extractor.extract(document)


def advised(extraction):
    return [c for c in extraction.claims if c.rule == "advice"]


INVOLVES = row(
    "Northern Seed Accord", "involves", "Norway",
    "Chile and Norway run a joint register of seed banks, the Northern Seed Accord",
)  # fmt: skip


def test_a_proposal_found_in_the_text_becomes_a_claim_with_its_words(reader):
    with standing_in([INVOLVES]) as (adviser, server):
        extraction = read(reader, adviser)
    (claim,) = advised(extraction)
    things = {e.key: e for e in extraction.entities}
    assert claim.predicate == "pg:involves"
    assert things[claim.subject].label == "Northern Seed Accord"
    assert things[claim.object].label == "Norway"
    (evidence,) = claim.evidence
    assert evidence.quote == TEXT[evidence.span.start : evidence.span.end] == INVOLVES["quote"]
    assert claim.confidence < Settings().min_confidence
    path, key, body = server.seen[0]
    assert path == "/v1/chat/completions"
    assert key == "Bearer a-key"
    assert body["temperature"] == 0
    assert body["response_format"]["json_schema"]["schema"] == schema()


@pytest.mark.parametrize(
    "proposal",
    [
        row("Northern Seed Accord", "involves", "Sweden", INVOLVES["quote"]),
        row("Northern Seed Accord", "involves", "Norway", "Norway joined the Northern Seed Accord"),
        row("Northern Seed Accord", "involves", "Norw", INVOLVES["quote"]),
        row("Norway", "party", "Northern Seed Accord", INVOLVES["quote"]),
        row("Northern Seed Accord", "owns", "Norway", INVOLVES["quote"]),
        row("Northern Seed Accord", "involves", "Norway", INVOLVES["quote"], speaker="the king"),
        row("Northern Seed Accord", "involves", "Norway", INVOLVES["quote"], modality="sure"),
        {"subject": 3},
        "Northern Seed Accord involves Norway",
    ],
    ids=["not there", "other words", "part of a word", "wrong ends", "no such predicate",
         "unknown speaker", "no such modality", "no claim", "prose"],
)  # fmt: skip
def test_what_the_text_or_the_ontology_does_not_bear_is_dropped(reader, proposal):
    with standing_in([proposal]) as (adviser, _):
        assert not advised(read(reader, adviser))


@pytest.mark.parametrize(
    ("quote", "ends", "modality"),
    [
        (
            "Peru will host the Lima Water Forum",
            ("Lima Water Forum", "organizer", "Peru"),
            "planned",
        ),
        (
            "Bolivia denied that it had joined the Andean Grain Pact",
            ("Andean Grain Pact", "involves", "Bolivia"),
            "negated",
        ),
    ],
)
def test_our_own_reading_wins_where_it_is_more_careful(reader, quote, ends, modality):
    kind = "Meeting" if "Forum" in quote else ""
    proposal = row(*ends, quote, "actual", subject_class=kind)
    with standing_in([proposal]) as (adviser, _):
        found = advised(read(reader, adviser))
    assert [c.modality for c in found] == [modality]


def test_the_models_caution_is_kept(reader):
    with standing_in([{**INVOLVES, "modality": "possible"}]) as (adviser, _):
        (claim,) = advised(read(reader, adviser))
    assert claim.modality == "possible"


def test_a_server_that_recovers_is_asked_again(reader):
    with standing_in((503, b"busy"), [INVOLVES]) as (adviser, server):
        assert advised(read(reader, adviser))
    assert len(server.seen) == 2


@pytest.mark.parametrize(
    ("step", "calls"),
    [
        ((500, b"no"), 2),
        ((401, b"no"), 1),
        ((200, b"I am sorry, I cannot"), 2),
        ((200, b'{"choices": []}'), 2),
        ((200, b"[" * 100_000), 2),
        ((200, b"x" * 3_000_000), 2),
        (3.0, 1),
    ],
    ids=["down", "refused", "prose", "empty", "nested", "large", "late"],
)
def test_without_an_answer_the_document_is_read_all_the_same(reader, step, calls):
    with standing_in(step, seconds=0.5 if step == 3.0 else 5.0) as (adviser, server):
        began = time.monotonic()
        extraction = read(reader, adviser)
        took = time.monotonic() - began
    plain = read(reader, None)
    assert extraction.claims == plain.claims
    assert extraction.notes[-1].startswith(WITHOUT_ADVICE)
    assert "a-key" not in extraction.notes[-1]
    assert len(server.seen) == calls
    assert took < 10


def test_a_dead_address_is_given_up(reader):
    with standing_in((500, b"no"), retries=0) as (adviser, server):
        for _ in range(5):
            read(reader, adviser)
    assert len(server.seen) == 3


def test_a_build_asks_again_for_what_it_got_no_advice_on(tmp_path):
    (tmp_path / "a.txt").write_text("date 2024-05-07 A title\n\n" + TEXT)
    with standing_in((401, b"no"), [INVOLVES]) as (adviser, server):
        known = Settings(
            data=tmp_path / "data", advice_url=adviser.url, advice_model="m", advice_retries=0
        )
        first = pipeline.build([tmp_path / "a.txt"], known)
        second = pipeline.build([tmp_path / "a.txt"], known)
        third = pipeline.build([tmp_path / "a.txt"], known)
    assert [first.fresh, second.fresh, third.fresh] == [1, 1, 0]
    assert len(server.seen) == 2
    assert second.release.number == first.release.number + 1


def test_it_is_off_by_default_and_changes_what_is_kept():
    assert Adviser.of(Settings()) is None
    assert Extractor().version != Extractor(adviser=Adviser("http://127.0.0.1:9", "m")).version


def test_only_relations_of_things_may_be_proposed():
    assert {"party", "hasTopic", "hasAim", "obligor", "concerns"} <= set(predicates())
    assert not {"modality", "hasEvidence", "speaker", "contradicts", "status"} & set(predicates())


def test_the_key_is_shown_nowhere():
    known = Settings(advice_key="secret-word")
    assert "secret-word" not in repr(known)
    assert Settings.model_validate_json(known.model_dump_json()).advice_key == known.advice_key
