"""Who is the same across documents: people, their offices and bodies."""

from __future__ import annotations

import bisect
import datetime as dt
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping

from kg.curation import Curation
from kg.model import Entity
from kg.register import Register
from kg.signals import Cluster, Local, Node, Once, is_common, singular, telling_words
from kg.spot.lexicon import Lexicon
from kg.vocab import Iris, digest, is_a, kind_of, slugify

_CENTRAL = {"federal", "union"}  # "Union Minister for Steel": no other office than the minister
_MONTH = dt.timedelta(days=31)
BROAD = frozenset(
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
        """Return the field that most documents name, the one that names tell first among equals."""
        votes: dict[str, int] = defaultdict(int)
        for node in cluster.nodes:
            for topic in node.topics:
                votes[topic] += 1
        labels = [node.entity.label.lower() for node in cluster.nodes]

        def place(topic: str) -> int:
            """Return where a name first tells of a field."""
            word = singular(self.lex.topic_labels.get(topic, topic.replace("-", " ")).lower())
            told = [at for at in (label.find(word) for label in labels) if at >= 0]
            return min(told, default=sys.maxsize)

        return min(votes, key=lambda t: (-votes[t], t in BROAD, place(t), len(t), t), default="")


class People(Ledger):
    """People, their offices and bodies."""

    def _people(self) -> None:
        """Full names merge unless they act for different states; surnames need a single match."""
        full: dict[str, list[Node]] = defaultdict(list)
        short: list[Node] = []
        for _, node in self._free():
            if node.entity.type == "Person":
                name = _without_initials(node.entity.label)
                (full[slugify(name)] if " " in name.strip() else short).append(node)
        for short_slug, long_slug in self._longer(full).items():
            full[long_slug] += full.pop(short_slug)
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

    def _longer(self, full: Mapping[str, list[Node]]) -> dict[str, str]:
        """Return names that begin the one longer name of somebody who acts for the same state."""
        found: dict[str, str] = {}
        names = sorted(full)
        for slug in reversed(names):  # the longest first, so that chains end in it
            options = []
            for other in names[bisect.bisect(names, f"{slug}-") :]:
                if not other.startswith(f"{slug}-"):
                    break
                if other not in found and _sides(full[slug]) & _sides(full[other]):
                    options.append(other)
            if len(options) == 1:
                found[slug] = options[0]
                self.log.append(f"person/{options[0]}: {slug}: the name begins it and sides agree")
        return found

    def _surname(self, node: Node, full: Mapping[str, list[Node]]) -> str:
        name = slugify(node.entity.label)
        side = node.entity.traits.get("capacity", "")
        namesakes = [n for slug, nodes in full.items() if slug.endswith(f"-{name}") for n in nodes]
        fits = [n for n in namesakes if side in {"", n.entity.traits.get("capacity") or side}]
        matches = {self.iri[n.local] for n in fits}
        if not side and not any(self._same_matter(n, node) for n in fits):
            matches = set()
        if len(matches) == 1:
            iri = matches.pop()
            named = f"{node.local[0]}/{node.entity.label}"
            why = "surname and side agree" if side else "surname, the two states and time agree"
            self.log.append(f"{iri}: {named}: {why}")
            return iri
        tail = f"{name}-{side.removeprefix('state:')}" if side else f"{name}-{node.local[0][:8]}"
        return self.iris.entity("person", tail)

    def _same_matter(self, one: Node, other: Node) -> bool:
        """Tell whether two documents are about the same two states in the same month."""
        about = [self.nodes.get((n.local[0], "doc")) for n in (one, other)]
        context = [n.context if n else frozenset() for n in about]
        near = one.issued and other.issued and abs(one.issued - other.issued) <= _MONTH
        return bool(near) and len(context[0]) > 1 and context[0] == context[1]

    def _office_slug(self, entity: Entity, doc: str) -> str:
        state = entity.traits.get("state", "").split(":")[-1]
        fields = [f for f in entity.traits.get("fields", "").split() if f not in _CENTRAL]
        body = "-".join(x for x in (entity.traits.get("head", ""), *fields) if x)
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


def _sides(nodes: Iterable[Node]) -> set[str]:
    return {side for n in nodes if (side := n.entity.traits.get("capacity", ""))}


def _without_initials(name: str) -> str:
    """Return "Gina M Raimondo" as "Gina Raimondo": documents leave middle initials out."""
    words = name.split()
    return " ".join(
        w for n, w in enumerate(words) if n in (0, len(words) - 1) or len(w.strip(".")) > 1
    )
