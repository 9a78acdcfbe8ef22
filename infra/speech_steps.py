"""The pipeline's steps from sound to transcript.

A long recording is recognised window by window; each window is a step of its own, so that a killed worker
goes on where it was. The sound for it is extracted once to this machine's cache, and again where it is missing.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

from infra.work import Work
from media.episodes import recording_prefix
from media.errors import Conflict, NotFound
from media.progress import Progress, scaled
from transcribe.captions import read_captions
from transcribe.cues import Word
from transcribe.cutting import cut_cues
from transcribe.glossary import corrected
from transcribe.transcripts import Transcript, TranscriptOrigin
from transcribe.windows import windows_of

CAPTION_FORMATS = ("vtt", "srt", "sbv")


def sidecar_key(recording: str, suffix: str) -> str:
    """Where captions handed in with a recording are kept."""
    return f"{recording_prefix(recording)}/captions.{suffix}"


def import_sidecar(work: Work, progress: Progress) -> bool:
    """Import captions that came with the recording. Returns whether there were any."""
    progress(0, "")
    for suffix in CAPTION_FORMATS:
        try:
            with work.archive.storage.open(sidecar_key(work.recording.id, suffix)) as file:
                cues = read_captions(file.read())
        except NotFound:
            continue
        _save(work, Transcript(work.episode.language, TranscriptOrigin.IMPORTED, tuple(cues)))
        return True
    return False


def plan_speech(work: Work, progress: Progress) -> list[list[float]]:
    """Windows to recognise, [start, end] in seconds; none without sound."""
    if work.recording.info.audio is None:
        return []
    audio = _speech_audio(work, scaled(progress, 0, 0.9))
    length = work.archive.settings.speech_window
    return [[window.start, window.end] for window in windows_of(audio, length, reach=length / 5)]


def recognise(
    work: Work, start: float, end: float, language: str | None, progress: Progress
) -> dict[str, Any]:
    """Recognise one window: {"language": …, "words": [[text, start, end, confidence], …]}."""
    audio = _speech_audio(work, scaled(progress, 0, 0.05))
    speech = work.archive.transcriber().transcribe(audio, language, start, end)
    words = []
    for word in speech.words:
        words.append([word.text, word.start, word.end, word.confidence])
        progress((word.end - start) / (end - start), "")
    return {"language": speech.language, "words": words}


def save_recognised(work: Work, windows: list[dict[str, Any]], progress: Progress) -> int:
    """Cut the words to cues and save them as the machine's transcript. Returns the number of cues."""
    progress(0, "")
    words = [Word(*word) for window in windows for word in window["words"]]
    # A word at a window's edge may have been heard twice.
    unique = words[:1] + [b for a, b in pairwise(words) if b.start >= a.start]
    cues = cut_cues(corrected(unique, work.archive.glossary.terms()))
    language = next((w["language"] for w in windows if w["words"]), work.episode.language)
    engine = work.archive.transcriber().name if windows else ""
    _save(work, Transcript(language, TranscriptOrigin.MACHINE, tuple(cues), engine))
    if language and not work.episode.language:
        work.archive.catalogue.set_language(work.episode.slug, language)
    return len(cues)


def forget_sound(work: Work) -> None:
    """Remove the extracted sound; a job that is retried extracts it again."""
    _cached(work).unlink(missing_ok=True)


def _save(work: Work, transcript: Transcript) -> None:
    last = work.archive.transcripts.transcript(work.episode.slug)
    if last is not None and last.cues == transcript.cues and last.origin is transcript.origin:
        return  # done before, and killed before it was noted
    try:
        work.archive.transcripts.save_transcript(work.episode.slug, transcript)
    except Conflict:
        return  # people have written one since: theirs stays


def _cached(work: Work) -> Path:
    return work.archive.settings.home / "cache" / f"{work.recording.id}.wav"


def _speech_audio(work: Work, progress: Progress) -> Path:
    target = _cached(work)
    if target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with work.source() as source, work.scratch() as folder:
        part = folder / "speech.wav"
        work.encoder.speech_audio(source, work.recording.info, part, progress)
        part.replace(target)
    return target
