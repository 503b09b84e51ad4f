"""The words that name an unnamed thing: its head noun, and what belongs to it."""

from __future__ import annotations

import re
from typing import Any

from kg.claim.syntax import determiner, noun_modifiers
from kg.claim.things.episodes import Episodes
from kg.claim.things.sides import EMPTY
from kg.model import Span
from kg.spot import money
from kg.spot.chunk import Chunk
from kg.spot.lexicon import Head
from kg.vocab import is_a

_TAIL = {"on", "for", "of", "about", "regarding", "concerning", "to", "against", "over"}
_BREAKS = {"that", "which", "who", "whom", "where", "when", "after", "before"}
_BREAKS |= {"while", "during", "here", "there", "amid", "despite", "worth"}
_FIELDS = {"on", "about", "concerning", "regarding", "governing", "covering", "over"}
_PARTNERED = {"with", "between", "among"}
_SCALES = {"million", "billion", "trillion", "crore", "dollar", "dollars", "euro", "euros", "bn"}
_OF_SUM = re.compile(
    r"\s(?:of|worth)\s(?:about |up to |some |around |nearly |almost |over |more than |at least )?$"
)
_LIST = re.compile(r",[^,]{1,60}\b(?:and|or)\b[^,]*$")  # "on ports, roads and rail"
_LEAD = re.compile(
    r"^(?:an?|the|this|that|their|its|our|his|her|new|both|initial|first|said|existing|proposed"
    r"|landmark|historic|long-awaited|current|planned|separate|similar|controversial|sweeping|broad"
    r"|key|major|final|so-called|recent|latest|ambitious|wide-ranging|upcoming|eventual|stalled"
    r"|breakthrough|long-standing|longstanding|far-reaching|hard-won|much-delayed|fragile)\s+",
    re.IGNORECASE,
)


class Wording(Episodes):
    """Finds where the phrase of a described thing begins and ends."""

    def _label(self, token: Any) -> str:
        """Return the words that name an unnamed thing: its head, and what belongs to it."""
        span = self._cut(self._tail(token), token)
        text = self.draft.document.text[span.start : span.end]
        if "," in text and not _LIST.search(text):
            at = self.paragraph.spans[token.i].end - span.start
            comma = text.find(",", at)
            span = Span(span.start, span.start + (comma if comma > 0 else at))
            text = self.draft.document.text[span.start : span.end]
        if len(text) > 150:
            span = self._phrase(token)
            text = self.draft.document.text[span.start : span.end]
        label = re.sub(r"\s+", " ", re.sub(r"\s*\([^()]*\)", "", text))
        if (field := self._field_behind(token)) is not None and not self._complement(token):
            last = max(t.i for t in field.subtree if t.pos_ != "PUNCT")
            cut = self._cut(self.paragraph.spans[field.i].cover(self.paragraph.spans[last]), field)
            label += " " + " ".join(self.draft.document.text[cut.start : cut.end].split())
        label = _without_sums(label)
        while (shorter := _LEAD.sub("", label)) != label and " " in shorter:
            label = shorter
        return label

    def _tail(self, token: Any) -> Span:
        """Return the span of a noun phrase with the complements that belong to a name."""
        span = self._phrase(token)
        for child in token.children:
            if child.i <= token.i:
                continue
            word = child.lower_
            telling = child.dep_ == "acl" and word in _FIELDS  # "a treaty concerning X"
            about = telling or (
                child.dep_ == "prep"
                and (
                    (word in _TAIL and not self._for_side(child) and not _sum_behind(child))
                    or (word == "in" and _field(child))
                    or (word in {"with", "between"} and self._with_body(child))
                )
            )
            bare = span == self._phrase(token) and not any(
                w.lower_ not in EMPTY for w in noun_modifiers(token)
            )
            clause = child.dep_ in {"acl", "relcl"} and bare and _opens_purpose(child)
            if about or clause:
                last = max((t.i for t in child.subtree if t.pos_ != "PUNCT"), default=child.i)
                span = span.cover(self.paragraph.spans[last])
        if span == self._phrase(token) and (field := self._field_beside(token)) is not None:
            last = max(t.i for t in field.subtree if t.pos_ != "PUNCT")
            span = span.cover(self.paragraph.spans[last])
        if span == self._phrase(token) and (purpose := _purpose_beside(token)) is not None:
            last = max(t.i for t in purpose.subtree if t.pos_ != "PUNCT")
            span = span.cover(self.paragraph.spans[last])
        return span

    def _field_beside(self, token: Any) -> Any | None:
        """Return the preposition of "pass a law on X", wherever the parser hangs it from.

        The other side may stand before it: "a pact with Oman on X", "between A and B on X".
        """
        at = self._past_partners(token)
        prep = token.doc[at] if at < token.sent.end else None
        if prep is None or prep.lower_ not in _FIELDS or prep.head.i == token.i:
            return None
        if at == token.i + 1 and prep.head.pos_ != "VERB":
            return None
        objs = [c for c in prep.children if c.dep_ == "pobj"]
        chunks = [self.paragraph.chunks[c.i] for c in objs]
        times = any(c is not None and c.cls in {"Date", "Place", "Seat", "Person"} for c in chunks)
        times |= prep.lower_ == "over" and _sum_behind(prep)
        vague = any(c.lemma_.lower() in self.lex.words["vague"] for c in objs)
        if not objs or times or vague or self.head(token) is None:
            return None
        return prep

    def lengthen(self, chunk: Chunk, token: Any) -> None:
        """Let a name go on in small letters: "Agreement between A and B on the use of a river"."""
        at = token.i + 1
        if not is_a(chunk.cls, "PolicyObject") or at >= token.sent.end:
            return
        prep = token.doc[at]
        if prep.lower_ not in _FIELDS or " between " not in chunk.text or prep.pos_ != "ADP":
            return
        last = max((t.i for t in prep.subtree if t.pos_ != "PUNCT"), default=at)
        if last == at or last - at > 25 or self.paragraph.chunks[at + 1] is not None:
            return
        span = self._cut(chunk.span.cover(self.paragraph.spans[last]), token)
        text = " ".join(self.draft.document.text[span.start : span.end].split())
        if text.rsplit(" ", 1)[-1].islower() and text.rsplit(" ", 1)[-1] in _TAIL | {"in", "the"}:
            return  # cut short
        chunk.text, chunk.span = text, span

    def _past_partners(self, token: Any) -> int:
        """Return where the words behind a noun go on, once "with A and B" is left out."""
        doc, end = token.doc, token.sent.end
        i: int = token.i + 1
        if i + 1 >= end or doc[i].lower_ not in _PARTNERED:
            return i
        j = i + 1
        while j < end and (self._other_side(doc[j]) or doc[j].lower_ in {"the", "and", ","}):
            j += 1
        named = doc[j - 1].lower_ not in {"the", "and", ",", "with", "between", "among"}
        return j if named else i

    def _other_side(self, token: Any) -> bool:
        chunk = self.paragraph.chunks[token.i]
        return chunk is not None and chunk.cls not in {"Person", "Date", "Demonym", "Office"}

    def _field_behind(self, token: Any) -> Any | None:
        """Return the preposition of "an MoU was signed on X", behind the verb."""
        if token.dep_ != "nsubjpass":
            return None
        for prep in token.head.children:
            if prep.dep_ == "prep" and prep.lower_ in {"on", "about"} and prep.i > token.head.i:
                objs = [c for c in prep.children if c.dep_ == "pobj"]
                named = any(self.paragraph.chunks[c.i] is not None for c in objs)
                vague = any(c.lemma_.lower() in self.lex.words["vague"] for c in objs)
                if objs and not named and not vague:
                    return prep
        return None

    def head(self, token: Any) -> Head | None:
        """Return the described head noun that a token is (or ends, as in "working group")."""
        raise NotImplementedError

    def _for_side(self, prep: Any) -> bool:
        """Tell whether "for" or "to" names who gets or signs a thing, and not what it is about."""
        if prep.lower_ == "of":
            return self._runner(prep)
        if prep.lower_ not in {"for", "to", "against"}:
            return False
        chunks = [self.paragraph.chunks[c.i] for c in prep.children if c.dep_ == "pobj"]
        kinds = {c.known.type if c.known else c.cls for c in chunks if c is not None}
        return bool(kinds & {"State", "Bloc", "Person"})

    def _runner(self, prep: Any) -> bool:
        """Tell whether "of" names who runs a project, which is no part of its name."""
        if not noun_modifiers(prep.head):
            return False
        objs = [c for c in prep.children if c.dep_ == "pobj"]
        beside = [*objs, *(a for c in objs for a in c.children if a.dep_ == "appos")]
        chunks = [self.paragraph.chunks[c.i] for c in beside]
        return any(c is not None and c.cls == "Company" for c in chunks)

    def _apart(self, prep: Any, head: Any) -> bool:
        """Tell whether "in Oslo" says where something was done, not what it is about."""
        loose = prep.head.i == head.i or prep.head.pos_ in {"VERB", "AUX"}
        return prep.lower_ == "in" or (prep.lower_ == "at" and loose)

    def _with_body(self, prep: Any) -> bool:
        """Tell whether the partner is a body or firm; states and people are no part of a name."""
        chunks = [self.paragraph.chunks[t.i] for t in prep.subtree]
        return any(
            c is not None and is_a(c.known.type if c.known else c.cls, "Organization")
            for c in chunks
        )

    def _cut(self, span: Span, token: Any) -> Span:
        """Cut a phrase before times, relative clauses and finite verbs: they are no part of it."""
        for i in range(token.i + 1, token.sent.end):
            at, chunk, word = self.paragraph.spans[i], self.paragraph.chunks[i], token.doc[i]
            if at.start >= span.end:
                break
            date = chunk is not None and (
                chunk.cls == "Date"
                or (chunk.cls in {"Place", "Seat"} and self._apart(token.doc[i - 1], token))
            )
            date = date or (word.lower_ == "at" and self._apart(word, token))
            other = word.lower_ == "and" and self._opens_another(word)
            if date or other or word.lower_ in _BREAKS or word.text in {";", ":", '"', "–", "—"}:
                cut = i - 1 if date and token.doc[i - 1].pos_ == "ADP" else i
                while cut - 1 > token.i and token.doc[cut - 1].pos_ in {"CCONJ", "PUNCT"}:
                    cut -= 1
                return Span(span.start, self.paragraph.spans[cut - 1].end)
        return span

    def _opens_another(self, joint: Any) -> bool:
        """Tell whether another thing follows "and": "an MoU on tea and an accord on wool"."""
        following = joint.doc[joint.i + 1 : min(joint.i + 6, joint.sent.end)]
        if not len(following) or following[0].lower_ not in {"a", "an", "another"}:
            return False
        heads = (self.head(t) for t in following if t.pos_ in {"NOUN", "PROPN"})
        return any(h is not None and is_a(h.cls, "PolicyObject") for h in heads)

    def _phrase(self, token: Any) -> Span:
        left = noun_modifiers(token)
        starts = [n for n, w in enumerate(left) if self._opens_phrase(w)]
        if starts:
            del left[: starts[-1] + 1]
        first = left[0].i if left else token.i
        result: Span = self.paragraph.spans[first].cover(self.paragraph.spans[token.i])
        return result

    def wished(self, token: Any) -> bool:
        """Tell whether a noun stands in a purpose: "aims to establish a lasting mechanism"."""
        verb = next((a for a in token.ancestors if a.pos_ in {"VERB", "AUX"}), None)
        if verb is None or verb.dep_ not in {"xcomp", "acl", "advcl", "pcomp", "ccomp"}:
            return False
        return verb.tag_ == "VBG" or any(c.lower_ == "to" for c in verb.children)

    def _opens_phrase(self, word: Any) -> bool:
        """Tell whether the phrase of a thing begins behind a word.

        So it does behind the verb of a headline, which the parser takes for a noun ("EU sign trade
        deal"), behind a sum ("a $2 billion port") and the mark of a list ("B. Projects").
        """
        low = word.lower_
        if word.pos_ == "CCONJ" and word.i > word.sent.start:
            before = self.paragraph.chunks[word.i - 1]
            return before is not None and is_a(before.cls, "PolicyObject")
        if low in _SCALES or (len(low) == 2 and low[0].isalpha() and low[1] == "."):
            return True
        return low in self.lex.words["headline_verbs"] and self._after_name(word)

    def _after_name(self, word: Any) -> bool:
        """Tell whether a name stands right before a word, as before a headline's verb."""
        return word.i == word.sent.start or self.paragraph.chunks[word.i - 1] is not None

    def _complement(self, token: Any) -> bool:
        return any(
            c.dep_ == "prep" and c.lower_ in {"on", "for", "between", "with", "of", "in"}
            for c in token.children
        )


def _without_sums(label: str) -> str:
    """Return a label without its money: "a $5 million loan", "a loan of 5 million euros"."""
    for amount in reversed(money.find(label)):
        before, behind = label[: amount.span.start], label[amount.span.end :]
        lead = _OF_SUM.search(before)
        if lead is not None and len(before) > lead.end() - lead.start():
            label = before[: lead.start()] + behind
        elif not before.strip() and behind[:1] in " -":
            label = behind[1:].lstrip()
    return label


def _sum_behind(prep: Any) -> bool:
    """Tell whether "over" stands before a number or a time: "a loan over 20 million euros"."""
    if prep.lower_ != "over":
        return False
    inside = [t for t in prep.subtree if t.i > prep.i]
    return any(t.pos_ in {"NUM", "SYM"} or t.lower_ in _SCALES for t in inside)


def _field(prep: Any) -> bool:
    """Tell whether "in" opens the field of an agreement ("in the field of", "in teaching")."""
    return any(
        c.lower_ in {"field", "fields", "area", "areas", "sector", "domain", "sphere", "respect"}
        or c.dep_ == "pcomp"
        for c in prep.children
    )


def _purpose_beside(noun: Any) -> Any | None:
    """Return the verb of "a deal to swap prisoners", wherever the parser hangs it from."""
    doc, i = noun.doc, noun.i + 1
    told = any(w.lower_ not in EMPTY for w in noun_modifiers(noun))
    if told or determiner(noun) not in {"a", "an", "another", "no", "any"}:
        return None
    if i + 1 >= noun.sent.end or doc[i].lower_ != "to":
        return None
    return next((t for t in doc[i + 1 : i + 3] if t.tag_ == "VB"), None)


def _opens_purpose(verb: Any) -> bool:
    """Tell whether a clause says what an agreement is: "to develop X", "establishing X"."""
    infinitive = any(c.lower_ == "to" and c.dep_ == "aux" for c in verb.children)
    return infinitive or (verb.tag_ == "VBG" and verb.dep_ == "acl")
