"""Whose: the states of companies, groups and laws, as the words around them tell."""

from __future__ import annotations

import re
from typing import Any

from kg.claim.draft import Draft
from kg.claim.engine import Engine
from kg.claim.syntax import noun_modifiers, predication
from kg.claim.things.refer import Referents
from kg.spot.chunk import Chunk
from kg.spot.classes import class_of
from kg.vocab import is_a

_OF_STATES = {
    "PublicBody",
    "Bloc",
    "InternationalOrganization",
    "NewsOrganization",
    "StandardsBody",
}
# Crowds, people of arms and envoys: they are their state's, and no body that has a state.
_ANYBODY = set(
    """citizen consumer customer troop force soldier officer guard police army resident migrant
    refugee patient people woman man worker delegation delegate representative source judge official
    institute""".split()
)
_FIRMS = set(
    "company firm utility group consultancy operator maker bank union airline giant".split()
)


class Belonging:
    """States whose company, group or law something is."""

    def __init__(self, draft: Draft, refer: Referents, engine: Engine) -> None:
        self.draft, self.refer, self.engine = draft, refer, engine
        self._read = 0  # how many mentions earlier sentences have seen
        words = engine.lex.words
        self.people = words["voices"] | words["crowds"] | {"investor"}

    def sentence(self, sentence: Any) -> None:
        """Read the names and nouns of one sentence."""
        for token in sentence:
            if token.pos_ not in {"NOUN", "PROPN"}:
                continue
            chunk = self.engine.paragraph.chunks[token.i]
            if chunk is not None and is_a(chunk.cls, "Organization"):
                self._described(token, chunk)
                if chunk.cls not in _OF_STATES:
                    self._company(token)
            elif chunk is None and token.lemma_.lower() in self.people:
                self._people(token)
            elif chunk is None and self._legal(token):
                self._law(token)

    def _described(self, token: Any, chunk: Chunk) -> None:
        """ "Terra Nova, an environmental group": the noun beside a name tells its class."""
        if chunk.known is not None:
            return
        for other in [c for c in token.children if c.dep_ == "appos"]:
            if self.engine.paragraph.chunks[other.i] is not None:
                continue
            before = [w.lower_ for w in noun_modifiers(other)][-1:]
            cls = class_of(other.lemma_.lower(), before, self.engine.lex)
            if other.lemma_.lower() == "venture":
                cls = "Company"
            for key in self.refer.one(token) if cls else []:
                if is_a(self.draft.things[key].cls, "Organization"):
                    self.draft.things[key].cls = cls

    def _legal(self, token: Any) -> bool:
        head = self.refer.head(token)
        return head is not None and is_a(head.cls, "Legislation")

    def _company(self, token: Any) -> None:
        """Read "France's EDF", "the Italian consultancy CESI", "Westinghouse, a US company"."""
        states = self._before(token)
        if not states:
            beside = [c for c in token.children if c.dep_ == "appos"]
            beside += [token.head] if token.dep_ == "appos" else []
            for other in beside:
                chunk = self.engine.paragraph.chunks[other.i]
                if chunk is None and other.lemma_.lower() in _FIRMS:
                    states = self._before(other)
        if len(states) == 1:
            for key in self.refer.one(token):
                if self.draft.things[key].cls not in _OF_STATES:
                    self.draft.say(key, "pg:associatedState", states[0], "side")

    def _people(self, token: Any) -> None:
        states = self._before(token) if token.lemma_.lower() not in _ANYBODY else []
        if len(set(states)) != 1:
            return
        known = [k for k in self.refer.one(token) if self.draft.things[k].cls == "AgentGroup"]
        for key in known or self.refer.group(token):
            self.draft.things[key].traits.setdefault("state", states[0])
            self.draft.say(key, "pg:associatedState", states[0], "group")

    def groups(self) -> None:
        """State whose companies and industries a sentence names, and in which field they work."""
        fresh, self._read = self.draft.mentions[self._read :], len(self.draft.mentions)
        for mention in fresh:
            thing = self.draft.things[mention.entity]
            state = thing.traits.get("state")
            if thing.cls != "AgentGroup" or not state or mention.span not in self.draft.sentence:
                continue
            if self._adjective(thing.label):
                at = (mention.span, mention.span)
                self.draft.say(thing.key, "pg:associatedState", state, "group", at=at)
            text = self.draft.document.text
            for topic, span in self.engine.content.topics(text, mention.span):
                name = self.engine.lex.topic_labels.get(topic, topic)
                field = self.draft.thing(f"topic:{topic}", "Topic", name, topic=topic).key
                self.draft.mention(field, span, "description", text[span.start : span.end])
                at = (mention.span, span)
                self.draft.say(thing.key, "pg:operatesInSector", field, "group", at=at)

    def _adjective(self, label: str) -> bool:
        """Tell whether a firm or club is told by the name of its state ("Kenyan exporters")."""
        words = re.sub(r"['’]s?\b", "", label).split()
        last = words[-1].lower()
        if {last, last.removesuffix("s"), last[:-3] + "man"} & _ANYBODY:
            return False
        return any(self.engine.lex.state(" ".join(words[:n])) for n in (1, 2, 3))

    def _law(self, token: Any) -> None:
        """Read "Estonian law"; a law that a state passes is that state's."""
        states = self._before(token)
        verb = token.head
        if not states and token.dep_ == "dobj" and verb.pos_ == "VERB":
            acts = {"pass", "enact", "adopt", "approve", "repeal", "amend"}
            subjects = predication(verb).subjects if verb.lemma_.lower() in acts else []
            states = [k for s in subjects for k in self.refer.one(s)]
        states = [k for k in states if is_a(self.draft.things[k].cls, "Polity")]
        if len(set(states)) == 1:
            for key in self.refer.one(token)[:1]:
                if is_a(self.draft.things[key].cls, "Legislation"):
                    self.draft.say(key, "pg:jurisdiction", states[0], "law")

    def _before(self, token: Any) -> list[str]:
        """Return the states named right before a noun: adjectives and possessives."""
        found = [k for w in noun_modifiers(token) for k in self.refer._polities(w)]
        found += [k for c in token.children if c.dep_ == "poss" for k in self.refer._polities(c)]
        return list(dict.fromkeys(found))
