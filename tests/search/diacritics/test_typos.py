from __future__ import annotations

from search.diacritics.restorer import Restored
from search.diacritics.typos import AS_SYLLABLE, BESIDE, TYPO, chance, near
from search.hybrid.index import HybridIndex
from search.index import SearchQuery, SearchResults
from search.query.interpretation import meant, with_known
from search.synonyms.lexicon import LEXICON
from tests.fakes.index_memory import MemoryIndex


def test_near_is_one_letter_away() -> None:
    found = set(near("dieuu"))
    assert {"dieu", "dieus", "dieju", "ieuu", "diueu"} <= found
    assert "deu" not in found
    assert list(near("hd")) == list(near("c19a")) == []


def test_a_wrong_letter_beside_a_wrong_mark_is_rarer() -> None:
    assert chance("sôqg", "soqg", "sông") == TYPO
    assert chance("sôqg", "soqg", "song") == BESIDE * TYPO
    assert chance("queo", "queo", "keo") == AS_SYLLABLE * TYPO


class Mending:
    """Takes every Hiun for hiền."""

    def restored(self, text: str) -> Restored:
        return Restored(text.replace("Hiun", "Hiền").replace("luong", "lương"), 0.9, self.sure)

    sure = 1.0


def test_what_the_archive_has_is_no_typo() -> None:
    assert with_known("luong Hiun", "lương Hiền", {"hiun"}.__contains__) == "lương Hiun"
    assert with_known("luong Hiun", "lương Hiền", lambda _: False) == "lương Hiền"


def test_words_are_looked_for_as_typed_when_unsure() -> None:
    restorer = Mending()
    assert meant("luong Hiun", LEXICON, restorer).words == "lương Hiền"
    restorer.sure = 0.2
    assert meant("luong Hiun", LEXICON, restorer).words == "luong Hiun"


def test_words_are_looked_for_as_restored() -> None:
    asked: list[str] = []

    class Listening(MemoryIndex):
        def search(self, query: SearchQuery) -> SearchResults:
            asked.append(query.text)
            return super().search(query)

    index = HybridIndex(Listening(), lambda: None, Mending())
    index.search(SearchQuery("luong"))
    index.search(SearchQuery("luong", typing=True))
    assert asked == ["lương", "luong"]
