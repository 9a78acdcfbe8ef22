"""The one hierarchy of errors that people may see, and the sentences they carry.

Every message is a sentence that says what happened and names the cure. Adapters translate
their engine's errors at the edge with `raise … from`; programming errors pass through.

A sentence is kept as the id of its message, which is the English with %(name)s for what is filled in, and the values:
logs, programs and the command line are given the English, pages look the id up in their language's catalogue.
"""

from __future__ import annotations

import copyreg
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, init=False)
class Message:
    """A sentence for people: `Message("%(place)s is full.", place=folder)`; as text it is the English one.

    The id is a template (`%`) only where there are values: then each %(name)s is one of them and %% is a per cent
    sign. Without values the id is the sentence as it is, per cent signs and all.

    Values are kept as text, so that a message can be stored and sent; one that is a message, or an error, stays a
    message, and is translated with the sentence around it.
    """

    id: str
    values: Mapping[str, str | Message] = field(hash=False)

    def __init__(self, id: str, /, **values: object) -> None:
        object.__setattr__(self, "id", id)
        object.__setattr__(self, "values", {name: _value(each) for name, each in values.items()})

    def __str__(self) -> str:
        return filled(self.id, self.values)

    def dumps(self) -> str:
        """As text to be stored: the sentence itself where it has no values, else a JSON object."""
        return json.dumps(_to_json(self), ensure_ascii=False) if self.values else self.id

    @classmethod
    def loads(cls, text: str) -> Message:
        """What `dumps` gave. Any other text, such as was stored before there were ids, is its own id."""
        if text.startswith(_STORED):
            try:
                return _from_json(json.loads(text))
            except (ValueError, TypeError, KeyError, AttributeError):
                pass  # a sentence that only begins like one
        return cls(text)


class ArchiveError(Exception):
    """Base of every error whose message is fit to be shown. Its arguments are those of `Message`, or a message."""

    def __init__(self, message: str | Message, /, **values: object) -> None:
        self.message = message if isinstance(message, Message) else Message(message, **values)
        super().__init__(self.message)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled with its attributes, whatever the arguments of a subclass are."""
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]


class NotFound(ArchiveError):
    """What was asked for does not exist (or may not be seen)."""


class Withdrawn(NotFound):
    """What was public once and was taken back; `reason` is what its editors say about that, "" for nothing."""

    def __init__(self, message: str | Message, reason: str = "", /, **values: object) -> None:
        super().__init__(message, **values)
        self.reason = reason


class Conflict(ArchiveError):
    """The change collides with what is stored already."""


class InvalidInput(ArchiveError):
    """The input cannot be used; the message says why and what would do."""


class Forbidden(ArchiveError):
    """The caller may not do this."""


class Unavailable(ArchiveError):
    """An engine cannot be reached or is busy; trying again later may help."""


class Cancelled(ArchiveError):
    """Somebody asked for the work to stop."""


_STORED = '{"message": '


def filled(template: str, values: Mapping[str, object]) -> str:
    """A message's text, in any language: what it is without values is said at `Message`."""
    return template % values if values else template


def _value(value: object) -> str | Message:
    if isinstance(value, ArchiveError):
        return value.message
    return value if isinstance(value, Message) else str(value)


def _to_json(value: str | Message) -> Any:
    if isinstance(value, str):
        return value
    return {"message": value.id, "values": {name: _to_json(each) for name, each in value.values.items()}}


def _from_json(stored: Any) -> Message:
    values = stored["values"].items()
    return Message(
        stored["message"],
        **{name: each if isinstance(each, str) else _from_json(each) for name, each in values},
    )
