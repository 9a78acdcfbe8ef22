"""Which queues a worker takes from, and how many pieces of each at once. Pure."""

from __future__ import annotations

import re

from infra.jobs.plan import QUEUES
from media.errors import InvalidInput

_MOST = 64
_WRITTEN = re.compile(r"([a-z]+)(?::([0-9]{1,2}))?")


def read_slots(written: str, default: int = 1) -> dict[str, int]:
    """Slots by queue, from such as “quick transcode:4”; `default` where no number is given.

    Raises:
        InvalidInput: it names a queue there is none of, or a number that is none.
    """
    found = {}
    for word in written.replace(",", " ").split():
        match = _WRITTEN.fullmatch(word)
        count = int(match[2] or default) if match else 0
        if not match or match[1] not in QUEUES or not 1 <= count <= _MOST:
            raise InvalidInput(
                "“%(word)s” is no queue; TUALAI_WORKER_QUEUES may have %(queues)s, each with a number of 1"
                " to %(most)s behind a colon, such as “quick transcode:4”.",
                word=word,
                queues=", ".join(QUEUES),
                most=_MOST,
            )
        found[match[1]] = count
    if not found:
        raise InvalidInput(
            "TUALAI_WORKER_QUEUES is empty; name some of %(queues)s.", queues=", ".join(QUEUES)
        )
    return found


def by_process(slots: dict[str, int]) -> list[list[str]]:
    """What each process of a worker takes from: one piece of each of its queues at a time."""
    return [
        [queue for queue, count in slots.items() if count > number] for number in range(max(slots.values()))
    ]
