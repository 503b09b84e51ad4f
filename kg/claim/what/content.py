"""What a clause is for and about: aims as stretches of text, topics as concepts."""

from __future__ import annotations

import re
from typing import Any

from kg.claim.syntax import noun_modifiers
from kg.model import Span
from kg.spot.lexicon import Lexicon
from kg.spot.parse import Paragraph

_WORD = re.compile(r"(?<![\w-])[\w&’']+|(?<=-)[\w&’']+")
_STOPPERS = {
    "which",
    "who",
    "whom",
    "whose",
    "because",
    "although",
    "though",
    "while",
    "whereas",
    "after",
    "before",
    "if",
    "unless",
    "when",
    "since",
    "once",
    "until",
    "according",
}
_TAILS = {"through", "via", "amid", "despite", "following"}
_NOMINAL_AIMS = {
    "development",
    "promotion",
    "expansion",
    "creation",
    "improvement",
    "strengthening",
    "reduction",
    "protection",
    "facilitation",
    "growth",
    "establishment",
    "deployment",
    "exchange",
    "modernisation",
    "modernization",
    "diversification",
}


class Content:
    """Reads aims and topics from parsed paragraphs."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lex = lexicon
        self.longest = lexicon.longest_topic

    # --- aims -----------------------------------------------------------------------------

    def aims(self, verb: Any, paragraph: Paragraph) -> list[Span]:
        """Return the stretches of text that say what is aimed at, from an infinitive on."""
        end = self.clause_end(verb, paragraph)
        cuts = [verb.i]
        doc = verb.doc
        for i in range(verb.i + 1, end):
            if self._begins_aim(doc, i):
                cuts.append(i)
        spans: list[Span] = []
        for n, start in enumerate(cuts):
            stop = cuts[n + 1] if n + 1 < len(cuts) else end
            if span := self._trim(doc, start, stop, paragraph):
                spans.append(span)
        return spans

    def _begins_aim(self, doc: Any, i: int) -> bool:
        token, before = doc[i], doc[i - 1]
        lemma = token.lemma_.lower()
        base = token.lower_ == lemma or (
            token.tag_ == "VBG" and doc[i - 1].pos_ != "ADP" and token.dep_ == "conj"
        )
        action = lemma in self.lex.actions and token.pos_ in {"VERB", "NOUN"} and base
        if (
            token.dep_ == "conj"
            and token.pos_ == "VERB"
            and token.tag_ in {"VB", "VBG", "VBP"}
            and (token.tag_ == "VBG") == (token.head.tag_ == "VBG")
            and before.lower_ in {"and", ","}
            and not any(c.dep_ in {"nsubj", "nsubjpass"} for c in token.children)
        ):
            return True
        if token.lemma_ == "be" and before.lower_ == "and" and token.dep_ == "conj":
            return True
        if (
            token.dep_ == "conj"
            and token.pos_ == "VERB"
            and before.lower_ == "to"
            and before.dep_ == "aux"
            and doc[i - 2].lower_ in {"and", ","}
        ):
            return True
        if action and before.lower_ in {"and", ","} and token.pos_ == "VERB":
            return not (i + 1 < len(doc) and doc[i + 1].lower_ == "of")
        if action and before.lower_ == "to" and before.dep_ == "aux" and token.pos_ == "VERB":
            return doc[i - 2].lower_ not in {"ways", "way", "able", "order"} if i >= 2 else True
        # "facilitate A and development of B": a noun of doing opens an aim of its own.
        return (
            token.dep_ == "conj"
            and lemma in _NOMINAL_AIMS
            and before.lower_ == "and"
            and i + 1 < len(doc)
            and doc[i + 1].lower_ == "of"
        )

    def clause_end(self, verb: Any, paragraph: Paragraph) -> int:
        """Return the token behind the clause that a verb opens."""
        doc, stop = verb.doc, verb.sent.end
        i = verb.i + 1
        fronted = any(a.i > verb.i for a in verb.ancestors)
        while i < stop:
            token = doc[i]
            if (
                token.text in {".", ";", ":", "?", "!", '"', "–", "—", "(", ")"}
                or token.lower_ in _STOPPERS
            ):
                break
            if token.dep_ == "mark" and token.lower_ in {"as", "that"} and token.head.i > verb.i:
                break
            if token.pos_ in {"VERB", "AUX"} and token.is_ancestor(verb):
                break
            if fronted and not verb.is_ancestor(token) and not verb.is_ancestor(doc[i + 1]):
                break  # "To curb smuggling, both sides …"
            if token.text == "," and self._leaves(doc, i, verb):
                break
            if token.pos_ == "CCONJ" and i + 1 < stop and doc[i + 1].tag_ == "MD":
                break
            if token.pos_ == "CCONJ" and _new_clause(doc, i, verb):
                break
            if (
                token.lower_ == "in"
                and i + 2 < stop
                and (doc[i + 1].lower_, doc[i + 2].lower_)
                in {("view", "of"), ("line", "with"), ("accordance", "with")}
            ):
                break
            i += 1
        while i > verb.i + 1 and doc[i - 1].text in {",", "and", "to", "in", "by"}:
            i -= 1
        return int(i)

    def _leaves(self, doc: Any, i: int, verb: Any) -> bool:
        """Tell whether the text leaves the clause at a comma."""
        for k in range(i + 1, min(i + 7, verb.sent.end)):
            word = doc[k]
            if word.lemma_ in self.lex.words["report"] and word.pos_ == "VERB":
                return True
            if word.text == ",":
                break
        following = doc[i + 1] if i + 1 < verb.sent.end else None
        if following is None:
            return True
        if (
            following.lower_
            in {"said", "she", "he", "they", "it", "but", "with", "as", "including", "following"}
            | _STOPPERS
        ):
            return bool(following.lower_ != "including")
        return (following.tag_ == "VBG" and following.dep_ == "advcl") or (
            following.lower_ == "and"
            and any(
                t.dep_ in {"nsubj", "nsubjpass"} and t.i > i
                for t in doc[i : min(i + 8, verb.sent.end)]
                if t.head.pos_ in {"VERB", "AUX"}
                and t.head.dep_ == "conj"
                and t.head.head.i < verb.i
            )
        )

    def _trim(self, doc: Any, start: int, stop: int, paragraph: Paragraph) -> Span | None:
        for i in range(start + 1, stop):
            if doc[i].lower_ in _TAILS and doc[i].pos_ in {"ADP", "SCONJ", "VERB"}:
                stop = i
                break
            chunk = paragraph.chunks[i]
            if chunk and chunk.cls == "Date" and doc[i - 1].lower_ in {"on", "in", "by"}:
                stop = i - 1
                break
        while stop > start + 1 and (
            doc[stop - 1].text in {",", "and", "to", "or", "both", "'"}
            or doc[stop - 1].lower_ in {"also", "further", "as", "well"}
        ):
            stop -= 1
        if stop - start < 2:
            return None
        return paragraph.spans[start].cover(paragraph.spans[stop - 1])

    # --- topics ---------------------------------------------------------------------------

    def topics(self, text: str, span: Span) -> list[tuple[str, Span]]:
        """Return the topics named in a stretch of text, the longest names first served."""
        part = text[span.start : span.end]
        words = [(m[0], m.start() + span.start, m.end() + span.start) for m in _WORD.finditer(part)]
        found: list[tuple[str, Span]] = []
        i = 0
        while i < len(words):
            for size in range(min(self.longest, len(words) - i), 0, -1):
                run = words[i : i + size]
                if (
                    text[run[0][1] - 1 : run[0][1]] == "-"
                    and text[run[0][1] - 2 : run[0][1] - 1].isalpha()
                ):
                    continue
                if "." in text[run[0][1] : run[-1][2]] or "," in text[run[0][1] : run[-1][2]]:
                    continue
                topic = self._topic(tuple(w.lower() for w, _, _ in run)) or (
                    self.lex.topics.get((run[0][0],)) if size == 1 else None
                )
                if topic:
                    if topic not in [t for t, _ in found]:
                        found.append((topic, Span(run[0][1], run[-1][2])))
                    i += size - 1
                    break
            i += 1
        return found

    def _topic(self, words: tuple[str, ...]) -> str | None:
        last = words[-1].removesuffix("'s").removesuffix("’s")
        for form in (
            last,
            last.removesuffix("s"),
            last + "s",
            last[:-3] + "y" if last.endswith("ies") else last,
        ):
            if topic := self.lex.topics.get((*words[:-1], form)):
                return topic
        return None

    def exact(self, text: str) -> str | None:
        """Return the topic whose label is that whole text, or nothing."""
        words = _WORD.findall(text)
        if not words or len(words) > self.longest:
            return None
        found = self._topic(tuple(w.lower() for w in words))
        return found or (self.lex.topics.get((words[0],)) if len(words) == 1 else None)

    def phrase(self, token: Any, paragraph: Paragraph) -> Span:
        """Return the span of a noun phrase: what stands before the head, and its complements."""
        left = noun_modifiers(token)
        span = paragraph.spans[left[0].i if left else token.i].cover(paragraph.spans[token.i])
        for child in token.children:
            if (
                child.dep_ == "prep"
                and child.lower_
                in {"on", "for", "in", "of", "about", "regarding", "concerning", "around", "to"}
                and child.i > token.i
            ):
                last = max(
                    (
                        t.i
                        for t in child.subtree
                        if t.pos_ not in {"PUNCT"} and not _verbal_between(t, child)
                    ),
                    default=child.i,
                )
                if all(t.text not in {";", '"'} for t in token.doc[token.i : last + 1]):
                    span = span.cover(paragraph.spans[last])
        result: Span = span
        return result


def _new_clause(doc: Any, i: int, verb: Any) -> bool:
    """Tell whether a conjunction opens a clause with a subject of its own."""
    for word in doc[i + 1 : min(i + 5, verb.sent.end)]:
        if word.dep_ in {"nsubj", "nsubjpass"}:
            above = word.head
            near = above.head.i == verb.i or above.head.is_ancestor(verb)
            return bool(above.dep_ == "conj" and near)
        if word.pos_ in {"VERB", "AUX"}:
            return False
    return False


def _verbal_between(token: Any, top: Any) -> bool:
    while token.i != top.i:
        if token.pos_ == "VERB" and token.dep_ in {"relcl", "advcl", "acl"}:
            return True
        token = token.head
    return False
