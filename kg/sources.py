"""What a user names, opened: files, folders, addresses, feeds, lists, standard input."""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import DocumentError
from kg.limits import within
from kg.model import Document
from kg.read import find_sources, format_of, load, open_bytes, sniff
from kg.read.apart import Apart
from kg.read.encoding import decode
from kg.read.feed import Entry, is_list, read_feed, read_list
from kg.read.screen import screened
from kg.settings import Settings

if TYPE_CHECKING:
    from kg.read.web import Fetched, Web

STANDARD_INPUT = "-"
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


@dataclass(frozen=True, order=True)
class Item:
    """A file, an address or standard input to open; `entry` is what a feed says of it."""

    name: str  # what counts for order: the file's name, or the address
    place: str
    entry: Entry | None = None
    depth: int = 0  # how many folders, feeds and lists led here

    @property
    def is_address(self) -> bool:
        """Tell whether it is to be fetched."""
        return bool(_ADDRESS.match(self.place))


class Opener:
    """Opens items within the limits of the settings; use it as a context manager.

    `known` returns a stored document of an id, or None: of a page fetched again the first time of
    retrieval stays, so that the same page gives the same graph.
    """

    def __init__(
        self, settings: Settings, known: Callable[[str], Document | None] = lambda _: None
    ) -> None:
        self.settings, self.known = settings, known
        self.apart = Apart(settings.document_seconds, settings.document_memory_mb)
        self._web: Web | None = None

    def __enter__(self) -> Opener:
        return self

    def __exit__(self, *_: object) -> None:
        self.apart.close()
        if self._web is not None:
            self._web.close()

    @property
    def web(self) -> Web:
        """The client for addresses, made at first use."""
        if self._web is None:
            from kg.read.web import Web

            known = self.settings
            self._web = Web(
                known.max_document_bytes, known.fetch_seconds, known.fetch_pause, known.contact
            )
        return self._web

    def items(self, source: str | Path) -> list[Item]:
        """Return the items that a source given by the user stands for.

        Raises DocumentError where it does not exist or holds nothing to read.
        """
        place = str(source)
        if place == STANDARD_INPUT:
            return [Item("standard input", STANDARD_INPUT)]
        if _ADDRESS.match(place):
            self.web.name(place)
        return self._items(place)

    def _items(self, place: str) -> list[Item]:
        if _ADDRESS.match(place):
            return [Item(place, place)]
        found = find_sources([place])
        if not found:
            raise DocumentError(
                f"{place}: no readable documents in this folder; see docs/sources.md"
            )
        # What a folder holds is read and leads nowhere: nobody named it.
        depth = int(Path(place).is_dir())
        return [Item(path.name, str(path), depth=depth) for path in found]

    def listed(self, place: str) -> list[Item]:
        """Return the items of the sources that a list names, one a line; `-` is standard input.

        Relative paths count from the list's folder. Raises DocumentError as `items` does.
        """
        if place == STANDARD_INPUT:
            data, folder = self._standard_input(), Path()
        else:
            path = Path(place)
            find_sources([path])
            data, folder = load(path, self.settings.max_document_bytes), path.parent
        return list(self._from_list(place, data, folder))

    def open(self, item: Item) -> Document | list[Item]:
        """Return the document of an item, or the items that a feed or list leads to.

        Raises DocumentError where it cannot be used; the message says what to do.
        """
        opened = self._fetched(item) if item.is_address else self._local(item)
        if isinstance(opened, list):
            return opened
        if kept := self.known(opened.id):
            same = kept.retrieved if kept.url == opened.url else ""
            return replace(opened, notes=kept.notes, retrieved=same or opened.retrieved)
        with within(self.settings.document_seconds, item.name):
            return screened(opened, self.settings.max_document_chars)

    def _local(self, item: Item) -> Document | list[Item]:
        if item.place == STANDARD_INPUT:
            data = self._standard_input()
            form = sniff(data)
        else:
            data = load(Path(item.place), self.settings.max_document_bytes)
            form = format_of(Path(item.place), data)
        if form == "feed":
            return self._from_feed(item, data, "")
        if form == "list" or (form == "text" and not item.depth and is_list(_plain(data))):
            if item.depth:
                raise DocumentError(f"{item.place}: a list inside a list is not followed")
            return list(self._from_list(item.place, data, Path(item.place).parent))
        return self._document(item.name, data, form)

    def _fetched(self, item: Item) -> Document | list[Item]:
        with within(self.settings.fetch_seconds + 30, item.place):
            got = self.web.fetch(item.place)
        form = sniff(got.data, got.media_type, default="")
        if form == "feed":
            return self._from_feed(item, got.data, got.url)
        if not form:
            raise DocumentError(
                f"{item.place}: gives {got.media_type or 'an unnamed type'}, which no reader knows"
            )
        return _about(self._document(item.place, got.data, form, got), item.entry, got)

    def _document(self, name: str, data: bytes, form: str, got: Fetched | None = None) -> Document:
        charset, url = (got.charset, got.url) if got else ("", "")
        if form == "text":  # nothing in it can unfold
            with within(self.settings.document_seconds, name):
                return open_bytes(name, data, form, charset, url)
        return self.apart.run(open_bytes, name, data, form, charset, url)

    def _from_feed(self, item: Item, data: bytes, url: str) -> list[Item]:
        entries = self.apart.run(read_feed, item.name, data, url)
        if item.depth > 1 or (item.entry and item.depth):
            raise DocumentError(f"{item.place}: a feed inside a feed is not followed")
        if not entries:
            raise DocumentError(f"{item.place}: this feed leads to no pages")
        return [Item(entry.url, entry.url, entry, item.depth + 1) for entry in entries]

    def _from_list(self, place: str, data: bytes, folder: Path) -> Iterator[Item]:
        named = read_list(decode(place, data)[0])
        if not named:
            raise DocumentError(f"{place}: this list names nothing; write one source a line")
        for source in named:
            if source == STANDARD_INPUT:
                raise DocumentError(f"{place}: a list cannot name standard input")
            local = source if _ADDRESS.match(source) else str(folder / source)
            try:
                items = self._items(local)
            except DocumentError:
                items = [Item(local, local)]  # opening it says what is wrong with it
            yield from (replace(item, depth=1) for item in items)

    def _standard_input(self) -> bytes:
        limit = self.settings.max_document_bytes
        data = sys.stdin.buffer.read(limit + 1)
        if len(data) > limit:
            raise DocumentError(
                f"standard input: is longer than the limit of {limit:,} bytes;"
                " raise max_document_bytes"
            )
        return data


def _about(document: Document, entry: Entry | None, got: Fetched) -> Document:
    """Add where and when it was fetched, and what the feed says where the page says nothing."""
    known = replace(document, url=got.url, retrieved=got.retrieved)
    if entry is None:
        return known
    date: dt.date | None = known.date or entry.date
    return replace(
        known,
        date=date,
        date_source=known.date_source or ("metadata" if date else ""),
        title=known.title or entry.title,
        publisher=known.publisher or entry.publisher,
        rights=known.rights or entry.rights,
    )


def _plain(data: bytes) -> str:
    """Return the text of bytes that are ASCII, as every list of addresses is; else nothing."""
    head = data[:200_000]
    return data.decode() if b"//" in head[:4096] and data.isascii() else ""


def in_order(items: Iterable[Item]) -> list[Item]:
    """Return items without doubles, sorted by name; of what two feeds name, the first stays."""
    found: dict[str, Item] = {}
    for item in items:
        found.setdefault(item.place, item)
    return sorted(found.values(), key=lambda item: (item.name, item.place))
