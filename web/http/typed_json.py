"""JSON by types: answers are written from dataclasses, bodies are read as typed dictionaries and dataclasses.

Read strictly: nothing is coerced (no “1” for 1, no 1 for true). What a body is, and the description of the call
that takes it, is said once, in its type; see `web.http.json_schema`.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping, Set
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, TypeVar, cast

from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config
from starlette.responses import JSONResponse

from media.errors import InvalidInput

T = TypeVar("T")
closed = with_config(ConfigDict(extra="forbid"))
"""Decorates a body's type: members that it does not name are refused, also within what it holds."""

_WRONG: dict[str, str] = {
    "string_type": "must be text",
    "bool_type": "must be true or false",
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "dict_type": "must be an object",
    "dataclass_type": "must be an object",
    "date_type": "must be a day such as 2026-11-30",
    "date_parsing": "must be a day such as 2026-11-30",
    "date_from_datetime_parsing": "must be a day such as 2026-11-30",
    "missing": "is missing; send it",
    "extra_forbidden": "is not known here; leave it out",
    "unexpected_keyword_argument": "is not known here; leave it out",
    "enum": "must be one of: {expected}",
    "literal_error": "must be one of: {expected}",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "too_short": "must have at least {min_length} entries",
    "too_long": "must have at most {max_length} entries",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
}
_SHAPE = frozenset({"missing", "extra_forbidden", "unexpected_keyword_argument"})


class JsonAnswer(JSONResponse):
    """An answer in JSON: dataclasses as objects, days and moments as ISO 8601 (those without a zone are UTC)."""

    def render(self, content: object) -> bytes:
        """The bytes of it."""
        return written(content, allow_nan=False, separators=(",", ":")).encode("utf-8")


def written(value: object, **how: Any) -> str:
    """A value as JSON; `how` as for `json.dumps`."""
    return json.dumps(value, ensure_ascii=False, default=_plain, **how)


def _plain(value: object) -> object:
    if is_dataclass(value):
        return {each.name: getattr(value, each.name) for each in fields(value)}
    match value:
        case datetime():
            return value.isoformat() if value.tzinfo else f"{value.isoformat()}Z"
        case date():
            return value.isoformat()
        case Enum():
            return value.value
        case Mapping():
            return dict(value)
        case Set():
            return sorted(value)
    raise TypeError(f"{type(value)} has no form in JSON")


def like(kind: Callable[..., T], source: object, **given: object) -> T:
    """A `kind` with what `source` has under the same names, and with what is `given`."""
    taken = {
        each.name: getattr(source, each.name) for each in fields(cast(Any, kind)) if each.name not in given
    }
    return kind(**taken, **given)


@functools.cache
def adapter(kind: Any) -> TypeAdapter[Any]:
    """What knows how a type is read and described."""
    return TypeAdapter(kind)


def read(kind: type[T], value: object) -> T:
    """A JSON value as `kind`. Raises `InvalidInput` naming the member that is wrong."""
    try:
        return cast(T, adapter(cast(Any, kind)).validate_json(json.dumps(value), strict=True))
    except RecursionError as error:
        raise InvalidInput("This JSON is nested too deeply; send less at once.") from error
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        first = next((each for each in found if each["type"] in _SHAPE), found[0])
        where, at_top = ".".join(str(each) for each in first["loc"]), len(first["loc"]) < 2
        if not where or (at_top and first["type"] in _SHAPE):
            raise InvalidInput("Send a JSON object with: %(wanted)s.", wanted=_members(kind)) from error
        context = {
            name: str(each).replace("'", "").replace(" or ", ", ")
            for name, each in first.get("ctx", {}).items()
        }
        what = _WRONG.get(first["type"], "can't be used").format(**context)
        raise InvalidInput("In the JSON sent, “%(name)s” %(what)s.", name=where, what=what) from error


def _members(kind: Any) -> str:
    """The members of a type in words."""
    schema = adapter(kind).json_schema()
    needed = schema.get("required", [])
    others = [name for name in schema.get("properties", {}) if name not in needed]
    return ", ".join([*(f"{name} (needed)" for name in needed), *others]) or "nothing"
