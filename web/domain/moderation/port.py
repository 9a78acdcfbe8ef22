"""What moderators do with questions: the port behind their board."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from web.domain.moderation.marks import Mark
from web.domain.questions.questions import PublicState, Question, QuestionState


class Board(Protocol):
    """What moderators do. One method is one transaction, written to the audit log, told as events.

    `seen` is the version the moderator saw; where it is another now `QuestionChanged` is raised (None: however
    it is). All raise `NotFound` for an unknown question.
    """

    def questions(self, episode: str | None) -> list[Question]:
        """All of an episode, merged ones too, by state and position."""
        ...

    def standing(self, episode: str, length: int) -> PublicState:
        """What screens show: the answer that runs, the first `length` of what comes next, of public questions."""
        ...

    def some(self, ids: Sequence[str]) -> list[Question]:
        """Those of `ids` that there are, and what was merged into them."""
        ...

    def move(self, question: str, state: QuestionState, above: str | None, seen: int | None) -> Question:
        """Put it into a column, above the question of that id; None: at its end. Moving releases a held one.

        Into `ON_AIR` is `begin_answer`; from there to `ANSWERED` is `end_answer`, elsewhere `undo_answer`.
        """
        ...

    def release(self, question: str, seen: int | None) -> Question:
        """Show a held question."""
        ...

    def hold(self, question: str, seen: int | None) -> Question:
        """Show it to nobody until a moderator has looked again. Raises `Conflict` for one on air or merged."""
        ...

    def edit(
        self, question: str, shown: str, topics: Sequence[str], guest: str, seen: int | None
    ) -> Question:
        """Change what is shown; the original stays. Raises `InvalidInput` for an empty text, an unknown topic."""
        ...

    def merge(self, questions: Sequence[str], into: str) -> Question:
        """Let `into` stand for all of them; receipts and votes go with it, the votes added up."""
        ...

    def unmerge(self, question: str) -> Question:
        """Let a merged question stand for itself again, with its own voters."""
        ...

    def begin_answer(self, question: str, guest: str, seen: int | None) -> Question:
        """Now answering: ends the answer that runs, marks the time, makes the `live` segment.

        `guest` "" leaves it to whom it was given. Raises `Conflict` for a merged one, or one of no episode.
        """
        ...

    def end_answer(self, episode: str) -> Question | None:
        """Done: the answer that runs ends now; None when none runs."""
        ...

    def resume_answer(self, question: str) -> Question:
        """Not done yet: the last answer to it goes on as if it had not ended. Raises `Conflict` when it has
        none, or another one runs."""
        ...

    def undo_answer(self, question: str) -> Question:
        """Take the last mark of a question back, with its segment; an answer that it ended goes on.

        Raises `Conflict` when it has none.
        """
        ...

    def marks(self, episode: str) -> list[Mark]:
        """When answers began and ended, the first first."""
        ...

    def settle(self, episode: str) -> int:
        """Make segments of the marks that have none yet and put those of the others where the recording has
        them now, but those an editor has changed; return how many marks there are. For when an offset was set."""
        ...

    def block(self, question: str, days: int) -> None:
        """Refuse what the question's device sends from now on, and refuse this question."""
        ...

    def blocked_until(self, question: str) -> datetime | None:
        """Until when (UTC, without a zone) nothing is taken from the question's device; None: it may ask."""
        ...

    def unblock(self, question: str) -> None:
        """Let the question's device ask again; the question itself stays where it is."""
        ...
