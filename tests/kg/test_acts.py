"""What happens to agreements beside signing: who did what to which, told in many ways."""

import pytest

PACT = "Andean Fisheries Treaty"
KINDS = set(
    """Launch Relaunch Enactment Approval Ratification Accession EntryIntoForce Amendment Extension
    Suspension Postponement Cancellation Expiry Termination Withdrawal""".split()
)
ENDS = {"pg:concerns", "pg:launchOf", "pg:relaunchOf", "pg:enactmentOf"}


def events(extraction):
    """Return (class, modality, theme, parties) of the events of a text."""
    things = {e.key: e for e in extraction.entities}
    found = {}
    for claim in extraction.claims:
        kind = things[claim.subject].type
        if kind not in KINDS or claim.predicate == "pg:status":
            continue
        row = found.setdefault(claim.subject, [kind, claim.modality, "", set()])
        if claim.predicate in ENDS:
            row[2] = things[claim.object].label
        elif claim.predicate == "pg:ofParty":
            row[3].add(things[claim.object].label)
    return {(k, m, theme, " ".join(sorted(parties))) for k, m, theme, parties in found.values()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # light verbs, idioms, votes
        ("The Senate gave the green light to the {}.", ("Approval", "actual", "Senate")),
        ("The {} won the green light from the Senate.", ("Approval", "actual", "Senate")),
        ("The {} was given the nod by the Senate.", ("Approval", "actual", "Senate")),
        ("The Senate waved through the {}.", ("Approval", "actual", "Senate")),
        ("The Senate greenlit the {}.", ("Approval", "actual", "Senate")),
        ("The Senate voted in favour of the {}.", ("Approval", "actual", "Senate")),
        ("The Senate voted against the {}.", ("Approval", "negated", "Senate")),
        ("The Senate threw out the {}.", ("Approval", "negated", "Senate")),
        ("The Senate voted 40-12 to ratify the {}.", ("Ratification", "actual", "Senate")),
        ("Peru walked away from the {}.", ("Withdrawal", "actual", "Peru")),
        ("Peru opted out of the {}.", ("Withdrawal", "actual", "Peru")),
        ("Peru and Chile rolled over the {}.", ("Extension", "actual", "Chile Peru")),
        ("The {} was put on hold by Peru.", ("Suspension", "actual", "Peru")),
        ("Peru put an end to the {}.", ("Termination", "actual", "Peru")),
        ("The {} has been on hold since May 2019.", ("Suspension", "actual", "")),
        # nouns
        ("The {} is pending ratification by Peru.", ("Ratification", "planned", "Peru")),
        ("The {} is subject to ratification by Peru.", ("Ratification", "planned", "Peru")),
        ("The {} faces ratification by Peru.", ("Ratification", "planned", "Peru")),
        ("The ratification of the {} by Peru is expected.", ("Ratification", "expected", "Peru")),
        ("Ratification by Peru of the {} is expected.", ("Ratification", "expected", "Peru")),
        ("Peru lodged its instrument of ratification for the {}.",
         ("Ratification", "actual", "Peru")),
        ("Peru's decision to leave the {} was a surprise.", ("Withdrawal", "planned", "Peru")),
        ("Peru announced its decision to leave the {}.", ("Withdrawal", "planned", "Peru")),
        ("The coming into force of the {} was welcomed.", ("EntryIntoForce", "actual", "")),
        # who acts
        ("Peru is the only signatory that has not ratified the {}.",
         ("Ratification", "negated", "Peru")),
        ("Peru became the 20th state to ratify the {}.", ("Ratification", "actual", "Peru")),
        ("Peru will become the first country to ratify the {}.",
         ("Ratification", "planned", "Peru")),
        ("The {} has been ratified by 30 states, among them Peru and Ghana.",
         ("Ratification", "actual", "Ghana Peru")),
        ("Forty states, including Peru, Ghana and Fiji, have ratified the {}.",
         ("Ratification", "actual", "Fiji Ghana Peru")),
        ("The foreign minister of Peru said that the country would denounce the {}.",
         ("Termination", "planned", "Peru")),
        ("Peru is bound by the {}, which it ratified in 1979.", ("Ratification", "actual", "Peru")),
        ("Peru ceased to be a party to the {}.", ("Withdrawal", "actual", "Peru")),
        ("Peru signed a law ratifying the {}.", ("Ratification", "actual", "Peru")),
        # headlines
        ("Peru scraps {} with Chile", ("Termination", "actual", "Peru")),
        ("Peru, Chile suspend {}", ("Suspension", "actual", "Chile Peru")),
    ],
)  # fmt: skip
def test_deed(read, text, expected):
    _, extraction = read(text.format(PACT if text.endswith(".") else "fisheries treaty"))
    kind, modality, parties = expected
    found = {e for e in events(extraction) if e[0] == kind}
    assert {(m, who) for _, m, _, who in found} == {(modality, parties)}
    assert all("isheries" in theme for _, _, theme, _ in found)


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("Ghana ratified the {} in 2020. Togo followed in 2021.", "actual"),
        ("Ghana has ratified the {}. Togo did so last year.", "actual"),
        ("Ghana has ratified the {}, and Togo has followed suit.", "actual"),
        ("Ghana has ratified the {}; Togo has not.", "negated"),
        ("Ghana has ratified the {}, but Togo has yet to do so.", "negated"),
        ("Ghana has ratified the {}; Togo is expected to follow in June.", "expected"),
    ],
)
def test_a_clause_may_stand_for_the_one_before(read, text, modality):
    _, extraction = read(text.format(PACT))
    assert events(extraction) == {
        ("Ratification", "actual", PACT, "Ghana"),
        ("Ratification", modality, PACT, "Togo"),
    }


def test_neither_of_two_has_ratified(read):
    _, extraction = read(
        f"Peru and Chile signed the {PACT} in May. Neither country has ratified it."
    )
    assert events(extraction) == {("Ratification", "negated", PACT, "Chile Peru")}


@pytest.mark.parametrize(
    "text",
    [
        f"Peru and Chile signed a pact on the creation of a forest fund. The {PACT} stays.",
        f"The drawn-out approval process of the {PACT} is a burden for Peru.",
        f"Ghana signed the {PACT}. Traders followed the news in Togo.",
        "Peru exports fish to Chile",
        "China launch of satellite",
    ],
)
def test_no_deed(read, text):
    _, extraction = read(text)
    assert not {e for e in events(extraction) if e[1] == "actual"}


def test_a_second_by_tells_another_deed(read):
    _, extraction = read(f"The {PACT} was ratified by Chile in 2019 and by Peru in 2020.")
    told = {(c.subject, c.predicate): c.object for c in extraction.claims}
    years = {told[k, "pg:ofParty"]: told[k, "pg:year"].year for k, p in told if p == "pg:year"}
    assert years == {"state:cl": 2019, "state:pe": 2020}


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        (f"Before it can enter into force, the {PACT} must be approved by Peru.", PACT),
        (f"Peru and Chile signed the {PACT}. Entry into force is expected in 2026.", PACT),
        (f"Peru and Chile signed the {PACT}. It will enter into force once both have ratified it.",
         PACT),
    ],
)  # fmt: skip
def test_what_enters_into_force(read, text, theme):
    _, extraction = read(text)
    found = [e for e in events(extraction) if e[0] == "EntryIntoForce"]
    assert [t for _, _, t, _ in found] == [theme]
    assert found[0][1] != "actual"


def test_the_step_is_what_was_told(read):
    _, extraction = read(f"Peru withdrew from the {PACT}. Parliament had approved the step.")
    approval = next(e for e in events(extraction) if e[0] == "Approval")
    assert approval[1] == "actual"
    assert "withdrawal" in approval[2]


def test_the_following_year_counts_from_the_year_before(read):
    rows, _ = read(f"The {PACT} was signed in 2010 and came into force the following year.")
    assert {o for _, p, o, _ in rows if p == "pg:year"} == {"2010", "2011"}
