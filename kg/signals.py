"""What linking knows of a thing in one document: sides, fields, words, days."""

from __future__ import annotations

import datetime as dt
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kg.model import Claim, Entity, Extraction, TimeRef
from kg.spot.lexicon import Lexicon, load
from kg.vocab import is_a, slugify

Local = tuple[str, str]  # document id, entity key
PARTY = {
    "pg:party",
    "pg:hasParticipant",
    "pg:signer",
    "pg:hasSignatory",
    "pg:involves",
    "pg:madeBy",
    "pg:sentBy",
    "pg:carriedOutBy",
}
THEME = {
    "pg:signingOf",
    "pg:launchOf",
    "pg:relaunchOf",
    "pg:enactmentOf",
    "pg:announcementOf",
    "pg:concerns",
    "pg:taskingOf",
}
HOME = {"pg:bodyOf", "pg:associatedState"}
WHO = {"pg:madeBy", "pg:ofParty"}
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


@dataclass(slots=True)
class Node:
    """What is known of a thing of one document that linking may use."""

    local: Local
    entity: Entity
    states: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    context: frozenset[str] = frozenset()  # states of the document as a whole
    framework: str = ""  # key of the dialogue that a session belongs to
    day: dt.date | None = None
    issued: dt.date | None = None
    theme: str = ""  # key of the thing an event is about
    who: frozenset[str] = frozenset()
    weekdays: frozenset[str] = frozenset()
    home: str = ""  # code of the state whose body or firm it is
    quoted: bool = False  # its sides are told by somebody's words only


@dataclass(slots=True)
class Cluster:
    """Nodes that are one thing, and why."""

    nodes: list[Node]
    why: list[str] = field(default_factory=list)

    @property
    def states(self) -> frozenset[str]:
        """States of any of the nodes."""
        return frozenset().union(*(n.states for n in self.nodes))

    @property
    def topics(self) -> frozenset[str]:
        """Topics of any of the nodes."""
        return frozenset().union(*(n.topics for n in self.nodes))


class Buckets:
    """Clusters by the signals they have, so that a node meets only those it may belong to."""

    def __init__(self) -> None:
        self.clusters: list[Cluster] = []
        self._at: dict[object, list[int]] = defaultdict(list)

    def near(self, keys: Sequence[object]) -> list[tuple[int, Cluster]]:
        """Return the clusters that share a signal, with their numbers, oldest first."""
        numbers = sorted({n for key in keys for n in self._at.get(key, ())})
        return [(n, self.clusters[n]) for n in numbers]

    def add(self, cluster: Cluster, keys: Sequence[object]) -> None:
        """Add a cluster with its signals."""
        self.clusters.append(cluster)
        self.note(len(self.clusters) - 1, keys)

    def note(self, number: int, keys: Sequence[object]) -> None:
        """Add signals to a cluster."""
        for key in keys:
            if number not in self._at[key][-1:]:
                self._at[key].append(number)


class Once:
    """Equal values of many documents, kept once."""

    def __init__(self) -> None:
        self._sets: dict[frozenset[str], frozenset[str]] = {}
        self._traits: dict[tuple[tuple[str, str], ...], Mapping[str, str]] = {}

    def set(self, texts: Iterable[str]) -> frozenset[str]:
        """Return the texts as a set."""
        found = frozenset(texts)
        if found not in self._sets:
            self._sets[found] = frozenset(map(sys.intern, found))
        return self._sets[found]

    def traits(self, traits: Mapping[str, str]) -> Mapping[str, str]:
        """Return what is known of a thing."""
        key = tuple(sorted(traits.items()))
        if key not in self._traits:
            self._traits[key] = {sys.intern(k): sys.intern(v) for k, v in traits.items()}
        return self._traits[key]

    def entity(self, entity: Entity) -> Entity:
        """Return an entity whose parts are shared with others."""
        key, cls, label = map(sys.intern, (entity.key, entity.type, entity.label))
        names = tuple(map(sys.intern, entity.names))
        return Entity(key, cls, label, names, self.traits(entity.traits))


class Facts:
    """A document's claims by subject."""

    def __init__(self, extraction: Extraction) -> None:
        self._ends: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self.day: dict[str, dt.date] = {}
        self.side: dict[str, str] = {}
        self.weekdays: dict[str, list[str]] = defaultdict(list)
        self.quoted: set[str] = set()
        told: dict[str, bool] = {}
        for claim in extraction.claims:
            if claim.predicate == "pg:party":
                told[claim.subject] = told.get(claim.subject, True) and claim.speaker is not None
            if isinstance(claim.object, str) and claim.modality != "negated":
                self._ends[claim.subject].append((claim.predicate, claim.object))
            elif day := told_day(claim):
                self.day.setdefault(claim.subject, day)
            elif open_weekday(claim):
                self.weekdays[claim.subject].append(claim.object.text.lower().split()[-1])  # type: ignore[union-attr]
        for entity in extraction.entities:
            if side := _side(entity):
                self.side[entity.key] = side
        self.quoted = {subject for subject, by_others in told.items() if by_others}
        for subject, pairs in list(self._ends.items()):
            for predicate, obj in pairs:
                if predicate in THEME and subject in self.day:
                    self.day.setdefault(obj, self.day[subject])

    def ends(self, subject: str, predicates: set[str]) -> list[str]:
        """Return the objects of a subject under any of the predicates."""
        return [o for p, o in self._ends.get(subject, []) if p in predicates]


def _side(entity: Entity) -> str:
    """Return the code of the state that a person acts for or a public body belongs to."""
    traits = entity.traits
    body = is_a(entity.type, "PublicBody")
    for name in ("capacity", *(("state", "owner", "states") if body else ())):
        value = traits.get(name, "")
        if value.startswith("state:") or (name != "capacity" and len(value) == 2):
            return value.removeprefix("state:")
    return ""


def told_day(claim: Claim) -> dt.date | None:
    """Return the day on which a claim says that its event was, if it says one."""
    if isinstance(claim.object, TimeRef) and claim.predicate in {"pg:eventDate", "pg:endDate"}:
        return claim.object.day
    return None


def open_weekday(claim: Claim) -> bool:
    """Tell whether a claim names a day of the week that its document does not date."""
    time = claim.object
    return (
        isinstance(time, TimeRef)
        and time.earliest is None
        and time.text.lower().split()[-1] in WEEKDAYS
    )


def proper(node: Node) -> bool:
    """Tell whether a thing has a name of its own, or one from an authority list."""
    if node.entity.traits.get("authority", ""):
        return True
    words, heads = node.entity.label.split(), load().heads
    # "MoU" and "Memorandum of Understanding" say of which kind a thing is: many are so called.
    kinds = {w for w in words if not w[1:].islower() and (w.lower(),) in heads}
    named = sum(w[:1].isupper() and w not in kinds for w in words) >= 2
    bare = tuple(w.lower() for w in words) in heads
    return named and not bare and node.entity.type != "AgentGroup"


def label_words(label: str, lexicon: Lexicon) -> set[str]:
    """Return the words of a label that are no stop words and no names of polities."""
    skip = {"the", "of", "on", "and", "for", "a", "an", "in", "between", "new", "their"}
    words = (w.lower() for w in lexicon.words_apart(label))
    return {singular(w) for w in words if w not in skip}


def singular(word: str) -> str:
    """Return an English plural as its singular, roughly: enough to compare words."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 4 else word


def one_number(topic: str, lexicon: Lexicon) -> str:
    """Return one address for "school meal" and "school meals": that of the scheme, if any."""
    one = singular(topic)
    known = lexicon.topic_labels
    return next((t for t in (topic, one, f"{one}s") if t in known), one)


def telling_names(entity: Entity) -> set[str]:
    """Return the names that tell a thing from others: "the agreement" is none, "GEA" is one."""
    names = set()
    for name in (entity.label, *entity.names):
        capitals = [w for w in name.split() if w[:1].isupper()]
        if len(capitals) > 1 or (len(name) > 2 and name.isupper()):
            names.add(slugify(name))
    return names


def telling_words(entity: Entity) -> set[str]:
    """Return the names of a body that tell it from others, as they are written."""
    return {
        name
        for name in (entity.label, *entity.names)
        if sum(w[:1].isupper() for w in name.split()) > 1
        or (len(name) > 2 and name.isupper() and name.isalpha())
    }


def is_common(entity: Entity, lexicon: Lexicon) -> bool:
    """Tell whether a body has a name that many states use: "Ministry of Finance", "parliament"."""
    words = entity.label.split()
    plain = len(lexicon.words_apart(entity.label)) == len(
        [w for w in words if any(c.isalpha() for c in w)]
    )
    ends = {singular(w.lower()) for w in (words[:1] + words[-1:])}
    noun = bool(ends & (lexicon.words["body_nouns"] | lexicon.words["chambers"]))
    return entity.type == "PublicBody" and plain and (noun or entity.label.islower())


def kin(a: str, b: str) -> bool:
    """Tell whether one class is the other or below it."""
    return a == b or is_a(a, b) or is_a(b, a)


def no_clash(a: frozenset[str], b: frozenset[str]) -> bool:
    """Tell whether two sets share something, or one of them is not known."""
    return not a or not b or bool(a & b)


def narrowest(nodes: Sequence[Node]) -> str:
    """Return the narrowest class of the nodes along one line of classes."""
    best = nodes[0].entity.type
    for node in nodes[1:]:
        if is_a(node.entity.type, best):
            best = node.entity.type
    return best


def best_of(nodes: Sequence[Node]) -> Node:
    """Return the node whose name stands for all: a proper one with many names, short."""
    return max(nodes, key=lambda n: (proper(n), len(n.entity.names), -len(n.entity.label), n.local))


def year_of(cluster: Cluster) -> str:
    """Return the year of the first node that has a day, else the year of issue; or nothing."""
    days = [n.day or n.issued for n in cluster.nodes]
    return next((str(d.year) for d in days if d), "")
