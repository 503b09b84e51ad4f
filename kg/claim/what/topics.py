"""Topics: what agreements, meetings, visits and groups are about, wherever a sentence says so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kg.claim.binding import Bound
from kg.claim.draft import Draft, Stance
from kg.claim.engine import Engine
from kg.claim.frames import Frame
from kg.claim.syntax import determiner, noun_modifiers, predication
from kg.claim.things.refer import Referents
from kg.claim.what.entitled import Field
from kg.claim.what.fields import Fields
from kg.claim.what.spheres import BEARERS, Spheres
from kg.claim.who.speech import Speech
from kg.model import Span
from kg.spot.chunk import Chunk
from kg.vocab import is_a, slugify

# behind these whatever noun follows is a field
_SURE = {
    "on",
    "regarding",
    "concerning",
    "about",
    "covering",
    "over",
    "against",
    "across",
}  # whatever noun follows
_KNOWN = {"in", "for", "of", "around", "to"}  # only fields that the scheme knows
_ASIDE = {"on", "about", "covering", "concerning", "regarding"}  # ", on forestry and fish, "
_TALKS = ("Meeting", "Talks", "Visit", "Negotiation")
_UNSURE = {"include", "involve", "comprise", "envisage", "see", "extend", "apply", "run", "stretch"}
_PAPERS = {"memorandum", "letter", "declaration", "statement", "plan", "protocol", "exchange"}
_ALONE = {"review", "examine", "debate", "deliberate", "consult"}
_ACTING = {"nsubj", "nsubjpass", "dobj", "ROOT"}
_COMMON = {"cooperation", "co-operation", "collaboration", "partnership", "area", "field", "sphere"}


class Topics:
    """States `hasTopic` for the things of one document."""

    def __init__(self, draft: Draft, refer: Referents, engine: Engine, speech: Speech) -> None:
        self.draft, self.refer, self.engine, self.speech = draft, refer, engine, speech
        self.fields = Fields(engine.content)
        self.spheres = Spheres(draft, refer, engine, self.fields)
        self.named: set[str] = set()
        self.told: set[str] = set()  # things with a field stated

    # --- noun phrases ---------------------------------------------------------------------

    def sentence(self, sentence: Any, bound: list[Bound]) -> None:
        """State the fields in the noun phrases of a sentence's agreements, talks and visits."""
        p = self.engine.paragraph
        for token in sentence:
            if token.pos_ not in {"NOUN", "PROPN"} or token.dep_ == "compound":
                continue
            chunk = p.chunks[token.i]
            if chunk is None and self.refer.head(token) is None:
                continue
            shared = [
                k
                for item in bound
                for k, at in item.roles.get("theme", [])
                if at == p.spans[token.i] and chunk is None
            ]
            for key in shared or self.refer.one(token)[:1]:
                if not self._bears(key):
                    continue
                event = is_a(self.draft.things[key].cls, "Event")
                if event and self._means(token):
                    continue
                stance = self._stance(key, token, bound)
                if chunk is None:
                    aside = event and not shared and token.dep_ not in _ACTING
                    many = token.tag_ == "NNS" and not is_a(self.draft.things[key].cls, "Agreement")
                    if not (many or aside or self._recalled(key, token)):
                        self._before(key, token, stance)
                elif chunk.cls not in {"Demonym", "Pair"}:
                    self._name(key, chunk, stance)
                self._behind(key, token, stance)
                for child in token.children:  # "the Accords, a set of principles for X"
                    other = p.chunks[child.i] or self.refer.head(child)
                    if child.dep_ == "appos" and child.i > token.i and not other:
                        self._behind(key, child, stance)
        self.spheres.sentence(sentence, self.state)

    def _means(self, token: Any) -> bool:
        """Talks in a purpose, or through which something is to come, are not told of."""
        if token.dep_ == "pobj" and token.head.lower_ in {"through", "via", "by"}:
            return True
        verb = next((a for a in token.ancestors if a.pos_ in {"VERB", "AUX"}), None)
        return verb is not None and self.engine.stance(verb)[1].purpose

    def _recalled(self, key: str, token: Any) -> bool:
        """ "their semiconductor initiative": what was told before is only named again."""
        first = self.draft.things[key].first
        known = first is not None and first.start < self.draft.sentence.start
        told = key in self.told
        return told and known and determiner(token) in {"the", "this", "that", "poss", "these"}

    def _bears(self, key: str) -> bool:
        return any(is_a(self.draft.things[key].cls, c) for c in BEARERS)

    def _stance(self, key: str, token: Any, bound: list[Bound]) -> Stance:
        """A field belongs to its thing as the thing is told of: done, planned, said by somebody."""
        for item in bound:
            if key in [k for k, _ in item.roles.get("theme", [])]:
                return self._settled(item.stance)
        verb = next((a for a in token.ancestors if a.pos_ in {"VERB", "AUX"}), None)
        return self._settled(self.engine.stance(verb)[0]) if verb is not None else Stance()

    def _settled(self, stance: Stance) -> Stance:
        if stance.modality == "negated":
            return replace(stance, modality="actual", factuality="done")
        return stance

    def _before(self, key: str, token: Any, stance: Stance) -> None:
        head = self.refer.head(token)
        size = len(head.words) if head else 1
        words = [t for t in noun_modifiers(token) if t.i <= token.i - size]
        found = self.fields.pieces(words, token, self.engine.paragraph)
        trite = self.fields.trite
        found = [f for f in found if not {f.label.lower(), f.topic} & trite]
        self.state(key, found, stance, "field")

    def _behind(self, key: str, token: Any, stance: Stance) -> None:
        """Read "on X", "in the field of X", "for X" behind a noun or behind its verb."""
        p, text = self.engine.paragraph, self.draft.document.text
        token = _whole(token)
        preps = [t for t in token.subtree if self._prep(t) and self._near(t, token)]
        verb = token.head
        behind = token.doc[token.i + 1 : token.i + 3]
        if len(behind) == 2 and behind[0].text == "," and behind[1].head.i in {verb.i, behind[0].i}:
            preps += [t for t in behind[1:] if t.dep_ == "prep" and t.lower_ in _ASIDE]
        if token.dep_ in {"dobj", "nsubjpass"} and verb.pos_ == "VERB":
            after = [c for c in verb.children if c.i > token.i and self._about(c, key)]
            preps += [c for c in after if self._prep(c)]
        for prep in preps:
            for obj in (c for c in prep.children if c.dep_ in {"pobj", "pcomp"}):
                if (obj.pos_ == "VERB" and prep.lower_ not in _SURE) or self._spot(prep, obj):
                    continue
                if prep.head.pos_ == "VERB" and obj.tag_ == "NNP" and obj.text.istitle():
                    continue  # "initialled on Tanna"
                found = self.fields.read(obj, p)
                if prep.lower_ in _KNOWN or obj.pos_ == "VERB":
                    light = obj.lemma_.lower() in self.fields.light
                    whole = prep.lower_ != "for"
                    sure = (
                        [f for f in found if f.topic] if whole else self.fields.known(found, text)
                    )
                    found = found if light else sure
                self.state(key, found, stance, "field")

    def _about(self, prep: Any, key: str) -> bool:
        """Tell whether what hangs from the verb tells a field: "on X", "in the field of X"."""
        if prep.lower_ != "in":
            return prep.lower_ in {"on", "across", "concerning", "regarding", "covering"}
        objs = [c for c in prep.children if c.dep_ == "pobj"]
        if any(c.lemma_.lower() in _COMMON | {"sector", "domain"} for c in objs):
            return True
        exact = self.fields.content.exact  # "signed memoranda in space, health and sport"
        bare = [c for c in objs if self.engine.paragraph.chunks[c.i] is None and exact(c.text)]
        return bool(bare) and is_a(self.draft.things[key].cls, "PolicyObject")

    def _spot(self, prep: Any, obj: Any) -> bool:
        """ "a declaration in the port of Esbjerg": where it was made, not what it is about."""
        named = [g for c in obj.children if c.lower_ == "of" for g in c.children]
        return prep.lower_ == "in" and any(g.pos_ == "PROPN" for g in named) and obj.tag_ == "NN"

    def _prep(self, token: Any) -> bool:
        again = token.dep_ == "conj" and token.head.dep_ in {"prep", "pobj"} and token.pos_ == "ADP"
        return (token.dep_ == "prep" or again) and token.lower_ in _SURE | _KNOWN

    def _near(self, prep: Any, token: Any) -> bool:
        """Tell whether a preposition belongs to a noun, or to a partner named behind it."""
        if prep.i < token.i:
            return False
        if prep.head.i == token.i:
            return True
        if prep.lower_ not in _SURE:
            return False
        current = prep.head
        while current.i != token.i:
            chunk = self.engine.paragraph.chunks[current.i]
            named = chunk is not None or current.pos_ == "NUM"
            partner = named and current.dep_ in {"pobj", "conj"}
            if not (partner or (current.dep_ == "prep" and current.lower_ in {"with", "between"})):
                return False
            current = current.head
        return True

    def _name(self, key: str, chunk: Chunk, stance: Stance) -> None:
        """State the fields in a name, once for each thing."""
        thing = self.draft.things[key]
        if (
            key in self.named
            or is_a(thing.cls, "Legislation")
            or not is_a(thing.cls, "PolicyObject")
        ):
            return
        self.named.add(key)
        label = chunk.traits.get("expansion") or chunk.text
        found = self.fields.of_name(label, chunk.span) or self.fields.of_title(
            label, chunk.span, thing.cls
        )
        if thing.proper or found:
            self.state(key, found, stance, "name.topic")

    # --- verbs ----------------------------------------------------------------------------

    def covers(self, frame: Frame, keys: list[str], p: Any, stance: Stance) -> None:
        """Read "the pact covers X, Y and Z", "talks focused on X"."""
        if stance.modality == "negated" or (frame.known and stance.modality != "actual"):
            return  # what an instrument would do is an effect, not yet a field
        taken: list[Span] = []
        for slot in frame.topics:
            tokens = [t for t in p.slot(slot) if t.i > p.token.i]
            if slot == "from":  # "from X to Y", where the parser hung the end from the beginning
                tokens += [
                    g for t in tokens for c in t.children if c.lower_ == "to" for g in c.children
                ]
            found: list[Field] = []
            for token in (t for t in tokens if t.dep_ != "conj" or t.head not in tokens):
                fields = self.fields.read(token, self.engine.paragraph)
                sure = not frame.known and p.lemma not in _UNSURE
                sure = sure or token.lemma_.lower() in self.spheres.joint | self.spheres.chapters
                if frame.known:
                    fields = [f for f in fields if f.topic]
                found += fields if sure else self.fields.vouched(fields, self.engine.paragraph)
            apart = [f for f in found if not any(f.span in other for other in taken)]
            taken += [f.span for f in found]
            for key in keys:
                self.state(key, apart, stance, frame.id)

    def covered(self, frame: Frame, p: Any, stance: Stance) -> None:
        """Read "X and Y are covered by the deal"."""
        tokens = p.subjects or p.slot("in")
        keys = [k for t in tokens for k in self.refer.one(t) if self._bears(k)]
        heads = [t for t in p.objects if t.dep_ != "conj" or t.head not in p.objects]
        found = [f for t in heads for f in self.fields.read(t, self.engine.paragraph)]
        for key in keys[:1] if stance.modality != "negated" else ():
            self.state(key, found, stance, frame.id)

    def common(self, frame: Frame, p: Any, stance: Stance) -> None:
        """Read "cooperation will cover X": it is the cooperation under the last-named pact."""
        key = self.refer.topic_thing
        lemmas = {t.lemma_.lower() for t in p.subjects}
        if key and self._bears(key) and lemmas & _COMMON:
            self.covers(frame, [key], p, stance)

    def discussed(self, frame: Frame, p: Any, stance: Stance) -> None:
        """Read "the ministers discussed X": at the meeting or visit that the text tells of."""
        several = len(p.subjects) > 1 or any(t.tag_ in {"NNS", "NNPS"} for t in p.subjects)
        if p.lemma in _ALONE and not (several or p.slot("with")):
            return  # "the administration reviews its commitments"
        if not p.subjects or (stance.modality == "negated" and not frame.talks):
            return
        stance = self._settled(stance)
        events = [
            (thing.last, key)
            for key, thing in self.draft.things.items()
            if thing.last >= 0 and any(is_a(thing.cls, c) for c in _TALKS)
        ]
        if events and max(events)[0] >= self.draft.number - 3:
            self.covers(frame, [max(events)[1]], p, stance)

    def talked(self, item: Bound) -> None:
        """Read "discussed X and Y", "talked about X"."""
        parts = predication(item.token)
        for slot in item.frame.topics:
            tokens = [t for t in parts.slot(slot) if t.i > item.token.i]
            for token in tokens:
                if token.dep_ == "conj" and token.head in tokens:
                    continue
                found = self.fields.read(token, self.engine.paragraph)
                for key, _ in item.roles.get("theme", []):
                    self.state(key, found, item.stance, "talk.topic")

    def of_aim(self, key: str, span: Span, verb: Any, stance: Stance, rule: str) -> None:
        """State the fields that an aim names, in the words of the text."""
        p = self.engine.paragraph
        found: list[Field] = []
        seen: list[Span] = []
        for token in verb.sent:
            at = p.spans[token.i]
            if at not in span or token.pos_ not in {"NOUN", "PROPN"}:
                continue
            if token.dep_ in {"compound", "nmod", "poss"} or any(at in s for s in seen):
                continue
            for field in self.fields._one(token, p, 3):
                if (field.topic or self._narrower(field)) and field.span in span:
                    found.append(field)
                    seen.append(field.span)
        self.state(key, found, stance, rule)

    def _narrower(self, field: Field) -> bool:
        """Tell whether a field has more words before one of the scheme: "rice supply chains"."""
        words = field.label.split()
        tails = (" ".join(words[k:]) for k in range(1, len(words) - 1))
        return any(self.fields.content.exact(tail) for tail in tails)

    # --- claims ---------------------------------------------------------------------------

    def state(self, key: str, fields: list[Field], stance: Stance, rule: str) -> None:
        """State fields of a thing, as concepts of the scheme or in the words of the text."""
        if fields:
            self.told.add(key)
        for field in fields:
            if field.label.lower() == "free trade" and rule != "name.topic":
                continue  # "a free trade agreement" says what kind it is
            if field.topic:
                self.speech.topic(key, field.topic, field.span, stance, rule, field.label)
                continue
            if len(field.label) < 3 or len(field.label) > 80:
                continue
            thing = self.draft.thing(f"topic:{slugify(field.label)}", "Topic", field.label)
            self.draft.mention(thing.key, field.span, "description", field.label)
            self.draft.say(
                key,
                "pg:hasTopic",
                thing.key,
                f"{rule}.free",
                stance,
                at=(None, field.span),
                confidence=0.8,
            )


def _whole(token: Any) -> Any:
    """Return the first noun of "letter of intent", to which the parser hangs what follows."""
    above = token.head
    if token.dep_ == "pobj" and above.lower_ == "of" and above.i == token.i - 1:
        outer = above.head
        if outer.i == above.i - 1 and outer.lemma_.lower() in _PAPERS:
            return outer
    return token
