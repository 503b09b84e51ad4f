"""Makes the measuring modules of this folder importable and offers a small invented document."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

TEXT = """date 2020-03-05 Ruritania and Zembla to sign fishing pact

Ruritania and Zembla signed an Agreement on Coastal Fisheries on Wednesday in Kuru. Foreign \
minister Ada Voss of Ruritania signed for her country, a spokesman said.

They will launch a Joint Fisheries Council next year. Voss denied that the \
two states had signed a treaty on fuel prices.
"""
ANN = """doc 2020-03-05 agency
= ru State | Ruritania ; Ruritanian
= ze State | Zembla
= voss Person | Ada Voss ; Voss
= fish Agreement | Agreement on Coastal Fisheries ; fishing pact
= fuel Treaty | treaty on fuel prices
= council CooperationMechanism | Joint Fisheries Council
= spokesman AgentGroup | spokesman
= sign Signing | signing of the fisheries agreement
= sign2 Signing | signing of the fuel treaty
= launch Launch | launch of the council

@ Ruritania and Zembla signed
sign signingOf fish
. eventDate 2020-03-04
. place "Kuru"
fish party ru, ze
. hasTopic "coastal fisheries ; fisheries"

@ Foreign minister Ada
sign signer voss [spokesman]
voss holdsOffice "foreign minister" of ru

@ They will launch
launch launchOf council ~
. year 2021 ~
council party ru, ze ~ (opt)

@ Voss denied
sign2 signingOf fuel ! [voss]
fuel hasTopic "fuel prices" ! [voss]
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Return the annotation file of an invented document."""
    (tmp_path / "001.txt").write_text(TEXT, "utf-8")
    path = tmp_path / "001.ann"
    path.write_text(ANN, "utf-8")
    return path
