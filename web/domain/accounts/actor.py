"""Who is at work in this context: the name that the audit log notes with every change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

SYSTEM = "system"
"""Nobody signed in: the command line or a worker."""

_actor: ContextVar[str] = ContextVar("tualai_actor", default=SYSTEM)


def actor() -> str:
    """The login of who is at work, or SYSTEM."""
    return _actor.get()


@contextmanager
def acting(login: str) -> Iterator[None]:
    """Changes made in this block are those of `login`."""
    token = _actor.set(login)
    try:
        yield
    finally:
        _actor.reset(token)
