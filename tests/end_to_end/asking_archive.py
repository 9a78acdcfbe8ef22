"""A small archive that knows an answer, takes questions for a programme to come, and has a moderator."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from infra.assembly.wiring import open_archive
from infra.configuration.settings import Settings
from infra.db.base.clock import now
from infra.pipeline.steps import refresh_index
from media.archive.episodes import Episode, EpisodeState, Programme
from tests.segments import save_segment
from tests.stores import a_recording
from transcribe.segments import Segment, SegmentKind, SegmentOrigin, SegmentState
from web.domain.accounts.accounts import Account, Role

KNOWN, COMING = "so-thang-ba", "so-thang-tu"
QUESTION = "Nghỉ thai sản được mấy tháng?"


def make(home: Path) -> str:
    """Fill `home`; return the moderator's session token."""
    with open_archive(Settings(home=home)) as archive:
        archive.catalogue.save_programme(Programme("dh", "Điểm hẹn công nhân"))
        episode = Episode(KNOWN, "dh", "Thai sản và bảo hiểm", date(2026, 3, 15))
        archive.jobs.cancel(archive.catalogue.add_episode(episode, a_recording(f"{1:064x}")))
        origin, state = SegmentOrigin.EDITOR, SegmentState.CONFIRMED
        answer = Segment(
            SegmentKind.ANSWER,
            12.0,
            55.0,
            QUESTION,
            QUESTION,
            "chị Lành",
            ("bà Hoà",),
            origin=origin,
            state=state,
        )
        save_segment(archive.transcripts, KNOWN, answer)
        archive.catalogue.set_state(KNOWN, EpisodeState.PUBLISHED)
        refresh_index(archive)
        coming = Episode(
            COMING, "dh", "Lương, tăng ca và nghỉ phép", date(2026, 12, 1), state=EpisodeState.SCHEDULED
        )
        archive.live.broadcasts.plan(coming, now() + timedelta(days=2))
        moderator = archive.studio.sign_in.accounts.add(Account("", "lan", "Chị Lan", Role.MODERATOR))
        return archive.studio.sign_in.start(moderator, "pytest")
