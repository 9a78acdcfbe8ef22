"""Keeping the index in step with the catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from media.archive.catalogue import Catalogue
from media.archive.episodes import EpisodeState
from media.errors import NotFound
from media.progress import Progress, silent
from search.embedding.backfill import Meaning, all_attached
from search.embedding.excerpts import excerpts_of
from search.embedding.vector_store import digest_of
from search.index import SearchIndex
from search.passages.building import passages_of
from search.passages.changes import Changes
from search.passages.passage import Passage
from transcribe.transcripts import Transcripts

BATCH = 100
FINDABLE = (EpisodeState.PUBLISHED, EpisodeState.LIVE)
"""What is on air can be found as soon as it is said; see `Broadcasts`: only what was announced is live."""
UNUSED_SECONDS = 24 * 3600.0
"""Vectors of texts that no published passage has are kept so long: what is undone needs no embedding again."""


@dataclass(frozen=True, slots=True)
class InStep:
    """How far the index is from the catalogue; slugs of episodes, sorted.

    `missing` are published with something to find but not indexed, `extra` indexed but not published,
    `pending` changed and not indexed yet.
    """

    current: bool
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()
    passages: int = 0

    @property
    def ok(self) -> bool:
        """Whether a search finds exactly what is public now."""
        return self.current and not (self.missing or self.extra or self.pending)


def drain(
    changes: Changes,
    catalogue: Catalogue,
    transcripts: Transcripts,
    index: SearchIndex,
    meaning: Meaning | None = None,
) -> int:
    """Index every pending change and settle it; return how many episodes were handled.

    An index that is missing, damaged or of another version is rebuilt first. Vectors that are known go
    along, nothing is embedded here. Safe to repeat and to interrupt: what is not settled is done again.
    Raises `Unavailable` with the change still pending.
    """
    handled = 0
    pending = changes.pending(BATCH)
    if not index.current():
        reindex(catalogue, transcripts, index, meaning=meaning)
        for episode, number in pending:
            changes.settle(episode, number)
        handled, pending = len(pending), changes.pending(BATCH)
    while pending:
        for episode, number in pending:
            _replace(episode, published_passages(episode, catalogue, transcripts), index, meaning)
            changes.settle(episode, number)
        handled += len(pending)
        pending = changes.pending(BATCH) if len(pending) == BATCH else []
    return handled


def _replace(episode: str, passages: list[Passage], index: SearchIndex, meaning: Meaning | None) -> None:
    """Index one episode. Killed at any moment, it is not said to be embedded unless it is."""
    if meaning is None:
        index.replace(episode, passages)
        return
    attached = meaning.attach(passages)
    whole = all_attached(attached)
    if not whole:
        meaning.store.incomplete([episode])
    index.replace(episode, attached)
    if whole:
        meaning.store.complete(meaning.embedder.name, [episode])


def published_passages(episode: str, catalogue: Catalogue, transcripts: Transcripts) -> list[Passage]:
    """The passages of an episode as the catalogue has it now; none unless it is published."""
    try:
        found = catalogue.episode(episode)
        if found.state not in FINDABLE:
            return []
        return passages_of(found, transcripts.transcript(episode), transcripts.segments(episode))
    except NotFound:
        return []  # removed since it was marked changed


def reindex(
    catalogue: Catalogue,
    transcripts: Transcripts,
    index: SearchIndex,
    progress: Progress = silent,
    meaning: Meaning | None = None,
) -> int:
    """Build the whole index anew and return the number of passages. Raises `Unavailable`.

    Vectors that are known go along; those of texts that are published no more are forgotten.
    """
    whole = _Whole(catalogue, transcripts, meaning, progress)
    index.rebuild(whole)
    progress(1.0, "")
    if meaning is not None:
        meaning.store.complete(meaning.embedder.name, whole.embedded)
        meaning.store.keep_only(whole.digests, UNUSED_SECONDS)
    return whole.passages


class _Whole:
    """All published episodes with their passages, made while they are read: a million vectors at once would
    take gigabytes.

    Read to its end, it says of episodes that lack vectors that they wait; an index puts its new build in
    place only after that, so nothing is said to be embedded that is not.
    """

    def __init__(
        self, catalogue: Catalogue, transcripts: Transcripts, meaning: Meaning | None, progress: Progress
    ) -> None:
        self._catalogue, self._transcripts = catalogue, transcripts
        self._meaning, self._progress = meaning, progress
        self.embedded: list[str] = []
        self.digests: set[str] = set()
        self.passages = 0

    def __iter__(self) -> Iterator[tuple[str, Sequence[Passage]]]:
        episodes = [each for state in FINDABLE for each in self._catalogue.episodes(state=state)]
        self.embedded, self.digests, self.passages = [], set(), 0
        lacking: list[str] = []
        for number, episode in enumerate(episodes):
            self._progress(number / len(episodes), episode.title)
            passages = published_passages(episode.slug, self._catalogue, self._transcripts)
            if self._meaning is not None:
                passages = self._meaning.attach(passages)
                self.digests.update(digest_of(text) for p in passages for text in excerpts_of(p))
            self.passages += len(passages)
            (self.embedded if all_attached(passages) else lacking).append(episode.slug)
            yield episode.slug, passages
        if self._meaning is not None:
            self._meaning.store.incomplete(lacking)


def in_step(changes: Changes, catalogue: Catalogue, transcripts: Transcripts, index: SearchIndex) -> InStep:
    """Compare index and catalogue. Raises `Unavailable`."""
    counts = index.counts()
    published = {each.slug for state in FINDABLE for each in catalogue.episodes(state=state)}
    return InStep(
        current=index.current(),
        missing=tuple(
            sorted(
                slug
                for slug in published - counts.keys()
                if published_passages(slug, catalogue, transcripts)
            )
        ),
        extra=tuple(sorted(counts.keys() - published)),
        pending=tuple(sorted(episode for episode, _ in changes.pending(BATCH))),
        passages=sum(counts.values()),
    )
