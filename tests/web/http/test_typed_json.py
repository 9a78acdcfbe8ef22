"""JSON by types: what is read, refused with which sentence, and written."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum, StrEnum
from typing import Annotated, Any, NotRequired

import pytest
from pydantic import Field
from typing_extensions import TypedDict

from media.errors import InvalidInput
from web.http.json_schema import answered, said, sent
from web.http.typed_json import JsonAnswer, closed, like, read


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Plain(Enum):
    ONE = "one"


@dataclass(frozen=True, slots=True)
class Guest:
    name: str
    role: str = ""


class Loose(TypedDict):
    title: str
    seen: NotRequired[bool]


@closed
class Closed(TypedDict, total=False):
    title: str
    count: Annotated[int, Field(ge=1, le=9)]
    seconds: float
    seen: bool
    colour: Colour
    day: date | None
    guests: Annotated[tuple[Guest, ...], Field(max_length=2)]


@dataclass(frozen=True, slots=True)
class Record:
    day: date
    at: datetime
    there: datetime
    colours: frozenset[Colour]
    kind: Plain
    guests: tuple[Guest, ...]


def test_what_fits_is_read_as_its_type() -> None:
    found = read(
        Closed,
        {"colour": "red", "day": "2026-11-30", "guests": [{"name": "Lan"}], "seconds": 1, "count": 9},
    )
    assert found == {
        "colour": Colour.RED,
        "day": date(2026, 11, 30),
        "guests": (Guest("Lan"),),
        "seconds": 1.0,
        "count": 9,
    }
    assert read(Closed, {}) == {}
    assert read(Loose, {"title": "a", "other": 1}) == {"title": "a"}


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (None, "title, count, seconds, seen, colour, day, guests"),
        ([], "title, count, seconds, seen, colour, day, guests"),
        ({"titel": "a", "count": "1"}, "Send a JSON object with: title"),
        ({"title": 1}, "“title” must be text."),
        ({"title": None}, "“title” must be text."),
        ({"count": "1"}, "“count” must be a whole number."),
        ({"count": True}, "“count” must be a whole number."),
        ({"count": 1.0}, "“count” must be a whole number."),
        ({"count": 0}, "“count” must be at least 1."),
        ({"count": 10}, "“count” must be at most 9."),
        ({"seconds": True}, "“seconds” must be a number."),
        ({"seconds": "1"}, "“seconds” must be a number."),
        ({"seen": 1}, "“seen” must be true or false."),
        ({"seen": "true"}, "“seen” must be true or false."),
        ({"colour": "green"}, "“colour” must be one of: red, blue."),
        ({"day": "30.11.2026"}, "“day” must be a day such as 2026-11-30."),
        ({"day": 5}, "“day” must be a day such as 2026-11-30."),
        ({"guests": {"name": "a"}}, "“guests” must be a list."),
        ({"guests": [{"name": "a"}] * 3}, "“guests” must have at most 2 entries."),
        ({"guests": [{"name": "a", "age": 5}]}, "“guests.0.age” is not known here; leave it out."),
        ({"guests": [{}]}, "“guests.0.name” is missing; send it."),
        ({"guests": ["Lan"]}, "“guests.0” must be an object."),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence_that_names_the_member(
    value: object, sentence: str
) -> None:
    with pytest.raises(InvalidInput) as error:
        read(Closed, value)
    assert sentence in str(error.value)


def test_what_is_needed_is_said() -> None:
    with pytest.raises(InvalidInput, match=r"^Send a JSON object with: title \(needed\), seen\.$"):
        read(Loose, {})


def test_what_is_nested_too_deeply_is_refused() -> None:
    value: Any = "a"
    for _ in range(100_000):
        value = [value]
    with pytest.raises(InvalidInput):
        read(Closed, {"title": value})


def test_an_answer_is_written_from_dataclasses() -> None:
    at = datetime(2026, 11, 30, 1, 2, 3)
    record = Record(
        date(2026, 11, 30), at, at.replace(tzinfo=UTC), frozenset(Colour), Plain.ONE, (Guest("Lan"),)
    )
    assert json.loads(bytes(JsonAnswer({"record": record}).body)) == {
        "record": {
            "day": "2026-11-30",
            "at": "2026-11-30T01:02:03Z",
            "there": "2026-11-30T01:02:03+00:00",
            "colours": ["blue", "red"],
            "kind": "one",
            "guests": [{"name": "Lan", "role": ""}],
        }
    }
    with pytest.raises(TypeError):
        JsonAnswer({"what": object()})


def test_like_takes_what_has_the_same_name() -> None:
    assert like(Guest, Guest("Lan", "luật sư"), role="khách") == Guest("Lan", "khách")


def test_an_answer_is_described_closed_and_whole() -> None:
    components: dict[str, Any] = {}
    made = answered({"guests": Annotated[list[Guest], said("by name")]}, components)
    assert made["required"] == ["guests"]
    assert made["properties"]["guests"]["items"] == {"$ref": "#/components/schemas/Guest"}
    assert components["Guest"]["required"] == ["name", "role"]
    assert components["Guest"]["additionalProperties"] is False
    with pytest.raises(ValueError, match="called Guest"):
        answered(dataclass(frozen=True)(type("Guest", (), {"__annotations__": {"age": int}})), components)


def test_a_body_is_described_as_it_is_read() -> None:
    made = sent(Closed)
    assert made["additionalProperties"] is False
    assert made["properties"]["count"] == {"type": "integer", "minimum": 1, "maximum": 9}
    assert made["properties"]["colour"] == {"type": "string", "enum": ["red", "blue"]}
    assert made["properties"]["guests"]["items"]["required"] == ["name"]
    assert "additionalProperties" not in sent(Loose)
