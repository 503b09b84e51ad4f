"""The OpenAPI document against the service: whatever it allows is answered as it says."""

from __future__ import annotations

import warnings

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of the library's own imports
    schemathesis = pytest.importorskip("schemathesis")

from kg.release import DataFolder
from kg.settings import Settings
from kg.tokens import Tokens
from server import create_app
from soaking import record, size

pytestmark = [
    pytest.mark.slow,
    # schemathesis does not close what an application hands out as a file.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
EXAMPLES = size(4, 200)
COSTLY = {"addDocuments": 10, "rollback": 50}  # operations that are not called more often
TOKEN: list[str] = []


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory):
    data = tmp_path_factory.mktemp("openapi") / "data"

    def fill(store: ox.Store) -> None:
        node = ox.NamedNode("http://e.org/s")
        store.add(ox.Quad(node, node, ox.Literal(1), ox.NamedNode("http://e.org/g")))

    DataFolder(data).publish(fill, "small")
    TOKEN.append(Tokens(data).create(["documents", "releases"], None)[1])
    app = create_app(Settings(data=data, query_seconds=2.0, upload_bytes=100_000))
    yield schemathesis.openapi.from_wsgi("/openapi.json", app)
    app.extensions["close"]()


def check(case) -> None:
    """Hold one answer to the document; 503 is documented, and says when to come again."""
    response = case.call(headers={"Authorization": f"Bearer {TOKEN[-1]}"})
    if response.status_code == 503:
        assert response.headers.get("retry-after")
        return
    assert response.status_code < 500, response.text
    checks = schemathesis.specs.openapi.checks
    case.validate_response(
        response, checks=[checks.status_code_conformance, checks.content_type_conformance]
    )


def test_what_the_document_allows_is_answered_as_it_says(api) -> None:
    operations = [result.ok() for result in api.get_all_operations()]
    assert len(operations) > 20
    called = 0
    for operation in operations:
        name = operation.definition.raw["operationId"]
        examples = settings(
            max_examples=min(EXAMPLES, COSTLY.get(name, EXAMPLES)),
            deadline=None, derandomize=True, database=None,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        examples(given(case=operation.as_strategy())(check))()
        called += 1
    record("schemathesis over OpenAPI", operations=called, examples_each_at_most=EXAMPLES)
