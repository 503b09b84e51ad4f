"""The state from which a text speaks: offices and ministries that name no other are that state's.

A text with a capital in its dateline is written for readers who know whose "finance ministry" is
meant. Where another state is told half as often nothing is said, and a text without a dateline may
name one state alone and still be about the other side.
"""

from __future__ import annotations

from kg.claim.things.refer import Referents
from kg.spot.lexicon import Lexicon
from kg.spot.parse import Paragraph, Sheet


def homeland(sheet: Sheet, refer: Referents, lexicon: Lexicon) -> tuple[str, int]:
    """Return the state that a document speaks from, and how far above the next it is told.

    The second is the part of the next state's count in the first's: one half is 2, none at all 9.
    """
    counts = [(k, n) for k, n in refer.states.most_common() if k.startswith("state:")]
    line = next((s for p in sheet.paragraphs[:3] if (s := _dateline(p, lexicon))), "")
    key = f"state:{line}" if line else ""
    others = max((n for k, n in counts if k != key), default=0)
    if key not in refer.states or refer.states[key] < 2 * others:
        return "", 0
    return key, refer.states[key] // others if others else 9


def _dateline(paragraph: Paragraph, lexicon: Lexicon) -> str:
    """Return the id of the state whose capital stands in the dateline, also an unusual one."""
    place = paragraph.dateline.place if paragraph.dateline else ""
    if not place:
        head = paragraph.text.split(",")[0].split("(")[0].strip()
        place = head if head.isupper() and len(head) > 3 else ""
    seat = lexicon.seats.get(place.split(",")[0].strip().title()) if place else None
    return seat.id if seat is not None and seat.type == "State" else ""
