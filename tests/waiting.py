"""Waiting for what must come true, without a clock deciding: a test goes on at once when it has."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

PATIENCE = 300.0
"""Seconds after which it is sure that something will never come, however busy the machine is."""


def until(
    true: Callable[[], Any], seconds: float = PATIENCE, told: Callable[[], str] = lambda: ""
) -> float:
    """Wait until something is true, and return how many seconds that took. Fails with what `told` says."""
    began = time.monotonic()
    while not true():
        if time.monotonic() - began > seconds:
            raise AssertionError(f"It did not come true in {seconds:g} s. {told()}")
        time.sleep(0.02)
    return time.monotonic() - began
