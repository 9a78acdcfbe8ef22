"""Questions and settings of the desk as JSON."""

from __future__ import annotations

from typing import Any

from web.domain.moderation.screens import Screen
from web.domain.questions.questions import Companion, Question
from web.studio.moderation.views import utc_text


def question_json(question: Question) -> dict[str, Any]:
    """A question as moderators see it."""
    return {
        "id": question.id,
        "episode": question.episode,
        "original": question.original,
        "shown": question.shown,
        "name": question.name,
        "workplace": question.workplace,
        "state": question.state,
        "held": question.held,
        "position": question.position,
        "votes": question.votes,
        "merged_into": question.merged_into,
        "topics": list(question.topics),
        "guest": question.guest,
        "segment": question.segment,
        "source": question.source,
        "created_at": utc_text(question.created_at) or None,
        "changed_at": utc_text(question.changed_at) or None,
        "answered_at": utc_text(question.answered_at) or None,
        "version": question.version,
    }


def companion_json(companion: Companion) -> dict[str, Any]:
    """How an episode takes questions."""
    return {"open": companion.open, "hold": companion.hold, "version": companion.version}


def screen_json(screen: Screen, base: str) -> dict[str, Any]:
    """A screen's link; `address` is null where its secret can't be read any more."""
    return {
        "id": screen.digest,
        "kind": screen.kind,
        "created_at": utc_text(screen.created_at),
        "address": f"{base}/screens/{screen.secret}" if screen.secret else None,
    }
