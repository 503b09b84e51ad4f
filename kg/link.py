"""One thing, one node: entities of many documents to one address each.

Names decide where there are names; unnamed agreements and meetings merge only where several
signals agree (sides, field, kind, time). Each merge and each rejected candidate is logged.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kg.model import Claim, Document, Entity, Evidence, Extraction, Linked, TimeRef
from kg.register import Register
from kg.spot.lexicon import Lexicon, load
from kg.vocab import CONCEPTS, Iris, digest, is_a, kind_of, slugify

__all__ = ["Register", "link"]

Local = tuple[str, str]  # document id, entity key
_NEAR = dt.timedelta(days=62)
_WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_UNIQUE = {"Signing", "Enactment", "EntryIntoForce", "Launch", "Adoption"}


@dataclass
class Node:
    """What is known of a thing of one document that linking may use."""

    local: Local
    entity: Entity
    states: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    day: dt.date | None = None
    issued: dt.date | None = None
    theme: str = ""  # key of the thing an event is about
    who: frozenset[str] = frozenset()
    weekdays: frozenset[str] = frozenset()


@dataclass
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


def link(
    documents: Sequence[Document], extractions: Sequence[Extraction], register: Register, iris: Iris
) -> Linked:
    """Give every entity of every document its address.

    The result depends on the set of documents and the register only, not on their order.
    """
    linker = _Linker(iris, register, load())
    pairs = sorted(zip(documents, extractions, strict=True), key=lambda p: p[0].id)
    for document, extraction in pairs:
        linker.gather(document, extraction)
    return linker.run({d.id: d for d, _ in pairs}, {e.doc: e for _, e in pairs})


class _Linker:
    def __init__(self, iris: Iris, register: Register, lexicon: Lexicon) -> None:
        self.iris, self.register, self.lex = iris, register, lexicon
        self.nodes: dict[Local, Node] = {}
        self.iri: dict[Local, str] = {}
        self.clusters: dict[str, Cluster] = {}
        self.log: list[str] = []

    # --- features -------------------------------------------------------------------------

    def gather(self, document: Document, extraction: Extraction) -> None:
        """Collect the features of a document's entities from its claims."""
        facts = _Facts(extraction)
        entities = {e.key: e for e in extraction.entities}
        for entity in extraction.entities:
            local = (document.id, entity.key)
            states = set(entity.traits.get("states", "").split())
            states |= {
                k.split(":", 1)[1] for k in facts.ends(entity.key, _PARTY) if k.startswith("state:")
            }
            states |= {facts.side[k] for k in facts.ends(entity.key, _PARTY) if k in facts.side}
            theme = next(iter(facts.ends(entity.key, _THEME)), "")
            if theme and not states and theme in entities:
                states |= set(entities[theme].traits.get("states", "").split())
            self.nodes[local] = Node(
                local,
                entity,
                frozenset(states),
                frozenset(
                    k.removeprefix("topic:") for k in facts.ends(entity.key, {"pg:hasTopic"})
                ),
                frozenset(_words(entity.label, self.lex)),
                facts.day.get(entity.key),
                document.date,
                theme,
                frozenset(facts.ends(entity.key, _WHO)),
                frozenset(facts.weekdays.get(entity.key, ())),
            )

    # --- order of work: what others depend on comes first ---------------------------------

    def run(
        self, documents: Mapping[str, Document], extractions: Mapping[str, Extraction]
    ) -> Linked:
        """Link kind by kind and return the result."""
        for local, node in self.nodes.items():
            if node.entity.key == "doc":
                self.iri[local] = self.iris.doc(local[0])
            elif node.entity.type == "Topic":
                tail = node.entity.traits.get("topic", "")
                known = tail in self.lex.topic_labels
                base = CONCEPTS if known else self.iris.base
                self._set(local, f"{base}topic/{tail or slugify(node.entity.label)}")
        self._named(
            lambda e: "authority" in e.traits or is_a(e.type, "Polity"), lambda e: slugify(e.label)
        )
        self._people()
        self._named(lambda e: e.type == "Office", self._office_slug)
        self._organizations()
        self._policy_objects()
        self._events()
        self._named(lambda e: True, lambda e: slugify(e.label))
        days = self._resolve_days(extractions)
        issued = {d: documents[d].date or days.get(d, (None, None))[0] for d in documents}
        added = self._added(extractions, days)
        return Linked(self.iri, self._things(), added, {}, tuple(self.log), issued)

    def _set(self, local: Local, iri: str, why: str = "") -> None:
        self.iri[local] = iri
        cluster = self.clusters.setdefault(iri, Cluster([]))
        cluster.nodes.append(self.nodes[local])
        if why:
            cluster.why.append(why)

    def _free(self) -> Iterable[tuple[Local, Node]]:
        return [(k, n) for k, n in self.nodes.items() if k not in self.iri]

    def _named(self, chosen, slug) -> None:  # type: ignore[no-untyped-def]
        for local, node in self._free():
            if chosen(node.entity):
                self._set(
                    local,
                    self.iris.entity(
                        kind_of(node.entity.type), slug(node.entity) or digest(*local)
                    ),
                )

    # --- people and offices ---------------------------------------------------------------

    def _people(self) -> None:
        """Full names merge unless they act for different states; surnames need a single match."""
        full: dict[str, list[Node]] = defaultdict(list)
        short: list[Node] = []
        for _, node in self._free():
            if node.entity.type == "Person":
                name = node.entity.label
                (full[slugify(name)] if " " in name.strip() else short).append(node)
        for slug, nodes in full.items():
            sides: dict[str, list[Node]] = defaultdict(list)
            for node in nodes:
                sides[node.entity.traits.get("capacity", "").removeprefix("state:")].append(node)
            named = [s for s in sides if s]
            for side, group in sides.items():
                apart = len(named) > 1 and side
                tail = f"{slug}-{side}" if apart else slug
                for node in group:
                    self._set(node.local, self.iris.entity("person", tail))
        for node in short:
            self._set(node.local, self._surname(node, full))

    def _surname(self, node: Node, full: Mapping[str, list[Node]]) -> str:
        name = slugify(node.entity.label)
        side = node.entity.traits.get("capacity", "")
        matches = {
            self.iri[n.local]
            for slug, nodes in full.items()
            if slug.endswith(f"-{name}")
            for n in nodes
            if not side
            or not n.entity.traits.get("capacity")
            or n.entity.traits["capacity"] == side
        }
        if len(matches) == 1 and side:
            self.log.append(f"{node.local}: surname and side agree with {next(iter(matches))}")
            return matches.pop()
        tail = f"{name}-{side.removeprefix('state:')}" if side else f"{name}-{node.local[0][:8]}"
        return self.iris.entity("person", tail)

    def _office_slug(self, entity: Entity) -> str:
        state = entity.traits.get("state", "").split(":")[-1]
        body = "-".join(
            x for x in (entity.traits.get("head", ""), entity.traits.get("fields", "")) if x
        )
        if not state:
            doc = next((k[0] for k, n in self.nodes.items() if n.entity is entity), "")
            return slugify(f"{body or entity.label}-{doc[:8]}")
        return slugify(f"{state}-{body}")

    def _organizations(self) -> None:
        """Bodies merge by name or by acronym where the long form is told."""
        by_name: dict[str, str] = {}
        free = [
            (k, n)
            for k, n in self._free()
            if is_a(n.entity.type, "Organization") and not is_a(n.entity.type, "PolicyObject")
        ]
        for _, node in sorted(free, key=lambda x: (-len(x[1].entity.label), x[0])):
            long = slugify(node.entity.label)
            names = {slugify(n) for n in (node.entity.label, *node.entity.names)}
            found = next(
                (
                    by_name[n]
                    for n in sorted(names)
                    if n in by_name and (len(n) > 4 or n == long or len(names) > 1)
                ),
                None,
            )
            iri = found or self.iris.entity(kind_of(node.entity.type), long)
            for name in names:
                by_name.setdefault(name, iri)
            self._set(node.local, iri)

    # --- policy objects -------------------------------------------------------------------

    def _policy_objects(self) -> None:
        groups: list[Cluster] = []
        free = [n for _, n in self._free() if is_a(n.entity.type, "PolicyObject")]
        for node in sorted(free, key=lambda n: (not _proper(n), n.local)):
            for cluster in groups:
                why = self._same_object(cluster, node)
                if why:
                    cluster.nodes.append(node)
                    cluster.why.append(f"{node.local[0]}/{node.entity.label}: {why}")
                    break
            else:
                groups.append(Cluster([node]))
        taken: dict[str, Cluster] = {}
        for cluster in groups:
            wanted = self._object_slug(cluster)
            kind = kind_of(_narrowest(cluster.nodes))
            signatures = sorted(
                {f"{kind}|{n.local[0]}|{n.entity.key}" for n in cluster.nodes if not _proper(n)}
            )
            slug = self.register.slug(signatures, wanted) if signatures else wanted
            iri = self.iris.entity(kind, slug)
            if iri in taken:
                slug = f"{wanted}-{_year(cluster) or digest(*cluster.nodes[0].local)[:6]}"
                iri = self.iris.entity(kind, slug)
            taken[iri] = cluster
            for node in cluster.nodes:
                self._set(node.local, iri)
            if len(cluster.nodes) > 1:
                self.log += [f"{iri}: {why}" for why in cluster.why]

    def _same_object(self, cluster: Cluster, node: Node) -> str:
        """Return why a node is the cluster's thing, or nothing."""
        first = cluster.nodes[0]
        if any(n.local[0] == node.local[0] for n in cluster.nodes) or not _kin(
            first.entity.type, node.entity.type
        ):
            return ""
        if _proper(first) and _proper(node):
            a = {slugify(n) for n in (first.entity.label, *first.entity.names)}
            b = {slugify(n) for n in (node.entity.label, *node.entity.names)}
            if first.words and first.words == node.words and _no_clash(cluster.states, node.states):
                return "same name"
            long = {n for n in a & b if len(n) > 5}
            return (
                f"both called {sorted(long)[0]}"
                if long and _no_clash(cluster.states, node.states)
                else ""
            )
        if len(node.states) < 2 or cluster.states != node.states:
            return ""
        near = [
            abs(x - y)
            for n in cluster.nodes
            for x in [n.day or n.issued]
            for y in [node.day or node.issued]
            if x and y
        ]
        if near and min(near) > _NEAR:
            self.log.append(
                f"rejected: {node.local[0]}/{node.entity.label} and {first.entity.label}: {min(near).days} days apart"
            )
            return ""
        shared = self._closed(cluster.topics) & self._closed(node.topics) - _BROAD
        if not shared:
            return ""
        return f"same sides ({' '.join(sorted(node.states))}), field ({' '.join(sorted(shared)[:3])}) and time"

    def _closed(self, topics: frozenset[str]) -> frozenset[str]:
        return topics.union(*(self.lex.broader.get(t, frozenset()) for t in topics))

    def _object_slug(self, cluster: Cluster) -> str:
        best = _best(cluster.nodes)
        if _proper(best):
            return slugify(best.entity.label)
        states = sorted(cluster.states)
        kind = {"MemorandumOfUnderstanding": "mou", "JointStatement": "joint-statement"}.get(
            _narrowest(cluster.nodes), slugify(best.entity.label.split()[-1])
        )
        topic = self._main_topic(cluster)
        if len(states) >= 2 and topic:
            return f"{'-'.join(states[:4])}-{_singular(topic)}-{kind}"
        text = slugify(best.entity.label)
        lead = "-".join(states[:3])
        local = "" if len(text.split("-")) > 2 and states else f"-{best.local[0][:8]}"
        return f"{lead + '-' if lead and lead not in text else ''}{text}{local}"

    def _main_topic(self, cluster: Cluster) -> str:
        """Return the field that most documents name, the one they name first among equals."""
        votes: dict[str, int] = defaultdict(int)
        for node in cluster.nodes:
            for topic in node.topics:
                votes[topic] += 1
        return min(votes, key=lambda t: (-votes[t], t in _BROAD, len(t), t), default="")

    # --- events ---------------------------------------------------------------------------

    def _events(self) -> None:
        free = [n for _, n in self._free() if is_a(n.entity.type, "Event")]
        rest: list[Node] = []
        for node in free:
            theme = node.entity.traits.get("theme", "") or node.theme
            local = (node.local[0], theme)
            if (
                theme
                and local in self.iri
                and is_a(node.entity.type, "LifecycleEvent")
                or node.entity.type in {"Announcement", "Tasking"}
                and local in self.iri
            ):
                self._set(
                    node.local, self.iris.entity("event", self._event_slug(node, self.iri[local]))
                )
            else:
                rest.append(node)
        groups: list[Cluster] = []
        for node in sorted(rest, key=lambda n: (n.day is None, n.local)):
            home = next((c for c in groups if self._same_event(c, node)), None)
            if home:
                home.nodes.append(node)
                self.log.append(
                    f"event {node.entity.label}: same kind, sides and time as {home.nodes[0].entity.label}"
                )
            else:
                groups.append(Cluster([node]))
        taken: set[str] = set()
        for cluster in groups:
            wanted = self._meeting_slug(cluster)
            if wanted in taken:
                wanted = f"{wanted}-{digest(*cluster.nodes[0].local)[:6]}"
            signatures = sorted(f"event|{n.local[0]}|{n.entity.key}" for n in cluster.nodes)
            slug = self.register.slug(signatures, wanted)
            taken.add(slug)
            for node in cluster.nodes:
                self._set(node.local, self.iris.entity("event", slug))

    def _event_slug(self, node: Node, theme: str) -> str:
        slug = f"{slugify(node.entity.type)}-{theme.rsplit('/', 1)[-1]}"
        if node.entity.type not in _UNIQUE and node.entity.type not in {
            "Announcement",
            "Tasking",
            "Relaunch",
        }:
            parties = sorted(k.split(":", 1)[-1] for k in node.who)
            slug += "".join(f"-{p}" for p in parties[:2])
        return slug[:120]

    def _same_event(self, cluster: Cluster, node: Node) -> bool:
        first = cluster.nodes[0]
        if first.entity.type != node.entity.type or any(
            n.local[0] == node.local[0] for n in cluster.nodes
        ):
            return False
        if node.entity.type in {"Statement", "MediaBriefing"}:
            return False
        if cluster.states != node.states or len(node.states) < 2:
            return False
        days = [n.day for n in cluster.nodes if n.day]
        if node.day and days:
            return min(abs(d - node.day) for d in days) <= dt.timedelta(days=3)
        if node.weekdays and days:
            return (
                any(_WEEKDAYS[d.weekday()] in node.weekdays for d in days)
                and first.words & node.words != set()
            )
        issued = [n.issued for n in cluster.nodes if n.issued]
        near = (
            not node.issued
            or not issued
            or min(abs(i - node.issued) for i in issued) <= dt.timedelta(days=7)
        )
        return near and first.words == node.words

    def _meeting_slug(self, cluster: Cluster) -> str:
        node = cluster.nodes[0]
        day = next((n.day for n in cluster.nodes if n.day), None)
        states = sorted(cluster.states)
        if node.entity.type == "Statement":
            who = "-".join(sorted(k.split(":", 1)[-1] for k in node.who)[:1])
            return f"statement-{who}-{day or node.local[0][:8]}"
        topic = self._main_topic(cluster)
        words = slugify(" ".join(sorted(node.words)[:4])) if node.words and not topic else topic
        parts = [
            slugify(node.entity.type),
            *states[:4],
            words,
            str(day)[:7] if day else node.local[0][:8],
        ]
        return "-".join(p for p in parts if p)[:110]

    # --- days across documents ------------------------------------------------------------

    def _resolve_days(
        self, extractions: Mapping[str, Extraction]
    ) -> dict[str, tuple[dt.date, Evidence]]:
        """Find the day of a document that says only "on Friday" of an event another one dates."""
        found: dict[str, tuple[dt.date, Evidence]] = {}
        dated: dict[str, list[tuple[dt.date, Claim]]] = defaultdict(list)
        for extraction in extractions.values():
            for claim in extraction.claims:
                if (
                    isinstance(claim.object, TimeRef)
                    and claim.object.day
                    and claim.predicate in {"pg:eventDate", "pg:endDate"}
                ):
                    dated[self.iri[claim.doc, claim.subject]].append((claim.object.day, claim))
        for doc, extraction in extractions.items():
            options: dict[dt.date, Evidence] = {}
            for claim in extraction.claims:
                if _open_weekday(claim):
                    word = claim.object.text.lower().split()[-1]  # type: ignore[union-attr]
                    for day, source in dated.get(self.iri[doc, claim.subject], []):
                        if source.doc != doc and _WEEKDAYS[day.weekday()] == word:
                            options[day] = source.evidence[0]
            if len(options) == 1:
                found[doc] = next(iter(options.items()))
        return found

    def _added(
        self, extractions: Mapping[str, Extraction], days: Mapping[str, tuple[dt.date, Evidence]]
    ) -> tuple[Claim, ...]:
        added = []
        for doc, (day, evidence) in sorted(days.items()):
            for claim in extractions[doc].claims:
                if not _open_weekday(claim) or not isinstance(claim.object, TimeRef):
                    continue
                if claim.object.text.lower().split()[-1] != _WEEKDAYS[day.weekday()]:
                    continue
                time = replace(claim.object, earliest=day, latest=day, anchor="other document")
                predicate = "pg:endDate" if claim.rule.startswith("conclude") else "pg:eventDate"
                ident = digest(claim.id, predicate, "resolved")
                help_ = replace(evidence, resolved_with=True)
                added.append(
                    replace(
                        claim,
                        id=ident,
                        predicate=predicate,
                        object=time,
                        rule=f"{claim.rule}.resolved",
                        evidence=(*claim.evidence, help_),
                        confidence=min(claim.confidence, 0.8),
                    )
                )
        return tuple(added)

    # --- what is shown --------------------------------------------------------------------

    def _things(self) -> dict[str, Entity]:
        things = {}
        for iri, cluster in self.clusters.items():
            best = _best(cluster.nodes)
            names = {
                n: None for node in cluster.nodes for n in (node.entity.label, *node.entity.names)
            }
            traits: dict[str, str] = {}
            for node in cluster.nodes:
                traits |= node.entity.traits
            cls = _narrowest(cluster.nodes)
            label = self._label(cluster, best, cls)
            things[iri] = Entity(
                iri, cls, label, tuple(n for n in sorted(names) if n != label), traits
            )
        return things

    def _label(self, cluster: Cluster, best: Node, cls: str) -> str:
        if is_a(cls, "LifecycleEvent") and (
            theme := self.iri.get((best.local[0], best.entity.traits.get("theme", "")))
        ):
            other = self.clusters.get(theme)
            if other and is_a(_narrowest(other.nodes), "PolicyObject"):
                noun = re.sub(r"(?<!^)([A-Z])", r" \1", cls).lower()
                return f"{noun} of the {self._label(other, _best(other.nodes), _narrowest(other.nodes))}"
        if _proper(best) or not is_a(cls, "Agreement"):
            return best.entity.label
        topic = self._main_topic(cluster)
        names = [k.name for s in sorted(cluster.states) for k in self._state(s)]
        if len(names) >= 2 and topic:
            noun = {"MemorandumOfUnderstanding": "MoU"}.get(cls, best.entity.label.split()[-1])
            return (
                f"{'–'.join(names[:4])} {_singular(self.lex.topic_labels.get(topic, topic))} {noun}"
            )
        return best.entity.label

    def _state(self, iso: str) -> list:  # type: ignore[type-arg]
        return [k for k in self.lex.names.values() if k.id == iso][:1]


_PARTY = {
    "pg:party",
    "pg:hasParticipant",
    "pg:signer",
    "pg:hasSignatory",
    "pg:involves",
    "pg:madeBy",
    "pg:sentBy",
    "pg:carriedOutBy",
}
_THEME = {
    "pg:signingOf",
    "pg:launchOf",
    "pg:relaunchOf",
    "pg:enactmentOf",
    "pg:announcementOf",
    "pg:concerns",
    "pg:taskingOf",
}
_WHO = {"pg:madeBy", "pg:ofParty"}
_BROAD = frozenset(
    {
        "trade",
        "economy",
        "technology",
        "science",
        "development-cooperation",
        "security",
        "energy",
        "environment",
        "health",
        "innovation",
        "investment",
    }
)


class _Facts:
    """A document's claims by subject."""

    def __init__(self, extraction: Extraction) -> None:
        self._ends: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self.day: dict[str, dt.date] = {}
        self.side: dict[str, str] = {}
        self.weekdays: dict[str, list[str]] = defaultdict(list)
        for claim in extraction.claims:
            if isinstance(claim.object, str) and claim.modality != "negated":
                self._ends[claim.subject].append((claim.predicate, claim.object))
            elif (
                isinstance(claim.object, TimeRef)
                and claim.object.day
                and claim.predicate in {"pg:eventDate", "pg:endDate"}
            ):
                self.day.setdefault(claim.subject, claim.object.day)
            elif _open_weekday(claim):
                self.weekdays[claim.subject].append(claim.object.text.lower().split()[-1])  # type: ignore[union-attr]
        for entity in extraction.entities:
            if entity.traits.get("capacity", "").startswith("state:"):
                self.side[entity.key] = entity.traits["capacity"].removeprefix("state:")
        for subject, pairs in list(self._ends.items()):
            for predicate, obj in pairs:
                if predicate in _THEME and subject in self.day:
                    self.day.setdefault(obj, self.day[subject])

    def ends(self, subject: str, predicates: set[str]) -> list[str]:
        """Return the objects of a subject under any of the predicates."""
        return [o for p, o in self._ends.get(subject, []) if p in predicates]


def _open_weekday(claim: Claim) -> bool:
    time = claim.object
    return (
        isinstance(time, TimeRef)
        and time.earliest is None
        and time.text.lower().split()[-1] in _WEEKDAYS
    )


def _proper(node: Node) -> bool:
    head = node.entity.label
    return (
        sum(w[:1].isupper() for w in head.split()) >= 2
        and node.entity.type not in {"AgentGroup"}
        or node.entity.traits.get("authority", "") != ""
    )


def _words(label: str, lexicon: Lexicon) -> set[str]:
    skip = {"the", "of", "on", "and", "for", "a", "an", "in", "between", "new", "their"}
    words = set()
    for word in re.findall(r"[\w&]+", label.replace("'s", "")):
        if lexicon.state(word) is None and word.lower() not in skip:
            words.add(_singular(word.lower()))
    return words


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 4 else word


def _kin(a: str, b: str) -> bool:
    return a == b or is_a(a, b) or is_a(b, a)


def _no_clash(a: frozenset[str], b: frozenset[str]) -> bool:
    return not a or not b or bool(a & b)


def _narrowest(nodes: Sequence[Node]) -> str:
    best = nodes[0].entity.type
    for node in nodes[1:]:
        if is_a(node.entity.type, best):
            best = node.entity.type
    return best


def _best(nodes: Sequence[Node]) -> Node:
    return max(
        nodes, key=lambda n: (_proper(n), len(n.entity.names), -len(n.entity.label), n.local)
    )


def _year(cluster: Cluster) -> str:
    days = [n.day or n.issued for n in cluster.nodes]
    return next((str(d.year) for d in days if d), "")
