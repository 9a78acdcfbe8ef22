"""Stopping: streams have no end of their own, and the server waits for all it has open before it stops."""

from __future__ import annotations

import asyncio
import signal
import threading
from types import FrameType
from typing import Protocol


class Closing(Protocol):
    """What is to be closed on the event loop's thread."""

    def close(self) -> None: ...


def close_at_signals(hub: Closing) -> None:
    """Close `hub` when this process is told to stop. To be called on its event loop.

    Whoever handles the signal already still gets it: asyncio hears of signals by its wake-up descriptor, and what
    `signal.signal` calls besides is free to use; a handler that is no part of asyncio is called after this one.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)

        def stop(sent: int, frame: FrameType | None, before: object = before) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(hub.close)
            if callable(before) and before is not signal.default_int_handler:
                before(sent, frame)

        signal.signal(number, stop)
