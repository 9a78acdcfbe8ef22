"""In-memory transcripts and segments."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import count

from media.errors import Conflict, NotFound
from tests.fakes.catalogue_memory import MemoryCatalogue
from transcribe.editing.segments import SegmentChange, decide
from transcribe.segments import Segment, SegmentOrigin, SegmentState, brought_in, new_suggestions
from transcribe.transcripts import Transcript, TranscriptOrigin


def _replaceable(segment: Segment) -> bool:
    suggestion = segment.origin == SegmentOrigin.MACHINE and segment.state == SegmentState.SUGGESTED
    return suggestion and not segment.marked


class MemoryTranscripts:
    """Implements `transcribe.transcripts.Transcripts`; episodes are those of `catalogue`."""

    def __init__(self, catalogue: MemoryCatalogue) -> None:
        self._catalogue = catalogue
        self._versions: dict[str, list[Transcript]] = {}
        self._segments: dict[str, list[Segment]] = {}
        self._removed: dict[str, dict[str, Segment]] = {}
        self._machine: dict[str, Segment] = {}
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
                "The transcript of “%(episode)s” is %(origin)s; a machine one does not replace it.",
                episode=episode,
                origin=current.origin,
            )
        saved = replace(transcript, version=current.version + 1 if current else 1)
        self._versions.setdefault(episode, []).append(saved)
        self._catalogue.changes.mark(episode)
        return saved

    def segments(self, episode: str) -> list[Segment]:
        self._catalogue.episode(episode)
        return sorted(self._segments.get(episode, []), key=lambda segment: segment.start)

    def segments_of(self, episodes: Collection[str]) -> dict[str, list[Segment]]:
        known = self._catalogue.episodes_named(episodes)
        return {slug: self.segments(slug) if slug in known else [] for slug in episodes}

    def save_suggestions(self, episode: str, segments: Sequence[Segment]) -> list[Segment]:
        kept = [segment for segment in self.segments(episode) if not _replaceable(segment)]
        removed = self._removed.get(episode, {})
        moved = [self._machine[key] for key in [*removed, *(s.id for s in kept)] if key in self._machine]
        judged = [*kept, *removed.values(), *moved]
        added = [replace(each, id=self._new_id()) for each in new_suggestions(judged, segments)]
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

    def change_segments(self, episode: str, changes: Sequence[SegmentChange]) -> list[Segment | None]:
        here = {each.id: each for each in self.segments(episode)}
        removed = self._removed.setdefault(episode, {})
        decided = decide(episode, here, removed, changes)
        for each in decided:
            if each.into and each.into not in here:
                raise NotFound(
                    "Episode “%(episode)s” has no segment “%(id)s”.", episode=episode, id=each.into
                )
        for each in decided:
            if each.idle:
                continue
            old = here.pop(each.id, None) or removed.pop(each.id, None)
            if old is not None and old.origin == SegmentOrigin.MACHINE:
                self._machine.setdefault(each.id, old)
            if each.after is None:
                assert old is not None
                removed[each.id] = replace(old, version=old.version + 1)
                continue
            machine = self._machine.get(each.id)
            if machine is not None and (machine.start, machine.end) == (each.after.start, each.after.end):
                del self._machine[each.id]
            here[each.id] = each.after
        self._segments[episode] = list(here.values())
        if any(not each.idle for each in decided):
            self._catalogue.changes.mark(episode)
        return [each.before if each.idle else each.after for each in decided]

    def _new_id(self) -> str:
        return f"segment-{next(self._numbers)}"
