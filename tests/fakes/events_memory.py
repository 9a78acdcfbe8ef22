"""An event log in memory."""

from __future__ import annotations

from collections.abc import Collection

from web.domain.events.events import Event


class MemoryEvents:
    """Implements `web.domain.events.events.EventLog`; `tell` and `sweep` are as the database's."""

    def __init__(self) -> None:
        self.told: list[Event] = []
        self._count = 0

    def tell(self, channel: str, kind: str, **data: object) -> int:
        self._count += 1
        self.told.append(Event(self._count, channel, kind, data))
        return self._count

    def newest(self) -> int:
        return self._count

    def after(self, id: int, limit: int = 1000, channels: Collection[str] | None = None) -> list[Event]:
        found = [
            each for each in self.told if each.id > id and (channels is None or each.channel in channels)
        ]
        return found[:limit]

    def kept_since(self) -> int:
        return self.told[0].id - 1 if self.told else 0

    def sweep(self, count: int) -> None:
        """Remove the oldest `count`, but never the newest one."""
        self.told = self.told[min(count, max(0, len(self.told) - 1)) :]
