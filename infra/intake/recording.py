"""Taking a recording into the archive: file, captions, episode and job."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from infra.assembly.archive import Archive
from infra.pipeline.speech_steps import CAPTION_FORMATS, sidecar_key
from media.archive.episodes import Episode, Guest, Programme, Topic, slugify
from media.errors import Conflict, InvalidInput, NotFound
from media.ingest.ingest import ingest
from media.progress import Progress, scaled
from transcribe.captions.formats import LARGEST, read_captions


@dataclass(frozen=True, slots=True)
class IngestRequest:
    """What is to become of a file. `language` "" means: detect it.

    A programme (slug) or topic (slug or name) that there is none of yet is added, once the file has
    proved to be a recording.
    """

    programme: str
    title: str
    date: date
    language: str = "vi"
    slug: str = ""
    description: str = ""
    notice: str = ""
    topics: tuple[str, ...] = ()
    guests: tuple[Guest, ...] = ()
    captions: Path | None = None
    publish: bool = False
    programme_title: str = ""


@dataclass(frozen=True, slots=True)
class IngestedRecording:
    """The episode, its job (None when the recording was known), whether it was known, and the names of
    programme and topics that were added for it."""

    episode: Episode
    job: str | None
    known: bool
    added: tuple[str, ...] = ()


def take(archive: Archive, file: Path, wanted: IngestRequest, progress: Progress) -> IngestedRecording:
    """Ingest `file` and commit its episode together with the job that processes it.

    The same bytes again give the episode there is already.

    Raises:
        InvalidInput: the file or its captions can't be used; nothing is left behind.
        Unavailable: no room, no ffmpeg, no database.
    """
    captions = _read(wanted.captions)
    slug = wanted.slug or slugify(wanted.title)
    encoder = archive.encoder()
    stored = ingest(
        file,
        storage=archive.storage,
        encoder=encoder,
        scratch=archive.scratch,
        progress=scaled(progress, 0, 0.98),
    )
    recording = stored.recording
    there = archive.catalogue.episode_of(recording.id)
    if there is not None:
        return IngestedRecording(there, None, True)
    if wanted.captions is not None:
        with wanted.captions.open("rb") as source:
            archive.storage.put(sidecar_key(recording.id, captions), source)
    topics, added = ensure_topics(archive, wanted.topics)
    if ensure_programme(archive, wanted):
        added.insert(0, wanted.programme_title or wanted.programme)
    try:
        job = archive.catalogue.add_episode(_episode(wanted, slug, topics), recording)
    except Conflict:  # the same file, ingested by somebody else meanwhile
        there = archive.catalogue.episode_of(recording.id)
        if there is None:
            raise
        return IngestedRecording(there, None, True)
    progress(1.0, "")
    made = archive.catalogue.episode(archive.records.job(job).episode)
    return IngestedRecording(made, job, False, tuple(added))


def ensure_programme(archive: Archive, wanted: IngestRequest) -> bool:
    """Add the programme if there is none yet; return whether it was added."""
    slug = wanted.programme
    try:
        archive.catalogue.programme(slug)
    except NotFound:
        programme = Programme(slug, wanted.programme_title or slug, wanted.language or "vi")
        archive.catalogue.save_programme(programme)
        return True
    return False


def ensure_topics(archive: Archive, names: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """Find topics by slug or name and add those there are not; return all slugs, and the added names."""
    known = archive.catalogue.topics()
    by_name = {key: topic.slug for topic in known for key in (topic.slug, slugify(topic.name_vi))}
    slugs, added = [], []
    for name in names:
        slug = by_name.get(slugify(name))
        if slug is None:
            slug = slugify(name)
            archive.catalogue.save_topic(Topic(slug, name, name))
            by_name[slug] = slug
            added.append(name)
        slugs.append(slug)
    return tuple(dict.fromkeys(slugs)), added


def _episode(wanted: IngestRequest, slug: str, topics: tuple[str, ...]) -> Episode:
    return Episode(
        slug=slug,
        programme=wanted.programme,
        title=wanted.title,
        date=wanted.date,
        language=wanted.language,
        description=wanted.description,
        notice=wanted.notice,
        publish_when_ready=wanted.publish,
        guests=wanted.guests,
        topics=topics,
    )


def _read(captions: Path | None) -> str:
    """Check captions before anything is stored; return their format."""
    if captions is None:
        return ""
    suffix = captions.suffix.lower().lstrip(".")
    if suffix not in CAPTION_FORMATS:
        raise InvalidInput(
            "%(captions)s is not a caption file this reads; give .vtt, .srt or .sbv.", captions=captions
        )
    try:
        if captions.stat().st_size > LARGEST:
            raise InvalidInput(
                "%(captions)s is larger than %(most)s MB; that can't be captions.",
                captions=captions,
                most=LARGEST >> 20,
            )
        content = captions.read_bytes()
    except OSError as error:
        raise InvalidInput(
            "%(captions)s can't be read (%(why)s); check the path.", captions=captions, why=error.strerror
        ) from error
    try:
        read_captions(content)
    except InvalidInput as error:
        raise InvalidInput("%(captions)s: %(why)s", captions=captions, why=error) from error
    return suffix
