"""One thing, one node: entities of many documents to one address each.

Names decide where there are names; unnamed agreements and meetings merge only where several
signals agree (sides, field, kind, time). Each merge and each rejected candidate is logged.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from kg.copies import copies
from kg.curation import Curation
from kg.meetings import Events
from kg.model import Claim, Document, Entity, Evidence, Extraction, Linked, TimeRef
from kg.register import Register
from kg.signals import (
    HOME,
    PARTY,
    THEME,
    WEEKDAYS,
    WHO,
    Cluster,
    Facts,
    Node,
    best_of,
    label_words,
    narrowest,
    open_weekday,
    proper,
    singular,
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
    pairs = sorted(zip(documents, extractions, strict=True), key=lambda p: p[0].id)
    for document, extraction in pairs:
        linker.gather(document, extraction)
    linked = linker.run({d.id: d for d, _ in pairs}, {e.doc: e for _, e in pairs})
    return replace(linked, copies=copies(extractions, linked.issued))


class _Linker(Events):
    # --- features -------------------------------------------------------------------------

    def gather(self, document: Document, extraction: Extraction) -> None:
        """Collect the features of a document's entities from its claims."""
        facts = Facts(extraction)
        entities = {e.key: e for e in extraction.entities}
        for entity in extraction.entities:
            local = (document.id, entity.key)
            states = set(entity.traits.get("states", "").split())
            states |= {
                k.split(":", 1)[1]
                for k in facts.ends(entity.key, PARTY)
                if k.startswith(("state:", "polity:"))
            }
            states |= {facts.side[k] for k in facts.ends(entity.key, PARTY) if k in facts.side}
            theme = next(iter(facts.ends(entity.key, THEME)), "")
            if theme and not states and theme in entities:
                states |= set(entities[theme].traits.get("states", "").split())
            self.nodes[local] = Node(
                local,
                entity,
                frozenset(states),
                frozenset(
                    k.removeprefix("topic:") for k in facts.ends(entity.key, {"pg:hasTopic"})
                ),
                frozenset(label_words(entity.label, self.lex)),
                frozenset(entity.traits.get("context", "").split()),
                next(iter(facts.ends(entity.key, {"pg:sessionOf"})), ""),
                facts.day.get(entity.key),
                document.date,
                theme,
                frozenset(facts.ends(entity.key, WHO)),
                frozenset(facts.weekdays.get(entity.key, ())),
                next((k.split(":", 1)[1] for k in facts.ends(entity.key, HOME)), ""),
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
        days = self._resolve_days(extractions)
        issued = {d: documents[d].date or days.get(d, (None, None))[0] for d in documents}
        added = self._added(extractions, days)
        dated = self._dated(extractions, added)
        return Linked(self.iri, self._things(), added, dated, tuple(self.log), issued)

    # --- people and offices ---------------------------------------------------------------

    # --- policy objects -------------------------------------------------------------------

    # --- events ---------------------------------------------------------------------------

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
                if open_weekday(claim):
                    word = claim.object.text.lower().split()[-1]  # type: ignore[union-attr]
                    for day, source in dated.get(self.iri[doc, claim.subject], []):
                        if source.doc != doc and WEEKDAYS[day.weekday()] == word:
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
        self, extractions: Mapping[str, Extraction], added: tuple[Claim, ...]
    ) -> dict[str, Claim]:
        """Return the status claims whose event has got its day from another document."""
        days = {
            (c.doc, c.evidence[0].span, c.rule.split(".")[0]): c.object.day
            for c in added
            if isinstance(c.object, TimeRef)
        }
        found = {}
        for extraction in extractions.values():
            for claim in extraction.claims:
                day = days.get((claim.doc, claim.evidence[0].span, claim.rule))
                if day and claim.predicate == "pg:status" and claim.as_of is None:
                    found[claim.id] = replace(claim, as_of=day)
        return found

    # --- what is shown --------------------------------------------------------------------

    def _things(self) -> dict[str, Entity]:
        things = {}
        for iri, cluster in self.clusters.items():
            best = best_of(cluster.nodes)
            names = {
                n: None for node in cluster.nodes for n in (node.entity.label, *node.entity.names)
            }
            traits: dict[str, str] = {}
            for node in cluster.nodes:
                traits |= node.entity.traits
            cls = narrowest(cluster.nodes)
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
            return (
                f"{'–'.join(names[:4])} {singular(self.lex.topic_labels.get(topic, topic))} {noun}"
            )
        return best.entity.label

    def _state(self, iso: str) -> list:  # type: ignore[type-arg]
        return [k for k in self.lex.names.values() if k.id == iso][:1]
