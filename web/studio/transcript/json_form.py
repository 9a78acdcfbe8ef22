"""Cues as they go over the wire: [start, end, text, words], times in seconds.

`words` are three numbers for each word of the text, in turn its start, its end and its confidence; an
empty list where the words' times are not known.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from media.errors import InvalidInput
from transcribe.cues import Cue, Word
from transcribe.editing.edits import CueEdit

EDITS_AT_ONCE = 3000
_LATEST = 360_000.0
"""Seconds; nothing is a hundred hours long."""


def cue_json(cue: Cue) -> list[Any]:
    """A cue to send."""
    aligned = [word.text for word in cue.words] == cue.text.split()
    numbers = [
        number
        for word in (cue.words if aligned else ())
        for number in (_short(word.start), _short(word.end), round(word.confidence, 2))
    ]
    return [_short(cue.start), _short(cue.end), cue.text, numbers]


def edit_json(edit: CueEdit) -> dict[str, Any]:
    """An edit to send."""
    return {
        "before": [cue_json(cue) for cue in edit.before],
        "after": [cue_json(cue) for cue in edit.after],
    }


def read_edits(value: Any) -> list[CueEdit]:
    """The edits of a body. Raises `InvalidInput`."""
    if not isinstance(value, list) or len(value) > EDITS_AT_ONCE:
        raise InvalidInput("“edits” is a list of at most %(most)s edits.", most=EDITS_AT_ONCE)
    return [_edit(each) for each in value]


def read_version(value: Any, name: str = "seen") -> int:
    """A version's number. Raises `InvalidInput`."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise InvalidInput("“%(name)s” is the number of a version.", name=name)
    return value


def body_of(value: Any) -> dict[str, Any]:
    """A JSON object. Raises `InvalidInput`."""
    if not isinstance(value, dict):
        raise InvalidInput("Send a JSON object.")
    return value


def read_cues(value: Any) -> tuple[Cue, ...]:
    """Cues as `cue_json` writes them. Raises `InvalidInput`."""
    if not isinstance(value, list) or len(value) > EDITS_AT_ONCE:
        raise InvalidInput("“before” and “after” are lists of cues.")
    return tuple(_cue(each) for each in value)


def _edit(value: Any) -> CueEdit:
    body = body_of(value)
    confirms = body.get("confirms", True)
    if not isinstance(confirms, bool):
        raise InvalidInput("“confirms” is true or false.")
    return CueEdit(read_cues(body.get("before", [])), read_cues(body.get("after", [])), confirms)


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
