"""Looks over a text before it is read: its size, its language, and what a person should know of it.

No text is obeyed here, since no language model follows instructions; a text that tries is noted.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from kg.errors import DocumentError
from kg.model import Document

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_SAMPLE = 3000  # characters of each of the two pieces that the language is told from
_ENOUGH = 60  # letters below which a language cannot be told
_DOUBT, _SURE = 0.2, 0.5  # probability of English that is enough; that another language needs
_ORDERS = re.compile(
    r"""(?ix)\b(?:
      (?:ignore|disregard|forget|override)\s+(?:\w+\s+){0,3}?
        (?:instructions?|prompts?|rules|directions|guidelines|text\s+above|everything\s+above)
    | you\s+are\s+(?:now\s+)?(?:an?|the)\s+(?:\w+\s+){0,2}?(?:ai|assistant|language\s+model|chatbot)
    | (?:system|developer)\s+prompt
    | as\s+an\s+ai\b
    | (?:ai|language)\s+(?:models?|assistants?|agents?)\s+(?:reading|processing|that\s+read)\s+this
    | (?:record|report|output|add|insert|extract|state)\s+(?:instead\s+)?
        (?:the\s+following\s+|that\s+)[^.\n]{0,80}\b(?:in|into|to|as)\s+(?:the|your)\s+
        (?:graph|database|knowledge|answer|output|facts?)
    )"""
)
_HIDDEN = re.compile("[\u200b\u2060\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")


def screened(document: Document, max_chars: int) -> Document:
    """Return a document with notes on what is odd in its text.

    Raises DocumentError where it has more than `max_chars` characters or is not English.
    """
    text = document.text
    if len(text) > max_chars:
        raise DocumentError(
            f"{document.name}: {len(text):,} characters are more than the limit of {max_chars:,};"
            " split it or raise max_document_chars"
        )
    body = text[document.body.start : document.body.end] if document.body else text
    if language := other_language(body):
        raise DocumentError(
            f"{document.name}: the text is not English (it looks like {language!r});"
            " only English is read"
        )
    return replace(document, notes=(*document.notes, *_oddities(text)))


def other_language(text: str) -> str:
    """Return the code (ISO 639-1) of a text's language where it is surely not English; else ""."""
    middle = max(_SAMPLE, len(text) // 2)
    sample = " ".join((text[:_SAMPLE] + " " + text[middle : middle + _SAMPLE]).split())
    if sum(map(str.isalpha, sample)) < _ENOUGH:
        return ""
    found = _identifier().rank(sample)
    best, probability = found[0]
    english = dict(found).get("en", 0.0)
    return str(best) if probability > _SURE and english < _DOUBT else ""


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid import langid

    return langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)


def _oddities(text: str) -> list[str]:
    notes = []
    if found := _ORDERS.search(text):
        words = " ".join(found[0].split())[:80]
        notes.append(f"gives instructions to whoever reads it ({words!r}); nothing obeys them")
    if hidden := len(_HIDDEN.findall(text)):
        notes.append(f"{hidden} invisible or direction-changing characters")
    if control := len(_CONTROL.findall(text)):
        notes.append(f"{control} control characters")
    return notes
