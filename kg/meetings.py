"""Events across documents: one signing told by many, one meeting dated by one of them."""

from __future__ import annotations

import datetime as dt

from kg.resolve import Objects
from kg.signals import (
    WEEKDAYS,
    Buckets,
    Cluster,
    Node,
)
from kg.vocab import digest, is_a, slugify

_UNIQUE = {"Signing", "Enactment", "EntryIntoForce", "Launch", "Adoption"}


class Events(Objects):
    """Events of policy objects, meetings, visits and statements."""

    def _events(self) -> None:
        free = [n for _, n in self._free() if is_a(n.entity.type, "Event")]
        rest: list[Node] = []
        for node in free:
            theme = node.entity.traits.get("theme", "") or node.theme
            local = (node.local[0], theme)
            if (theme and local in self.iri and is_a(node.entity.type, "LifecycleEvent")) or (
                node.entity.type in {"Announcement", "Tasking"} and local in self.iri
            ):
                self._set(
                    node.local, self.iris.entity("event", self._event_slug(node, self.iri[local]))
                )
            else:
                rest.append(node)
        groups = Buckets()
        for node in sorted(rest, key=lambda n: (n.day is None, n.local)):
            keys = self._event_keys(node)
            near = ((i, c) for i, c in groups.near(keys) if self._same_event(c, node))
            index, home = next(near, (-1, None))
            if home:
                home.nodes.append(node)
                groups.note(index, [*keys, (node.entity.type, home.states)])
                why = f"same kind, sides and time as {home.nodes[0].entity.label}"
                home.why.append(f"{node.local[0]}/{node.entity.label}: {why}")
            else:
                groups.add(Cluster([node]), keys)
        taken: set[str] = set()
        for cluster in groups.clusters:
            wanted = self._meeting_slug(cluster)
            if wanted in taken:
                wanted = f"{wanted}-{digest(*cluster.nodes[0].local)[:6]}"
            signatures = sorted(f"event|{n.local[0]}|{n.entity.key}" for n in cluster.nodes)
            slug = self.register.slug(signatures, wanted)
            taken.add(slug)
            for node in cluster.nodes:
                self._set(node.local, self.iris.entity("event", slug))
            self.log += [f"{self.iris.entity('event', slug)}: {why}" for why in cluster.why]

    def _event_keys(self, node: Node) -> list[object]:
        kind = node.entity.type
        frame = self.iri.get((node.local[0], node.framework), "")
        keys: list[object] = [(kind, frame)] if frame else []
        return [*keys, (kind, node.states)] if len(node.states) > 1 else keys

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
        frame = self.iri.get((node.local[0], node.framework), "")
        session = frame and frame in {
            self.iri.get((n.local[0], n.framework)) for n in cluster.nodes
        }
        if not session and (cluster.states != node.states or len(node.states) < 2):
            return False
        days = [n.day for n in cluster.nodes if n.day]
        if node.day and days:
            return min(abs(d - node.day) for d in days) <= dt.timedelta(days=3)
        if node.weekdays and days:
            fits = any(WEEKDAYS[d.weekday()] in node.weekdays for d in days)
            return fits and bool(session or first.words & node.words)
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
