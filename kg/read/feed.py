"""RSS and Atom feeds, and lists of sources: they hold no text of their own, but say where it is."""

from __future__ import annotations

import datetime as dt
import io
import re
from dataclasses import dataclass
from urllib.parse import urljoin

from kg.errors import DocumentError

_MAX_ENTRIES = 500
_BOMB = re.compile(rb"<!ENTITY\b", re.IGNORECASE)


@dataclass(frozen=True)
class Entry:
    """One item of a feed: its address, and what the feed says of it."""

    url: str
    title: str = ""
    date: dt.date | None = None
    publisher: str = ""
    rights: str = ""


def read_feed(name: str, data: bytes, url: str = "") -> list[Entry]:
    """Return the items of an RSS or Atom feed, in its order, at most 500.

    Raises DocumentError where it is no feed or declares entities of its own.
    """
    import feedparser

    if _BOMB.search(data):
        raise DocumentError(f"{name}: the feed declares entities, which feeds have no use for")
    try:
        found = feedparser.parse(
            io.BytesIO(data), resolve_relative_uris=False, sanitize_html=False,
            response_headers={"content-location": url} if url else None,
        )  # fmt: skip
    except (ValueError, LookupError, AttributeError, TypeError) as error:
        raise DocumentError(f"{name}: this feed is broken; name the pages themselves") from error
    if not found.version and not found.entries:
        raise DocumentError(f"{name}: this is no RSS or Atom feed; name the pages themselves")
    publisher = _words(found.feed.get("title"))
    rights = _words(found.feed.get("rights"))
    entries = {}
    for item in found.entries[:_MAX_ENTRIES]:
        link = urljoin(url, str(item.get("link") or ""))
        if re.match(r"https?://", link):
            entries[link] = Entry(
                link,
                _words(item.get("title")),
                _day(item.get("published_parsed")),
                _words((item.get("source") or {}).get("title")) or publisher,
                _words(item.get("rights")) or rights,
            )
    return list(entries.values())


def read_list(text: str) -> list[str]:
    """Return the sources that a list names, one a line; `#` begins a remark."""
    lines = (line.strip() for line in text.lstrip("\ufeff").splitlines())
    return list(dict.fromkeys(line for line in lines if line and not line.startswith("#")))


def is_list(text: str) -> bool:
    """Tell whether a text is nothing but web addresses and remarks."""
    found = read_list(text)
    return bool(found) and all(re.fullmatch(r"https?://\S+", line) for line in found)


def _words(value: object) -> str:
    return " ".join(value.split())[:250] if isinstance(value, str) else ""


def _day(value: object) -> dt.date | None:
    try:
        return dt.date(*value[:3]) if value else None  # type: ignore[index]
    except (TypeError, ValueError):
        return None
