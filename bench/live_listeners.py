"""Many browsers that follow a broadcast: one process, one socket each, every event noted.

    python -m bench.live_listeners PORT SLUG COUNT AFTER

Says “ready” when all are open; at the end of its input it writes a JSON report and ends.
"""

from __future__ import annotations

import asyncio
import json
import re
import resource
import sys
import time
from typing import ClassVar

_EVENT = re.compile(rb"id: (\d+)\nevent: (?!beat)\w+\n")
OPENING_AT_ONCE = 100


class Follower(asyncio.Protocol):
    """One browser: opens the stream, keeps the ids it was given, comes back when it is cut off."""

    seen: ClassVar[dict[bytes, tuple[int, ...]]] = {}
    """What a piece of a stream has in it: all get the same pieces, and reading each once leaves the machine to the site."""

    def __init__(self, port: int, slug: str, number: int, after: int) -> None:
        self._port, self._slug, self._number = port, slug, number
        self.after = after
        self.ids: list[int] = []
        self.times_opened = 0
        self.refused = 0
        self._rest = b""
        self._head = True
        self.opened: asyncio.Future[None] | None = None

    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        self.opened = loop.create_future()
        await loop.create_connection(lambda: self, "127.0.0.1", self._port)
        await self.opened

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.times_opened += 1
        self._rest, self._head = b"", True
        last = self.ids[-1] if self.ids else self.after
        address = f"10.{self._number >> 16 & 255}.{self._number >> 8 & 255}.{self._number & 255}"
        assert isinstance(transport, asyncio.Transport)
        transport.write(
            f"GET /api/v1/episodes/{self._slug}/events?after={last} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Accept: text/event-stream\r\nX-Forwarded-For: {address}\r\nLast-Event-ID: {last}\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        if self._head:
            self._rest += data
            head, found, rest = self._rest.partition(b"\r\n\r\n")
            if not found:
                return
            self._head, self._rest, data = False, b"", rest
            if b" 200 " not in head.split(b"\r\n", 1)[0]:
                self.refused += 1
            if self.opened is not None and not self.opened.done():
                self.opened.set_result(None)
        data = self._rest + data
        end = data.rfind(b"\n\n") + 2
        if end < 2:
            self._rest = data
            return
        piece, self._rest = data[:end], data[end:]
        found_ids = self.seen.get(piece)
        if found_ids is None:
            if len(self.seen) > 5000:
                self.seen.clear()
            found_ids = self.seen[piece] = tuple(map(int, _EVENT.findall(piece)))
        self.ids.extend(found_ids)

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002
        asyncio.get_running_loop().call_later(1.0, lambda: asyncio.ensure_future(self.open()))


async def follow(port: int, slug: str, count: int, after: int) -> None:
    everybody = [Follower(port, slug, number, after) for number in range(count)]
    began = time.perf_counter()
    for first in range(0, count, OPENING_AT_ONCE):
        await asyncio.gather(*(each.open() for each in everybody[first : first + OPENING_AT_ONCE]))
    print(json.dumps({"ready": round(time.perf_counter() - began, 2)}), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    lists = {tuple(each.ids) for each in everybody}
    used = resource.getrusage(resource.RUSAGE_SELF)
    report = {
        "different": len(lists),
        "ids": max(lists, key=len),
        "fewest": min(map(len, lists)),
        "reconnected": sum(each.times_opened - 1 for each in everybody),
        "refused": sum(each.refused for each in everybody),
        "disordered": sum(list(each) != sorted(set(each)) for each in lists),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 1),
    }
    print(json.dumps(report), flush=True)


def main() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 65_536)), hard))
    port, slug, count, after = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4]
    asyncio.run(follow(int(port), slug, int(count), int(after)))


if __name__ == "__main__":
    main()
