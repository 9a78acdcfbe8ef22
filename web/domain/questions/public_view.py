"""What anybody may see of a question, and what is told when one changes. Pure.

Every page, call and event for the public takes questions through `public_view`: it has no field for what was
typed, how its asker is reached, which device or receipt it belongs to.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from web.domain.events.events import desk_channel, public_channel
from web.domain.questions.questions import PublicQuestion, Question


@dataclass(frozen=True, slots=True)
class Tiding:
    """An event that is to be written: the arguments of `infra.db.outbox.events.tell`."""

    channel: str
    kind: str
    data: dict[str, Any]


def public_view(question: Question, answer: str = "") -> PublicQuestion:
    """A public question as anybody may see it; `answer` is the address of its answer, "" for none.

    Raises `ValueError` for one that is held, refused or merged: whoever calls must have left it out.
    """
    if not question.public:
        raise ValueError(f"question {question.id} is not public")
    return PublicQuestion(
        id=question.id,
        episode=question.episode,
        shown=question.shown,
        name=question.name,
        workplace=question.workplace,
        state=question.state,
        votes=question.votes,
        answer=answer,
    )


def public_data(view: PublicQuestion) -> dict[str, Any]:
    """The JSON of a public question, in calls and events alike."""
    return asdict(view)


def tidings(before: Question | None, after: Question, answer: str = "") -> list[Tiding]:
    """What to tell after a question changed from `before` (None: it is new) to `after`.

    Moderators load it again; the public gets it whole, or its votes where nothing else has changed for
    them, or hears that it is gone.
    """
    public, desk = public_channel(after.episode or ""), desk_channel(after.episode or "")
    told = [Tiding(desk, "question", {"id": after.id})]
    was_public = before is not None and before.public
    if after.public:
        view = public_view(after, answer)
        if (
            before is not None
            and was_public
            and replace(public_view(before, answer), votes=view.votes) == view
        ):
            if before.votes != after.votes:
                told.append(Tiding(public, "votes", {"id": view.id, "votes": view.votes}))
        else:
            told.append(Tiding(public, "question", public_data(view)))
    elif was_public:
        told.append(Tiding(public, "gone", {"id": after.id, "into": after.merged_into}))
    return told
