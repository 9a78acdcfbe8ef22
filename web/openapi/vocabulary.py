"""The words that the API's description is written in. Pure.

OpenAPI 3.1 (spec.openapis.org/oas/v3.1.1). A record that is answered is closed: what is not described is not
answered, which the tests hold us to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from web.access.idempotency import KEY_HEADER
from web.domain.accounts.permissions import Action
from web.domain.accounts.tokens import KEY_LENGTH, SCOPED

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer", "minimum": 0}
NUMBER: Schema = {"type": "number"}
FLAG: Schema = {"type": "boolean"}
DAY: Schema = {"type": "string", "format": "date"}
MOMENT: Schema = {"type": "string", "format": "date-time", "description": "UTC"}
SECONDS: Schema = {"type": "number", "minimum": 0, "description": "seconds"}
LANGUAGE: Schema = {"type": "string", "description": "BCP 47, such as vi"}
PROBLEM_MEDIA = "application/problem+json"
_EXTRA_PHRASES = {460: "Checksum Mismatch"}


def record(**properties: Schema) -> Schema:
    """An object with exactly these members."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def sent(needed: Sequence[str] = (), /, **properties: Schema) -> Schema:
    """An object that a call sends, with at least the members `needed`; others than these are refused."""
    return loose(needed, **properties) | {"additionalProperties": False}


def loose(needed: Sequence[str] = (), /, **properties: Schema) -> Schema:
    """An object that a call sends; other members are not looked at."""
    made: Schema = {"type": "object", "properties": properties}
    return made | ({"required": list(needed)} if needed else {})


def list_of(items: Schema, description: str = "") -> Schema:
    """A list."""
    return {"type": "array", "items": items} | ({"description": description} if description else {})


def one_of(*values: str) -> Schema:
    """One of some words."""
    return {"type": "string", "enum": list(values)}


def or_null(schema: Schema) -> Schema:
    """This or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def ref(name: str) -> Schema:
    """A schema of the components."""
    return {"$ref": f"#/components/schemas/{name}"}


def said(schema: Schema, description: str) -> Schema:
    """A schema with a description."""
    return {**schema, "description": description}


def asked(name: str, schema: Schema, description: str = "", *, needed: bool = False) -> Schema:
    """A parameter in the address's query."""
    made = {"name": name, "in": "query", "required": needed, "schema": schema}
    return made | ({"description": description} if description else {})


def header(name: str, schema: Schema, description: str = "", *, needed: bool = False) -> Schema:
    """A parameter in a header."""
    made = {"name": name, "in": "header", "required": needed, "schema": schema}
    return made | ({"description": description} if description else {})


def placed(name: str, schema: Schema = TEXT) -> Schema:
    """A parameter in the address's path."""
    return {"name": name, "in": "path", "required": True, "schema": schema}


IF_MATCH = header("If-Match", TEXT, "The ETag of what was seen; `*` for whatever is stored", needed=True)
IF_NONE_MATCH = header("If-None-Match", TEXT, "An ETag; 304 when it still holds")
IDEMPOTENCY_KEY = header(
    KEY_HEADER,
    {"type": "string", "minLength": 1, "maxLength": KEY_LENGTH, "pattern": "^[ -~]*$"},
    "The same key with the same call is made once and answered alike for 24 hours; answers with a secret"
    " are not kept.",
)


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `action`: what who calls must be permitted (None: public). `answer`: the JSON answered,
    None for no content. `status`: 200 or 204
    unless it is given. `problems`: the statuses of errors beside those that `action`, `body`, `match`
    and POST bring by themselves. `match`: If-Match is needed. `etag`: the answer has one; one that only
    `reads` may be answered 304. `own`: the call has its own way of being made once. `extra` are further
    answers by status, `more` further members of the operation."""

    name: str
    summary: str
    answer: Schema | None = None
    action: Action | None = None
    parameters: Sequence[Schema] = ()
    body: Schema | None = None
    problems: Sequence[int] = ()
    status: int = 0
    match: bool = False
    etag: bool = False
    reads: bool = False
    own: bool = False
    media: Sequence[str] = ("application/json",)
    extra: Schema = field(default_factory=dict)
    more: Schema = field(default_factory=dict)

    def described(self, tag: str) -> Schema:
        """As the document has it."""
        made: Schema = {"operationId": self.name, "summary": self.summary, "tags": [tag]}
        if parameters := self._parameters():
            made["parameters"] = parameters
        if self.body is not None:
            made["requestBody"] = {
                "required": True,
                "content": {"application/json": {"schema": self.body}},
            }
        return made | {"responses": self._responses(), "security": self._security()} | self.more

    @property
    def keyed(self) -> bool:
        """Whether it can be made once by an Idempotency-Key, when it is a POST."""
        return self.action is not None and not self.reads and not self.own

    def _parameters(self) -> list[Schema]:
        found = list(self.parameters)
        if self.match:
            found.append(IF_MATCH)
        if self.etag and self.reads:
            found.append(IF_NONE_MATCH)
        return found

    def _responses(self) -> Schema:
        status = self.status or (200 if self.answer is not None else 204)
        headers: Schema = {"ETag": {"schema": TEXT}} if self.etag else {}
        if status == 201:
            headers = headers | {"Location": {"schema": TEXT}}
        good: Schema = {"description": HTTPStatus(status).phrase}
        if headers:
            good["headers"] = headers
        if self.answer is not None:
            good["content"] = {each: {"schema": self.answer} for each in self.media}
        found: Schema = {str(status): good, **self.extra}
        if self.etag and self.reads:
            found["304"] = {"description": HTTPStatus(304).phrase}
        for each in sorted(self._statuses()):
            found.setdefault(str(each), {"$ref": f"#/components/responses/Problem{each}"})
        return found

    def _statuses(self) -> set[int]:
        found = {*self.problems, 503}
        if self.action is not None:
            found |= {401, 403}
        if self.body is not None or (self.action is not None and not self.reads):
            found |= {400}
        if self.match:
            found |= {409, 412, 428}
        return found

    def _security(self) -> list[Schema]:
        if self.action is None:
            return []
        scopes = [scope.value for scope, actions in SCOPED.items() if self.action in actions]
        session: Schema = {"session": []} if self.reads else {"session": [], "csrf": []}
        return [*([{"bearer": scopes}] if scopes else []), session]


def path(tag: str, parameters: Sequence[Schema] = (), **calls: Operation) -> Schema:
    """An address's calls by method (`get`, `post`, …)."""
    made: Schema = {"parameters": list(parameters)} if parameters else {}
    for method, call in calls.items():
        described = call.described(tag)
        if method == "post" and call.keyed:
            described.setdefault("parameters", []).append(IDEMPOTENCY_KEY)
            described["responses"].setdefault("409", {"$ref": "#/components/responses/Problem409"})
        if parameters:
            described["responses"].setdefault("404", {"$ref": "#/components/responses/Problem404"})
        made[method] = described
    return made


def problem_responses(statuses: Sequence[int]) -> Schema:
    """The answers of errors, one for each status."""
    content = {PROBLEM_MEDIA: {"schema": ref("Problem")}}
    return {
        f"Problem{status}": {
            "description": _EXTRA_PHRASES.get(status) or HTTPStatus(status).phrase,
            "content": content,
        }
        for status in statuses
    }
