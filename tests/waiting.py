"""Waiting in tests for what another thread or process does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

PATIENCE_SECONDS = 60.0
"""So long that no machine is busy enough to reach it: only what never happens does."""
_PAUSE_SECONDS = 0.005


def until(happened: Callable[[], object], what: str) -> None:
    """Wait until `happened` says yes; fail with `what` (“the child ends”) if it never does."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        assert time.monotonic() < ends, f"In {PATIENCE_SECONDS:g} seconds it did not happen that {what}."
        time.sleep(_PAUSE_SECONDS)


async def soon(happened: Callable[[], object], what: str) -> None:
    """As `until`, for what happens on this event loop."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        assert time.monotonic() < ends, f"In {PATIENCE_SECONDS:g} seconds it did not happen that {what}."
        await asyncio.sleep(_PAUSE_SECONDS)
