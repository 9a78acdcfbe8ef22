"""Putting segments into an archive as an editor does, one at a time."""

from __future__ import annotations

from transcribe.editing.segments import SegmentChange
from transcribe.segments import Segment
from transcribe.transcripts import Transcripts


def save_segment(transcripts: Transcripts, episode: str, segment: Segment) -> Segment:
    """Add `segment` (empty id) or put it in the place of the one of its id; return it as stored."""
    seen = {each.id: each.version for each in transcripts.segments(episode)}.get(segment.id)
    (saved,) = transcripts.change_segments(episode, [SegmentChange(segment.id, seen, segment)])
    assert saved is not None
    return saved
