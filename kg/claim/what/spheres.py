"""Spheres: fields that a sentence names as where sides work together, or in a list of areas."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from kg.claim.draft import Draft, Stance
from kg.claim.engine import Engine
from kg.claim.syntax import predication
from kg.claim.things.refer import Referents
from kg.claim.what.entitled import Field
from kg.claim.what.fields import Fields
from kg.vocab import is_a

BEARERS = ("PolicyObject", "Meeting", "Visit", "Negotiation", "Tasking")
_VERBS = {"VERB", "AUX"}
_TOGETHER = {"together", "jointly", "closely", "hand", "side"}
_WHERE = {"in", "on", "over", "around", "across", "concerning", "regarding", "against", "within"}
_UNDER = {"under", "within", "through", "by", "pursuant", "at", "during", "in", "of", "with"}
_IN_LIST = {"include", "be", "cover", "comprise", "encompass", "span", "range", "involve"}
_TOPPING = {"top", "dominate", "lead", "head", "overshadow", "fill"}
_CLAUSES = {"acl", "advcl", "relcl", "xcomp", "ccomp", "conj", "pcomp"}
_PAPERS = {"document", "text", "initiative", "partnership", "framework", "plan", "package"}
_OTHER = {"another", "one", "others", "two"}


@dataclass(frozen=True)
class Owner:
    """What a field belongs to, and how the clause presents it."""

    key: str
    stance: Stance


class Spheres:
    """Reads fields from clauses about cooperation, from lists of areas, and from chapters."""

    def __init__(self, draft: Draft, refer: Referents, engine: Engine, fields: Fields) -> None:
        self.draft, self.refer, self.engine, self.fields = draft, refer, engine, fields
        words = engine.lex.words
        self.joint, self.jointly = words["joint_nouns"], words["joint_verbs"]
        self.areas, self.chapters = words["areas"], words["chapters"]

    def sentence(
        self, sentence: Any, state: Callable[[str, list[Field], Stance, str], None]
    ) -> None:
        """State the fields that a sentence tells in one of these ways."""
        for owner, fields, rule in self._colon(sentence):
            if owner is not None:
                state(owner.key, fields, owner.stance, rule)
        for token in sentence:
            lemma = token.lemma_.lower()
            noun = token.pos_ in {"NOUN", "PROPN"}
            found: Iterable[tuple[Owner | None, list[Field], str]] = ()
            if (lemma in self.jointly and token.pos_ == "VERB") or (noun and lemma in self.joint):
                found = [(self._owner(token), self.shared(token), "joint")]
            elif noun and lemma in self.areas:
                found = self._areas(token)
            if noun and lemma in self.chapters:
                found = self._chapters(token)
            for owner, fields, rule in found:
                if owner is not None and fields:
                    state(owner.key, fields, owner.stance, rule)

    # --- working together -------------------------------------------------------------------

    def shared(self, token: Any) -> list[Field]:
        """Return the fields in which sides work together: "cooperate in X", "ties in X and Y"."""
        lemma = token.lemma_.lower()
        if token.pos_ == "VERB" and lemma in {"work", "act", "join", "team", "come"}:
            words = {c.lower_ for c in token.children}
            if not words & {*_TOGETHER, "forces", "up", "hands"}:
                return []
        found: list[Field] = []
        for prep in self._places(token):
            for obj in prep.children:
                if obj.dep_ == "pobj" and obj.pos_ != "VERB":
                    found += self.fields.read(obj, self.engine.paragraph)
        return found

    def _places(self, token: Any) -> Iterator[Any]:
        """Yield the prepositions that tell where: behind the word, or behind its partner."""
        for prep in token.subtree:
            if prep.dep_ not in {"prep", "conj"} or prep.lower_ not in _WHERE or prep.i < token.i:
                continue
            above = prep.head
            while above.i != token.i and (above.dep_ in {"prep", "pobj", "conj", "appos"}):
                inside = above.dep_ in {"pobj", "conj"} and self._partner(above)
                if not (inside or above.lower_ in {"with", "between", "among", "especially"}):
                    break
                above = above.head
            if above.i == token.i:
                yield prep

    def _partner(self, token: Any) -> bool:
        """Tell whether a word names a side: "cooperation with Peru in mining"."""
        chunk = self.engine.paragraph.chunks[token.i]
        lemma = token.lemma_.lower()
        return chunk is not None or lemma in self.engine.lex.words["pair"] or token.pos_ == "NUM"

    # --- lists ------------------------------------------------------------------------------

    def _areas(self, token: Any) -> Iterator[tuple[Owner | None, list[Field], str]]:
        """Read "areas of cooperation include X", "X topped the agenda of the talks"."""
        verb, p = token.head, self.engine.paragraph
        if token.dep_ in {"nsubj", "nsubjpass"} and verb.lemma_.lower() in _IN_LIST:
            parts = predication(verb)
            tokens = [t for t in parts.objects if t.i > verb.i]
            if verb.lemma_.lower() == "range":
                tokens = parts.slot("from") + parts.slot("to")
            yield self._listed(token, verb), self._read(tokens, p), "areas"
            return
        held = token.dep_ == "dobj" and verb.lemma_.lower() in _TOPPING
        above = verb if held else token
        while above.dep_ in {"pobj", "prep", "conj", "attr"} and above.pos_ not in _VERBS:
            above = above.head
        if not (held or above.lemma_.lower() in {"be", "feature", "figure", "stand"}):
            return
        parts = predication(above)
        tokens = parts.subjects or [t for t in parts.objects if t.i > above.i]
        tokens = [t for t in tokens if t.i != token.i and t.lower_ not in {"there", "it"}]
        yield self._listed(token, above), self._read(tokens, p), "areas"

    def _read(self, tokens: list[Any], p: Any) -> list[Field]:
        heads = [t for t in tokens if t.dep_ != "conj" or t.head not in tokens]
        return [f for t in heads for f in self.fields.read(t, p)]

    def _listed(self, token: Any, verb: Any) -> Owner | None:
        """Return whose areas these are: told behind the word, else the thing talked of last."""
        stance = self._settled(verb)
        for word in token.subtree:
            inside = word.dep_ in {"pobj", "poss"} and word.head.lower_ not in {"between", "with"}
            if word.i == token.i or not (inside or word.dep_ == "nsubj"):
                continue
            if word.tag_ == "PRP$" or word.lower_ in {"its", "their"}:
                break
            for key in self._bearing(word):
                return Owner(key, stance)
        found = self._beside(verb)
        if found is not None:
            return found
        last = self.refer.topic_thing if token.tag_ == "NNS" else None
        return Owner(last, stance) if last and self._bears(last) else None

    def _colon(self, sentence: Any) -> Iterator[tuple[Owner | None, list[Field], str]]:
        """Read "covers three areas: X and Y; Z": the list behind the colon names the fields."""
        p = self.engine.paragraph
        colon = next((t for t in sentence if t.text == ":" and t.i > sentence.start + 2), None)
        if colon is None:
            return
        before = [
            t for t in sentence if t.i < colon.i and t.lemma_.lower() in self.areas | self.chapters
        ]
        verb = next((t for t in sentence if t.pos_ == "VERB" and t.i < colon.i), None)
        if not before or verb is None or before[-1].i < colon.i - 2:
            return
        keys = [k for s in predication(verb).subjects for k in self.refer.one(s) if self._bears(k)]
        rest = [t for t in sentence if t.i > colon.i]
        strong = any(t.text == ";" for t in rest)
        found: list[Field] = []
        fresh = True
        for token in rest:
            if token.text == ";" or (not strong and (token.text == "," or token.pos_ == "CCONJ")):
                fresh = True
            elif fresh and token.pos_ in {"NOUN", "PROPN"} and not _modifies(token):
                found += self.fields.read(token, p, 1)
                fresh = False
        for key in keys[:1]:
            yield Owner(key, self._settled(verb)), found, "areas"

    # --- chapters ---------------------------------------------------------------------------

    def _chapters(self, token: Any) -> Iterator[tuple[Owner | None, list[Field], str]]:
        """Read "contains a chapter on X and another on Y": fields of the instrument."""
        others = [c for c in token.children if c.dep_ == "conj" and c.lower_ in _OTHER]
        owner = self._instrument(token)
        for head in (token, *others) if owner else ():
            objs = [
                g
                for c in head.children
                if c.dep_ == "prep" and c.lower_ in {"on", "about", "covering", "for", "against"}
                for g in c.children
                if g.dep_ == "pobj"
            ]
            found = [f for o in objs for f in self.fields.read(o, self.engine.paragraph)]
            yield owner, found, "chapter"

    def _instrument(self, token: Any) -> Owner | None:
        verb = next((a for a in token.ancestors if a.pos_ in _VERBS), None)
        stance = self._settled(verb) if verb is not None else Stance()
        subjects = predication(verb).subjects if verb is not None else []
        for subject in subjects:
            for key in self.refer.one(subject):
                if is_a(self.draft.things[key].cls, "PolicyObject"):
                    return Owner(key, stance)
        last = self.refer.topic_thing
        agreement = last and is_a(self.draft.things[last].cls, "Agreement")
        return Owner(str(last), stance) if agreement and not subjects else None

    # --- whose field it is --------------------------------------------------------------------

    def _owner(self, token: Any) -> Owner | None:
        """Return what a clause belongs to: its instrument, its subject, or what it is for."""
        current = token
        for _ in range(8):
            if current.pos_ in _VERBS and (found := self._beside(current)):
                return found
            head = current.head
            if head.i == current.i:
                return None
            if current.dep_ in {"acl", "relcl"} and head.pos_ in {"NOUN", "PROPN"}:
                keys = list(self._bearing(head))
                return Owner(keys[0], self._settled(head)) if keys else None
            if current.pos_ in _VERBS and current.dep_ not in _CLAUSES:
                return None
            if current.dep_ in {"advcl", "xcomp"} and head.pos_ in _VERBS:
                for obj in predication(head).objects:
                    for key in self._bearing(obj) if obj.i < current.i else ():
                        if is_a(self.draft.things[key].cls, "PolicyObject"):
                            return Owner(key, self._settled(head))
            current = head
        return None

    def _beside(self, verb: Any) -> Owner | None:
        """Return the instrument that a verb has for its subject or behind "under"."""
        parts = predication(verb)
        for name in ("under", "within", "pursuant"):
            for obj in parts.slot(name):
                for key in self._bearing(obj):
                    return Owner(key, self._settled(verb))
        for subject in parts.subjects:
            for key in self._bearing(subject):
                return Owner(key, self._settled(verb))
        return None

    def beside(self, token: Any) -> list[str]:
        """Return what "covering X" stands beside, where the parser hung it from a partner."""
        current = token
        for _ in range(6):
            current = current.head
            if current.pos_ in {"NOUN", "PROPN"}:
                keys = [k for k in self._bearing(current) if self._instrumental(k)]
                if keys:
                    return keys[:1]
            elif current.pos_ in _VERBS:
                objs = [o for o in predication(current).objects if o.i < token.i]
                return [k for o in objs for k in self._bearing(o) if self._instrumental(k)][:1]
        return []

    def _instrumental(self, key: str) -> bool:
        return is_a(self.draft.things[key].cls, "PolicyObject")

    def _bearing(self, token: Any) -> Iterator[str]:
        named = self.engine.paragraph.chunks[token.i] is not None or token.pos_ == "PRON"
        if not named and self.refer.head(token) is None and token.lemma_ not in _PAPERS:
            return
        yield from (k for k in self.refer.one(token) if self._bears(k))

    def _bears(self, key: str) -> bool:
        return any(is_a(self.draft.things[key].cls, c) for c in BEARERS)

    def _settled(self, token: Any) -> Stance:
        verb = token
        if token.pos_ not in _VERBS:
            verb = next((a for a in token.ancestors if a.pos_ in _VERBS), None)
        return self.engine.stance(verb)[0] if verb is not None else Stance()


def _modifies(token: Any) -> bool:
    """Tell whether a noun stands before the noun that it belongs to."""
    return bool(token.dep_ in {"compound", "nmod", "amod", "poss"} and token.head.i > token.i)
