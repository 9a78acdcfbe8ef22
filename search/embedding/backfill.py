"""Meaning: which passages lack vectors, attaching those that are known, embedding the others in the background.

Nothing here touches the index. What is embedded is kept in the store; when all of an episode is there, the
episode is marked changed, and indexing it as ever takes the vectors along. So there is one way into the
index, and no passage that an editor has changed meanwhile can get there by another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from media.errors import Unavailable
from search.embedder import Embedder
from search.embedding.excerpts import excerpts_of
from search.embedding.vector_store import VectorStore, digest_of
from search.passages.changes import Changes
from search.passages.passage import Passage

BATCH_CHARACTERS = 2_400
"""At most so many in a batch, or one text: under a second on one slow core."""
BATCH_TEXTS = 16
HELD_SECONDS = 60.0
"""A worker that has not stored a batch for so long is dead; another takes over its episode."""
INDEXING_SECONDS = 30.0
"""Time for an episode whose vectors are all there to be indexed, before it is looked at again."""
PUT_ASIDE_SECONDS = 3600.0
"""An episode on which the program itself failed must not keep the others waiting."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """An embedder and the vectors that are known."""

    embedder: Embedder
    store: VectorStore

    def attach(self, passages: Sequence[Passage]) -> list[Passage]:
        """The passages with their vectors, where those of all excerpts are known. Raises `Unavailable`."""
        keys = [[digest_of(text) for text in excerpts_of(passage)] for passage in passages]
        known = self.store.known(self.embedder.name, {key for each in keys for key in each})
        return [
            replace(passage, vectors=np.stack([known[key] for key in each]))
            if each and known.keys() >= set(each)
            else passage
            for passage, each in zip(passages, keys, strict=True)
        ]

    def missing(self, passages: Sequence[Passage]) -> list[str]:
        """Texts whose vectors are not known, each once, in the passages' order. Raises `Unavailable`."""
        return self.unknown([text for passage in passages for text in excerpts_of(passage)])

    def unknown(self, texts: Sequence[str]) -> list[str]:
        """Those of the texts whose vectors are not known, each once. Raises `Unavailable`."""
        wanted = {digest_of(text): text for text in texts}
        known = self.store.known(self.embedder.name, wanted)
        return [text for key, text in wanted.items() if key not in known]

    def embed(self, texts: Sequence[str]) -> None:
        """Embed and keep. Raises `Unavailable`."""
        vectors = self.embedder.excerpts(texts)
        self.store.put(
            self.embedder.name, {digest_of(t): vector for t, vector in zip(texts, vectors, strict=True)}
        )


def all_attached(passages: Sequence[Passage]) -> bool:
    """Whether no passage lacks its vectors."""
    return all(passage.vectors is not None for passage in passages)


def batches(texts: Sequence[str]) -> Iterator[list[str]]:
    """The texts in their order, in parts small enough that a worker can stop after any."""
    batch: list[str] = []
    characters = 0
    for text in texts:
        if batch and (characters + len(text) > BATCH_CHARACTERS or len(batch) == BATCH_TEXTS):
            yield batch
            batch, characters = [], 0
        batch.append(text)
        characters += len(text)
    if batch:
        yield batch


def embed_next(
    meaning: Meaning,
    changes: Changes,
    published: Callable[[str], Sequence[Passage]],
    stopped: Callable[[], bool] = lambda: False,
) -> str | None:
    """Embed what the newest waiting episode lacks, have it indexed again and return it; None when none waits.

    `published` gives the passages of an episode as they are now. Safe to interrupt and to run in several processes: each takes an episode of its own. Raises
    `Unavailable` with everything kept that was embedded; the episode is free again after a minute.
    """
    episode = meaning.store.take(meaning.embedder.name, HELD_SECONDS)
    if episode is None:
        return None
    held_afterwards = PUT_ASIDE_SECONDS
    try:
        texts = meaning.missing(published(episode))
        for batch in batches(texts):
            if stopped():
                held_afterwards = 0.0
                return episode
            meaning.embed(meaning.unknown(batch))
            meaning.store.hold(episode, HELD_SECONDS)
        changes.again(episode)
        held_afterwards = INDEXING_SECONDS
    except Unavailable:
        held_afterwards = HELD_SECONDS
        raise
    finally:
        meaning.store.hold(episode, held_afterwards)
    return episode
