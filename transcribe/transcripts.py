"""Keeping transcripts and segments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from transcribe.cues import Cue
from transcribe.segments import Segment


class TranscriptOrigin(StrEnum):
    """Where the text comes from."""

    MACHINE = "machine"
    IMPORTED = "imported"
    EDITED = "edited"


@dataclass(frozen=True, slots=True)
class Transcript:
    """The timed text of an episode. `engine` says what made it; `version` counts saves from 1."""

    language: str
    origin: TranscriptOrigin
    cues: tuple[Cue, ...]
    engine: str = ""
    version: int = 0


class Transcripts(Protocol):
    """Transcripts and segments by episode slug. One method is one transaction, which also marks the
    episode changed for search."""

    def transcript(self, episode: str) -> Transcript | None:
        """The newest version, None when there is none. Raises `NotFound` for an unknown episode."""
        ...

    def save_transcript(self, episode: str, transcript: Transcript) -> Transcript:
        """Save a new version and return it with its number.

        A machine transcript never replaces an imported or edited one: then `Conflict` is raised and
        nothing changes. Raises `NotFound` for an unknown episode.
        """
        ...

    def segments(self, episode: str) -> list[Segment]:
        """By start. Raises `NotFound` for an unknown episode."""
        ...

    def save_suggestions(self, episode: str, segments: Sequence[Segment]) -> list[Segment]:
        """Replace the machine's unconfirmed suggestions; everything else stays. Returns all segments.

        A suggestion that overlaps a kept segment of its kind by more than half is left out.
        Raises `NotFound` for an unknown episode.
        """
        ...

    def bring_in(
        self, episode: str, transcript: Transcript | None, segments: Sequence[Segment] | None
    ) -> None:
        """Take over text made elsewhere, all of it or none.

        A transcript whose cues are those there already is no new version. The segments become the
        episode's only ones; one that is new or not as it was counts as an editor's. None leaves
        what there is. Raises `NotFound` for an unknown episode.
        """
        ...

    def save_segment(self, episode: str, segment: Segment) -> Segment:
        """Add (empty id) or replace one segment; returns it with its id. Raises `NotFound`."""
        ...
