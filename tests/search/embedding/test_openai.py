"""The embedder on a server, against a real HTTP server that misbehaves."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import numpy as np
import pytest

from media.errors import InvalidInput, Unavailable
from search.embedding.openai import ATTEMPTS, BATCH, LONGEST_PAUSE_SECONDS, Endpoint, OpenAiEmbedder
from tests.waiting import PATIENCE_SECONDS

Answer = Callable[[BaseHTTPRequestHandler, dict[str, Any]], None]
KEY = "sk-bi-mat"


class Server(ThreadingHTTPServer):
    """Answers as the list says, one after the other, and then soundly."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: list[Answer] = []
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.closing = Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(asked)
        self.server.keys.append(self.headers["Authorization"])
        assert self.path == "/v1/embeddings"
        (self.server.answers.pop(0) if self.server.answers else sound)(self, asked)

    def log_message(self, *_: Any) -> None:
        pass


def send(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def sound(handler: BaseHTTPRequestHandler, asked: dict[str, Any]) -> None:
    rows = [{"index": at, "embedding": [len(text), 1, 2]} for at, text in enumerate(asked["input"])]
    send(handler, json.dumps({"data": rows[::-1]}).encode())


def status(code: int, **headers: str) -> Answer:
    return lambda handler, _: send(handler, b'{"error": {"message": "no"}}', code, **headers)


def says(body: bytes) -> Answer:
    return lambda handler, _: send(handler, body)


def vectors(*rows: Any) -> Answer:
    return says(
        json.dumps({"data": [{"index": n, "embedding": row} for n, row in enumerate(rows)]}).encode()
    )


def cut_short(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
    send(handler, b'{"data": [{"embe', Content_Length="5000")
    handler.close_connection = True


def drips(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    try:
        for _letter in range(40):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        pass


def stalls(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
    assert isinstance(handler.server, Server)
    handler.server.closing.wait(PATIENCE_SECONDS)
    handler.close_connection = True


@pytest.fixture
def server() -> Iterator[Server]:
    opened = Server()
    thread = Thread(target=opened.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield opened
    opened.closing.set()
    opened.shutdown()
    opened.server_close()


def on(server: Server, pauses: list[float] | None = None, **values: Any) -> OpenAiEmbedder:
    values = {"query_seconds": PATIENCE_SECONDS, "batch_seconds": PATIENCE_SECONDS, "key": KEY, **values}
    waits: list[float] = [] if pauses is None else pauses
    return OpenAiEmbedder(Endpoint(server.url, "m", 3, **values), sleep=waits.append)


def test_rows_come_back_in_order_and_of_length_1(server: Server) -> None:
    found = on(server).excerpts(["a", "bb"])
    np.testing.assert_allclose(found[1], np.array([2, 1, 2]) / 3, atol=1e-6)
    assert server.asked == [{"model": "m", "input": ["a", "bb"], "encoding_format": "float"}]
    assert server.keys == [f"Bearer {KEY}"]


def test_prefixes_and_the_model_for_queries_are_sent(server: Server) -> None:
    embedder = on(server, query_model="q", query_prefix="query: ", passage_prefix="passage: ")
    embedder.query("lương")
    embedder.excerpts(["thai sản"])
    assert [(a["model"], a["input"]) for a in server.asked] == [
        ("q", ["query: lương"]),
        ("m", ["passage: thai sản"]),
    ]


def test_many_texts_go_in_several_requests(server: Server) -> None:
    assert on(server).excerpts(["x"] * (2 * BATCH + 1)).shape == (2 * BATCH + 1, 3)
    assert [len(asked["input"]) for asked in server.asked] == [BATCH, BATCH, 1]


@pytest.mark.parametrize("fault", [status(429), status(500), status(503), cut_short])
def test_a_passing_fault_is_tried_again(server: Server, fault: Answer) -> None:
    server.answers = [fault]
    pauses: list[float] = []
    assert on(server, pauses).excerpts(["a"]).shape == (1, 3)
    assert pauses == [0.5]


@pytest.mark.parametrize("fault", [drips, stalls])
def test_who_takes_too_long_is_asked_again(server: Server, fault: Answer) -> None:
    server.answers = [fault] * ATTEMPTS
    pauses: list[float] = []
    with pytest.raises(Unavailable):
        on(server, pauses, batch_seconds=0.1).excerpts(["a"])
    assert pauses == [0.5 * 2**n for n in range(ATTEMPTS - 1)]
    server.answers = []
    assert on(server).excerpts(["a"]).shape == (1, 3)


def test_pauses_grow_and_obey_the_server_within_reason(server: Server) -> None:
    server.answers = [status(429, Retry_After="7"), status(500), status(503, Retry_After="99999")]
    pauses: list[float] = []
    on(server, pauses).excerpts(["a"])
    assert pauses == [7.0, 1.0, LONGEST_PAUSE_SECONDS]


def test_attempts_end(server: Server) -> None:
    server.answers = [status(502)] * 9
    with pytest.raises(Unavailable, match="502") as raised:
        on(server).excerpts(["a"])
    assert len(server.asked) == ATTEMPTS and KEY not in str(raised.value)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (status(401), "TUALAI_EMBEDDER_KEY"),
        (status(400), "TUALAI_EMBEDDER_MODEL"),
        (status(404), "TUALAI_EMBEDDER_URL"),
        (status(302, Location="http://127.0.0.1:1/"), "302"),
        (says(b'{"data": [{"embe'), "can't be used"),
        (says(b"[" * 100_000), "can't be used"),
        (says(b"null"), "can't be used"),
        (says(b'{"data": [{"index": 4, "embedding": [1, 2, 3]}]}'), "can't be used"),
        (says(b'{"data": [{"index": [], "embedding": [1, 2, 3]}]}'), "can't be used"),
        (vectors([1, 2]), "TUALAI_EMBEDDER_SIZE"),
        (vectors([1, 2, 3], [1, 2, 3]), "TUALAI_EMBEDDER_SIZE"),
        (vectors(), "TUALAI_EMBEDDER_SIZE"),
        (vectors([0, 0, 0]), "without a direction"),
        (vectors([1, float("nan"), 0]), "without a direction"),
        (says(b'{"data": [{"embedding": [1e999, 1, 1]}]}'), "without a direction"),
        (vectors(["a", "b", "c"]), "can't be used"),
        (says(b" " * 200_000), "more than"),
    ],
)
def test_what_is_no_answer_is_said_at_once(server: Server, fault: Answer, said: str) -> None:
    server.answers = [fault]
    with pytest.raises(Unavailable, match=said):
        on(server).excerpts(["a"])
    assert len(server.asked) == 1


def test_a_query_waits_once_and_then_not_for_a_while(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.embedding.openai.AWAY_SECONDS", float("inf"))
    server.answers = [stalls]
    embedder = on(server, query_seconds=0.1)
    for _ in range(5):
        with pytest.raises(Unavailable):
            embedder.query("lương")
    assert len(server.asked) == 1
    assert embedder.excerpts(["a"]).shape == (1, 3)


def test_no_server_is_unavailable() -> None:
    embedder = OpenAiEmbedder(Endpoint("http://127.0.0.1:9/v1", "m", 3), sleep=lambda _: None)
    with pytest.raises(Unavailable, match="does not answer"):
        embedder.excerpts(["a"])
    with pytest.raises(Unavailable):
        OpenAiEmbedder(Endpoint("http://[", "m", 3)).query("a")


@pytest.mark.parametrize(
    "endpoint",
    [Endpoint("", "m", 3), Endpoint("ftp://x", "m", 3), Endpoint("http://x", "", 3), Endpoint("http://x", "m", 0),
     Endpoint("http://x", "m", 3, key="mật")],
)  # fmt: skip
def test_missing_settings_are_named(endpoint: Endpoint) -> None:
    with pytest.raises(InvalidInput, match="TUALAI_EMBEDDER"):
        OpenAiEmbedder(endpoint)
