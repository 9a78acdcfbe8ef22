"""The checking proxy, and yt-dlp behind it: 127.0.0.2 stands for the public, everything else is private."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from media.errors import InvalidInput
from media.ingest.guarded_proxy import CheckingProxy, serving
from media.ingest.uploads import TooLarge
from media.ingest.ytdlp import fetch
from media.progress import silent
from tests.infra.clips import make_clip

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("links")]  # processes, ffmpeg and whole archives

PUBLIC = "127.0.0.2"


class Handler(http.server.BaseHTTPRequestHandler):
    routes: dict[str, tuple[int, str, bytes]]
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        status, where, body = self.routes.get(urlsplit(self.path).path, (404, "", b""))
        self.send_response(status)
        if where:
            self.send_header("Location", where)
        self.send_header("Content-Type", "video/mp4" if self.path.endswith(".mp4") else "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    do_HEAD = do_GET  # noqa: N815 - http.server's name

    def log_message(self, *_: object) -> None:
        return


@contextmanager
def web(
    host: str, routes: dict[str, tuple[int, str, bytes]], port: int = 0
) -> Iterator[tuple[int, list[str]]]:
    asked: list[str] = []
    handler = type("H", (Handler,), {"routes": routes, "asked": asked})
    with http.server.ThreadingHTTPServer((host, port), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server.server_address[1], asked
        finally:  # also after a skip: a thread left behind would keep pytest from ending
            server.shutdown()
            thread.join()


def proxy(port: int, **options: object) -> CheckingProxy:
    """One that takes 127.0.0.2 for public and looks names up as its own table says."""
    names = {
        "public.example": [PUBLIC],
        "private.example": ["127.0.0.1"],
        "both.example": [PUBLIC, "10.0.0.1"],
    }

    def look_up(host: str, _port: int) -> list[str]:
        import socket

        found = names.get(host)
        return found or [
            str(each[4][0]) for each in socket.getaddrinfo(host, 0, flags=socket.AI_NUMERICHOST)
        ]

    given = {
        "resolver": look_up,
        "allowed": lambda address: address == PUBLIC,
        "ports": frozenset({port}),
        **options,
    }
    return CheckingProxy(50_000_000, **given)  # type: ignore[arg-type]


def get(address: str, url: str) -> httpx.Response:
    with httpx.Client(proxy=address, timeout=10) as client:
        return client.get(url)


def test_a_public_page_comes_through(tmp_path: Path) -> None:
    with web(PUBLIC, {"/x": (200, "", b"hello")}) as (port, asked), serving(proxy(port)) as address:
        assert get(address, f"http://public.example:{port}/x?y=1").text == "hello"
        assert asked == ["/x?y=1"]


@pytest.mark.parametrize(
    "host",
    ["private.example", "both.example", "127.0.0.1", "127.0.0.3", "localhost", "[::1]", "2130706433", "0x7f000001",
     "127.1", "169.254.169.254", "[::ffff:127.0.0.1]", "no-such-host.invalid"],
)  # fmt: skip
def test_nothing_private_is_reached(host: str) -> None:
    with web("127.0.0.1", {"/secret": (200, "", b"secret")}) as (port, asked):
        found = proxy(port)
        with serving(found) as address:
            assert get(address, f"http://{host}:{port}/secret").status_code == 403
            with httpx.Client(proxy=address, timeout=10) as client, pytest.raises(httpx.ProxyError):
                client.get(f"https://{host}:{port}/secret")
        assert asked == []
        assert found.refusals


def test_other_ports_are_refused() -> None:
    with web(PUBLIC, {}) as (port, _), serving(proxy(port + 1 if port < 65535 else 1)) as address:
        assert get(address, f"http://public.example:{port}/").status_code == 403


def test_a_name_that_changes_its_answer_is_looked_up_once() -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    looked: list[str] = []

    def rebinding(host: str, _port: int) -> list[str]:
        looked.append(host)
        return next(answers)

    with (
        web(PUBLIC, {"/": (200, "", b"public")}) as (port, _),
        web("127.0.0.1", {"/": (200, "", b"secret")}, port),
    ):
        found = proxy(port, resolver=rebinding)
        with serving(found) as address:
            assert get(address, f"http://rebind.example:{port}/").text == "public"
            assert get(address, f"http://rebind.example:{port}/").status_code == 403
    assert (
        looked == ["rebind.example"] * 2
    )  # once for each connection, and that answer is the one connected to


def test_too_much_ends() -> None:
    with web(PUBLIC, {"/": (200, "", b"x" * 300_000)}) as (port, _):
        found = CheckingProxy(
            100_000, resolver=lambda *_: [PUBLIC], allowed=lambda _: True, ports=frozenset({port})
        )
        with serving(found) as address, pytest.raises(httpx.HTTPError):
            get(address, f"http://public.example:{port}/")
        assert found.overrun


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return make_clip(tmp_path_factory.mktemp("clips") / "clip.mp4", 2.0).read_bytes()


def by_ytdlp(
    path: str, tmp_path: Path, routes: dict[str, tuple[int, str, bytes]], largest: int = 40_000_000
) -> Path:
    """What yt-dlp brings. `check_link` allows the usual ports only, so the proxy leads port 80 to the server's."""
    target = tmp_path / "fetched"
    with web(PUBLIC, routes) as (port, _):
        found = proxy(80)
        connect = found.connect

        def at_port(host: str, asked: int):  # type: ignore[no-untyped-def]
            import socket

            connect_to = socket.create_connection
            try:
                socket.create_connection = lambda to, seconds: connect_to((to[0], port), seconds)  # type: ignore[assignment]
                return connect(host, asked)
            finally:
                socket.create_connection = connect_to

        found.connect = at_port  # type: ignore[method-assign]
        fetch(
            f"http://public.example{path}",
            target,
            tmp_path,
            proxy=found,
            largest=largest,
            seconds=60,
            progress=silent,
        )
    return target


@pytest.mark.slow
def test_yt_dlp_fetches_a_recording(tmp_path: Path, clip: bytes) -> None:
    pytest.importorskip("yt_dlp")
    routes = {"/buoi-sang.mp4": (200, "", clip), "/go": (302, "/buoi-sang.mp4", b"")}
    assert by_ytdlp("/buoi-sang.mp4", tmp_path, routes).read_bytes() == clip
    assert by_ytdlp("/go", tmp_path, routes).read_bytes() == clip


@pytest.mark.slow
@pytest.mark.parametrize(
    "where", ["http://127.0.0.1/x.mp4", "http://169.254.169.254/latest", "http://[::1]/x.mp4", "http://2130706433/x.mp4",
              "http://private.example/x.mp4", "https://private.example/x.mp4", "file:///etc/passwd"],
)  # fmt: skip
def test_yt_dlp_follows_no_redirect_to_a_private_address(tmp_path: Path, where: str) -> None:
    pytest.importorskip("yt_dlp")
    with pytest.raises(InvalidInput):
        by_ytdlp("/go", tmp_path, {"/go": (302, where, b"")})
    assert not (tmp_path / "fetched").exists()


@pytest.mark.slow
def test_yt_dlp_stops_at_the_limit(tmp_path: Path, clip: bytes) -> None:
    pytest.importorskip("yt_dlp")
    with pytest.raises((TooLarge, InvalidInput)):
        by_ytdlp("/a.mp4", tmp_path, {"/a.mp4": (200, "", clip)}, largest=10_000)
