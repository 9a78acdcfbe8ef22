"""Calls of the JSON API: each one's address, what it takes and answers, said once for its route and its description.

OpenAPI 3.1 (spec.openapis.org/oas/v3.1.1). Bodies and answers are described by their types, see
`web.http.json_schema`; who may call, by the handler's `guarded`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import KW_ONLY, dataclass, field, replace
from http import HTTPStatus
from typing import Any

from starlette.routing import Route

from web.access.idempotency import KEY_HEADER
from web.domain.accounts.permissions import Action
from web.domain.accounts.tokens import KEY_LENGTH, SCOPED
from web.http.json_schema import Schema, answered, sent

TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer", "minimum": 0}
FLAG: Schema = {"type": "boolean"}
DAY: Schema = {"type": "string", "format": "date"}
_PLACE = re.compile(r"\{(\w+)(?::(\w+))?\}")


def asked(name: str, schema: Schema, description: str = "", *, needed: bool = False) -> Schema:
    """A parameter in the address's query."""
    made = {"name": name, "in": "query", "required": needed, "schema": schema}
    return made | ({"description": description} if description else {})


def header(name: str, schema: Schema, description: str = "", *, needed: bool = False) -> Schema:
    """A parameter in a header."""
    return asked(name, schema, description, needed=needed) | {"in": "header"}


def whole(most: int, **more: int) -> Schema:
    """The schema of a whole number up to `most`."""
    return {**WHOLE, "maximum": most, **more}


_IF_MATCH = header("If-Match", TEXT, "The ETag of what was seen; `*` for whatever is stored", needed=True)
_IF_NONE_MATCH = header("If-None-Match", TEXT, "An ETag; 304 when it still holds")
_IDEMPOTENCY_KEY = header(
    KEY_HEADER,
    {"type": "string", "minLength": 1, "maxLength": KEY_LENGTH, "pattern": "^[ -~]*$"},
    "The same key with the same call is made once and answered alike for 24 hours; answers with a secret"
    " are not kept.",
)


@dataclass(frozen=True, slots=True)
class Operation:
    """One call. `path` as Starlette writes it; `name` is the operation's id.

    `answer`: the type answered in JSON, or a dictionary of an object's members; None for no content. `body`: the
    type that is read. `status`: 200 or 204 unless it is given. `problems`: the statuses of errors beside those that
    the action, `body`, `match`, POST and a place in the path bring by themselves. `match`: If-Match is needed.
    `etag`: the answer has one; GET may be answered 304. `own`: the call has its own way of being made once.
    `action`: what who calls must be permitted, for a handler without `guarded`. `extra` are further answers by
    status, `more` further members of the operation."""

    method: str
    path: str
    endpoint: Callable[..., Any]
    name: str
    summary: str
    answer: Any = None
    _: KW_ONLY
    body: Any = None
    parameters: Sequence[Schema] = ()
    problems: Sequence[int] = ()
    status: int = 0
    match: bool = False
    etag: bool = False
    own: bool = False
    action: Action | None = None
    media: Sequence[str] = ("application/json",)
    tag: str = ""
    extra: Schema = field(default_factory=dict)
    more: Schema = field(default_factory=dict)

    @property
    def route(self) -> Route:
        """Where it is taken."""
        return Route(self.path, self.endpoint, methods=[self.method])

    @property
    def address(self) -> str:
        """`path` as the description has it."""
        return _PLACE.sub(r"{\1}", self.path)

    @property
    def places(self) -> list[Schema]:
        """The parameters in the path."""
        found = _PLACE.findall(self.path)
        return [
            {"name": name, "in": "path", "required": True, "schema": WHOLE if kind == "int" else TEXT}
            for name, kind in found
        ]

    def described(self, components: Schema) -> Schema:
        """As the document has it; schemas with a name are put into `components`."""
        made: Schema = {"operationId": self.name, "summary": self.summary, "tags": [self.tag]}
        if parameters := list(self._parameters()):
            made["parameters"] = parameters
        if self.body is not None:
            content = {"application/json": {"schema": sent(self.body)}}
            made["requestBody"] = {"required": True, "content": content}
        return made | {"responses": self._responses(components), "security": self._security()} | self.more

    @property
    def _permitted(self) -> Action | None:
        return self.action or getattr(self.endpoint, "action", None)

    @property
    def _reads(self) -> bool:
        return self.method == "GET"

    @property
    def _keyed(self) -> bool:
        """Whether it can be made once by an Idempotency-Key."""
        return self.method == "POST" and self._permitted is not None and not self.own

    def _parameters(self) -> Iterator[Schema]:
        yield from self.parameters
        if self.match:
            yield _IF_MATCH
        if self.etag and self._reads:
            yield _IF_NONE_MATCH
        if self._keyed:
            yield _IDEMPOTENCY_KEY

    def _responses(self, components: Schema) -> Schema:
        status = self.status or (200 if self.answer is not None else 204)
        headers = [*(["ETag"] if self.etag else ()), *(["Location"] if status == 201 else ())]
        good: Schema = {"description": HTTPStatus(status).phrase}
        if headers:
            good["headers"] = {name: {"schema": TEXT} for name in headers}
        if self.answer is not None:
            schema = answered(self.answer, components)
            good["content"] = {each: {"schema": schema} for each in self.media}
        found: Schema = {str(status): good, **self.extra}
        if self.etag and self._reads:
            found["304"] = {"description": HTTPStatus(304).phrase}
        for each in sorted(self._statuses()):
            found.setdefault(str(each), {"$ref": f"#/components/responses/Problem{each}"})
        return found

    def _statuses(self) -> set[int]:
        found = {*self.problems, 503}
        if self._permitted is not None:
            found |= {401, 403}
        if self.body is not None or (self._permitted is not None and not self._reads):
            found |= {400}
        if self.match:
            found |= {409, 412, 428}
        if self._keyed:
            found |= {409}
        return found | ({404} if self.places else set())

    def _security(self) -> list[Schema]:
        if self._permitted is None:
            return []
        scopes = [scope.value for scope, actions in SCOPED.items() if self._permitted in actions]
        session: Schema = {"session": []} if self._reads else {"session": [], "csrf": []}
        return [*([{"bearer": scopes}] if scopes else []), session]


def tagged(tag: str, *operations: Operation) -> list[Operation]:
    """The calls of a noun; one that has a tag of its own keeps it."""
    return [replace(each, tag=each.tag or tag) for each in operations]
