"""A parsed paragraph as plain objects, which all passes over its sentences share.

A token of spaCy is made anew each time that it is asked for, and looks its strings up again. The
reading asks some fifty times a word, so each word is unpacked once. The names are those of spaCy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from sys import intern
from typing import Any, overload


class Word:
    """A token of a parse; what has no place here is asked of the token of spaCy."""

    __slots__ = (
        "_ancestors",
        "_subtree",
        "children",
        "dep_",
        "doc",
        "head",
        "i",
        "lefts",
        "lemma_",
        "lower_",
        "pos_",
        "rights",
        "sent",
        "tag_",
        "text",
    )
    doc: Words
    i: int
    text: str
    head: Word
    sent: Sentence
    lefts: tuple[Word, ...]
    rights: tuple[Word, ...]
    children: tuple[Word, ...]
    _subtree: tuple[Word, ...] | None
    _ancestors: tuple[Word, ...] | None

    def __init__(self, token: Any, doc: Words) -> None:
        self.doc, self.i, self.text = doc, token.i, token.text
        # Interned, equal strings are one: compared and looked up fast.
        self.lower_, self.lemma_ = intern(token.lower_), intern(token.lemma_)
        self.pos_, self.tag_ = intern(token.pos_), intern(token.tag_)
        self.dep_ = intern(token.dep_)
        self._subtree = self._ancestors = None

    def __str__(self) -> str:
        return self.text

    __repr__ = __str__

    def __getattr__(self, name: str) -> Any:
        return getattr(self.doc.parse[self.i], name)

    @property
    def subtree(self) -> tuple[Word, ...]:
        """The word and all that hangs from it, left to right."""
        if self._subtree is None:
            found: list[Word] = []
            todo = [(self, False)]
            while todo:  # no recursion: a hostile text hangs hundreds of words one from another
                word, opened = todo.pop()
                if opened or not word.children:
                    found.append(word)
                    continue
                todo += [(w, False) for w in reversed(word.rights)]
                todo.append((word, True))
                todo += [(w, False) for w in reversed(word.lefts)]
            self._subtree = tuple(found)
        return self._subtree

    @property
    def ancestors(self) -> tuple[Word, ...]:
        """The words that it hangs from, the nearest first."""
        if self._ancestors is None:
            found: list[Word] = []
            word = self
            while word.head is not word and len(found) < len(self.doc):
                word = word.head
                found.append(word)
            self._ancestors = tuple(found)
        return self._ancestors

    def is_ancestor(self, descendant: Word) -> bool:
        """Tell whether another word hangs from this one."""
        return self in descendant.ancestors

    def nbor(self, distance: int = 1) -> Word:
        """Return the word so many places further on; raises IndexError beyond the end."""
        if self.i + distance < 0:
            raise IndexError(f"no word {distance} from {self.i}")
        return self.doc[self.i + distance]

    @property
    def left_edge(self) -> Word:
        """The first word of what hangs from it."""
        edge: int = self.doc.parse[self.i].left_edge.i
        return self.doc[edge]


class Sentence:
    """The words `start:end` of a paragraph, with the root of their tree."""

    __slots__ = ("doc", "end", "root", "start", "words")

    def __init__(self, doc: Words, start: int, end: int, root: int) -> None:
        self.doc, self.start, self.end, self.root = doc, start, end, doc[root]
        self.words = doc[start:end]

    def __iter__(self) -> Iterator[Word]:
        return iter(self.words)

    def __len__(self) -> int:
        return len(self.words)

    @overload
    def __getitem__(self, index: int) -> Word: ...
    @overload
    def __getitem__(self, index: slice) -> list[Word]: ...
    def __getitem__(self, index: int | slice) -> Word | list[Word]:
        return self.words[index]


class Words:
    """The words of a parsed paragraph and their sentences."""

    def __init__(self, parse: Any) -> None:
        self.parse = parse  # the Doc of spaCy, which must not change any more
        self.user_data: dict[str, Any] = {}  # what passes keep for the next
        self._words = words = [Word(token, self) for token in parse]
        for word, token in zip(words, parse, strict=True):
            word.head = words[token.head.i]
            word.lefts = self._at(token.lefts)
            word.rights = self._at(token.rights)
            word.children = word.lefts + word.rights
        self.sents = [Sentence(self, s.start, s.end, s.root.i) for s in parse.sents]
        for sentence in self.sents:
            for word in sentence:
                word.sent = sentence

    def _at(self, tokens: Iterable[Any]) -> tuple[Word, ...]:
        return tuple([self._words[t.i] for t in tokens])

    def __iter__(self) -> Iterator[Word]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)

    @overload
    def __getitem__(self, index: int) -> Word: ...
    @overload
    def __getitem__(self, index: slice) -> list[Word]: ...
    def __getitem__(self, index: int | slice) -> Word | list[Word]:
        return self._words[index]
