"""Whose words a predicate is in, how it is presented, and when it happened."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from kg.claim import frames as frame_data
from kg.claim.draft import Draft, Stance
from kg.claim.events.sequence import apart
from kg.claim.modality.factual import Factuality, View
from kg.claim.syntax import (
    predication,
)
from kg.claim.things.refer import Referents
from kg.claim.what.content import Content
from kg.model import Span, TimeRef
from kg.spot import dates
from kg.spot.lexicon import Lexicon
from kg.spot.parse import Paragraph
from kg.vocab import is_a

_LASTING = set("until till to through since into beyond".split())
_MONTHS = {"m_only", "season_rel", "part_month", "feast", "mid_year"}
_APPOINTING = {"plan", "schedule", "slate", "set", "fix", "expect", "intend", "arrange"}
_ABOUT = {
    "talk",
    "speak",
    "refer",
    "comment",
    "respond",
    "elaborate",
    "ask",
    "answer",
    "describe",
    "point",
}


class Stances:
    """Stance, speaker and time of the predicates of one document."""

    def __init__(self, draft: Draft, refer: Referents, lexicon: Lexicon) -> None:
        self.draft, self.refer, self.lex = draft, refer, lexicon
        self.factual = Factuality(lexicon)
        self.content = Content(lexicon)
        self.frames = frame_data.load()
        self.triggers, self.nouns = frame_data.by_verb(), frame_data.by_noun()
        self.told: dict[str, Any] = {}  # what was said of the events so far
        self.lasting: set[Span] = set()  # times that tell how long: "until May"
        self.particles: dict[str, frozenset[str]] = {}
        for frame in self.frames:
            for verb, names in frame.particles.items():
                self.particles[verb] = self.particles.get(verb, frozenset()) | names
        self.speech_day: dict[str, dt.date] = {}
        self.paragraph: Paragraph
        self.views: dict[int, tuple[Stance, View]] = {}
        self.themes: list[tuple[str, Stance, Any]] = []  # policy objects acted on in the sentence
        self.staged: dict[str, Stance] = {}  # meetings that a verb of the sentence told
        self.quote_speaker: str | None = None
        self.default_speaker: tuple[str, Span] | None = None
        self.times: dict[int, list[dates.Found]] = {}
        self.days: list[tuple[int, dt.date]] = []  # exact days in the order they were told
        self.moments: list[tuple[int, dt.date]] = []  # first days of all times, in that order

    def stance(self, token: Any) -> tuple[Stance, View]:
        """Return a predicate's stance with speaker and day of the statement."""
        if token.i in self.views:
            return self.views[token.i]
        view = self.factual.view(token)
        speaker, span = self._speaker(token, view)
        said = self.speech_day.get(speaker) if speaker else None
        stance = replace(view.stance, speaker=speaker, speaker_span=span, said=said)
        self.views[token.i] = (stance, view)
        return stance, view

    def unnamed(self, token: Any) -> list[str]:
        """Return the unnamed group that was noted as a speaker at a word."""
        span = self.paragraph.spans[token.i]
        return [
            m.entity
            for m in self.draft.mentions
            if span in m.span and self.draft.things[m.entity].cls == "AgentGroup"
        ][:1]

    def _speaker(self, token: Any, view: View) -> tuple[str | None, Span | None]:
        if view.reporter is not None:
            p = predication(view.reporter)
            for subject in p.subjects:
                for key in self.refer.one(subject):
                    if (
                        is_a(self.draft.things[key].cls, "Agent")
                        and self.draft.things[key].cls != "NewsOrganization"
                    ):
                        return key, self.paragraph.spans[subject.i]
            for subject in p.subjects:
                for key in self.unnamed(subject):
                    return key, self.paragraph.spans[subject.i]
            return None, None
        above = [a for a in token.ancestors if a.lemma_.lower() in _ABOUT and a.dep_ == "advcl"]
        if above and above[-1].head.lemma_.lower() in self.lex.words["report"]:
            for subject in predication(above[-1].head).subjects:
                for key in self.refer.one(subject):
                    return key, self.paragraph.spans[subject.i]
        if self.default_speaker:
            return self.default_speaker
        if self.paragraph.quoted[token.i] and self.quote_speaker:
            return self.quote_speaker, None
        return None, None

    def _attach_times(self, sentence: Any) -> dict[int, list[dates.Found]]:
        table: dict[int, list[dates.Found]] = {}
        for token in sentence:
            chunk = self.paragraph.chunks[token.i]
            if chunk is None or chunk.time is None:
                continue
            when = dates.resolve(chunk.time, self.draft.document.date)
            if when.day:
                self.days.append((chunk.time.span.start, when.day))
            if when.earliest and not _following(chunk.time):
                self.moments.append((chunk.time.span.start, when.earliest))
            if (listed := self._under_date(token)) is not None:
                table.setdefault(listed.i, []).append(chunk.time)
                continue
            current = token
            if token.head.lower_ in _LASTING:
                self.lasting.add(chunk.time.span)
            while current.dep_ != "ROOT":
                if _of_noun(current) and not self._dated_noun(current.head):
                    current = current.head  # "a resolution of 5 May" dates the resolution
                    break
                current = current.head
                if (
                    current.pos_ in {"VERB", "AUX"}
                    or (current.lemma_.lower() in self.nouns and current.pos_ == "NOUN")
                    or (self.refer.head(current) is not None and self._is_event_head(current))
                ):
                    break
            table.setdefault(current.i, []).append(chunk.time)
        return table

    def _under_date(self, token: Any) -> Any | None:
        """Return what an entry of a chronology tells: "May 2023: signature by A and B"."""
        behind = token.doc[token.i + 1] if token.i + 1 < len(token.doc) else None
        before = token.doc[token.sent.start : token.i]
        if behind is None or behind.text not in {":", "–", "—"} or any(t.is_alpha for t in before):
            return None
        for word in token.doc[behind.i + 1 : token.sent.end]:
            if word.pos_ == "VERB" or (word.pos_ == "NOUN" and self._dated_noun(word)):
                return word
        return None

    def _dated_noun(self, token: Any) -> bool:
        return token.lemma_.lower() in self.nouns or self._is_event_head(token)

    def when(self, frame: frame_data.Frame, token: Any, stance: Stance) -> list[TimeRef]:
        """Return when the event of a frame happened; "extended until May" tells how long."""
        times = self._times(token, stance)
        if frame.since:
            return [t for t in times if t.span in self.lasting]
        happens = frame.event or frame.occurs
        return [t for t in times if t.span not in self.lasting] if happens else times

    def _is_event_head(self, token: Any) -> bool:
        head = self.refer.head(token)
        return head is not None and is_a(head.cls, "Event")

    def _times(self, token: Any, stance: Stance) -> list[TimeRef]:
        found = list(self.times.get(token.i, []))
        for child in token.children:
            if child.dep_ in {"dobj", "nsubjpass", "nsubj"} and self._is_event_head(child):
                found += self.times.get(child.i, [])
        if not found and token.dep_ == "relcl" and any(c.lower_ == "when" for c in token.children):
            chunk = self.paragraph.chunks[token.head.i]  # "in May 2020, when A visited B"
            found = [chunk.time] if chunk is not None and chunk.time is not None else []
        clause = _clause(token)
        marks = {c.lower_ for c in clause.children if c.dep_ in {"mark", "advmod"}}
        if not found and clause.dep_ == "advcl" and marks & {"as", "when", "while"}:
            verb = clause.head
            found = list(self.times.get(verb.i, []))
            if not found and verb.dep_ in {"relcl", "advcl", "acl"}:
                found = next((self.times[a.i] for a in verb.ancestors if a.i in self.times), [])
        if not found and token.dep_ in {"advcl", "conj"} and marks & {"after", "before"}:
            return apart(token, self._times(token.head, stance), self.paragraph.spans)
        noun = token.head if token.dep_ in {"relcl", "acl", "xcomp"} else None
        if not found and noun is not None and noun.dep_ == "attr" and token.tag_ == "VB":
            found = list(self.times.get(noun.head.i, []))  # "became the first to ratify it in May"
        own = any(c.dep_ in {"nsubj", "nsubjpass"} for c in token.children)
        own = own or any(c.dep_ == "neg" for c in token.children)  # "and was not renewed"
        own = own or token.head.lemma_.lower() in _APPOINTING  # "was planned for May but put off"
        if stance.modality == "negated" and self.stance(token.head)[0].modality != "negated":
            own = True  # "agreed in May but not yet signed"
        if not found and token.dep_ == "conj" and token.head.pos_ == "VERB" and not own:
            found = list(self.times.get(token.head.i, []))
        past = stance.modality not in {"planned", "expected", "desired", "possible"}
        if any(c.dep_ == "aux" and c.lower_ in {"will", "wo", "shall"} for c in token.children):
            past = False  # "will not join on 1 January"
        if not past and token.lemma_.lower() in _APPOINTING and _bygone(token):
            return [self.nearest(f, stance) for f in found]
        if stance.factuality == "ongoing":  # "ends in December" tells of the next one
            return [self.resolve(f, stance, past and f.kind not in _MONTHS) for f in found]
        return [self.resolve(f, stance, past) for f in found]

    def _since(self, found: dates.Found) -> bool:
        """Tell whether a time follows "since": it is past, whatever goes on."""
        text, at = self.draft.document.text, found.span.start
        return text[max(at - 6, 0) : at].lower().strip() == "since"

    def nearest(self, found: dates.Found, stance: Stance) -> TimeRef:
        """Count a day that had been appointed: the nearer one of the past and the future."""
        both = [self.resolve(found, stance, past) for past in (True, False)]
        issued = stance.said or self.draft.document.date
        if issued is None:
            return both[0]
        return min(both, key=lambda t: abs(((t.earliest or issued) - issued).days))

    def resolve(self, found: dates.Found, stance: Stance, past: bool) -> TimeRef:
        """Count a time expression from the statement it stands in, else from the issue date."""
        past = past or self._since(found)
        if found.kind == "offset":  # counted from the day that the text told last
            told = [day for at, day in self.days if at < found.span.start]
            return dates.resolve(found, told[-1] if told else None, past, "text")
        if _following(found):  # "signed in 2010 and in force the following year"
            earlier = [t for at, t in self.moments if at < found.span.start]
            return dates.resolve(found, earlier[-1] if earlier else None, past, "text")
        if stance.said:
            return dates.resolve(found, stance.said, past, "statement")
        return dates.resolve(found, self.draft.document.date, past, "document")


def _bygone(token: Any) -> bool:
    """Tell whether a plan is told as one of the past: "had been planned", "planned for May"."""
    aux = {c.lower_ for c in token.children if c.dep_ in {"aux", "auxpass"}}
    return not aux or bool(aux & {"had", "was", "were"})


def _clause(token: Any) -> Any:
    """Return the head of the clause that is told with a verb: "when they are due to meet"."""
    for _ in range(3):
        if token.dep_ not in {"xcomp", "acomp"} or token.head.pos_ not in {"VERB", "AUX", "ADJ"}:
            break
        token = token.head
    return token


def _following(found: dates.Found) -> bool:
    """Tell whether a time counts from one that the text told before."""
    return found.kind == "rel_unit" and found.parts.get("rel") == "the following"


def _of_noun(token: Any) -> bool:
    """Tell whether a date is at "of" behind a plain noun."""
    return bool(
        token.dep_ == "prep" and token.lower_ in {"of", "from"} and token.head.pos_ == "NOUN"
    )
