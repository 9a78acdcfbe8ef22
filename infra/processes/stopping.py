"""Stopping: streams have no end of their own, and the server waits for all it has open before it stops."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from types import FrameType
from typing import Protocol

AGAIN_SECONDS = 1.0
AGAIN_TIMES = 10


class Closing(Protocol):
    """What is to be closed on the event loop's thread."""

    def close(self) -> None: ...


def close_at_signals(hub: Closing) -> None:
    """Close `hub` when this process is told to stop. To be called on its event loop.

    Whoever handles the signal already still gets it: asyncio hears of signals by its wake-up descriptor, and what
    `signal.signal` calls besides is free to use. That descriptor may be full when a thousand browsers leave in the
    same moment, and then asyncio never hears of the signal: so this process sends it to itself again until it ends.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    loop, told = asyncio.get_running_loop(), [0]

    def close(number: int) -> None:
        hub.close()
        told[0] += 1
        if told[0] < AGAIN_TIMES:
            loop.call_later(AGAIN_SECONDS, os.kill, os.getpid(), number)

    def stop(number: int, _frame: FrameType | None) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(close, number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
