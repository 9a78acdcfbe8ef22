"""Editing, on the real database: its promises are the transactions'."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from infra.db.archive.editing import SqlEditing
from infra.db.archive.taxonomy import SqlTaxonomy
from infra.db.base.clock import now
from infra.db.base.database import Database
from infra.db.outbox.audit import SqlAudit
from infra.db.transcripts.review_marks import SqlMarking
from media.archive.editing import EpisodeChanged, EpisodeFilter, facts_of
from media.archive.episodes import EpisodeState, Guest, Programme
from media.archive.taxonomy import Subject
from media.errors import Conflict, InvalidInput, NotFound
from tests.segments import save_segment
from tests.stores import Stores
from transcribe.cues import Cue
from transcribe.editing.review_marks import Marks, MarksChanged
from transcribe.segments import Segment, SegmentKind
from transcribe.transcripts import Transcript, TranscriptOrigin


@pytest.fixture
def stores(any_stores: Stores) -> Stores:
    return any_stores


@pytest.fixture
def database(stores: Stores) -> Database:
    assert stores.database
    return stores.database


@pytest.fixture
def editing(database: Database) -> SqlEditing:
    return SqlEditing(database)


def actions(database: Database) -> list[str]:
    return [entry.action for entry in SqlAudit(database).entries()]


def add_answer(stores: Stores, episode: str, question: str, start: float = 10.0) -> Segment:
    segment = Segment(SegmentKind.ANSWER, start, start + 30, question, question)
    return save_segment(stores.transcripts, episode, segment)


def test_facts_are_saved_once_for_each_version(
    stores: Stores, editing: SqlEditing, database: Database
) -> None:
    stored = stores.add()
    mine = replace(facts_of(stored), title="Của tôi", guests=(Guest("Bà Hoà"),), topics=("thai-san",))
    theirs = replace(facts_of(stored), title="Của người khác")
    saved = editing.save_facts(stored.slug, theirs, stored.version)
    assert (saved.title, saved.version) == ("Của người khác", stored.version + 1)
    with pytest.raises(EpisodeChanged) as caught:
        editing.save_facts(stored.slug, mine, stored.version)
    assert caught.value.current.title == "Của người khác"
    again = editing.save_facts(stored.slug, mine, saved.version)
    assert (again.title, again.guests, again.topics) == ("Của tôi", (Guest("Bà Hoà"),), ("thai-san",))
    assert actions(database) == ["episode.edit"] * 2


def test_nothing_changed_is_no_new_version(stores: Stores, editing: SqlEditing, database: Database) -> None:
    stored = stores.add()
    assert editing.save_facts(stored.slug, facts_of(stored), stored.version).version == stored.version
    assert actions(database) == []


def test_of_many_who_save_at_once_one_does(stores: Stores, editing: SqlEditing) -> None:
    stored = stores.add()

    def save(number: int) -> bool:
        try:
            editing.save_facts(
                stored.slug, replace(facts_of(stored), title=f"Bản {number}"), stored.version
            )
        except EpisodeChanged:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(save, range(8))) == 1


def test_a_machine_that_hears_a_language_is_a_change_too(stores: Stores, editing: SqlEditing) -> None:
    stored = stores.add()
    stores.catalogue.set_language(stored.slug, "en")
    with pytest.raises(EpisodeChanged):
        editing.save_facts(stored.slug, replace(facts_of(stored), title="Bản cũ"), stored.version)


def test_a_new_address_keeps_everything_and_the_old_one_leads_there(
    stores: Stores, editing: SqlEditing, database: Database
) -> None:
    stored = stores.add(topics=("thai-san",))
    answer = add_answer(stores, stored.slug, "Nghỉ mấy tháng?")
    job = stores.jobs.job_of(stored.slug)
    assert job
    with pytest.raises(Conflict, match="processed"):
        editing.save_facts(stored.slug, replace(facts_of(stored), slug="moi"), stored.version)
    stores.jobs.cancel(job.id)
    moved = editing.save_facts(stored.slug, replace(facts_of(stored), slug="moi"), stored.version)
    moved = editing.save_facts("moi", replace(facts_of(moved), slug="moi-hon"), moved.version)
    assert [each.id for each in stores.transcripts.segments("moi-hon")] == [answer.id]
    assert moved.topics == ("thai-san",)
    changed = {slug for slug, _ in stores.changes.pending()}
    assert changed == {stored.slug, "moi", "moi-hon"}
    moves = SqlTaxonomy(database)
    assert moves.moved(Subject.EPISODE, stored.slug) == moves.moved(Subject.EPISODE, "moi") == "moi-hon"
    back = editing.save_facts("moi-hon", replace(facts_of(moved), slug=stored.slug), moved.version)
    assert back.slug == stored.slug
    assert moves.moved(Subject.EPISODE, stored.slug) is None
    assert moves.moved(Subject.EPISODE, "moi-hon") == stored.slug


def test_a_taken_address_and_unknown_references(stores: Stores, editing: SqlEditing) -> None:
    stored, other = stores.add("mot"), stores.add("hai")
    for changed, error in (
        ({"slug": other.slug}, Conflict),
        ({"programme": "khong-co"}, NotFound),
        ({"topics": ("khong-co",)}, NotFound),
        ({"title": ""}, InvalidInput),
    ):
        with pytest.raises(error):
            editing.save_facts(stored.slug, replace(facts_of(stored), **changed), stored.version)  # type: ignore[arg-type]
    assert stores.catalogue.episode("mot") == stored
    with pytest.raises(NotFound):
        editing.publish("khong-co")


def test_publishing_withdrawing_and_publishing_again(
    stores: Stores, editing: SqlEditing, database: Database
) -> None:
    slug = stores.add().slug
    assert editing.publish(slug).state is EpisodeState.PUBLISHED
    with pytest.raises(Conflict):
        editing.publish(slug)
    with pytest.raises(InvalidInput):
        editing.withdraw(slug, " \u202e")
    gone = editing.withdraw(slug, "Nói sai\nmức lương")
    assert (gone.state, gone.withdrawn_reason) == (EpisodeState.WITHDRAWN, "Nói sai\nmức lương")
    assert editing.publish(slug).withdrawn_reason == ""
    assert actions(database) == ["episode.publish", "episode.withdraw", "episode.publish"]


def test_what_is_due_is_published_once_by_however_many(
    stores: Stores, editing: SqlEditing, database: Database
) -> None:
    due, later, gone = (stores.add(slug).slug for slug in ("den-gio", "chua-den", "da-go"))
    editing.schedule(due, now() - timedelta(seconds=1))
    editing.schedule(later, now() + timedelta(hours=1))
    editing.schedule(gone, now() - timedelta(seconds=1))
    editing.schedule(gone, None)
    workers = [SqlEditing(Database(database.url)) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        published = [slug for found in pool.map(lambda w: w.publish_due(), workers * 3) for slug in found]
    assert published == [due]
    assert stores.catalogue.episode(due).publish_at is None
    states = {each.slug: each.state for each in stores.catalogue.episodes()}
    assert states == {
        due: EpisodeState.PUBLISHED, later: EpisodeState.PROCESSING, gone: EpisodeState.PROCESSING
    }  # fmt: skip
    assert actions(database).count("episode.publish") == 1
    for worker in workers:
        worker._db.close()


def test_what_was_published_by_hand_before_is_not_again(stores: Stores, editing: SqlEditing) -> None:
    slug = stores.add().slug
    editing.schedule(slug, now() - timedelta(seconds=1))
    editing.publish(slug)
    assert editing.publish_due() == []
    stores.catalogue.set_state(slug, EpisodeState.PROCESSING)
    editing.schedule(slug, now() - timedelta(seconds=1))
    stores.catalogue.set_state(slug, EpisodeState.PUBLISHED)  # as the pipeline does
    assert editing.publish_due() == []
    assert stores.catalogue.episode(slug).publish_at is None


def test_captions_are_read_in_their_newest_version_only(stores: Stores, editing: SqlEditing) -> None:
    slug = stores.add().slug
    with pytest.raises(Conflict):
        editing.note_captions_read(slug, 0, True)
    made = Transcript("vi", TranscriptOrigin.EDITED, (Cue(0, 1, "a"),))
    for _ in range(2):
        stores.transcripts.save_transcript(slug, made)
    with pytest.raises(Conflict):
        editing.note_captions_read(slug, 1, True)
    assert editing.note_captions_read(slug, 2, True).captions_read == 2
    assert editing.note_captions_read(slug, 2, False).captions_read == 0


def test_the_list_is_filtered_and_paged(stores: Stores, editing: SqlEditing) -> None:
    for number in range(5):
        stores.add(f"so-{number}")
    stores.catalogue.save_programme(Programme("khac", "Khác"))
    stores.catalogue.set_state("so-3", EpisodeState.PUBLISHED)
    slugs = {
        name: ([each.slug for each in found], total)
        for name, (found, total) in {
            "page": editing.listed(EpisodeFilter(limit=2, offset=4)),
            "state": editing.listed(EpisodeFilter(state=EpisodeState.PUBLISHED)),
            "folded": editing.listed(EpisodeFilter(text="SO THANG ba", limit=1)),
            "nobody's": editing.listed(EpisodeFilter(programmes=set())),
            "other": editing.listed(EpisodeFilter(programme="khac")),
            "hostile": editing.listed(EpisodeFilter(text="%_'\ud800")),
        }.items()
    }
    assert slugs["page"][1] == 5 and len(slugs["page"][0]) == 1
    assert slugs["state"] == (["so-3"], 1)
    assert slugs["folded"][1] == 5
    assert slugs["nobody's"] == slugs["other"] == slugs["hostile"] == ([], 0)


def test_marks_stay_over_machine_runs_and_lead_to_the_newer(stores: Stores, database: Database) -> None:
    marking = SqlMarking(database)
    old, new = stores.add("cu").slug, stores.add("moi").slug
    answer = add_answer(stores, old, "Nghỉ thai sản mấy tháng?")
    newer = add_answer(stores, new, "Nghỉ thai sản mấy tháng theo luật mới?")
    marks = Marks(now().date(), "Luật mới", newer.id, now().date())
    marked = marking.mark(old, answer.id, marks, Marks())
    assert marked.outdated and marked.superseded_by == newer.id
    with pytest.raises(MarksChanged) as caught:
        marking.mark(old, answer.id, Marks(), Marks())
    assert caught.value.current == marks
    stores.transcripts.save_suggestions(old, [Segment(SegmentKind.ANSWER, 11, 39, "Máy nghe lại")])
    assert stores.transcripts.segments(old) == [marked]
    assert [p.segment.id for p in marking.find("NGHI thai luat moi")] == [newer.id]
    assert [p.episode for p in marking.due(now().date())] == [old]
    assert marking.due(now().date(), set()) == []
    assert {slug for slug, _ in stores.changes.pending()} == {old, new}
    assert actions(database) == ["answer.mark", "segment.add", "segment.add"]


def test_marks_that_cannot_be(stores: Stores, database: Database) -> None:
    marking = SqlMarking(database)
    slug = stores.add().slug
    one, two, three = (add_answer(stores, slug, f"Câu {n}?", 100.0 * n) for n in (1, 2, 3))
    marking.mark(slug, one.id, Marks(superseded_by=two.id), Marks())
    marking.mark(slug, two.id, Marks(superseded_by=three.id), Marks())
    for segment, marks, error in (
        (three.id, Marks(superseded_by=one.id), InvalidInput),
        (three.id, Marks(superseded_by=three.id), InvalidInput),
        (three.id, Marks(superseded_by="khong-co"), NotFound),
        (three.id, Marks(law_note="x"), InvalidInput),
        (three.id, Marks(law_changed=now().date(), law_note="x" * 100_000), InvalidInput),
        ("khong-co", Marks(), NotFound),
    ):
        with pytest.raises(error):
            marking.mark(slug, segment, marks, Marks())
