"""An HTTP proxy that does what networks and busy stores do. One request a connection."""

from __future__ import annotations

import socket
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """What happens to one request."""

    NONE = "none"
    REFUSED = "refused"  # cut before it is read
    ERROR_500 = "500"
    SLOW_DOWN = "503"
    LOST = "lost"  # done, but the answer never comes
    CUT_UPLOAD = "cut upload"  # half of its body arrives
    DAMAGED_UPLOAD = "damaged upload"
    CUT_DOWNLOAD = "cut download"  # half of the answer's body arrives
    SHORT_DOWNLOAD = "short download"  # so too, and the length says it is all
    DAMAGED_DOWNLOAD = "damaged download"
    STALL = "stall"  # half of the answer's body, then silence


@dataclass(frozen=True)
class Asked:
    """A request: its number from 0, method and path with query."""

    number: int
    method: str
    path: str


Plan = Callable[[Asked], Fault]
_CODES = {Fault.ERROR_500: ("500", "InternalError"), Fault.SLOW_DOWN: ("503", "SlowDown")}


class FaultyProxy(socketserver.ThreadingTCPServer):
    """Passes requests on to `upstream` as `plan` says, which may be replaced any time."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, upstream: int, stall: float) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.upstream, self.stall = upstream, stall
        self.plan: Plan = lambda asked: Fault.NONE
        self.seen: list[tuple[Asked, Fault]] = []
        self.added: bytes = b""  # a header line for all answers
        self._lock = threading.Lock()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def note(self, method: str, path: str) -> Fault:
        with self._lock:
            asked = Asked(len(self.seen), method, path)
            fault = self.plan(asked)
            self.seen.append((asked, fault))
        return fault

    def handle_error(self, request: object, client_address: object) -> None:
        """Cut connections are what this is for."""


@contextmanager
def faulty_proxy(upstream: int, stall: float = 3.0) -> Iterator[FaultyProxy]:
    """A proxy before the port `upstream`, in a thread; a stall lasts so many seconds."""
    with FaultyProxy(upstream, stall) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield proxy
        finally:
            proxy.shutdown()
            thread.join()


class _Handler(socketserver.BaseRequestHandler):
    server: FaultyProxy

    def handle(self) -> None:
        head, rest = _head(self.request)
        if not head:
            return
        method, path = head[0].split(" ")[:2]
        fault = self.server.note(method, path)
        if fault is Fault.REFUSED:
            return
        if any(line.lower().startswith("expect:") for line in head):
            self.request.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = _body(self.request, rest, _length(head))
        if fault in _CODES:
            self.request.sendall(_error(*_CODES[fault]))
            return
        self._answer(self._pass_on(head, body, fault), fault, method)

    def _pass_on(self, head: list[str], body: bytes, fault: Fault) -> bytes:
        kept = [line for line in head if not line.lower().startswith(("expect:", "connection:"))]
        if fault is Fault.DAMAGED_UPLOAD and body:
            body = body[:-1] + bytes([body[-1] ^ 1])
        if fault is Fault.CUT_UPLOAD:
            body = body[: len(body) // 2]
        with socket.create_connection(("127.0.0.1", self.server.upstream)) as upstream:
            upstream.sendall("\r\n".join([*kept, "Connection: close", "", ""]).encode() + body)
            if fault is Fault.CUT_UPLOAD:
                return b""
            answer = bytearray()
            while block := upstream.recv(1 << 20):
                answer += block
            return bytes(answer)

    def _answer(self, answer: bytes, fault: Fault, method: str) -> None:
        top, _, body = answer.partition(b"\r\n\r\n")
        if fault is Fault.LOST or not top:
            return
        if method == "HEAD" or len(body) < 2:
            fault = Fault.NONE
        half = body[: len(body) // 2]
        match fault:
            case Fault.DAMAGED_DOWNLOAD:
                body = body[:-1] + bytes([body[-1] ^ 1])
            case Fault.CUT_DOWNLOAD | Fault.STALL:
                body = half
            case Fault.SHORT_DOWNLOAD:
                body, top = half, _with_length(top, len(half))
        added = b"\r\n" + self.server.added if self.server.added else b""
        self.request.sendall(top + added + b"\r\n\r\n" + body)
        if fault is Fault.STALL:
            time.sleep(self.server.stall)
        with suppress(OSError):
            self.request.shutdown(socket.SHUT_RDWR)


def _head(connection: socket.socket) -> tuple[list[str], bytes]:
    data = b""
    while b"\r\n\r\n" not in data:
        block = connection.recv(65_536)
        if not block:
            return [], b""
        data += block
    top, _, rest = data.partition(b"\r\n\r\n")
    return top.decode("latin-1").split("\r\n"), rest


def _body(connection: socket.socket, body: bytes, length: int) -> bytes:
    got = bytearray(body)
    while len(got) < length:
        block = connection.recv(1 << 20)
        if not block:
            break
        got += block
    return bytes(got)


def _length(head: list[str]) -> int:
    lengths = [line.partition(":")[2] for line in head if line.lower().startswith("content-length:")]
    return int(lengths[0]) if lengths else 0


def _with_length(top: bytes, length: int) -> bytes:
    lines = [line for line in top.split(b"\r\n") if not line.lower().startswith(b"content-length:")]
    return b"\r\n".join([*lines, f"Content-Length: {length}".encode()])


def _error(status: str, code: str) -> bytes:
    body = f'<?xml version="1.0"?><Error><Code>{code}</Code><Message>no</Message></Error>'
    return (
        f"HTTP/1.1 {status} {code}\r\nContent-Type: application/xml\r\nConnection: close\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()
