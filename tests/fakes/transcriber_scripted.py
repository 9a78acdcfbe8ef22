"""A `Transcriber` that says what it was told to, where the recording is not silent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from media.errors import InvalidInput
from transcribe.cues import Word
from transcribe.speech.port import Speech
from transcribe.speech.timing import base_language
from transcribe.speech.wav import read_window

_KNOWN = frozenset({"vi", "en"})


class ScriptedTranscriber:
    """Gives the words of the script that lie in the window; silence gives none, as with a real engine."""

    name = "scripted"

    def __init__(self, script: Sequence[Word] = (), language: str = "vi") -> None:
        self.script = tuple(script)
        self.language = language
        self.windows: list[tuple[float, float]] = []

    def transcribe(self, audio: Path, language: str | None, start: float, end: float) -> Speech:
        """See the port."""
        if language is not None and base_language(language) not in _KNOWN:
            raise InvalidInput(
                "The speech engine does not know the language %(language)s; give vi or en.",
                language=repr(language),
            )
        self.windows.append((start, end))
        return Speech(language or self.language, 1.0, self._words(audio, start, end))

    def _words(self, audio: Path, start: float, end: float) -> Iterator[Word]:
        for word in self.script:
            if start <= word.start and word.end <= end and np.any(read_window(audio, word.start, word.end)):
                yield word
