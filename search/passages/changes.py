"""Which episodes' passages must be rebuilt."""

from __future__ import annotations

from typing import Protocol


class Changes(Protocol):
    """The list of changed episodes, filled in the transaction that changes them."""

    def pending(self, limit: int = 100) -> list[tuple[str, int]]:
        """(episode slug, number of its newest change), oldest first."""
        ...

    def settle(self, episode: str, number: int) -> None:
        """The episode is indexed as of `number`; a newer change stays pending.

        When a newer one has been settled meanwhile, by another process, what is in the index now may be
        older than that: then the episode is pending again.
        """
        ...

    def again(self, episode: str) -> None:
        """Have the episode indexed again, as if it had changed; nothing when it is pending anyway."""
        ...
