"""The worker's duty of captioning what is on air, a few seconds behind it."""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from infra.assembly.archive import Archive
from infra.db.transcripts.live_cues import SqlLiveCues
from media.errors import ArchiveError
from media.live.broadcast import AUDIO, Broadcast, LiveSegment, OnAir
from media.progress import silent
from transcribe.cues import Word
from transcribe.editing.glossary import corrected
from transcribe.speech.stable_words import StableWords

log = logging.getLogger("tualai.captions")

CLAIM_SECONDS = 30.0
STEP_SECONDS = 4.0
"""Of new sound before it is listened to again: what a run costs hardly depends on how little is new."""
WINDOW_SECONDS = 26.0
"""Heard at once after that; Whisper takes thirty."""
BEHIND_SECONDS = 60.0
"""Further behind than this, what lies between is left out; the recording's transcript has it later."""


@dataclass
class _Listening:
    """How far one broadcast was heard. `segments` are those that the next window may need."""

    standing: StableWords
    take: int = 0
    seen: int = 0
    segments: list[LiveSegment] = field(default_factory=list)

    @property
    def end(self) -> float:
        return self.segments[-1].end if self.segments else self.standing.until


class LiveCaptionTask:
    """Called again and again by one thread; costs one query when nothing is on air."""

    def __init__(self, stopped: Callable[[], bool], clock: Callable[[], float] = time.monotonic) -> None:
        self._stopped, self._clock = stopped, clock
        self._listening: dict[str, _Listening] = {}

    def __call__(self, archive: Archive, name: str) -> None:
        """One step for every broadcast that wants captions."""
        wanted = {
            each.episode: each
            for each in archive.live.broadcasts.broadcasts()
            if each.captions and each.state in (OnAir.RECEIVING, OnAir.INTERRUPTED)
        }
        cues = SqlLiveCues(archive.database)
        for episode in self._listening.keys() - wanted.keys():
            _close(cues, name, episode, self._listening.pop(episode))
        for broadcast in wanted.values():
            if self._stopped():
                return
            self._step(archive, name, broadcast, cues)

    def _step(self, archive: Archive, name: str, broadcast: Broadcast, cues: SqlLiveCues) -> None:
        episode = broadcast.episode
        heard = cues.claim(episode, name, CLAIM_SECONDS)
        if heard is None:
            self._listening.pop(episode, None)
            return
        listening = self._listening.setdefault(episode, _Listening(StableWords(heard)))
        new = archive.live.broadcasts.segments(episode, AUDIO, after=listening.seen)
        if new and listening.take not in (0, new[-1].take):
            _close(cues, name, episode, listening)  # words do not go on over a gap
        resting = broadcast.state is OnAir.INTERRUPTED
        if new and (resting or new[-1].end - listening.end >= STEP_SECONDS) and _take(listening, new):
            began = self._clock()
            whole = listening.standing.heard(_words(archive, broadcast, listening), listening.end)
            cues.add(episode, name, whole, listening.standing.until)
            log.debug("%s: heard to %.0f s in %.1f s", episode, listening.end, self._clock() - began)
        if resting:
            _close(cues, name, episode, listening)


def _close(cues: SqlLiveCues, name: str, episode: str, listening: _Listening) -> None:
    """Everything heard stands."""
    if whole := listening.standing.closed():
        cues.add(episode, name, whole, listening.standing.until)


def _take(listening: _Listening, new: Sequence[LiveSegment]) -> bool:
    """Note new segments and choose the window; False when nothing is left to hear."""
    listening.seen, latest = new[-1].id, new[-1].take
    before = listening.segments if listening.take == latest else []
    listening.take = latest
    segments = [*before, *(each for each in new if each.take == latest and not each.removed)]
    if not segments:
        return False
    standing, end = listening.standing, segments[-1].end
    if end - max(standing.until, segments[0].start) > BEHIND_SECONDS:
        log.warning("captions are %.0f s behind; what lies between is left out", end - standing.until)
        standing.until = end - WINDOW_SECONDS
    standing.until = max(standing.until, segments[0].start)
    listening.segments = [each for each in segments if each.end > standing.until - 0.2]
    return bool(listening.segments)


def _words(archive: Archive, broadcast: Broadcast, listening: _Listening) -> list[Word]:
    """Recognise the window's sound."""
    segments = listening.segments
    renditions = archive.live.broadcasts.renditions(broadcast.episode)
    init = next(r for r in renditions if r.take == listening.take and r.name == AUDIO)
    with tempfile.TemporaryDirectory(dir=archive.scratch, ignore_cleanup_errors=True) as folder:
        sound, wave = Path(folder, "live.mp4"), Path(folder, "live.wav")
        with sound.open("wb") as file:
            for key in (init.key(broadcast.folder), *(each.key(broadcast.folder) for each in segments)):
                with archive.storage.open(key) as part:
                    file.write(part.read())
        try:
            encoder = archive.encoder()
            encoder.speech_audio(sound, encoder.probe(sound), wave, silent)
        except ArchiveError as error:
            log.warning("%s: %.0f s can't be heard: %s", broadcast.episode, segments[0].start, error)
            return []
        language = archive.catalogue.episode(broadcast.episode).language or None
        first = segments[0].start
        start = max(0.0, listening.standing.until - first)
        found = archive.transcriber().transcribe(wave, language, start, listening.end - first)
        words = [Word(w.text, first + w.start, first + w.end, w.confidence) for w in found.words]
    return corrected(words, archive.studio.glossary.terms())
