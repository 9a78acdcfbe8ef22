"""The next programme's topics as tables: for the page, for spreadsheets and for paper. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from web.domain.demand.topics import Quarter, TopicDemand
from web.domain.statistics.period import Period
from web.text.csv_tables import sheet
from web.text.language import Language

TABLES = ("topics", "questions", "searches")


@dataclass(frozen=True, slots=True)
class DemandBoard:
    """What is shown: the rows in their order, with the names of topics and organisations by slug."""

    rows: Sequence[TopicDemand]
    quarters: Sequence[Quarter]
    period: Period
    topics: Mapping[str, str]
    organisations: Mapping[str, str]
    organisation: str = ""

    def topic(self, slug: str, language: Language) -> str:
        """A topic's name."""
        return self.topics.get(slug, slug) if slug else language.say("Chưa có chủ đề")

    def made_by(self, slug: str, language: Language) -> str:
        """An organisation's name."""
        return self.organisations.get(slug, slug) if slug else language.say("Hỏi chung, không theo đơn vị")


def quarter_name(quarter: Quarter, language: Language) -> str:
    """A quarter in words."""
    return language.say("Quý %(number)s/%(year)s", number=quarter.number, year=quarter.year)


def column_names(language: Language) -> dict[str, str]:
    """The numbers of a topic, as shown, in the order of the columns."""
    say = language.say
    return {
        "need": say("Lượt cần"),
        "questions": say("Câu hỏi chưa trả lời"),
        "votes": say("Phiếu của các câu đó"),
        "searches": say("Lượt tìm không ra"),
        "plays": say("Lượt nghe câu trả lời đã có"),
    }


def how_counted(language: Language) -> list[str]:
    """What the numbers mean, a sentence each."""
    say = language.say
    return [
        say("Lượt cần = phiếu của các câu chưa trả lời + lượt tìm không ra. Không có điểm nào khác."),
        say("Người gửi câu hỏi tính một phiếu; câu đã gộp tính vào câu đứng tên."),
        say(
            "Câu hỏi chưa trả lời tính đến hôm nay, dù gửi từ bao giờ; lượt tìm và lượt nghe tính trong những ngày đã chọn."
        ),
        say("Câu thuộc hai chủ đề tính ở cả hai. Câu chưa gắn chủ đề do máy đoán theo tên chủ đề."),
        say(
            "Đơn vị là đơn vị làm chương trình nhận câu hỏi; nơi làm việc của người hỏi không dùng để đếm."
        ),
    ]


def table(name: str, board: DemandBoard, language: Language) -> str:
    """One of TABLES as CSV."""
    makers: dict[str, Callable[[DemandBoard, Language], str]] = {
        "topics": _topics,
        "questions": _questions,
        "searches": _searches,
    }
    return makers[name](board, language)


def _topics(board: DemandBoard, language: Language) -> str:
    made = list(dict.fromkeys(slug for row in board.rows for slug, _ in row.organisations))
    header = [language.say("Chủ đề"), *column_names(language).values()]
    header += [
        language.say("Hỏi trong %(quarter)s", quarter=quarter_name(q, language)) for q in board.quarters
    ]
    header += [board.made_by(slug, language) for slug in made]
    rows: list[tuple[str | int, ...]] = [
        (
            board.topic(row.topic, language),
            *(row.number(name) for name in column_names(language)),
            *row.asked,
            *(dict(row.organisations).get(slug, 0) for slug in made),
        )
        for row in board.rows
    ]
    return sheet(header, rows)


def _questions(board: DemandBoard, language: Language) -> str:
    header = [language.say("Chủ đề"), language.say("Câu hỏi"), language.say("Phiếu")]
    header += [language.say("Ngày gửi"), language.say("Đơn vị")]
    rows = [
        (
            board.topic(row.topic, language),
            each.text,
            each.votes,
            each.day.isoformat(),
            board.made_by(each.organisation, language),
        )
        for row in board.rows
        for each in row.questions
    ]
    return sheet(header, rows)


def _searches(board: DemandBoard, language: Language) -> str:
    header = [language.say("Chủ đề"), language.say("Tìm gì"), language.say("Lượt tìm không ra")]
    rows = [
        (board.topic(row.topic, language), each.text, each.empty)
        for row in board.rows
        for each in row.searches
    ]
    return sheet(header, rows)
