"""Captions in and out: WebVTT, SRT and SBV from any bytes, WebVTT and SRT to text.

WebVTT is read as the W3C specification's parser does (https://www.w3.org/TR/webvtt1/#file-parsing): a
block whose timing line is malformed is left out, the rest is kept. SRT has no specification; what common
players accept is accepted. Markup is taken away: `Cue.text` is plain.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from media.errors import InvalidInput
from transcribe.captions.plain_text import decoded, plain_srt, plain_webvtt
from transcribe.cues import Cue

LARGEST = 10 * 1024 * 1024
"""Bytes; ten hours of captions are under one megabyte."""

_WEBVTT_TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_LOOSE_TIME = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?"
_WEBVTT_TIMING = re.compile(rf"[ \t\f]*{_WEBVTT_TIME}[ \t\f]*-->[ \t\f]*{_WEBVTT_TIME}(?!\d)", re.ASCII)
_SRT_TIMING = re.compile(rf"\s*{_LOOSE_TIME}\s*-->\s*{_LOOSE_TIME}(?=\s|$)", re.ASCII)
_SBV_TIMING = re.compile(rf"\s*{_LOOSE_TIME},{_LOOSE_TIME}\s*$", re.ASCII)
_ROLLING_SHARE = 0.3
"""Of the cues must begin with what the one before ended with, for the captions to count as rolling."""
_MENDED = 2000
"""Milliseconds that a cue with a wrong end is given at most."""


@dataclass(frozen=True, slots=True)
class _Block:
    """A cue as it stands in the file: the number of its timing line (from 1), times in ms, raw lines."""

    line: int
    start: int
    end: int
    lines: tuple[str, ...]


def read_captions(data: bytes) -> list[Cue]:
    """Read WebVTT, SRT or SBV, found by content; cues sorted by start, without markup or empty ones.

    Times are in seconds, to the millisecond. Rolling captions (each cue repeats the one before, as
    YouTube's automatic ones do) are undone; an end before its start is mended.

    Raises:
        InvalidInput: when the file is too large, is no captions file, or none of its cues has
            readable times; the message names the line and the cure.
    """
    if len(data) > LARGEST:
        raise InvalidInput(
            "The captions file is larger than %(most)s MB; split it or give the right file.",
            most=LARGEST >> 20,
        )
    text = decoded(data)
    lines = text.split("\n")
    if re.match(r"WEBVTT(?:[ \t\n]|$)", text):
        blocks, plain = list(_webvtt_blocks(lines)), plain_webvtt
    else:
        timing = _SRT_TIMING if "-->" in text else _SBV_TIMING
        blocks, plain = list(_srt_blocks(lines, timing)), plain_srt
        _refuse_if_nothing(blocks, lines)
    if not blocks and (bad := [n for n, line in enumerate(lines, 1) if "-->" in line]):
        raise _malformed(bad[0], lines[bad[0] - 1])
    blocks.sort(key=lambda block: (block.start, block.end))
    texts = (plain("\n".join(block.lines)) for block in blocks)
    ends = _ends(blocks)
    cues = [Cue(b.start / 1000, end / 1000, t) for b, end, t in zip(blocks, ends, texts, strict=True) if t]
    return _unrolled(cues)


def write_webvtt(cues: Iterable[Cue]) -> str:
    """WebVTT (UTF-8 text, LF). Times to the millisecond; a cue lasts at least one."""
    parts = ["WEBVTT\n"]
    for cue in cues:
        text = _solid(cue.text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        parts.append(f"\n{_timing(cue, '.')}\n{text}\n")
    return "".join(parts)


def write_srt(cues: Iterable[Cue]) -> str:
    """SRT (UTF-8 text, LF), numbered from 1. SRT cannot quote, so an arrow in the text is changed."""
    return "\n".join(
        f"{number}\n{_timing(cue, ',')}\n{_solid(cue.text).replace('-->', '→')}\n"
        for number, cue in enumerate(cues, 1)
    )


def _webvtt_blocks(lines: Sequence[str]) -> Iterator[_Block]:
    """The blocks with a timing line; comments, styles, regions and malformed cues fall out."""
    index = 0
    # The header runs to the first empty line, or to an arrow.
    while index < len(lines) and lines[index] and (index == 0 or "-->" not in lines[index]):
        index += 1
    while index < len(lines):
        if "-->" not in lines[index]:
            index += 1
            continue
        match = _WEBVTT_TIMING.match(lines[index])
        number, index = index + 1, index + 1
        begin = index
        while index < len(lines) and lines[index] and "-->" not in lines[index]:
            index += 1
        if match:
            yield _Block(
                number, _ms(match.groups()[:4]), _ms(match.groups()[4:]), tuple(lines[begin:index])
            )


def _srt_blocks(lines: Sequence[str], timing: re.Pattern[str]) -> Iterator[_Block]:
    """Everything from one timing line to the next, without the next one's number."""
    found = [(number, match) for number, line in enumerate(lines) if (match := timing.match(line))]
    following = [*(number for number, _ in found[1:]), None]
    for (number, match), nxt in zip(found, following, strict=False):
        body = [line.strip() for line in lines[number + 1 : nxt]]
        if nxt is not None and body and body[-1].isdecimal() and (len(body) == 1 or not body[-2]):
            body.pop()
        yield _Block(number + 1, _ms(match.groups()[:4]), _ms(match.groups()[4:]), tuple(body))


def _refuse_if_nothing(blocks: Sequence[_Block], lines: Sequence[str]) -> None:
    if blocks:
        return
    arrows = [number for number, line in enumerate(lines, 1) if "-->" in line]
    if arrows:
        raise _malformed(arrows[0], lines[arrows[0] - 1])
    raise InvalidInput(
        "The file holds no captions: line 1 is not WEBVTT and no line has times such as "
        "00:00:01,000 --> 00:00:04,000. Give a .vtt, .srt or .sbv file."
    )


def _malformed(number: int, line: str) -> InvalidInput:
    return InvalidInput(
        "No caption has readable times; line %(number)s is %(line)s. Write them as 00:00:01.000 -->"
        " 00:00:04.000 (with a comma in .srt files).",
        number=number,
        line=repr(line.strip()[:60]),
    )


def _ms(fields: Sequence[str | None]) -> int:
    hours, minutes, seconds = (int(field or 0) for field in fields[:3])
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + int((fields[3] or "0").ljust(3, "0"))


def _unrolled(cues: list[Cue]) -> list[Cue]:
    """Undo rolling captions: where a cue begins with the lines the one before it ended with."""
    pairs = list(pairwise(cues))
    rolling = [len(_repeated(a, b)) for a, b in pairs]
    if sum(1 for count in rolling if count) < max(3, _ROLLING_SHARE * len(pairs)):
        return cues
    kept = cues[:1]
    for (_, cue), repeated in zip(pairs, rolling, strict=True):
        fresh = "\n".join(cue.text.split("\n")[repeated:])
        if fresh:
            kept.append(replace(cue, text=fresh))
        else:
            kept[-1] = replace(kept[-1], end=max(kept[-1].end, cue.end))
    return kept


def _repeated(before: Cue, cue: Cue) -> list[str]:
    """The first lines of `cue` that are the last of the touching cue before."""
    if cue.start - before.end > 0.1:
        return []
    old, new = before.text.split("\n"), cue.text.split("\n")
    for count in range(min(len(old), len(new)), 0, -1):
        if old[-count:] == new[:count]:
            return new[:count]
    return []


def _ends(blocks: Sequence[_Block]) -> list[int]:
    """End times in ms; an end not after its start (a slip of the hand) becomes the next start, 2 s at most."""
    following = [block.start for block in blocks[1:]] + [2**53]
    return [
        block.end if block.end > block.start else min(max(after, block.start + 1), block.start + _MENDED)
        for block, after in zip(blocks, following, strict=False)
    ]


def _timing(cue: Cue, mark: str) -> str:
    start = max(0, round(cue.start * 1000))
    end = max(start + 1, round(cue.end * 1000))
    return f"{_clock(start, mark)} --> {_clock(end, mark)}"


def _clock(ms: int, mark: str) -> str:
    seconds, ms = divmod(ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{mark}{ms:03}"


def _solid(text: str) -> str:
    """No empty lines: in both formats they end a cue."""
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())
