"""Turning ffmpeg's complaints into sentences for people. Pure."""

from __future__ import annotations

import re

from media.errors import Message

CUT_SHORT = "moov atom not found"
# What ffmpeg says → what it means for whoever gave the file.
KNOWN = (
    (CUT_SHORT, "its index is missing, so the recording or the copying was cut short"),
    ("Format not on whitelist", "it is a playlist, script, picture or subtitle file and not a recording"),
    ("Invalid data found", "it is damaged or is no recording"),
    ("End of file", "it is empty or cut short"),
    ("does not contain any stream", "no sound or picture in it can be decoded"),
    ("Nothing was written into output file", "no sound or picture in it can be decoded"),
    ("Output file is empty", "no sound or picture in it can be decoded"),
    ("Error while decoding", "too much of it is damaged"),
)
CURE = "copy it again from where it was recorded, or export it as an MP4 file"


def unreadable(complaint: str) -> Message:
    """The sentence for a source that ffmpeg cannot read, from the end of its standard error."""
    if CUT_SHORT in complaint:
        return Message(
            "The file cannot be used: its index is missing, so the recording or the copying was cut short; %(cure)s.",
            cure=CURE,
        )
    return Message("The file cannot be used: %(why)s; %(cure)s.", why=reason(complaint), cure=CURE)


def reason(complaint: str) -> str:
    """What is wrong: a known complaint explained, else ffmpeg's own last line without addresses and paths."""
    for words, meaning in KNOWN:
        if words in complaint:
            return meaning
    lines = [tidy(line) for line in complaint.splitlines()]
    said = [line for line in lines if line]
    return f"ffmpeg says “{said[-1][:160]}”" if said else "ffmpeg cannot read it"


def tidy(line: str) -> str:
    """A line of ffmpeg's log without `[mov @ 0x55…]` prefixes and file names."""
    line = re.sub(r"\[[^\]]* @ 0x[0-9a-f]+\]\s*", "", line)
    return re.sub(r"file:\S*/\S*:?\s*", "", line).strip()


def demuxer_refused(complaint: str) -> str | None:
    """The name of the demuxer that `-format_whitelist` kept from opening the file."""
    match = re.search(r"\[([\w,]+) @ 0x[0-9a-f]+\] Format not on whitelist", complaint)
    return match[1] if match else None
