"""The page of one thing: its names, its history, what is known, what is only said, and by whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import pyoxigraph as ox

from kg.facts import LIFECYCLE
from kg.vocab import PG, RDF, RDFS, digest, is_a
from server import words
from server.ask import Thing, ask, count, href, node, things, val
from server.claims import LATER, SAID, Said, cell, load
from server.graph import Row
from server.quoting import Quoter
from server.roles import Role, roles_of, said_roles_of
from server.words import Mark

MOST_CLAIMS = 2000  # claims shown on one page; a page says so where there are more
_TYPE, _STATUS, _WHEN, _PARTY = RDF + "type", PG + "status", PG + "when", PG + "party"
_FORCE = frozenset("in-force cancelled withdrawn expired terminated concluded".split())
_SKOS = "http://www.w3.org/2004/02/skos/core#"
# The order in which a reader wants the properties; all others follow by name.
_ORDER = {
    PG + name: place
    for place, name in enumerate(
        """status party hasSignatory signer hasParticipant eventDate startDate endDate when year
        place destination underFramework inViewOf implements supersedes signingOf launchOf
        relaunchOf enactmentOf announcementOf sessionOf subEventOf carriedOutBy jurisdiction
        obligor deliverable deadline committedUnder beneficiary holdsOffice officeOfState
        hasAim hasTopic""".split()
    )
}


@dataclass(frozen=True)
class Value:
    """One value of a property with the claims behind it."""

    thing: Thing
    mark: Mark
    modality: str
    claims: tuple[Said, ...]
    anchor: str
    contradicted: bool = False
    reason: str = ""

    @property
    def sources(self) -> int:
        """How many independent sources say it in this way: a plan does not count for a deed."""
        same = (claim.sources for claim in self.claims if claim.modality == self.modality)
        return len(frozenset().union(*same))

    @property
    def speakers(self) -> tuple[Thing, ...]:
        """Who says it, where nobody but speakers do."""
        speakers = [c.speaker for c in self.claims if c.modality == self.modality]
        return tuple(dict.fromkeys(s for s in speakers if s)) if all(speakers) else ()


@dataclass(frozen=True)
class Property:
    """A property with its values, in the order of the page."""

    iri: str
    label: str
    definition: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Point:
    """A point of the history: a stage, when, and the words that state it."""

    mark: Mark
    text: str
    date: str
    iso: str
    href: str
    sources: int
    stage: str


@dataclass(frozen=True)
class EntityPage:
    """All that the page of one thing shows."""

    iri: str
    label: str
    kind: str
    type: str
    names: tuple[str, ...]
    outside: tuple[str, ...]
    code: str
    definition: str
    facts: tuple[Property, ...]
    said: tuple[Property, ...]
    history: tuple[Point, ...]
    roles: tuple[Role, ...]
    said_roles: tuple[Role, ...]
    statements: int
    documents: int
    cut: bool
    parties: tuple[Thing, ...]
    listed: bool

    @property
    def is_agreement(self) -> bool:
        """Whether being in force is a question that can be asked of it."""
        return is_a(self.type, "Agreement")

    @property
    def in_force_unknown(self) -> bool:
        """Whether nobody has said that it came into force, or that it never will."""
        return self.is_agreement and not any(point.stage in _FORCE for point in self.history)


def entity_page(iri: str, quoter: Quoter) -> EntityPage | None:
    """Return what the graph holds about a thing, or None where it holds nothing."""
    entity = node(iri)
    names = ask("entity-names", entity=entity)
    facts = ask("entity-facts", entity=entity)
    ids = ask("claims-about", entity=entity, limit=MOST_CLAIMS + 1)
    claims = load([val(row, "claim") for row in ids[:MOST_CLAIMS]], quoter)
    roles = tuple(roles_of(iri))
    documents = count("entity-documents-count", entity=entity)
    if not (names or facts or claims or roles or documents or words.known_term(iri)):
        return None
    types = frozenset(val(row, "value") for row in names if val(row, "property") == _TYPE)
    type_ = words.narrowest(types)
    known, only_said = _sort(facts, claims, types)
    label = things([iri])[iri].label
    parties = [v.thing for p in known if p.iri == _PARTY for v in p.values]
    return EntityPage(
        iri=iri,
        label=label,
        kind=words.class_label(type_) if type_ else "",
        type=type_,
        names=_picked(names, _SKOS + "altLabel", but=label),
        outside=tuple(i for i in _picked(names, _SKOS + "exactMatch") if href(i)),
        code=next(iter(_picked(names, PG + "isoCode")), ""),
        definition=words.term_definition(iri),
        facts=known,
        said=only_said,
        history=history(claims),
        roles=roles,
        said_roles=tuple(said_roles_of(iri)),
        statements=count("claims-by-speaker-count", entity=entity),
        documents=documents,
        cut=len(ids) > MOST_CLAIMS,
        parties=tuple(p for p in parties if is_a(p.type, "State")),
        listed=any(val(row, "property") == RDFS + "label" for row in names),
    )


def _picked(names: Iterable[Row], predicate: str, but: str = "") -> tuple[str, ...]:
    found = [val(row, "value") for row in names if val(row, "property") == predicate]
    return tuple(dict.fromkeys(name for name in found if name != but))


def _sort(
    facts: Iterable[Row], claims: Iterable[Said], types: frozenset[str]
) -> tuple[tuple[Property, ...], tuple[Property, ...]]:
    """Part the claims into those behind facts and those that are only said."""
    by_key: dict[tuple[str, str], list[Said]] = {}
    for claim in claims:
        by_key.setdefault(claim.key, []).append(claim)
    rows = _without_doubled_times(list(facts), by_key)
    nodes = {r["object"].value for r in rows if isinstance(r["object"], ox.NamedNode)}
    named = things(nodes)
    known: dict[str, list[Value]] = {}
    for row in rows:
        key = (val(row, "predicate"), str(row["object"]))
        behind = tuple(by_key.pop(key, ()))
        inferred = val(row, "graph").endswith("/inferred") and not behind
        known.setdefault(key[0], []).append(
            _value(cell(row["object"], named), behind, key, "inferred" if inferred else "actual")
        )
    _kind_claims(by_key, known, types)
    said = _only_said(by_key, known)
    return _properties(known), _properties(said)


def _without_doubled_times(rows: list[Row], by_key: Mapping[tuple[str, str], object]) -> list[Row]:
    """Leave out the time spans that only repeat an exact day or year, and a fact seen twice."""
    exact = any(val(row, "predicate") in {PG + "eventDate", PG + "year"} for row in rows)
    kept: dict[tuple[str, str], Row] = {}
    for row in rows:
        key = (val(row, "predicate"), str(row["object"]))
        if not (exact and key[0] == _WHEN and key not in by_key):
            kept.setdefault(key, row)
    return list(kept.values())


def _kind_claims(
    by_key: dict[tuple[str, str], list[Said]],
    known: dict[str, list[Value]],
    types: frozenset[str],
) -> None:
    """Show the words behind the kinds of the thing: kinds are facts that stand with the names."""
    for key in [key for key in by_key if key[0] == _TYPE and key[1].strip("<>") in types]:
        if behind := tuple(claim for claim in by_key[key] if claim.modality == "actual"):
            known.setdefault(_TYPE, []).append(_value(behind[0].object, behind, key, "actual"))
            by_key[key] = [claim for claim in by_key[key] if claim not in behind]


def _only_said(
    by_key: Mapping[tuple[str, str], list[Said]], known: dict[str, list[Value]]
) -> dict[str, list[Value]]:
    """Return the rest by property; earlier stages of the status belong to what is known."""
    said: dict[str, list[Value]] = {}
    for key, claims in by_key.items():
        denied = any(claim.modality == "negated" for claim in claims)
        for modality in dict.fromkeys(claim.modality for claim in claims):
            group = tuple(claim for claim in claims if claim.modality == modality)
            earlier = any(claim.reason.startswith(LATER) for claim in group)
            value = _value(group[0].object, group, (*key, modality), modality, established=earlier)
            if denied and modality != "negated":
                value = replace(value, contradicted=True)
            (known if earlier else said).setdefault(key[0], []).append(value)
    return said


def _value(
    thing: Thing,
    claims: tuple[Said, ...],
    key: tuple[str, ...],
    modality: str,
    established: bool | None = None,
) -> Value:
    mark = words.claim_mark(modality, key[0], thing.iri)
    if established is False and modality == "actual":
        mark = SAID
    reasons = dict.fromkeys(claim.reason for claim in claims if claim.reason)
    denied = any(claim.modality == "negated" for claim in claims) and modality != "negated"
    return Value(
        thing=thing,
        mark=mark,
        modality="actual" if modality == "inferred" else modality,
        claims=claims,
        anchor=f"f-{digest(*key)}",
        contradicted=denied or any(claim.contradicts for claim in claims),
        reason="; ".join(reasons) if established is not None else "",
    )


def _properties(found: Mapping[str, list[Value]]) -> tuple[Property, ...]:
    def place(iri: str) -> tuple[int, str]:
        return _ORDER.get(iri, len(_ORDER)), words.term_label(iri)

    return tuple(
        Property(iri, words.term_label(iri), words.term_definition(iri), tuple(found[iri]))
        for iri in sorted(found, key=place)
        if iri != RDFS + "label"
    )


def history(claims: Iterable[Said]) -> tuple[Point, ...]:
    """Return the stages that claims report of a thing, in order of time."""
    stages: dict[tuple[str, str, str], list[Said]] = {}
    for claim in claims:
        if claim.predicate == _STATUS:
            status = claim.object.iri.rsplit("/", 1)[-1]
            date = claim.as_of or claim.said or claim.issued
            stages.setdefault((date, status, claim.modality), []).append(claim)

    def order(key: tuple[str, str, str]) -> tuple[str, int]:
        return key[0], LIFECYCLE.index(key[1]) if key[1] in LIFECYCLE else -1

    return tuple(_point(*key, stages[key]) for key in sorted(stages, key=order))


def _point(date: str, status: str, modality: str, claims: list[Said]) -> Point:
    first = claims[0]
    text = words.status_words(status, modality)
    day = words.parse_day(date)
    shown = words.day(day) if day else ""
    ahead = status in words.OPEN_STATUS or modality != "actual"
    if ahead:
        text = f"said {shown}: {text}" if shown else f"said: {text}"
    elif shown:
        text = f"{text} {shown}" if first.as_of else f"{text}, reported {shown}"
    settled = not first.reason or first.reason.startswith(LATER)
    known = settled or modality != "actual"
    mark = words.claim_mark(modality, _STATUS, status) if known else SAID
    sources = frozenset().union(*(claim.sources for claim in claims))
    link = first.quotes[0].href if first.quotes else ""
    return Point(
        mark,
        text,
        shown,
        date,
        link,
        len(sources),
        status if settled and modality == "actual" else "",
    )
