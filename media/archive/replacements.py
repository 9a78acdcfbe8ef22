"""A new recording taking an old one's place: address, segments and statistics stay with the episode."""

from __future__ import annotations

from typing import Protocol

from media.archive.episodes import Recording


class Replacements(Protocol):
    """Recordings that will replace an episode's own as soon as they can be played. One method is one
    transaction."""

    def replace_recording(self, episode: str, recording: Recording) -> str | None:
        """Commit the new recording and the job that prepares it; the episode keeps its own meanwhile. Returns
        the job's id; None when it has this recording already. A replacement still under way is given up.

        Raises `NotFound`; `Conflict` when another episode has this recording.
        """
        ...

    def recording_of(self, job: str) -> Recording | None:
        """What a job prepares in place of its episode's own recording, until it is in that place."""
        ...

    def put_in_place(self, job: str) -> str | None:
        """The episode has the new recording from now on; returns the id of the old one, whose files are to
        be removed; again the same, until `forget`. None for a job that replaces nothing.

        Raises `Conflict` when another episode has got this recording meanwhile.
        """
        ...

    def forget(self, job: str) -> None:
        """The old recording's files are gone: forget it, and that the job replaced it."""
        ...
