"""Factuality: is what a predicate says done, planned, expected, wished, possible or denied?

A lattice walked from the predicate up through the clauses that embed it. The default under an
unknown embedding is: not asserted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kg.claim.draft import Stance
from kg.claim.modality.clauses import counted, own_aux, parted, same_form, that_clause
from kg.claim.modality.moods import (
    DOING_BY,
    EXPECT_NOUNS,
    FACT_NOUNS,
    MODALITY,
    ORDER,
    PLAN_NOUNS,
    STATE_WORDS,
    WISH_NOUNS,
)
from kg.claim.modality.polarity import (
    HEARD,
    HEARSAY,
    NOT_QUITE,
    called_untrue,
    hearsay,
    held_back,
    hypothetical,
    negated,
    untrue,
    without_plan,
)
from kg.claim.syntax import governor, predication
from kg.spot.lexicon import Lexicon


@dataclass
class View:
    """What the walk up from a predicate found."""

    stance: Stance
    reporter: Any | None = None  # the reporting verb that the predicate is inside of
    purpose: bool = False  # an infinitive of purpose: what something is for, not what happens
    trail: tuple[str, ...] = ()


_CEREMONIAL = set(
    """meet hold deliver speak discuss review tour visit attend receive greet inspect address arrive
    gather open pose welcome talk lunch dine exchange""".split()
)


class Factuality:
    """Judges predicates with the word lists of `ontology/lexicons/words.yaml`."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.words = lexicon.words
        self.modals = lexicon.modals

    def view(self, token: Any) -> View:
        """Return the stance of a predicate (speaker and date are left to the caller)."""
        value, purpose = self._own(token)
        reporter = None
        current = token
        if (noun := counted(token)) is not None:  # "became the first state to ratify it"
            value, purpose, current = "done", False, noun
            verb = noun.head
            if noun.dep_ in {"attr", "pobj"} and verb.pos_ in {"VERB", "AUX"}:
                value, current = self._own(verb)[0], verb
        trail: list[str] = []
        for _ in range(12):
            head = governor(current)
            if head is None or parted(current, head):
                break
            value, stop, purpose_here = self._step(current, head, value)
            purpose = purpose or purpose_here
            if (
                head.pos_ in {"VERB", "AUX"}
                and current.dep_ in {"ccomp", "xcomp", "parataxis", "dep"}
                and self._reports(head, current)
            ):
                reporter = reporter or head
            trail.append(head.lemma_)
            if stop:
                break
            current = head
        if reporter is None:
            reporter = self._trailing(token)
        stance = Stance(factuality=value, modality=MODALITY[value])
        return View(stance, reporter, purpose, tuple(trail))

    def _own(self, token: Any) -> tuple[str, bool]:
        children = list(token.children)
        aux = [c for c in children if c.dep_ in {"aux", "auxpass"}]
        value, purpose = "done", False
        lemmas = {a.lemma_.lower() for a in aux} | {a.lower_ for a in aux}
        for name, modality in self.modals.items():
            if (
                name in lemmas
                or (name == "will" and lemmas & {"'ll", "wo"})
                or (name == "would" and "'d" in lemmas)
            ):
                value = {
                    "planned": "planned",
                    "expected": "expected",
                    "possible": "possible",
                    "desired": "proposed",
                }[modality]
                if name in {"must", "shall"}:
                    value = "planned"
        if value == "done" and "to" in lemmas:
            value, purpose = self._infinitive(token, lemmas)
        elif (
            value == "done"
            and token.tag_ == "VBG"
            and "be" in lemmas
            and any(a.tag_ in {"VBP", "VBZ"} for a in aux)
        ) or (value == "done" and token.tag_ == "VBN" and any(a.lower_ == "being" for a in aux)):
            value = "ongoing"
        elif value == "done" and token.tag_ in {"VBP", "VBZ"} and not aux:
            value = "ongoing" if token.lemma_ != "be" else "done"
        adverbs = {c.lower_ for c in children if c.dep_ == "advmod"}
        if lemmas & {"would", "should", "'d"} and "have" in lemmas and token.tag_ == "VBN":
            value = "conditional"  # "would have signed": it did not, or somebody only says so
        elif value == "done" and adverbs & HEARSAY:
            value = "unasserted"
        if negated(token) or (value == "done" and adverbs & NOT_QUITE):
            value = "denied"
        elif hypothetical(token):
            value = _worse(value, "conditional")
        return value, purpose

    def _infinitive(self, token: Any, lemmas: set[str]) -> tuple[str, bool]:
        head = governor(token)
        if token.dep_ in {"xcomp", "ccomp", "ROOT"} and head is not None:
            return "done", False  # decided by what embeds it
        if "be" in lemmas and token.tag_ == "VBN" and token.dep_ in {"acl", "relcl", "advcl"}:
            return "planned", False  # "a programme to be carried out by"
        return "planned", token.dep_ in {"advcl", "relcl"}  # "acl": the noun decides

    def _step(self, current: Any, head: Any, value: str) -> tuple[str, bool, bool]:
        """Return the value seen from one clause further up, whether to stop, and purpose."""
        dep, lemma = current.dep_, head.lemma_.lower()
        if dep == "conj":
            if current.pos_ == "VERB" and head.pos_ in {"VERB", "AUX"}:
                outer, purpose = self._own(head)
                # "will meet and sign": the second verb shares the first one's auxiliary.
                shared = not own_aux(current) and same_form(current, head)
                if shared or (outer != "done" and self._once(current, head)):
                    return _worse(value, outer), False, purpose
            return value, False, False
        if dep in {"ccomp", "parataxis"} and self._apart(current, head):
            return value, True, False
        if head.pos_ in {"NOUN", "PROPN"}:
            return self._under_noun(current, head, value)
        if dep == "advcl":
            return self._adverbial(current, head, value)
        if dep == "pcomp":
            return self._gerund(current, head, value), False, head.lower_ == "for"
        if dep in {"ccomp", "xcomp", "parataxis", "dep", "csubj", "acomp"}:
            return self._embedded(current, head, lemma, value), False, False
        if dep == "prep" or head.dep_ == "prep" or head.pos_ == "ADP":
            return value, False, False
        return value, dep in {"relcl"}, False

    def _once(self, current: Any, head: Any) -> bool:
        """ "will apply once both sides have ratified it", where the parser saw two clauses."""
        return any(t.lower_ in {"once", "until"} for t in current.doc[head.i : current.i])

    def _apart(self, current: Any, head: Any) -> bool:
        """ "A did X, B did Y": a clause in front hangs only from verbs of saying and thinking."""
        if current.dep_ != "ccomp" or current.i > head.i or head.pos_ not in {"VERB", "AUX"}:
            return False
        names = ("report", "announce", "deny", "expect", "desire", "plan", "certain", "possible")
        if any(head.lemma_.lower() in self.words[n] for n in names):
            return False
        comma = any(t.text == "," for t in current.doc[current.i : head.i])
        finite = current.tag_ in {"VBD", "VBZ", "VBP"} or own_aux(current)
        return comma and finite

    def _under_noun(self, current: Any, head: Any, value: str) -> tuple[str, bool, bool]:
        lemma = head.lemma_.lower()
        if current.dep_ in {"acl", "relcl"} and any(
            c.lower_ == "to" and c.dep_ == "aux" for c in current.children
        ):
            if lemma in {"failure", "refusal", "inability"}:
                return "failed", True, False
            if without_plan(head):  # "has no plan to leave"
                return "denied", True, False
            if lemma in EXPECT_NOUNS:
                return "expected", True, False
            if lemma in WISH_NOUNS:
                return "proposed", True, False
            return _worse(value, "planned"), True, lemma not in PLAN_NOUNS - {"agreement", "deal"}
        if that_clause(current, lemma in HEARD):
            return self._told_by_noun(lemma, head, value), True, False
        return value, True, False

    def _told_by_noun(self, lemma: str, head: Any, value: str) -> str:
        """ "reports that", "the news that": what a noun of saying makes of its clause."""
        verb = governor(head)
        if untrue(head):
            return "denied"
        if verb is not None and verb.lemma_.lower() in self.words["deny"]:
            return "denied" if not negated(verb) else value
        if lemma in self.words["nouns_planned"]:
            return _worse(value, "planned")
        if lemma in self.words["nouns_desired"]:
            return _worse(value, "proposed")
        return value if lemma in FACT_NOUNS else _worse(value, "unasserted")

    def _gerund(self, current: Any, head: Any, value: str) -> str:
        """ "by signing", "without signing", "in favour of signing": judged by the preposition."""
        if value not in {"done", "ongoing"}:
            return value
        word, above = head.lower_, governor(head)
        if above is not None and (above.lower_ in {"short", "instead"} or word == "without"):
            return "denied"
        if word == "against":
            return "denied" if self._choosing(above) else _worse(value, "unasserted")
        if word in DOING_BY or (word in {"on", "upon"} and head.i == head.sent.start):
            keen = above is not None and above.lower_ in {"interested", "interest", "delay"}
            return "proposed" if keen else value
        if above is not None and self._went_along(above, word):
            return value
        if above is not None:
            lemma = above.lemma_.lower()
            if lemma in {"prevent", "stop", "keep", "bar"} or held_back(above):
                return "denied"
            if above.pos_ == "NOUN" and without_plan(above):
                return "denied"  # "no intention of leaving"
            for name, result in (("nouns_planned", "planned"), ("plan", "planned")):
                if lemma in self.words[name]:
                    return result
            if lemma in {"thank", "praise", "criticise", "criticize", "congratulate", "accuse"}:
                return value if lemma != "accuse" else "unasserted"
        return "unasserted"

    def _choosing(self, above: Any | None) -> bool:
        """ "Decided against signing", "voted against joining"."""
        return above is not None and above.lemma_.lower() in {"decide", "vote", "choose", "rule"}

    def _went_along(self, above: Any, word: str) -> bool:
        """ "Met the press before signing", "ended with both signing": done with what was done."""
        if above.tag_ not in {"VBD", "VBN"} or word not in {"before", "with"}:
            return False
        ceremonial = word == "with" or above.lemma_.lower() in _CEREMONIAL
        return ceremonial and self._own(above)[0] == "done"

    def _adverbial(self, current: Any, head: Any, value: str) -> tuple[str, bool, bool]:
        infinitive = any(c.lower_ == "to" and c.dep_ == "aux" for c in current.children)
        if infinitive:
            if head.lower_ in STATE_WORDS:
                return _worse("done", STATE_WORDS[head.lower_]), False, False
            return "planned", True, True
        mark = {c.lower_ for c in current.children if c.dep_ == "mark"} | {
            c.lower_ for c in current.children if c.dep_ == "advmod"
        }
        outer, _ = self._own(head)
        if mark & {"after", "since"} and current.tag_ == "VBD":
            return value, outer not in {"done", "ongoing"}, False  # past, whatever is to come
        perfect = any(c.lower_ in {"have", "has"} and c.dep_ == "aux" for c in current.children)
        if perfect and mark & {"until", "till", "once", "unless"}:
            return _worse(value, "planned"), True, False  # "once both have given their consent"
        if mark & {"before", "until", "till"} and current.tag_ in {"VBZ", "VBP", "VB"}:
            return _worse(value, "planned" if outer == "planned" else "unasserted"), True, False
        if current.tag_ in {"VBZ", "VBP"} and (
            (mark & {"when", "once"} and outer == "ongoing")
            or "after" in mark
            or head.lower_ == "soon"
        ):
            return _worse(value, "planned"), True, False
        if (
            mark & {"when", "after", "once", "before", "until"}
            and outer in {"planned", "expected", "possible"}
            and value in {"done", "ongoing"}
        ):
            return outer, True, False
        if (
            not mark
            and current.tag_ in {"VBG", "VBN"}
            and value == "done"
            and outer in {"planned", "expected", "possible", "denied"}
        ):
            return ("done" if outer == "denied" else outer), True, False
        # "X did Y, she said": the clause of saying may hang as an adverbial.
        return value, True, False

    def _embedded(self, current: Any, head: Any, lemma: str, value: str) -> str:
        words = self.words
        own, _ = self._own(head) if head.pos_ in {"VERB", "AUX"} else ("done", False)
        denied = negated(head)
        if current.dep_ in {"ccomp", "csubj"} and called_untrue(head):
            return "denied"
        if (
            head.pos_ == "ADJ"
            or head.lower_ in STATE_WORDS
            or (lemma == "be" and head.pos_ == "AUX")
        ):
            state = next((c.lower_ for c in head.children if c.lower_ in STATE_WORDS), head.lower_)
            if state in STATE_WORDS and current.dep_ == "xcomp":
                return "denied" if denied else _worse(value, STATE_WORDS[state])
            if lemma == "be" and current.dep_ == "xcomp":
                return _worse(value, "planned")  # "is to sign"
        particle = predication(head).particle if lemma == "rule" else ""
        if lemma in words["deny"] and (lemma != "rule" or particle == "out"):
            return value if denied else "denied"
        if lemma in words["fail"] and current.dep_ in {"xcomp", "pcomp", "ccomp"}:
            return "done" if denied else ("refused" if lemma in {"refuse", "decline"} else "failed")
        if lemma in words["report"] | words["announce"]:
            if current.dep_ == "xcomp":
                return _worse(value, "expected")  # "is said to have", "claims to"
            # What somebody did not say, or few believe, is not asserted by that.
            denied = denied or hearsay(head)
            return _worse(value, "unasserted") if denied and value in {"done", "ongoing"} else value
        if lemma == "have" and current.dep_ == "xcomp":
            if any(c.lower_ == "yet" for c in (*head.children, *current.children)):
                return "denied"  # "has yet to ratify"
            return value if denied else _worse(value, "planned")  # "still has to be ratified"
        if lemma == "need" and current.dep_ == "xcomp":
            return value if denied else _worse(value, "planned")
        if current.dep_ == "ccomp" and self._coordinate(current, head):
            return value
        finite = current.dep_ == "ccomp" and not any(
            c.lower_ == "to" for c in current.children if c.dep_ == "aux"
        )
        for names, result in (
            ("plan", "planned"),
            ("expect", "expected"),
            ("desire", "proposed"),
            ("possible", "possible"),
        ):
            if lemma in words[names]:
                if denied:
                    return "denied"
                if lemma == "agree" and finite:
                    return _worse(value, "planned")
                return _worse(
                    _worse(value, result),
                    own if own not in {"done", "ongoing"} and own != "planned" else value,
                )
        if lemma in words["certain"]:
            return _worse(value, own)
        if current.dep_ in {"xcomp", "ccomp"}:
            return _worse(value, "unasserted" if value in {"done", "ongoing"} else value)
        return value

    def _coordinate(self, current: Any, head: Any) -> bool:
        """ "A puts the pact on hold, B answers": a comma joins two clauses of equal rank."""
        if current.i > head.i or any(c.dep_ in {"mark", "aux"} for c in current.children):
            marks = {c.lower_ for c in current.children if c.dep_ in {"mark", "aux"}}
            if current.i > head.i or marks - {"has", "have", "had", "is", "was", "were"}:
                return False
        steering = {"plan", "expect", "desire", "possible", "deny", "fail", "report", "announce"}
        if any(head.lemma_.lower() in self.words[name] for name in steering):
            return False
        own = any(c.dep_ in {"nsubj", "nsubjpass"} and c.i < head.i for c in head.children)
        return own and any(t.text == "," for t in current.doc[current.i : head.i])

    def _reports(self, head: Any, current: Any) -> bool:
        lemma = head.lemma_.lower()
        if lemma in self.words["report"] | self.words["announce"] | self.words["deny"] | {
            "expect",
            "hope",
            "urge",
            "propose",
            "pledge",
            "promise",
            "vow",
        }:
            return current.dep_ in {"ccomp", "parataxis", "dep"} and current.i != head.i
        return False

    def _trailing(self, token: Any) -> Any | None:
        """Find "…, X said" where the parser made the saying hang from what is said."""
        root = token
        while governor(root) is not None:
            root = governor(root)
        for child in root.children:
            if (
                child.dep_ in {"parataxis", "ccomp", "conj", "advcl"}
                and child.lemma_ in self.words["report"]
                and child.i > token.i
                and child.i == max(t.i for t in root.sent if t.pos_ in {"VERB", "AUX"})
            ):
                before = token.doc[child.left_edge.i - 1] if child.left_edge.i > 0 else None
                if before is not None and before.text in {",", '"'}:
                    return child
        return None


def _worse(a: str, b: str) -> str:
    rank = {name: n for n, name in enumerate(ORDER)} | {"unasserted": 6, "failed": 8, "refused": 8}
    return a if rank[a] >= rank[b] else b
