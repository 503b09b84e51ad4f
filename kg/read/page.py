"""HTML: the main text, and what the page states of its origin in JSON-LD and meta elements."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from typing import Any

from lxml import html

from kg.errors import DocumentError
from kg.model import Document, SourceKind
from kg.read.encoding import decode
from kg.read.origin import is_agency, kind
from kg.read.text import made

_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_DECLARATION = re.compile(r"\A\ufeff?\s*<\?xml[^>]*\?>")
_ARTICLES = {
    "NewsArticle": "newspaper",
    "ReportageNewsArticle": "newspaper",
    "AnalysisNewsArticle": "newspaper",
    "BackgroundNewsArticle": "newspaper",
    "OpinionNewsArticle": "opinion",
    "Article": "",
    "BlogPosting": "",
    "WebPage": "",
    "Report": "",
    "LiveBlogPosting": "newspaper",
    "Legislation": "primary",
}
_OPINION = {"opinion", "opinions", "op-ed", "editorial", "editorials", "commentary"}
_RELEASE = {"press release", "press releases", "news release", "media release", "pressrelease"}
_DEEP = 200  # elements that may nest; text below is read, the rest of such a page is not
_MARKS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


class Stated:
    """What a page states of itself: meta elements by name, and its article in JSON-LD."""

    def __init__(self, tree: Any) -> None:
        self.meta: dict[str, str] = {}
        for element in tree.iter("meta"):
            name = element.get("property") or element.get("name") or element.get("itemprop")
            if name and element.get("content"):
                self.meta.setdefault(name.strip().lower(), element.get("content").strip())
        found = [node for node in _linked_data(tree) if _types(node) & _ARTICLES.keys()]
        # The page itself is what it describes best; a bare WebPage comes last.
        found.sort(key=lambda node: "WebPage" in _types(node))
        self.article: dict[str, Any] = found[0] if found else {}

    def first(self, *names: str) -> str:
        """Return the first of these meta elements that is there."""
        return next((self.meta[name] for name in names if self.meta.get(name)), "")

    def title(self) -> str:
        """Return the headline."""
        return _words(self.article.get("headline")) or self.first("og:title", "dc.title", "title")

    def date(self) -> dt.date | None:
        """Return the day of publication: JSON-LD goes before meta elements."""
        values = (
            _words(self.article.get("datePublished")),
            self.first("article:published_time", "og:published_time"),
            self.first(
                "datepublished", "dcterms.issued", "dc.date.issued", "dcterms.date", "dc.date",
                "date", "pubdate", "publish-date", "citation_publication_date",
            ),
        )  # fmt: skip
        return next((day for day in map(_day, values) if day), None)

    def publisher(self) -> str:
        """Return the name of the publisher, where it is stated."""
        name = self.article.get("publisher") or self.article.get("sourceOrganization")
        return _words(name) or self.first("og:site_name", "dcterms.publisher", "dc.publisher")

    def rights(self) -> str:
        """Return the licence or the copyright notice."""
        stated = (_words(self.article.get(key)) for key in ("license", "copyrightNotice"))
        return next(filter(None, stated), "") or self.first(
            "dcterms.license", "dcterms.rights", "dc.rights", "rights", "copyright"
        )

    def kind(self) -> SourceKind | None:
        """Return what kind of source the page says it is; None where it says nothing."""
        section = _words(self.article.get("articleSection")) or self.first("article:section")
        genre = _words(self.article.get("genre")) or self.first("dcterms.type", "dc.type", "genre")
        said = {section.lower(), genre.lower()}
        kinds = {_ARTICLES.get(name) for name in _types(self.article)}
        if "opinion" in kinds or said & _OPINION:
            return "opinion"
        if said & _RELEASE:
            return "release"
        if is_agency(self.publisher()):
            return "agency"
        if "primary" in kinds:
            return "primary"
        return "newspaper" if "newspaper" in kinds else None

    def is_paid(self) -> bool:
        """Tell whether the page says that it is not free to read."""
        free = str(self.article.get("isAccessibleForFree", "")).rpartition("/")[2].lower()
        return free in {"false", "no"} or self.first("article:content_tier") == "locked"


def read_html(name: str, data: bytes, charset: str = "", url: str = "") -> Document:
    """Return the main text of a page, headline first, with what the page states of its origin.

    `url` is the address that it was fetched from. Raises DocumentError where there is no main
    text, and for a fetched page that says it is not free to read.
    """
    declared = charset or (found[1].decode() if (found := _CHARSET.search(data[:4096])) else "")
    text, note = decode(name, data, declared)
    tree = _tree(name, text)
    stated = Stated(tree)
    if url and stated.is_paid():
        raise DocumentError(f"{name}: the page says that it is not free to read; it was left out")
    date = stated.date() or _found_date(tree, url)
    language = (tree.get("lang") or _words(stated.article.get("inLanguage"))).strip()
    title = _words(stated.title()) or _words(tree.findtext(".//h1")) or _title_element(tree)
    body = _main_text(name, tree)
    if title and title not in body[: len(title) + 200]:
        body = f"{title}\n\n{body}"
    return made(
        name,
        body,
        date=date,
        date_source="metadata" if date else "",
        title=title[:250],
        publisher=stated.publisher()[:200],
        url=url,
        language=language if re.fullmatch(r"en(-\w{2,8})*", language, re.IGNORECASE) else "en",
        source_kind=stated.kind() or kind(body),
        rights=(stated.rights() or _licence(tree))[:300],
        media_type="text/html",
        notes=(note,) if note else (),
    )


def _tree(name: str, text: str) -> Any:
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        tree = html.document_fromstring(_DECLARATION.sub("", text), parser=parser)
    except (ValueError, html.etree.ParserError) as error:
        raise DocumentError(f"{name}: this is no page that can be read ({error})") from error
    # Recursion over a page that nests without end would exhaust the stack of every library.
    for depth, element in _deep(tree):
        if depth >= _DEEP and (parent := element.getparent()) is not None:
            parent.text = f"{parent.text or ''} {element.text or ''}"
            parent.remove(element)
    return tree


def _deep(tree: Any) -> Iterator[tuple[int, Any]]:
    stack = [(0, tree)]
    while stack:
        depth, element = stack.pop()
        if depth >= _DEEP:
            yield depth, element
        else:
            stack.extend((depth + 1, child) for child in element)


def _main_text(name: str, tree: Any) -> str:
    import trafilatura

    text = trafilatura.extract(
        tree, output_format="txt", include_comments=False, include_tables=True, fast=False
    )
    if not text or not text.strip():
        raise DocumentError(f"{name}: no main text was found in this page; save it as plain text")
    return str(_MARKS.sub(" ", text))


def _found_date(tree: Any, url: str) -> dt.date | None:
    from htmldate import find_date

    try:
        found = find_date(tree, original_date=True, extensive_search=False, url=url or None)
    except Exception:  # a library that fails on odd pages must not cost us the page
        return None
    return _day(found or "")


def _title_element(tree: Any) -> str:
    return _words(tree.findtext(".//title"))


def _licence(tree: Any) -> str:
    found = tree.xpath("//a[@rel='license']/@href | //link[@rel='license']/@href")
    return str(found[0]).strip() if found else ""


def _linked_data(tree: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects of the page's JSON-LD, those in lists and graphs too."""
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            continue
        try:
            stack: list[Any] = [json.loads(script.text or "", strict=False)]
        except (ValueError, RecursionError):
            continue
        while stack:
            node = stack.pop(0)
            if isinstance(node, list):
                stack[:0] = node
            elif isinstance(node, dict):
                yield node
                stack += [node[key] for key in ("@graph", "mainEntity") if key in node]


def _types(node: dict[str, Any]) -> set[str]:
    stated = node.get("@type", ())
    names = stated if isinstance(stated, list) else [stated]
    return {str(name).rpartition("/")[2] for name in names}


def _words(value: Any) -> str:
    """Return what a value of JSON-LD says in words."""
    for _ in range(8):
        if isinstance(value, list) and value:
            value = value[0]
        elif isinstance(value, dict):
            value = value.get("name") or value.get("@value") or value.get("@id") or value.get("url")
    return " ".join(_MARKS.sub(" ", value).split()) if isinstance(value, str) else ""


def _day(value: str) -> dt.date | None:
    """Return the day of an ISO 8601 time as its source writes it, in its own time zone."""
    match = re.match(r"(\d{4})-?(\d{2})-?(\d{2})(?!\d)", value)
    try:
        return dt.date(*map(int, match.groups())) if match else None
    except ValueError:
        return None
