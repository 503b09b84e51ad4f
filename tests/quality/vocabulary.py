"""The classes and predicates that the measure asks for, frozen apart from the ontology.

The measure must not move when the ontology does: a class or predicate of the ontology that is not
listed here is set apart by the scorer, neither right nor wrong. Source: GUIDE.md sections 3 to 5.
"""

from __future__ import annotations

from dataclasses import dataclass

MODALITIES = {
    ".": "actual",
    "~": "planned",
    "^": "expected",
    "?": "desired",
    "%": "possible",
    "!": "negated",
}
STATUSES = frozenset(
    """rumoured proposed negotiating planned agreed signed approved ratified in-force enacted
    launched relaunched active amended extended suspended postponed cancelled expired terminated
    withdrawn concluded""".split()
)
SOURCE_KINDS = frozenset("primary release agency newspaper opinion".split())

_TREE = """
Agent: Person Polity Organization AgentGroup
Polity: State SubnationalState Bloc
Organization: PublicBody StandardsBody NewsOrganization Company University InternationalOrganization
PolicyObject: Agreement Legislation Programme Strategy CooperationMechanism
Agreement: Treaty MemorandumOfUnderstanding JointStatement TradeAgreement DeclarationOfIntent
Agreement: Contract
Treaty: Protocol
Legislation: Act Regulation
Programme: NationalMission IncentiveProgramme CooperationProgramme
CooperationMechanism: DialogueFramework WorkingGroup
Event: LifecycleEvent Meeting Visit CommunicationEvent
LifecycleEvent: Signing Launch Relaunch Enactment Approval Ratification Accession EntryIntoForce
LifecycleEvent: Amendment Extension Suspension Termination Withdrawal Postponement Cancellation
LifecycleEvent: Expiry Adoption
Meeting: DialogueSession Talks MediaBriefing
Talks: Negotiation
Visit: TradeMission
CommunicationEvent: Statement Announcement Denial
PropositionalContent: Aim Commitment
Document: NewsArticle
Location: Place
"""
PARENT: dict[str, str] = {
    child: line.split(":")[0]
    for line in _TREE.strip().splitlines()
    for child in line.split(":")[1].split()
}
CLASSES = frozenset(
    {*PARENT, *PARENT.values(), "Topic", "Deliverable", "Office", "Place", "LifecycleStatus"}
)
# A mechanism acts like an organization, a bloc may be written as one, a state is a place too.
BRIDGES = frozenset(
    frozenset(pair)
    for pair in (
        ("CooperationMechanism", "Organization"),
        ("Bloc", "InternationalOrganization"),
        ("Polity", "Location"),
        ("Deliverable", "PropositionalContent"),
        ("Deliverable", "PolicyObject"),
    )
)


def chain(cls: str) -> list[str]:
    """Return the class and all above it, nearest first."""
    found = [cls]
    while found[-1] in PARENT:
        found.append(PARENT[found[-1]])
    return found


def below(cls: str, ancestor: str) -> bool:
    """Tell whether a class is the other one or under it."""
    return ancestor in chain(cls)


def compatible(one: str, other: str) -> bool:
    """Tell whether one thing may be an instance of both classes, as far as is known."""
    ours, theirs = chain(one), chain(other)
    if ours[-1] == theirs[-1]:
        return True
    return any(frozenset((a, b)) in BRIDGES for a in ours for b in theirs)


@dataclass(frozen=True)
class Predicate:
    """What a predicate connects: classes of its subject, classes or value kind of its object.

    `inline` is the class of an object that is written in quotation marks. `anywhere`: the
    evidence need not overlap, since the text tells it of the thing once and for all.
    """

    name: str
    subjects: tuple[str, ...]
    objects: tuple[str, ...] = ()
    value: str = ""  # date, year, time, status, string, amount
    inline: str = ""
    tier: str = "full"
    anywhere: bool = False


_ANY = ("Agent", "PolicyObject", "Event", "PropositionalContent", "Deliverable", "Office")
_THINGS = ("PolicyObject", "Event", "PropositionalContent", "Deliverable")


def _rows() -> list[Predicate]:
    def row(
        name: str, subjects: str, objects: str, tier: str = "full", inline: str = ""
    ) -> Predicate:
        # A dateline, which names the agency, is no sentence that an annotation can point at.
        anywhere = name in {"officeOfState", "bodyOf", "associatedState", "citesSource"}
        ends = tuple(subjects.split()) if subjects != "*" else _ANY
        return Predicate(name, ends, tuple(objects.split()), "", inline, tier, anywhere)

    def value(name: str, subjects: str, kind: str, tier: str = "core") -> Predicate:
        ends = tuple(subjects.split()) if subjects != "*" else _THINGS
        return Predicate(name, ends, (), kind, "", tier)

    return [
        row("party", "PolicyObject", "Agent", "core"),
        row("involves", "PolicyObject", "Agent"),
        row("hasSignatory", "Agreement Legislation", "Agent", "core"),
        row("signer", "LifecycleEvent", "Agent", "core"),
        row("signingOf", "Signing", "Agreement", "core"),
        row("launchOf", "Launch", "PolicyObject Event", "core"),
        row("relaunchOf", "Relaunch", "PolicyObject Event", "core"),
        row("enactmentOf", "Enactment", "Legislation", "core"),
        row("announcementOf", "Announcement", "PolicyObject Event PropositionalContent", "core"),
        row("sessionOf", "Meeting", "CooperationMechanism", "core"),
        row("concerns", "Event", "PolicyObject Event", "core"),
        row("ofParty", "LifecycleEvent", "Agent", "core"),
        value("eventDate", "Event", "date"),
        value("endDate", "Event PolicyObject", "date"),
        value("year", "Event", "year"),
        value("when", "Event PolicyObject", "time", "full"),
        value("status", "*", "status"),
        row("hasTopic", "*", "Topic", "core", "Topic"),
        row("hasAim", "PolicyObject Event", "Aim", "full", "Aim"),
        row(
            "contributesTo",
            "PolicyObject Event PropositionalContent Deliverable",
            "Aim",
            "full",
            "Aim",
        ),
        row("seeks", "Agent", "Aim", "full", "Aim"),
        row("underFramework", "PolicyObject Event PropositionalContent", "PolicyObject", "core"),
        row("inViewOf", "PolicyObject Event PropositionalContent", "PolicyObject", "core"),
        row("jurisdiction", "PolicyObject", "Polity", "core"),
        row("carriedOutBy", "PolicyObject PropositionalContent", "Agent PolicyObject", "core"),
        value("phase", "PolicyObject", "string"),
        row("holdsOffice", "Person", "Office", "core", "Office"),
        row("officeOfState", "Office", "Polity", "core"),
        row("bodyOf", "Organization", "Polity", "core"),
        row("associatedState", "Agent", "Polity"),
        row("hasParticipant", "Event", "Agent"),
        row("madeBy", "CommunicationEvent", "Agent", "core"),
        row("organizer", "Event", "Agent"),
        row("sentBy", "Visit", "Agent", "core"),
        row("destination", "Visit", "Polity Place", "core", "Place"),
        row("place", "Event", "Place Polity", "full", "Place"),
        row("committedUnder", "Commitment", "PolicyObject"),
        row("obligor", "Commitment", "Agent PolicyObject"),
        row("deliverable", "Commitment", "Deliverable PolicyObject", "full", "Deliverable"),
        row("beneficiary", "Commitment", "Agent"),
        row("benefits", "*", "Agent"),
        row("subEventOf", "Event", "Event"),
        value("amount", "PolicyObject Commitment Deliverable Event", "amount"),
        row("citesSource", "Document", "Organization", "core"),
        value("dateIssued", "Document", "date"),
    ]


PREDICATES: dict[str, Predicate] = {row.name: row for row in _rows()}
# How done events of a policy object change its status, and which planned ones give "planned".
RESULT = dict(
    pair.split("=")
    for pair in """Signing=signed Launch=launched Relaunch=relaunched Enactment=enacted
    Approval=approved Ratification=ratified EntryIntoForce=in-force Amendment=amended
    Extension=extended Suspension=suspended Termination=terminated Withdrawal=withdrawn
    Postponement=postponed Cancellation=cancelled Expiry=expired""".split()
)
PLANNED = frozenset({"Signing", "Launch"})
OBJECT_OF_EVENT = frozenset(
    "signingOf launchOf relaunchOf enactmentOf announcementOf concerns".split()
)
# Tier of the type fact; classes that are not below one of these have none.
TYPE_TIERS = {
    "Agent": "core",
    "PolicyObject": "core",
    "LifecycleEvent": "core",
    "Statement": "optional",
    "Event": "full",
    "Office": "full",
    "Commitment": "full",
    "Deliverable": "optional",
    "Location": "optional",
    "Document": "optional",
}
# A claim by the first predicate says all that the second says; a claim by the second says less.
NARROWER = {
    child: line.split(":")[0]
    for line in """
    involves: party carriedOutBy
    hasParticipant: signer organizer sentBy madeBy ofParty witness
    concerns: signingOf launchOf relaunchOf enactmentOf announcementOf negotiationOf
    benefits: beneficiary
    associatedState: representsState""".strip().splitlines()
    for child in line.split(":")[1].split()
}
# Pairs that say the same of the same ends, and pairs that annotators themselves confuse.
SAME = frozenset(
    frozenset(pair.split("="))
    for pair in "bodyOf=associatedState startDate=eventDate hasSignatory=signer".split()
)
NEAR = frozenset(
    frozenset(pair.split("="))
    for pair in """underFramework=inViewOf place=destination hasAim=contributesTo hasAim=seeks
    obligor=carriedOutBy""".split()
)
TIMES = frozenset("eventDate startDate year when".split())
# Classes whose names must stand in the text as written.
NAMED = frozenset("Person Polity Organization PolicyObject".split())


def type_tier(cls: str) -> str | None:
    """Return the tier of the fact that a thing has this class, or None where it is no fact."""
    return next((TYPE_TIERS[name] for name in chain(cls) if name in TYPE_TIERS), None)


def says(claimed: str, wanted: str) -> int:
    """Return 2 where a claim's predicate says what is wanted, 1 where it comes near, else 0."""
    if claimed == wanted or NARROWER.get(claimed) == wanted or {claimed, wanted} <= TIMES:
        return 2
    pair = frozenset((claimed, wanted))
    if pair in SAME:
        return 2
    return 1 if pair in NEAR or NARROWER.get(wanted) == claimed else 0


def in_scope(predicate: str) -> bool:
    """Tell whether claims by this predicate are judged at all."""
    return predicate in PREDICATES or predicate in NARROWER or predicate in {"type", "startDate"}


def class_fit(claimed: str, wanted: tuple[str, ...]) -> int:
    """Return 2 for the wanted class or one below it, 1 for a compatible one, else 0."""
    if any(below(claimed, cls) for cls in wanted):
        return 2
    return int(any(compatible(claimed, cls) for cls in wanted))
