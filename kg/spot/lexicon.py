"""The word lists under `ontology/lexicons`, loaded once and held as plain tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import yaml

from kg.resources import data_dir
from kg.vocab import DEFAULT_BASE, is_a, ontology_quads

_SKOS = "http://www.w3.org/2004/02/skos/core#"


@dataclass(frozen=True)
class Known:
    """An entry of the authority file: a class, a preferred name and what is known of it."""

    id: str
    type: str
    name: str
    traits: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Head:
    """A head noun: the class that it names, and whether lower-case uses refer to a thing."""

    words: tuple[str, ...]
    cls: str
    named: bool
    described: bool
    rank: int


@dataclass(frozen=True)
class Lexicon:
    """All word lists; keys are as written for names, lower case for words."""

    names: dict[str, Known]  # exact spelling → thing (states, blocs, bodies, acts, news)
    demonyms: dict[str, Known]
    seats: dict[str, Known]  # capital or metonym → state, only where it acts
    places: dict[str, Known]  # city → state it lies in
    heads: dict[tuple[str, ...], tuple[Head, ...]]
    head_ends: frozenset[str]  # last words of the heads
    office_heads: tuple[tuple[str, ...], ...]
    offices: dict[str, frozenset[str]]
    words: dict[str, frozenset[str]]
    modals: dict[str, str]
    topics: dict[tuple[str, ...], str]  # lower-case words → topic IRI tail
    topic_labels: dict[str, str]
    broader: dict[str, frozenset[str]]
    regions: frozenset[str]
    weak: frozenset[str]  # spellings that are often something else (a surname, another place)
    actions: frozenset[str]
    given: frozenset[str]  # given names, as signs of people
    family_first: frozenset[str]  # family names that stand before the given name
    endings: frozenset[str]  # last words of names of bodies and buildings, lower case
    only_in: dict[str, frozenset[str]]  # office → codes of the states that alone have it
    never_in: dict[str, frozenset[str]]  # office → codes of states that have none
    phrases: dict[tuple[str, ...], str]  # lower-case words → the one word that the parser sees

    @cached_property
    def longest_topic(self) -> int:
        """The number of words of the longest name of a topic."""
        return max(map(len, self.topics), default=1)

    @cached_property
    def head_sizes(self) -> dict[str, int]:
        """The number of words of the longest head that begins with a word."""
        return _sizes(self.heads)

    @cached_property
    def phrase_sizes(self) -> dict[str, int]:
        """The number of words of the longest phrase that begins with a word."""
        return _sizes(self.phrases)

    @cached_property
    def described(self) -> frozenset[str]:
        """The heads of one word that a description of a policy object may have."""
        return frozenset(
            words[0]
            for words, heads in self.heads.items()
            if len(words) == 1 and any(h.described and is_a(h.cls, "PolicyObject") for h in heads)
        )

    @cached_property
    def by_id(self) -> dict[str, Known]:
        """The entries of the authority file by their ids; the first of a name wins."""
        found: dict[str, Known] = {}
        for known in self.names.values():
            found.setdefault(known.id, known)
        return found

    def state(self, word: str) -> Known | None:
        """Return the polity that a name, demonym or adjective stands for."""
        return self.names.get(word) if self._polity(word) else self.demonyms.get(word)

    @cached_property
    def words_apart(self) -> Callable[[str], tuple[str, ...]]:
        """The words of a name without the names and adjectives of polities in it.

        Names are asked for again and again, so the latest answers are kept.
        """
        return lru_cache(20_000)(self._words_apart)

    def _words_apart(self, label: str) -> tuple[str, ...]:
        words = re.findall(r"[\w&.]+", re.sub(r"['’]s\b", "", label.replace("-", " ")))
        kept: list[str] = []
        i = 0
        while i < len(words):
            size = next((n for n in (4, 3, 2, 1) if self.state(" ".join(words[i : i + n]))), 0)
            if not size:
                kept.append(words[i].strip("."))
            i += size or 1
        return tuple(w for w in kept if w)

    def _polity(self, word: str) -> bool:
        known = self.names.get(word)
        return known is not None and known.type in POLITIES


def _sizes(table: Iterable[tuple[str, ...]]) -> dict[str, int]:
    sizes: dict[str, int] = {}
    for words in table:
        sizes[words[0]] = max(sizes.get(words[0], 1), len(words))
    return sizes


POLITIES = frozenset({"State", "Bloc", "SubnationalState"})


def _load(name: str) -> Any:
    path = data_dir("ontology") / "lexicons" / f"{name}.yaml"
    return _parse(path) if path.is_file() else []


def _parse(path: Path) -> Any:
    with path.open(encoding="utf-8") as handle:
        return yaml.load(handle, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)) or []


@cache
def load() -> Lexicon:
    """Return the word lists of this installation."""
    names, demonyms, seats, places = _authority()
    words = _load("words") or {}
    modals = words.pop("modal", {})
    offices = _load("offices") or {}
    people = _load("people") or {}
    phrases = _load("phrases") or {}
    institutions = _load("institutions") or {}
    topics, labels, broader = _topics()
    heads = _heads()
    return Lexicon(
        names=names,
        demonyms=demonyms,
        seats=seats,
        places=places,
        heads=heads,
        head_ends=frozenset(key[-1] for key in heads),
        office_heads=tuple(
            sorted((tuple(h.split()) for h in offices.get("heads", [])), key=len, reverse=True)
        ),
        offices={k: frozenset(v) for k, v in offices.items()},
        words={k: frozenset(v) for k, v in words.items()},
        modals=modals,
        topics=topics,
        topic_labels=labels,
        broader=broader,
        regions=frozenset(_load("regions")),
        weak=frozenset(
            name
            for kind in ("countries", "territories", "subnational", "blocs")
            for row in _load(kind)
            for name in row.get("weak", [])
        ),
        actions=frozenset(words.get("actions", [])),
        given=frozenset(people.get("given", [])),
        family_first=frozenset(people.get("family_first", [])),
        endings=frozenset(words.get("endings", [])),
        only_in={k: frozenset(v) for k, v in institutions.get("only_in", {}).items()},
        never_in={k: frozenset(v) for k, v in institutions.get("never_in", {}).items()},
        phrases={tuple(re.findall(r"\w+|-", k)): v for k, v in phrases.items()},
    )


def _authority() -> tuple[dict[str, Known], dict[str, Known], dict[str, Known], dict[str, Known]]:
    """Return names, demonyms, seats of governments and places of the authority lists."""
    names: dict[str, Known] = {}
    demonyms: dict[str, Known] = {}
    seats: dict[str, Known] = {}
    places: dict[str, Known] = {}
    by_iso: dict[str, Known] = {}
    for row in [*_load("countries"), *_load("territories")]:
        known = Known(row["iso"], "State", row["name"], {"iso": row["iso"], **_wikidata(row)})
        by_iso[row["iso"]] = known
        _enter(row, known, names, demonyms)
        for seat in [*row.get("capitals", []), *row.get("metonyms", [])]:
            seats.setdefault(seat, known)
        for house in row.get("houses", []):
            body = Known(f"house:{house}", "PublicBody", house, {"state": row["iso"]})
            seats.setdefault(house, body)
        for city in row.get("capitals", []):
            places.setdefault(city, known)
    for row in _load("subnational"):
        known = Known(row["code"], "SubnationalState", row["name"], {"state": row["state"]})
        _enter(row, known, names, demonyms)
    for row in _load("blocs"):
        known = Known(
            row["id"],
            row["type"],
            row["name"],
            {"members": " ".join(row.get("members", [])), "of": row.get("of", "")},
        )
        _enter(row, known, names, demonyms)
        for seat in row.get("seats", []):
            seats[seat] = known  # "Brussels agreed" is the Union, whose seat it is
    for kind in ("news", "bodies", "acts"):
        for row in _load(kind):
            _enter(row, _organisation(kind, row), names, demonyms)
    for row in _load("cities"):
        for name in [row["name"], *row.get("aliases", [])] if row["country"] in by_iso else []:
            places.setdefault(name, by_iso[row["country"]])
    return names, demonyms, seats, places


def _wikidata(row: dict[str, Any]) -> dict[str, str]:
    return (
        {"wikidata": f"http://www.wikidata.org/entity/{row['wikidata']}"}
        if row.get("wikidata")
        else {}
    )


def _enter(
    row: dict[str, Any], known: Known, names: dict[str, Known], demonyms: dict[str, Known]
) -> None:
    for name in [row["name"], *row.get("aliases", [])]:
        names.setdefault(name, known)
    for name in row.get("weak", []):
        names.setdefault(name, known)
    for word in row.get("demonyms", []):
        demonyms.setdefault(word, known)


def _organisation(kind: str, row: dict[str, Any]) -> Known:
    traits: dict[str, str] = {
        k: str(row[k]) for k in ("jurisdiction", "year", "of", "sector") if k in row
    }
    if "country" in row:
        traits["state"] = row["country"]
    if kind == "news":
        traits["kind"] = row.get("kind", "outlet")
    cls = "NewsOrganization" if kind == "news" else row["type"]
    return Known(f"{kind}:{row['name']}", cls, row["name"], traits | _wikidata(row))


def _heads() -> dict[tuple[str, ...], tuple[Head, ...]]:
    table: dict[tuple[str, ...], list[Head]] = {}
    for row in _load("heads"):
        for text in row["heads"]:
            key = tuple(text.split())
            head = Head(
                key,
                row["class"],
                row.get("named", True),
                row.get("described", False),
                row.get("rank", 1),
            )
            table.setdefault(key, []).append(head)
    return {key: tuple(sorted(rows, key=lambda h: -h.rank)) for key, rows in table.items()}


def _topics() -> tuple[dict[tuple[str, ...], str], dict[str, str], dict[str, frozenset[str]]]:
    root = DEFAULT_BASE + "topic/"
    phrases: dict[tuple[str, ...], str] = {}
    labels: dict[str, str] = {}
    broader: dict[str, set[str]] = {}
    for quad in ontology_quads():
        subject, name = getattr(quad.subject, "value", ""), quad.predicate.value.removeprefix(_SKOS)
        if not subject.startswith(root):
            continue
        tail = subject[len(root) :]
        if name in {"prefLabel", "altLabel"} and isinstance(quad.object, ox.Literal):
            # "IT" is a field and "it" is not: short capitals count as they are written.
            word = quad.object.value
            short = word.isupper() and len(word) <= 4
            key = (word,) if short else tuple(word.lower().replace("-", " ").split())
            if name == "prefLabel":
                labels[tail] = quad.object.value
                phrases[key] = tail
            else:
                phrases.setdefault(key, tail)
        elif name == "broader" and isinstance(quad.object, ox.NamedNode):
            broader.setdefault(tail, set()).add(quad.object.value.removeprefix(root))
    return phrases, labels, {k: frozenset(v) for k, v in broader.items()}
