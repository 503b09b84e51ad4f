"""The frames of `ontology/frames`: data that say which words state which facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import yaml

from kg.errors import InputError
from kg.resources import data_dir
from kg.vocab import is_a


@dataclass(frozen=True)
class Role:
    """Where an argument stands and which classes fit it."""

    slots: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    new: str = ""
    through: bool = False
    noun: bool = False

    def fits(self, cls: str) -> bool:
        """Tell whether a class fits the role; a role without classes takes all."""
        return not self.types or any(is_a(cls, t) for t in self.types)


@dataclass(frozen=True)
class Emission:
    """One statement that a frame makes: role, predicate, role or constant, and conditions."""

    subject: str
    predicate: str
    object: str = ""
    types: tuple[str, ...] = ()
    when_role: str = ""
    when_values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Frame:
    """One entry of a frame file; the keys are explained at the head of `lifecycle.yaml`."""

    id: str
    verbs: frozenset[str] = frozenset()
    nouns: frozenset[str] = frozenset()
    particles: dict[str, frozenset[str]] = field(default_factory=dict)
    needs_word: dict[str, frozenset[str]] = field(default_factory=dict)
    theme: Role = Role()
    actor: Role = Role()
    goal: Role = Role()
    event: str = ""
    status: str = ""
    doing: str = ""
    occurs: bool = False
    done_only: bool = False
    needs: int = 0
    needs_goal: bool = False
    topics: tuple[str, ...] = ()
    emit: tuple[Emission, ...] = ()
    of: tuple[str, ...] = ()
    aim: str = ""
    modality: str = ""
    passive: bool = False
    future: bool = False
    commitment: bool = False
    tasking: bool = False
    weak: frozenset[str] = frozenset()
    plan: bool = False
    known: bool = False
    talks: bool = False
    needs_time: bool = False
    since: bool = False
    under_way: bool = False

    def triggered(self, lemma: str, particle: str, words: set[str]) -> bool:
        """Tell whether a verb with its particle and complements sets off the frame."""
        if lemma not in self.verbs:
            return False
        if lemma in self.particles and particle not in self.particles[lemma]:
            return False
        phrases = self.needs_word.get(lemma)
        return phrases is None or any(words.issuperset(phrase.split()) for phrase in phrases)


@cache
def load() -> tuple[Frame, ...]:
    """Return all frames, in the order of the files and of the entries in them.

    Raises InputError with file and entry where one cannot be understood.
    """
    frames: list[Frame] = []
    for path in sorted((data_dir("ontology") / "frames").glob("*.yaml")):
        with path.open(encoding="utf-8") as handle:
            rows = yaml.safe_load(handle) or []
        for row in rows:
            try:
                frames.append(_frame(row))
            except (KeyError, ValueError, TypeError) as error:
                raise InputError(f"{path.name}: frame {row.get('id', '?')}: {error}") from error
    return tuple(frames)


@cache
def by_verb() -> Mapping[str, Sequence[Frame]]:
    """Return the frames that a verb may set off, in their order."""
    return _by_word((frame, frame.verbs) for frame in load())


@cache
def by_noun() -> Mapping[str, Sequence[Frame]]:
    """Return the frames that a noun of doing may set off, in their order."""
    return _by_word((frame, frame.nouns) for frame in load() if frame.theme.slots)


def _by_word(pairs: Iterable[tuple[Frame, Iterable[str]]]) -> Mapping[str, Sequence[Frame]]:
    found: dict[str, list[Frame]] = {}
    for frame, words in pairs:
        for word in words:
            found.setdefault(word, []).append(frame)
    return found


def _frame(row: dict[str, Any]) -> Frame:
    known = set(_KEYS) | {"theme", "actor", "goal", "emit", "with", "particles"}
    if unknown := set(row) - known:
        raise ValueError(
            f"unknown key {sorted(unknown)[0]!r}; the keys are {', '.join(sorted(known))}"
        )
    plain = {_KEYS[k]: _plain(k, v) for k, v in row.items() if k in _KEYS}
    return Frame(
        **plain,
        particles={k: frozenset(_names(v)) for k, v in row.get("particles", {}).items()},
        needs_word={k: frozenset(_names(v)) for k, v in row.get("with", {}).items()},
        theme=_role(row.get("theme")),
        actor=_role(row.get("actor")),
        goal=_role(row.get("goal")),
        emit=tuple(_emission(line) for line in row.get("emit", [])),
    )


_KEYS = {
    "id": "id", "verbs": "verbs", "nouns": "nouns", "event": "event", "status": "status",
    "status-of-doing": "doing", "occurs": "occurs", "done-only": "done_only", "needs": "needs",
    "needs-goal": "needs_goal", "topics": "topics", "of": "of", "aim": "aim",
    "modality": "modality",
    "passive": "passive", "future": "future", "commitment": "commitment", "tasking": "tasking",
    "weak": "weak", "plan": "plan", "known": "known", "talks": "talks",
    "needs-time": "needs_time",
    "since": "since", "under-way": "under_way",
}  # fmt: skip
_SETS = {"verbs", "nouns", "weak"}
_LISTS = {"topics", "of"}


def _plain(key: str, value: Any) -> Any:
    if key in _SETS:
        return frozenset(value)
    return _names(value) if key in _LISTS else value


def _names(values: Any) -> tuple[str, ...]:
    """Return words of a list; YAML 1.1 reads "on" and "off" as truth values."""
    return tuple({True: "on", False: "off"}.get(value, value) for value in values)


def _role(row: dict[str, Any] | None) -> Role:
    if not row:
        return Role()
    return Role(
        _names(row.get("slots", ())),
        tuple(row.get("types", ())),
        row.get("new", ""),
        bool(row.get("through")),
        bool(row.get("noun")),
    )


def _emission(line: str) -> Emission:
    head, _, condition = line.partition(" when ")
    when_role, _, values = condition.partition(" is ")
    parts = head.split()
    if len(parts) == 2 and parts[1] in {"time", "end"}:
        return Emission(parts[0], parts[1])
    if len(parts) != 3:
        raise ValueError(f"cannot read the line {line!r}; write: role predicate role")
    role, _, types = parts[2].partition(":")
    return Emission(
        parts[0],
        parts[1],
        role,
        tuple(types.split("|")) if types else (),
        when_role,
        tuple(values.split("|")) if values else (),
    )
