"""The promise of the graph, held against what was read from one document."""

from __future__ import annotations

from collections.abc import Iterator

from kg.model import Document, Extraction, Span


def broken(document: Document, extraction: Extraction) -> list[str]:
    """Return what is wrong with claims, evidence and offsets; an empty list where nothing is."""
    return list(_broken(document, extraction))


def _broken(document: Document, extraction: Extraction) -> Iterator[str]:
    text, whole = document.text, Span(0, len(document.text))
    keys = {entity.key for entity in extraction.entities}
    ids = [claim.id for claim in extraction.claims]
    if len(ids) != len(set(ids)):
        yield "two claims have one id"
    for claim in extraction.claims:
        where = f"{claim.rule} {claim.predicate}"
        if not claim.evidence:
            yield f"{where}: no evidence"
        for evidence in claim.evidence:
            span = evidence.span
            if evidence.doc != document.id or span not in whole or span.start >= span.end:
                yield f"{where}: evidence outside the document: {span}"
            elif text[span.start : span.end] != evidence.quote:
                yield f"{where}: the quote differs from its span {span}"
        for end in (claim.subject, claim.speaker, claim.object):
            if isinstance(end, str) and end not in keys:
                yield f"{where}: nothing is known of {end!r}"
        for span_of_end in (claim.subject_span, claim.object_span, claim.speaker_span):
            if span_of_end and (span_of_end not in whole or span_of_end.start > span_of_end.end):
                yield f"{where}: an end lies outside the document: {span_of_end}"
    for mention in extraction.mentions:
        if mention.span not in whole or mention.entity not in keys:
            yield f"a mention is nowhere: {mention}"
    for sentence in extraction.sentences:
        if sentence not in whole:
            yield f"a sentence lies outside the document: {sentence}"
