"""In-memory versions of transcripts, beside `MemoryTranscripts`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from media.errors import Conflict, NotFound
from tests.fakes.transcripts_memory import MemoryTranscripts
from transcribe.editing.edits import CueEdit, Edited, TranscriptConflict, apply, changed_cues
from transcribe.transcripts import Transcript, TranscriptOrigin
from transcribe.versions import COALESCED, Saved, VersionInfo


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


class MemoryVersions:
    """Implements `transcribe.versions.Versions`."""

    def __init__(self, transcripts: MemoryTranscripts, now: Callable[[], datetime] = _now) -> None:
        self._transcripts = transcripts
        self._now = now
        self._log: dict[tuple[str, int], tuple[CueEdit, ...]] = {}
        self._infos: dict[tuple[str, int], VersionInfo] = {}

    def edit(self, episode: str, edits: Sequence[CueEdit], author: str, seen: int) -> Saved:
        last = self._last(episode)
        others = self.edits_since(episode, seen)[1]
        done = apply(last.cues, edits)
        if not isinstance(done, Edited):
            raise TranscriptConflict(done, last.version)
        if not any(edit.before != edit.after for edit in done.made):
            return Saved(last.version, done.made, others)
        made = replace(last, origin=TranscriptOrigin.EDITED, cues=done.cues, version=last.version + 1)
        old = self._infos.get((episode, last.version))
        own = old is not None and old.origin == TranscriptOrigin.EDITED and old.author == author
        versions = self._transcripts._versions[episode]
        if own and old is not None and self._now() - old.begun_at < COALESCED:
            versions.pop()
            self._put(episode, made, author, versions[-1] if versions else None, old.begun_at)
        else:
            self._put(episode, made, author, last)
        self._log[episode, made.version] = done.made
        return Saved(made.version, done.made, others)

    def edits_since(self, episode: str, seen: int) -> tuple[int, tuple[CueEdit, ...] | None]:
        last = self._transcripts.transcript(episode)
        version = last.version if last else 0
        saves = [self._log.get((episode, number)) for number in range(seen + 1, version + 1)]
        if seen > version or (seen <= 0 and version) or None in saves:
            return version, None
        return version, tuple(edit for save in saves if save for edit in save)

    def versions(self, episode: str) -> list[VersionInfo]:
        self._transcripts.transcript(episode)
        return [
            self._infos.get((episode, each.version))
            or VersionInfo(each.version, each.origin, "", self._now(), self._now(), 0, len(each.cues))
            for each in reversed(self._transcripts._versions.get(episode, []))
        ]

    def version(self, episode: str, number: int) -> Transcript:
        self._transcripts.transcript(episode)
        for each in self._transcripts._versions.get(episode, []):
            if each.version == number:
                return each
        raise NotFound(
            "“%(episode)s” has no version %(number)s of its transcript.", episode=episode, number=number
        )

    def restore(self, episode: str, number: int, author: str) -> Transcript:
        last = self._last(episode)
        old = self.version(episode, number)
        made = replace(old, origin=TranscriptOrigin.EDITED, version=last.version + 1)
        self._put(episode, made, author, last)
        return made

    def replace(self, episode: str, transcript: Transcript, author: str, seen: int) -> Transcript:
        last = self._transcripts.transcript(episode)
        if (last.version if last else 0) != seen:
            raise Conflict("The captions were changed by somebody else meanwhile.")
        made = replace(transcript, version=seen + 1)
        self._put(episode, made, author, last)
        return made

    def _put(
        self,
        episode: str,
        made: Transcript,
        author: str,
        before: Transcript | None,
        begun: datetime | None = None,
    ) -> None:
        self._transcripts._versions.setdefault(episode, []).append(made)
        self._transcripts._catalogue.changes.mark(episode)
        changed = changed_cues(before.cues if before else (), made.cues)
        now = self._now()
        self._infos[episode, made.version] = VersionInfo(
            made.version, made.origin, author, begun or now, now, changed, len(made.cues)
        )

    def _last(self, episode: str) -> Transcript:
        last = self._transcripts.transcript(episode)
        if last is None:
            raise NotFound("“%(episode)s” has no transcript yet.", episode=episode)
        return last
