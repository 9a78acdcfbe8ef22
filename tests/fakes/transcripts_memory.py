"""In-memory transcripts and segments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import count

from media.errors import Conflict, NotFound
from tests.fakes.catalogue_memory import MemoryCatalogue
from transcribe.segments import Segment, SegmentOrigin, SegmentState, brought_in
from transcribe.transcripts import Transcript, TranscriptOrigin


def _replaceable(segment: Segment) -> bool:
    return segment.origin == SegmentOrigin.MACHINE and segment.state == SegmentState.SUGGESTED


def _covers(kept: Segment, suggestion: Segment) -> bool:
    """Whether more than half of `suggestion` lies in a kept segment of its kind."""
    overlap = min(kept.end, suggestion.end) - max(kept.start, suggestion.start)
    return kept.kind == suggestion.kind and overlap > (suggestion.end - suggestion.start) / 2


class MemoryTranscripts:
    """Implements `transcribe.transcripts.Transcripts`; episodes are those of `catalogue`."""

    def __init__(self, catalogue: MemoryCatalogue) -> None:
        self._catalogue = catalogue
        self._versions: dict[str, list[Transcript]] = {}
        self._segments: dict[str, list[Segment]] = {}
        self._numbers = count(1)

    def transcript(self, episode: str) -> Transcript | None:
        self._catalogue.episode(episode)
        versions = self._versions.get(episode)
        return versions[-1] if versions else None

    def save_transcript(self, episode: str, transcript: Transcript) -> Transcript:
        current = self.transcript(episode)
        if (
            current is not None
            and transcript.origin == TranscriptOrigin.MACHINE
            and current.origin != TranscriptOrigin.MACHINE
        ):
            raise Conflict(
                f"The transcript of “{episode}” is {current.origin}; a machine one does not replace it."
            )
        saved = replace(transcript, version=current.version + 1 if current else 1)
        self._versions.setdefault(episode, []).append(saved)
        self._catalogue.changes.mark(episode)
        return saved

    def segments(self, episode: str) -> list[Segment]:
        self._catalogue.episode(episode)
        return sorted(self._segments.get(episode, []), key=lambda segment: segment.start)

    def save_suggestions(self, episode: str, segments: Sequence[Segment]) -> list[Segment]:
        kept = [segment for segment in self.segments(episode) if not _replaceable(segment)]
        added = [
            replace(segment, id=self._new_id())
            for segment in segments
            if not any(_covers(other, segment) for other in kept)
        ]
        self._segments[episode] = kept + added
        self._catalogue.changes.mark(episode)
        return self.segments(episode)

    def bring_in(
        self, episode: str, transcript: Transcript | None, segments: Sequence[Segment] | None
    ) -> None:
        current = self.transcript(episode)
        if transcript is not None and (current is None or current.cues != transcript.cues):
            saved = replace(transcript, version=current.version + 1 if current else 1)
            self._versions.setdefault(episode, []).append(saved)
        if segments is not None:
            self._segments[episode] = brought_in(episode, self.segments(episode), segments)
        self._catalogue.changes.mark(episode)

    def save_segment(self, episode: str, segment: Segment) -> Segment:
        others = self.segments(episode)
        if segment.id:
            if segment.id not in {other.id for other in others}:
                raise NotFound(f"Episode “{episode}” has no segment “{segment.id}”.")
            others = [other for other in others if other.id != segment.id]
        saved = segment if segment.id else replace(segment, id=self._new_id())
        self._segments[episode] = [*others, saved]
        self._catalogue.changes.mark(episode)
        return saved

    def _new_id(self) -> str:
        return f"segment-{next(self._numbers)}"
