"""An openai-whisper checkpoint made from the packaged weights, so that its adapter is tested without a hub.

Reads CTranslate2's `model.bin` (binary version 6: `ModelSpec._serialize` in ctranslate2/specs/model_spec.py) and
undoes what its Whisper converter did: names, and query, key and value fused into one matrix.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

_VERSION = 6
_TYPES = ("<f4", "i1", "<i2", "<i4", "<f2")
_HEADS = 8
"""Attention heads of the base model."""

Tensor = NDArray[Any]


def write_checkpoint(model_bin: Path, target: Path) -> Path:
    """Write `target` (a `.pt` file, about 145 MB) unless it is there. Needs torch."""
    import torch

    if target.is_file():
        return target
    tensors = dict(_renamed(_read(model_bin)))
    state = {name: torch.from_numpy(np.ascontiguousarray(value)) for name, value in tensors.items()}
    scratch = target.with_suffix(f".{os.getpid()}")
    torch.save({"dims": _dims(tensors), "model_state_dict": state}, scratch)
    return scratch.replace(target)


def _read(model_bin: Path) -> dict[str, Tensor]:
    with model_bin.open("rb") as file:
        (version,) = _numbers(file, "I")
        assert version == _VERSION, f"model.bin has version {version}, not {_VERSION}"
        _text(file)  # name of the specification
        _, count = _numbers(file, "II")
        return dict(_tensor(file) for _ in range(count))


def _tensor(file: BinaryIO) -> tuple[str, Tensor]:
    name = _text(file)
    (rank,) = _numbers(file, "B")
    shape = _numbers(file, f"{rank}I")
    kind, size = _numbers(file, "BI")
    return name, np.frombuffer(file.read(size), dtype=_TYPES[kind]).reshape(shape)


def _text(file: BinaryIO) -> str:
    (length,) = _numbers(file, "H")
    return file.read(length)[:-1].decode()


def _numbers(file: BinaryIO, kinds: str) -> tuple[int, ...]:
    return struct.unpack(f"<{kinds}", file.read(struct.calcsize(f"<{kinds}")))


_PARTS = {
    "encodings": "positional_embedding",
    "embeddings/weight": "token_embedding.weight",
    "self_attention/layer_norm": "attn_ln",
    "attention/layer_norm": "cross_attn_ln",
    "ffn/layer_norm": "mlp_ln",
    "ffn/linear_0": "mlp.0",
    "ffn/linear_1": "mlp.2",
    "self_attention/linear_1": "attn.out",
    "attention/linear_0": "cross_attn.query",
    "attention/linear_2": "cross_attn.out",
}
_FUSED = {
    "self_attention/linear_0": ("attn.query", "attn.key", "attn.value"),
    "attention/linear_1": ("cross_attn.key", "cross_attn.value"),
}


def _renamed(tensors: dict[str, Tensor]) -> Iterator[tuple[str, Tensor]]:
    for name, value in tensors.items():
        if not value.ndim or "alignment" in name:
            continue  # settings
        side, _, rest = name.replace("position_encodings/", "").partition("/")
        if rest.startswith("layer_") and not rest.startswith("layer_norm"):
            layer, _, rest = rest.partition("/")
            side += f".blocks.{layer.removeprefix('layer_')}"
        elif rest.startswith("layer_norm"):
            rest = rest.replace("layer_norm", "ln_post" if side == "encoder" else "ln")
        rest = rest.replace("/gamma", "/weight").replace("/beta", "/bias")
        for part, value_of_part in _unfused(rest, value.astype(np.float32)):
            yield f"{side}.{part}", value_of_part


def _unfused(rest: str, value: Tensor) -> Iterator[tuple[str, Tensor]]:
    stem, _, kind = rest.rpartition("/")
    if stem not in _FUSED:
        yield _PARTS.get(rest) or f"{_PARTS.get(stem, stem)}.{kind}".strip("."), value
        return
    names = _FUSED[stem]
    for name, piece in zip(names, np.split(value, len(names)), strict=True):
        if not (name.endswith("key") and kind == "bias"):  # keys have none; the converter put zeros
            yield f"{name}.{kind}", piece


def _dims(tensors: dict[str, Tensor]) -> dict[str, int]:
    """As `whisper.model.ModelDimensions`."""
    audio, text = (
        tensors["encoder.positional_embedding"].shape,
        tensors["decoder.positional_embedding"].shape,
    )
    return {
        "n_mels": tensors["encoder.conv1.weight"].shape[1],
        "n_vocab": tensors["decoder.token_embedding.weight"].shape[0],
        **{"n_audio_ctx": audio[0], "n_audio_state": audio[1], "n_audio_head": _HEADS},
        **{"n_text_ctx": text[0], "n_text_state": text[1], "n_text_head": _HEADS},
        "n_audio_layer": _layers(tensors, "encoder"),
        "n_text_layer": _layers(tensors, "decoder"),
    }


def _layers(tensors: dict[str, Tensor], side: str) -> int:
    return len({name.split(".")[2] for name in tensors if name.startswith(f"{side}.blocks.")})
