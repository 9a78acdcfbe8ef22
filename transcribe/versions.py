"""Keeping what people change of a transcript, version by version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from transcribe.editing.edits import CueEdit
from transcribe.transcripts import Transcript, TranscriptOrigin

COALESCED = timedelta(minutes=10)
"""Edits that one author makes within this time of the first are one version."""
REMEMBERED = 500
"""Saves whose edits are remembered by themselves, for pages that catch up."""


@dataclass(frozen=True, slots=True)
class VersionInfo:
    """One version: `number` (see `Versions.edit`), who made it ("" for a machine), when it was begun and
    last changed (UTC), and how many cues are not as in the version before."""

    number: int
    origin: TranscriptOrigin
    author: str
    begun_at: datetime
    changed_at: datetime
    changed: int
    cues: int


@dataclass(frozen=True, slots=True)
class Saved:
    """`made` are the edits as they were made, `others` what other people saved since the version seen;
    None when that is too long ago: read the transcript anew."""

    version: int
    made: tuple[CueEdit, ...]
    others: tuple[CueEdit, ...] | None


class Versions(Protocol):
    """One method is one transaction; changes are in the audit log and mark the episode for search.

    All raise `NotFound` for an unknown episode.
    """

    def edit(self, episode: str, edits: Sequence[CueEdit], author: str, seen: int) -> Saved:
        """Make edits, all or none, to the newest transcript; it counts as edited by people from now on.

        Every save has a new number, so that a number names one text for ever. Edits that the same author
        made within `COALESCED` stay one version, under the newest number. An episode whose captions
        somebody has read stays read: who corrects them knows them.

        Args:
            episode: its slug.
            edits: what to change.
            author: who does it.
            seen: the version that the author's page has.

        Raises:
            Clashed: some of the edits meet somebody else's.
            InvalidInput: an edit that fits nowhere.
            NotFound: there is no transcript.
        """
        ...

    def edits_since(self, episode: str, seen: int) -> tuple[int, tuple[CueEdit, ...] | None]:
        """The newest version's number (0: no transcript) and what changed since `seen`, as in `Saved.others`."""
        ...

    def versions(self, episode: str) -> list[VersionInfo]:
        """Newest first."""
        ...

    def version(self, episode: str, number: int) -> Transcript:
        """Raises `NotFound` also for a version that went into a later one."""
        ...

    def restore(self, episode: str, number: int, author: str) -> Transcript:
        """Make a new version with the cues of an old one. Raises `NotFound`."""
        ...

    def replace(self, episode: str, transcript: Transcript, author: str, seen: int) -> Transcript:
        """Save a text made elsewhere as a new version by people.

        Raises `Conflict` when the newest version is not `seen` (0: none).
        """
        ...
