"""A proxy on this machine that leads to public addresses only.

Whatever fetches through it can't reach a private network: every host is looked up here, once, every address found
must be public, and the connection goes to the very address that was checked. So a redirect, a name that
answers differently the second time, or a number in disguise ends here.
"""

from __future__ import annotations

import selectors
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from media.ingest.links import PORTS, is_public

HEAD_BYTES = 64 << 10
PIECE_BYTES = 64 << 10
CONNECT_SECONDS = 20
IDLE_SECONDS = 60.0

Resolver = Callable[[str, int], list[str]]
_HOP = ("connection", "proxy-connection", "keep-alive", "proxy-authorization", "te", "upgrade")


class Refused(Exception):
    """The proxy does not lead there."""


class CheckingProxy:
    """What the proxy may do and what it saw. `most` bytes may come in all; `refusals` are the hosts that it did
    not lead to, `overrun` whether too much came."""

    def __init__(
        self,
        most: int,
        *,
        resolver: Resolver | None = None,
        allowed: Callable[[str], bool] = is_public,
        ports: frozenset[int] = frozenset(PORTS.values()),
    ) -> None:
        self._left = most
        self._resolver, self._allowed, self._ports = resolver or _look_up, allowed, ports
        self._lock = threading.Lock()
        self.refusals: list[str] = []
        self.overrun = False

    def connect(self, host: str, port: int) -> socket.socket:
        """A connection to a checked address. Raises `Refused`."""
        try:
            found = self._resolver(host, port) if port in self._ports else []
        except OSError:
            found = []
        if not found or not all(self._allowed(address) for address in found):
            self.refusals.append(host)
            raise Refused(host)
        for address in found:
            try:
                return socket.create_connection((address, port), CONNECT_SECONDS)
            except OSError:
                continue
        raise Refused(host)

    def count(self, size: int) -> bool:
        """Note bytes that came; False when that is too much."""
        with self._lock:
            self._left -= size
            self.overrun = self.overrun or self._left < 0
            return not self.overrun


@contextmanager
def serving(proxy: CheckingProxy) -> Iterator[str]:
    """Serve on a port of this machine; gives the address."""

    class Handler(_Handler):
        rules = proxy

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


class _Handler(socketserver.BaseRequestHandler):
    """One connection from the client: one request, never a second one to somewhere else."""

    rules: CheckingProxy

    def handle(self) -> None:
        self.request.settimeout(IDLE_SECONDS)
        try:
            head, rest = _read_head(self.request)
            method, target, *_ = head.split("\r\n", 1)[0].split(" ")
            if method == "CONNECT":
                self._tunnel(target, rest)
            else:
                self._forward(method, target, head, rest)
        except Refused:
            self._say("403 Forbidden")
        except (OSError, ValueError):
            self._say("502 Bad Gateway")

    def _tunnel(self, target: str, rest: bytes) -> None:
        host, _, port = target.rpartition(":")
        with self.rules.connect(host.strip("[]"), int(port)) as upstream:
            self.request.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            if rest:
                upstream.sendall(rest)
            self._pump(upstream)

    def _forward(self, method: str, target: str, head: str, rest: bytes) -> None:
        parts = urlsplit(target)
        if parts.scheme != "http" or not parts.hostname:
            raise Refused(target)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        fields = [line for line in head.split("\r\n")[1:] if line.partition(":")[0].lower() not in _HOP]
        fields = [line for line in fields if line.partition(":")[0].lower() != "host"]
        lines = [
            f"{method} {path} HTTP/1.1",
            f"Host: {parts.netloc.rpartition('@')[2]}",
            *fields,
            "Connection: close",
        ]
        with self.rules.connect(parts.hostname, parts.port or 80) as upstream:
            upstream.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + rest)
            self._pump(upstream, both=False)

    def _pump(self, upstream: socket.socket, both: bool = True) -> None:
        """Pass on what comes until one side ends or too much has come."""
        with selectors.DefaultSelector() as selector:
            selector.register(upstream, selectors.EVENT_READ, self.request)
            if both:
                selector.register(self.request, selectors.EVENT_READ, upstream)
            while ready := selector.select(IDLE_SECONDS):
                for key, _ in ready:
                    source: socket.socket = key.fileobj  # type: ignore[assignment]
                    data = source.recv(PIECE_BYTES)
                    if not data or (source is upstream and not self.rules.count(len(data))):
                        return
                    key.data.sendall(data)

    def _say(self, status: str) -> None:
        try:
            self.request.sendall(
                f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
            )
        except OSError:
            return


def _read_head(connection: socket.socket) -> tuple[str, bytes]:
    """The request's head as text, and bytes that came after it. Raises `ValueError`."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(PIECE_BYTES)
        if not piece or len(data) > HEAD_BYTES:
            raise ValueError("no request")
        data += piece
    head, _, rest = data.partition(b"\r\n\r\n")
    return head.decode("latin-1"), rest


def _look_up(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))
