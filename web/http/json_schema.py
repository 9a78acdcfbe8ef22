"""What a type of ours looks like as JSON, for the API's description (JSON Schema 2020-12, by pydantic). Pure.

What is answered is closed and whole: every field of the dataclass, and no other. What is sent is as its type
says, see `web.http.typed_json`.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, WithJsonSchema
from pydantic.json_schema import GenerateJsonSchema

from web.http.typed_json import adapter

Schema = dict[str, Any]

MOMENT: Schema = {"type": "string", "format": "date-time", "description": "UTC"}
Moment = Annotated[str, WithJsonSchema(MOMENT)]
"""A moment that is text already."""


def said(what: str) -> Any:
    """What a member is, for `Annotated`."""
    return Field(description=what)


Number = Annotated[float, Field(ge=-1e9, le=1e9)]
Version = Annotated[int, Field(ge=0, le=2**31 - 1)]
Seconds = Annotated[float, Field(ge=0, le=1e9, description="seconds")]
_REF = "#/components/schemas/"
_SECONDS: Schema = {"minimum": 0, "description": "seconds"}
_SAID: dict[str, Schema] = {
    **dict.fromkeys(("start", "end", "answer_start", "duration"), _SECONDS),
    "language": {"description": "BCP 47, such as vi"},
}
"""What fields of these names are, in every record that is answered."""


class _Sent(GenerateJsonSchema):
    """Without titles; the docstring of a dataclass is its description, see `_nameless`."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - pydantic's form
        return False


class _Answered(_Sent):
    """Whole numbers are counts and versions: never negative."""

    def field_is_required(self, field: Any, total: bool) -> bool:  # noqa: ARG002 - pydantic's form
        return True

    def int_schema(self, schema: Any) -> Schema:
        return {**super().int_schema(schema), "minimum": 0}

    def datetime_schema(self, schema: Any) -> Schema:
        return {**super().datetime_schema(schema), "description": "UTC"}

    def default_schema(self, schema: Any) -> Schema:
        return self.generate_inner(schema["schema"])

    def dataclass_schema(self, schema: Any) -> Schema:
        made = super().dataclass_schema(schema)
        for name in _SAID.keys() & made.get("properties", {}).keys():
            member = made["properties"][name]
            (member["anyOf"][0] if "anyOf" in member else member).update(_SAID[name])
        return made | {"additionalProperties": False}


def sent(kind: Any) -> Schema:
    """The schema of a body, with all that it refers to in it."""
    made = adapter(kind).json_schema(ref_template=_REF + "{model}", schema_generator=_Sent)
    found = made.pop("$defs", {})
    return _nameless(_inlined(made, found, lambda _: True))


def answered(kind: Any, components: Schema) -> Schema:
    """The schema of an answer; objects that have a name are put into `components`, and referred to.

    “Json” at the end of a class's name, where another class has the plain one, is left out there.
    `kind` is a type, or a dictionary of the members of an object that has no name.
    """
    if isinstance(kind, dict):
        members = {name: answered(each, components) for name, each in kind.items()}
        return {
            "type": "object",
            "properties": members,
            "required": list(members),
            "additionalProperties": False,
        }
    made = adapter(list[kind]).json_schema(
        mode="serialization", ref_template=_REF + "{model}", schema_generator=_Answered
    )
    found = made.pop("$defs", {})

    def small(name: str) -> bool:
        return "enum" in found[name]

    for name in found:
        if not small(name):
            schema = _nameless(_inlined(found[name], found, small))
            if components.setdefault(name.removesuffix("Json"), schema) != schema:
                raise ValueError(f"two different types that are answered are called {name}")
    item: Schema = _inlined(made["items"], found, small)
    return item


def _nameless(schema: Schema) -> Schema:
    left_out = ("title", "description") if "enum" in schema else ("title",)
    made = {name: each for name, each in schema.items() if name not in left_out}
    return made | ({"description": " ".join(made["description"].split())} if "description" in made else {})


def _inlined(part: Any, found: Schema, small: Any) -> Any:
    """`part` with the definitions in it that are `small` in the place of their references."""
    if isinstance(part, list):
        return [_inlined(each, found, small) for each in part]
    if not isinstance(part, dict):
        return part
    name = str(part.get("$ref", "")).removeprefix(_REF)
    if name in found and small(name):
        rest = {key: each for key, each in part.items() if key != "$ref"}
        return {**_nameless(_inlined(found[name], found, small)), **rest}
    made = {key: _inlined(each, found, small) for key, each in part.items()}
    return made | {"$ref": made["$ref"].removesuffix("Json")} if name in found else made
