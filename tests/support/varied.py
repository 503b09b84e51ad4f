"""Many documents from the samples: other states, people and days, in the same sentences."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from kg.resources import samples_dir

_STATES = (
    "Kenya Norway Ghana Chile Peru Japan Australia Canada Mexico Brazil Egypt Ethiopia Sudan Oman"
    " Qatar Jordan Turkey Ukraine Russia China Iran Iraq Indonesia Malaysia Thailand Vietnam Nepal"
    " India Germany France Spain Italy Poland Sweden Finland Denmark Iceland Ireland Portugal"
    " Argentina Uruguay Paraguay Bolivia Ecuador Colombia Panama Cuba Jamaica Senegal Nigeria"
    " Rwanda Uganda Zambia Botswana Namibia Angola Morocco Tunisia Algeria Kuwait"
).split()
_PERSON = re.compile(
    r"(?<=[a-z,;] )(?!United|Leaders|South|North|Saudi|New)([A-Z][a-zé]{2,})"
    r" (?!States|Summit|Council|Minister|President)([A-Z][a-zé]{3,})(?=,|\.| said| told| met)"
)
_STATE = re.compile(r"\b(?:" + "|".join(_STATES) + r")\b")
_YEAR = re.compile(r"\b20[0-3]\d\b")
_STARTS = "Ba Ca Da Fe Ga He Jo Ka La Ma Ne Pa Ra Sa Ta Va Wi Za".split()
_ENDS = "bor dan fell gard holm kin lund mer nov rik sen ton vik zar".split()


def texts(number: int, seed: int = 1) -> Iterator[str]:
    """Yield so many different texts, the same for the same seed."""
    samples = [path.read_text("utf-8") for path in sorted(samples_dir().glob("*.txt"))]
    for n in range(number):
        chance = random.Random(f"{seed} {n}")
        yield _varied(samples[n % len(samples)], chance) + f"\nReference {seed}/{n}.\n"


def _varied(text: str, chance: random.Random) -> str:
    others = dict(zip(_STATES, chance.sample(_STATES, len(_STATES)), strict=True))
    shift = chance.randint(-15, 0)
    names: dict[str, str] = {}

    def person(match: re.Match[str]) -> str:
        if match[2] not in names:
            names[match[2]] = chance.choice(_STARTS) + chance.choice(_ENDS) + chance.choice(_ENDS)
        return f"{match[1]} {names[match[2]]}"

    text = _PERSON.sub(person, text)
    for old, new in names.items():
        text = re.sub(rf"\b{re.escape(old)}\b", new, text)
    text = _STATE.sub(lambda m: others[m[0]], text)
    return _YEAR.sub(lambda m: str(int(m[0]) + shift), text)
