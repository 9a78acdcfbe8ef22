"""Only what is shown is highlighted."""

from __future__ import annotations

from pathlib import Path

import pytest

from search.index import SearchIndex, SearchQuery
from search.query import highlights
from search.tantivy.index import TantivyIndex
from tests.fakes.index_embedding import EmbeddingIndex
from tests.fakes.index_memory import MemoryIndex
from tests.search.test_index_contract import filled


@pytest.fixture(params=["memory", "tantivy"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> SearchIndex:
    return filled(MemoryIndex() if request.param == "memory" else TantivyIndex(tmp_path / "index"))


def test_a_plain_hit_is_marked_later(index: SearchIndex) -> None:
    whole, plain = (index.search(SearchQuery("thai sản", plain=plain)) for plain in (False, True))
    assert all(hit.title_spans == hit.text_spans == () for hit in plain.hits)
    assert [plain.mark(hit) for hit in plain.hits] == list(whole.hits)
    assert any(hit.text_spans for hit in whole.hits)


def test_rare_words_say_more(index: SearchIndex) -> None:
    rarity = index.search(SearchQuery("sinh đôi người")).rarity
    assert rarity["doi"] > rarity["nguoi"] > 0


def test_as_many_texts_are_marked_as_hits_are_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = filled(EmbeddingIndex(TantivyIndex(tmp_path / "index")))
    texts: list[str] = []
    spans = highlights.spans
    monkeypatch.setattr(highlights, "spans", lambda text, *args: texts.append(text) or spans(text, *args))
    index.search(SearchQuery("người công ty bảo hiểm", limit=2))
    assert len(texts) <= 4, "a title and a text for each of two hits"
