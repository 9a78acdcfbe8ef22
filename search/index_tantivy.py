"""The search index on tantivy, in a folder; nothing to install or start.

Text is cut into words and folded here, not by tantivy, so that highlights agree with matches.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

from tantivy import Document, Query, SchemaBuilder

from search.builds_tantivy import Build, Builds, translated
from search.finding_tantivy import Finding, Known
from search.folding import fold, nfc, tokens
from search.highlights import spans
from search.index import FACETS, Facets, Hit, SearchQuery, SearchResults, check_paging
from search.lexicon import LEXICON, Lexicon
from search.moments import said_again
from search.passages import Passage, PassageKind
from search.query import Understanding, understand, without_others
from search.scoring_tantivy import TEXT, TITLE, Scoring

VERSION = 2
"""Of the schema and of what is written into it; raise it and every index is rebuilt."""

_MERITS = {PassageKind.ANSWER: 2.0, PassageKind.CHAPTER: 1.05, PassageKind.SPEECH: 1.0}
_SUGGESTION_POOL = 100
_EPISODES_LIMIT = 1_000_000


def _schema() -> Any:
    builder = SchemaBuilder()
    for name in (TITLE, TEXT):
        for form in ("exact", "folded"):
            builder.add_text_field(f"{name}_{form}", tokenizer_name="whitespace")
    builder.add_text_field("episode", tokenizer_name="raw", index_option="basic", fast=True)
    for name in ("language", "again"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in FACETS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_float_field("merit", fast=True)
    builder.add_bytes_field("passage", stored=True)
    return builder.build()


class TantivyIndex:
    """`SearchIndex` in a folder. Safe to share between threads; any number of processes may read."""

    engine = "tantivy"

    def __init__(self, folder: Path, lexicon: Lexicon = LEXICON) -> None:
        """Nothing is opened or created in `folder` before it is needed."""
        self._builds = Builds(folder, VERSION, _schema())
        self._lexicon = lexicon

    def replace(self, episode: str, passages: Sequence[Passage]) -> None:
        """See `SearchIndex.replace`."""
        with self._builds.writer() as writer:
            writer.delete_documents_by_term("episode", episode)
            _add(writer, passages)
            writer.commit()

    def rebuild(self, episodes: Sequence[tuple[str, Sequence[Passage]]]) -> None:
        """See `SearchIndex.rebuild`."""
        with self._builds.replacing() as writer:
            for _, passages in episodes:
                _add(writer, passages)
            writer.commit()

    def search(self, query: SearchQuery) -> SearchResults:
        """See `SearchIndex.search`."""
        check_paging(query)
        started = time.perf_counter()
        build = self._builds.newest() if _writable(query) else None
        found = SearchResults(0, (), self.engine, 0.0, _none(query), partial=True)
        if build is not None:
            found = self._find(build, query)
        return replace(found, seconds=time.perf_counter() - started)

    def suggest(self, text: str, limit: int = 8) -> list[str]:
        """See `SearchIndex.suggest`."""
        build = self._builds.newest()
        if build is None or limit < 1:
            return []
        with translated():
            searcher = build.index.searcher()
            known = Known(build.schema, searcher)
            understanding = without_others(understand(text, self._lexicon, typing=True, vocabulary=known))
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
            finding = Finding(build, query, self._lexicon)
            found, known = finding.hits(), finding.known
            passages = [(score, _passage(finding.searcher.doc(address))) for score, address in found.hits]
            facets = finding.facets() if query.facets else {}
        hits = tuple(_hit(score, passage, finding.understanding, known) for score, passage in passages)
        return SearchResults(found.count, hits, self.engine, 0.0, facets, finding.partial)


def _add(writer: Any, passages: Sequence[Passage]) -> None:
    again = said_again(passages)
    for passage in passages:
        writer.add_document(_document(passage, again=passage.id in again))


def _document(passage: Passage, *, again: bool) -> Any:
    document = Document()
    for name, text in ((TITLE, passage.title), (TEXT, passage.text)):
        found = list(tokens(nfc(text)))
        document.add_text(f"{name}_exact", " ".join(token.exact for token in found))
        document.add_text(f"{name}_folded", " ".join(token.folded for token in found))
    document.add_text("episode", passage.episode)
    document.add_text("kind", str(passage.kind))
    document.add_text("programme", passage.programme)
    document.add_text("year", str(passage.date.year))
    document.add_text("language", passage.language)
    document.add_text("again", "yes" if again else "no")
    for topic in passage.topics:
        document.add_text("topic", topic)
    document.add_float("merit", _weight(_MERITS[passage.kind]))
    document.add_bytes("passage", json.dumps(asdict(passage), default=str).encode("ascii"))
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
        }
    )


def _hit(score: float, passage: Passage, understanding: Understanding, known: frozenset[str]) -> Hit:
    title, text = (spans(part, understanding, known) for part in (passage.title, passage.text))
    return Hit(passage, score, title, text)


def _none(query: SearchQuery) -> Facets:
    return {name: {} for name in FACETS} if query.facets else {}


def _writable(query: SearchQuery) -> bool:
    """Whether the filters can be in an index at all; a lone surrogate cannot."""
    values: Iterable[str | None] = (query.programme, query.topic, query.episode, query.language)
    return not any("\ud800" <= c <= "\udfff" for value in values for c in value or "")
