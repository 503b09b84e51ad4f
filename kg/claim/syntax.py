"""Who does what in a parsed sentence: subjects, objects and complements of a predicate."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from kg.claim.coordination import conjuncts as conjuncts
from kg.claim.modality.clauses import counted, infinitive, participle

_CLAUSE = {"xcomp", "ccomp", "advcl", "acl", "relcl", "conj", "pcomp", "ROOT", "parataxis", "dep"}
_NOUNISH = {"NOUN", "PROPN", "PRON", "NUM", "ADJ", "X"}
_RELATIVE = {"which", "that", "who", "whom"}
_WHERE = {"where", "when", "why"}


@dataclass
class Predication:
    """A predicate with its arguments as head tokens; `passive` has been undone already."""

    token: Any
    lemma: str
    subjects: list[Any] = field(default_factory=list)
    objects: list[Any] = field(default_factory=list)
    preps: dict[str, list[Any]] = field(default_factory=dict)
    particle: str = ""
    passive: bool = False

    def slot(self, name: str) -> list[Any]:
        """Return the arguments in a slot: `subject`, `object` or a preposition."""
        if name == "subject":
            return self.subjects
        if name == "object":
            return self.objects
        if name == "self":  # "the treaty lapses": the subject of a verb that has no object
            return [] if self.objects or self.passive else self.subjects
        if name == "starting":  # "the body starts work"
            work = [t for t in self.objects if t.lemma_.lower() in _WORK]
            return self.subjects if work and self.lemma in _STARTING else []
        return self.preps.get(name, [])


def governor(token: Any) -> Any | None:
    """Return the predicate that a clause hangs from, or None at the top."""
    return None if token.dep_ == "ROOT" or token.head.i == token.i else token.head


_WORK = {"work", "operation", "activity", "job", "duty"}
_STARTING = {"start", "begin", "take", "commence", "resume"}
_LAWS = set("law bill act decree order resolution decision motion document letter note".split())
_CARRIED = set(
    "participation membership member party part signatory implementation application signature "
    "accession involvement obligation role name pause".split()
)


def carried(p: Predication) -> None:
    """Give the verb what hangs from a light object: "suspended its participation in the pact"."""
    if p.lemma == "cease":  # "ceased to be a member of"
        being = [c for c in p.token.children if c.dep_ == "xcomp" and c.lemma_ == "be"]
        p.objects += [t for c in being for t in c.children if t.dep_ == "attr"]
    for obj in list(p.objects):
        if obj.lemma_.lower() in _CARRIED and obj.i > p.token.i:
            for child in obj.children:
                if child.dep_ == "prep":
                    objs = [t for c in child.children if c.dep_ == "pobj" for t in conjuncts(c)]
                    p.preps.setdefault(child.lower_, []).extend(objs)


def predication(token: Any) -> Predication:
    """Return a verb's arguments, with passive, relative and controlled ones put in place."""
    known = token.doc.user_data.setdefault("predications", {})
    if token.i not in known:
        known[token.i] = _predication(token)
    p: Predication = known[token.i]
    # Whoever asks may change the lists.
    preps = {name: list(words) for name, words in p.preps.items()}
    return replace(p, subjects=list(p.subjects), objects=list(p.objects), preps=preps)


def _predication(token: Any) -> Predication:
    p = Predication(token, token.lemma_.lower())
    children = list(token.children)
    p.passive = any(c.dep_ in {"nsubjpass", "auxpass"} for c in children) or (
        token.tag_ == "VBN"
        and token.dep_ in {"acl", "advcl"}
        and not any(c.dep_ == "aux" for c in children)
    )
    p.passive = p.passive or _by_agent(token, children)
    for child in children:
        match child.dep_:
            case "nsubj":
                p.subjects += conjuncts(_antecedent(child, token))
            case "nsubjpass":
                p.objects += conjuncts(_antecedent(child, token))
            case "dobj" | "attr" | "oprd":
                p.objects += conjuncts(_antecedent(child, token))
            case "agent":
                by = [child, *(c for c in child.children if c.lower_ == "by" and c.dep_ == "conj")]
                objs = [g for c in by for g in c.children if g.dep_ == "pobj"]
                p.subjects += [t for g in objs for t in conjuncts(g)]
            case "prep":
                _prepositions(child, p)
            case "acomp" | "advmod":
                for prep in child.children:
                    if prep.dep_ == "prep":
                        _prepositions(prep, p)
            case "prt":
                p.particle = child.lemma_.lower()
                p.objects += [t for g in child.children if g.dep_ == "pobj" for t in conjuncts(g)]
            case "dative":
                p.preps.setdefault("to", []).extend(
                    [t for g in child.children if g.dep_ == "pobj" for t in conjuncts(g)] or [child]
                )
    if p.passive and p.subjects and not p.objects and participle(token, children):
        p.subjects, p.objects = [], p.subjects  # "the scheme, launched in May, ..."
    if p.passive and not p.subjects:
        p.subjects += _shared_out(children)
    _missing(p)
    if not p.subjects and not p.passive and token.tag_ in {"VBD", "VBZ", "VBP"}:
        p.subjects = _behind_comma(token)
    return p


def _shared_out(children: list[Any]) -> list[Any]:
    """ "Managed in equal parts by A and B": the agent hangs from the manner."""
    manners = [g for c in children if c.lower_ == "in" for g in c.children if g.dep_ == "pobj"]
    by = [c for g in manners for c in g.children if c.lower_ == "by" and c.dep_ == "prep"]
    return [t for c in by for g in c.children if g.dep_ == "pobj" for t in conjuncts(g)]


def _behind_comma(verb: Any) -> list[Any]:
    """Return the subjects that the parser took into a phrase in front: "In Oslo, A and B met"."""
    for child in verb.children:
        if child.i > verb.i or child.dep_ not in {"prep", "npadvmod"}:
            continue
        for word in child.subtree:
            joined = word.dep_ in {"conj", "appos"} and word.head.dep_ == "pobj"
            comma = joined and word.doc[word.left_edge.i - 1].text == ","
            if comma and word.i < verb.i and word.pos_ in _NOUNISH:
                return conjuncts(word)
    return []


def _by_agent(token: Any, children: list[Any]) -> bool:
    """ "Brokered in Oslo and signed by both": a participle that is tagged as a past tense."""
    kinds = {c.dep_ for c in children}
    return token.dep_ == "conj" and "agent" in kinds and not kinds & {"nsubj", "dobj"}


def _prepositions(prep: Any, p: Predication) -> None:
    name = prep.lemma_.lower()
    for child in prep.children:
        if child.dep_ == "pobj":
            p.preps.setdefault(name, []).extend(conjuncts(_antecedent(child, p.token)))
        elif child.dep_ == "prep" and "according" not in {child.lower_, prep.lower_}:
            _prepositions(child, p)


def _antecedent(token: Any, verb: Any) -> Any:
    if token.lower_ not in _RELATIVE:
        return token
    for _ in range(5):  # "which lawmakers have yet to ratify"
        if verb.dep_ == "relcl":
            return _cleft(verb.head) or verb.head
        if verb.dep_ not in {"xcomp", "ccomp", "conj"}:
            break
        verb = verb.head
    return token


def _cleft(token: Any) -> Any | None:
    """ "Those who signed were A and B": those are A and B."""
    if (
        token.lower_ not in {"those", "people"}
        or token.dep_ != "nsubj"
        or token.head.lemma_ != "be"
    ):
        return None
    return next((c for c in token.head.children if c.dep_ == "attr"), None)


def _missing(p: Predication) -> None:
    """Supply the arguments that grammar leaves out."""
    token = p.token
    head = governor(token)
    if head is None:
        return
    if token.dep_ == "acl" and token.tag_ in {"VBN", "VBD"} and not p.objects:
        active = p.lemma in _INTRANSITIVE
        p.passive = not active
        p.subjects, p.objects = ([head], []) if active else (p.subjects, [head])
    elif token.dep_ == "acl" and token.tag_ == "VBG" and not p.subjects:
        p.subjects += _lawgivers(head) or [head]
    elif not p.subjects and (noun := counted(token)) is not None:
        p.subjects = [noun]
    elif token.dep_ == "acl" and not p.subjects and infinitive(token):
        p.subjects = _deciders(head)
    elif (
        token.dep_ == "relcl"
        and not p.objects
        and p.subjects
        and not any(c.lower_ in _RELATIVE | _WHERE for c in token.children)
    ):
        p.objects += [head]
    if token.dep_ == "conj" and token.tag_ == "VBN" and not p.objects and head.pos_ == "VERB":
        outer = predication(head)  # "brokered by A and signed by B"
        if outer.passive and not any(c.dep_ in {"aux", "nsubj"} for c in token.children):
            p.objects, p.passive = outer.objects, True
    # "still has to be ratified", "is due to be signed"; "was held in Oslo, chaired by A"
    over = governor(head) if token.dep_ == "xcomp" and head.dep_ == "acomp" else head
    below = token.dep_ in {"xcomp", "advcl"} and over is not None and over.pos_ in {"VERB", "AUX"}
    if p.passive and not p.objects and below:
        outer = predication(over)
        p.objects = outer.objects if outer.passive else outer.subjects
    if p.passive and not p.objects and token.dep_ == "ccomp":
        twins = [c for c in head.children if c.dep_ == "ccomp" and c.i < token.i]
        p.objects = predication(twins[-1]).objects if twins else []
    if p.subjects or (p.passive and p.objects):
        return
    if p.passive and token.dep_ != "conj":
        return
    if token.dep_ in {"conj", "xcomp", "advcl", "pcomp", "ccomp"}:
        verb = head if head.pos_ in {"VERB", "AUX"} else governor(head)
        if verb is not None and verb.pos_ in {"VERB", "AUX"} and verb.i != token.i:
            outer = predication(verb)
            part = token.tag_ == "VBN" or p.passive or verb.dep_ == "acl"
            if token.dep_ == "conj" and outer.passive and part and not p.objects:
                p.objects, p.passive = outer.objects, True
            elif token.dep_ == "conj" and p.passive and not p.objects:
                p.objects = outer.subjects  # "expired and was not renewed"
            elif token.dep_ == "xcomp" and outer.objects and outer.lemma in _OBJECT_CONTROL:
                p.subjects = outer.objects
            else:  # what is shared is the subject as it is written
                p.subjects = (outer.objects if outer.passive else []) or outer.subjects


def _lawgivers(law: Any) -> list[Any]:
    """Return who "signed a law ratifying the treaty", "adopted a decree ending it"."""
    verb = governor(law)
    if law.lemma_.lower() not in _LAWS or verb is None or verb.pos_ != "VERB":
        return []
    outer = predication(verb)
    return outer.subjects if law.dep_ in {"dobj", "nsubjpass"} else []


def _deciders(noun: Any) -> list[Any]:
    """Return who decides in "A's decision to leave", "A took the decision to leave"."""
    own = [t for c in noun.children if c.dep_ == "poss" for t in conjuncts(c)]
    for prep in noun.children:
        if not own and prep.dep_ == "prep" and prep.lower_ in {"of", "by"}:
            own = [t for c in prep.children if c.dep_ == "pobj" for t in conjuncts(c)]
    verb = governor(noun)
    if not own and noun.dep_ == "dobj" and verb is not None and verb.pos_ == "VERB":
        own = predication(verb).subjects
    return own


_INTRANSITIVE = {"accede", "adhere", "expire", "lapse", "follow", "collapse", "join", "withdraw"}
_OBJECT_CONTROL = set(
    """urge ask invite call task direct instruct allow enable help encourage tell request require
    persuade push press order want""".split()
)


def wider(token: Any, verb: Any) -> Iterator[Any]:
    """Yield the nouns around the antecedent of a relative clause, from the inside out.

    "A memorandum on fish that both signed": the parser hangs the clause from the last noun.
    """
    if token.i not in {a.i for a in verb.ancestors}:
        return
    current = token
    for _ in range(6):
        above = governor(current)
        if above is None or current.dep_ not in {
            "pobj",
            "prep",
            "appos",
            "conj",
            "nmod",
            "compound",
        }:
            return
        current = above
        if current.pos_ in {"NOUN", "PROPN"}:
            yield current
        elif current.pos_ != "ADP":
            return


def noun_modifiers(token: Any) -> list[Any]:
    """Return the words before a noun that belong to it, left to right, by their order.

    The run of nouns, adjectives and joined words left of the head is taken, not the tree:
    long compounds are where the parser errs most.
    """
    known = token.doc.user_data.setdefault("modifiers", {})
    if token.i not in known:
        known[token.i] = _modifiers(token)
    return list(known[token.i])


def _modifiers(token: Any) -> list[Any]:
    run: list[Any] = []
    doc, i, start = token.doc, token.i - 1, token.sent.start
    while i >= start:
        word = doc[i]
        nounish = word.pos_ in {"NOUN", "PROPN", "ADJ", "NUM", "X"} or word.dep_ in {
            "amod",
            "compound",
            "nmod",
        }
        joint = (
            word.pos_ == "CCONJ"
            and i > start
            and doc[i - 1].pos_ in {"NOUN", "PROPN", "ADJ"}
            and run
        )
        hyphen = word.text in {"-", "–", "/"} and run
        # "a widely read", "a long-standing"
        adverb = word.pos_ == "ADV" and run and (run[-1].pos_ == "ADJ" or run[-1].text == "-")
        if not (nounish or joint or hyphen or adverb) or word.text in {'"', ","}:
            break
        if joint and (_clause_break(doc, i, token) or not _shared(doc, i, token)):
            break
        run.append(word)
        i -= 1
    while run and run[-1].pos_ in {"CCONJ", "PUNCT", "ADV"}:
        if len(run) > 1 and run[-1].pos_ == "ADV" and run[-2].text == "-":
            break
        run.pop()
    return run[::-1]


def _clause_break(doc: Any, i: int, head: Any) -> bool:
    left = doc[i - 1]
    return any(t.pos_ == "DET" for t in doc[i : head.i]) or (
        left.dep_ in {"nsubj", "nsubjpass"} and left.head.i < head.i and left.head.pos_ == "VERB"
    )


def _shared(doc: Any, i: int, head: Any) -> bool:
    """ "trade and investment agreement": both words modify the head."""
    return bool(head.i - i <= 6)


def determiner(token: Any) -> str:
    """Return what opens a noun phrase: an article, `poss` for possessives, or nothing."""
    for child in token.children:
        if child.dep_ == "poss":
            return "poss"
        if child.dep_ in {"det", "predet", "quantmod"} and child.lower_ in _DETERMINERS:
            return str(child.lower_)
    left = noun_modifiers(token)
    start = left[0].i if left else token.i
    if start > token.sent.start:
        before = token.doc[start - 1]
        if before.lower_ in _DETERMINERS:
            return str(before.lower_)
        if before.tag_ == "PRP$" or before.tag_ == "POS":
            return "poss"
    return ""


_DETERMINERS = set(
    "a an the this that these those both another any some each every no such several".split()
)


def extent(noun: Any, ends: Callable[[Any], bool]) -> tuple[int, int]:
    """Return the first and last word of a noun with its modifiers and what hangs behind it.

    It is without a gap, and goes up to the first word for which `ends` holds.
    """
    first, last = (noun_modifiers(noun) or [noun])[0].i, noun.i
    for token in noun.subtree:
        if token.i <= last:
            continue
        if token.i != last + 1 or ends(token):
            break
        last = token.i
    return first, last


def verbs(sentence: Any) -> Iterator[Any]:
    """Yield the predicates of a sentence in order."""
    for token in sentence:
        if token.pos_ == "VERB" or (token.pos_ == "AUX" and token.dep_ in _CLAUSE):
            yield token
