"""Cues as they go over the wire: [start, end, text, words], times in seconds.

`words` are three numbers for each word of the text, in turn its start, its end and its confidence; an
empty list where the words' times are not known.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, PlainValidator, WithJsonSchema
from typing_extensions import TypeAliasType, TypedDict

from media.errors import InvalidInput
from transcribe.cues import Cue, Word
from transcribe.editing.edits import CueEdit
from transcribe.editing.glossary import Reason
from transcribe.transcripts import Transcript, TranscriptOrigin
from web.http.json_schema import Schema, Version, said

EDITS_AT_ONCE = 3000
_LATEST = 360_000.0
"""Seconds; nothing is a hundred hours long."""


_TIME: Schema = {"type": "number", "minimum": 0, "maximum": _LATEST}
_CUE: Schema = {
    "type": "array",
    "description": "start and end in seconds, text, and perhaps three numbers for each word of the text:"
    " start, end, confidence (0–1)",
    "prefixItems": [
        _TIME,
        _TIME,
        {"type": "string"},
        {"type": "array", "items": {"type": "number", "minimum": 0}},
    ],
    "minItems": 3,
    "maxItems": 4,
}
CueJson = TypeAliasType("CueJson", Annotated[list[Any], WithJsonSchema(_CUE)])
SentCues = Annotated[
    list[Annotated[Cue, PlainValidator(lambda value: _cue(value)), WithJsonSchema(_CUE)]],  # noqa: PLW0108 - it stands below
    Field(max_length=EDITS_AT_ONCE),
]


@dataclass(frozen=True, slots=True)
class TranscriptJson:
    """A version of a transcript."""

    version: int
    origin: TranscriptOrigin | None
    language: str
    cues: list[CueJson]


@dataclass(frozen=True, slots=True)
class EditJson:
    """Cues in the place of others."""

    before: list[CueJson]
    after: list[CueJson]


@dataclass(frozen=True, slots=True)
class SavedEdits:
    """What became of edits that were sent."""

    version: int
    made: Annotated[list[list[CueJson]], said("the cues of each edit as they are kept")]
    others: Annotated[
        list[EditJson] | None, said("what others saved since; null: read the transcript again")
    ]


@dataclass(frozen=True, slots=True)
class LaterEdits:
    """What people saved since a version."""

    version: int
    edits: Annotated[list[EditJson] | None, said("null: read the transcript again")]


@dataclass(frozen=True, slots=True)
class FixJson:
    """What the glossary would put right in a cue."""

    cue: CueJson
    text: str
    found: str
    written: str
    term: str
    reason: Reason


class SentEdit(TypedDict, total=False):
    """An edit as sent."""

    before: SentCues
    after: SentCues
    confirms: Annotated[bool, said("its words are no longer uncertain")]


class TranscriptChange(TypedDict):
    """Edits, and the version they were made on."""

    seen: Version
    edits: Annotated[list[SentEdit], Field(max_length=EDITS_AT_ONCE)]


class OldTranscript(TypedDict):
    """The version to go back to."""

    version: Version


def cue_json(cue: Cue) -> CueJson:
    """A cue to send."""
    aligned = [word.text for word in cue.words] == cue.text.split()
    numbers = [
        number
        for word in (cue.words if aligned else ())
        for number in (_short(word.start), _short(word.end), round(word.confidence, 2))
    ]
    return [_short(cue.start), _short(cue.end), cue.text, numbers]


def cues_json(cues: Sequence[Cue]) -> list[CueJson]:
    """Cues to send."""
    return [cue_json(cue) for cue in cues]


def edit_json(edit: CueEdit) -> EditJson:
    """An edit to send."""
    return EditJson(cues_json(edit.before), cues_json(edit.after))


def transcript_json(found: Transcript | None) -> TranscriptJson:
    """A transcript to send; an episode without one has no cues in it."""
    if found is None:
        return TranscriptJson(0, None, "", [])
    return TranscriptJson(found.version, found.origin, found.language, cues_json(found.cues))


def edits_of(sent: TranscriptChange) -> list[CueEdit]:
    """The edits of a body."""
    return [
        CueEdit(tuple(each.get("before", ())), tuple(each.get("after", ())), each.get("confirms", True))
        for each in sent["edits"]
    ]


def _cue(value: Any) -> Cue:
    match value:
        case [start, end, str(text)]:
            return Cue(_seconds(start), _seconds(end), text)
        case [start, end, str(text), list(numbers)]:
            return Cue(_seconds(start), _seconds(end), text, _words(text, numbers))
    raise InvalidInput("A cue is [start, end, text] or [start, end, text, words].")


def _words(text: str, numbers: Sequence[Any]) -> tuple[Word, ...]:
    texts = text.split()
    if not numbers:
        return ()
    if len(numbers) != 3 * len(texts):
        raise InvalidInput("“words” has a start, an end and a confidence for each word of the text.")
    return tuple(
        Word(word, _seconds(numbers[3 * n]), _seconds(numbers[3 * n + 1]), _share(numbers[3 * n + 2]))
        for n, word in enumerate(texts)
    )


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LATEST:
        raise InvalidInput("Times are seconds from the beginning.")
    return round(float(value), 3)


def _share(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise InvalidInput("A confidence is a number from 0 to 1.")
    return float(value)


def _short(seconds: float) -> float | int:
    rounded = round(seconds, 3)
    whole = math.floor(rounded)
    return whole if whole == rounded else rounded
