"""A speech engine that cannot be had says what to do."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from media.errors import Unavailable
from transcribe.speech.faster_whisper import WhisperTranscriber
from transcribe.speech.openai_whisper import OpenAiWhisperTranscriber


def test_a_model_nobody_knows(tmp_path: Path) -> None:
    engine = WhisperTranscriber("nonsense", models=tmp_path)
    with pytest.raises(Unavailable, match="packaged:base"):
        engine.transcribe(tmp_path / "a.wav", "vi", 0, 1)


def test_a_folder_that_holds_no_model(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"not a model")
    engine = WhisperTranscriber(str(tmp_path), models=tmp_path)
    with pytest.raises(Unavailable, match="cannot be loaded"):
        engine.transcribe(tmp_path / "a.wav", "vi", 0, 1)


@pytest.mark.skipif(
    importlib.util.find_spec("whisper") is not None, reason="openai-whisper is installed here"
)
def test_openai_whisper_that_is_not_installed(tmp_path: Path) -> None:
    engine = OpenAiWhisperTranscriber(models=tmp_path)
    with pytest.raises(Unavailable, match=r"pip install tualai\[openai-whisper\]"):
        engine.transcribe(tmp_path / "a.wav", "vi", 0, 1)


def test_the_name_says_engine_model_and_precision(tmp_path: Path) -> None:
    assert WhisperTranscriber(models=tmp_path).name == "faster-whisper base int8"
    assert OpenAiWhisperTranscriber("large-v3", models=tmp_path).name == "openai-whisper large-v3"


def test_the_packaged_setting_means_base_to_openai_whisper(tmp_path: Path) -> None:
    assert OpenAiWhisperTranscriber("packaged:base", models=tmp_path).name == "openai-whisper base"


@pytest.mark.parametrize("engine", [WhisperTranscriber, OpenAiWhisperTranscriber])
def test_loading_says_so_before_anything_is_transcribed(
    engine: type[WhisperTranscriber | OpenAiWhisperTranscriber], tmp_path: Path
) -> None:
    (tmp_path / "broken.pt").write_bytes(b"not a model")
    with pytest.raises(Unavailable, match=r"model|installed"):
        engine(str(tmp_path / "broken.pt"), models=tmp_path).load()
