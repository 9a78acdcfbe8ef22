"""The lexicon as it is now, in a process that runs for weeks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from media.archive.episodes import Topic
from media.errors import Unavailable
from search.synonyms.lexicon import LEXICON, Lexicon, lexicon_of
from search.synonyms.port import Lexicons

CHECK_SECONDS = 1.0
"""A change is in every process after this long at most, and costs one small query so often."""

Hook = Callable[[Lexicon], None]


class LiveLexicon:
    """Call it for the lexicon. Safe to share between threads; builds it anew only when it has changed."""

    def __init__(
        self,
        lexicons: Lexicons,
        topics: Callable[[], Sequence[Topic]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`clock` gives seconds. Nothing is read before the first call."""
        self._lexicons, self._topics, self._clock = lexicons, topics, clock
        self._lock = threading.Lock()
        self._known: tuple[int, tuple[Topic, ...]] | None = None
        self._lexicon = LEXICON
        self._checked = float("-inf")
        self._hooks: list[Hook] = []
        self._told: list[str] = []

    def __call__(self) -> Lexicon:
        """The newest lexicon, at most a second old; the last one known while the database is away."""
        if self._clock() - self._checked >= CHECK_SECONDS and self._lock.acquire(blocking=False):
            try:
                self._check()
            finally:
                self._lock.release()
        return self._lexicon

    def listen(self, hook: Hook) -> None:
        """Call `hook` with the lexicon now and whenever it has changed, in a thread that asks for it.

        It may raise `Unavailable`; it is called again a second later then.
        """
        with self._lock:
            self._hooks.append(hook)
            self._told.append("")
            self._checked = float("-inf")

    def _check(self) -> None:
        self._checked = self._clock()
        try:
            found = (self._lexicons.version(), tuple(self._topics()))
            if found != self._known:
                entries = self._lexicons.entries(found[0]) if found[0] else None
                self._lexicon = (
                    lexicon_of(topics=found[1]) if entries is None else lexicon_of(entries, found[1])
                )
                self._known = found
            self._tell()
        except Unavailable:
            return  # searches go on with what is known

    def _tell(self) -> None:
        for place, hook in enumerate(self._hooks):
            if self._told[place] != self._lexicon.digest:
                hook(self._lexicon)
                self._told[place] = self._lexicon.digest
