"""The pipeline: what is done to a recording, step by step.

Every step is idempotent: done twice, it leaves what once would have left. It writes to a scratch folder,
stores the files, and only then commits the rows that refer to them; so a step that was killed half-way has
changed nothing that anybody can see. What a step returns is kept by the job engine and given to later ones.
"""

from __future__ import annotations

from collections.abc import Callable

from infra.archive import Archive
from infra.replacing import put_in_place
from infra.work import Step, Work
from media.episodes import EpisodeState
from media.ladder import plan_ladder
from media.loudness import gain_for
from media.progress import Progress, scaled
from media.remux import NotRemuxable, can_remux
from search.embedding import embed_next
from search.indexer import drain, published_passages
from search.passages import Passage

STEPS = (
    Step("playable", "Chuẩn bị phát", 2),
    Step("pictures", "Tạo ảnh xem trước", 1),
    Step("captions", "Đọc phụ đề", 0.1),
    Step("speech", "Nhận dạng lời nói", 6),
    Step("transcript", "Ghi lời thoại", 0.1),
    Step("segments", "Tìm câu hỏi và câu trả lời", 0.5),
    Step("ladder", "Tạo bản nhẹ cho mạng chậm", 14),
)
"""In their order, which is part of what the job engine stores: change it only by `DBOS.patch`. The weights are
roughly minutes for an hour of 720p on two cores."""


def make_playable(work: Work, progress: Progress) -> float:
    """Remux, or encode a first rung; publish if that was asked for. Returns the gain for the sound in dB."""
    info = work.recording.info
    with work.source() as source, work.scratch() as folder:
        gain = 0.0
        try:
            if not can_remux(info):
                raise NotRemuxable
            made = [work.encoder.remux(source, info, folder, progress)]
        except NotRemuxable:
            gain = gain_for(work.encoder.loudness(source, info, scaled(progress, 0, 0.2)))
            first = plan_ladder(info, gain, None).first
            rungs = [first] if first else []
            made = work.encoder.render(source, info, rungs, gain, folder, scaled(progress, 0.2, 1))
        work.keep(folder, made)
    put_in_place(work)
    if work.episode.publish_when_ready:
        _advance(work, EpisodeState.PUBLISHED)
    return gain


def _advance(work: Work, state: EpisodeState) -> None:
    """On from processing; a person may have published or withdrawn the episode meanwhile, and that stands."""
    work.archive.catalogue.set_state(work.episode.slug, state, only_from=EpisodeState.PROCESSING)


def make_pictures(work: Work, progress: Progress) -> None:
    """Poster, storyboard and waveform."""
    info = work.recording.info
    with work.source() as source, work.scratch() as folder:
        poster = work.encoder.poster(source, info, folder)
        board = work.encoder.storyboard(source, info, folder, scaled(progress, 0, 0.7))
        wave = work.encoder.waveform(source, info, folder, scaled(progress, 0.7, 1))
        work.keep(folder, [made for made in (poster, board, wave) if made is not None])


def segment(work: Work, progress: Progress) -> int:
    """Suggest chapters and answers; the episode then waits for an editor. Returns how many there are."""
    progress(0, "")
    archive, slug = work.archive, work.episode.slug
    transcript = archive.transcripts.transcript(slug)
    cues = transcript.cues if transcript else ()
    language = transcript.language if transcript else work.episode.language
    found = archive.segmenter.segment(cues, language, work.recording.info.duration)
    saved = archive.transcripts.save_suggestions(slug, found)
    _advance(work, EpisodeState.REVIEW)
    return len(saved)


def make_ladder(work: Work, progress: Progress) -> None:
    """Encode the rungs that are still missing, and let the master playlist offer what fits."""
    info = work.recording.info
    remuxed = work.made("source")
    with work.source() as source, work.scratch() as folder:
        gain = work.state.get("playable") or 0.0
        if remuxed is not None:
            gain = gain_for(work.encoder.loudness(source, info, scaled(progress, 0, 0.1)))
        plan = plan_ladder(info, gain, remuxed)
        missing = [rung for rung in plan.rungs if work.made(rung.name) is None]
        if missing:
            made = work.encoder.render(source, info, missing, gain, folder, scaled(progress, 0.1, 1))
            work.keep(folder, made)
    if remuxed is not None and not plan.keep_source:
        work.archive.catalogue.remove_renditions(work.recording.id, [remuxed.name])


def refresh_index(archive: Archive) -> int:
    """Index what has changed. Raises `Unavailable` when another process is doing so."""
    return drain(archive.changes, archive.catalogue, archive.transcripts, archive.index, archive.meaning)


def embed_waiting(archive: Archive, stopped: Callable[[], bool]) -> str | None:
    """Embed what the newest episode lacks that waits for it; return it. Raises `Unavailable`."""
    if archive.meaning is None:
        return None

    def published(episode: str) -> list[Passage]:
        return published_passages(episode, archive.catalogue, archive.transcripts)

    return embed_next(archive.meaning, archive.changes, published, stopped)
