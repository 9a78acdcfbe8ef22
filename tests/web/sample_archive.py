"""A small archive for the site's tests: realistic names, long names, hostile text, empty states."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from io import BytesIO

from media.archive.episodes import (
    Episode,
    EpisodeState,
    Guest,
    Programme,
    Recording,
    Rendition,
    RenditionKind,
    Topic,
    renditions_prefix,
)
from media.probing.media_info import MediaInfo
from search.index import SearchIndex
from search.passages.building import organisations
from search.passages.passage import Passage, PassageKind
from tests.fakes.catalogue_memory import MemoryCatalogue
from tests.fakes.documents_memory import MemoryDocuments
from tests.fakes.index_memory import MemoryIndex
from tests.fakes.jobs_memory import MemoryJobs
from tests.fakes.plays_memory import MemoryPlays
from tests.fakes.searches_memory import MemorySearches
from tests.fakes.storage_memory import MemoryStorage
from tests.fakes.transcripts_memory import MemoryTranscripts
from tests.fakes.views_memory import MemoryViews
from tests.segments import save_segment
from transcribe.cues import Cue
from transcribe.segments import Segment, SegmentKind, SegmentOrigin, SegmentState
from transcribe.transcripts import Transcript, TranscriptOrigin
from web.domain.statistics.search_counter import SearchCounter
from web.domain.statistics.view_counter import ViewCounter, public_lengths
from web.services import ArchiveServices, Services, SiteSettings

UNION, WAGE_UNION = "Công đoàn khu công nghiệp", "Liên đoàn Lao động, ban chính sách & pháp luật"
HOSTILE = '<script>alert("x")</script> & "ngoặc" \'đơn\''
LONG_TITLE = (
    "Buổi trò chuyện đặc biệt cuối năm về tiền lương, tiền thưởng Tết, làm thêm giờ, nghỉ phép năm và những"
    " thay đổi của chính sách bảo hiểm xã hội mà anh chị em công nhân khu công nghiệp cần biết trước khi về quê"
)
SEGMENT_BYTES = bytes(range(256)) * 40
DURATION = 300.0
MATERNITY, WAGES, LONG, DRAFT, WITHDRAWN, HOSTILE_SLUG = (
    "thai-san-va-bao-hiem",
    "tien-luong-va-tang-ca",
    "buoi-tro-chuyen-dac-biet",
    "ban-nhap",
    "da-go",
    "chu-doc",
)

QUESTIONS = [
    ("Tôi nghỉ thai sản được mấy tháng?", "chị Lành, xưởng may", "thai-san", 20.0, 75.0),
    ("Chồng tôi có được nghỉ khi tôi sinh con không?", "chị Thắm", "thai-san", 75.0, 140.0),
    ("Đóng bảo hiểm chưa đủ sáu tháng thì có tiền thai sản không?", "", "bao-hiem", 150.0, 230.0),
]
WAGE_QUESTIONS = [
    ("Tăng ca ngày Chủ nhật được trả lương bao nhiêu?", "anh Tư, tổ hàn", "tien-luong", 12.0, 80.0),
    ("Công ty chậm lương hai tháng thì tôi phải làm gì?", "", "tien-luong", 90.0, 190.0),
]
SPEECH = [
    "Chào anh chị em công nhân, hôm nay chúng ta nói về chế độ thai sản.",
    "Lao động nữ được nghỉ trước và sau khi sinh con là sáu tháng.",
    "Thời gian nghỉ trước khi sinh không quá hai tháng.",
    "Nếu sinh đôi trở lên thì từ con thứ hai, cứ mỗi con được nghỉ thêm một tháng.",
]


@dataclass(frozen=True)
class Archive:
    """The services with the fakes behind them, so that tests can change what they hold."""

    services: Services
    catalogue: MemoryCatalogue
    transcripts: MemoryTranscripts
    jobs: MemoryJobs
    plays: MemoryPlays
    searches: MemorySearches
    counter: SearchCounter
    storage: MemoryStorage
    index: SearchIndex


def recording_id(number: int) -> str:
    """A recording's id: as long as a SHA-256 in hex."""
    return f"{number:064x}"


def hls_renditions() -> list[Rendition]:
    """Two sizes, sound only and a poster."""
    video = RenditionKind.VIDEO
    return [
        Rendition(
            "720", video, "720/index.m3u8", 1280, 720, 400_000, 200_000, "avc1.4d401f,mp4a.40.2", 1, 25
        ),
        Rendition(
            "480", video, "480/index.m3u8", 854, 480, 200_000, 120_000, "avc1.4d401e,mp4a.40.2", 1, 25
        ),
        Rendition("audio", RenditionKind.AUDIO, "audio/index.m3u8", 0, 0, 60_000, 48_000, "mp4a.40.2", 1),
        Rendition("poster", RenditionKind.POSTER, "poster.jpg", 1280, 720),
    ]


CUES = tuple(Cue(4.0 * n, 4.0 * n + 3.8, SPEECH[n % len(SPEECH)]) for n in range(70))
MANY_CUES = tuple(Cue(2.0 * n, 2.0 * n + 1.9, f"{SPEECH[n % 4]} Câu số {n}.") for n in range(2000))


def build(index: SearchIndex | None = None) -> Archive:
    """Make the archive; `index` replaces the one in memory."""
    archive = empty(index)
    _fill(archive)
    return archive


def empty(index: SearchIndex | None = None) -> Archive:
    """The same without an episode."""
    jobs = MemoryJobs()
    catalogue = MemoryCatalogue(jobs)
    transcripts = MemoryTranscripts(catalogue)
    plays = MemoryPlays(catalogue, transcripts)
    storage, index = MemoryStorage(), index or MemoryIndex()
    searches = MemorySearches()
    counter = SearchCounter(searches, seconds=3600)
    views = MemoryViews(catalogue, transcripts, plays)
    services = Services(
        settings=SiteSettings(base_url="https://tualai.example"),
        counter=counter,
        view_counter=ViewCounter(views, public_lengths(catalogue), seconds=3600),
        archive=ArchiveServices(
            catalogue=catalogue,
            transcripts=transcripts,
            index=index,
            storage=storage,
            jobs=jobs,
            plays=plays,
            searches=searches,
            views=views,
            documents=MemoryDocuments(),
        ),
    )
    return Archive(services, catalogue, transcripts, jobs, plays, searches, counter, storage, index)


def _fill(archive: Archive) -> None:
    catalogue = archive.catalogue
    catalogue.save_programme(
        Programme("diem-hen", "Điểm hẹn công nhân", "vi", "Mỗi quý một buổi, hỏi đáp.")
    )
    for topic in (
        Topic("thai-san", "Thai sản", "Maternity", ("nghỉ sinh", "sinh con")),
        Topic("tien-luong", "Tiền lương", "Wages"),
        Topic("bao-hiem", "Bảo hiểm xã hội", "Social insurance"),
        Topic("an-toan", "An toàn lao động", "Safety at work"),
    ):
        catalogue.save_topic(topic)
    cues = list(CUES)
    _add(archive, 1, MATERNITY, "Thai sản và bảo hiểm", date(2025, 3, 15), QUESTIONS, cues)
    _add(archive, 2, WAGES, "Tiền lương và tăng ca", date(2024, 12, 1), WAGE_QUESTIONS, cues[:10])
    _add(archive, 3, LONG, LONG_TITLE, date(2024, 2, 3), [], list(MANY_CUES), duration=4000.0)
    _add(archive, 4, DRAFT, "Bản nháp", date(2025, 4, 1), QUESTIONS, cues, EpisodeState.REVIEW)
    _add(archive, 5, WITHDRAWN, "Đã gỡ", date(2025, 5, 1), QUESTIONS, cues, EpisodeState.WITHDRAWN)
    hostile = [(HOSTILE, HOSTILE, "an-toan", 1.0, 30.0)]
    hostile_cues = [Cue(1.0, 3.0, HOSTILE), Cue(4.0, 6.0, "a --> b\n\nc")]
    _add(archive, 6, HOSTILE_SLUG, HOSTILE, date(2023, 1, 1), hostile, hostile_cues)


def _add(
    archive: Archive,
    number: int,
    slug: str,
    title: str,
    day: date,
    questions: list[tuple[str, str, str, float, float]],
    cues: list[Cue],
    state: EpisodeState = EpisodeState.PUBLISHED,
    duration: float = DURATION,
) -> None:
    recording = Recording(
        recording_id(number),
        f"{slug}.mp4",
        1000,
        f"recordings/{recording_id(number)}/source.mp4",
        MediaInfo("mp4", duration),
    )
    guests = (Guest("Bà Trần Thị Mẫu", "Cán bộ chính sách", WAGE_UNION if slug == WAGES else UNION),)
    topics = tuple(dict.fromkeys(topic for _, _, topic, _, _ in questions))
    episode = Episode(
        slug,
        "diem-hen",
        title,
        day,
        description="Hỏi đáp cùng công đoàn.",
        notice="Giọng nói trong số này do máy đọc.",
        state=state,
        guests=guests,
        topics=topics,
    )
    job = archive.jobs.job(archive.catalogue.add_episode(episode, recording))
    archive.jobs.cancel(job.id)
    _store(archive, recording)
    for index, (question, asker, topic, start, end) in enumerate(questions):
        segment = Segment(
            SegmentKind.ANSWER,
            start,
            end,
            question,
            question,
            asker,
            ("Bà Trần Thị Mẫu",),
            topics=(topic,),
            origin=SegmentOrigin.EDITOR if index == 0 else SegmentOrigin.MACHINE,
            state=SegmentState.CONFIRMED if index == 0 else SegmentState.SUGGESTED,
        )
        save_segment(archive.transcripts, slug, segment)
    chapter = Segment(SegmentKind.CHAPTER, 0.0, DURATION / 2, "Chào mừng")
    save_segment(archive.transcripts, slug, chapter)
    origin = TranscriptOrigin.MACHINE if number == 1 else TranscriptOrigin.IMPORTED
    archive.transcripts.save_transcript(slug, Transcript("vi", origin, tuple(cues), "sample"))
    if state == EpisodeState.PUBLISHED:
        archive.index.replace(slug, _passages(archive, episode, cues))


def _store(archive: Archive, recording: Recording) -> None:
    archive.catalogue.save_renditions(recording.id, hls_renditions())
    prefix = renditions_prefix(recording.id)
    archive.storage.put(recording.storage_key, BytesIO(b"the source"))
    archive.storage.put(f"{prefix}/480/index.m3u8", BytesIO(b"#EXTM3U\n"))
    archive.storage.put(f"{prefix}/480/1.m4s", BytesIO(SEGMENT_BYTES))
    archive.storage.put(f"{prefix}/480/init.mp4", BytesIO(b"init"))
    archive.storage.put(f"{prefix}/poster.jpg", BytesIO(b"jpeg"))
    archive.storage.put(f"{prefix}/notes.html", BytesIO(b"<p>"))


def _passages(archive: Archive, episode: Episode, cues: list[Cue]) -> list[Passage]:
    found = []
    for each in archive.transcripts.segments(episode.slug):
        kind = PassageKind(each.kind.value)
        text = " ".join(cue.text for cue in cues if each.start <= cue.start < each.end)
        found.append(
            _passage(episode, kind, each.question or each.title, text, each.start, each.end, each.topics)
        )
    for start in range(0, min(len(cues), 80), 4):
        group = cues[start : start + 4]
        text = " ".join(cue.text for cue in group)
        found.append(_passage(episode, PassageKind.SPEECH, "", text, group[0].start, group[-1].end))
    return found


def _passage(
    episode: Episode,
    kind: PassageKind,
    title: str,
    text: str,
    start: float,
    end: float,
    topics: tuple[str, ...] = (),
) -> Passage:
    return Passage(
        f"{episode.slug}:{kind}:{round(start * 1000)}",
        episode.slug,
        kind,
        title,
        text,
        start,
        end,
        episode.programme,
        episode.title,
        episode.date,
        episode.language,
        topics,
        ("Bà Trần Thị Mẫu",) if kind == PassageKind.ANSWER else (),
        organisations(episode.guests),
    )
