"""Reading what people write of episodes, from forms and from JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from media.archive.editing import Facts
from media.archive.episodes import Guest
from media.errors import InvalidInput, Message
from transcribe.editing.review_marks import Marks

_FACTS = frozenset(each.name for each in fields(Facts))
_TEXTS = frozenset({"slug", "title", "programme", "language", "description", "notice"})
_MARKS = frozenset(each.name for each in fields(Marks))


def facts_from_form(form: Mapping[str, str], lists: Mapping[str, Sequence[str]], before: Facts) -> Facts:
    """The facts a form sent; what it did not have stays as `before`. Raises `InvalidInput`."""
    values: dict[str, Any] = {name: form[name] for name in _TEXTS if name in form}
    if "date" in form:
        values["date"] = read_day(form["date"], "The date")
    if "guest_name" in lists:
        values["guests"] = _guests(lists)
    if "has_topics" in form:
        values["topics"] = tuple(lists.get("topics", ()))
    return replace(before, **values)


def _guests(lists: Mapping[str, Sequence[str]]) -> tuple[Guest, ...]:
    """Rows with a name, by the numbers given for their places."""
    names = lists["guest_name"]
    rows = []
    for number, name in enumerate(names):
        role, organisation, place = (
            _at(lists.get(field, ()), number)
            for field in ("guest_role", "guest_organisation", "guest_place")
        )
        if name.strip():
            rows.append((_place(place, number), number, Guest(name, role, organisation)))
        elif role.strip() or organisation.strip():
            raise InvalidInput("A guest has no name; write one, or leave the whole row empty.")
    return tuple(guest for _, _, guest in sorted(rows, key=lambda row: row[:2]))


def _at(values: Sequence[str], number: int) -> str:
    return values[number] if number < len(values) else ""


def _place(text: str, number: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else number + 1


def facts_from_json(value: Any, before: Facts) -> Facts:
    """`before` with what a script sent changed. Raises `InvalidInput` for what is unknown or of another type."""
    if not isinstance(value, dict) or not value.keys() <= _FACTS:
        raise InvalidInput("Send an object with some of: %(facts)s.", facts=", ".join(sorted(_FACTS)))
    values: dict[str, Any] = {name: text_of(value[name], name) for name in _TEXTS & value.keys()}
    if "date" in value:
        values["date"] = read_day(text_of(value["date"], "date"), "“date”")
    if "topics" in value:
        values["topics"] = tuple(text_of(each, "topics") for each in _list(value["topics"], "topics"))
    if "guests" in value:
        values["guests"] = tuple(_guest(each) for each in _list(value["guests"], "guests"))
    return replace(before, **values)


def _guest(value: Any) -> Guest:
    if not isinstance(value, dict) or not value.keys() <= {"name", "role", "organisation"}:
        raise InvalidInput("A guest is an object with name, role and organisation.")
    return Guest(**{name: text_of(each, f"guests.{name}") for name, each in {"name": "", **value}.items()})


def marks_from(value: Any) -> Marks:
    """Marks that a form or script sent: dates as ISO 8601, or empty. Raises `InvalidInput`."""
    if not isinstance(value, Mapping) or not value.keys() <= _MARKS:
        raise InvalidInput("Send an object with some of: %(marks)s.", marks=", ".join(sorted(_MARKS)))
    texts = {name: text_of("" if each is None else each, name) for name, each in value.items()}
    return Marks(
        law_changed=_day_or_none(texts.get("law_changed", ""), "The day since when the law has changed"),
        law_note=texts.get("law_note", ""),
        superseded_by=texts.get("superseded_by", ""),
        review_on=_day_or_none(texts.get("review_on", ""), "The day of the review"),
    )


def marks_in(form: Mapping[str, str], prefix: str = "") -> Marks:
    """The marks in a form's fields whose names begin with `prefix`."""
    return marks_from({name: form.get(prefix + name, "") for name in _MARKS})


def read_moment(text: str, zone: ZoneInfo) -> datetime:
    """A time as people in `zone` write it (2026-11-30T19:00), or with its own offset; returned in UTC without a
    zone. Raises `InvalidInput`."""
    try:
        moment = datetime.fromisoformat(text.strip()[:40])
        there = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        return there.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError) as error:
        raise InvalidInput("Give a day and a time, such as 2026-11-30T19:00.") from error


def _day_or_none(text: str, what: str) -> date | None:
    return read_day(text, what) if text.strip() else None


def read_day(text: str, what: str) -> date:
    """A day (2026-11-30). Raises `InvalidInput` naming `what` (a message id) cannot be read."""
    try:
        return date.fromisoformat(text.strip()[:20])
    except ValueError as error:
        raise InvalidInput(
            "%(what)s can't be read; write it like 2026-11-30.", what=Message(what)
        ) from error


def read_version(text: str) -> int:
    """The version somebody saw. Raises `InvalidInput`."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise InvalidInput("The form can't be read; reload the page and change it again.")
    return int(text)


def text_of(value: Any, name: str) -> str:
    """Text that can be stored. Raises `InvalidInput`."""
    if not isinstance(value, str):
        raise InvalidInput("“%(name)s” must be text.", name=name)
    return value.encode("utf-8", "ignore").decode("utf-8")  # a lone surrogate can't be


def _list(value: Any, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise InvalidInput("“%(name)s” must be a list.", name=name)
    return value
