"""Figures as the studio's pages show them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from transcribe.segments import Segment, SegmentKind
from web.domain.statistics.figures import Figures, Retention, UsageCounts
from web.domain.statistics.views import AnswerPlays
from web.text.language import Language
from web.text.times import clock

WIDTH, HEIGHT = 1000, 200


@dataclass(frozen=True, slots=True)
class Curve:
    """The retention curve, drawn WIDTH × HEIGHT above the timeline: the path of its area, and spans of answers
    (x and width). `top`, `middle` are what the lines say, `clocks` times spread evenly below."""

    path: str
    spans: tuple[tuple[int, int], ...]
    top: str
    middle: str
    clocks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """An answer of an episode: when it comes, what is asked, its plays, and the share of views that saw it."""

    clock: str
    start: str
    question: str
    plays: int
    share: float


def step_name(day: date, language: Language, *, monthly: bool) -> str:
    """A day, or a month, in words."""
    return f"{day.month}/{day.year}" if monthly else language.date(day)


def chart(figures: Figures, language: Language) -> dict[str, object]:
    """What the chart's script reads: days as seconds since 1970 (midnight UTC), a list of numbers for each name."""
    days = [int(datetime.combine(day, time(), UTC).timestamp()) for day, _ in figures.steps]
    counts = [each for _, each in figures.steps]
    return {
        "days": days,
        "names": [step_name(day, language, monthly=figures.period.monthly) for day, _ in figures.steps],
        "language": language.code,
        "series": {
            "views": [each.views for each in counts],
            "minutes": [round(each.minutes, 1) for each in counts],
            "plays": [each.plays for each in counts],
            "searches": [each.searches for each in counts],
            "empty": [each.empty for each in counts],
        },
    }


def series_names(language: Language) -> dict[str, str]:
    """What is counted, as shown, in the order of the tables' columns."""
    return {
        "views": language.say("Lượt xem"),
        "minutes": language.say("Phút xem"),
        "plays": language.say("Câu trả lời đã phát"),
        "searches": language.say("Lượt tìm"),
        "empty": language.say("Tìm không ra"),
    }


def numbers(counts: UsageCounts, language: Language, names: Sequence[str]) -> list[str]:
    """The numbers of `names` in the language's own form."""
    values = {
        "views": counts.views,
        "minutes": round(counts.minutes),
        "plays": counts.plays,
        "searches": counts.searches,
        "empty": counts.empty,
    }
    return [language.number(values[name]) for name in names]


def percent(share: float, language: Language) -> str:
    """A share of views: “45 %”."""
    return f"{language.number(round(100 * share))}\u00a0%"


def draw_curve(found: Retention, segments: Sequence[Segment], language: Language) -> Curve | None:
    """The curve, to the scale of `web.views.timeline.draw`; None without views."""
    if not found.shares:
        return None
    top = max(1.0, -(-max(found.shares) * 2 // 1) / 2)  # up to the next half
    edges = [*(1.0 * start for start in found.starts), found.duration]
    points = [f"M0,{HEIGHT}"]
    for number, share in enumerate(found.shares):
        y = round(HEIGHT * (1 - share / top), 1)
        first, last = (round(WIDTH * edge / found.duration, 1) for edge in edges[number : number + 2])
        points += [f"L{first:g},{y:g}", f"L{last:g},{y:g}"]
    spans = tuple(
        (
            round(WIDTH * each.start / found.duration),
            max(2, round(WIDTH * (each.end - each.start) / found.duration)),
        )
        for each in segments
        if each.kind is SegmentKind.ANSWER
    )
    clocks = tuple(clock(found.duration * n / 4) for n in range(5))
    path = " ".join([*points, f"L{WIDTH},{HEIGHT}", "Z"])
    return Curve(path, spans, percent(top, language), percent(top / 2, language), clocks)


def answer_rows(
    found: Retention, segments: Sequence[Segment], plays: Sequence[AnswerPlays]
) -> list[AnswerRow]:
    """All answers of an episode, in their order."""
    counted = {each.segment: each.plays for each in plays}
    return [
        AnswerRow(
            clock(each.start),
            f"{each.start:g}",
            each.question or each.title,
            counted.get(each.id, 0),
            found.share(each.start, each.end),
        )
        for each in segments
        if each.kind is SegmentKind.ANSWER
    ]
