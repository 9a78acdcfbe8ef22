"""One list of what words and meaning find."""

from __future__ import annotations

from datetime import date

from search.hybrid.ranking import MEANING_MOST, NEAR, Ranked, ranked
from search.index import Hit, SearchResults
from search.passages.passage import Passage, PassageKind
from search.query.interpretation import Interpretation
from search.query.understanding import understand

ASKED = "trạm điện hư, nằm nhà chịu thiệt"
"""None of it is in what answers it."""
IDLE = (
    "Cúp điện phải nghỉ chờ việc thì có lương không?",
    "Ngừng việc do sự cố điện: lương theo thỏa thuận.",
)
OTHER = ("Nhà trọ bị dột thì kêu ai?", "Chủ nhà phải sửa, người thuê không phải đền.")


def hit(name: str, score: float, said: tuple[str, str], closeness: float | None = None) -> Hit:
    title, text = said
    found = Passage(name, name, PassageKind.ANSWER, title, text, 0, 9, "p", "", date(2026, 1, 1), "vi")
    return Hit(found, score, closeness=closeness)


def by(words: list[Hit], near: list[Hit], query: str = ASKED, trust: float = 1.0) -> Ranked:
    rarity = {word.folded: 3.0 for word in understand(query).words}
    found = SearchResults(len(words), tuple(words), "memory", 0.0, rarity=rarity)
    return ranked(found, near, understand(query), Interpretation(query, trust, query, False), query)


def test_where_words_say_little_what_speaks_of_the_same_is_first() -> None:
    found = by([hit("other", 9.0, OTHER), hit("idle", 4.0, IDLE)], [])
    assert [each.passage.id for each in found.hits] == ["idle", "other"]
    assert found.hits[0].shared > found.hits[1].shared


def test_it_is_found_by_meaning_too_though_not_near() -> None:
    found = by([hit("other", 9.0, OTHER)], [hit("idle", NEAR - 0.05, IDLE, NEAR - 0.05)])
    assert [each.passage.id for each in found.hits] == ["idle", "other"]
    assert [each.passage.id for each in found.extra] == ["idle"]
    assert by([hit("other", 9.0, OTHER)], [hit("far", NEAR - 0.05, OTHER)]).extra == []


def test_where_the_words_are_there_they_are_gone_by() -> None:
    query = "người thuê không phải đền"
    found = by([hit("other", 9.0, OTHER), hit("idle", 4.0, IDLE)], [hit("near", NEAR - 0.05, IDLE)], query)
    assert [each.passage.id for each in found.hits] == ["other", "idle"]
    assert found.extra == []


def test_meaning_brings_only_so_many() -> None:
    assert len(by([], [hit(f"{number}", 0.9, OTHER, 0.9) for number in range(50)]).extra) == MEANING_MOST


def test_an_article_is_looked_up_by_words() -> None:
    words = SearchResults(1, (hit("other", 9.0, OTHER),), "memory", 0.0)
    wanted = Interpretation("Điều 99", 1.0, "Điều 99", True)
    found = ranked(words, [hit("idle", 0.99, IDLE)], understand("Điều 99"), wanted, "Điều 99")
    assert found == Ranked([hit("other", 9.0, OTHER)], [])
