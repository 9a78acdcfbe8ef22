"""Who asked is told once, when the answer is public, and then forgotten."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from infra.assembly.archive import Archive
from infra.background.notifications import NotificationTask
from infra.configuration.settings import Settings
from infra.db.base.database import Database
from infra.db.tables.companion import question_contacts, questions
from media.archive.episodes import EpisodeState
from media.errors import InvalidInput, Unavailable
from tests.segments import save_segment
from tests.stores import Stores
from tests.web.groups import companion_on
from transcribe.segments import Segment, SegmentKind
from web.domain.questions.notify import Reach, encrypt_reach
from web.domain.questions.questions import NewQuestion, QuestionState
from web.domain.sending.fernet import FernetEncryption, new_key
from web.domain.sending.mail import Letter
from web.domain.sending.push import PushMessage


@dataclass
class Post:
    """Mail and push that keep what they are given, or fail."""

    letters: list[Letter] = field(default_factory=list)
    messages: list[tuple[str, PushMessage]] = field(default_factory=list)
    fault: Exception | None = None

    key: str = "key"

    def send(self, to: Letter | str, message: PushMessage | None = None) -> None:
        if self.fault:
            raise self.fault
        if isinstance(to, Letter):
            self.letters.append(to)
        elif message is not None:
            self.messages.append((to, message))


@pytest.fixture
def archive(tmp_path: Path, any_stores: Stores) -> Archive:
    """What the duty needs of an archive."""
    database, encryption = any_stores.database, FernetEncryption([new_key()])
    assert database
    any_stores.add("ba")
    parts = SimpleNamespace(
        settings=Settings(home=tmp_path, base_url="https://tualai.example/"),
        database=database,
        catalogue=any_stores.catalogue,
        transcripts=any_stores.transcripts,
        companion=companion_on(database, encryption),
    )
    return cast(Archive, parts)


def ask(archive: Archive, text: str, *reach: tuple[str, str, str], receipt: str) -> str:
    sealed = tuple(
        (kind, encrypt_reach(archive.companion.encryption(), Reach(to, code))) for kind, to, code in reach
    )
    new = NewQuestion("ba", text, text, receipt, device=receipt, contacts=sealed)
    return archive.companion.questions.ask(new).id


def change(database: Database, question: str, **values: object) -> None:
    with database.write() as c:
        c.execute(questions.update().where(questions.c.id == question).values(**values))


def later(database: Database) -> None:
    """The claims have ended."""
    with database.write() as c:
        c.execute(question_contacts.update().values(claimed_until=None))


def test_askers_are_told_once_and_forgotten(archive: Archive) -> None:
    first = ask(archive, "Nghỉ sinh mấy tháng?", ("email", "lan@example.com", "vi"), receipt="1")
    second = ask(
        archive, "Thai sản?", ("push", "subscription", "en"), ("phone", "0912345678", "vi"), receipt="2"
    )
    change(archive.database, second, merged_into=first)
    task, post = NotificationTask(), Post()
    answer = save_segment(archive.transcripts, "ba", Segment(SegmentKind.ANSWER, 60, 90, "a", "a"))
    change(archive.database, first, state=QuestionState.ANSWERED, segment=answer.id)
    task.tell(archive, post, post)
    assert post.letters == [] == post.messages, "the answer is not public yet"
    archive.catalogue.set_state("ba", EpisodeState.PUBLISHED)
    for _ in range(2):
        task.tell(archive, post, post)
        [letter], [(to, message)] = post.letters, post.messages
    assert letter.to == "lan@example.com" and "“Nghỉ sinh mấy tháng?”" in letter.text
    assert "https://tualai.example/episodes/ba?t=60&until=90" in letter.text
    assert (to, message.url, message.body) == ("subscription", "/episodes/ba?t=60&until=90", "Thai sản?")
    assert message.title == "Your question has been answered"
    assert [kind for kind, _ in archive.companion.contacts.of(first)] == ["phone"], "a person calls"


def test_what_fails_is_tried_again_what_cannot_work_is_forgotten(archive: Archive) -> None:
    asked = ask(archive, "Nghỉ sinh mấy tháng?", ("email", "lan@example.com", "vi"), receipt="1")
    answer = save_segment(archive.transcripts, "ba", Segment(SegmentKind.ANSWER, 60, 90, "a", "a"))
    change(archive.database, asked, state=QuestionState.ANSWERED, segment=answer.id)
    archive.catalogue.set_state("ba", EpisodeState.PUBLISHED)
    task, post = NotificationTask(), Post(fault=Unavailable("away"))
    task.tell(archive, post, None)
    assert archive.companion.contacts.kinds(asked) == ["email"]
    post.fault = None
    task.tell(archive, post, None)
    assert post.letters == [], "somebody else may be telling it"
    later(archive.database)
    post.fault = InvalidInput("no address")
    task.tell(archive, post, None)
    assert archive.companion.contacts.kinds(asked) == []
    task(archive, "worker")  # with the settings' own ways: none
