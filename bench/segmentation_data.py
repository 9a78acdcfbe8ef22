"""Reading the transcripts the segmenter is scored on, and what is true of them; see `bench/segmentation.py`."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from transcribe.cues import Cue

_WIDTH = 84
_WORDS_PER_SECOND = 2.5
_INTRODUCES = re.compile(
    r"(?:\b[Tt]he |\b[Yy]our |\b[Oo]ur |\b[Ss]o )?(?:[Qq]uestion|[Nn]ext|[Ff]irst|[Ff]inal|[Ll]ast|[Ll]ine|[Tt]his)\b[^.?!]*?"
    r"\b(?:from|to)\b(?: the line of| a line of| re-)*(?: from)*(?: [Mm][rs]+\.)? (?:<?inaudible|[A-Z])|[^.?!]*\b[Ll]ine(?:'s| is) open"
)
_INVITES = re.compile(r"please go ahead|ask your question", re.IGNORECASE)
_OPERATES = re.compile(
    r"please go ahead|press star|star one|your line is|conference over to|begin the question",
    re.IGNORECASE,
)
_NOT_A_QUESTIONER = re.compile(
    r"conference over|turn the (?:call|conference)|hand the (?:call|conference)|no (?:further|other) questions"
)
_VOICE = re.compile(r"(\S+) --> (\S+).*\n<v ([^>]+)>(.*(?:\n(?!\n).+)*)")


@dataclass(frozen=True)
class Turn:
    """What one speaker says; seconds."""

    speaker: str
    start: float
    end: float
    text: str


def cues_of(turns: Iterable[Turn]) -> list[Cue]:
    """Cues of caption length, times by share of the characters; speakers are left out."""
    cues: list[Cue] = []
    for turn in turns:
        pieces = textwrap.wrap(turn.text, _WIDTH) or []
        total, said = sum(map(len, pieces)), 0
        for piece in pieces:
            start = turn.start + (turn.end - turn.start) * said / total
            said += len(piece)
            cues.append(Cue(start, turn.start + (turn.end - turn.start) * said / total, piece))
    return cues


def read_meeting(path: Path) -> tuple[list[Turn], set[int]]:
    """Turns with made-up times, and the turns at which a topic begins."""
    meeting = json.loads(path.read_text())
    turns: list[Turn] = []
    clock = 0.0
    for turn in meeting["meeting_transcripts"]:
        length = max(1, len(turn["content"].split())) / _WORDS_PER_SECOND
        turns.append(Turn(turn["speaker"], clock, clock + length, turn["content"]))
        clock += length
    spans = [span for topic in meeting["topic_list"] for span in topic["relevant_text_span"]]
    return turns, {int(start) for start, _ in spans if 0 < int(start) < len(turns)}


def read_call(path: Path) -> list[Turn]:
    """Turns; those without times share the gap between their neighbours by their length."""
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    turns: list[Turn] = []
    index, clock = 0, 0.0
    while index < len(rows):
        if rows[index]["start"] is not None:
            row = rows[index]
            length = len(row["text"].split()) / _WORDS_PER_SECOND
            start = max(clock, float(row["start"]))
            following = next((float(r["start"]) for r in rows[index + 1 :] if r["start"] is not None), None)
            end = max(float(row["end"]), start + 0.1)
            if end - start < length / 3:  # only a few of its words were aligned
                end = start + length
            if following is not None:
                end = min(end, max(following, start + 0.1))
            turns.append(Turn(row["speaker"], start, end, row["text"]))
            index, clock = index + 1, end
            continue
        stop = index
        while stop < len(rows) and rows[stop]["start"] is None:
            stop += 1
        words = [max(1, len(row["text"].split())) for row in rows[index:stop]]
        until = float(rows[stop]["start"]) if stop < len(rows) else clock + sum(words) / _WORDS_PER_SECOND
        until = max(until, clock + 0.1 * len(words))
        step = (until - clock) / sum(words)
        for row, count in zip(rows[index:stop], words, strict=True):
            turns.append(Turn(row["speaker"], clock, clock + step * count, row["text"]))
            clock += step * count
        index = stop
    return turns


def hand_over_times(turns: Sequence[Turn]) -> list[float]:
    """When the operator begins to name the next questioner: the start of the turn's sentence that names one."""
    operators = {
        turn.speaker for turn in turns if _OPERATES.search(turn.text) and len(turn.text.split()) < 160
    }
    operators -= {turn.speaker for turn in turns if len(turn.text.split()) > 250}
    times = []
    for turn, following in pairwise(turns):
        mislabelled = len(turn.text.split()) < 40 and _INVITES.search(turn.text)
        named = list(_INTRODUCES.finditer(turn.text))
        if following.speaker == turn.speaker or not named or not (turn.speaker in operators or mislabelled):
            continue
        if not _NOT_A_QUESTIONER.search(turn.text[named[-1].start() :]):
            share = named[-1].start() / len(turn.text)
            times.append(turn.start + (turn.end - turn.start) * share)
    return times


def read_interview(path: Path) -> list[Turn]:
    """The voice-tagged cues, one `Turn` each."""
    return [
        Turn(match[3], _seconds(match[1]), _seconds(match[2]), " ".join(match[4].split()))
        for match in _VOICE.finditer(path.read_text())
    ]


def _seconds(stamp: str) -> float:
    total = 0.0
    for part in stamp.split(":"):
        total = total * 60 + float(part)
    return total


def joined(cues: Sequence[Turn]) -> list[Turn]:
    """Whole turns: cues of one speaker in a row."""
    turns: list[Turn] = []
    for cue in cues:
        if turns and turns[-1].speaker == cue.speaker:
            last = turns[-1]
            turns[-1] = Turn(last.speaker, last.start, cue.end, f"{last.text} {cue.text}")
        else:
            turns.append(cue)
    return turns
