"""An in-memory board."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from media.errors import Conflict, InvalidInput, NotFound
from tests.fakes.questions_memory import Kept
from transcribe.segments import Segment
from web.domain.moderation.board import (
    check_airable,
    check_seen,
    check_standing,
    edited,
    held_back,
    in_order,
    merged,
    moved,
    placed,
    queue,
    unmerged,
)
from web.domain.moderation.marks import Clock, Mark, pressed, segment_of_mark
from web.domain.questions.questions import PublicState, Question, QuestionState

ON_AIR, ANSWERED = QuestionState.ON_AIR, QuestionState.ANSWERED


class MemoryBoard:
    """Implements `web.domain.moderation.port.Board`."""

    def __init__(self, kept: Kept, clock_of: Callable[[str], Clock | None], lead: float = 0.0) -> None:
        self.kept = kept
        self.here = kept.questions
        self.segments: dict[str, Segment] = {}
        self.topics = {"thai-san"}
        self._marks: list[Mark] = []
        self._clock_of, self._lead = clock_of, lead

    def questions(self, episode: str | None) -> list[Question]:
        states = list(QuestionState)
        found = [each for each in self.here.values() if each.episode == episode]
        return sorted(found, key=lambda each: (states.index(each.state), in_order(each)))

    def standing(self, episode: str, length: int) -> PublicState:
        public = [each for each in self.questions(episode) if each.public]
        mark = self._running(episode)
        now = next((each for each in public if mark and each.id == mark.question), None)
        return PublicState(now, mark.began_at if mark and now else None, queue(public, length), len(public))

    def some(self, ids: Sequence[str]) -> list[Question]:
        return [each for each in self.here.values() if each.id in ids or each.merged_into in ids]

    def move(self, question: str, state: QuestionState, above: str | None, seen: int | None) -> Question:
        before = self._read(question)
        if state is ON_AIR and before.state is not ON_AIR:
            return self.begin_answer(question, "", seen)
        check_seen(before, seen)
        if before.state is ON_AIR and state is ANSWERED:
            return self.end_answer(before.episode or "") or before
        if before.state is ON_AIR and state is not ON_AIR:
            before = self.undo_answer(question)
        column = [
            (each.id, each.position)
            for each in self.questions(before.episode)
            if each.state is state and each.id != question and each.merged_into is None
        ]
        last = not column or before.position > column[-1][1]
        if before.state is state and not before.held and above is None and last:
            return before
        place = placed(column, above)
        for key, position in place.others.items():
            self.here[key] = replace(self.here[key], position=position)
        return self._save(moved(before, state, place.position, _now()))

    def release(self, question: str, seen: int | None) -> Question:
        before = self._read(question)
        check_seen(before, seen)
        return self._save(replace(before, held=False)) if before.held else before

    def hold(self, question: str, seen: int | None) -> Question:
        before = self._read(question)
        check_seen(before, seen)
        return before if before.held else self._save(held_back(before))

    def edit(
        self, question: str, shown: str, topics: Sequence[str], guest: str, seen: int | None
    ) -> Question:
        before = self._read(question)
        wanted = edited(before, shown, topics, guest)
        if wanted == before:
            return before
        check_seen(before, seen)
        if set(wanted.topics) - set(before.topics) - self.topics:
            raise InvalidInput("There is no such topic; choose one that there is.")
        return self._save(wanted)

    def merge(self, questions: Sequence[str], into: str) -> Question:
        stands = self._read(into)
        named = [self._read(key) for key in questions if key != into]
        keys = {each.id for each in named}
        under = [each for each in self.here.values() if each.merged_into in keys and each.id not in keys]
        for each in merged([*named, *under], stands):
            self._save(each)
        for key in [*keys, into]:
            self._count(key)
        return self.here[into]

    def unmerge(self, question: str) -> Question:
        before = self._read(question)
        self._save(unmerged(before))
        self._save(self._read(before.merged_into or ""))
        self._count(question)
        self._count(before.merged_into or "")
        return self.here[question]

    def begin_answer(self, question: str, guest: str, seen: int | None) -> Question:
        before = self._read(question)
        check_airable(before)
        if before.state is ON_AIR:
            return before
        check_seen(before, seen)
        assert before.episode is not None
        at = pressed(_now(), self._lead)
        self._end(before.episode, at)
        by = guest.strip() or before.guest
        self._save(replace(moved(before, ON_AIR, before.position, at), guest=by))
        self._put(
            Mark(uuid4().hex, before.episode, question, by, at, None, "", before.state, before.held), at
        )
        return self.here[question]

    def end_answer(self, episode: str) -> Question | None:
        return self._end(episode, _now())

    def resume_answer(self, question: str) -> Question:
        before, mark = self._read(question), self._last(question)
        check_standing(before)
        if mark is None or (mark.ended_at is not None and self._running(mark.episode)):
            raise Conflict("It was not answered yet, or another one is being answered.")
        return self._resume(mark) if mark.ended_at is not None else before

    def undo_answer(self, question: str) -> Question:
        before, mark = self._read(question), self._last(question)
        if mark is None:
            raise Conflict("There is nothing to take back.")
        self._marks.remove(mark)
        self.segments.pop(mark.segment, None)
        earlier = self._last(question)
        back = moved(before, mark.state_before, before.position, _now())
        self._save(replace(back, held=mark.held_before, segment=earlier.segment if earlier else ""))
        ended = [each for each in self._marks if each.ended_at == mark.began_at]
        if mark.ended_at is None and ended:
            self._resume(ended[-1])
        return self.here[question]

    def marks(self, episode: str) -> list[Mark]:
        return sorted(
            (each for each in self._marks if each.episode == episode), key=lambda each: each.began_at
        )

    def settle(self, episode: str) -> int:
        if self._clock_of(episode) is None:
            return 0
        for mark in self.marks(episode):
            self._put(mark, _now())
        return len(self.marks(episode))

    def block(self, question: str, days: int) -> None:
        if not 1 <= days <= 365:
            raise InvalidInput("Block a device for 1 to 365 days.")
        self.move(question, QuestionState.REFUSED, None, None)
        if not self.kept.devices.get(question):
            raise Conflict("This question came from no device here.")
        self.kept.blocked[self.kept.devices[question]] = _now() + timedelta(days=days)

    def blocked_until(self, question: str) -> datetime | None:
        until = self.kept.blocked.get(self.kept.devices.get(question, ""))
        return until if until and until > _now() else None

    def unblock(self, question: str) -> None:
        self._read(question)
        self.kept.blocked.pop(self.kept.devices.get(question, ""), None)

    def _read(self, key: str) -> Question:
        if key not in self.here:
            raise NotFound("There is no question “%(key)s”.", key=key)
        return self.here[key]

    def _save(self, question: Question) -> Question:
        self.here[question.id] = replace(question, version=question.version + 1)
        return self.here[question.id]

    def _count(self, key: str) -> None:
        group = [each.id for each in self.here.values() if key in (each.id, each.merged_into)]
        votes = len(set().union(*(self.kept.votes[each] for each in group)))
        self.here[key] = replace(self.here[key], votes=votes)

    def _running(self, episode: str) -> Mark | None:
        return next((each for each in self.marks(episode) if each.ended_at is None), None)

    def _last(self, question: str) -> Mark | None:
        found = [each for each in self._marks if each.question == question]
        return max(found, key=lambda each: each.began_at, default=None)

    def _end(self, episode: str, at: datetime) -> Question | None:
        mark = self._running(episode)
        if mark is None:
            return None
        self._put(replace(mark, ended_at=max(at, mark.began_at)), at)
        before = self.here[mark.question]
        return self._save(moved(before, ANSWERED, before.position, at))

    def _resume(self, mark: Mark) -> Question:
        self._put(replace(mark, ended_at=None), _now())
        before = self.here[mark.question]
        return self._save(moved(before, ON_AIR, before.position, _now()))

    def _put(self, mark: Mark, at: datetime) -> None:
        clock = self._clock_of(mark.episode)
        made = segment_of_mark(mark, self.here[mark.question], clock, at) if clock else None
        if made is not None:
            key = mark.segment or f"segment-{uuid4().hex}"
            self.segments[key] = replace(made, id=key)
            mark = replace(mark, segment=key)
            self.here[mark.question] = replace(self.here[mark.question], segment=key)
        self._marks = [*(each for each in self._marks if each.id != mark.id), mark]


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
