"""What tests of the desk share: an episode with everything it needs, and calls by role."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from httpx import Response
from starlette.testclient import TestClient

from media.archive.episodes import (
    Episode,
    Organisation,
    Programme,
    Rendition,
    RenditionKind,
    renditions_prefix,
)
from tests.segments import save_segment
from tests.web.studio.conftest import Studio, csrf_in
from transcribe.cues import Cue
from transcribe.segments import Segment, SegmentKind, SegmentOrigin, SegmentState
from transcribe.transcripts import Transcript, TranscriptOrigin

OWN = "cong-doan-bien-hoa"


@dataclass
class Desk:
    """Somebody's browser at the desk, with its form token."""

    client: TestClient
    csrf: str

    def post(self, url: str, **form: Any) -> Response:
        return self.client.post(url, data={"csrf": self.csrf, **form})

    def call(self, method: str, url: str, body: Any = None, **headers: str) -> Response:
        return self.client.request(method, url, json=body, headers={"X-CSRF": self.csrf, **headers})


def desk(studio: Studio, role: str) -> Desk:
    client = studio.client(role)
    return Desk(client, csrf_in(client.get("/studio/account").text) if role else "none")


def add_ready(studio: Studio, slug: str = "thang-ba", organisation: str = "", **values: object) -> Episode:
    """An episode in review that can be published."""
    episode = studio.stores.add(slug, topics=("thai-san",), **values)
    if organisation:
        studio.services.studio.taxonomy.save_organisation(Organisation(organisation, organisation), None)  # type: ignore[union-attr]
        studio.services.archive.catalogue.save_programme(
            Programme("dh", "Điểm hẹn", organisation=organisation)
        )
    assert episode.recording
    rendition = Rendition("480", RenditionKind.VIDEO, "480/index.m3u8", 854, 480, 1, 1, "avc1", 1, 25)
    studio.services.archive.catalogue.save_renditions(episode.recording, [rendition])
    prefix = renditions_prefix(episode.recording)
    studio.services.archive.storage.put(f"{prefix}/480/index.m3u8", BytesIO(b"#EXTM3U\n"))
    studio.services.archive.storage.put(f"{prefix}/480/1.m4s", BytesIO(b"segment"))
    transcripts = studio.services.archive.transcripts
    transcripts.save_transcript(
        slug, Transcript("vi", TranscriptOrigin.MACHINE, (Cue(0, 5, "Chào anh chị."),))
    )
    add_answer(studio, slug, "Nghỉ thai sản mấy tháng?", 10.0)
    job = studio.services.archive.jobs.job_of(slug)
    assert job
    studio.services.archive.jobs.cancel(job.id)
    return studio.services.archive.catalogue.episode(slug)


def add_answer(studio: Studio, slug: str, question: str, start: float) -> Segment:
    made = Segment(
        SegmentKind.ANSWER, start, start + 30, question, question,
        origin=SegmentOrigin.EDITOR, state=SegmentState.CONFIRMED,
    )  # fmt: skip
    return save_segment(studio.services.archive.transcripts, slug, made)


def form_of(episode: Episode, **changed: str) -> dict[str, str]:
    """What the facts' form sends."""
    return {
        "version": str(episode.version),
        "title": episode.title,
        "date": episode.date.isoformat(),
        "programme": episode.programme,
        "language": episode.language,
        "description": episode.description,
        "notice": episode.notice,
        "slug": episode.slug,
        "has_topics": "yes",
        "topics": "thai-san",
        **changed,
    }
