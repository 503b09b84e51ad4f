"""Money: what a sentence adds to the things that its frames have found."""

from __future__ import annotations

from typing import Any

from kg.claim.draft import Draft
from kg.claim.engine import Engine
from kg.claim.things.refer import Referents
from kg.claim.what.sums import Sums
from kg.claim.who.belonging import Belonging
from kg.claim.who.running import Running


class Extras:
    """Reads sums of money."""

    def __init__(self, draft: Draft, refer: Referents, engine: Engine) -> None:
        self.draft, self.refer, self.engine = draft, refer, engine
        self.sums = Sums(draft, refer, engine)
        self.belonging = Belonging(draft, refer, engine)
        self.running = Running(draft, refer, engine)

    def sentence(self, sentence: Any) -> None:
        """Read one sentence after frames, aims and undertakings."""
        self.sums.sentence(sentence)
        self.belonging.sentence(sentence)
        self.running.sentence(sentence)
