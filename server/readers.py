"""Who asks which query processes: everybody the public view, token holders the whole release.

Where `public_text` shows readers a part only, a token with the scope `read` opens the rest, and
queries, pages, downloads and exports of its holder come from a second set of query processes,
which is started when the first holder asks.
"""

from __future__ import annotations

from typing import cast

from flask import current_app

from kg.release import DataFolder
from kg.settings import Settings
from server import view
from server.auth import sees_all
from server.pool import Pool


class Readers:
    """The pool for everybody and the one for token holders; the same one where all is shown."""

    def __init__(self, folder: DataFolder, settings: Settings) -> None:
        self.public = Pool(folder, settings)
        cut = view.mode(settings) != "full"
        self.full = Pool(folder, settings, "full") if cut else self.public

    @property
    def differ(self) -> bool:
        """Whether token holders see more than others."""
        return self.full is not self.public

    @property
    def pools(self) -> tuple[Pool, ...]:
        """The one pool, or both."""
        return (self.public, self.full) if self.differ else (self.public,)

    def wait_for(self, number: int, seconds: float, *, exactly: bool = False) -> bool:
        """Wait until all readers get a release of this number or above; False: it took longer."""
        asked = [pool for pool in self.pools if pool is self.public or pool.started]
        return all(pool.wait_for(number, seconds, exactly=exactly) for pool in asked)

    def close(self) -> None:
        """End all query processes."""
        for pool in self.pools:
            pool.close()


def privileged() -> bool:
    """Tell whether this request sees more than others do."""
    readers = cast(Readers, current_app.extensions["readers"])
    return readers.differ and sees_all()


def pool() -> Pool:
    """Return the query processes that answer this request."""
    readers = cast(Readers, current_app.extensions["readers"])
    return readers.full if privileged() else readers.public
