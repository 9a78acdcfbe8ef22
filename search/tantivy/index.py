"""The search index on tantivy, in a folder; nothing to install or start.

Text is cut into words and folded here, not by tantivy, so that highlights agree with matches.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, replace
from datetime import date
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from tantivy import Document, Query, SchemaBuilder

from search.embedder import Vector
from search.index import FACETS, Facets, Hit, SearchQuery, SearchResults, check_paging
from search.passages.moments import said_again
from search.passages.passage import Passage, PassageKind
from search.query.highlights import marked
from search.query.understanding import understand, without_others
from search.synonyms.lexicon import Lexicon, seeded
from search.tantivy.builds import Build, Builds, translated
from search.tantivy.nearest import NearestVectors, VectorReader
from search.tantivy.scoring import TEXT, TITLE, Scoring
from search.tantivy.searching import MEANING, Known, Near, TantivySearch, names_at
from search.tantivy.two_stage import BEGINS, BOTH, KEY, PAIRS, first_step_terms
from search.tantivy.vectors import Appending, appending, named, note_count, number_in, tidied
from search.text.folding import fold, nfc, tokens
from search.text.sounds import sound

VERSION = 4
"""Of the schema and of what is written into it; raise it and every index is rebuilt."""

_KEPT = tuple(each.name for each in fields(Passage) if each.name != "vectors")
_SUGGESTION_POOL = 100
_EPISODES_LIMIT = 1_000_000


def _schema() -> Any:
    builder = SchemaBuilder()
    for name in (TITLE, TEXT):
        for form in ("exact", "folded"):
            builder.add_text_field(f"{name}_{form}", tokenizer_name="whitespace")
        builder.add_text_field(f"{name}_sound", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("episode", tokenizer_name="raw", index_option="basic", fast=True)
    for name in ("language", "again"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in FACETS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_float_field("merit", fast=True)
    builder.add_text_field(BOTH, tokenizer_name="whitespace", index_option="freq")
    for name in (PAIRS, BEGINS):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    for name in (KEY, MEANING):
        builder.add_unsigned_field(name, indexed=True, fast=True)
    builder.add_bytes_field("passage", stored=True)
    return builder.build()


class TantivyIndex:
    """`SearchIndex` in a folder. Safe to share between threads; any number of processes may read."""

    engine = "tantivy"

    def __init__(self, folder: Path, lexicon: Callable[[], Lexicon] = seeded) -> None:
        """Nothing is opened or created in `folder` before it is needed."""
        self._builds = Builds(folder, VERSION, _schema())
        self._lexicon = lexicon
        self._reading = VectorReader()

    def replace(self, episode: str, passages: Sequence[Passage]) -> None:
        """See `SearchIndex.replace`."""
        with self._builds.writer() as (writer, folder), appending(folder) as vectors:
            writer.delete_documents_by_term("episode", episode)
            _add(writer, passages, vectors)
            vectors.finish()
            writer.commit()
            self._tidy()

    def rebuild(self, episodes: Iterable[tuple[str, Sequence[Passage]]]) -> None:
        """See `SearchIndex.rebuild`."""
        with self._builds.replacing() as (writer, folder), appending(folder) as vectors:
            for _, passages in episodes:
                _add(writer, passages, vectors)
            vectors.finish()
            note_count(folder)
            writer.commit()

    def _tidy(self) -> None:
        """Forget vectors of the past, when there are too many."""
        build = self._builds.newest()
        if build is not None:
            tidied(build.folder, Near(build, None).named)

    def search(self, query: SearchQuery) -> SearchResults:
        """See `SearchIndex.search`."""
        check_paging(query)
        started = time.perf_counter()
        build = self._builds.newest() if _writable(query) else None
        found = SearchResults(0, (), self.engine, 0.0, _none(query), partial=True)
        if build is not None:
            found = self._find(build, query)
        return replace(found, seconds=time.perf_counter() - started)

    def nearest(self, query: SearchQuery) -> list[Hit]:
        """See `SearchIndex.nearest`."""
        check_paging(query)
        build = self._builds.newest() if _writable(query) else None
        if build is None or query.vector is None:
            return []
        with translated():
            meaning = self._meaning(build, query.vector)
            if meaning is None:
                return []
            near = Near(build, query)
            found = _nearest(near, meaning, query, query.vector)
            passages = [(closeness, _passage(near.searcher.doc(address))) for address, closeness in found]
        return [Hit(passage, closeness, closeness=closeness) for closeness, passage in passages]

    def _meaning(self, build: Build, vector: Vector) -> NearestVectors | None:
        if vector.ndim != 1 or not np.isfinite(vector).all():
            return None
        return self._reading.meaning(build.folder, build.commit, len(vector))

    def suggest(self, text: str, limit: int = 8) -> list[str]:
        """See `SearchIndex.suggest`."""
        build = self._builds.newest()
        if build is None or limit < 1:
            return []
        with translated():
            searcher = build.index.searcher()
            known = Known(build.schema, searcher)
            understanding = without_others(understand(text, self._lexicon(), typing=True, vocabulary=known))
            if not understanding.terms:
                return []
            asked = Scoring(build.schema, searcher).titles(understanding)
            found = searcher.search(asked, _SUGGESTION_POOL, weight_by_field="merit")
            titles = [_passage(searcher.doc(address)).title for _, address in found.hits]
        start = fold(understanding.text)
        titles.sort(key=lambda title: not fold(title).startswith(start))
        return list(dict.fromkeys(titles))[:limit]

    def counts(self) -> dict[str, int]:
        """See `SearchIndex.counts`."""
        build = self._builds.newest()
        if build is None:
            return {}
        with translated():
            terms = {"episodes": {"terms": {"field": "episode", "size": _EPISODES_LIMIT}}}
            found = build.index.searcher().aggregate(Query.all_query(), terms)
        return {bucket["key"]: bucket["doc_count"] for bucket in found["episodes"]["buckets"]}

    def current(self) -> bool:
        """See `SearchIndex.current`."""
        return self._builds.newest() is not None

    def _find(self, build: Build, query: SearchQuery) -> SearchResults:
        with translated():
            finding = TantivySearch(build, query, self._lexicon())
            found, known = finding.hits(), finding.known
            close = self._closeness(build, query.vector, finding.searcher, found.hits)
            passages = [_passage(finding.searcher.doc(address)) for _, address in found.hits]
            facets = finding.facets() if query.facets else {}
            rarity = finding.rarity()
        hits = tuple(
            Hit(passage, score, closeness=closeness)
            for (score, _), passage, closeness in zip(found.hits, passages, close, strict=True)
        )
        mark = partial(marked, understanding=finding.understanding, known=known)
        return SearchResults(
            found.count,
            hits if query.plain else tuple(map(mark, hits)),
            self.engine,
            0.0,
            facets,
            finding.partial,
            rarity=rarity,
            mark=mark,
        )

    def _closeness(
        self, build: Build, vector: Vector | None, searcher: Any, hits: Sequence[tuple[float, Any]]
    ) -> list[float | None]:
        """Of every hit."""
        meaning = None if vector is None else self._meaning(build, vector)
        if meaning is None or vector is None:
            return [None] * len(hits)
        numbers = [number_in(name, meaning.size) for name in names_at(searcher, [a for _, a in hits])]
        return [None if number is None else meaning.closeness(number, vector) for number in numbers]


def _nearest(
    near: Near, meaning: NearestVectors, query: SearchQuery, vector: Vector
) -> list[tuple[Any, float]]:
    """Addresses and closeness of a page; looks further until enough are found that pass the filters."""
    wanted = most = query.offset + query.limit
    while True:
        ranked = meaning.nearest(query, vector, most)
        passing = near.passing([named(meaning.size, number) for number, _ in ranked])
        places = ((passing.get(named(meaning.size, number)), closeness) for number, closeness in ranked)
        found = [(address, closeness) for address, closeness in places if address is not None]
        if len(found) >= wanted or len(ranked) < most:
            return found[query.offset : wanted]
        most *= 4


def _add(writer: Any, passages: Sequence[Passage], vectors: Appending) -> None:
    again = said_again(passages)
    for passage in passages:
        name = vectors.add(passage, again=passage.id in again)
        writer.add_document(_document(passage, name, again=passage.id in again))


def _document(passage: Passage, vectors: int | None, *, again: bool) -> Any:
    document = Document()
    parts = {TITLE: list(tokens(nfc(passage.title))), TEXT: list(tokens(nfc(passage.text)))}
    for name, found in parts.items():
        document.add_text(f"{name}_exact", " ".join(token.exact for token in found))
        document.add_text(f"{name}_folded", " ".join(token.folded for token in found))
        document.add_text(f"{name}_sound", " ".join(sound(token.folded) for token in found))
    for name, terms in first_step_terms(parts.values()).items():
        document.add_text(name, terms)
    document.add_unsigned(KEY, int.from_bytes(blake2b(passage.id.encode(), digest_size=8).digest()) >> 1)
    document.add_text("episode", passage.episode)
    document.add_text("kind", str(passage.kind))
    document.add_text("programme", passage.programme)
    document.add_text("year", str(passage.date.year))
    document.add_text("language", passage.language)
    document.add_text("again", "yes" if again else "no")
    for topic in passage.topics:
        document.add_text("topic", topic)
    for organisation in passage.organisations:
        document.add_text("organisation", organisation)
    document.add_float("merit", _weight(passage.merit))
    if vectors is not None:
        document.add_unsigned(MEANING, vectors)
    kept = {name: getattr(passage, name) for name in _KEPT}
    document.add_bytes("passage", json.dumps(kept, default=str).encode("ascii"))
    return document


def _weight(factor: float) -> float:
    """The value that makes tantivy multiply scores by `factor` · log2(3).

    `weight_by_field` multiplies by log2(2 + value) (seen in tantivy-py 0.27).
    """
    return float(2 ** (factor * math.log2(3)) - 2)


def _passage(document: Any) -> Passage:
    stored = json.loads(bytes(document.get_first("passage")))
    return Passage(
        **{
            **stored,
            "kind": PassageKind(stored["kind"]),
            "date": date.fromisoformat(stored["date"]),
            "topics": tuple(stored["topics"]),
            "answerers": tuple(stored["answerers"]),
            "organisations": tuple(stored["organisations"]),
        }
    )


def _none(query: SearchQuery) -> Facets:
    return {name: {} for name in FACETS} if query.facets else {}


def _writable(query: SearchQuery) -> bool:
    """Whether the filters can be in an index at all; a lone surrogate cannot."""
    values: Iterable[str | None] = (
        query.programme, query.topic, query.organisation, query.episode, query.language
    )  # fmt: skip
    return not any("\ud800" <= c <= "\udfff" for value in values for c in value or "")
