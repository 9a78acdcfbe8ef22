"""schemathesis asks every described call of the real site, and holds the answers against the description.

Each call is asked as an editor and as an admin, with what fits its description and with what does not,
TUALAI_API_EXAMPLES times in `make thorough` (some hundreds find more); in `make test` an admin asks once with what
fits and an editor once with what does not.
"""

from __future__ import annotations

import copy
import os
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable

from tests.web.studio import api_site
from tests.web.studio.api_site import Site
from web.domain.accounts.tokens import Scope
from web.openapi.document import describe

pytestmark = pytest.mark.slow
filled, shared_site = api_site.filled, api_site.shared_site
EXAMPLES = int(os.environ.get("TUALAI_API_EXAMPLES", "30"))
KNOWN_FIELDS = {"programme": "programmes", "into": "topics", "superseded_by": "segments", "for": "episodes"}
DOCUMENT = describe("Thử", "/")
CALLS = [
    (method, path) for path, item in DOCUMENT["paths"].items() for method in item if method != "parameters"
]


@pytest.fixture(scope="module")
def schema(shared_site: Site) -> Any:
    import schemathesis  # here: it takes a second, also when these tests are not wanted
    from schemathesis.checks import load_all_checks

    load_all_checks()
    schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
    return schemathesis.openapi.from_dict(with_values(DOCUMENT, shared_site.values))


def with_values(document: dict[str, Any], values: dict[str, list[str]]) -> dict[str, Any]:
    """The description with what there is as likely values; nothing of its strictness changes."""
    made = copy.deepcopy(document)
    people = {**values, "people": values["people"][2:]}  # who asks stays who they are
    for path, item in made["paths"].items():
        words = path.split("/")
        for parameter in item.get("parameters", []):
            noun = words[words.index("{" + parameter["name"] + "}") - 1]
            known: list[Any] = people.get(noun, [])
            if noun == "versions":
                known = [1, 2]
            parameter["schema"] = {"anyOf": [{"enum": known}, parameter["schema"]]}
        for method in item.keys() - {"parameters"}:
            item[method].pop("security")
            for parameter in item[method].get("parameters", []):
                if parameter["name"] == "If-Match":
                    parameter["schema"] = {"anyOf": [{"const": "*"}, {"type": "string"}]}
    _fill(made["paths"], values)
    del made["components"]["securitySchemes"]
    return made


def _fill(part: Any, values: dict[str, list[str]]) -> None:
    if isinstance(part, list):
        for each in part:
            _fill(each, values)
    elif isinstance(part, dict):
        for name, noun in KNOWN_FIELDS.items():
            if isinstance(part.get("properties"), dict) and name in part["properties"]:
                kept = part["properties"][name]
                part["properties"][name] = {"anyOf": [{"enum": values[noun]}, kept]}
        for each in part.values():
            _fill(each, values)


@pytest.mark.parametrize("who", ["editor", "admin"])
@pytest.mark.parametrize(("method", "path"), CALLS)
def test_calls_answer_as_described(
    shared_site: Site, schema: Any, thorough: bool, who: str, method: str, path: str
) -> None:
    from schemathesis import GenerationMode

    fits, does_not = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
    if thorough:
        ask(shared_site, schema, who, method, path, EXAMPLES, [fits, does_not])
    else:
        ask(shared_site, schema, who, method, path, 1, [fits if who == "admin" else does_not])


def ask(site: Site, schema: Any, who: str, method: str, path: str, examples: int, modes: list[Any]) -> None:
    """An editor by a token, an admin by a session (no token reaches people)."""
    checks, operation = promises(), schema[path][method.upper()]
    if who == "editor":
        sent: dict[str, Any] = {"headers": site.bearer("editor", *Scope)}
    else:
        browser = site.session("admin")
        sent = {"headers": site.csrf(browser), "cookies": dict(browser.cookies)}
    for mode in modes:

        @seed(20260)
        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def run(case: Any) -> None:
            response = case.call(app=site.app, **sent)
            case.validate_response(response, checks=checks)

        try:
            run()
        except Unsatisfiable:  # nothing of it can be sent that would not fit the description
            assert mode.is_negative


def promises() -> list[Any]:
    """What every answer must keep."""
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

    return [
        not_a_server_error,
        status_code_conformance,
        content_type_conformance,
        response_schema_conformance,
    ]
