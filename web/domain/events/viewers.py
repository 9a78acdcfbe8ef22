"""How many watch: the port by which processes add up what each of them counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Viewers(Protocol):
    """Numbers only, forgotten half a minute after they were last told."""

    def report(self, process: str, counts: Mapping[str, int]) -> None:
        """`process` has so many viewers, by episode; an episode left out has none.

        Where the sum over all processes has changed, the desk is told by an event `viewers {count}`.
        """
        ...
