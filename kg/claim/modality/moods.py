"""Words that move a clause from done to planned, expected, wished, possible or denied."""

from __future__ import annotations

from kg.model import Modality

# From certain to excluded; an embedding can only move a value to the right.
ORDER = ["done", "ongoing", "planned", "expected", "proposed", "conditional", "possible", "denied"]
MODALITY: dict[str, Modality] = {
    "done": "actual",
    "ongoing": "actual",
    "planned": "planned",
    "expected": "expected",
    "proposed": "desired",
    "conditional": "possible",
    "possible": "possible",
    "unasserted": "possible",
    "denied": "negated",
    "failed": "negated",
    "refused": "negated",
}
PLAN_NOUNS = {
    "plan",
    "agreement",
    "decision",
    "commitment",
    "pledge",
    "promise",
    "proposal",
    "offer",
    "intention",
    "readiness",
    "willingness",
    "consent",
    "deal",
    "vow",
    "schedule",
}
FACT_NOUNS = set(
    "fact news announcement confirmation statement word message declaration acknowledgement".split()
)
EXPECT_NOUNS = {"expectation", "hope", "prospect", "chance"}
WISH_NOUNS = {
    "call",
    "desire",
    "wish",
    "need",
    "request",
    "demand",
    "appeal",
    "proposal",
    "push",
    "bid",
}
STATE_WORDS = {
    "set": "planned",
    "due": "planned",
    "scheduled": "planned",
    "slated": "planned",
    "poised": "expected",
    "ready": "planned",
    "expected": "expected",
    "likely": "expected",
    "keen": "proposed",
    "eager": "proposed",
    "willing": "proposed",
    "unlikely": "denied",
    "unable": "failed",
    "unwilling": "refused",
    "hopeful": "expected",
    "about": "planned",
    "supposed": "expected",
    "bound": "planned",
    "prepared": "proposed",
}
DOING_BY = set("by after in since through besides following despite while".split())
