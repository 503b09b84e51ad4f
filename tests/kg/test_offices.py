"""Offices: who holds which, of which state, in the many orders that the press writes them in."""

import pytest


def things(rows, cls):
    """Return the names of the things of a class."""
    return {s for s, p, o, _ in rows if p == "rdf:type" and o == cls}


def offices(rows):
    """Return (person, office without its state, state) for each office that a text tells."""
    state = {s: o for s, p, o, _ in rows if p == "pg:officeOfState"}
    return {
        (s, o.split(" of the ")[0].removesuffix(f" of {state.get(o, '')}"), state.get(o, ""))
        for s, p, o, _ in rows
        if p == "pg:holdsOffice"
    }


@pytest.mark.parametrize(
    ("text", "held"),
    [
        (
            "Foreign Minister Ivan Petrov of Bulgaria arrived in Lima.",
            {("Ivan Petrov", "Foreign Minister", "Bulgaria")},
        ),
        (
            "Peru's trade minister Ana Rojas and energy minister Luis Soto signed a pact.",
            {("Ana Rojas", "Trade Minister", "Peru"), ("Luis Soto", "Energy Minister", "Peru")},
        ),
        (
            "They met the Belgian and Dutch prime ministers, Jan Peeters and Kees Visser.",
            {
                ("Jan Peeters", "Prime Minister", "Belgium"),
                ("Kees Visser", "Prime Minister", "Netherlands"),
            },
        ),
        (
            "Norway and Peru signed a memorandum on rural development, Federal Minister for"
            " Fisheries Olav Berg said.",
            {("Olav Berg", "Federal Minister for Fisheries", "")},
        ),
        (
            "Peru's Minister for Foreign Trade and Tourism, Luis Soto met them in Oslo.",
            {("Luis Soto", "Minister for Foreign Trade and Tourism", "Peru")},
        ),
        (
            "Malaysia's trade minister Tan Sri Omar Yusof and Defence Minister Datuk Seri Amir Ali"
            " flew to Peru.",
            {
                ("Omar Yusof", "Trade Minister", "Malaysia"),
                ("Amir Ali", "Defence Minister", "Malaysia"),
            },
        ),
        (
            "Adviser to the Prime Minister on Textiles Omar Malik said that talks went on.",
            {("Omar Malik", "Adviser to the Prime Minister on Textiles", "")},
        ),
        (
            "Peru's Special Assistant to the President on Water Luis Soto met them.",
            {("Luis Soto", "Special Assistant to the President on Water", "Peru")},
        ),
        (
            "Deputy Assistant Secretary of State for Western Hemisphere Affairs Ann Lee wrote.",
            {
                (
                    "Ann Lee",
                    "Deputy Assistant Secretary of State for Western Hemisphere Affairs",
                    "",
                )
            },
        ),
        (
            "The two special envoys, Karl Braun for Germany and Sam Uirab for Namibia, met.",
            {("Karl Braun", "Special Envoy", "Germany"), ("Sam Uirab", "Special Envoy", "Namibia")},
        ),
        (
            "The presidents Juan Mora, Carlos Vega and Pedro Luna watched.",
            {
                ("Juan Mora", "President", ""),
                ("Carlos Vega", "President", ""),
                ("Pedro Luna", "President", ""),
            },
        ),
        (
            "Japan's ambassador in Nairobi, Kenji Mori, spoke.",
            {("Kenji Mori", "Ambassador in Nairobi", "Japan")},
        ),
        (
            "H.E. Mr. Kenji Mori, Ambassador of Japan to Zambia, spoke.",
            {("Kenji Mori", "Ambassador", "Japan")},
        ),
        (
            "Ambassador John Tembo, permanent representative of Malawi to Unesco, spoke.",
            {
                ("John Tembo", "Ambassador", ""),
                ("John Tembo", "Permanent Representative", "Malawi"),
            },
        ),
        (
            "Peter Banda (Zambia's deputy interior minister) spoke.",
            {("Peter Banda", "Deputy Interior Minister", "Zambia")},
        ),
        (
            "The Minister for the Cabinet Office of the United Kingdom, David Hall MP, spoke.",
            {("David Hall", "Minister for the Cabinet Office", "United Kingdom")},
        ),
        (
            "Dr. Peter Banda, Permanent Secretary in the Ministry of Health of Zambia, spoke.",
            {("Peter Banda", "Permanent Secretary in the Ministry of Health", "Zambia")},
        ),
        (
            "Anna Weber, president of the National Farmers' Union, called it a relief.",
            {("Anna Weber", "President", "")},
        ),
        (
            "NATO Secretary General Erik Lund wrote to Peru.",
            {("Erik Lund", "NATO Secretary General", "")},
        ),
        (
            "They are Minister of Finance B.Bold and Minister of Mineral Resources Ts.Dorj.",
            {
                ("B.Bold", "Minister of Finance", ""),
                ("Ts.Dorj", "Minister of Mineral Resources", ""),
            },
        ),
        (
            "Kuwait's Deputy Prime Minister and Minister of Defence Sheikh Talal Al-Sabah spoke.",
            {
                ("Talal Al-Sabah", "Deputy Prime Minister", "Kuwait"),
                ("Talal Al-Sabah", "Minister of Defence", "Kuwait"),
            },
        ),
    ],
)
def test_titles_in_many_orders(read, text, held):
    rows, _ = read(text)
    assert held <= offices(rows)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Kenya's ambassador to Peru, John Tembo, spoke.", "Peru"),
        ("Commerce minister Li Ming of the Asian country met Kenya's envoy.", "Kenya"),
        ("The EU's foreign policy chief, Anna Weber, spoke.", "European Union"),
        ("Karim Haidar, chairman of the Bangladesh Power Board, spoke.", "Bangladesh"),
        ("Finland's foreign minister Aino Salo and Foreign Minister Erik Lund met.", ""),
    ],
)
def test_a_state_that_is_not_the_offices_own(read, text, wrong):
    rows, _ = read(text)
    states = {o for _, p, o, _ in rows if p == "pg:officeOfState"}
    assert wrong not in states
    assert len(states) < 2


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Sheikh Salem Al-Sabah spoke in Lima.", {"Salem Al-Sabah"}),
        ("Takeshi Suzuki, a diplomat, spoke in Lima.", {"Takeshi Suzuki"}),
        ("Sultan bin Ahmed Al Jaber spoke in Lima.", {"Sultan bin Ahmed Al Jaber"}),
        ("The Ministry of Foreign and Diaspora Affairs of Kenya spoke.", set()),
    ],
)
def test_names_of_people_keep_their_particles(read, text, names):
    assert things(read(text)[0], "Person") == names


@pytest.mark.parametrize(
    ("text", "bodies"),
    [
        (
            "The Ministry of Health of Peru and the Federal Ministry of Health of Chile met.",
            {"Ministry of Health of Peru", "Federal Ministry of Health of Chile"},
        ),
        (
            "Ana Rojas, head of the Nepal Water Board, signed a pact with Peru.",
            {"Nepal Water Board"},
        ),
    ],
)
def test_bodies_end_where_the_next_begins(read, text, bodies):
    assert bodies <= things(read(text)[0], "PublicBody")


def test_an_office_without_a_named_holder_is_told_with_its_state(read):
    rows, _ = read("The foreign minister of Peru will visit Chile in May.")
    assert ("Foreign Minister of Peru", "pg:officeOfState", "Peru", "actual") in rows
    assert not [r for r in rows if r[1] == "pg:holdsOffice"]


@pytest.mark.parametrize(
    ("text", "person", "state"),
    [
        ("For the Peruvian side it was signed by Minister of Labour Ana Rojas.", "Labour", "Peru"),
        (
            "Peru will not sign the pact with Chile, Foreign Minister Ana Rojas said.",
            "Foreign",
            "Peru",
        ),
        ("Peru sent a delegation led by Trade Minister Ana Rojas to Chile.", "Trade", "Peru"),
        (
            "In Lima, Peru's capital, the host, Chancellor Olaf Braun of Germany, spoke.",
            "Chan",
            "Germany",
        ),
        (
            "Germany and Peru signed a pact. Chancellor Olaf Braun was there.",
            "Chancellor",
            "Germany",
        ),
        (
            "Kenya and Malta talked. Prime Minister Ian Borg saw his Kenyan counterpart, J. Tembo.",
            "Prime",
            "Malta",
        ),
    ],
)
def test_the_rest_of_the_text_tells_whose_an_office_is(read, text, person, state):
    rows, _ = read(text)
    assert {o for s, p, o, _ in rows if p == "pg:officeOfState" and person in s} >= {state}


@pytest.mark.parametrize(
    "text",
    [
        "Peru and Chile signed a pact. Foreign Minister Ana Rojas was there.",
        "France expelled two envoys after Foreign Minister Ana Rojas spoke of Mali.",
    ],
)
def test_nothing_is_said_of_an_office_whose_state_is_open(read, text):
    assert not [r for r in read(text)[0] if r[1] == "pg:officeOfState"]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Ana Rojas, who is also chair of Caricom, spoke.", "chair"),
        ("Ana Rojas came as the envoy of the Peruvian president.", "Envoy"),
        ("Ana Rojas, head of the rebel delegation, signed.", "Head of the Rebel Delegation"),
        ("Kenji Mori, Deputy Managing Director and Acting Chair, spoke.", "Acting Chair"),
        ("Her Danish colleague, Jens Holm, sat with Canadian defence minister Ann Roy.", ""),
    ],
)
def test_titles_that_stand_apart(read, text, title):
    held = {o for _, p, o, _ in read(text)[0] if p == "pg:holdsOffice"}
    assert any(title.lower() in name.lower() for name in held)


@pytest.mark.parametrize(
    ("text", "body", "state"),
    [
        ("The government in Prague said so.", "government in Prague", "Czech Republic"),
        ("The Kenyan ministry of health signed a pact.", "Kenyan ministry of health", "Kenya"),
        (
            "Mexico's ministries of trade and health called it unfair.",
            "ministries of trade",
            "Mexico",
        ),
        ("In Peru, the Ministry of Mines will draft a law.", "Ministry of Mines", "Peru"),
        ("Ministry of Commerce, Bangkok\n\nThe talks ended.", "Ministry of Commerce", "Thailand"),
        ("Peru signed a pact, the White House in Washington said. The Pentagon agreed.", "", ""),
    ],
)
def test_bodies_told_by_their_field_and_seat(read, text, body, state):
    rows, _ = read(text)
    assert any(body in label for label in things(rows, "PublicBody"))
    assert not state or {o for s, p, o, _ in rows if p == "pg:bodyOf" and body in s} == {state}


@pytest.mark.parametrize(
    ("text", "name", "cls"),
    [
        ("The opposition party Frente Azul left.", "Frente Azul", "Organization"),
        ("The trade union Solidar protested.", "Solidar", "Organization"),
        ("Gridco, the Polish grid operator, signed a contract.", "Gridco", "Company"),
        ("Terra Nova, an environmental group, sued.", "Terra Nova", "Organization"),
        ("The newspaper El Farol reported it.", "El Farol", "NewsOrganization"),
        ("The news agency Sunline reported it.", "Sunline", "NewsOrganization"),
        ("Simfex, the joint venture of two miners, agreed.", "Simfex", "Company"),
    ],
)
def test_the_noun_beside_a_name_tells_its_class(read, text, name, cls):
    assert name in things(read(text)[0], cls)


@pytest.mark.parametrize(
    "text",
    [
        "Hotels were built at Velika Plaža by a firm.",
        "They met in Ras Tanaqib before the summit.",
    ],
)
def test_places_that_look_like_names_of_people_are_none(read, text):
    assert not things(read(text)[0], "Person")


def test_an_administration_and_an_office_are_told_by_a_person(read):
    rows, _ = read("The Braun administration agreed. John Tembo arrived. Tembo's office said so.")
    assert things(rows, "PublicBody") == {"Braun administration", "Tembo's office"}


@pytest.mark.parametrize(
    "text",
    [
        "President Jane Hall paid a visit to Vietnam. Vietnam had asked for it.",
        "Prime Minister Jane Hall arrived in Vietnam. Vietnam's parliament welcomed her.",
        "Finance Minister John Tembo signed a loan with China. China will send engineers.",
        "Japan's ambassador, Kenji Mori, and Finance Minister Ali Juma signed a loan.",
        "Bulgaria's energy minister Ivan Malin and Gasnet CEO Petar Iliev met.",
        "Gasnet President Petar Iliev spoke in Sofia, where Bulgaria and Greece signed a pact.",
    ],
)
def test_hosts_partners_and_firms_lend_no_state(read, text):
    rows, _ = read(text)
    told = {(s, o) for s, p, o, _ in rows if p == "pg:officeOfState"}
    allowed = {("Ambassador of Japan", "Japan"), ("Energy Minister of Bulgaria", "Bulgaria")}
    assert told <= allowed


def test_groups_are_of_the_state_that_their_adjective_tells(read):
    rows, _ = read("Kenyan exporters met traders in London. Citizens of Peru protested.")
    sides = {(s, o) for s, p, o, _ in rows if p == "pg:associatedState"}
    assert sides == {("Kenyan exporters", "Kenya")}
