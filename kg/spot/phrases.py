"""Phrases that the parser is to see as one word."""

from __future__ import annotations

from kg.spot.chunk import Chunk, Tokens
from kg.spot.lexicon import Lexicon

_AUXILIARIES = set("to will would can could may might must should shall not".split())


def one_word(tokens: Tokens, lexicon: Lexicon) -> list[Chunk]:
    """Return the phrases of several words that the parser sees as one.

    Of lower-case heads such as "memorandum of understanding" it sees the first word, so that what
    hangs from them hangs from the head; other phrases stand in `ontology/lexicons/phrases.yaml`.
    """
    found = []
    lower = [w.lower() for w in tokens.words]
    for i, word in enumerate(lower):
        longest = max(lexicon.head_sizes.get(word, 0), lexicon.phrase_sizes.get(word, 0))
        for size in range(min(longest, len(lower) - i), 0, -1):
            words = tuple(lower[i : i + size])
            head = size > 2 and words in lexicon.heads and "of" in words
            proxy = word if head else lexicon.phrases.get(words, "")
            if " " in proxy:  # "put on hold": a past, or an infinitive behind "to" or "will"
                past, infinitive = proxy.split()
                proxy = infinitive if i and lower[i - 1] in _AUXILIARIES else past
            if proxy and (not head or tokens.words[i + size - 1].islower()):
                span, text = tokens.span(i, i + size), tokens.slice(i, i + size)
                traits = {} if head else {"phrase": text}
                found.append(
                    Chunk(i, i + size, "Word", text, span, proxy=proxy, traits=traits, rank=4)
                )
                break
    return found
