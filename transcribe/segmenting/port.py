"""The port of segmenting: from cues to chapters and answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from transcribe.cues import Cue
from transcribe.segments import Segment


class Segmenter(Protocol):
    """Finds chapters and answers."""

    def segment(self, cues: Sequence[Cue], language: str, duration: float) -> list[Segment]:
        """Return suggested segments sorted by start, chapters and answers mixed.

        Args:
            cues: in order of time; may be empty (then nothing is suggested).
            language: BCP 47 tag; an unknown one falls back to lexical cohesion only.
            duration: of the recording, in seconds.
        """
        ...
