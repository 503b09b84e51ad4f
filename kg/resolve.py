"""What is the same across documents: agreements, acts, programmes and mechanisms."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from kg.actors import BROAD, People
from kg.signals import (
    Buckets,
    Cluster,
    Node,
    best_of,
    kin,
    narrowest,
    no_clash,
    proper,
    singular,
    telling_names,
    year_of,
)
from kg.vocab import digest, is_a, kind_of, slugify

_NEAR = dt.timedelta(days=62)  # further apart, the same sides and field mean another round


class Objects(People):
    """Agreements, acts, programmes and mechanisms."""

    unnamed: Counter[tuple[str, frozenset[str]]]  # agreements without a name, by document and sides

    def _policy_objects(self) -> None:
        groups = Buckets()
        free = [n for _, n in self._free() if is_a(n.entity.type, "PolicyObject")]
        self.unnamed = Counter(
            (n.local[0], n.states)
            for n in free
            if is_a(n.entity.type, "Agreement") and not proper(n)
        )
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
        if not kin(first.entity.type, node.entity.type):
            return ""
        if before := [n for n in cluster.nodes if n.local[0] == node.local[0]]:
            return self._told_again(before, node)
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
        shared = self._closed(cluster.topics) & self._closed(node.topics) - BROAD
        if not shared:
            return ""
        sides, fields = " ".join(sorted(node.states)), " ".join(sorted(shared)[:3])
        return f"same sides ({sides}), field ({fields}) and time"

    def _told_again(self, before: list[Node], node: Node) -> str:
        """Return why a thing is one that its document told before: somebody says it in a quote."""
        if len(before) > 1 or proper(before[0]) or proper(node) or before[0].quoted == node.quoted:
            return ""
        one, two = before[0], node
        fields = self._closed(one.topics) & self._closed(two.topics) - BROAD
        days = {one.day, two.day} - {None}
        if len(one.states) < 2 or one.states != two.states or not fields or len(days) > 1:
            return ""
        alike = self.unnamed[node.local[0], node.states]
        return "a quotation of the same document tells it again" if alike == 2 else ""

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
