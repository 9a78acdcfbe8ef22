"""What the moderators' desk shows. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from web.domain.moderation.board import in_order
from web.domain.moderation.marks import asker_of
from web.domain.questions.questions import Question, QuestionState
from web.text.language import Language

INCOMING, ON_AIR, REFUSED = QuestionState.INCOMING, QuestionState.ON_AIR, QuestionState.REFUSED
COLUMNS = (
    INCOMING,
    QuestionState.SHORTLISTED,
    ON_AIR,
    QuestionState.ANSWERED,
    QuestionState.LATER,
    REFUSED,
)
SHOWN_LIMIT = 300
"""Cards that a column has at first; the others are found by writing in the filter."""
NEWEST, VOTES = "newest", "votes"


@dataclass(frozen=True, slots=True)
class MergedView:
    """A question that another one stands for: its text as typed."""

    id: str
    original: str
    asker: str


@dataclass(frozen=True, slots=True)
class CardView:
    """A question at the desk. `order` sorts it within its column: numbers, smaller first. `original` is "" where
    it reads as what is shown. `since` is when its answer began (UTC, ISO 8601), "" while it does not run."""

    id: str
    state: str
    version: int
    held: bool
    shown: str
    original: str
    asker: str
    guest: str
    votes: str
    time: str
    source: str
    topics: tuple[str, ...]
    merged: int
    order: str
    since: str
    on_air: bool


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A column: `key` is the state, `number` the key that puts a card there (0: none), `more` cards not shown."""

    key: str
    name: str
    number: int
    cards: tuple[CardView, ...]
    count: int
    more: int


def column_names(language: Language) -> dict[str, str]:
    """What the columns are called."""
    say = language.say
    return {
        "incoming": say("Mới gửi"),
        "shortlisted": say("Đã chọn"),
        "on_air": say("Đang trả lời"),
        "answered": say("Đã trả lời"),
        "later": say("Để sau"),
        "refused": say("Không nhận"),
    }


def present_columns(
    questions: Sequence[Question],
    language: Language,
    zone: ZoneInfo,
    since: Mapping[str, datetime],
    sort: str = VOTES,
) -> list[ColumnView]:
    """The columns with their cards in order; those on air only where questions can be (`since`: when it began)."""
    cards = present_cards(questions, language, zone, since, sort)
    names, made = column_names(language), []
    for number, state in enumerate(COLUMNS, 1):
        column = [card for card in cards if card.state == state]
        shown = column[:SHOWN_LIMIT]
        key = number if state is not REFUSED else 0
        made.append(
            ColumnView(state, names[state], key, tuple(shown), len(column), len(column) - len(shown))
        )
    return made


def present_cards(
    questions: Sequence[Question],
    language: Language,
    zone: ZoneInfo,
    since: Mapping[str, datetime],
    sort: str = VOTES,
) -> list[CardView]:
    """The cards of those that stand for themselves, in the order of their columns."""
    under: dict[str, list[Question]] = {}
    for each in questions:
        if each.merged_into is not None:
            under.setdefault(each.merged_into, []).append(each)
    standing = [each for each in questions if each.merged_into is None]
    ordered = sorted(standing, key=lambda each: (order_of(each, sort), in_order(each)))
    return [_card(each, under.get(each.id, ()), language, zone, since, sort) for each in ordered]


def present_merged(questions: Iterable[Question]) -> list[MergedView]:
    """Those among `questions` that are merged into another."""
    return [
        MergedView(each.id, each.original, asker_of(each))
        for each in questions
        if each.merged_into is not None
    ]


def order_of(question: Question, sort: str = VOTES) -> tuple[float, ...]:
    """Its place in its column: the shortlist as it was laid, answers the newest first, the others by votes (or
    the newest first), those that wait to be looked at on top."""
    created = question.created_at.timestamp() if question.created_at else 0.0
    match question.state:
        case QuestionState.SHORTLISTED:
            return (question.position,)
        case QuestionState.ANSWERED:
            return (-question.answered_at.timestamp() if question.answered_at else 0.0,)
        case QuestionState.INCOMING if sort == NEWEST:
            return (0.0 if question.held else 1.0, -created)
    return (0.0 if question.held else 1.0, float(-question.votes), -created)


def guest_names(guests: Iterable[str], questions: Iterable[Question]) -> list[str]:
    """Who can be given a question: the episode's guests, and whom others were given to."""
    return list(dict.fromkeys([*guests, *(each.guest for each in questions if each.guest)]))


def utc_text(moment: datetime | None) -> str:
    """A moment without a zone, which is UTC, as scripts read it; "" for none."""
    return f"{moment.isoformat(timespec='milliseconds')}Z" if moment else ""


def _card(
    question: Question,
    merged: Sequence[Question],
    language: Language,
    zone: ZoneInfo,
    since: Mapping[str, datetime],
    sort: str,
) -> CardView:
    same = " ".join(question.original.split()) == question.shown
    return CardView(
        id=question.id,
        state=question.state,
        version=question.version,
        held=question.held,
        shown=question.shown,
        original="" if same else question.original,
        asker=asker_of(question),
        guest=question.guest,
        votes=language.many("%(num)s người hỏi", question.votes),
        time=_clock(question.created_at, zone),
        source="" if question.source == "web" else question.source.capitalize(),
        topics=question.topics,
        merged=len(merged),
        order=",".join(f"{number:.6f}" for number in order_of(question, sort)),
        since=utc_text(since.get(question.id)),
        on_air=question.state is ON_AIR,
    )


def _clock(moment: datetime | None, zone: ZoneInfo) -> str:
    """The time of day, with the day when it is another one."""
    if moment is None:
        return ""
    local, today = moment.replace(tzinfo=UTC).astimezone(zone), datetime.now(zone).date()
    return local.strftime("%H:%M") if local.date() == today else local.strftime("%-d/%-m %H:%M")
