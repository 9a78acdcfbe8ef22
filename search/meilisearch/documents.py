"""Passages as Meilisearch's documents, and back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np

from search.embedder import Vectors
from search.meilisearch.filters import coded
from search.meilisearch.settings import EXACT, ROOMS, SIZE, TEXT, TITLE, TITLED, WORDS
from search.passages.moments import said_again
from search.passages.passage import Passage, PassageKind
from search.query.ranking import joined
from search.text.folding import nfc, tokens

_PASSAGE = "passage"
RETRIEVED = ["id", TITLE, TEXT, "merit", _PASSAGE]
"""What a hit needs."""


def documents(passages: Sequence[Passage]) -> Iterator[dict[str, Any]]:
    """The documents of one episode's passages."""
    again = said_again(passages)
    return (_document(passage, again=passage.id in again) for passage in passages)


def gone(name: str) -> dict[str, Any]:
    """A document that nothing finds, in the place of one that is to be deleted."""
    return {"id": name, "_vectors": dict.fromkeys(map(embedder_of, ROOMS))}


def id_of(passage: Passage) -> str:
    """The name of its document: Meilisearch's take letters, digits, hyphens and underscores only."""
    return hashlib.sha256(passage.id.encode("utf-8", "surrogatepass")).hexdigest()[:40]


def room_of(size: int) -> int:
    """Numbers that are kept for vectors of that size; 0 when they are too long."""
    return next((room for room in ROOMS if room >= size), 0)


def embedder_of(size: int) -> str:
    """The name of the embedder for vectors of that size."""
    return f"e{room_of(size)}"


def padded(vectors: Vectors) -> Any:
    """Rows filled up with zeros to the length they are kept in, as plain lists."""
    size = vectors.shape[-1]
    return np.pad(vectors, ((0, 0), (0, room_of(size) - size))).tolist()


def size_of(passage: Passage) -> int | None:
    """The size of its vectors; None when it has none that can be kept."""
    vectors = passage.vectors
    if vectors is None or vectors.ndim != 2 or not vectors.size or not np.isfinite(vectors).all():
        return None
    size = int(vectors.shape[1])
    return size if room_of(size) else None


def _document(passage: Passage, *, again: bool) -> dict[str, Any]:
    titled, said = list(tokens(nfc(passage.title))), list(tokens(nfc(passage.text)))
    document: dict[str, Any] = {
        "id": id_of(passage),
        TITLE: joined(token.exact for token in titled),
        TEXT: joined(token.exact for token in said),
        WORDS: sorted({token.folded for token in (*titled, *said)}),
        EXACT: sorted({token.exact for token in (*titled, *said)}),
        TITLED: [b.folded for a, b in pairwise(titled) if a.folded == "dieu" and b.folded.isdigit()],
        "kind": str(passage.kind),
        "topic": [coded(topic) for topic in passage.topics],
        "programme": coded(passage.programme),
        "organisation": [coded(name) for name in dict.fromkeys(passage.organisations)],
        "year": str(passage.date.year),
        "language": coded(passage.language),
        "episode": coded(passage.episode),
        "again": "yes" if again else "no",
        "merit": passage.merit,
        _PASSAGE: json.dumps(asdict(replace(passage, vectors=None)), default=str),
    }
    size = size_of(passage)
    document["_vectors"] = dict.fromkeys(map(embedder_of, ROOMS))
    if size is not None and passage.vectors is not None:
        document[SIZE] = str(size)
        kept = {"embeddings": padded(passage.vectors), "regenerate": False}
        document["_vectors"][embedder_of(size)] = kept
    return document


def passage_of(document: dict[str, Any]) -> Passage:
    """The passage a document was made of, without its vectors."""
    kept = json.loads(document[_PASSAGE])
    return Passage(
        **{
            **kept,
            "kind": PassageKind(kept["kind"]),
            "date": date.fromisoformat(kept["date"]),
            "topics": tuple(kept["topics"]),
            "answerers": tuple(kept["answerers"]),
            "organisations": tuple(kept["organisations"]),
        }
    )
