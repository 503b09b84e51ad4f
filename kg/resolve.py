"""Who and what is the same across documents: people, bodies, agreements, meetings."""

from __future__ import annotations

import datetime as dt
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping

from kg.curation import Curation
from kg.model import Entity
from kg.register import Register
from kg.signals import (
    Buckets,
    Cluster,
    Local,
    Node,
    Once,
    best_of,
    is_common,
    kin,
    narrowest,
    no_clash,
    proper,
    singular,
    telling_names,
    telling_words,
    year_of,
)
from kg.spot.lexicon import Lexicon
from kg.vocab import Iris, digest, is_a, kind_of, slugify

_NEAR = dt.timedelta(days=62)  # further apart, the same sides and field mean another round
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


class Ledger:
    """Addresses given so far, with the reasons."""

    def __init__(
        self, iris: Iris, register: Register, lexicon: Lexicon, curation: Curation | None = None
    ) -> None:
        self.curation = curation or Curation()
        self.iris, self.register, self.lex = iris, register, lexicon
        self.nodes: dict[Local, Node] = {}
        self.iri: dict[Local, str] = {}
        self.clusters: dict[str, Cluster] = {}
        self.log: list[str] = []
        self.once = Once()
        # Document → event that is told with a day of the week only → the words for the day.
        self.open_days: dict[str, dict[str, list[str]]] = {}

    def _set(self, local: Local, iri: str, why: str = "") -> None:
        self.iri[local] = iri = sys.intern(iri)
        cluster = self.clusters.setdefault(iri, Cluster([]))
        cluster.nodes.append(self.nodes[local])
        if why:
            cluster.why.append(why)

    def _curate(self) -> None:
        """Let an editor's word stand above ours."""
        for local, iri in list(self.iri.items()):
            if local[1] != "doc" and (new := self.curation.address(iri, local[0])) != iri:
                cluster, node = self.clusters[iri], self.nodes[local]
                cluster.nodes.remove(node)
                if not cluster.nodes:
                    del self.clusters[iri]
                self._set(local, new)
                said = (
                    "keeps it apart from" if new.startswith(f"{iri}-") else "says it is the same as"
                )
                self.log.append(f"{new}: {local[0]}/{node.entity.label}: an editor {said} {iri}")

    def _free(self) -> Iterable[tuple[Local, Node]]:
        return [(k, n) for k, n in self.nodes.items() if k not in self.iri]

    def _named(self, chosen, slug) -> None:  # type: ignore[no-untyped-def]
        for local, node in self._free():
            if chosen(node.entity):
                self._set(
                    local,
                    self.iris.entity(
                        kind_of(node.entity.type), slug(node.entity, local[0]) or digest(*local)
                    ),
                )

    def _main_topic(self, cluster: Cluster) -> str:
        """Return the field that most documents name, the one they name first among equals."""
        votes: dict[str, int] = defaultdict(int)
        for node in cluster.nodes:
            for topic in node.topics:
                votes[topic] += 1
        return min(votes, key=lambda t: (-votes[t], t in _BROAD, len(t), t), default="")


class People(Ledger):
    """People, their offices and bodies."""

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
            iri = matches.pop()
            named = f"{node.local[0]}/{node.entity.label}"
            self.log.append(f"{iri}: {named}: surname and side agree")
            return iri
        tail = f"{name}-{side.removeprefix('state:')}" if side else f"{name}-{node.local[0][:8]}"
        return self.iris.entity("person", tail)

    def _office_slug(self, entity: Entity, doc: str) -> str:
        state = entity.traits.get("state", "").split(":")[-1]
        body = "-".join(
            x for x in (entity.traits.get("head", ""), entity.traits.get("fields", "")) if x
        )
        if not state:
            return slugify(f"{body or entity.label}-{doc[:8]}")
        return slugify(f"{state}-{body}")

    def _organizations(self) -> None:
        """Bodies merge by name or by acronym where the long form is told.

        A name that every state has ("Ministry of Finance") is of one state, or of one document.
        """
        by_name: dict[str, str] = {}
        free = [
            (k, n)
            for k, n in self._free()
            if is_a(n.entity.type, "Organization") and not is_a(n.entity.type, "PolicyObject")
        ]
        for _, node in sorted(free, key=lambda x: (-len(x[1].entity.label), x[0])):
            apart = self._whose(node)
            long = slugify(f"{apart} {node.entity.label}")
            names = {long} | {slugify(f"{apart} {n}") for n in sorted(telling_words(node.entity))}
            found = next((by_name[n] for n in sorted(names) if n in by_name), None)
            iri = found or self.iris.entity(kind_of(node.entity.type), long)
            for name in names:
                by_name.setdefault(name, iri)
            self._set(node.local, iri)

    def _whose(self, node: Node) -> str:
        """Return the state, else the document, of a body whose name does not tell it apart."""
        if not is_common(node.entity, self.lex):
            return ""
        return node.home or node.local[0][:8]

    def _crowds(self) -> None:
        """Unnamed groups are of one document, unless they are all the firms of a state."""
        for local, node in self._free():
            if node.entity.type == "AgentGroup":
                state = node.entity.traits.get("state", "")
                voice = node.entity.traits.get("noun", "") in self.lex.words["voices"]
                tail = "" if state and not voice else f"-{local[0][:8]}"
                slug = f"{slugify(node.entity.label)}{tail}"
                self._set(local, self.iris.entity(kind_of("AgentGroup"), slug))


class Objects(People):
    """Agreements, acts, programmes and mechanisms."""

    def _policy_objects(self) -> None:
        groups = Buckets()
        free = [n for _, n in self._free() if is_a(n.entity.type, "PolicyObject")]
        for node in sorted(free, key=lambda n: (not proper(n), n.local)):
            keys = _object_keys(node)
            for index, cluster in groups.near(keys):
                why = self._same_object(cluster, node)
                if why:
                    cluster.nodes.append(node)
                    cluster.why.append(f"{node.local[0]}/{node.entity.label}: {why}")
                    groups.note(index, [*keys, ("states", cluster.states)])
                    break
            else:
                groups.add(Cluster([node]), keys)
        taken: dict[str, Cluster] = {}
        for cluster in groups.clusters:
            wanted = self._object_slug(cluster)
            kind = kind_of(narrowest(cluster.nodes))
            signatures = sorted(
                {f"{kind}|{n.local[0]}|{n.entity.key}" for n in cluster.nodes if not proper(n)}
            )
            slug = self.register.slug(signatures, wanted) if signatures else wanted
            iri = self.iris.entity(kind, slug)
            if iri in taken:
                slug = f"{wanted}-{year_of(cluster) or digest(*cluster.nodes[0].local)[:6]}"
                iri = self.iris.entity(kind, slug)
            taken[iri] = cluster
            for node in cluster.nodes:
                self._set(node.local, iri)
            if len(cluster.nodes) > 1:
                self.log += [f"{iri}: {why}" for why in cluster.why]

    def _same_object(self, cluster: Cluster, node: Node) -> str:
        """Return why a node is the cluster's thing, or nothing."""
        first = cluster.nodes[0]
        if any(n.local[0] == node.local[0] for n in cluster.nodes) or not kin(
            first.entity.type, node.entity.type
        ):
            return ""
        if proper(first) and proper(node):
            a = telling_names(first.entity)
            b = telling_names(node.entity)
            if first.words and first.words == node.words and no_clash(cluster.states, node.states):
                return "same name"
            long = {n for n in a & b if len(n) > 5}
            return (
                f"both called {sorted(long)[0]}"
                if long and no_clash(cluster.states, node.states)
                else ""
            )
        words = first.words == node.words and len(node.words) > 1
        if words and not node.states and node.context == cluster.states:
            return "same words, and the document is about the same two states"
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
            pair = f"{node.local[0]}/{node.entity.label} and {first.entity.label}"
            self.log.append(f"rejected: {pair}: {min(near).days} days apart")
            return ""
        shared = self._closed(cluster.topics) & self._closed(node.topics) - _BROAD
        if not shared:
            return ""
        sides, fields = " ".join(sorted(node.states)), " ".join(sorted(shared)[:3])
        return f"same sides ({sides}), field ({fields}) and time"

    def _closed(self, topics: frozenset[str]) -> frozenset[str]:
        return topics.union(*(self.lex.broader.get(t, frozenset()) for t in topics))

    def _object_slug(self, cluster: Cluster) -> str:
        best = best_of(cluster.nodes)
        if proper(best):
            return slugify(best.entity.label)
        states = sorted(cluster.states)
        kind = {"MemorandumOfUnderstanding": "mou", "JointStatement": "joint-statement"}.get(
            narrowest(cluster.nodes), slugify(best.entity.label.split()[-1])
        )
        topic = self._main_topic(cluster)
        if len(states) >= 2 and topic:
            return f"{'-'.join(states[:4])}-{singular(topic)}-{kind}"
        text = slugify(best.entity.label)
        lead = "-".join(states[:3])
        local = "" if len(text.split("-")) > 2 and states else f"-{best.local[0][:8]}"
        return f"{lead + '-' if lead and lead not in text else ''}{text}{local}"


def _object_keys(node: Node) -> list[object]:
    """Return the signals of a policy object of which two that are one share at least one."""
    keys: list[object] = []
    if proper(node):
        keys += [("words", node.words), *(("name", n) for n in sorted(telling_names(node.entity)))]
    if len(node.states) > 1:
        keys.append(("states", node.states))
    elif not node.states and node.context:
        keys.append(("states", node.context))
    return keys
