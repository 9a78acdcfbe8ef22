"""An episode's text in and out: WebVTT, SRT, and JSON with everything."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from infra.assembly.archive import Archive
from infra.pipeline.speech_steps import CAPTION_FORMATS
from media.errors import InvalidInput
from transcribe.captions.formats import read_captions, write_srt, write_webvtt
from transcribe.cues import Cue, Word
from transcribe.editing.review_marks import plain
from transcribe.segments import Segment, SegmentKind, SegmentOrigin, SegmentState
from transcribe.transcripts import Transcript, TranscriptOrigin

LARGEST_BYTES = 50 << 20
LONGEST_SECONDS = 100 * 3600.0


def export_text(archive: Archive, episode: str, format: str) -> str:
    """An episode as `json`, `vtt`, `srt` or `chapters` (WebVTT chapters). Raises `NotFound`."""
    transcript = archive.transcripts.transcript(episode)
    cues = transcript.cues if transcript else ()
    segments = archive.transcripts.segments(episode)
    match format:
        case "vtt":
            return write_webvtt(cues)
        case "srt":
            return write_srt(cues)
        case "chapters":
            return write_webvtt(
                [Cue(s.start, s.end, s.title) for s in segments if s.kind is SegmentKind.CHAPTER]
            )
        case _:
            return _json(archive, episode, transcript, segments)


def import_into(archive: Archive, episode: str, file: Path) -> tuple[int, int]:
    """Import captions, or cues and segments from JSON; return how many of each.

    From JSON, the segments become the episode's only ones, so that what was left out is removed.

    Raises:
        NotFound: no such episode.
        InvalidInput: the file can't be used; nothing has changed.
    """
    about = archive.catalogue.episode(episode)
    content, suffix = _content(file), file.suffix.lower().lstrip(".")
    cues: list[Cue] | None
    segments: list[Segment] | None = None
    if suffix in CAPTION_FORMATS:
        cues = read_captions(content)
    elif suffix == "json":
        cues, segments = _from_json(file, content)
    else:
        raise InvalidInput(
            "%(file)s is neither captions (.vtt, .srt, .sbv) nor an export (.json).", file=file
        )
    made = Transcript(about.language, TranscriptOrigin.IMPORTED, tuple(cues)) if cues else None
    archive.transcripts.bring_in(episode, made, segments)
    return len(cues or ()), len(segments or ())


def _content(file: Path) -> bytes:
    try:
        if file.stat().st_size > LARGEST_BYTES:
            raise InvalidInput(
                "%(file)s is larger than %(most)s MB; that can't be an episode's text.",
                file=file,
                most=LARGEST_BYTES >> 20,
            )
        return file.read_bytes()
    except OSError as error:
        raise InvalidInput(
            "%(file)s can't be read (%(why)s); check the path.", file=file, why=error.strerror
        ) from error


def _json(archive: Archive, episode: str, transcript: Transcript | None, segments: list[Segment]) -> str:
    about = archive.catalogue.episode(episode)
    value = {
        "episode": about.slug,
        "programme": about.programme,
        "title": about.title,
        "date": about.date.isoformat(),
        "language": transcript.language if transcript else about.language,
        "origin": transcript.origin if transcript else None,
        "engine": transcript.engine if transcript else None,
        "cues": [asdict(cue) for cue in transcript.cues] if transcript else [],
        "segments": [plain(segment) for segment in segments],
    }
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _from_json(file: Path, content: bytes) -> tuple[list[Cue] | None, list[Segment] | None]:
    """Cues and segments; None for what the file does not have."""
    try:
        value = json.loads(content)
        cues = [_cue(cue) for cue in value["cues"]] if "cues" in value else None
        segments = [_segment(s) for s in value["segments"]] if "segments" in value else None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise InvalidInput(
            "%(file)s is not what “tualai export” writes (%(why)s); nothing was imported.",
            file=file,
            why=error,
        ) from error
    if cues is None and segments is None:
        raise InvalidInput("%(file)s has neither cues nor segments; nothing was imported.", file=file)
    return cues, segments


def _cue(value: dict[str, Any]) -> Cue:
    start, end = _span(value)
    words = tuple(
        Word(_text(w["text"]), *_span(w), confidence=_number(w.get("confidence", 1.0)))
        for w in value.get("words", ())
    )
    return Cue(start, end, _text(value["text"]), words)


def _segment(value: dict[str, Any]) -> Segment:
    start, end = _span(value)
    answer_start = value.get("answer_start")
    return Segment(
        kind=SegmentKind(value["kind"]),
        start=start,
        end=end,
        title=_text(value["title"]),
        question=_text(value.get("question", "")),
        asker=_text(value.get("asker", "")),
        answerers=tuple(_text(name) for name in value.get("answerers", ())),
        answer_start=None if answer_start is None else _number(answer_start),
        topics=tuple(_text(topic) for topic in value.get("topics", ())),
        origin=SegmentOrigin(value.get("origin", "editor")),
        state=SegmentState(value.get("state", "suggested")),
        confidence=_number(value.get("confidence", 0.5)),
        id=_text(value.get("id", "")),
        law_changed=_day(value.get("law_changed")),
        law_note=_text(value.get("law_note", "")),
        superseded_by=_text(value.get("superseded_by", "")),
        review_on=_day(value.get("review_on")),
    )


def _day(value: Any) -> date | None:
    return None if value is None else date.fromisoformat(_text(value))


def _span(value: dict[str, Any]) -> tuple[float, float]:
    start, end = _number(value["start"]), _number(value["end"])
    if not 0 <= start <= end <= LONGEST_SECONDS:
        raise ValueError(f"from {start} to {end} seconds is no span of a recording")
    return start, end


def _number(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{value} is no number")
    return number


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    value.encode("utf-8")  # a lone surrogate would fail only when it is shown
    return value
