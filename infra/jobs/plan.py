"""What a recording's work is cut into, what comes after what, and what is more urgent. Pure.

A piece is what one worker does without a stop: it ends whole or is begun again. `due` says, from what is done,
which pieces there should be; nothing else orders them, so that a worker that was killed, an upgrade and a
machine that joined change nothing about it. How the work is cut depends on the recording alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class Step:
    """A step's name, what people read while it runs, and its share of the whole work."""

    name: str
    title: str
    weight: float


QUICK, TRANSCODE, TRANSCRIBE = "quick", "transcode", "transcribe"
QUEUES = (QUICK, TRANSCODE, TRANSCRIBE)
"""By what a piece needs of its machine: little, processors, or the speech model (a graphics card, where there is one)."""

STEPS = (
    Step("playable", "Chuẩn bị phát", 2),
    Step("pictures", "Tạo ảnh xem trước", 1),
    Step("captions", "Đọc phụ đề", 0.1),
    Step("speech", "Nhận dạng lời nói", 6),
    Step("transcript", "Ghi lời thoại", 0.1),
    Step("segments", "Tìm câu hỏi và câu trả lời", 0.5),
    Step("ladder", "Tạo bản nhẹ cho mạng chậm", 14),
)
"""What people read of a job's progress. The weights are roughly minutes for an hour of 720p on two cores."""


class Key(NamedTuple):
    """A piece within its job."""

    name: str
    number: int = 0

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


@dataclass(frozen=True, slots=True)
class PieceKind:
    """Of pieces: where they queue, how urgent they are (the lowest first, over all recordings), and the step that
    people read."""

    queue: str
    priority: int
    step: str


KINDS = {
    # What somebody is waiting to watch.
    "playable": PieceKind(QUICK, 1, "playable"),
    "early-sound": PieceKind(TRANSCODE, 1, "playable"),
    "early": PieceKind(TRANSCODE, 1, "playable"),
    "early-join": PieceKind(QUICK, 1, "playable"),
    "pictures": PieceKind(QUICK, 2, "pictures"),
    # What makes it found.
    "captions": PieceKind(QUICK, 3, "captions"),
    "listen": PieceKind(QUICK, 3, "speech"),
    "hear": PieceKind(TRANSCRIBE, 3, "speech"),
    "transcript": PieceKind(QUICK, 3, "transcript"),
    "segments": PieceKind(QUICK, 3, "segments"),
    # The rest of the ladder; its sound first, which is also the lightest way to follow.
    "measure": PieceKind(QUICK, 4, "ladder"),
    "sound": PieceKind(TRANSCODE, 4, "ladder"),
    "encode": PieceKind(TRANSCODE, 5, "ladder"),
    "join": PieceKind(QUICK, 4, "ladder"),
    "tidy": PieceKind(QUICK, 5, "ladder"),
}
_WEIGHTS = {step.name: step.weight / sum(each.weight for each in STEPS) for step in STEPS}


@dataclass(frozen=True, slots=True)
class Spec:
    """A piece there should be: what it is told, and its share of the whole job (0–1)."""

    key: Key
    share: float = 0.0
    wanted: dict[str, Any] = field(default_factory=dict)


Done = Mapping[Key, Any]
"""Results (plain JSON) of the pieces that are done."""


def due(done: Done) -> list[Spec]:
    """All pieces that can be there by now, done ones among them; the last of all is `tidy`."""
    start = done.get(Key("playable"))
    if start is None:
        return [_spec("playable")]
    found = [_spec("playable", part=0.2 if start["rungs"] else 1.0)]
    if start["rungs"]:
        found += _rungs("early", start, done, 0.8)
    watchable = not start["rungs"] or Key("early-join") in done
    found.append(_spec("pictures"))
    if (
        watchable or not start["replacing"]
    ):  # a replaced recording's words stay until the new one can be seen
        found += _words(start, done, watchable)
    if watchable:
        found.append(_spec("measure", part=0.05))
        if measured := done.get(Key("measure")):
            found += _rungs("", measured, done, 0.95)
    if all(spec.key in done for spec in found):
        found.append(Spec(Key("tidy")))
    return found


def _words(start: dict[str, Any], done: Done, watchable: bool) -> list[Spec]:
    """From the sound, or captions that came along, to segments. These let an episode wait for its editor, so that one
    to be published as soon as it can be watched must be published by then."""
    found = [_spec("captions")]
    if Key("captions") not in done:
        return found
    said = done[Key("captions")]
    if not said:
        found += _heard(start, done)
        said = Key("transcript") in done
    return [*found, _spec("segments")] if said and watchable else found


def _heard(start: dict[str, Any], done: Done) -> list[Spec]:
    found = [_spec("listen", part=0.05)]
    listened = done.get(Key("listen"))
    if listened is None:
        return found
    count = len(listened["windows"])
    for number in range(count):
        before = [done.get(Key("hear", earlier)) for earlier in range(number)]
        language = start["language"] or next((b["language"] for b in before if b and b["words"]), None)
        # The language is decided by the first window with words, before the others are heard side by side.
        if language or all(before):
            wanted = {"language": language}
            found.append(Spec(Key("hear", number), 0.95 * _WEIGHTS["speech"] / count, wanted))
    if all(Key("hear", number) in done for number in range(count)):
        found.append(_spec("transcript"))
    return found


def _rungs(prefix: str, plan: dict[str, Any], done: Done, part: float) -> list[Spec]:
    """Sound, chunks, and a join of each rung as soon as what it needs is there."""
    sound, encode, join = ("early-sound", "early", "early-join") if prefix else ("sound", "encode", "join")
    chunks = [Key(encode, number) for number in range(len(plan["chunks"]))]
    found = []
    sounds = [Key(sound)] if plan["sound"] else []
    found += [_spec(sound, part=0.05 * part)] if plan["sound"] else []
    found += [_spec(encode, key.number, part=0.9 * part / len(chunks)) for key in chunks]
    for number, rung in enumerate(plan["rungs"]):
        needed = sounds + (chunks if rung["height"] else [])
        if all(key in done for key in needed):
            found.append(_spec(join, number, part=0.05 * part / len(plan["rungs"])))
    return found


def _spec(name: str, number: int = 0, part: float = 1.0) -> Spec:
    return Spec(Key(name, number), part * _WEIGHTS[KINDS[name].step])
