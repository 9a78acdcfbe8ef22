"""The pipeline's pieces from sound to transcript.

The sound is taken out of the recording once and cut into windows at silences, each a small file of its own: whoever
recognises one needs neither the recording nor the other windows.
"""

from __future__ import annotations

import json
from io import BytesIO
from itertools import pairwise
from typing import Any

from infra.jobs.plan import Key
from infra.pipeline.work import Work
from media.archive.episodes import recording_prefix
from media.errors import Conflict, NotFound
from media.progress import Progress, scaled
from transcribe.captions.formats import read_captions
from transcribe.captions.layout import cut_cues
from transcribe.cues import Word
from transcribe.editing.glossary import corrected
from transcribe.speech.wav import cut_window
from transcribe.speech.windows import windows_of
from transcribe.transcripts import Transcript, TranscriptOrigin

CAPTION_FORMATS = ("vtt", "srt", "sbv")
_CLOCK_DIGITS = 3


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


def listen(work: Work, progress: Progress) -> dict[str, Any]:
    """Take out the sound and cut it at silences. Returns the windows, [start, end] in seconds, and where they are;
    none without sound."""
    if work.recording.info.audio is None:
        return {"windows": [], "place": ""}
    length = work.archive.settings.speech_window
    with work.source() as source, work.scratch() as folder, work.scratch() as cut:
        audio = folder / "speech.wav"
        work.encoder.speech_audio(source, work.recording.info, audio, scaled(progress, 0, 0.9))
        windows = windows_of(audio, length, reach=length / 5)
        for number, window in enumerate(windows):
            cut_window(audio, window.start, window.end, cut / _window_file(number))
            progress(0.9 + 0.1 * (number + 1) / len(windows), "")
        work.archive.storage.put_folder(work.place, cut)
    return {"windows": [[window.start, window.end] for window in windows], "place": work.place}


def hear(work: Work, progress: Progress) -> dict[str, Any]:
    """Recognise one window. Returns its language, the engine, the number of words, and where they are: [text, start,
    end, confidence] on the recording's clock."""
    listened, number = work.done[Key("listen")], work.key.number
    start, end = listened["windows"][number]
    with work.handed(f"{listened['place']}/{_window_file(number)}") as audio:
        speech = work.archive.transcriber().transcribe(audio, work.wanted["language"], 0.0, end - start)
        words = []
        for word in speech.words:
            times = (round(start + at, _CLOCK_DIGITS) for at in (word.start, word.end))
            words.append([word.text, *times, word.confidence])
            progress(word.end / (end - start), "")
    key = f"{work.place}/words.json"
    work.archive.storage.put(key, BytesIO(json.dumps(words).encode()))
    engine = work.archive.transcriber().name
    return {"language": speech.language, "words": len(words), "key": key, "engine": engine}


def save_recognised(work: Work, progress: Progress) -> dict[str, Any]:
    """Cut the words to cues and save them as the machine's transcript. Returns the number of cues."""
    progress(0, "")
    windows = [work.done[Key("hear", n)] for n in range(len(work.done[Key("listen")]["windows"]))]
    words = []
    for window in windows:
        with work.handed(window["key"]) as path:
            words += [Word(*word) for word in json.loads(path.read_text("utf-8"))]
    # A word at a window's edge may have been heard twice.
    unique = words[:1] + [b for a, b in pairwise(words) if b.start >= a.start]
    cues = cut_cues(corrected(unique, work.archive.studio.glossary.terms()))
    language = next((w["language"] for w in windows if w["words"]), work.episode.language)
    engine = windows[0]["engine"] if windows else ""
    _save(work, Transcript(language, TranscriptOrigin.MACHINE, tuple(cues), engine))
    if language and not work.episode.language:
        work.archive.catalogue.set_language(work.episode.slug, language)
    return {"cues": len(cues)}


def _window_file(number: int) -> str:
    return f"window-{number:04}.wav"


def _save(work: Work, transcript: Transcript) -> None:
    last = work.archive.transcripts.transcript(work.episode.slug)
    if last is not None and last.cues == transcript.cues and last.origin is transcript.origin:
        return  # done before, and killed before it was noted
    try:
        work.archive.transcripts.save_transcript(work.episode.slug, transcript)
    except Conflict:
        return  # people have written one since: theirs stays
