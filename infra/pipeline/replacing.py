"""A new recording that can be played takes the old one's place."""

from __future__ import annotations

from infra.pipeline.work import Work
from media.archive.episodes import recording_prefix


def put_in_place(work: Work) -> None:
    """Let the episode have the new recording, then remove the old one's files. Nothing for other jobs; killed
    in between and begun again, it goes on where it was."""
    replacements = work.archive.replacements
    old = replacements.put_in_place(work.job) if work.job else None
    if old is None:
        return
    if old and old != work.recording.id and work.archive.catalogue.episode_of(old) is None:
        found = work.archive.catalogue.renditions(old)
        work.archive.catalogue.remove_renditions(old, [each.name for each in found])
        work.archive.storage.delete(recording_prefix(old))
    replacements.forget(work.job)
