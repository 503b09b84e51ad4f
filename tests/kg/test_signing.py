"""Who concluded what with whom: invented sentences with the parties they must and must not give."""

import pytest


def parties(rows):
    """Return the parties of all agreements, with a mark for what is not actual."""
    marks = {"actual": "", "planned": "~", "negated": "!"}
    names = {"United Kingdom": "Britain"}
    return {names.get(o, o) + marks.get(m, "?") for _, p, o, m in rows if p == "pg:party"}


TOLD = [
    # verbs
    ("Brazil entered into a memorandum of understanding with Angola on rice.", "Brazil Angola"),
    ("Georgia and Armenia penned a customs agreement.", "Georgia Armenia"),
    ("Oman clinched a free trade agreement with India after long talks.", "Oman India"),
    ("The signing of a nuclear agreement by Ghana and Peru took place in Accra.", "Ghana Peru"),
    ("Greece is to sign a rescue agreement with Egypt.", "Greece~ Egypt~"),
    ("Greece refused to sign a rescue agreement with Egypt.", "Greece! Egypt!"),
    # who acts
    ("Representatives of Angola and Namibia signed an agreement on the dam.", "Angola Namibia"),
    ("Angolan and Namibian officials signed an agreement on the dam.", "Angola Namibia"),
    ("Ministers from Samoa, Fiji and Tonga endorsed the Apia Declaration.", "Samoa Fiji Tonga"),
    ("Togo, along with Ghana and Benin, signed the Accra Convention.", "Togo Ghana Benin"),
    ("Eleven states, among them Ghana and Togo, signed the Accra Convention.", "Ghana Togo"),
    ("Ten governments, among them those of Mali and Chad, signed the Accra Pact.", "Mali Chad"),
    # a place at the head of the sentence
    ("On Friday in Oslo, Chad, Niger and Mali signed a treaty on locusts.", "Chad Niger Mali"),
    ("After talks in Muscat, Yemen and Oman agreed on a border protocol.", "Yemen Oman"),
    ("Meeting in Jakarta, Chad and Peru agreed on a border protocol.", "Chad Peru"),
    ("In Vienna, Austria, Chad and Mali have signed a treaty on rail.", "Chad Mali"),
    # the agreement's own phrase
    ("Malawi has an agreement on power trade with Chad.", "Malawi Chad"),
    ("Togo has its own fisheries agreement with China.", "Togo China"),
    ("Under the pact with Fiji, Samoa will share radar data.", "Fiji Samoa"),
    ("A trade agreement linking Georgia, Armenia and Iran took effect.", "Georgia Armenia Iran"),
    ("The trilateral water pact of Jordan, Israel and Iraq was praised.", "Jordan Israel Iraq"),
    ("The Peru-Japan trade deal covers beef.", "Peru Japan"),
    # members
    ("The signatories to the Lusaka Accord are Chad, Mali and Togo.", "Chad Mali Togo"),
    ("The Pacific Pact, whose members include Chile and Peru, was updated.", "Chile Peru"),
    ("The Pacific Pact has eleven members, among them Chile and Peru.", "Chile Peru"),
    ("The Pacific Pact comprises Chile, Peru and Fiji.", "Chile Peru Fiji"),
    ("Moldova, a party to the Energy Community Treaty, raised prices.", "Moldova"),
    ("As a signatory to the Energy Community Treaty, Moldova must open up.", "Moldova"),
    # whom a number, an office or a side means
    (
        "Chad, Mali and Togo met. Peru hosted them. The three countries signed a pact.",
        "Chad Mali Togo",
    ),
    (
        "Masdar and Engie met in Paris. The two companies signed an agreement on gas.",
        "Masdar Engie",
    ),
    (
        "Minister Ana Roy of Chile and her Danish colleague Jens Holm signed a pact on fish.",
        "Chile Denmark",
    ),
    ("A pact on air traffic was signed by Chad's ambassador, John Reed.", "Chad"),
    ("Togo signed a pact on fish in May, while Ana Roy signed for Chile.", "Togo Chile"),
    ("Ministers Jan Ras of Estonia and Ivo Kuk of Latvia signed a pact on rail.", "Estonia Latvia"),
    (
        "States that have signed the Nairobi Convention, among them Chad and Peru, may attend.",
        "Chad Peru",
    ),
    (
        "Ann Roy of Peru signed the memorandum on fish with Panama's Foreign Minister Peter Novak.",
        "Peru Panama",
    ),
    (
        "Ann Roy signed the memorandum on fish for Chile and Peter Novak for Slovenia.",
        "Chile Slovenia",
    ),
    (
        "Chad, Mali, Togo and Benin met. The ministers of the four countries signed a pact on gas.",
        "Chad Mali Togo Benin",
    ),
    ("Chad and Mali quarrelled. The 2019 trade deal between the partners stays.", "Chad Mali"),
    (
        "Chad and Mali met. Both governments signed a pact on fish in May, when Peru joined Fiji.",
        "Chad Mali",
    ),
    # what there is
    ("The treaty on fish is binding now for Peru, Samoa and Tonga.", "Peru Samoa Tonga"),
    (
        "Mali reacted by expelling the envoy and by concluding a pact on arms with Egypt.",
        "Mali Egypt",
    ),
    ("Pakistan holds all bilateral accords with India in abeyance.", "Pakistan India"),
    ("Under a memorandum on chips, Hanoi and Lima will review the rules.", "Vietnam Peru"),
    ("Chad and Mali issued a joint statement on water.", "Chad Mali"),
    ("The pact on fish was signed by Chad and by Mali, which has doubts.", "Chad Mali"),
    ("The joint working group of Nepal and Peru is studying it.", "Nepal Peru"),
    ("Uganda and Togo signed agreements that clear the way for a pipeline.", "Uganda Togo"),
    ("The pact on water carries the signatures of Chad and Mali.", "Chad Mali"),
    (
        "The Tunis Declaration, a document signed in March 2015 by Chad and Mali, is old.",
        "Chad Mali",
    ),
    ("The security treaty with Australia, which Fiji has had since 2017, stays.", "Australia Fiji"),
    ("Peru will not extend an accord on fish with Chile.", "Peru Chile"),
    ("Britain has similar agreements with Albania and Peru.", "Britain Albania Peru"),
    ("The Franco-German treaty was signed in Aachen.", "France Germany"),
    ("Paraguay and Brazil arrived at an agreement on the tariff.", "Paraguay Brazil"),
    # headlines
    ("Kenya inks fisheries deal with Norway", "Kenya Norway"),
    ("Kenya, Japan sign geothermal agreement", "Kenya Japan"),
    ("Nepal, Jordan ink labour pact", "Nepal Jordan"),
    ("Nepal and Jordan to sign labour pact", "Nepal~ Jordan~"),
    ("Chad, Mali Ink Border Pact\n\nThe pact on the border was signed at night.", "Chad Mali"),
    ("Peru Signs Lima Accords\n\nPeru signed the Lima Accords, the third accords of 2020.", "Peru"),
    # done with what was done
    (
        "Ann Roy of Peru and Peter Novak of Chile met the press before signing a pact on fish.",
        "Peru Chile",
    ),
    ("The Mercosur bloc and Norway finalised a trade agreement on Saturday.", "Mercosur Norway"),
    ("Chad and Mali today signed four Memorandum of Understandings on trade.", "Chad Mali"),
]


@pytest.mark.parametrize(("text", "wanted"), TOLD)
def test_parties_are_told_in_many_ways(read, text, wanted):
    rows, _ = read(text)
    assert parties(rows) == set(wanted.split())


@pytest.mark.parametrize(
    "text",
    [
        "Ministers deal with complaints from Chad and Mali every week.",
        "Greece criticised the memorandum between the two.",
        "Moldova, a former member of the Lusaka Accord, raised prices.",
        "Officials from Chad and Mali discussed the Lusaka Accord.",
        "In Oslo, Chad's minister read the Lusaka Accord.",
        "Under the Lusaka Accord, Norway will help farmers in Togo.",
        "The treaty was read in Vienna, Austria, Chad and Mali.",
        "Chad, Mali and Togo met; Peru, Fiji and Iran did. The three countries signed a pact.",
        "Under the proposed pact on chips, Hanoi and Lima would review the rules.",
        "The chairman of Sinopec, Ma Li, signed the gas agreement.",
    ],
)
def test_who_is_only_named_is_no_party(read, text):
    rows, _ = read(text)
    assert not parties(rows)


def people(rows, predicate):
    """Return the people that a predicate names as actual."""
    return {o for _, p, o, m in rows if p == predicate and m == "actual"}


@pytest.mark.parametrize(
    "text",
    [
        "The pact on fish was signed by Chad, with President Ann Roy and Peter Novak looking on.",
        "The pact on fish was signed by Chad under the gaze of President Ann Roy and Peter Novak.",
        "The pact on fish was signed by Chad in the presence of President Ann Roy and Peter Novak.",
    ],
)
def test_who_watches_a_signing_takes_part(read, text):
    rows, _ = read(text)
    assert people(rows, "pg:hasParticipant") >= {"Ann Roy", "Peter Novak"}
    assert not people(rows, "pg:signer")


def test_lines_of_signatures_name_signers_and_sides(read):
    rows, _ = read(
        "The pact on fish was signed in Lima.\n\n"
        "For Chad: Minister Ann Roy\n\nFor the Republic of Peru: President Peter Novak\n"
    )
    assert people(rows, "pg:signer") == {"Ann Roy", "Peter Novak"}
    assert parties(rows) == {"Chad", "Peru"}


def test_those_who_signed_are_named_behind(read):
    rows, _ = read("The pact on fish is done. Those who signed it were Ann Roy and Peter Novak.")
    assert people(rows, "pg:signer") == {"Ann Roy", "Peter Novak"}


def test_who_takes_part_in_a_mission_is_involved(read):
    rows, _ = read("Chad and Mali take part in the Sahel Training Programme.")
    assert people(rows, "pg:involves") == {"Chad", "Mali"}


def test_what_is_joined_as_it_need_not_be_the_agreement(read):
    rows, _ = read(
        "Kenya and Haiti signed a police agreement; a mission is to follow. Benin will join it."
    )
    assert "Benin" not in {o for _, p, o, _ in rows if p == "pg:party"}
