"""Who gains, owes or wants: agents of the document, else the unnamed group that a noun means."""

from __future__ import annotations

from typing import Any

from kg.claim.draft import Draft
from kg.claim.engine import Engine
from kg.claim.refer import Referents
from kg.vocab import is_a


class Agents:
    """Resolves nouns to agents, unnamed groups included."""

    def __init__(self, draft: Draft, refer: Referents, engine: Engine) -> None:
        self.draft, self.refer, self.engine = draft, refer, engine

    def agent(self, token: Any) -> list[str]:
        """Return the agents that a noun names: known ones, else the group that it describes."""
        found = self._known(token)
        if not found and self.engine.paragraph.chunks[token.i] is None:
            found = self.refer.group(token)
        for child in token.children if not found else ():
            # "a farmers' group, the Forum": the name stands behind.
            if child.dep_ == "appos" and self.engine.paragraph.chunks[child.i] is not None:
                found += self._known(child)
        return found

    def _known(self, token: Any) -> list[str]:
        return [k for k in self.refer.one(token) if is_a(self.draft.things[k].cls, "Agent")]
