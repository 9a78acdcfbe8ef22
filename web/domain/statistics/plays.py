"""Counting which answers are played, without anything that identifies a person."""

from __future__ import annotations

from datetime import date
from typing import Protocol


class Plays(Protocol):
    """Plays of answers and chapters, one number per segment and day."""

    def count(self, episode: str, segment: str, day: date) -> None:
        """Add one play; an unknown segment is ignored."""
        ...

    def popular(self, since: date, limit: int) -> list[tuple[str, str]]:
        """(episode slug, segment id) of published episodes' answers, most played since `since` first."""
        ...
