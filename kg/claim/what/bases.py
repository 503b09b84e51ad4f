"""Frameworks, legal bases, interruptions and sides of bodies."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kg.claim.draft import Draft, Stance
from kg.claim.engine import Engine
from kg.claim.syntax import determiner, predication
from kg.claim.things.refer import Referents
from kg.model import Modality, Span, Value
from kg.spot.dates import durations
from kg.spot.lexicon import Lexicon
from kg.vocab import is_a

_UNDER = {"under", "within"}
_PART = {"part", "component", "element", "pillar", "chapter", "flagship"}
_COMPOSING = {"be", "form", "constitute", "become", "remain", "make"}
_VIEW = {
    ("in", "conformity"),
    ("in", "compliance"),
    ("consistent", "with"),
    ("in", "view"),
    ("in", "line"),
    ("in", "accordance"),
    ("pursuant", "to"),
    ("based", "on"),
    ("in", "keeping"),
    ("in", "pursuance"),
}
_VIEWS = {first for first, _ in _VIEW}


# "X builds on Y", "X implements Y": Y is what X was made in view of.
_RESTS = set(
    """build rest draw base implement supplement complement deepen follow stem flow derive expand
    elaborate ground root anchor rely stand operationalise operationalize""".split()
)
_ON = {"build", "rest", "draw", "base", "expand", "elaborate", "ground", "rely", "stand"}
_FROM = {"stem", "flow", "derive", "draw"}
_IN = {"root", "anchor", "ground"}

_MADE = set("establish create set found institute foresee form envisage constitute".split())
_PROVIDE = {"provide", "call"}  # "the pact provides for a committee"
_PAY = {"fund", "finance", "support", "cofinance"}
_LAWS = ("Legislation",)
# What an instrument can bring into being.
_BORN = ("CooperationMechanism", "Programme", "DialogueFramework", "WorkingGroup", "Strategy")

_ROOFS = {"framework", "auspices", "ambit", "umbrella"}


class Bases:
    """Reads what things were made under and in view of."""

    def __init__(self, draft: Draft, refer: Referents, lexicon: Lexicon, engine: Engine) -> None:
        self.draft, self.refer, self.lex, self.engine = draft, refer, lexicon, engine

    def bases(self, sentence: Any) -> None:
        """State under which framework and in view of which instruments something was made."""
        for token in sentence:
            if token.lower_ in _UNDER and token.pos_ in {"ADP", "SCONJ"}:
                self._base(token, "pg:underFramework")
            elif self._in_view(token):
                self._base(token, "pg:inViewOf")
            elif _may_belong(token) and "of" in self._next(token) and self._belongs(token):
                self._base(token, "pg:underFramework")
            elif token.pos_ == "VERB" and token.lemma_.lower() in _RESTS:
                self._rests(token)
            elif token.pos_ == "VERB" and token.lemma_.lower() in _MADE | _PROVIDE:
                self._made(token)
            elif token.pos_ == "VERB" and token.lemma_.lower() in _PAY | {"fall", "come", "belong"}:
                self._falls(token)

    def _in_view(self, token: Any) -> bool:
        """Tell whether "in line with", "pursuant to", "on the basis of" begins at a word."""
        if token.lower_ == "on":
            after = [t.lower_ for t in token.doc[token.i + 1 : token.i + 4]]
            return after == ["the", "basis", "of"]
        return token.lower_ in _VIEWS and any((token.lower_, w) in _VIEW for w in self._next(token))

    def _belongs(self, token: Any) -> bool:
        """Tell whether "part of", "the framework of" opens what something belongs to."""
        before = token.doc[token.i - 1].lower_ if token.i > token.sent.start else ""
        if token.lower_ in _ROOFS:
            under = any(t.lower_ in _UNDER for t in token.doc[max(token.i - 2, 0) : token.i])
            return before in {"the", "in"} and not under
        if token.lower_ == "part" and before == "as":
            return True
        above = token.head
        return (
            token.lemma_.lower() in _PART
            and token.dep_ in {"attr", "dobj", "oprd"}
            and above.lemma_.lower() in _COMPOSING
        )

    def _falls(self, verb: Any) -> None:
        """Read "the project falls under X", "is financed through the X Fund"."""
        parts, lemma = predication(verb), verb.lemma_.lower()
        slots = ("through", "from", "under", "by") if lemma in _PAY else ("under", "within", "to")
        stance, view = self.engine.stance(verb)
        if view.purpose or (lemma in _PAY and not parts.passive):
            return
        subjects = parts.objects if parts.passive else parts.subjects
        bases = [*(t for s in slots for t in parts.slot(s))] + (
            parts.subjects if parts.passive else []
        )
        for subject in self._policy(subjects)[:1]:
            for base in self._policy(bases)[:1]:
                cls = self.draft.things[base].cls
                fits = (
                    lemma not in _PAY or is_a(cls, "Programme") or is_a(cls, "CooperationMechanism")
                )
                if base != subject and fits:
                    self.draft.say(subject, "pg:underFramework", base, "basis", stance)

    def _rests(self, verb: Any) -> None:
        """Read "the pact builds on X", "the bill implements X"."""
        parts = predication(verb)
        lemma = verb.lemma_.lower()
        subjects, objects = parts.subjects, parts.objects
        if lemma in _ON | _FROM | _IN:
            subjects = parts.subjects or parts.objects
            objects = parts.slot("on") + parts.slot("upon")
            objects += parts.slot("from") if lemma in _FROM else []
            objects += parts.slot("in") if lemma in _IN else []
        elif lemma == "follow":
            objects = (
                objects + parts.slot("on") if parts.particle == "up" or parts.slot("up") else []
            )
        stance, view = self.engine.stance(verb)
        if view.purpose or (parts.passive and lemma not in {"base", "ground", "root", "anchor"}):
            return
        for subject in self._policy(subjects)[:1]:
            for base in self._policy([o for o in objects if o.i > verb.i]):
                law = is_a(self.draft.things[base].cls, "Legislation")
                under = lemma == "implement" and not law
                use = "pg:underFramework" if under else "pg:inViewOf"
                if base != subject:
                    self.draft.say(subject, use, base, "basis", stance)

    def _made(self, verb: Any) -> None:
        """Read "a committee established by the Accord", "the Accord sets up a committee"."""
        parts, lemma = predication(verb), verb.lemma_.lower()
        stance, view = self.engine.stance(verb)
        if view.purpose or stance.modality == "negated":
            return
        made = parts.slot("for") if lemma in _PROVIDE else parts.objects
        # "Formed by decree" tells the manner, "formed by the decree" the instrument.
        makers = [t for t in parts.subjects if t.pos_ != "NOUN" or determiner(t)]
        for base in self._policy(makers)[:1]:
            cls = self.draft.things[base].cls
            if is_a(cls, "Agent") or not any(is_a(cls, c) for c in (*_LAWS, "Agreement", *_BORN)):
                continue
            for subject in self._policy(made):
                born = any(is_a(self.draft.things[subject].cls, c) for c in _BORN)
                if base != subject and (parts.passive or born):
                    use = "pg:inViewOf" if is_a(cls, "Legislation") else "pg:underFramework"
                    self.draft.say(subject, use, base, "basis", stance)

    def _policy(self, tokens: list[Any]) -> list[str]:
        return [
            k for k, _ in self.refer.all(tokens) if is_a(self.draft.things[k].cls, "PolicyObject")
        ]

    def _next(self, token: Any) -> list[str]:
        return [token.doc[token.i + 1].lower_] if token.i + 1 < token.sent.end else []

    def _base(self, token: Any, predicate: str) -> None:
        bases = self._objects_after(token)
        subject = self._governed(token) or self._subject(token)
        if not subject or not bases:
            return
        key, stance = subject
        for base, span in bases:
            thing = self.draft.things[base]
            use = predicate
            if is_a(thing.cls, "Legislation"):
                use = "pg:inViewOf"
            if base != key:
                self.draft.say(key, use, base, "basis", stance, at=(None, span))

    def _governed(self, token: Any) -> tuple[str, Stance] | None:
        """Return what a preposition qualifies: its noun, or what its verb acts upon."""
        head = token.head
        while head.pos_ == "ADP" or head.lower_ in {"line", "accordance", "view", "keeping"}:
            if head.dep_ == "ROOT":
                return None
            head = head.head
        if head.pos_ in {"NOUN", "PROPN"} and head.i < token.i:
            verb = next(
                (a for a in head.ancestors if a.pos_ in {"VERB", "AUX"} and a.dep_ != "pcomp"), None
            )
            for key in self._policy([head]):
                stance = self.engine.stance(verb)[0] if verb is not None else Stance()
                return key, replace(stance, modality=_kept(stance))
        if head.pos_ not in {"VERB", "AUX"}:
            return None
        stance, _ = self.engine.stance(head)
        own = [k for k, _, t in self.engine.themes if t.i == head.i]
        parts = predication(head)
        if token.dep_ in {"attr", "dobj", "oprd"} and head.lemma_.lower() in _COMPOSING:
            found = self._policy(parts.subjects)
        else:
            found = own or self._policy(parts.objects) or self._policy(parts.subjects)
        if not found and (parts.passive or head.dep_ == "xcomp"):
            outer = head.head
            which = [c for c in outer.children if "nsubj" in c.dep_]
            found = self._policy(
                [outer.head if w.lower_ in {"that", "which"} else w for w in which]
            )
        return (found[0], stance) if found and stance.modality != "negated" else None

    def _objects_after(self, token: Any) -> list[tuple[str, Span]]:
        """Return the policy objects named right behind a preposition, coordinated ones too."""
        found: list[tuple[str, Span]] = []
        doc, p = token.doc, self.engine.paragraph
        i = token.i + 1
        while i < token.sent.end and i - token.i < 30:
            word, chunk = doc[i], p.chunks[i]
            keys = (
                [k for k in self.refer.one(word) if is_a(self.draft.things[k].cls, "PolicyObject")]
                if word.pos_ in {"NOUN", "PROPN"}
                and (chunk is None or chunk.cls not in {"Demonym", "Pair"})
                else []
            )
            if keys:
                found += [(k, p.spans[i]) for k in keys]
            elif (
                (
                    found
                    and word.lower_ not in {",", "and", "the", "'s", "a"}
                    and chunk is None
                    and word.pos_ not in {"ADJ", "NOUN", "PROPN"}
                )
                or (not found and word.pos_ in {"VERB", "AUX"})
                or word.text in {".", ";"}
            ):
                break
            i += 1
        return found

    def _subject(self, token: Any) -> tuple[str, Stance] | None:
        before = [
            (k, s)
            for k, s, t in self.engine.themes
            if t.i < token.i or token.i < token.sent.start + 3
        ]
        if before:
            return before[-1]
        for word in token.sent:
            if word.dep_ in {"nsubj", "nsubjpass"}:
                for key in self.refer.one(word):
                    if is_a(self.draft.things[key].cls, "PolicyObject") or is_a(
                        self.draft.things[key].cls, "Event"
                    ):
                        verb = word.head
                        return key, replace(
                            self.engine.stance(verb)[0], modality="actual"
                        ) if verb.pos_ in {"VERB", "AUX"} else Stance()
        return None

    def interruptions(self, sentence: Any, span: Span) -> None:
        """State how long something was interrupted before it was taken up again."""
        text = self.draft.document.text[span.start : span.end]
        for at, duration in durations(text, span.start):
            for key, stance, _ in self.engine.themes:
                if any(c.object == key for c in self.draft.told("pg:relaunchOf")):
                    self.draft.say(
                        key,
                        "pg:interruptedFor",
                        Value(duration),
                        "interruption",
                        stance,
                        at=(None, at),
                    )

    def sides(self, sentence: Any) -> None:
        """State whose side a body is on: "X from the Indian side"."""
        p = self.engine.paragraph
        last: tuple[str, Span] | None = None
        for token in sentence:
            chunk = p.chunks[token.i]
            if (
                chunk is not None
                and is_a(chunk.cls, "Organization")
                and chunk.cls not in {"NewsOrganization", "Bloc"}
            ):
                keys = self.refer.chunk(chunk)
                last = (keys[0], chunk.span) if keys else None
            elif (
                token.lower_ == "side"
                and last
                and "from" in {t.lower_ for t in token.doc[max(token.i - 4, 0) : token.i]}
            ):
                states = self.refer.modifiers(token)[0]
                if len(states) == 1 and not is_a(
                    self.draft.things[last[0]].cls, "CooperationMechanism"
                ):
                    self.draft.say(
                        last[0],
                        "pg:associatedState",
                        states[0],
                        "side",
                        at=(last[1], p.spans[token.i]),
                    )
                last = None


def _kept(stance: Stance) -> Modality:
    return "actual" if stance.modality in {"negated", "possible"} else stance.modality


def _may_belong(token: Any) -> bool:
    return token.lower_ in _ROOFS or token.lower_ == "part" or token.lemma_.lower() in _PART
