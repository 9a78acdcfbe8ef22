from __future__ import annotations

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from media.archive.episodes import Topic
from web.domain.demand.port import AnswerPlayed, QuestionAsked
from web.domain.demand.topics import QUARTERS, Quarter, quarters, wanted
from web.domain.statistics.anonymise import PRIVATE
from web.domain.statistics.searches import Searched

TODAY = date(2026, 11, 22)
TOPICS = [
    Topic("tien-luong", "Tiền lương", "Wages", ("lương", "tăng ca", "otx")),
    Topic("thai-san", "Thai sản", "Maternity", ("nghỉ sinh",)),
]


def _asked(id: str, text: str, votes: int = 1, **values: object) -> QuestionAsked:
    own: dict[str, object] = {
        "episode": "a",
        "organisation": "",
        "topics": (),
        "open": True,
        "day": TODAY,
        **values,
    }
    return QuestionAsked(id, text, votes=votes, **own)  # type: ignore[arg-type]


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_quarters_follow_each_other(day: date) -> None:
    found = quarters(day)
    assert len(found) == QUARTERS == len(set(found))
    assert found[-1].first_day <= day
    assert all(later.before == earlier and earlier < later for earlier, later in pairwise(found))


def test_topics_are_ranked_by_votes_and_searches_that_found_nothing() -> None:
    rows = wanted(
        TOPICS,
        [
            _asked("1", "Nghỉ sinh được mấy tháng?", votes=3, organisation="cd"),
            _asked("2", "tang ca chu nhat tinh sao", votes=2),
            _asked("3", "Chuyện khác", votes=1, topics=("thai-san", "gone")),
            _asked("4", "Lương tháng 13?", votes=50, open=False, day=date(2026, 8, 1)),
            _asked("5", "Lương thử việc?", open=False, day=date(2025, 12, 31)),
            _asked("6", "Bao giờ có xe đưa đón?", votes=100),
            _asked("7", "otx chu nhat", day=date(2026, 7, 1)),
        ],
        [
            Searched("lương hưu", 9, 5, 0),
            Searched("thai sản", 4, 0, 3),
            Searched(PRIVATE, 100, 100, 0),
        ],
        [AnswerPlayed("a", "a:1", "Nghỉ sinh mấy tháng?", 1.0, ("thai-san",), 40)],
        TODAY,
    )
    assert [(row.topic, row.need, row.votes, row.found_nothing, row.plays) for row in rows] == [
        ("tien-luong", 8, 3, 5, 0),
        ("thai-san", 4, 4, 0, 40),
        ("", 100, 100, 0, 0),
    ]
    assert [each.id for each in rows[1].questions] == ["1", "3"]
    assert rows[0].asked == (0, 0, 2, 1)
    assert rows[1].organisations == (("", 1), ("cd", 1))
    assert quarters(TODAY)[0] == Quarter(2026, 1)


def test_other_orders() -> None:
    searches = [Searched("lương hưu", 9, 5, 0)]
    answers = [AnswerPlayed("a", "a:1", "Nghỉ sinh mấy tháng?", 1.0, (), 40)]
    rows = wanted(TOPICS, [], searches, answers, TODAY, "plays")
    assert [row.topic for row in rows] == ["thai-san", "tien-luong"]
    assert wanted(TOPICS, [], [], [], TODAY) == []
