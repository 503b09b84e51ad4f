"""One thing, one node: entities of many documents to one address each.

Names decide where there are names; unnamed agreements and meetings merge only where several
signals agree (sides, field, kind, time). Each merge and each rejected candidate is logged.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from kg.copies import copies
from kg.curation import Curation
from kg.meetings import Events
from kg.model import Claim, Document, Entity, Evidence, Extraction, Linked, TimeRef
from kg.outline import Outline
from kg.packed import outline_of
from kg.register import Register
from kg.signals import (
    WEEKDAYS,
    Cluster,
    Node,
    best_of,
    narrowest,
    one_number,
    open_weekday,
    proper,
    singular,
    told_day,
)
from kg.spot.lexicon import load
from kg.vocab import CONCEPTS, Iris, digest, is_a, slugify

__all__ = ["Register", "link"]


def link(
    documents: Sequence[Document],
    extractions: Sequence[Extraction],
    register: Register,
    iris: Iris,
    curation: Curation | None = None,
) -> Linked:
    """Give every entity of every document its address.

    The result depends on the set of documents, the register and the curation only, not on order.
    """
    linker = _Linker(iris, register, load(), curation)
    place = {document.id: at for at, document in enumerate(documents)}
    prints: dict[str, tuple[int, ...]] = {}
    for ident in sorted(place):
        known = outline_of(extractions, place[ident])
        linker.gather(documents[place[ident]], known)
        prints[ident] = known.fingerprint
    issued = {document.id: document.date for document in documents}
    linked = linker.run(issued, lambda ident: extractions[place[ident]])
    return replace(linked, copies=copies(prints, linked.issued))


class _Linker(Events):
    # --- features -------------------------------------------------------------------------

    def gather(self, document: Document, known: Outline) -> None:
        """Take up a document's entities with what its claims tell of them."""
        if known.weekdays:
            self.open_days[document.id] = known.weekdays
        self.nodes |= {node.local: node for node in known.linkable(document.date, self.once)}

    # --- order of work: what others depend on comes first ---------------------------------

    def run(
        self, issued: Mapping[str, dt.date | None], read: Callable[[str], Extraction]
    ) -> Linked:
        """Link kind by kind and return the result."""
        for local, node in self.nodes.items():
            if node.entity.key == "doc":
                self.iri[local] = self.iris.doc(local[0])
            elif node.entity.type == "Topic":
                tail = node.entity.traits.get("topic", "")
                tail = one_number(tail or slugify(node.entity.label), self.lex)
                base = CONCEPTS if tail in self.lex.topic_labels else self.iris.base
                self._set(local, f"{base}topic/{tail}")
        self._named(
            lambda e: "authority" in e.traits or is_a(e.type, "Polity"),
            lambda e, _: slugify(e.label),
        )
        self._people()
        self._named(lambda e: e.type == "Office", self._office_slug)
        self._organizations()
        self._crowds()
        self._policy_objects()
        self._curate()
        self._events()
        self._named(lambda e: True, lambda e, _: slugify(e.label))
        self._curate()
        self.log += self.curation.unused()
        days = self._resolve_days(read)
        issued = {doc: day or days.get(doc, (None, None))[0] for doc, day in issued.items()}
        added = self._added(read, days)
        dated = self._dated(read, added)
        return Linked(self.iri, self._things(), added, dated, tuple(self.log), issued)

    # --- days across documents ------------------------------------------------------------

    def _resolve_days(
        self, read: Callable[[str], Extraction]
    ) -> dict[str, tuple[dt.date, Evidence]]:
        """Find the day of a document that says only "on Friday" of an event another one dates."""
        events = {self.iri[doc, key] for doc, keys in self.open_days.items() for key in keys}
        dated: dict[str, list[tuple[dt.date, Claim]]] = defaultdict(list)
        tellers = {node.local for iri in events for node in self.clusters[iri].nodes}
        for doc in sorted({doc for doc, _ in tellers}):
            for claim in read(doc).claims:
                if (doc, claim.subject) in tellers and (day := told_day(claim)):
                    dated[self.iri[doc, claim.subject]].append((day, claim))
        found: dict[str, tuple[dt.date, Evidence]] = {}
        for doc, keys in self.open_days.items():
            options: dict[dt.date, Evidence] = {}
            for key, words in keys.items():
                for day, source in dated.get(self.iri[doc, key], []):
                    if source.doc != doc and WEEKDAYS[day.weekday()] in words:
                        options[day] = source.evidence[0]
            if len(options) == 1:
                found[doc] = next(iter(options.items()))
        return found

    def _added(
        self, read: Callable[[str], Extraction], days: Mapping[str, tuple[dt.date, Evidence]]
    ) -> tuple[Claim, ...]:
        added = []
        for doc, (day, evidence) in sorted(days.items()):
            for claim in read(doc).claims:
                if not open_weekday(claim) or not isinstance(claim.object, TimeRef):
                    continue
                if claim.object.text.lower().split()[-1] != WEEKDAYS[day.weekday()]:
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

    def _dated(
        self, read: Callable[[str], Extraction], added: tuple[Claim, ...]
    ) -> dict[str, Claim]:
        """Return the status claims whose event has got its day from another document."""
        days = {
            (c.doc, c.evidence[0].span, c.rule.split(".")[0]): c.object.day
            for c in added
            if isinstance(c.object, TimeRef)
        }
        found = {}
        for doc in sorted({c.doc for c in added}):
            for claim in read(doc).claims:
                day = days.get((claim.doc, claim.evidence[0].span, claim.rule))
                if day and claim.predicate == "pg:status" and claim.as_of is None:
                    found[claim.id] = replace(claim, as_of=day)
        return found

    # --- what is shown --------------------------------------------------------------------

    def _things(self) -> dict[str, Entity]:
        things = {}
        for iri, cluster in self.clusters.items():
            best = best_of(cluster.nodes)
            cls = narrowest(cluster.nodes)
            names = {
                n: None for node in cluster.nodes for n in (node.entity.label, *node.entity.names)
            }
            traits: dict[str, str] = {}
            for node in cluster.nodes:
                traits |= node.entity.traits
            label = self._label(cluster, best, cls)
            others = tuple(n for n in sorted(names) if n != label)
            things[iri] = Entity(iri, cls, label, others, self.once.traits(traits))
        return things

    def _label(self, cluster: Cluster, best: Node, cls: str) -> str:
        if is_a(cls, "LifecycleEvent") and (
            theme := self.iri.get((best.local[0], best.entity.traits.get("theme", "")))
        ):
            other = self.clusters.get(theme)
            if other and is_a(narrowest(other.nodes), "PolicyObject"):
                noun = re.sub(r"(?<!^)([A-Z])", r" \1", cls).lower()
                name = self._label(other, best_of(other.nodes), narrowest(other.nodes))
                return f"{noun} of the {name}"
        if proper(best) or not is_a(cls, "Agreement"):
            return best.entity.label
        topic = self._main_topic(cluster)
        names = [k.name for s in sorted(cluster.states) for k in self._state(s)]
        if len(names) >= 2 and topic:
            noun = {"MemorandumOfUnderstanding": "MoU"}.get(cls, best.entity.label.split()[-1])
            field = self.lex.topic_labels.get(topic, topic.replace("-", " "))
            return f"{'–'.join(names[:4])} {singular(field)} {noun}"
        return best.entity.label

    def _state(self, iso: str) -> list:  # type: ignore[type-arg]
        return [k for k in self.lex.names.values() if k.id == iso][:1]
