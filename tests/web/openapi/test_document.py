"""The API's description: valid, and of exactly the calls that there are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from web.http.json_schema import Schema
from web.openapi.document import describe

METHODS = {"get", "head", "post", "put", "patch", "delete", "options"}
DOCUMENT = describe("Thử", "https://tualai.example")
NAMES = Path(__file__).with_name("names.txt")


def described() -> Iterator[tuple[str, str, Schema]]:
    """(method, path, operation)."""
    for path, item in DOCUMENT["paths"].items():
        for method in sorted(METHODS & item.keys()):
            yield method.upper(), path, item[method]


def routes(app: Starlette) -> set[tuple[str, str]]:
    """(method, path) of every call; a HEAD that comes with a GET is not one of its own."""
    found = set()
    for route in app.routes:
        if isinstance(route, Route) and route.path.startswith("/api/v1/"):
            methods = (route.methods or set()) - ({"HEAD"} if "GET" in (route.methods or ()) else set())
            found |= {(method, re.sub(r":\w+\}", "}", route.path)) for method in methods}
    return found


@pytest.mark.slow
def test_it_is_valid() -> None:
    from openapi_spec_validator import OpenAPIV31SpecValidator  # here: it takes a while to load

    assert [str(error) for error in OpenAPIV31SpecValidator(DOCUMENT).iter_errors()] == []


def test_it_is_served(client: TestClient) -> None:
    served = client.get("/api/openapi.json")
    assert served.headers["content-type"] == "application/json"
    assert served.json()["openapi"].startswith("3.1")
    assert served.json()["paths"].keys() == DOCUMENT["paths"].keys()


def test_it_describes_the_calls_that_there_are(built_app: Starlette) -> None:
    told = {(method, path) for method, path, _ in described()}
    assert routes(built_app) - told == set(), "calls that are not described (OPERATIONS beside the routes)"
    assert told - routes(built_app) == set(), "described calls that do not exist"


def test_names_are_unique_and_every_error_is_a_problem() -> None:
    names = [operation["operationId"] for _, _, operation in described()]
    assert len(names) == len(set(names))
    for method, path, operation in described():
        errors = [status for status in operation["responses"] if status >= "400"]
        assert "503" in errors, (method, path)
        for status in errors:
            name = operation["responses"][status]["$ref"].rpartition("/")[2]
            content = DOCUMENT["components"]["responses"][name]["content"]
            assert list(content) == ["application/problem+json"], (method, path)


def test_every_schema_is_used() -> None:
    used = set(re.findall(r"#/components/schemas/(\w+)", str(DOCUMENT)))
    assert used == DOCUMENT["components"]["schemas"].keys()


def members(schema: Schema, before: str = "") -> Iterator[str]:
    """The names in a schema and in what it holds; those that are needed with a “!”."""
    for name, each in schema.get("properties", {}).items():
        yield f"{before}{name}{'!' if name in schema.get('required', ()) else ''}"
        yield from members(each, f"{before}{name}.")
    for inner in (schema.get("items"), *schema.get("anyOf", ())):
        if isinstance(inner, dict):
            yield from members(inner, before)


def test_the_names_are_those_that_programs_know() -> None:
    """The types say the names, and a type of the domain may be renamed in passing; programs outside can't be.

    Who means to change the API changes the list: `python -m tests.web.openapi.test_document`.
    """
    assert names() == NAMES.read_text("utf-8")


def names() -> str:
    """The members of every record that is answered, and of every body."""
    rows = [
        f"{name}: {' '.join(members(each))}" for name, each in DOCUMENT["components"]["schemas"].items()
    ]
    for _, _, each in described():
        body = each.get("requestBody", {}).get("content", {}).get("application/json")
        if body is not None:
            rows.append(f"{each['operationId']}: {' '.join(members(body['schema']))}")
    return "".join(f"{row}\n" for row in sorted(rows))


@pytest.mark.parametrize(("method", "path", "operation"), list(described()))
def test_changes_say_what_they_need(method: str, path: str, operation: Schema) -> None:
    security = operation["security"]
    if not security:
        return
    changes = method not in ("GET", "OPTIONS")
    assert {"401", "403"} <= operation["responses"].keys()
    assert any(each.keys() == ({"session", "csrf"} if changes else {"session"}) for each in security)
    parameters = {each["name"] for each in operation.get("parameters", [])}
    if method == "POST" and not path.startswith("/api/v1/uploads"):
        assert "Idempotency-Key" in parameters
    if method == "PATCH" and "Tus-Resumable" not in parameters:
        assert "If-Match" in parameters
        assert {"412", "428"} <= operation["responses"].keys()


if __name__ == "__main__":
    NAMES.write_text(names(), "utf-8")
