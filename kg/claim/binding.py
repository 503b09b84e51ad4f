"""Frames bound to predicates: which things fill which roles."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from kg.claim.draft import Stance
from kg.claim.frames import Frame, Role
from kg.claim.modality.factual import View
from kg.claim.syntax import (
    Predication,
    conjuncts,
    determiner,
    governor,
    predication,
)
from kg.claim.who.signers import Signers
from kg.model import Span, TimeRef
from kg.vocab import is_a

_LIGHT = {
    "partnership",
    "cooperation",
    "collaboration",
    "conjunction",
    "association",
    "coordination",
    "presence",
    "favour",
    "favor",
    "support",
    "force",
    "effect",
}
_SCHEDULED = set(
    "take begin start open meet end expire enter come convene gather run become go lapse".split()
)
_ELLIPTIC = {"Signing", "Ratification", "Accession", "Withdrawal"}
BODIES = {"Bloc", "InternationalOrganization"}
_LAWFUL = {"EntryIntoForce", "Expiry"}


@dataclass
class Bound:
    """A frame that fits a predicate, with the things that fill its roles."""

    frame: Frame
    token: Any
    lemma: str
    roles: dict[str, list[tuple[str, Span]]]
    stance: Stance
    times: list[TimeRef] = field(default_factory=list)


class Binding(Signers):
    """Fills the roles of frames with things of the document."""

    def _bind(self, frame: Frame, p: Predication, stance: Stance, view: View) -> Bound | None:
        if view.purpose and not p.passive:
            return None
        roles: dict[str, list[tuple[str, Span]]] = {}
        if frame.theme.slots:
            theme = self._theme(frame.theme, p)
            if not theme and frame.id == "implement" and p.token.dep_ in {"advcl", "acl", "relcl"}:
                theme = self._objects_of_head(frame.theme, p.token)
            theme = theme or self._left_out(frame, p)
            if not theme or not self._told_here(theme, p, stance):
                return None
            roles["theme"] = theme
        roles["actor"] = self._fill(frame.actor, p)
        if any(e.predicate == "pg:signer" for e in frame.emit):
            known = [k for k, _ in roles["actor"]]
            roles["actor"] += [(k, s) for k, s in self._signers(p) if k not in known]
        roles["goal"] = self._goal(frame.goal, p)
        if self._doubtful(frame, p, stance):
            return None
        if frame.theme.new:
            named = roles["actor"]
            standing = self._mechanism(p) if frame.theme.new == "Meeting" else ""
            if frame.needs_goal and not roles["goal"]:
                return None
            enough = len(named) >= frame.needs or standing or self._plural(p, frame)
            if not enough and not self._body_meets(frame, p, named):
                return None
            venue = (
                self.event_at(p, beside=False) if frame.theme.new in {"Talks", "Meeting"} else ""
            )
            span = self.paragraph.spans[p.token.i]
            if standing:
                venue = self.session(standing, span, stance)
            roles["theme"] = (
                [(venue, span)]
                if venue
                else [self._new_event(frame, named, roles["goal"], p, stance)]
            )
        if frame.doing and len(roles.get("theme", [])) == 1:
            roles["theme"] = self._shared_out(roles, p)
        if frame.done_only and stance.modality not in {"actual", "planned", "negated"}:
            return None
        roles["place"] = self._places(p)
        roles["witness"] = self._witnesses(p)
        roles["about"] = self._subject_matter(p)
        if frame.modality == "negated" and frame.event:
            if stance.modality != "actual" or not roles["actor"]:
                return None
            stance = replace(stance, factuality="refused", modality="negated")
        if frame.modality == "planned":  # "the round is scheduled for May": it is to be held
            stance = replace(stance, factuality="planned", modality="planned")
        stance = self._ahead(frame, p, stance)
        times = self.when(frame, p.token, stance)
        if frame.since and not times:
            return None
        if frame.needs_time and not self._exact(times, p, frame):
            return None
        return Bound(frame, p.token, p.lemma, roles, stance, times)

    def _doubtful(self, frame: Frame, p: Predication, stance: Stance) -> bool:
        """Tell whether a frame fits in form only."""
        if frame.id == "agree" and any(t.lower_ in {"it", "this"} for t in p.slot("to")):
            return True  # what was agreed to need not be an agreement
        if frame.id == "assent" and not p.subjects:
            return True  # who confirms gives assent, what is confirmed may be news
        if frame.event not in {"", "Signing"} and any(
            c.lower_ == "whether" for c in p.token.children
        ):
            return True
        if frame.id == "accede" and any(t.lower_ == "it" for t in p.objects):
            return True  # what is joined may be a mission, a club, a league
        # A promise to talk is a commitment, and no talks yet.
        return frame.id == "talk" and stance.modality in {"planned", "expected"}

    def _told_here(self, theme: list[tuple[str, Span]], p: Predication, stance: Stance) -> bool:
        """Tell whether joining or leaving a bloc is told for itself, not as the background."""
        if not any(self.draft.things[k].cls in BODIES for k, _ in theme):
            return True
        told = p.token.dep_ not in {"advcl", "relcl", "acl", "pcomp"}
        return told and stance.modality in {"actual", "planned", "negated"}

    def _ahead(self, frame: Frame, p: Predication, stance: Stance) -> Stance:
        """ "The first session takes place in October": the present of what is still to come."""
        issued = self.draft.document.date
        headline = p.token.sent[-1].text not in {".", '"'}
        if stance.factuality != "ongoing" or (headline and p.lemma not in _SCHEDULED):
            return stance
        planned = replace(stance, factuality="planned", modality="planned")
        times = self._times(p.token, planned if p.lemma in _SCHEDULED else stance)
        if frame.event in _LAWFUL and not times and not headline:
            return planned  # "the treaty takes effect once ...": a rule, and no report
        today = frame.theme.new == "Visit"  # "they fly to Rome today": not yet there
        later = [
            t
            for t in times
            if t.earliest and issued and (t.earliest > issued or (today and t.day == issued))
        ]
        return planned if later and len(later) == len(times) else stance

    def _mechanism(self, p: Predication) -> str:
        """Return the standing body that meets: "the joint committee will meet in May"."""
        for key, _ in self.refer.all(p.subjects):
            cls = self.draft.things[key].cls
            if is_a(cls, "CooperationMechanism") or is_a(cls, "DialogueFramework"):
                return key
        return ""

    def _plural(self, p: Predication, frame: Frame) -> bool:
        """Tell whether several unknown people act: "the leaders will meet again"."""
        if frame.needs < 2 or p.objects:
            return False
        nouns = self.lex.words["pair"] | self.lex.words["sides"] | self.refer._office_nouns()
        return any(s.tag_ == "NNS" and s.lemma_.lower() in nouns for s in p.subjects)

    def _body_meets(self, frame: Frame, p: Predication, named: list[tuple[str, Span]]) -> bool:
        """Tell whether a body alone meets: "the council met in Oslo on 3 May"."""
        if frame.theme.new != "Meeting" or p.objects or p.passive or len(named) != 1:
            return False
        thing = self.draft.things[named[0][0]]
        words = set(thing.label.lower().split())
        bodies = {"council", "group", "committee", "commission", "board", "cabinet", "quartet"}
        told = bool(self._places(p) or self.times.get(p.token.i))
        many = thing.cls == "AgentGroup" and any(s.tag_ == "NNS" for s in p.subjects)
        return told and (many or (is_a(thing.cls, "Organization") and bool(words & bodies)))

    def _left_out(self, frame: Frame, p: Predication) -> list[tuple[str, Span]]:
        """Supply what "signed but did not ratify it" or "refused to join" leaves out."""
        if frame.event not in _ELLIPTIC or p.objects or p.passive or p.token.tag_ == "VBG":
            return []
        extra = {c.dep_ for c in p.token.children} & {"ccomp", "xcomp", "prt", "oprd", "dative"}
        if extra or not p.subjects or (p.lemma in {"leave", "exit", "pull", "seal", "found"}):
            return []
        for child in p.token.children:
            if child.dep_ == "conj" and child.pos_ == "VERB":
                found = self._theme(frame.theme, predication(child))
                if found:
                    return found
        known = self.refer.topic_thing
        if not known or not is_a(self.draft.things[known].cls, "Agreement"):
            known = next(iter(self.last_of(Role(types=("Agreement",)))), None)
        parts = {"on", "of", "to", "from", "up", "off", "for", "with", "into", "over"}
        if frame.event == "Signing" and self._for_side(p):
            parts.discard("for")
        if any(t.lower_ == "behalf" for t in p.slot("on")):
            parts.discard("on")
        if not known or any(slot in p.preps for slot in parts):
            return []
        actors = self._fill(frame.actor, p)
        if not actors or not frame.theme.fits(self.draft.things[known].cls):
            return []
        return [(known, self.paragraph.spans[p.token.i])]

    def _shared_out(
        self, roles: dict[str, list[tuple[str, Span]]], p: Predication
    ) -> list[tuple[str, Span]]:
        """ "Both countries run an X programme" means one programme each."""
        theme, span = roles["theme"][0]
        states = [k for k, _ in roles["actor"] if self.draft.things[k].cls == "State"]
        both = any(c.lower_ in {"both", "each"} for s in p.subjects for c in s.children)
        indefinite = any(determiner(o) in {"a", "an"} for o in p.objects)
        if len(states) < 2 or not both or not indefinite or self.draft.things[theme].proper:
            return roles["theme"]
        base = self.draft.things[theme]
        shared = []
        for state in states:
            name = self.draft.things[state].label
            thing = self.draft.thing(
                f"{theme}-{state.split(':')[1]}", base.cls, f"{name} {base.label}"
            )
            thing.parties.setdefault(state)
            thing.traits["only"] = state
            self.draft.mention(thing.key, span, "description", f"{name} {base.label}")
            shared.append((thing.key, span))
        return shared

    def _exact(self, times: list[TimeRef], p: Predication, frame: Frame) -> bool:
        """Tell whether a clause says when (a signing: which day), and not only "in principle"."""
        if any(t.lower_ in {"principle", "substance"} for t in p.token.subtree):
            return False
        return any(t.day if frame.event else not t.year for t in times)

    def _objects_of_head(self, role: Role, token: Any) -> list[tuple[str, Span]]:
        head = governor(token)
        return (
            self._theme(role, predication(head)) if head is not None and head.pos_ == "VERB" else []
        )

    def _new_event(
        self,
        frame: Frame,
        actors: list[tuple[str, Span]],
        goals: list[tuple[str, Span]],
        p: Predication,
        stance: Stance,
    ) -> tuple[str, Span]:
        cls = frame.theme.new
        states = sorted({self._state_of(k) for k, _ in actors} - {""})
        who = "-".join(states) or "-".join(sorted(k.split(":", 1)[1] for k, _ in actors))
        goal = goals[0][0].split(":", 1)[1] if goals else ""
        key = f"event:{cls.lower()}-{who}{'-' + goal if goal else ''}"
        if stance.modality != "actual":  # the next meeting is not the last one
            key += f"-{stance.modality}"
        names = " and ".join(self.draft.things[k].label for k, _ in actors)
        names = names or " ".join(s.text for s in p.subjects)
        label = {
            "Visit": f"visit by {names}"
            + (f" to {self.draft.things[goals[0][0]].label}" if goals else ""),
            "Talks": f"talks of {names}",
        }.get(cls, f"meeting of {names}")
        thing = self.draft.thing(key, cls, label)
        span = self.paragraph.spans[p.token.i]
        self.draft.mention(thing.key, span, "description", p.token.text)
        return thing.key, span

    def _state_of(self, key: str) -> str:
        if key.startswith(("state:", "polity:")):
            return key.split(":", 1)[1]
        return self.refer.side.get(key, "").removeprefix("state:")


def lift_light(p: Predication) -> None:
    """Lift "in partnership between A and B": what hangs from a light noun belongs to the verb."""
    for slot in list(p.preps.values()):
        for token in slot:
            if token.lemma_.lower() in _LIGHT:
                for child in token.children:
                    if child.dep_ == "prep":
                        objs = [t for c in child.children if c.dep_ == "pobj" for t in conjuncts(c)]
                        p.preps.setdefault(child.lower_, []).extend(objs)
                        # "A from one side and B from the other": the parser hangs B lower.
                        p.preps[child.lower_].extend(_orgs_right(token, objs))


def _orgs_right(token: Any, objs: list[Any]) -> list[Any]:
    return [
        t
        for side in token.children
        if side.dep_ == "prep" and side.lower_ == "from"
        for c in side.children
        if c.dep_ == "pobj"
        for t in conjuncts(c)[1:]
        if t.pos_ == "PROPN" and t not in objs
    ]
