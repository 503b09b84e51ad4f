"""Undertakings: who commits to deliver what, under which instrument, and who is given a task."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from kg.claim.draft import Draft, Stance
from kg.claim.engine import Engine
from kg.claim.frames import Frame
from kg.claim.syntax import predication
from kg.claim.things.refer import Referents
from kg.claim.what.topics import Topics
from kg.claim.who.agents import Agents
from kg.claim.who.speech import Speech
from kg.model import Span, Value
from kg.spot import money
from kg.vocab import is_a, slugify

_NOT_COMMITTED = set(
    """sign launch meet hold visit resume start begin continue work ratify extend be have enter
    remain become cooperate collaborate coordinate end""".split()
)
# Beginnings: of a policy object they are planned events, of other things they are promises.
_BEGIN = {"establish", "set", "create", "form", "take", "open"}
# What these verbs act on is something to be delivered.
_DELIVERS = set(
    """draw hand deliver build supply provide send donate prepare produce develop draft write
    submit construct install give offer transfer contribute table present train establish create
    introduce set designate equip finance launch grant lease""".split()
)
_TO_WHOM = {"assist", "help", "support", "lend", "give", "grant", "pay", "offer", "send", "protect"}
_EQUIPS = {"provide", "supply", "equip", "furnish"}
_LOOSE = {"ADP", "PART", "CCONJ", "DET", "SCONJ"}
_NOT = re.compile(r"\b(?:not|never)(?:\s+to)?\s+$")
_BY = {"by", "in", "before", "within", "until", "from", "on", "over"}
_CUTS = {"under", "within", "pursuant", "including"}


class Undertakings:
    """Reads commitments and tasks."""

    def __init__(self, draft: Draft, refer: Referents, engine: Engine, speech: Speech) -> None:
        self.draft, self.refer, self.engine, self.speech = draft, refer, engine, speech
        self.topics = Topics(draft, refer, engine, speech)
        self.groups = Agents(draft, refer, engine)
        self.frames = [f for f in engine.frames if f.aim or f.commitment or f.tasking or f.topics]
        self.talk_frames = [f for f in engine.frames if f.talks or (f.theme.new and f.topics)]
        self.by_lemma: dict[str, list[Frame]] = {}
        for frame in self.frames:
            for lemma in frame.verbs | frame.nouns:
                self.by_lemma.setdefault(lemma, []).append(frame)

    def aim(self, subject: str, predicate: str, span: Span, stance: Stance, rule: str) -> str:
        """State an aim in the words of the text, and the fields it names."""
        text = re.sub(r"\s+", " ", self.draft.document.text[span.start : span.end]).strip(" ,;.\"'")
        before = self.draft.document.text[max(span.start - 12, 0) : span.start]
        if stance.modality != "negated" and _NOT.search(before):
            text = f"not {text}"  # an aim is never turned into its opposite
        thing = self.draft.thing(f"aim:{slugify(text)}", "Aim", text)
        self.draft.mention(thing.key, span, "description", text)
        self.draft.say(subject, predicate, thing.key, rule, stance, at=(None, span))
        p = self.engine.paragraph
        for token in self._words(span):
            if token.lower_ != "for" or token.dep_ != "prep":
                continue
            for obj in (c for c in token.children if c.dep_ == "pobj"):
                for key in self.groups.agent(obj):
                    if self.draft.things[key].cls == "AgentGroup":
                        effect = predicate == "pg:contributesTo"
                        at = (None if effect else span, p.spans[obj.i])
                        who = subject if effect else thing.key
                        self.draft.say(who, "pg:benefits", key, "benefits", stance, at=at)
        return thing.key

    def _words(self, span: Span) -> list[Any]:
        p = self.engine.paragraph
        return [p.doc[i] for i, at in enumerate(p.spans) if at in span]

    # --- commitments ----------------------------------------------------------------------

    def _commits(
        self, keys: list[str], token: Any, stance: Stance, verbs: list[Any] | None = None
    ) -> None:
        if stance.modality != "actual":
            return
        for verb in (complements(token) if verbs is None else verbs) if keys else ():
            for one in [verb] if refrains(verb) else coordinated(verb):
                if self._binds(one):
                    self._commitment(keys, one, stance)
        for child in token.children:
            # "promised that Norway would pay": who is to act is told with what is promised.
            finite = {c.lower_ for c in child.children if c.dep_ == "aux"} & {
                "will",
                "would",
                "'ll",
            }
            if child.dep_ != "ccomp" or child.pos_ != "VERB" or not finite:
                continue
            parts = predication(child)
            inner = [k for s in parts.subjects for k in self.groups.agent(s)]
            for one in coordinated(child) if inner and not parts.passive else ():
                if self._binds(one):
                    self._commitment(inner, one, stance)

    def _binds(self, verb: Any) -> bool:
        lemma = verb.lemma_.lower()
        if lemma in _BEGIN:
            things = [k for o in predication(verb).objects for k in self.refer.one(o)]
            cls = [self.draft.things[k].cls for k in things]
            return not any(is_a(c, "PolicyObject") or is_a(c, "Event") for c in cls)
        into = any(c.dep_ == "prep" and c.lower_ == "into" for c in verb.children)
        return lemma not in _NOT_COMMITTED and not (lemma == "come" and into)

    def _commitment(self, keys: list[str], verb: Any, stance: Stance) -> str | None:
        span = self._promise(verb)
        if span is None:
            return None
        document = self.draft.document.text
        text = re.sub(r"\s+", " ", document[span.start : span.end]).strip(" ,;.\"'")
        nots = refrains(verb)
        if nots:  # what one promises not to do is never shown without the "not"
            text = f"not {text}"
            span = span.cover(*(self.engine.paragraph.spans[c.i] for c in nots))
        thing = self.draft.thing(f"commitment:{slugify(text)}", "Commitment", text)
        self.draft.mention(thing.key, span, "description", text)
        actual = replace(stance, modality="actual")
        planned = replace(stance, modality="planned", factuality="planned")
        self.draft.say(thing.key, "rdf:type", Value("Commitment", "class"), "commit", actual)
        for key in keys if tuple(keys) != self.groups.vague else ():
            self.draft.say(thing.key, "pg:obligor", key, "commit", actual)
        clause = self._clause_of(verb)
        for amount in money.find(document[clause.start : clause.end], clause.start):
            self.draft.say(thing.key, "pg:amount", amount, "commit", actual, at=(span, amount.span))
        if verb.lemma_.lower() in _DELIVERS and not nots:
            self._deliverable(thing.key, verb, planned)
        for key, at in self._served(verb):
            self.draft.say(thing.key, "pg:beneficiary", key, "commit.to", planned, at=(span, at))
        if instrument := self._instrument(verb, keys):
            self.draft.say(thing.key, "pg:committedUnder", instrument, "commit.under", actual)
        return thing.key

    def _clause_of(self, verb: Any) -> Span:
        """Return the stretch from a promised verb to the next one or the sentence's end."""
        p = self.engine.paragraph
        ends = [t.i - 1 for t in coordinated(verb)[1:]]
        ends += [
            t.i - 1
            for t in verb.sent
            if t.i > verb.i + 1
            and (t.text in {";", ":"} or (t.dep_ == "conj" and t.pos_ == "VERB"))
        ]
        last = max(min(ends, default=verb.sent.end - 1), verb.i)
        return Span(p.spans[verb.i].start, p.spans[last].end)

    def _promise(self, verb: Any) -> Span | None:
        """Return what is promised: from the verb on, without to whom, under what and which."""
        p = self.engine.paragraph
        spans = self.engine.content.aims(verb, p)
        if not spans:
            return None
        stops = [t.i for t in verb.sent if t.i > verb.i and self._cuts(t, verb)]
        stops += [t.i for t in coordinated(verb)[1:]] if not refrains(verb) else []
        stops += [  # "shall name a body and shall tell the others"
            c.i for t in verb.children if t.dep_ == "conj" for c in t.children if c.dep_ == "aux"
        ]
        end = min(stops, default=verb.sent.end)
        inside = spans[0].cover(*spans) if refrains(verb) else spans[0]
        last = max(
            (t.i for t in verb.sent if verb.i < t.i < end and p.spans[t.i] in inside),
            default=verb.i,
        )
        while last > verb.i and (verb.doc[last].is_punct or verb.doc[last].pos_ in _LOOSE):
            if verb.doc[last].lower_ in {"another", "other"}:
                break
            last -= 1
        last = self._until(last, verb)
        return p.spans[verb.i].cover(p.spans[last]) if last > verb.i else None

    def _until(self, last: int, verb: Any) -> int:
        """Return the end of a promise with the time by which it is to be kept."""
        doc, chunks = verb.doc, self.engine.paragraph.chunks
        for i in range(last + 2, min(last + 6, verb.sent.end)):
            chunk = chunks[i]
            if doc[last + 1].lower_ not in _BY or (chunk is None and doc[i].pos_ == "VERB"):
                break
            if chunk is not None and chunk.cls == "Date":
                ends = [t.i for t in doc[i : verb.sent.end] if chunks[t.i] is chunk]
                return int(max(ends))
        return last

    def _cuts(self, token: Any, verb: Any) -> bool:
        if token.dep_ == "relcl" or token.lower_ in {"which", "who", "whom", "whose"}:
            return token.lower_ in {"which", "who", "whom", "whose"}
        if token.lower_ == "that" and token.head.dep_ == "relcl":
            return True
        if token.text == "," and any(c.dep_ == "appos" for c in token.head.children):
            return any(c.dep_ == "appos" and c.i > token.i for c in token.head.children)
        if token.dep_ in {"prep", "dative"} and token.lower_ in _CUTS:
            return True
        if token.lower_ == "with" and token.dep_ == "prep":
            return any(c.lower_ in {"aim", "view", "goal"} for c in token.children)
        if token.lower_ == "to" and token.dep_ in {"prep", "dative"}:
            objects = predication(verb).objects
            agents = [k for c in token.children for k in self.groups.agent(c)]
            return bool(agents and objects and objects[0].i < token.i)
        return False

    def _deliverable(self, commitment: str, verb: Any, planned: Stance) -> None:
        given = predication(verb).slot("with") if verb.lemma_ in _EQUIPS else []
        for obj in (given or predication(verb).objects)[:1]:
            if self.groups.agent(obj) and not given and self._partner(obj):
                continue  # who is given something is no thing to be given
            if obj.pos_ not in {"NOUN", "PROPN"} or obj.i <= verb.i:
                continue
            span = self._thing_phrase(obj)
            text = self.draft.document.text[span.start : span.end]
            if money.find(text):
                continue
            label = re.sub(r"\s+", " ", re.sub(r"^(?:an?|the|its|their)\s+", "", text))
            item = self.draft.thing(f"deliverable:{slugify(label)}", "Deliverable", label)
            self.draft.mention(item.key, span, "description", label)
            self.draft.say(commitment, "pg:deliverable", item.key, "commit.deliverable", planned)
            for child in obj.children:
                if child.dep_ == "prep" and child.lower_ in {"on", "against", "of"}:
                    found = [
                        f
                        for g in child.children
                        if g.dep_ == "pobj"
                        for f in self.topics.fields.read(g, self.engine.paragraph)
                    ]
                    self.topics.state(item.key, found, planned, "commit.topic")

    def _thing_phrase(self, noun: Any) -> Span:
        """Return a noun phrase without to whom it goes, where and under what."""
        p = self.engine.paragraph
        span = self.engine.content.phrase(noun, p)
        cuts = [
            c.i
            for c in noun.children
            if c.dep_ in {"prep", "dative"} and c.lower_ in {"to", "in", "under", "within", "by"}
        ]
        if cuts and p.spans[min(cuts)] in span:
            return Span(span.start, p.spans[min(cuts) - 1].end)
        return span

    def _served(self, verb: Any) -> list[tuple[str, Span]]:
        """Return to whom something is promised."""
        parts, p = predication(verb), self.engine.paragraph
        tokens = [t for t in parts.slot("to") if t.i > verb.i]
        tokens += [g for o in parts.objects for c in o.children if c.lower_ in {"to", "for"}
                   for g in c.children if g.dep_ == "pobj"]  # fmt: skip
        if verb.lemma_.lower() in _TO_WHOM or (verb.lemma_ in _EQUIPS and parts.slot("with")):
            tokens += [o for o in parts.objects if o.i > verb.i]
            tokens += [c for c in verb.children if c.dep_ == "dative" and c.pos_ != "ADP"]
        found = [(k, p.spans[t.i]) for t in tokens for k in self._partner(t)]
        return list(dict(reversed(found)).items())

    def _partner(self, token: Any) -> list[str]:
        chunk = self.engine.paragraph.chunks[token.i]
        if chunk is not None and chunk.cls == "Seat":  # "lend Manila": capitals receive as states
            return self.refer.chunk(chunk)
        return self.groups.agent(token)

    def _instrument(self, verb: Any, keys: list[str]) -> str | None:
        behind = {"under", "within"}
        before = {"under", "with", "against", "in", "by", "through"}
        for word in verb.sent:
            if word.pos_ not in {"NOUN", "PROPN"}:
                continue
            if word.i > verb.i and not verb.is_ancestor(word):
                continue
            led = {t.lower_ for t in word.doc[max(word.i - 2, word.sent.start) : word.i]}
            led |= {word.head.lower_} if word.dep_ == "pobj" else set()
            if led & (before if word.i < verb.i else behind):
                for key in self.refer.one(word):
                    if is_a(self.draft.things[key].cls, "PolicyObject"):
                        return key
        named = [k for k, t in self.draft.things.items() if is_a(t.cls, "Agreement")]
        if len(named) == 1 and set(keys) & set(self.draft.things[named[0]].parties):
            return named[0]
        return None

    def _tasks(self, token: Any, p: Any, stance: Stance) -> None:
        groups = [k for t in p.objects for k in self.groups.agent(t)]
        verbs = complements(token)
        if stance.factuality == "unasserted":  # a gerund that nothing denies: "by tasking X to Y"
            stance = replace(stance, modality="actual", factuality="done")
        if not groups or not verbs or stance.modality not in {"actual", "planned"}:
            return
        commitment = self._commitment(groups, verbs[0], stance)
        if commitment is None:
            return
        key = f"event:tasking-{commitment.replace(':', '-')}"
        event = self.draft.thing(
            key, "Tasking", f"tasking to {self.draft.things[commitment].label}"
        )
        self.draft.mention(
            event.key, self.engine.paragraph.spans[token.i], "description", token.text
        )
        self.draft.say(key, "rdf:type", Value("Tasking", "class"), "task", stance)
        self.draft.say(key, "pg:taskingOf", commitment, "task", stance)
        self.draft.say(
            commitment,
            "pg:status",
            Value("active", "status"),
            "task",
            replace(stance, modality="actual"),
        )


def refrains(verb: Any) -> list[Any]:
    """Return the words by which a promise is one not to do something."""
    return [c for c in verb.children if c.dep_ == "neg"]


def coordinated(verb: Any) -> list[Any]:
    """Return a verb and those coordinated with it: "to announce X and to draw up Y"."""
    found = [verb]
    for token in verb.sent:
        if token.i <= verb.i or token.dep_ != "conj" or token.pos_ != "VERB":
            continue
        infinitive = any(c.lower_ == "to" and c.dep_ == "aux" for c in token.children)
        own = any(
            c.dep_ in {"nsubj", "nsubjpass", "aux"} and c.lower_ != "to" for c in token.children
        )
        top = token.head
        while top.dep_ == "conj" and top.i > verb.i:
            top = top.head
        near = top.i == verb.i or (infinitive and verb.is_ancestor(token))
        if near and not own and token.tag_ in {"VB", "VBG", "VBP"}:
            found.append(token)
    return found


def complements(token: Any) -> list[Any]:
    """Return the infinitives and gerunds that complete a verb."""
    found = []
    for child in token.children:
        if (
            child.dep_ in {"xcomp", "ccomp"}
            and child.pos_ == "VERB"
            and (
                any(c.dep_ == "aux" and c.lower_ == "to" for c in child.children)
                or child.tag_ in {"VBG", "VB"}
            )
        ) or (
            child.dep_ == "advcl"
            and any(c.dep_ == "aux" and c.lower_ == "to" for c in child.children)
            and token.lemma_.lower() in _WITH_INFINITIVE
        ):
            found.append(child)
        elif child.dep_ == "prep" and child.lower_ in {"to", "at", "for"}:
            found += [g for g in child.children if g.dep_ == "pcomp" and g.pos_ == "VERB"]
    return found


_WITH_INFINITIVE = set("aim seek task strive look commit pledge undertake promise work".split())
