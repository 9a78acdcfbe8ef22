"""The pipeline: what is done to a recording, piece by piece, in the order of `infra.jobs.plan`.

Every piece is idempotent: done twice, it leaves what once would have left. It writes to a scratch folder,
stores the files, and only then commits the rows that refer to them; so a piece that was killed half-way has
changed nothing that anybody can see. What a piece returns is kept and given to later ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from infra.assembly.archive import Archive
from infra.jobs.plan import Key
from infra.pipeline.replacing import put_in_place
from infra.pipeline.work import Work, work_prefix
from media.archive.episodes import EpisodeState
from media.encoding.chunks import plan_chunks
from media.encoding.ladder import Rung, plan_ladder
from media.encoding.remux import NotRemuxable, can_remux
from media.probing.loudness import gain_for
from media.progress import Progress, scaled
from search.embedding.backfill import embed_next
from search.indexer import drain, published_passages
from search.passages.passage import Passage


def make_playable(work: Work, progress: Progress) -> dict[str, Any]:
    """Remux, or plan a first rung to be encoded. Returns that plan (empty once it can be played) and what the
    whole job keeps to: its recording and its language."""
    info = work.recording.info
    kept = {
        "recording": work.recording.id,
        "replacing": work.archive.replacements.recording_of(work.job) is not None,
        "language": work.episode.language or None,
        "gain": 0.0,
    }
    try:
        if not can_remux(info):
            raise NotRemuxable("The recording has to be encoded.")
        if work.made("source") is None:
            with work.source() as source, work.scratch() as folder:
                made = [work.encoder.remux(source, info, folder, progress)]
                work.keep(folder, made)
        _let_be_watched(work)
        return kept | rungs_plan(work, [])
    except NotRemuxable:
        with work.source() as source:
            gain = gain_for(work.encoder.loudness(source, info, progress))
    first = plan_ladder(info, gain, None).first
    rungs = [first] if first and work.made(first.name) is None else []
    if not rungs:
        _let_be_watched(work)
    return kept | {"gain": gain} | rungs_plan(work, rungs)


def watch_early(work: Work) -> None:
    """The first rung is there."""
    _let_be_watched(work)


def rungs_plan(work: Work, rungs: list[Rung], *, sound: bool = True) -> dict[str, Any]:
    """How some rungs are encoded: their chunks, and whether the sound is."""
    shown = [rung for rung in rungs if rung.height]
    chunks = plan_chunks(work.recording.info, shown[0].frame_rate) if shown else []
    return {
        "rungs": [asdict(rung) for rung in rungs],
        "chunks": [[chunk.first, chunk.end] for chunk in chunks],
        "sound": sound and any(rung.audio_kbps for rung in rungs),
    }


def make_pictures(work: Work, progress: Progress) -> dict[str, Any]:
    """Poster, storyboard and waveform."""
    info = work.recording.info
    with work.source() as source, work.scratch() as folder:
        poster = work.encoder.poster(source, info, folder)
        board = work.encoder.storyboard(source, info, folder, scaled(progress, 0, 0.7))
        wave = work.encoder.waveform(source, info, folder, scaled(progress, 0.7, 1))
        made = [each for each in (poster, board, wave) if each is not None]
        if made:
            work.keep(folder, made)
    return {"made": len(made)}


def segment(work: Work, progress: Progress) -> dict[str, Any]:
    """Suggest chapters and answers; the episode then waits for an editor. Returns how many there are."""
    progress(0, "")
    archive, slug = work.archive, work.episode.slug
    transcript = archive.transcripts.transcript(slug)
    cues = transcript.cues if transcript else ()
    language = transcript.language if transcript else work.episode.language
    found = archive.segmenter.segment(cues, language, work.recording.info.duration)
    saved = archive.transcripts.save_suggestions(slug, found)
    _advance(work, EpisodeState.REVIEW)
    return {"suggested": len(saved)}


def tidy(work: Work, progress: Progress) -> dict[str, Any]:
    """The ladder is whole: what only led to it goes."""
    progress(0, "")
    if work.done[Key("measure")]["drop"]:
        work.archive.catalogue.remove_renditions(work.recording.id, ["source"])
    work.archive.storage.delete(work_prefix(work.job))
    return {}


def _let_be_watched(work: Work) -> None:
    put_in_place(work)
    if work.episode.publish_when_ready:
        _advance(work, EpisodeState.PUBLISHED)


def _advance(work: Work, state: EpisodeState) -> None:
    """On from processing; a person may have published or withdrawn the episode meanwhile, and that stands."""
    work.archive.catalogue.set_state(work.episode.slug, state, only_from=EpisodeState.PROCESSING)


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
