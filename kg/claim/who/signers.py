"""Who put their names to something: lists that the parser cuts, "A for X and B for Y"."""

from __future__ import annotations

from typing import Any

from kg.claim.roles import Roles
from kg.claim.syntax import Predication
from kg.claim.who import listing
from kg.model import Span
from kg.vocab import is_a

_LIST_ENDS = set(
    "with under before while when after before during witnessed attended who which as on at".split()
)


class Signers(Roles):
    """Finds the people who sign."""

    def _for_side(self, p: Predication) -> bool:
        """Tell whether somebody "signed for Canada", not for goods."""
        found = self.refer.all(p.slot("for"))
        return bool(found) and all(is_a(self.draft.things[k].cls, "Polity") for k, _ in found)

    def _signers(self, p: Predication) -> list[tuple[str, Span]]:
        """Return the people of a list that the parser has cut: "signed by A, minister of X, and B".

        The words from "by", or from the start of the subject to the verb, are walked as written.
        """
        doc, verb = p.token.doc, p.token.i
        if p.passive:
            starts = [
                t.i + 1 for t in p.token.sent if t.lower_ == "by" and t.i > verb and _by_of(t, verb)
            ]
            places = range(starts[0], p.token.sent.end) if starts else range(0)
        else:
            heads = [s for s in p.subjects if s.i < verb]
            places = range(min((s.left_edge.i for s in heads), default=verb), verb)
        found: list[tuple[str, Span]] = []
        for i in places:
            token = doc[i]
            after = doc[i + 1].lower_ if i + 1 < len(doc) else ""
            if p.passive and (
                token.lower_ in _LIST_ENDS
                or (token.lower_ == "in" and after in {"the", "front", "her", "his"})
                or (token.pos_ in {"VERB", "AUX"} and token.tag_ in {"VBD", "VBZ", "VBP", "MD"})
            ):
                break
            chunk = self.paragraph.chunks[i]
            if chunk is not None and chunk.cls == "Person" and not _aside(token, p.token):
                found += [(k, chunk.span) for k in self.refer.chunk(chunk)]
        for token in p.token.sent:
            if token.i > verb and self.signs_for(token) is not None:
                chunk = self.paragraph.chunks[token.i]
                found += [(k, chunk.span) for k in self.refer.chunk(chunk)] if chunk else []
        return found

    def signs_for(self, person: Any) -> Any | None:
        """Return for whom somebody signs: "Ana Roy for Chile", "for Chile: Ana Roy"."""
        doc, chunks, i = person.doc, self.paragraph.chunks, person.i
        chunk = chunks[i]
        if chunk is None or chunk.cls != "Person":
            return None
        behind = i + 2 + (i + 2 < len(doc) and doc[i + 2].lower_ == "the")
        if i + 1 < len(doc) and doc[i + 1].lower_ == "for" and behind < len(doc):
            return doc[behind] if listing.polity(chunks[behind]) else None
        if i > 1 and doc[i - 1].text in {":", "-", "–", "—", ","}:
            before = doc[i - 2]
            first = before.i - 1 - (before.i > 0 and doc[before.i - 1].lower_ == "the")
            opened = first >= 0 and doc[first].lower_ in {"for", "of"} and doc[i - 1].text != ","
            if listing.polity(chunks[before.i]) and opened:
                return before
        return None


def _by_of(token: Any, verb: int) -> bool:
    """Tell whether a "by" belongs to a verb: nothing that could take it stands between."""
    return not any(t.pos_ == "VERB" for t in token.doc[verb + 1 : token.i])


def _aside(token: Any, verb: Any) -> bool:
    """Tell whether a name stands in a remark, as in "who succeeded A" or "at the side of A"."""
    for above in token.ancestors:
        if above.i == verb.i:
            return False
        if above.dep_ == "relcl" or above.lower_ in {"presence", "side", "behalf", "succeed"}:
            return True
    return False
