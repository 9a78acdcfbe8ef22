"""Learning the language of the archive, and following what was learnt.

A worker learns: it counts the transcripts of published episodes and saves the counts where every process
finds them. Processes that search follow: a thread fetches newer counts, no search waits for it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Protocol

from media.archive.catalogue import Catalogue
from media.errors import ArchiveError, NotFound
from search.diacritics.counts import Counting, WordCounts, counted, dumped, loaded
from search.diacritics.phrasebook import phrases
from search.diacritics.restorer import NgramRestorer, Restored
from search.synonyms.lexicon import LEXICON, Lexicon
from transcribe.transcripts import Transcripts

log = logging.getLogger("tualai.learning")

FORMAT = 2
"""Raised when anything that goes into the counts changes: all is learnt anew then."""
SYLLABLES_MOST = 5_000_000
"""About 550 hours of speech, the newest: a model gains little from more."""
_AT_ONCE = 200_000
_SHARE = 50
"""Learning anew takes at most one part of so many of the time."""
FOLLOW_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Learning:
    """What was learnt. `number` rises with every save, from 1. `episodes`: of which version of whose
    transcript. `stale`: also of some that since changed or went. `anew_at` (seconds of the epoch) and
    `anew_seconds`: when all was learnt anew, and how long it took. `model`: see `search.diacritics.counts.dumped`.
    """

    number: int
    episodes: Mapping[str, int] = field(default_factory=dict)
    stale: bool = False
    anew_at: float = 0.0
    anew_seconds: float = 0.0
    model: bytes = field(default=b"", repr=False)
    format: int = FORMAT


class Learnings(Protocol):
    """Where the newest learning is kept. All methods raise `Unavailable`."""

    def published(self) -> dict[str, int]:
        """Version of the newest transcript in Vietnamese of each published episode, newest episode first."""
        ...

    def newest(self, after: int = 0) -> Learning | None:
        """The newest learning, if its number is higher than `after`."""
        ...

    def state(self) -> Learning | None:
        """The newest learning without its model."""
        ...

    def save(self, learning: Learning) -> bool:
        """Keep it, unless there is one with its number or a higher one already: then return False."""
        ...


def learn(learnings: Learnings, catalogue: Catalogue, transcripts: Transcripts) -> int:
    """Learn what was published since the last time; return how many episodes that were.

    New transcripts are added at once. That an old one changed or went is made good by learning all anew,
    so seldom that it costs little. Safe to repeat, to interrupt and to run in several workers.
    Raises `Unavailable`.
    """
    published, last = learnings.published(), learnings.state()
    if last is None or last.format != FORMAT:
        return _learn_anew(learnings, catalogue, transcripts, published, last)
    fresh = [slug for slug, version in published.items() if last.episodes.get(slug) != version]
    stale = last.stale or any(published.get(slug) != version for slug, version in last.episodes.items())
    if stale and time.time() - last.anew_at >= _SHARE * last.anew_seconds:
        return _learn_anew(learnings, catalogue, transcripts, published, last)
    if not fresh:
        return 0
    whole = learnings.newest()
    if whole is None or whole.number != last.number:
        return 0  # another worker was faster
    counts = added(loaded(whole.model), _texts(fresh, catalogue, transcripts))
    saved = learnings.save(
        Learning(
            last.number + 1,
            {**last.episodes, **{slug: published[slug] for slug in fresh}},
            stale,
            last.anew_at,
            last.anew_seconds,
            dumped(counts),
        )
    )
    return len(fresh) if saved else 0


def _learn_anew(
    learnings: Learnings,
    catalogue: Catalogue,
    transcripts: Transcripts,
    published: Mapping[str, int],
    last: Learning | None,
) -> int:
    started = time.monotonic()
    topics = [" ; ".join((topic.name_vi, *topic.synonyms)) for topic in catalogue.topics()]
    counts = added(base(), topics)
    counts = added(counts, _texts(published, catalogue, transcripts))
    learning = Learning(
        last.number + 1 if last else 1,
        dict(published),
        anew_at=time.time(),
        anew_seconds=time.monotonic() - started,
        model=dumped(counts),
    )
    return len(published) if learnings.save(learning) else 0


@cache
def base() -> WordCounts:
    """What is known before anything is learnt."""
    return WordCounts().plus(counted(phrases(LEXICON)))


def _texts(episodes: Iterable[str], catalogue: Catalogue, transcripts: Transcripts) -> Iterator[str]:
    """The titles and what is said, as one text an episode."""
    for slug in episodes:
        try:
            transcript = transcripts.transcript(slug)
            title = catalogue.episode(slug).title
        except NotFound:
            continue  # removed meanwhile
        if transcript is not None:
            yield f"{title}\n" + " ".join(cue.text for cue in transcript.cues)


def added(counts: WordCounts, texts: Iterable[str]) -> WordCounts:
    """`counts` with those of the texts, the first SYLLABLES_MOST syllables of them."""
    counting, done = Counting(), 0
    for text in texts:
        counting.add(text)
        if counting.syllables >= _AT_ONCE:
            done += counting.syllables
            counts, counting = counts.plus(counting), Counting()
        if done >= SYLLABLES_MOST:
            break
    return counts.plus(counting)


class FollowingRestorer:
    """A `Restorer` that knows what was learnt last, some seconds late."""

    def __init__(self, learnings: Learnings, lexicon: Callable[[], Lexicon] = lambda: LEXICON) -> None:
        """Costs nothing; begins with `base` and looks for more when first used."""
        self._learnings = learnings
        self._lexicon = lexicon
        self._number = 0
        self._restorer: NgramRestorer | None = None
        self._looked = float("-inf")
        self._looking = threading.Lock()

    def restored(self, text: str) -> Restored:
        """See `Restorer.restored`."""
        if time.monotonic() - self._looked >= FOLLOW_SECONDS and not self._looking.locked():
            self._looked = time.monotonic()
            threading.Thread(target=self._follow, daemon=True).start()
        if self._restorer is None:
            self._restorer = NgramRestorer(base(), self._lexicon)
        return self._restorer.restored(text)

    def refresh(self) -> None:
        """Fetch what was learnt last, and wait for it. Raises `Unavailable`."""
        with self._looking:
            self._looked = time.monotonic()
            learning = self._learnings.newest(self._number)
            if learning is not None and learning.format == FORMAT:
                self._restorer = NgramRestorer(loaded(learning.model), self._lexicon)
                self._number = learning.number

    def _follow(self) -> None:
        try:
            self.refresh()
        except ArchiveError as error:
            log.warning("%s", error)
        except Exception:
            log.exception("following what was learnt")
