"""The page of one document: its text with evidence and names marked, and its claims by sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg.model import Document, Extraction, Span
from kg.vocab import is_a
from server import words
from server.ask import Thing, ask, href, iris, node, things, val
from server.claims import Said, load
from server.quoting import Highlight, Mode, Quoter, Token, find_names, tokens

MOST_CLAIMS = 2000  # claims shown beside one document; the page says so where there are more


@dataclass(frozen=True)
class Sentence:
    """A sentence (or, where none were kept, a span of evidence) with the claims that rest on it."""

    number: int
    span: Span
    claims: tuple[Said, ...]

    @property
    def href(self) -> str:
        """The fragment of the first span of evidence in it."""
        return f"#{min((_span(self, claim) for claim in self.claims), key=_place)}"


def _span(sentence: Sentence, claim: Said) -> str:
    inside = [q for q in claim.quotes if Span(q.start, q.end).overlaps(sentence.span)]
    quote = inside[0] if inside else claim.quotes[0]
    return f"s{quote.start}-{quote.end}"


def _place(fragment: str) -> tuple[int, ...]:
    return tuple(int(part) for part in fragment.removeprefix("s").split("-"))


@dataclass(frozen=True)
class DocumentPage:
    """All that the page of one document shows."""

    document: Document
    iri: str
    label: str
    mode: Mode
    passages: tuple[tuple[Token, ...], ...]
    sentences: tuple[Sentence, ...]
    silent: tuple[str, ...]
    known_sentences: int
    claims: int
    cut: bool
    original: tuple[Thing, ...] = ()  # the document that it is a copy of
    copies: tuple[Thing, ...] = ()

    @property
    def date_words(self) -> str:
        """The day of the document and where it comes from."""
        if not self.document.date:
            return "no date"
        source = self.document.date_source
        found = f" (from its {source})" if source else ""
        return words.day(self.document.date) + found

    @property
    def date(self) -> dt.date | None:
        """The day of the document."""
        return self.document.date


def document_page(document: Document, extraction: Extraction | None, mode: Mode) -> DocumentPage:
    """Return the page of a document for a reader who may see `mode` of its text."""
    iri = iris().doc(document.id)
    found = ask("claims-in-document", document=node(iri), limit=MOST_CLAIMS + 1)
    quoter = Quoter(mode)
    claims = load([val(row, "claim") for row in found[:MOST_CLAIMS]], quoter)
    spans = _evidence(claims, iri)
    highlights = [Highlight(span, "evidence") for span in spans]
    passages: tuple[tuple[Token, ...], ...]
    if mode == "full":
        highlights += _names(document, iri)
        whole = document.body or Span(0, len(document.text))
        passages = (tuple(tokens(document.text, highlights, whole)),)
    else:
        # The quoter has already decided which words of which span may be shown.
        passages = tuple(_quoted(claims, iri)) if mode == "quotes" else ()
    sentences = extraction.sentences if extraction else ()
    grouped = group(claims, sentences or spans, iri)
    ties = ask("document-copies", document=node(iri))
    named = things(val(row, name) for row in ties for name in ("original", "copy") if name in row)
    silent = [s for s in sentences if not any(s.overlaps(span) for span in spans)]
    return DocumentPage(
        document=document,
        iri=iri,
        label=document.title or document.name,
        mode=mode,
        passages=passages,
        sentences=grouped,
        silent=tuple(document.text[s.start : s.end] for s in silent) if mode == "full" else (),
        known_sentences=len(sentences),
        claims=len(claims),
        cut=len(found) > MOST_CLAIMS,
        original=tuple(named[val(row, "original")] for row in ties if "original" in row),
        copies=tuple(named[val(row, "copy")] for row in ties if "copy" in row),
    )


def _evidence(claims: Iterable[Said], document: str) -> list[Span]:
    """Return the spans of the document that claims rest on, each once, in order."""
    quotes = (quote for claim in claims for quote in claim.quotes)
    return sorted({Span(q.start, q.end) for q in quotes if q.document.iri == document})


def _names(document: Document, iri: str) -> list[Highlight]:
    """Return where names of the things in the document's claims stand in its text."""
    owner: dict[str, str] = {}
    for row in ask("document-names", document=node(iri)):
        owner.setdefault(val(row, "name").casefold(), val(row, "thing"))
    named: dict[str, Thing] = things(owner.values())
    found = []
    for span in find_names(document.text, owner):
        words_there = document.text[span.start : span.end]
        thing = named[owner[words_there.casefold()]]
        # An event is often called by its verb alone (“signed”): that is no name to look up.
        if is_a(thing.type, "Event") and words_there.islower() and " " not in words_there:
            continue
        if target := href(thing.iri):
            found.append(Highlight(span, "name", target, thing.label))
    return found


def _quoted(claims: Iterable[Said], document: str) -> Iterable[tuple[Token, ...]]:
    """Yield the quotations that may be shown, as passages of their own."""
    seen: dict[Span, str] = {}
    for claim in claims:
        for quote in claim.quotes:
            if quote.document.iri == document and quote.pieces:
                shown = "".join(piece.text for piece in quote.pieces)
                seen.setdefault(Span(quote.start, quote.end), shown)
    for span, shown in sorted(seen.items()):
        highlight = Highlight(span, "evidence")
        yield (
            Token("open", highlight=highlight),
            Token("text", shown),
            Token("close", highlight=highlight),
        )


def group(claims: Iterable[Said], sentences: Sequence[Span], document: str) -> tuple[Sentence, ...]:
    """Return the sentences that carry claims; a claim stands with the first sentence it touches.

    Where a claim's span touches no sentence it stands with a sentence of its own.
    """
    found: dict[Span, list[Said]] = {}
    for claim in claims:
        quotes = [q for q in claim.quotes if q.document.iri == document and not q.resolved]
        if quotes:
            span = Span(quotes[0].start, quotes[0].end)
            home = next((s for s in sentences if s.overlaps(span)), span)
            found.setdefault(home, []).append(claim)
    order = {span: place for place, span in enumerate(sentences, start=1)}
    return tuple(Sentence(order.get(span, 0), span, tuple(found[span])) for span in sorted(found))
