"""Speech recognition by openai-whisper (the original, on PyTorch); optional, imported when chosen."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

from media.errors import InvalidInput, Unavailable
from transcribe.speech.port import Speech
from transcribe.speech.timing import Heard, base_language, is_invented, on_the_clock, whole_words
from transcribe.speech.wav import RATE, Samples, Span, merge_spans, read_window
from transcribe.speech.windows import find_silences, sample_levels

_TEMPERATURE = 0.0
"""No sampling, for the reasons given in `engine_whisper`; so are the two below."""
_COMPRESSION_RATIO = 2.4
_FASTEST_SPEECH = 8.0
_JOIN_GAP = 2.0
_PAD = 0.2
_PIECE = 30.0
"""Seconds given to the engine at once: it returns only when it is done, and one is to be able to stop."""


class OpenAiWhisperTranscriber:
    """The `Transcriber` port on openai-whisper. The model is loaded at the first use."""

    def __init__(self, model: str = "base", *, models: Path, device: str = "cpu", beam: int = 5) -> None:
        """Choose a model (nothing is loaded yet): a name openai-whisper knows, or the path of a `.pt` file.

        `packaged:base`, the default setting, stands for the name `base`: those weights are CTranslate2's.
        `models` is the folder that keeps fetched models; `device` is PyTorch's (`cpu`, `cuda`).
        """
        model = model.removeprefix("packaged:")
        self.name = f"openai-whisper {Path(model).stem if model.endswith('.pt') else model}"
        self._setting, self._models, self._device, self._beam = model, models, device, beam
        self._loaded: Any = None
        self._loading = threading.Lock()

    def transcribe(self, audio: Path, language: str | None, start: float, end: float) -> Speech:
        """See the port."""
        model = self._model()
        code = None if language is None else _code(language)
        samples = read_window(audio, start, end)
        spans = _audible(samples)
        if not spans:
            return Speech(language or "und", 0.0, iter(()))
        probability = 1.0
        if code is None:
            code, probability = _detected(
                model, _taken(samples, Span(spans[0].start, spans[0].start + _PIECE))
            )
        blocks = _pieces(merge_spans(spans, _JOIN_GAP))
        heard = self._heard(model, samples, blocks, code)
        return Speech(language or code, probability, on_the_clock(heard, blocks, spans, offset=start))

    def _heard(self, model: Any, samples: Samples, blocks: list[Span], code: str) -> Iterator[Heard]:
        elapsed = 0.0
        for block in blocks:
            result = model.transcribe(
                _taken(samples, block),
                language=code,
                beam_size=self._beam,
                temperature=_TEMPERATURE,
                condition_on_previous_text=False,
                word_timestamps=True,
                fp16=self._device != "cpu",
                verbose=None,
            )
            for segment in result["segments"]:
                if is_invented(segment["text"], segment["no_speech_prob"], segment["avg_logprob"]):
                    continue
                if _goes_round(segment):
                    continue
                words = [_piece(word, elapsed, block.end - block.start) for word in segment["words"]]
                yield from whole_words(words, code)
            elapsed += block.end - block.start

    def load(self) -> None:
        """Load the model now instead of at the first use. Raises `Unavailable`, naming the cure."""
        self._model()

    def _model(self) -> Any:
        with self._loading:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    def _load(self) -> Any:
        try:
            import whisper
        except ImportError as error:
            raise Unavailable(
                "openai-whisper is not installed; run `pip install tualai[openai-whisper]`, "
                "or choose the faster-whisper engine."
            ) from error
        try:
            return whisper.load_model(self._setting, device=self._device, download_root=str(self._models))
        except (RuntimeError, OSError, EOFError, KeyError, UnpicklingError) as error:
            raise Unavailable(
                "The speech model %(setting)s cannot be loaded by openai-whisper (%(why)s). Check the"
                " connection, set it to the path of a .pt file, or choose the faster-whisper engine.",
                setting=self._setting,
                why=str(error)[:160],
            ) from error


def _goes_round(segment: Any) -> bool:
    fastest = _FASTEST_SPEECH * (segment["end"] - segment["start"])
    return bool(
        segment["compression_ratio"] > _COMPRESSION_RATIO and len(segment["text"].split()) > fastest
    )


def _piece(word: Any, elapsed: float, longest: float) -> Heard:
    start, end = (elapsed + min(max(0.0, float(word[edge])), longest) for edge in ("start", "end"))
    return Heard(word["word"], start, end, float(word["probability"]))


def _audible(samples: Samples) -> list[Span]:
    """What is not silence, by loudness (openai-whisper has no voice detector), with a little around it."""
    length = len(samples) / RATE
    spans, at = [], 0.0
    for silence in [*find_silences(sample_levels(samples)), Span(length, length)]:
        if silence.start > at:
            spans.append(Span(max(0.0, at - _PAD), min(length, silence.start + _PAD)))
        at = silence.end
    return merge_spans(spans, 0.0)


def _pieces(blocks: list[Span]) -> list[Span]:
    """Blocks of at most `_PIECE` seconds, as even as can be."""
    pieces = []
    for block in blocks:
        count = max(1, -int(-(block.end - block.start) // _PIECE))
        step = (block.end - block.start) / count
        pieces += [Span(block.start + i * step, block.start + (i + 1) * step) for i in range(count)]
    return pieces


def _taken(samples: Samples, span: Span) -> Samples:
    return samples[round(span.start * RATE) : round(span.end * RATE)]


def _detected(model: Any, samples: Samples) -> tuple[str, float]:
    import whisper

    mel = whisper.log_mel_spectrogram(whisper.pad_or_trim(samples), model.dims.n_mels).to(model.device)
    _, odds = model.detect_language(mel)
    code = max(odds, key=odds.get)
    return str(code), float(odds[code])


def _code(language: str) -> str:
    from whisper.tokenizer import LANGUAGES

    code = base_language(language)
    if code not in LANGUAGES:
        raise InvalidInput(
            "The speech engine does not know the language %(language)s; give a tag such as vi or en, or"
            " leave it out to have it detected.",
            language=repr(language),
        )
    return code
