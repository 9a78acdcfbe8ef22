"""Figures as tables for spreadsheets. Pure. Days are ISO 8601, minutes have one decimal, all else is whole."""

from __future__ import annotations

from collections.abc import Iterable

from web.domain.statistics.figures import Figures, Retention, UsageCounts
from web.text.csv_tables import sheet
from web.text.language import Language
from web.text.times import clock

TABLES = ("days", "episodes", "answers", "searches")
Row = tuple[str | int | float, ...]


def table(name: str, figures: Figures, language: Language) -> str:
    """One of TABLES as CSV."""
    say = language.say
    match name:
        case "days":
            header = [say("Ngày"), say("Lượt xem"), say("Phút xem"), say("Câu trả lời đã phát")]
            return sheet([*header, say("Lượt tìm"), say("Tìm không ra")], _days(figures))
        case "episodes":
            header = [
                say("Địa chỉ"),
                say("Buổi phát"),
                say("Ngày phát"),
                say("Lượt xem"),
                say("Phút xem"),
            ]
            return sheet([*header, say("Câu trả lời đã phát")], _episodes(figures))
        case "answers":
            header = [say("Địa chỉ"), say("Buổi phát"), say("Từ giây"), say("Câu hỏi")]
            return sheet([*header, say("Lượt phát")], _answers(figures))
        case _:
            header = [say("Tìm gì"), say("Lượt tìm"), say("Tìm không ra"), say("Lượt phát")]
            return sheet(header, _searches(figures))


def retention_table(found: Retention, language: Language) -> str:
    """The retention curve as CSV."""
    say = language.say
    rows = [
        (start, clock(start), round(100 * share))
        for start, share in zip(found.starts, found.shares, strict=True)
    ]
    return sheet([say("Từ giây"), say("Lúc"), say("% lượt xem")], rows)


def _days(figures: Figures) -> Iterable[Row]:
    for day, counts in figures.steps:
        yield day.isoformat(), *_watched(counts), counts.searches, counts.empty


def _episodes(figures: Figures) -> Iterable[Row]:
    for each in figures.episodes:
        yield each.episode.slug, each.episode.title, each.episode.date.isoformat(), *_watched(each.counts)


def _answers(figures: Figures) -> Iterable[Row]:
    for each in figures.answers:
        answer = each.answer
        yield each.episode.slug, each.episode.title, round(answer.start, 1), answer.question, answer.plays


def _searches(figures: Figures) -> Iterable[Row]:
    return ((each.text, each.count, each.empty, each.plays) for each in figures.searches["most"])


def _watched(counts: UsageCounts) -> Row:
    return counts.views, round(counts.minutes, 1), counts.plays
