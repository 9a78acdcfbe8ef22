"""Taking a finished upload into the archive. Idempotent: killed and begun again, it ends the same."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from infra.assembly.archive import Archive
from infra.db.base.clock import now
from infra.intake.recording import IngestRequest, take
from infra.pipeline.speech_steps import CAPTION_FORMATS, sidecar_key
from media.archive.documents import Document, check_pdf, document_key
from media.archive.episodes import Episode, slugify
from media.errors import Conflict, InvalidInput, NotFound
from media.ingest.ingest import ingest
from media.ingest.uploads import Upload, UploadBusy, UploadKind, UploadState, title_of
from media.progress import Progress
from transcribe.captions.formats import read_captions
from transcribe.transcripts import Transcript, TranscriptOrigin
from web.domain.accounts.actor import acting

REPORT_SECONDS = 1.0
ORPHAN_SECONDS = 86_400


def take_upload(archive: Archive, id: str) -> None:
    """Take what was sent, then remove its file; its state says what came of it.

    Raises:
        InvalidInput: it can't be used; its file stays until it expires, so that it can be tried again.
        Unavailable: not now.
    """
    store, files = archive.studio.upload_service.uploads, archive.studio.upload_service.files
    upload = store.upload(id)
    if upload.state is UploadState.TAKEN:  # killed between noting that and removing the file
        files.remove(id)
        return
    with acting(upload.actor):
        progress = _reporter(archive, id)
        if upload.link:
            upload = _fetch(archive, upload, progress)
        episode, known = _take(archive, upload, progress)
        store.taken(id, episode, known)
        files.remove(id)
        if upload.upload_request.captions:
            _forget(archive, upload.upload_request.captions)


def sweep(archive: Archive) -> int:
    """Complete what was killed before it was noted, and remove what expired; return how many changed."""
    store, files = archive.studio.upload_service.uploads, archive.studio.upload_service.files
    changed = 0
    for upload in store.arriving():
        try:
            whole = files.size(upload.id) == upload.length
        except NotFound:
            whole = False
        if whole:
            with acting(upload.actor):
                store.complete(upload.id)
            changed += 1
    for upload in store.expired(now()):
        changed += _forget(archive, upload.id)
    for each in files.ids():
        changed += _remove_orphan(archive, each)
    return changed


def _take(archive: Archive, upload: Upload, progress: Progress) -> tuple[str, bool]:
    """The episode that it became or belongs to, and whether it was in the archive before."""
    with _named(archive, upload) as file:
        match upload.kind:
            case UploadKind.CAPTIONS:
                return _take_captions(archive, upload, file), False
            case UploadKind.DOCUMENT:
                return _take_document(archive, upload, file), False
            case UploadKind.RECORDING if upload.upload_request.episode:
                return _replace(archive, upload, file, progress)
            case UploadKind.RECORDING:
                return _take_recording(archive, upload, file, progress)


def _take_recording(archive: Archive, upload: Upload, file: Path, progress: Progress) -> tuple[str, bool]:
    upload_request = upload.upload_request
    archive.catalogue.programme(
        upload_request.programme
    )  # it may have been merged away meanwhile: NotFound says so
    day = upload_request.date or datetime.now(UTC).date()
    title = upload_request.title or title_of(upload.filename)
    with _captions(archive, upload_request.captions) as captions:
        wanted = IngestRequest(
            programme=upload_request.programme,
            title=title,
            date=day,
            language=upload_request.language,
            slug=_slug(title, f"{upload_request.programme}-{day}"),
            captions=captions,
        )
        taken = take(archive, file, wanted, progress)
    made = taken.episode.created_at
    # An attempt of ours that was killed after its commit finds its own episode.
    ours = (
        taken.known and made is not None and upload.completed_at is not None and made >= upload.completed_at
    )
    return taken.episode.slug, taken.known and not ours


def _replace(archive: Archive, upload: Upload, file: Path, progress: Progress) -> tuple[str, bool]:
    episode = archive.catalogue.episode(upload.upload_request.episode)
    stored = ingest(
        file, storage=archive.storage, encoder=archive.encoder(), scratch=archive.scratch, progress=progress
    )
    job = archive.replacements.replace_recording(episode.slug, stored.recording)
    return episode.slug, job is None


def _take_captions(archive: Archive, upload: Upload, file: Path) -> str:
    """Captions become the newest version of the transcript; earlier ones stay and can be restored."""
    episode = archive.catalogue.episode(upload.upload_request.episode)
    content = file.read_bytes()
    cues = tuple(read_captions(content))
    if episode.recording is not None:  # for a pipeline that has not come to them yet
        for suffix in CAPTION_FORMATS:
            archive.storage.delete(sidecar_key(episode.recording, suffix))
        with file.open("rb") as source:
            archive.storage.put(sidecar_key(episode.recording, _suffix(upload.filename)), source)
    last = archive.transcripts.transcript(episode.slug)
    if last is None or last.cues != cues:
        archive.transcripts.save_transcript(
            episode.slug, Transcript(episode.language, TranscriptOrigin.IMPORTED, cues)
        )
    _suggest(archive, episode)
    return episode.slug


def _suggest(archive: Archive, episode: Episode) -> None:
    """Suggestions by the new words; what people confirmed stays."""
    found = archive.transcripts.transcript(episode.slug)
    if found is None or episode.recording is None:
        return
    duration = archive.catalogue.recording(episode.recording).info.duration
    segments = archive.segmenter.segment(found.cues, found.language, duration)
    archive.transcripts.save_suggestions(episode.slug, segments)


def _take_document(archive: Archive, upload: Upload, file: Path) -> str:
    check_pdf(file)
    with file.open("rb") as source:
        digest = hashlib.file_digest(source, "sha256").hexdigest()
        source.seek(0)
        size = archive.storage.put(document_key(digest), source)
    archive.documents.add(Document(digest, upload.upload_request.episode, upload.filename, size))
    return upload.upload_request.episode


def _fetch(archive: Archive, upload: Upload, progress: Progress) -> Upload:
    """Fetch what a link leads to, once."""
    files, store = archive.studio.upload_service.files, archive.studio.upload_service.uploads
    if upload.length and files.path(upload.id).exists():
        return upload  # fetched by an attempt that was killed later
    from infra.intake.links import fetch

    name, length = fetch(archive, upload.link, files.path(upload.id), progress)
    store.fetched(upload.id, name, length)
    return store.upload(upload.id)


@contextmanager
def _named(archive: Archive, upload: Upload) -> Iterator[Path]:
    """The upload's file under the name it was sent with."""
    path = archive.studio.upload_service.files.path(upload.id)
    if not path.exists():
        raise InvalidInput("The sent file is not there any more; send it again.")
    with TemporaryDirectory(dir=archive.scratch, prefix="upload-") as folder:
        named = Path(folder) / upload.filename
        named.symlink_to(path)
        yield named


@contextmanager
def _captions(archive: Archive, id: str) -> Iterator[Path | None]:
    """Captions that were sent with a recording; they may have expired, then it goes without."""
    if not id:
        yield None
        return
    try:
        found = archive.studio.upload_service.uploads.upload(id)
        with _named(archive, found) as named:
            read_captions(named.read_bytes())
            yield named.rename(named.with_name(f"captions.{_suffix(found.filename)}"))
    except NotFound:
        yield None


def _forget(archive: Archive, id: str) -> bool:
    """Remove an upload, unless it is in use."""
    try:
        archive.studio.upload_service.files.remove(id)
        archive.studio.upload_service.uploads.remove(id)
    except (NotFound, Conflict, UploadBusy):
        return False
    return True


def _remove_orphan(archive: Archive, id: str) -> bool:
    """Remove a file that no upload has, or that a taken one has left; a young one may only lack its row yet."""
    files = archive.studio.upload_service.files
    try:
        if archive.studio.upload_service.uploads.upload(id).state is not UploadState.TAKEN:
            return False
    except NotFound:
        if time.time() - files.path(id).stat().st_mtime < ORPHAN_SECONDS:
            return False
    files.remove(id)
    return True


def _reporter(archive: Archive, id: str) -> Progress:
    last = time.monotonic()

    def report(fraction: float, _note: str) -> None:
        nonlocal last
        if time.monotonic() - last >= REPORT_SECONDS:
            last = time.monotonic()
            archive.studio.upload_service.uploads.report(id, fraction)

    return report


def _suffix(filename: str) -> str:
    suffix = filename.rpartition(".")[2].lower()
    if suffix not in CAPTION_FORMATS:
        raise InvalidInput(
            "“%(filename)s” is not a caption file this reads; give .vtt, .srt or .sbv.", filename=filename
        )
    return suffix


def _slug(title: str, otherwise: str) -> str:
    try:
        return slugify(title)
    except InvalidInput:
        return slugify(otherwise)
