"""Who speaks: people, bodies told by their noun alone, and who issued the paper that "says"."""

from __future__ import annotations

from typing import Any

from kg.claim.syntax import determiner, predication
from kg.claim.who.titles import Titles
from kg.model import Span
from kg.vocab import is_a, slugify

_PAPERS = set(
    "statement communique communiqué release declaration note letter message notice".split()
)
_ISSUED = {"issue", "release", "publish", "send", "make", "post", "circulate"}
_BODIES = {
    "government",
    "ministry",
    "office",
    "embassy",
    "mission",
    "secretariat",
    "consulate",
    "presidency",
    "palace",
}
_MEDIA = set(
    """newspaper daily weekly magazine agency newswire broadcaster channel website portal outlet
    tabloid station radio television""".split()
)


class Speakers(Titles):
    """Resolves the subject of a verb of saying to those who speak."""

    issuer: tuple[str, Span] | None = None  # who issued the statement that the text spoke of last

    spoke = ("", 0)  # the body that spoke last, and in which sentence

    def speakers(self, subject: Any) -> list[str]:
        """Return the agents who speak where a noun is the subject of a verb of saying."""
        first = subject.head if subject.dep_ == "conj" else subject
        if any(c.lower_ in {"neither", "no", "nor"} for t in (subject, first) for c in t.children):
            return []
        if subject.lemma_.lower() in _PAPERS and not self._agents(subject):
            return self._issuers(subject)
        now = self.draft.number
        if subject.lower_ == "it" and subject.pos_ == "PRON":
            return [self.spoke[0]] if self.spoke[0] and self.spoke[1] + 1 >= now else []
        for child in subject.children if subject.pos_ == "NOUN" else ():
            chunk = self.engine.paragraph.chunks[child.i]
            if child.dep_ == "appos" and chunk is not None and chunk.cls == "Person":
                return self.refer.chunk(chunk)  # "the head of the team, Ana Lopez, said"
        return self._agents(subject) or self._body_alone(subject)

    def inverted(self, verb: Any) -> list[Any]:
        """Return the subject that the parser took for an object or adverb."""
        people = [
            c
            for c in verb.children
            if c.i < verb.i and (p := self.engine.paragraph.chunks[c.i]) and p.cls == "Person"
        ]
        if people:  # a name that the parser took for an adverb
            return people
        before = any(c.dep_ in {"ccomp", "parataxis"} and c.i < verb.i for c in verb.children)
        found = [c for c in verb.children if c.dep_ in {"dobj", "attr"} and c.i > verb.i]
        return found if before or self.engine.paragraph.quoted[max(verb.i - 2, 0)] else []

    def _agents(self, token: Any) -> list[str]:
        return [k for k in self.refer.one(token) if is_a(self.draft.things[k].cls, "Agent")]

    def _issuers(self, paper: Any) -> list[str]:
        """Return who issued a statement: "a statement by X", "X's statement", "the statement"."""
        nouns = [c for c in paper.children if c.dep_ == "poss"]
        for child in paper.children:
            by = child.dep_ in {"prep", "agent"} and child.lower_ in {"by", "from", "of"}
            issued = child.dep_ == "acl" and child.lemma_ in _ISSUED
            for inner in [child] if by else list(child.children) if issued else []:
                nouns += [g for g in inner.children if g.dep_ == "pobj"]
        found = [k for n in nouns for k in self._agents(n) or self._body_alone(n)]
        if found:
            self.issuer = found[0], self.engine.paragraph.spans[paper.i]
            return found
        known = self.issuer is not None and determiner(paper) == "the"
        return [self.issuer[0]] if known and self.issuer is not None else []

    def issued(self, sentence: Any) -> None:
        """Note who speaks "in a statement", for "the statement added" of later sentences."""
        for token in sentence:
            if token.lemma_.lower() in _PAPERS and token.dep_ in {"pobj", "dobj"}:
                verb = next((a for a in token.ancestors if a.pos_ == "VERB"), None)
                for subject in predication(verb).subjects if verb is not None else []:
                    for key in self._agents(subject)[:1]:
                        self.issuer = key, self.engine.paragraph.spans[token.i]

    def _body_alone(self, noun: Any) -> list[str]:
        """Return a body that only its noun names: "the ministry said", "her office said"."""
        word = noun.lemma_.lower()
        kinds = self.lex.words["told_bodies"] | _BODIES
        if noun.tag_ != "NN" or word not in kinds or noun.pos_ != "NOUN":
            return []
        if determiner(noun) not in {"the", "poss"} or self.engine.paragraph.chunks[noun.i]:
            return []
        span = self._owned(noun)
        text = self.draft.document.text[span.start : span.end]
        label = " ".join(text.removeprefix("the ").removeprefix("The ").split())
        thing = self.draft.thing(f"body:{slugify(label)}", "PublicBody", label)
        thing.listed = True
        self.draft.mention(thing.key, span, "description", text)
        return [thing.key]

    def _owned(self, noun: Any) -> Span:
        first = min((t.i for t in noun.subtree if t.i < noun.i), default=noun.i)
        found: Span = self.engine.paragraph.spans[first].cover(self.engine.paragraph.spans[noun.i])
        return found

    def by_medium(self, noun: Any) -> bool:
        """Tell whether a name is said to be a medium: "the newspaper La Razón"."""
        return bool({t.lower_ for t in noun.subtree} & _MEDIA)
