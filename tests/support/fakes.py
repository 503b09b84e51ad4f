"""A store that keeps its releases in memory: stands where a remote one will stand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pyoxigraph as ox

from kg.errors import CheckFailed, LockedError
from kg.model import Release, Report
from kg.store import Change, Gate, Result, checksum


class FakeStage:
    """A copy in memory."""

    def __init__(self, owner: FakeStore) -> None:
        self.owner = owner
        self.before = owner.states[-1] if owner.states else None
        self.store = ox.Store()
        self.store.extend(self.before or ())

    def publish(self, note: str, kind: str = "update", report: Report | None = None) -> Release:
        """Append the copy to the states of the owner."""
        self.owner.states.append(self.store)
        number = len(self.owner.states)
        return Release(number, f"2031-01-01T00:00:{number:02d}+00:00", note)


class FakeStore:
    """Implements `kg.store.Store`; `states` are the published graphs."""

    def __init__(self) -> None:
        self.states: list[ox.Store] = []
        self.busy = False

    def query(self, text: str) -> Result:
        """Answer from the last state."""
        return self.states[-1].query(text, use_default_graph_as_union=True)

    @contextmanager
    def stage(self) -> Iterator[FakeStage]:
        """Yield a copy."""
        if self.busy:
            raise LockedError("somebody is writing")
        self.busy = True
        try:
            yield FakeStage(self)
        finally:
            self.busy = False

    def publish(self, change: Change, note: str = "", *, gate: Gate | None = None) -> Release:
        """Change, check, append."""
        with self.stage() as stage:
            change(stage.store)
            report = gate(stage.store) if gate else Report()
            if not report.ok:
                raise CheckFailed(report.findings[0].message)
            return stage.publish(note, report=report)

    def sum(self) -> str:
        """Return the checksum of the last state."""
        return checksum(self.states[-1])
