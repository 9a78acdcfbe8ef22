"""The port of speech recognition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from transcribe.cues import Word


@dataclass(frozen=True, slots=True)
class Speech:
    """What was recognised in one piece of audio: the language (BCP 47), its probability, the words."""

    language: str
    language_probability: float
    words: Iterator[Word]


class Transcriber(Protocol):
    """Turns speech into words with times."""

    name: str
    """Engine and model, such as `faster-whisper base int8`; kept with the transcript."""

    def transcribe(self, audio: Path, language: str | None, start: float, end: float) -> Speech:
        """Recognise the speech of `audio` between `start` and `end` (seconds).

        Args:
            audio: 16 kHz mono PCM WAV of the whole recording.
            language: BCP 47, or None to detect it.
            start, end: the window; word times come back on the recording's clock.

        The words are produced as they are recognised, in order, never overlapping; silence gives none.

        Raises:
            InvalidInput: for a language the engine does not know.
            Unavailable: when the model cannot be loaded; the message names the cure.
        """
        ...
