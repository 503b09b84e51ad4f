"""Who did what and when: short invented texts with the claims they must and must not give."""

import pytest


def said(rows, predicate, modality="actual"):
    """Return the objects of a predicate under one modality."""
    return {o for _, p, o, m in rows if p == predicate and m == modality}


@pytest.mark.parametrize(
    "text",
    [
        "Peru halted ratification of the Andean Fisheries Treaty.",
        "Peru halts ratification of the Andean Fisheries Treaty",
        "The Andean Fisheries Treaty will apply once Peru and Chile have ratified it.",
        "The Andean Fisheries Treaty still awaits ratification by Peru.",
        "Chile called for the signing of the Andean Fisheries Treaty by Peru.",
        "Peru and Chile will talk again before Peru ratifies the Andean Fisheries Treaty.",
        "The minister dismissed reports that Peru had ratified the Andean Fisheries Treaty.",
        "Peru was accused of signing the Andean Fisheries Treaty in secret.",
        "Peru stopped short of signing the Andean Fisheries Treaty.",
        "Peru has yet to ratify the Andean Fisheries Treaty.",
        "Peru's ratification of the Andean Fisheries Treaty could take years.",
    ],
)
def test_what_surroundings_do_not_presuppose_is_not_done(read, text):
    rows, _ = read(text)
    events = {m for _, p, _, m in rows if p in {"pg:signingOf", "pg:concerns", "pg:ofParty"}}
    assert "actual" not in events
    assert not said(rows, "pg:status") & {"signed", "ratified"}


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("The presidents welcomed the signing of the Andean Fisheries Treaty.", "signed"),
        ("The Andean Fisheries Treaty applies after its ratification by Peru.", "ratified"),
        ("The entry into force of the Andean Fisheries Treaty was marked in Lima.", "in-force"),
    ],
)
def test_a_noun_of_doing_that_is_presupposed_is_done(read, text, status):
    rows, _ = read(text)
    assert status in said(rows, "pg:status")


def test_that_one_party_leaves_is_no_end_of_the_agreement(read):
    rows, _ = read("Argentina has withdrawn from the Andean Fisheries Treaty.")
    assert said(rows, "pg:ofParty") == {"Argentina"}
    assert not said(rows, "pg:status")


def test_a_duty_to_ratify_is_planned(read):
    rows, _ = read("The Andean Fisheries Treaty still has to be ratified by Peru.")
    assert said(rows, "pg:ofParty", "planned") == {"Peru"}


def test_what_a_second_verb_leaves_out_is_supplied(read):
    rows, _ = read("Brazil signed but did not ratify the Andean Fisheries Treaty.")
    assert said(rows, "pg:status") == {"signed"}
    assert said(rows, "pg:ofParty", "negated") == {"Brazil"}


def test_all_signers_of_a_list_with_offices_are_found(read):
    rows, _ = read(
        "The Andean Fisheries Treaty was signed in Lima by Ana Brun, foreign minister of Chile, "
        "and Luis Vera, trade minister of Bolivia, "
        "in the presence of President Rosa Quispe."
    )
    assert said(rows, "pg:signer") == {"Ana Brun", "Luis Vera"}


def test_the_phrase_of_an_agreement_names_its_parties(read):
    rows, _ = read("A committee studied the accord on fishing quotas between Ghana and Togo.")
    assert said(rows, "pg:party") == {"Ghana", "Togo"}


def test_plural_offices_act_for_their_states(read):
    rows, _ = read("The foreign ministers of Chile and Peru held talks in Lima on Monday.")
    assert said(rows, "pg:hasParticipant") == {"Chile", "Peru"}
    assert said(rows, "pg:place") == {"Lima"}


def test_a_visit_told_by_a_noun_has_traveller_and_destination(read):
    rows, _ = read("The visit of President Ana Brun to Japan began on Monday.")
    assert said(rows, "pg:destination") == {"Japan"}
    assert "Ana Brun" in said(rows, "pg:hasParticipant")


def test_talks_with_a_partner_have_both_sides_and_a_subject(read):
    rows, _ = read("Chile is in talks with Peru on a treaty on lithium.")
    assert {"Chile", "Peru"} <= said(rows, "pg:hasParticipant")
    assert "treaty on lithium" in said(rows, "pg:concerns")


def test_a_standing_committee_is_no_guest_of_its_meeting(read):
    rows, _ = read("The joint committee on fisheries will meet in Oslo in July.")
    assert said(rows, "pg:sessionOf", "planned")
    assert not said(rows, "pg:hasParticipant", "planned")


def test_the_present_of_a_later_day_is_planned(read):
    rows, _ = read("The first session takes place in Oslo on 3 October 2021.")
    assert said(rows, "pg:eventDate", "planned") == {"2021-10-03"}
    assert not said(rows, "pg:eventDate")


def test_first_and_last_day_are_told_apart(read):
    rows, _ = read("Kenya hosted a conference on fisheries in Mombasa from 9 to 12 June 2021.")
    assert said(rows, "pg:eventDate") == {"2021-06-09"}
    assert said(rows, "pg:endDate") == {"2021-06-12"}


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("The pact is void, a spokesman for the union said.", "spokesman for the union"),
        ("Analysts doubt that Ghana will ratify the accord on quotas.", "Analysts"),
        ("The World Bank urged Uganda to open the border.", "World Bank"),
        ("According to bankers, the loan will be repaid.", "bankers"),
    ],
)
def test_speakers_are_found_whatever_the_verb(read, text, speaker):
    rows, _ = read(text)
    assert speaker in said(rows, "pg:madeBy")


def test_a_report_that_is_planned_is_no_statement(read):
    rows, _ = read("The joint committee is to report to both governments in May.")
    assert not said(rows, "pg:madeBy")


def test_an_announced_event_makes_an_announcement(read):
    rows, _ = read("Kenya announced that it had ratified the Lake Victoria Fisheries Treaty.")
    kinds = {o for _, p, o, _ in rows if p == "rdf:type"}
    assert {"Announcement", "Ratification"} <= kinds
    assert "Kenya" in said(rows, "pg:madeBy")


def test_a_denial_is_about_the_event_that_is_denied(read):
    rows, _ = read("Kenya denied that it had signed the Lake Victoria Fisheries Treaty.")
    assert said(rows, "pg:concerns") == {"signing of the Lake Victoria Fisheries Treaty"}
    assert said(rows, "pg:signingOf", "negated") == {"Lake Victoria Fisheries Treaty"}
    assert not said(rows, "pg:status")


def test_rejecting_a_text_is_no_denial(read):
    rows, _ = read("Herders rejected the Lake Victoria Fisheries Treaty.")
    assert "Denial" not in {o for _, p, o, _ in rows if p == "rdf:type"}


def test_a_semicolon_parts_what_is_done_from_what_is_planned(read):
    rows, _ = read(
        "Peru has signed the Andean Fisheries Treaty; it is to take effect on 1 January 2022."
    )
    assert "signed" in said(rows, "pg:status")
    assert said(rows, "pg:eventDate", "planned") == {"2022-01-01"}


def test_what_two_states_signed_is_found_behind_a_longer_phrase(read):
    rows, _ = read(
        "The plan builds on a memorandum on low-carbon shipping that Chile and Peru signed in 2019."
    )
    assert said(rows, "pg:party") == {"Chile", "Peru"}
    assert said(rows, "pg:year") == {"2019"}


def test_those_who_were_also_present_took_part(read):
    rows, _ = read(
        "Kenya and Norway signed an agreement on fisheries in Oslo on Tuesday. "
        "Prime Minister Erna Solberg was also present."
    )
    assert "Erna Solberg" in said(rows, "pg:hasParticipant")


def test_a_meeting_on_the_sidelines_is_not_the_summit(read):
    rows, _ = read(
        "President Ana Brun met President Luis Vera on the sidelines of the Nairobi Climate Summit."
    )
    met = {s for s, p, _, _ in rows if p == "pg:hasParticipant"}
    assert "Nairobi Climate Summit" in said(rows, "pg:subEventOf")
    assert "Nairobi Climate Summit" not in met


def test_a_date_of_a_document_does_not_date_the_deed(read):
    rows, _ = read("Kenya set up a working group on fisheries under a resolution of 5 May 2021.")
    assert not said(rows, "pg:eventDate")


def test_a_parliament_that_rejects_a_treaty_has_not_approved_it(read):
    rows, _ = read("Peru's Congress rejected the Andean Fisheries Treaty in 2020.")
    assert said(rows, "pg:concerns", "negated") == {"Andean Fisheries Treaty"}
    assert not said(rows, "pg:status")


def test_a_cancelled_visit_has_a_cancellation(read):
    rows, _ = read("The visit of President Ana Brun to Japan was cancelled.")
    assert "Cancellation" in {o for _, p, o, _ in rows if p == "rdf:type"}
    assert "cancelled" in said(rows, "pg:status")


def test_the_pronoun_of_a_report_is_whoever_reports(read):
    rows, _ = read("Kenya said it had ratified the Lake Victoria Fisheries Treaty.")
    assert said(rows, "pg:ofParty") == {"Kenya"}


def test_what_expired_is_also_what_was_not_renewed(read):
    rows, _ = read("The Coffee Accord expired in May and was not renewed.")
    assert "extended" in said(rows, "pg:status", "negated")
    assert not said(rows, "pg:when", "negated")


def test_names_put_to_a_treaty_are_signatures(read):
    rows, _ = read("Ana Brun and Luis Vera put their names to the Andean Fisheries Treaty.")
    assert said(rows, "pg:signer") == {"Ana Brun", "Luis Vera"}


def test_a_comma_joins_two_headlines(read):
    rows, _ = read("Peru suspends the Andean Fisheries Treaty, Chile closes its ports")
    assert said(rows, "pg:ofParty") == {"Peru"}


def test_a_notice_of_withdrawal_is_a_withdrawal_of_whoever_deposits_it(read):
    rows, _ = read("Peru deposited its notice of withdrawal from the Andean Fisheries Treaty.")
    assert said(rows, "pg:ofParty") == {"Peru"}


def test_she_added_belongs_to_the_official_who_spoke(read):
    rows, _ = read(
        "A senior official said the Andean Fisheries Treaty was signed on Monday. "
        "Chile would ratify the treaty in May, she added."
    )
    assert said(rows, "pg:madeBy") == {"senior official"}


def test_a_stated_capacity_gives_a_signature_and_a_party(read):
    rows, _ = read(
        "The Andean Fisheries Treaty was signed on behalf of Peru by Foreign Minister Luis Vera."
    )
    assert said(rows, "pg:onBehalfOf") == {"Peru"}
    assert said(rows, "pg:signedBy") == {"Luis Vera"}
    assert "Peru" in said(rows, "pg:party")
