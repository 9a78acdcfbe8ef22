"""The API's description: figures. Pure."""

from __future__ import annotations

from web.domain.accounts.permissions import Action
from web.domain.statistics.period import CHOICES
from web.openapi.vocabulary import (
    DAY,
    NUMBER,
    SECONDS,
    TEXT,
    WHOLE,
    Operation,
    Schema,
    asked,
    list_of,
    one_of,
    path,
    placed,
    record,
    ref,
    said,
)

_SEE = Action.SEE_FIGURES
_PERIOD = [
    asked("days", one_of(*(str(each) for each in CHOICES)), "the last days up to today"),
    asked("since", DAY),
    asked("until", DAY),
]
_WATCHED = {"views": WHOLE, "seconds": said(NUMBER, "watched"), "plays": said(WHOLE, "of answers")}
_COUNTS = {**_WATCHED, "searches": WHOLE, "found_nothing": WHOLE}
_FIGURES = {
    "since": DAY,
    "until": DAY,
    "step": one_of("day", "month"),
    "time_zone": TEXT,
    "total": record(**_COUNTS),
    "steps": list_of(record(day=DAY, **_COUNTS)),
    "answers": list_of(
        record(episode=TEXT, segment=TEXT, question=TEXT, start=SECONDS, end=SECONDS, plays=WHOLE)
    ),
}
_EPISODES = list_of(record(episode=TEXT, title=TEXT, **_WATCHED))
_SEARCHED = list_of(record(text=TEXT, searches=WHOLE, found_nothing=WHOLE, plays=WHOLE))

PATHS: Schema = {
    "/api/v1/figures": path(
        "figures",
        get=Operation(
            "figures",
            "What was watched, played and searched in a period",
            ref("Figures"),
            _SEE,
            [*_PERIOD, asked("programme", TEXT)],
            reads=True,
            problems=(400, 404),
        ),
    ),
    "/api/v1/figures/{slug}": path(
        "figures",
        [placed("slug")],
        get=Operation(
            "episodeFigures",
            "An episode's, with which seconds of it are watched",
            ref("EpisodeFigures"),
            _SEE,
            _PERIOD,
            reads=True,
            problems=(400,),
        ),
    ),
}

SCHEMAS: Schema = {
    "Figures": record(
        **_FIGURES,
        episodes=_EPISODES,
        searches={"type": "object", "additionalProperties": _SEARCHED},
    ),
    "EpisodeFigures": record(
        **_FIGURES,
        retention=record(
            views=WHOLE,
            duration=SECONDS,
            bucket_seconds=WHOLE,
            shares=list_of(NUMBER, "plays of each span for each view: 1 is by everybody"),
        ),
    ),
}
