"""In-memory list of changed episodes."""

from __future__ import annotations


class MemoryChanges:
    """Implements `search.passages.changes.Changes`; the memory stores call `mark`."""

    def __init__(self) -> None:
        self._newest: dict[str, int] = {}
        self._settled: dict[str, int] = {}
        self._number = 0

    def mark(self, episode: str) -> None:
        self._number += 1
        self._newest.pop(episode, None)
        self._newest[episode] = self._number

    def pending(self, limit: int = 100) -> list[tuple[str, int]]:
        return list(self._newest.items())[:limit]

    def settle(self, episode: str, number: int) -> None:
        if self._newest.get(episode) == number:
            del self._newest[episode]
        if self._settled.get(episode, 0) > number:
            self.again(episode)
        self._settled[episode] = max(number, self._settled.get(episode, 0))

    def again(self, episode: str) -> None:
        if episode not in self._newest:
            self.mark(episode)
