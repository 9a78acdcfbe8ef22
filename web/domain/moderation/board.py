"""What moderators decide on their board, worked out purely: columns, places in them, merging, taking back.

A vote's pseudonym is made for one question (`Sealing.pseudonym("vote", question, …)`), so that what one device
votes for cannot be linked, and the voters of two questions cannot be compared. After a merge a device that had
voted for both of them therefore still counts twice, as it did before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from media.errors import Conflict, InvalidInput
from transcribe.editing.segments import plain_text
from web.domain.questions.questions import (
    NAME_LENGTH,
    TEXT_LENGTH,
    Question,
    QuestionChanged,
    QuestionState,
)

QUEUE_LENGTH = 3
TOPICS_LIMIT = 8
NARROW = 1e-3
"""Places nearer than this are given anew, before numbers run out between them."""


@dataclass(frozen=True, slots=True)
class BoardPosition:
    """Where a question goes in its column, and the places that others get to make room."""

    position: float
    others: dict[str, float] = field(default_factory=dict)


def in_order(question: Question) -> tuple[float, float, str]:
    """The order of a column: by position; of equal ones the older first."""
    created = question.created_at.timestamp() if question.created_at else 0.0
    return question.position, created, question.id


def placed(column: Sequence[tuple[str, float]], above: str | None) -> BoardPosition:
    """Find a place just above the question `above`, at the end when that is None or not in the column.

    Args:
        column: ids and positions of the others in the column, in order.
        above: the id of the one to stand above.
    """
    at = next((n for n, (key, _) in enumerate(column) if key == above), len(column))
    before = column[at - 1][1] if at else None
    after = column[at][1] if at < len(column) else None
    if after is None:
        return BoardPosition(1.0 if before is None else before + 1.0)
    if before is None:
        return BoardPosition(after - 1.0)
    if after - before > NARROW:
        return BoardPosition((before + after) / 2)
    places = [(key, old, float(n + (n >= at))) for n, (key, old) in enumerate(column)]
    return BoardPosition(float(at), {key: new for key, old, new in places if new != old})


def check_seen(question: Question, seen: int | None) -> None:
    """Raise `QuestionChanged` when it is not as the moderator saw it (None: however it is)."""
    if seen is not None and question.version != seen:
        raise QuestionChanged(question)


def check_standing(question: Question) -> None:
    """Raise `Conflict` for one that another stands for."""
    if question.merged_into is not None:
        raise Conflict("This question was merged into another one; take it out again first.")


def check_airable(question: Question) -> None:
    """Raise unless it can be answered on air now."""
    check_standing(question)
    if question.episode is None:
        raise Conflict("This question belongs to no programme; answer it in writing, or move it to one.")


def moved(question: Question, state: QuestionState, position: float, at: datetime) -> Question:
    """Put into a column; moving releases a held question. Raises `Conflict` for a merged one."""
    check_standing(question)
    answered = state is QuestionState.ANSWERED
    return replace(
        question,
        state=state,
        held=False,
        position=position,
        answered_at=(question.answered_at or at) if answered else None,
    )


def held_back(question: Question) -> Question:
    """Kept from everybody but moderators. Raises `Conflict` for one on air or merged."""
    check_standing(question)
    if question.state is QuestionState.ON_AIR:
        raise Conflict("This question is being answered just now; end that first.")
    return replace(question, held=True)


def edited(question: Question, shown: str, topics: Iterable[str], guest: str) -> Question:
    """With another text to be shown, other topics and who shall answer. Raises `InvalidInput`."""
    text = plain_text(shown, TEXT_LENGTH)
    if not text:
        raise InvalidInput("Write what is to be shown; refuse the question if nothing is.")
    chosen = tuple(dict.fromkeys(topics))
    if len(chosen) > TOPICS_LIMIT:
        raise InvalidInput("At most %(most)s topics go with a question.", most=TOPICS_LIMIT)
    return replace(question, shown=text, topics=chosen, guest=plain_text(guest, NAME_LENGTH))


def merged(questions: Sequence[Question], into: Question) -> list[Question]:
    """All that changes when `into` stands for `questions`; itself last, nothing when all is so already.

    `questions` must hold those merged into one of them before, too: `merged_into` is never a chain. Votes are
    counted by the store, over the voters of all of them together.

    Raises:
        Conflict: `into` is merged or refused itself, or one of them is on air, or of another episode.
    """
    check_standing(into)
    if into.state is QuestionState.REFUSED:
        raise Conflict("The question that shall stand for the others is refused; take it back first.")
    standing = {each.id for each in questions if each.merged_into is None}
    changed = []
    for each in questions:
        if into.id in (each.id, each.merged_into):
            continue
        if each.episode != into.episode:
            raise Conflict("Only questions to the same programme can be merged.")
        if each.state is QuestionState.ON_AIR:
            raise Conflict("This question is being answered just now; merge the other one into it.")
        if each.merged_into is not None and each.merged_into not in standing:
            raise Conflict("This question was merged into another one; take it out again first.")
        changed.append(replace(each, merged_into=into.id))
    held = into.held and all(each.held for each in changed)
    return [*changed, replace(into, held=held)] if changed else []


def unmerged(question: Question) -> Question:
    """Standing for itself again. Raises `Conflict` when it was not merged."""
    if question.merged_into is None:
        raise Conflict("This question is not merged into another one.")
    return replace(question, merged_into=None)


def queue(questions: Iterable[Question], length: int = QUEUE_LENGTH) -> list[Question]:
    """What comes next on air: the first of the shortlisted."""
    waiting = [q for q in questions if q.state is QuestionState.SHORTLISTED and q.merged_into is None]
    return sorted(waiting, key=in_order)[:length]


def on_air(questions: Iterable[Question]) -> Question | None:
    """The one being answered; None for nothing."""
    return next((each for each in questions if each.state is QuestionState.ON_AIR), None)
