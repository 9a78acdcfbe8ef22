"""Words and meaning together, over the in-memory engine."""

from __future__ import annotations

from datetime import date

import pytest

from media.errors import Unavailable
from search.diacritics.restorer import Restored
from search.embedder import Vector
from search.hybrid.index import POOL, REST_SECONDS, HybridIndex
from search.hybrid.ranking import NEAR
from search.index import SearchIndex, SearchQuery
from search.passages.passage import Passage, PassageKind
from search.query.interpretation import meant
from search.synonyms.lexicon import LEXICON
from tests.fakes.embedder_syllables import SyllableEmbedder
from tests.fakes.index_embedding import EmbeddingIndex
from tests.fakes.index_memory import MemoryIndex


def passage(name: str, text: str) -> Passage:
    return Passage(name, name, PassageKind.ANSWER, "", text, 0.0, 9.0, "p", "", date(2026, 1, 1), "vi")


LEAVE = passage("a", "Lao động nữ được nghỉ thai sản sáu tháng.")
PAY = passage("b", "Lương tối thiểu vùng tăng từ tháng bảy.")


class Listed(SyllableEmbedder):
    """Every query is as near to `LEAVE` as `closeness`, and has nothing to do with `PAY`."""

    closeness = 0.95

    def query(self, text: str) -> Vector:
        leave, pay = self.excerpts([LEAVE.text, PAY.text])
        self.embedded[-2:] = [text]
        across = pay - (pay @ leave) * leave
        across /= (across @ across) ** 0.5
        vector: Vector = self.closeness * leave - (1 - self.closeness**2) ** 0.5 * across
        return vector


@pytest.fixture
def embedder() -> Listed:
    return Listed()


@pytest.fixture
def index(embedder: Listed) -> EmbeddingIndex:
    made = EmbeddingIndex(MemoryIndex(), embedder)
    made.rebuild([(p.episode, [p]) for p in (LEAVE, PAY)])
    embedder.embedded.clear()
    return made


def found(index: SearchIndex, text: str, **more: object) -> list[str]:
    return [hit.passage.id for hit in index.search(SearchQuery(text, **more)).hits]  # type: ignore[arg-type]


def test_meaning_finds_what_words_do_not(index: EmbeddingIndex) -> None:
    results = index.search(SearchQuery("ẵm bồng con thơ", facets=True))
    assert [hit.passage for hit in results.hits] == [LEAVE]
    assert results.total == 1
    assert results.facets["kind"] == {"answer": 1}
    assert results.hits[0].text_spans == ()


def test_what_is_not_near_is_not_found(index: EmbeddingIndex, embedder: Listed) -> None:
    embedder.closeness = NEAR - 0.01
    assert found(index, "xyzzy") == []


@pytest.mark.parametrize("text", ["khoản 9 Điều 3", "dieu 35 noi gi", "điều ba mươi lăm", " ?! "])
def test_look_ups_go_by_words(index: EmbeddingIndex, embedder: Listed, text: str) -> None:
    index.search(SearchQuery(text))
    assert embedder.embedded == []


def test_so_does_typing(index: EmbeddingIndex, embedder: Listed) -> None:
    assert found(index, "luong to", typing=True) == ["b"]
    assert embedder.embedded == []


def test_a_query_is_embedded_once(index: EmbeddingIndex, embedder: Listed) -> None:
    for kind in PassageKind:
        found(index, "nghỉ sinh", kinds=(kind,))
    assert embedder.embedded == ["nghỉ sinh"]


def test_without_an_embedder_words_decide() -> None:
    index = HybridIndex(MemoryIndex(), lambda: None)
    index.rebuild([(p.episode, [p]) for p in (LEAVE, PAY)])
    assert found(index, "lương tối thiểu") == ["b"]


def test_a_dead_embedder_costs_one_search_its_time() -> None:
    now = [0.0]
    asked: list[str] = []

    class Dead(SyllableEmbedder):
        def query(self, text: str) -> Vector:
            asked.append(text)
            raise Unavailable("The embedder is away; start it.")

    index = EmbeddingIndex(MemoryIndex(), Dead(), clock=lambda: now[0])
    index.rebuild([(p.episode, [p]) for p in (LEAVE, PAY)])
    assert found(index, "lương tối thiểu") == ["b"]
    assert found(index, "lương vùng") == ["b"]
    assert asked == ["lương tối thiểu"]
    now[0] = REST_SECONDS
    assert found(index, "lương vùng") == ["b"]
    assert asked == ["lương tối thiểu", "lương vùng"]


def test_pages_neither_repeat_nor_leave_out() -> None:
    many = [passage(f"{number:03}", f"lương {'vùng ' * (number % 7)}") for number in range(2 * POOL)]
    index = EmbeddingIndex(MemoryIndex())
    index.rebuild([(p.episode, [p]) for p in many])
    pages = [found(index, "lương vùng", offset=offset, limit=20) for offset in range(0, 3 * POOL, 20)]
    ids = [each for page in pages for each in page]
    assert len(ids) == len(set(ids)) == index.search(SearchQuery("lương vùng")).total
    assert found(index, "lương vùng", offset=10, limit=20) == ids[10:30]


class Spelling:
    """A restorer that knows one text."""

    def restored(self, text: str) -> Restored:
        return Restored("mẹ bầu nghỉ", 0.125) if text == "me bau nghi" else Restored(text, 1.0)


def test_diacritics_are_restored_first() -> None:
    asked = meant("me bau nghi", LEXICON, Spelling())
    assert asked is not None
    assert (asked.text, asked.trust) == ("mẹ bầu nghỉ", pytest.approx(0.5))


def test_without_a_restorer_a_query_without_diacritics_is_not_trusted() -> None:
    blind, seen = meant("me bau nghi", LEXICON, None), meant("mẹ bầu nghỉ", LEXICON, None)
    assert (blind and blind.trust, seen and seen.trust) == (0.0, 1.0)


def test_abbreviations_are_spelled_out() -> None:
    asked = meant("cty nợ BHXH", LEXICON, None)
    assert asked is not None
    assert asked.text == "công ty nợ bảo hiểm xã hội"


def test_a_hit_of_both_keeps_its_spans(index: EmbeddingIndex) -> None:
    (first, *_) = index.search(SearchQuery("thai sản")).hits
    assert first.passage == LEAVE
    assert first.text_spans != ()
    assert first.closeness == pytest.approx(0.95, abs=0.01)


def test_it_says_whether_something_fits(index: EmbeddingIndex, embedder: Listed) -> None:
    assert index.search(SearchQuery("nghỉ thai sản sáu tháng")).fits
    assert index.search(SearchQuery("nghỉ thai sản sáu tháng", offset=1, limit=1)).fits, (
        "on every page the same"
    )
    embedder.closeness = 0.8
    assert not index.search(SearchQuery("trợ cấp xăng xe tháng")).fits
    assert index.search(SearchQuery("thai s", typing=True)).fits, "not judged while typing"


def test_so_it_does_by_words_alone() -> None:
    words = HybridIndex(MemoryIndex(), lambda: None)
    words.rebuild([(p.episode, [p]) for p in (LEAVE, PAY)])
    assert words.search(SearchQuery("nghỉ thai sản sáu tháng")).fits
    assert not words.search(SearchQuery("trợ cấp xăng xe tháng")).fits
