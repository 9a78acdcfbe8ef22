"""Two at once: no store loses what the other wrote. On every database engine, with a connection for each writer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa

from infra.db.archive.editing import SqlEditing
from infra.db.archive.uploads import SqlUploads
from infra.db.base.clock import now
from infra.db.base.database import Database
from infra.db.outbox.changes import SqlChanges
from infra.db.outbox.events import SqlEvents, tell
from infra.db.people.attempts import SqlAttempts
from infra.db.tables import archive as t
from infra.db.tables.companion import events
from infra.db.tables.studio import accounts
from infra.db.transcripts.versions import SqlVersions
from media.archive.editing import EpisodeChanged, facts_of
from media.archive.episodes import Episode
from media.errors import Conflict, Message
from media.ingest.uploads import Quota, TooLarge, Upload, UploadKind, UploadRequest, UploadState
from tests.segments import save_segment
from tests.stores import Stores, a_recording
from tests.waiting import PATIENCE_SECONDS
from transcribe.cues import Cue
from transcribe.editing.edits import CueEdit
from transcribe.editing.segments import SegmentChange
from transcribe.segments import Segment, SegmentKind
from transcribe.transcripts import Transcript, TranscriptOrigin
from web.domain.accounts.attempts import Allowance

pytestmark = pytest.mark.slow

WRITERS = 6
T = TypeVar("T")


@pytest.fixture
def database(any_stores: Stores) -> Database:
    assert any_stores.database is not None
    return any_stores.database


def at_once(do: Callable[[int], T], count: int = WRITERS) -> list[T | Exception]:
    """`do(0)`, `do(1)` … in as many threads, begun together; what each returned or raised."""
    start = threading.Barrier(count)

    def one(number: int) -> T | Exception:
        start.wait()
        try:
            return do(number)
        except Exception as error:
            return error

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def failures(results: list[Any]) -> list[type]:
    return [type(each) for each in results if isinstance(each, Exception)]


def test_one_of_those_who_save_the_same_version_wins(any_stores: Stores, database: Database) -> None:
    episode, editing = any_stores.add(), SqlEditing(database)
    facts = facts_of(episode)
    saved = at_once(
        lambda n: editing.save_facts(episode.slug, replace(facts, title=f"Số của {n}"), episode.version)
    )
    assert failures(saved) == [EpisodeChanged] * (WRITERS - 1)
    assert any_stores.catalogue.episode(episode.slug) in saved


def test_edits_of_different_cues_are_all_kept(any_stores: Stores, database: Database) -> None:
    slug, versions = any_stores.add().slug, SqlVersions(database)
    cues = tuple(Cue(10.0 * n, 10.0 * n + 5, f"Câu {n}") for n in range(WRITERS))
    any_stores.transcripts.save_transcript(slug, Transcript("vi", TranscriptOrigin.MACHINE, cues))

    def correct(n: int) -> int:
        edit = CueEdit((cues[n],), (replace(cues[n], text=f"Câu đã sửa {n}"),))
        return versions.edit(slug, [edit], f"người {n}", 1).version

    assert sorted(at_once(correct)) == list(range(2, WRITERS + 2))  # type: ignore[type-var]
    stored = any_stores.transcripts.transcript(slug)
    assert stored is not None
    assert [cue.text for cue in stored.cues] == [f"Câu đã sửa {n}" for n in range(WRITERS)]


def test_segments_are_changed_once_for_each_version(any_stores: Stores) -> None:
    slug = any_stores.add().slug
    answer = save_segment(
        any_stores.transcripts, slug, Segment(SegmentKind.ANSWER, 1, 30, "a", "Mấy tháng?")
    )

    def change(n: int) -> Any:
        wanted = replace(answer, question=f"Mấy tháng? {n}")
        return any_stores.transcripts.change_segments(
            slug, [SegmentChange(answer.id, answer.version, wanted)]
        )

    results = at_once(change)
    assert len(failures(results)) == WRITERS - 1
    assert [any_stores.transcripts.segments(slug)] == [each for each in results if isinstance(each, list)]


def test_a_recording_becomes_one_episode_and_an_address_is_given_once(any_stores: Stores) -> None:
    any_stores.add("khac")

    def add(n: int) -> str:
        episode = Episode("so-moi", "dh", "Số mới", date(2026, 4, 1))
        return any_stores.catalogue.add_episode(episode, a_recording(f"{n // 2 + 100:064x}"))

    results = at_once(add)
    assert failures(results) == [Conflict] * (WRITERS // 2)
    slugs = sorted(each.slug for each in any_stores.catalogue.episodes())
    assert slugs == ["khac", "so-moi", *(f"so-moi-{n}" for n in range(2, WRITERS // 2 + 1))]
    assert len(any_stores.jobs.jobs()) == WRITERS // 2 + 1


def test_every_change_counts(any_stores: Stores, database: Database) -> None:
    slug, changes = any_stores.add().slug, SqlChanges(database)
    before = dict(changes.pending())[slug]
    at_once(lambda n: any_stores.catalogue.set_language(slug, f"vi-{n}"))
    assert dict(changes.pending())[slug] == before + WRITERS
    assert any_stores.catalogue.episode(slug).version == 1 + WRITERS


def test_figures_and_attempts_are_counted_exactly(any_stores: Stores, database: Database) -> None:
    slug = any_stores.add().slug
    answer = save_segment(any_stores.transcripts, slug, Segment(SegmentKind.ANSWER, 1, 30, "a", "b"))
    at_once(lambda n: any_stores.plays.count(slug, answer.id, date(2026, 4, 1)))
    with database.read() as c:
        assert c.execute(sa.select(t.plays.c.count)).scalar() == WRITERS
    attempts, three = SqlAttempts(database), Allowance("sign-in", 3, 60)
    allowed = at_once(lambda n: attempts.allow(three, "lan"))
    assert allowed.count(True) == 3 and failures(allowed) == []


def test_an_account_cannot_pass_its_quota_nor_a_file_be_queued_twice(database: Database) -> None:
    queued: list[tuple[str, int]] = []
    uploads = SqlUploads(database, lambda c, upload, attempt: queued.append((upload, attempt)))
    with database.write() as c:
        blank = dict.fromkeys(("name", "organisation", "email", "secret"), "")
        c.execute(
            accounts.insert().values(
                id="lan", login="lan", role="editor", active=True, created_at=now(), **blank
            )
        )

    def upload(n: int, account: str = "lan") -> Upload:
        return Upload(
            id=f"u{n}", account=account, actor="lan", filename="a.mp4", length=10,
            expires_at=now() + timedelta(hours=1), kind=UploadKind.RECORDING, upload_request=UploadRequest("dh"),
        )  # fmt: skip

    results = at_once(lambda n: uploads.add(upload(n), Quota(25)))
    assert failures(results) == [TooLarge] * (WRITERS - 2)
    one = uploads.of_account("lan")[0].id
    at_once(lambda n: uploads.complete(one))
    assert queued == [(one, 0)]
    uploads.refuse(one, Message("hỏng"))
    assert len(failures(at_once(lambda n: uploads.retry(one)))) == WRITERS - 1
    assert queued == [(one, 0), (one, 1)]
    assert uploads.upload(one).state is UploadState.WAITING


def test_events_are_seen_in_the_order_of_their_ids(database: Database) -> None:
    log, written_answers = SqlEvents(database), threading.Event()
    seen: list[int] = []

    def follow() -> None:
        while not written_answers.is_set() or log.after(max(seen, default=0)):
            seen.extend(event.id for event in log.after(max(seen, default=0)))

    follower = threading.Thread(target=follow)
    follower.start()

    def write(n: int) -> None:
        for number in range(10):
            with database.write(f"question/{n}") as c:
                tell(c, "episode/x", "question", number=number, by=n)

    assert failures(at_once(write)) == []
    written_answers.set()
    follower.join(PATIENCE_SECONDS)
    with database.read() as c:
        assert seen == list(c.execute(sa.select(events.c.id).order_by(events.c.id)).scalars())
    assert len(seen) == 10 * WRITERS


@pytest.mark.postgresql
def test_writers_of_one_matter_wait_and_others_need_not(empty_postgresql: Database) -> None:
    done: list[str] = []

    def write(name: str, *matters: str) -> threading.Thread:
        def run() -> None:
            with empty_postgresql.write(*matters):
                done.append(name)

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    with empty_postgresql.write("episode/a", "upload/1"):
        other = write("another matter", "episode/b")
        other.join(PATIENCE_SECONDS)
        same = write("the same matter", "upload/1", "episode/b")
        alone = write("alone")
        same.join(0.2)
        assert done == ["another matter"]
    same.join(PATIENCE_SECONDS)
    alone.join(PATIENCE_SECONDS)
    assert sorted(done) == ["alone", "another matter", "the same matter"]
