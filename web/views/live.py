"""What the live page's template is given. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from media.live.broadcast import AUDIO, Broadcast, OnAir, Origin
from web.domain.programme.embeds import Embed, elsewhere
from web.domain.questions.questions import PublicQuestion, QuestionState
from web.rendering.links import Link
from web.text.language import Language

SHOWN_QUESTIONS = 100
"""More than this many are not on the page, to keep it light."""
STATES = {
    OnAir.WAITING: "waiting",
    OnAir.RECEIVING: "on_air",
    OnAir.INTERRUPTED: "interrupted",
    OnAir.ENDED: "ended",
}
"""How the public's events and pages name where a broadcast stands."""


@dataclass(frozen=True, slots=True)
class Starting:
    """When a broadcast begins: in words, and for `<time datetime>`. "" where only the day is known."""

    day: str
    clock: str
    iso: str


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question in the list. `asker` is who asked and where they work, as they chose, "" for neither;
    `votes` in words, `answer` the address of the answer."""

    id: str
    text: str
    asker: str
    votes: int
    said_votes: str
    voted: bool
    state: str
    answer: str


@dataclass(frozen=True, slots=True)
class LiveView:
    """A broadcast, on its page and on the home page. `state` is one of STATES' values; `video` and `sound` are
    playlists ("" where there is nothing to play yet), `elsewhere` the other site where it is seen."""

    slug: str
    title: str
    url: str
    language: str
    programme: Link
    state: str
    starting: Starting
    video: str = ""
    sound: str = ""
    elsewhere: Embed | None = None


def starting(broadcast: Broadcast | None, day: datetime, zone: ZoneInfo, language: Language) -> Starting:
    """When `broadcast` was announced to begin, else the episode's day (midnight in `zone`)."""
    told = broadcast.starts_at if broadcast else None
    if told is None:
        return Starting(language.date(day.date()), "", day.date().isoformat())
    local = told.replace(tzinfo=UTC).astimezone(zone)
    return Starting(language.date(local.date()), f"{local:%H:%M}", local.isoformat(timespec="minutes"))


def places(broadcast: Broadcast) -> tuple[str, str, Embed | None]:
    """The playlists with picture and of sound only, or the other site."""
    if broadcast.origin is Origin.ELSEWHERE:
        return "", "", elsewhere(broadcast.elsewhere_url)
    return f"/live/{broadcast.episode}/master.m3u8", f"/live/{broadcast.episode}/{AUDIO}/index.m3u8", None


def question_view(question: PublicQuestion, voted: bool, language: Language) -> QuestionView:
    """A question as it is shown."""
    return QuestionView(
        id=question.id,
        text=question.shown,
        asker=", ".join(filter(None, (question.name, question.workplace))),
        votes=question.votes,
        said_votes=language.say("Có %(num)s người hỏi", num=language.number(question.votes)),
        voted=voted,
        state=question.state.value,
        answer=question.answer,
    )


def listed(
    questions: Sequence[PublicQuestion], voted: Collection[str], language: Language
) -> list[QuestionView]:
    """Questions in the order of the list: open ones by votes, then those answered."""
    ordered = sorted(
        questions, key=lambda each: (each.state is QuestionState.ANSWERED, -each.votes, each.id)
    )
    return [question_view(each, each.id in voted, language) for each in ordered]
