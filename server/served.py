"""The release that is served, as the pages see it: answers from the pool, texts from the shelf."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg.model import Document, Extraction, Release
from kg.release import DataFolder
from server.pool import Ask, Pool
from server.readers import pool


@dataclass(frozen=True)
class Served:
    """A `server.graph.Graph` over the running service."""

    folder: DataFolder

    @property
    def pool(self) -> Pool:
        """The query processes for the request at hand."""
        return pool()

    @property
    def release(self) -> Release | None:
        """The release that answers come from."""
        return self.pool.release

    def answer(self, query: str, accept: Sequence[str]) -> tuple[str, bytes]:
        """Run a query over the union of all graphs; return media type and serialised result."""
        answer = self.pool.ask(Ask(query, tuple(accept)))
        with answer.body:
            return answer.media_type, answer.content()

    def document(self, doc_id: str) -> Document:
        """Return a stored document; raises UnknownName where there is none."""
        return self.folder.document(doc_id)

    def documents(self) -> Iterable[Document]:
        """Yield every document of the release."""
        return self.folder.documents(self.pool.release)

    def extraction(self, doc_id: str) -> Extraction | None:
        """Return what was read from a document, where that was kept."""
        return self.folder.extraction(doc_id, self.pool.release)
