"""Keeping transcripts and segments."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from transcribe.cues import Cue
from transcribe.editing.segments import SegmentChange
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

    def segments_of(self, episodes: Collection[str]) -> dict[str, list[Segment]]:
        """For each episode asked for, by start; none for an unknown one."""
        ...

    def save_suggestions(self, episode: str, segments: Sequence[Segment]) -> list[Segment]:
        """Replace the machine's unconfirmed suggestions; everything else stays. Returns all segments.

        A suggestion that kept segments of its kind cover by more than half is left out, and one where a
        person removed a suggestion or moved it elsewhere.
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

    def change_segments(self, episode: str, changes: Sequence[SegmentChange]) -> list[Segment | None]:
        """Do what an editor wants, all of it or none; return what is stored of each, None for removed.

        A removed segment keeps its plays for when it is brought back, and no suggestion of the machine
        comes back where a person removed or moved one.

        Raises:
            NotFound: an unknown episode, or no segment that plays could go to.
            Clash: some segments are not as they were seen; nothing has changed.
            InvalidInput: see `decide`.
        """
        ...
