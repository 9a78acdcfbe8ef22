"""In-memory questions, contacts and the events they tell."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from infra.db.base.clock import now
from media.archive.catalogue import Catalogue
from media.archive.episodes import EpisodeState
from media.errors import Conflict, Forbidden, NotFound
from transcribe.transcripts import Transcripts
from web.domain.events.events import Event, desk_channel
from web.domain.questions.contacts import PendingNotification
from web.domain.questions.public_view import tidings
from web.domain.questions.questions import (
    Companion,
    NewQuestion,
    Question,
    QuestionState,
    ReceiptTaken,
)
from web.rendering.links import play_url


@dataclass
class Kept:
    """What a database's tables hold; shared by the stores over it."""

    questions: dict[str, Question] = field(default_factory=dict)
    votes: dict[str, set[str]] = field(default_factory=dict)
    receipts: dict[str, str] = field(default_factory=dict)
    keys: dict[tuple[str, ...], str] = field(default_factory=dict)
    devices: dict[str, str] = field(default_factory=dict)
    contacts: dict[tuple[str, str], tuple[bytes, datetime]] = field(default_factory=dict)
    claimed: dict[tuple[str, str], datetime] = field(default_factory=dict)
    companions: dict[str, Companion] = field(default_factory=dict)
    blocked: dict[str, datetime] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def one(self, id: str) -> Question:
        if id not in self.questions:
            raise NotFound("There is no question “%(id)s”.", id=id)
        return self.questions[id]

    def group(self, id: str) -> list[str]:
        return [each.id for each in self.questions.values() if id in (each.id, each.merged_into)]

    def tell(self, channel: str, kind: str, data: dict[str, Any]) -> None:
        self.events.append(Event(len(self.events) + 1, channel, kind, data))

    def put(self, after: Question) -> None:
        """Keep a question, its votes counted, and tell it."""
        before = self.questions.get(after.id)
        self.questions[after.id] = after
        votes = len({voter for each in self.group(after.id) for voter in self.votes[each]})
        after = self.questions[after.id] = replace(after, votes=votes)
        for each in tidings(before, after):
            self.tell(each.channel, each.kind, each.data)


class MemoryQuestions:
    """Implements `web.domain.questions.questions.Questions`."""

    def __init__(self, catalogue: Catalogue, kept: Kept, transcripts: Transcripts | None = None) -> None:
        self._catalogue, self._kept, self._transcripts = catalogue, kept, transcripts

    def ask(self, new: NewQuestion) -> Question:
        kept = self._kept
        with kept.lock:
            if kept.blocked.get(new.device, datetime.min) > now():
                raise Forbidden("This device is blocked.")
            if new.episode is not None:
                self._catalogue.episode(new.episode)
                if new.source == "web" and not self.companion(new.episode).open:
                    raise Conflict("No more questions are taken.")
            own = (new.device, new.episode or "", " ".join(new.original.casefold().split()))
            key = (new.source, new.source_key) if new.source_key else (own if new.device else ())
            own = kept.keys.get(key) if key else None
            if kept.receipts.get(new.receipt, own) != own:
                raise ReceiptTaken("Another question has this code.")
            if own is None:
                own = self._add(new)
            if key:
                kept.keys[key] = own
            kept.receipts = {code: each for code, each in kept.receipts.items() if each != own}
            kept.receipts[new.receipt] = own
            for kind, sealed in new.contacts:
                kept.contacts[own, kind] = sealed, now()
            return kept.questions[own]

    def _add(self, new: NewQuestion) -> str:
        own, moment = new.id or uuid4().hex, now()
        self._kept.devices[own] = new.device
        self._kept.votes[own] = {new.voter or own}
        self._kept.put(
            Question(
                own,
                new.episode,
                new.original,
                new.shown,
                new.name,
                new.workplace,
                held=new.held,
                position=moment.timestamp(),
                topics=new.topics,
                source=new.source,
                created_at=moment,
                changed_at=moment,
            )
        )
        return own

    def question(self, id: str) -> Question:
        return self._kept.one(id)

    def by_receipt(self, receipt: str) -> Question:
        return self._kept.one(self._kept.receipts.get(receipt, ""))

    def vote(self, question: str, voter: str) -> int:
        return self._vote(question, voter, wanted=True)

    def unvote(self, question: str, voter: str) -> int:
        return self._vote(question, voter, wanted=False)

    def _vote(self, question: str, voter: str, *, wanted: bool) -> int:
        kept = self._kept
        with kept.lock:
            stands = kept.one(question)
            while stands.merged_into is not None:
                stands = kept.one(stands.merged_into)
            if not stands.public:
                raise NotFound("There is no question “%(question)s”.", question=question)
            votes = [kept.votes[each] for each in kept.group(stands.id)]
            if any(voter in each for each in votes) != wanted:
                if wanted:
                    kept.votes[stands.id].add(voter)
                for each in [] if wanted else votes:
                    each.discard(voter)
                kept.put(stands)
            return kept.questions[stands.id].votes

    def voted(self, voters: Mapping[str, str]) -> set[str]:
        return {key for key, voter in voters.items() if voter in self._kept.votes.get(key, ())}

    def merged(self, questions: Collection[str]) -> dict[str, list[str]]:
        groups = {key: [each for each in self._kept.group(key) if each != key] for key in questions}
        return {key: group for key, group in groups.items() if group}

    def of_episode(self, episode: str | None, *, public_only: bool) -> list[Question]:
        found = [
            each
            for each in self._kept.questions.values()
            if each.episode == episode and each.merged_into is None and (each.public or not public_only)
        ]
        return sorted(found, key=lambda each: (-each.votes, each.created_at, each.id))

    def answers(self, questions: Collection[Question]) -> dict[str, str]:
        segments = {each.id: each.segment for each in questions}
        return {key: url for key, segment in segments.items() if (url := self._answer(segment))}

    def _answer(self, id: str) -> str:
        for episode in self._catalogue.episodes(state=EpisodeState.PUBLISHED):
            for each in self._transcripts.segments(episode.slug) if self._transcripts else ():
                if each.id == id:
                    return play_url(episode.slug, each.start, each.end)
        return ""

    def companion(self, episode: str) -> Companion:
        return self._kept.companions.get(episode, Companion(episode))

    def save_companion(self, companion: Companion) -> Companion:
        self._catalogue.episode(companion.episode)
        if self.companion(companion.episode).version != companion.version:
            raise Conflict("Somebody else changed these settings.")
        saved = replace(companion, version=companion.version + 1)
        self._kept.companions[companion.episode] = saved
        told = {"open": saved.open, "hold": saved.hold, "version": saved.version}
        self._kept.tell(desk_channel(companion.episode), "companion", told)
        return saved


class MemoryContacts:
    """Implements `web.domain.questions.contacts.Contacts`."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def of(self, question: str) -> list[tuple[str, bytes]]:
        group = self._kept.group(question)
        return [(kind, sealed) for (own, kind), (sealed, _) in self._kept.contacts.items() if own in group]

    def kinds(self, question: str) -> list[str]:
        return sorted(kind for own, kind in self._kept.contacts if own == question)

    def forget(self, question: str, kind: str = "") -> None:
        for key in [key for key in self._kept.contacts if key[0] == question and kind in ("", key[1])]:
            del self._kept.contacts[key]

    def add(self, question: str, kind: str, sealed: bytes) -> None:
        self._kept.one(question)
        self._kept.contacts[question, kind] = sealed, now()
        self._kept.claimed.pop((question, kind), None)

    def answered(self, kinds: Collection[str]) -> list[PendingNotification]:
        found = []
        for key, (sealed, _) in self._kept.contacts.items():
            asked = self._kept.one(key[0])
            stands = self._kept.one(asked.merged_into or asked.id)
            free = self._kept.claimed.get(key, datetime.min) < now()
            if stands.state is QuestionState.ANSWERED and key[1] in kinds and free:
                found.append(PendingNotification(*key, sealed, stands))
        return found

    def claim(self, asked: str, kind: str, seconds: float) -> bool:
        key = (asked, kind)
        with self._kept.lock:
            if key not in self._kept.contacts or self._kept.claimed.get(key, datetime.min) >= now():
                return False
            self._kept.claimed[key] = now() + timedelta(seconds=seconds)
            return True

    def sweep(self, older_than: timedelta) -> int:
        old = [key for key, (_, at) in self._kept.contacts.items() if at < now() - older_than]
        for key in old:
            del self._kept.contacts[key]
        return len(old)
