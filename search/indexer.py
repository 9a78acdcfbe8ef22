"""Keeping the index in step with the catalogue."""

from __future__ import annotations

from dataclasses import dataclass

from media.catalogue import Catalogue
from media.episodes import EpisodeState
from media.errors import NotFound
from media.progress import Progress, silent
from search.building import passages_of
from search.changes import Changes
from search.index import SearchIndex
from search.passages import Passage
from transcribe.transcripts import Transcripts

BATCH = 100


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


def drain(changes: Changes, catalogue: Catalogue, transcripts: Transcripts, index: SearchIndex) -> int:
    """Index every pending change and settle it; return how many episodes were handled.

    An index that is missing, damaged or of another version is rebuilt first. Safe to repeat and to
    interrupt: what is not settled is done again. Raises `Unavailable` with the change still pending.
    """
    handled = 0
    pending = changes.pending(BATCH)
    if not index.current():
        reindex(catalogue, transcripts, index)
        for episode, number in pending:
            changes.settle(episode, number)
        handled, pending = len(pending), changes.pending(BATCH)
    while pending:
        for episode, number in pending:
            index.replace(episode, published_passages(episode, catalogue, transcripts))
            changes.settle(episode, number)
        handled += len(pending)
        pending = changes.pending(BATCH) if len(pending) == BATCH else []
    return handled


def published_passages(episode: str, catalogue: Catalogue, transcripts: Transcripts) -> list[Passage]:
    """The passages of an episode as the catalogue has it now; none unless it is published."""
    try:
        found = catalogue.episode(episode)
        if found.state is not EpisodeState.PUBLISHED:
            return []
        return passages_of(found, transcripts.transcript(episode), transcripts.segments(episode))
    except NotFound:
        return []  # removed since it was marked changed


def reindex(
    catalogue: Catalogue, transcripts: Transcripts, index: SearchIndex, progress: Progress = silent
) -> int:
    """Build the whole index anew and return the number of passages. Raises `Unavailable`."""
    published = catalogue.episodes(state=EpisodeState.PUBLISHED)
    episodes: list[tuple[str, list[Passage]]] = []
    for number, episode in enumerate(published):
        progress(number / len(published), episode.title)
        episodes.append((episode.slug, published_passages(episode.slug, catalogue, transcripts)))
    index.rebuild(episodes)
    progress(1.0, "")
    return sum(len(passages) for _, passages in episodes)


def in_step(changes: Changes, catalogue: Catalogue, transcripts: Transcripts, index: SearchIndex) -> InStep:
    """Compare index and catalogue. Raises `Unavailable`."""
    counts = index.counts()
    published = {episode.slug for episode in catalogue.episodes(state=EpisodeState.PUBLISHED)}
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
