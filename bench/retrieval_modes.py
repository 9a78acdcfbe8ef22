"""Ways to search that `bench.retrieval` compares: by words, by meaning, and by both."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np

from search.diacritics.restorer import Restorer
from search.embedder import Embedder, Vector
from search.embedding.excerpts import excerpts_of
from search.embedding.vector_store import digest_of
from search.hybrid.index import HybridIndex
from search.index import SearchIndex, SearchQuery, SearchResults
from search.passages.passage import Passage
from search.text.folding import nfc

MODES = ("lexical", "meaning", "hybrid")


class Searching(Protocol):
    """What is measured."""

    def search(self, query: SearchQuery) -> SearchResults:
        """See `SearchIndex.search`."""
        ...


@dataclass(frozen=True, slots=True)
class ByMeaning:
    """By meaning alone, diacritics restored."""

    index: SearchIndex
    embedder: Embedder
    restorer: Restorer

    def search(self, query: SearchQuery) -> SearchResults:
        """See `SearchIndex.search`."""
        vector = self.embedder.query(self.restorer.restored(nfc(query.text)).text)
        hits = tuple(self.index.nearest(replace(query, vector=vector)))
        return SearchResults(len(hits), hits, self.index.engine, 0.0)


def searching(mode: str, index: SearchIndex, embedder: Embedder, restorer: Restorer) -> Searching:
    """The way of a mode; queries are embedded anew for each."""
    match mode:
        case "meaning":
            return ByMeaning(index, embedder, restorer)
        case "hybrid":
            return HybridIndex(index, lambda: embedder, restorer)
        case _:
            return index


def embedded(passages: Sequence[Passage], embedder: Embedder | None) -> list[Passage]:
    """The passages with their vectors, if any; those made before are read from a file."""
    if embedder is None:
        return list(passages)
    kept = Path(tempfile.gettempdir()) / f"tualai-bench-{embedder.name.replace('/', '-')}.npz"
    known: dict[str, Vector] = dict(np.load(kept)) if kept.exists() else {}
    wanted = {digest_of(text): text for p in passages for text in excerpts_of(p)}
    missing = [key for key in wanted if key not in known]
    for at in range(0, len(missing), 16):
        keys = missing[at : at + 16]
        known |= dict(zip(keys, embedder.excerpts([wanted[key] for key in keys]), strict=True))
    if missing:
        np.savez(kept, **known)  # type: ignore[arg-type]  # its stub takes them for another argument
    return [replace(p, vectors=np.stack([known[digest_of(t)] for t in excerpts_of(p)])) for p in passages]
