"""The contract of `Versions`, over the fake and SQLite."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from infra.db.outbox.audit import SqlAudit
from infra.db.tables import archive as t
from infra.db.transcripts.transcripts import cue_of
from infra.db.transcripts.versions import SqlVersions
from media.errors import Conflict, NotFound
from tests.fakes.transcripts_memory import MemoryTranscripts
from tests.fakes.versions_memory import MemoryVersions, _now
from tests.stores import Stores
from transcribe.cues import Cue, Word
from transcribe.editing.edits import CueEdit, TranscriptConflict
from transcribe.transcripts import Transcript, TranscriptOrigin
from transcribe.versions import COALESCED, Versions

HELLO = Cue(0.5, 2.25, "Xin chào", (Word("Xin", 0.5, 0.7, 0.9), Word("chào", 0.7, 1.0, 0.4)))
YES = Cue(3, 4, "Dạ", (Word("Dạ", 3, 3.5, 0.2),))
MACHINE = Transcript("vi", TranscriptOrigin.MACHINE, (HELLO, YES), "whisper")
SLUG = "thang-ba"


@pytest.fixture
def versions(stores: Stores) -> Versions:
    stores.add()
    if stores.database is not None:
        return SqlVersions(stores.database)
    assert isinstance(stores.transcripts, MemoryTranscripts)
    return MemoryVersions(stores.transcripts)


def edit(cue: Cue, text: str) -> CueEdit:
    return CueEdit((cue,), (replace(cue, text=text, words=()),))


def cues_of(stores: Stores) -> list[str]:
    found = stores.transcripts.transcript(SLUG)
    assert found is not None
    return [cue.text for cue in found.cues]


def let_pass(stores: Stores, versions: Versions, time: timedelta) -> None:
    """As if everything so far had been done `time` ago."""
    if stores.database is not None:
        with stores.database.write() as c:
            begun = c.execute(t.transcripts.select()).mappings().all()
            for row in begun:
                here = t.transcripts.c.version == row["version"]
                c.execute(t.transcripts.update().where(here).values(created_at=row["created_at"] - time))
    elif isinstance(versions, MemoryVersions):
        versions._now = lambda: _now() + time


def test_an_edit_makes_a_version_by_people_and_marks_the_episode(
    stores: Stores, versions: Versions
) -> None:
    stores.transcripts.save_transcript(SLUG, MACHINE)
    for slug, number in stores.changes.pending():
        stores.changes.settle(slug, number)
    saved = versions.edit(SLUG, [edit(HELLO, "Xin chào anh chị")], "lan", 1)
    assert (saved.version, saved.others) == (2, ())
    assert [word.text for word in saved.made[0].after[0].words] == ["Xin", "chào", "anh", "chị"]
    kept = stores.transcripts.transcript(SLUG)
    assert kept is not None and (kept.origin, kept.version) == (TranscriptOrigin.EDITED, 2)
    assert kept.cues == (saved.made[0].after[0], YES)
    assert [slug for slug, _ in stores.changes.pending()] == [SLUG]
    with pytest.raises(Conflict):
        stores.transcripts.save_transcript(SLUG, MACHINE)


def test_one_authors_edits_are_one_version_for_ten_minutes(stores: Stores, versions: Versions) -> None:
    stores.transcripts.save_transcript(SLUG, MACHINE)
    first = versions.edit(SLUG, [edit(HELLO, "Chào")], "lan", 1)
    second = versions.edit(SLUG, [edit(YES, "Vâng")], "lan", first.version)
    listed = versions.versions(SLUG)
    assert [(v.number, v.author, v.changed, v.cues) for v in listed] == [
        (second.version, "lan", 2, 2),
        (1, "", 0, 2),
    ]
    with pytest.raises(NotFound):
        versions.version(SLUG, first.version)
    third = versions.edit(SLUG, [edit(replace(YES, text="Vâng"), "Dạ vâng")], "minh", second.version)
    assert [v.author for v in versions.versions(SLUG)] == ["minh", "lan", ""]
    let_pass(stores, versions, COALESCED)
    versions.edit(SLUG, [edit(replace(YES, text="Dạ vâng"), "Dạ")], "minh", third.version)
    assert [v.author for v in versions.versions(SLUG)] == ["minh", "minh", "lan", ""]


def test_two_people_at_different_cues_keep_both_works(stores: Stores, versions: Versions) -> None:
    stores.transcripts.save_transcript(SLUG, MACHINE)
    versions.edit(SLUG, [edit(HELLO, "Chào")], "lan", 1)
    saved = versions.edit(SLUG, [edit(YES, "Vâng")], "minh", 1)
    assert cues_of(stores) == ["Chào", "Vâng"]
    assert saved.others is not None
    assert [(e.before[0].text, e.after[0].text) for e in saved.others] == [("Xin chào", "Chào")]
    assert versions.edits_since(SLUG, saved.version) == (saved.version, ())
    assert versions.edits_since(SLUG, 99) == (saved.version, None)
    assert versions.edits_since(SLUG, 0)[1] is None


def test_the_same_cue_is_refused_with_both_texts_and_nothing_is_saved(
    stores: Stores, versions: Versions
) -> None:
    stores.transcripts.save_transcript(SLUG, MACHINE)
    version = versions.edit(SLUG, [edit(HELLO, "Chào")], "lan", 1).version
    with pytest.raises(TranscriptConflict) as caught:
        versions.edit(SLUG, [edit(YES, "Vâng"), edit(HELLO, "Kính chào")], "minh", 1)
    assert caught.value.version == version
    assert [(c.edit, [cue.text for cue in c.now]) for c in caught.value.clashes] == [(1, ["Chào"])]
    assert cues_of(stores) == ["Chào", "Dạ"]


def test_an_edit_sent_twice_is_made_once(stores: Stores, versions: Versions) -> None:
    stores.transcripts.save_transcript(SLUG, MACHINE)
    first = versions.edit(SLUG, [edit(HELLO, "Chào")], "lan", 1)
    again = versions.edit(SLUG, [edit(HELLO, "Chào")], "lan", 1)
    assert again.version == first.version
    assert [cue.text for cue in again.made[0].after] == ["Chào"]


def test_restoring_makes_a_new_version(stores: Stores, versions: Versions) -> None:
    stores.transcripts.save_transcript(SLUG, MACHINE)
    saved = versions.edit(SLUG, [edit(HELLO, "Chào")], "lan", 1)
    restored = versions.restore(SLUG, 1, "minh")
    assert restored.version == saved.version + 1
    assert restored.cues == MACHINE.cues and restored.origin is TranscriptOrigin.EDITED
    assert versions.version(SLUG, saved.version).cues[0].text == "Chào"
    assert versions.edits_since(SLUG, 1)[1] is None
    with pytest.raises(NotFound):
        versions.restore(SLUG, 77, "minh")


def test_a_file_replaces_only_what_was_seen(stores: Stores, versions: Versions) -> None:
    imported = Transcript("vi", TranscriptOrigin.IMPORTED, (Cue(1, 2, "Mới"),))
    assert versions.replace(SLUG, imported, "lan", 0).version == 1
    with pytest.raises(Conflict):
        versions.replace(SLUG, imported, "lan", 0)
    assert versions.replace(SLUG, replace(imported, cues=(YES,)), "lan", 1).version == 2
    assert [v.changed for v in versions.versions(SLUG)] == [1, 1]


def test_unknown_episodes_and_missing_transcripts(stores: Stores, versions: Versions) -> None:
    assert versions.versions(SLUG) == [] and versions.edits_since(SLUG, 0) == (0, ())
    with pytest.raises(NotFound):
        versions.edit(SLUG, [edit(HELLO, "Chào")], "lan", 0)
    for call in (versions.versions, lambda slug: versions.edits_since(slug, 1)):
        with pytest.raises(NotFound):
            call("khong-co")


def test_sqlite_notes_versions_not_keystrokes(stores: Stores, versions: Versions) -> None:
    if stores.database is None:
        return
    stores.transcripts.save_transcript(SLUG, MACHINE)
    with stores.database.write() as c:
        c.execute(t.episodes.update().values(captions_read=1))
    version = 1
    for text in ("C", "Ch", "Chà", "Chào"):
        before = versions.version(SLUG, version).cues[0]
        version = versions.edit(SLUG, [edit(before, text)], "lan", version).version
    versions.restore(SLUG, 1, "lan")
    found = [entry.action for entry in SqlAudit(stores.database).entries(action="transcript.")]
    assert found == ["transcript.restore", "transcript.edit"]
    assert stores.catalogue.episode(SLUG).captions_read == version


def test_of_ninety_minutes_only_what_is_touched_becomes_objects(
    stores: Stores, versions: Versions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Making objects of all the words takes longer than everything else about saving."""
    if stores.database is None:
        return
    cues = []
    for n in range(500):
        words = tuple(Word(f"chữ{k}", 2 * n + k / 6, 2 * n + (k + 1) / 6, 0.5) for k in range(10))
        cues.append(Cue(2.0 * n, 2.0 * n + 1.9, " ".join(w.text for w in words), words))
    stores.transcripts.save_transcript(SLUG, replace(MACHINE, cues=tuple(cues)))
    version = versions.edit(SLUG, [edit(cues[200], "chữ0 chữ1 khác")], "lan", 1).version
    made: list[Cue] = []

    def made_of(row: Any) -> Cue:
        made.append(cue_of(row))
        return made[-1]

    for module in ("stored_cues", "transcripts", "versions"):
        monkeypatch.setattr(f"infra.db.transcripts.{module}.cue_of", made_of)
    versions.edit(SLUG, [edit(cues[300], "chữ0 chữ1 khác")], "lan", version)
    assert cues[300] in made and len(made) < 20
