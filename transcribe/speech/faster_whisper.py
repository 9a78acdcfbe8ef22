"""Speech recognition by faster-whisper (Whisper on CTranslate2)."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from media.errors import InvalidInput, Unavailable
from transcribe.speech.port import Speech
from transcribe.speech.timing import Heard, base_language, is_invented, on_the_clock, whole_words
from transcribe.speech.wav import RATE, Samples, Span, merge_spans, read_window
from transcribe.speech.weights import PACKAGED, model_path

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

TEMPERATURES = (0.0,)
"""One beam search and no sampling, so that a window gives the same words whatever ran before: CTranslate2 seeds
a sampling thread only once (`set_random_seed` before each window has no effect), so a resumed run would differ.
Whisper's five further temperatures also cost 3–5× on repetitive or unclear speech; what they gain and lose
stands in docs/decisions/speech.md."""
_COMPRESSION_RATIO = 2.4
_LOG_PROBABILITY = -1.0
_NO_SPEECH = 0.6
"""Thresholds of the Whisper paper (Radford et al. 2022, section 4.5)."""
_FASTEST_SPEECH = 8.0
"""Words (or Vietnamese syllables) a second; repeated text faster than this is the decoder going round."""
_JOIN_GAP = 2.0
"""Speech further apart than this (seconds) is decoded without the silence between."""


class WhisperTranscriber:
    """The `Transcriber` port on faster-whisper. The model is loaded at the first use; safe to share
    between threads (which then take turns)."""

    def __init__(
        self,
        model: str = PACKAGED,
        *,
        models: Path,
        device: str = "cpu",
        compute_type: str = "int8",
        threads: int = 0,
        beam: int = 5,
    ) -> None:
        """Choose a model; nothing is loaded yet.

        Args:
            model: see `weights.model_path`; a name is fetched from faster-whisper's hub.
            models: the folder that keeps models.
            device: `cpu`, `cuda` or `auto`.
            compute_type: CTranslate2's: `int8`, `int8_float16`, `float16`, `float32`…
            threads: of one recognition; 0 leaves it to CTranslate2.
            beam: width of the search; 1 is fastest.
        """
        self.name = f"faster-whisper {model.removeprefix('packaged:')} {compute_type}"
        self._model_setting, self._models = model, models
        self._device, self._compute_type = device, compute_type
        self._threads, self._beam = threads, beam
        self._loaded: WhisperModel | None = None
        self._loading = threading.Lock()

    def transcribe(self, audio: Path, language: str | None, start: float, end: float) -> Speech:
        """See the port."""
        model = self._model()
        code = None if language is None else _code(language, model.supported_languages)
        samples = read_window(audio, start, end)
        spans = find_speech(samples)
        if not spans:
            return Speech(language or "und", 0.0, iter(()))
        blocks = merge_spans(spans, _JOIN_GAP)
        segments, info = model.transcribe(
            _joined(samples, blocks),
            language=code,
            beam_size=self._beam,
            temperature=list(TEMPERATURES),
            compression_ratio_threshold=_COMPRESSION_RATIO,
            log_prob_threshold=_LOG_PROBABILITY,
            no_speech_threshold=_NO_SPEECH,
            condition_on_previous_text=False,
            word_timestamps=True,
        )
        heard = _heard(segments, info.language)
        probability = 1.0 if code else float(info.language_probability)
        words = on_the_clock(heard, blocks, spans, offset=start)
        return Speech(language or info.language, probability, words)

    def load(self) -> None:
        """Load the model now instead of at the first use. Raises `Unavailable`, naming the cure."""
        self._model()

    def _model(self) -> WhisperModel:
        with self._loading:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    def _load(self) -> WhisperModel:
        # Read by huggingface_hub when it is first imported; its own defaults wait for minutes.
        os.environ.setdefault("HF_HUB_ETAG_TIMEOUT", "5")
        os.environ.setdefault("HF_HUB_DOWNLOAD_TIMEOUT", "15")
        os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
        place = model_path(self._model_setting, self._models)
        from faster_whisper import WhisperModel

        try:
            return WhisperModel(
                place if Path(place).is_dir() else self._fetched(place),
                device=self._device,
                compute_type=self._compute_type,
                cpu_threads=self._threads,
            )
        except (ValueError, RuntimeError, OSError) as error:
            raise Unavailable(
                "The speech model %(setting)s cannot be loaded on %(device)s as %(compute_type)s"
                " (%(why)s); try cpu with int8, or set the model to %(packaged)s.",
                setting=self._model_setting,
                device=self._device,
                compute_type=self._compute_type,
                why=_short(error),
                packaged=PACKAGED,
            ) from error

    def _fetched(self, name: str) -> str:
        from faster_whisper import download_model

        folder = str(self._models)
        try:
            return str(download_model(name, cache_dir=folder, local_files_only=True))
        except ValueError as error:
            if "expected one of" in str(error):
                raise Unavailable(
                    "There is no speech model called %(name)s; set it to %(packaged)s, a folder, a name"
                    " such as large-v3-turbo, or owner/model.",
                    name=name,
                    packaged=PACKAGED,
                ) from error
        except Exception:  # noqa: S110 - not kept yet, however the hub's library says so
            pass
        try:
            return str(download_model(name, cache_dir=folder))
        except Exception as error:
            raise Unavailable(
                "The speech model %(name)s could not be fetched (%(why)s). Check the connection, put the"
                " model's folder on this machine and set its path, or set the model to %(packaged)s.",
                name=name,
                why=_short(error),
                packaged=PACKAGED,
            ) from error


def find_speech(samples: Samples) -> list[Span]:
    """Where somebody speaks, in seconds from the first sample, by the Silero network in faster-whisper."""
    if not len(samples):
        return []
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    options = VadOptions(
        threshold=0.5, min_silence_duration_ms=200, min_speech_duration_ms=100, speech_pad_ms=100
    )
    found = get_speech_timestamps(samples, options)
    return [Span(span["start"] / RATE, span["end"] / RATE) for span in found if span["end"] > span["start"]]


def _joined(samples: Samples, blocks: Sequence[Span]) -> Samples:
    import numpy as np

    return np.concatenate([samples[round(b.start * RATE) : round(b.end * RATE)] for b in blocks])


def _heard(segments: Any, language: str) -> Iterator[Heard]:
    """Words as the engine says them, each segment as soon as it is decoded."""
    for segment in segments:
        if is_invented(segment.text, segment.no_speech_prob, segment.avg_logprob):
            continue
        if _goes_round(segment):
            continue
        pieces = [
            Heard(w.word, float(w.start), float(w.end), float(w.probability)) for w in segment.words or ()
        ]
        yield from whole_words(pieces, language)


def _goes_round(segment: Any) -> bool:
    """Whether the decoder repeated itself faster than anybody speaks; repetition alone may be real."""
    fastest = _FASTEST_SPEECH * (segment.end - segment.start)
    return bool(segment.compression_ratio > _COMPRESSION_RATIO and len(segment.text.split()) > fastest)


def _code(language: str, known: Sequence[str]) -> str:
    """Whisper's code for a BCP 47 tag. Raises `InvalidInput`."""
    code = base_language(language)
    if code not in known:
        raise InvalidInput(
            "The speech engine does not know the language %(language)s; give a tag such as vi or en, or"
            " leave it out to have it detected.",
            language=repr(language),
        )
    return code


def _short(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:160]
