"""Redaction: names in a document give way to blocks of the same length, so that offsets hold."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import replace

from kg.errors import DocumentError
from kg.model import Document, Span
from kg.tombstones import Tombstones, Word, words

BLOCK = "█"
Name = tuple[str, ...]


def name_of(text: str) -> Name:
    """Return a name as its words, in the form that they are compared in."""
    return tuple(word.text for word in words(text))


def occurrences(text: str, names: Collection[Name], single: Collection[str] = ()) -> list[Span]:
    """Return where names stand in a text; of single words only those that begin like a name."""
    known = words(text)
    found = [
        Span(known[at].span.start, known[at + len(name) - 1].span.end)
        for name in names
        for at in range(len(known) - len(name) + 1)
        if name and all(known[at + i].text == part for i, part in enumerate(name))
    ]
    return found + [w.span for w in known if w.text in single and _is_upper(text, w)]


def _is_upper(text: str, word: Word) -> bool:
    return not text[word.span.start].islower()


def blocked(text: str, spans: Iterable[Span]) -> str:
    """Return a text with blocks in the place of spans; line breaks stay."""
    chars = list(text)
    for span in spans:
        for at in range(span.start, min(span.end, len(chars))):
            if chars[at] != "\n":
                chars[at] = BLOCK
    return "".join(chars)


def redacted(
    document: Document, spans: Iterable[Span], names: Collection[Name], single: Collection[str]
) -> Document:
    """Return a document without the names: another text, so another id.

    `spans` of the text give way; in what is known of its origin, the names and single words do.
    An address that holds one of them is left out.
    """

    def without(about: str) -> str:
        return blocked(about, occurrences(about, names, single))

    text = blocked(document.text, spans)
    if text == document.text:  # only its title or its like holds the name
        text += BLOCK
    lower = {*single, *(name[-1] for name in names if name)}
    address = {word.text for word in words(document.url)}
    return replace(
        document,
        id=hashlib.sha256(text.encode()).hexdigest()[:16],
        text=text,
        name=blocked(document.name, _parts(document.name, names, lower)),
        title=without(document.title),
        publisher=without(document.publisher),
        rights=without(document.rights),
        url="" if address & lower else document.url,
        notes=tuple(without(note) for note in document.notes),
    )


def _parts(name: str, names: Collection[Name], single: Collection[str]) -> list[Span]:
    """Return where names stand in the name of a file, which is often written small."""
    bare = name.replace("_", " ")
    found = [word.span for word in words(bare) if word.text in single]
    return found + occurrences(bare, names)


def screened(document: Document, stones: Tombstones) -> Document:
    """Return a document that is to be stored, without the full names of removed people.

    The last word of such a name goes wherever it stands. Raises DocumentError where the document
    itself was removed.
    """
    if not stones:
        return document
    spans = stones.named(document.text)
    about = (document.title, document.publisher, document.rights, document.name, *document.notes)
    names = {name_of(document.text[span.start : span.end]) for span in spans}
    names |= {name_of(text[s.start : s.end]) for text in about for s in stones.named(text)}
    if not names:
        if stone := stones.document(document.id):
            raise DocumentError(
                f"this text was removed from the collection on {stone.day}"
                f" ({stone.reason}); it is not taken up again"
            )
        return document
    single = {name[-1] for name in names}
    return redacted(document, occurrences(document.text, names, single), names, single)
