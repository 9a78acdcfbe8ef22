"""In-memory replacements."""

from __future__ import annotations

from dataclasses import dataclass, replace

from media.archive.episodes import Recording
from media.errors import Conflict
from tests.fakes.catalogue_memory import MemoryCatalogue


@dataclass
class _Row:
    episode: str
    recording: Recording
    replaced: str


class MemoryReplacements:
    """Implements `media.archive.replacements.Replacements`."""

    def __init__(self, catalogue: MemoryCatalogue) -> None:
        self._catalogue = catalogue
        self._rows: dict[str, _Row] = {}

    def replace_recording(self, episode: str, recording: Recording) -> str | None:
        held = self._catalogue.episode(episode)
        if held.recording == recording.id:
            return None
        self._check_free(recording.id, episode)
        own = held.recording or ""
        self._rows = {
            job: row for job, row in self._rows.items() if row.episode != episode or row.recording.id == own
        }
        self._catalogue._recordings[recording.id] = recording
        job = self._catalogue.jobs.enqueue(episode).id
        self._rows[job] = _Row(episode, recording, own)
        return job

    def recording_of(self, job: str) -> Recording | None:
        return self._rows[job].recording if job in self._rows else None

    def put_in_place(self, job: str) -> str | None:
        row = self._rows.get(job)
        if row is None:
            return None
        self._check_free(row.recording.id, row.episode)
        held = self._catalogue.episode(row.episode)
        self._catalogue._episodes[row.episode] = replace(held, recording=row.recording.id)
        self._catalogue.changes.mark(row.episode)
        return row.replaced

    def forget(self, job: str) -> None:
        row = self._rows.pop(job, None)
        if row is not None and self._catalogue.episode_of(row.replaced) is None:
            self._catalogue._recordings.pop(row.replaced, None)

    def _check_free(self, recording: str, episode: str) -> None:
        holder = self._catalogue.episode_of(recording)
        if holder is not None and holder.slug != episode:
            raise Conflict(
                "This recording is in the archive already, as episode “%(episode)s”.", episode=holder.slug
            )
