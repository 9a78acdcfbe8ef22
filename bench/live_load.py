"""The companion under load: many open event streams, many questions, one moderator's desk.

    python -m bench.live_load [--streams 2000] [--rate 50] [--seconds 60] [--processes 1]

The real site as `tualai serve` starts it, on SQLite, over loopback; the listeners are a process of their own. Nothing
of the site is loosened but the hold on unproven questions: each question comes from a device of its own, and all
senders from addresses of their own, as a proxy in front would name them (X-Forwarded-For from loopback).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from infra.assembly.archive import Archive
from infra.assembly.wiring import open_archive
from infra.configuration.settings import Settings
from media.archive.episodes import Episode, EpisodeState, Programme
from web.domain.accounts.accounts import Account, Role
from web.domain.events.events import desk_channel, public_channel
from web.domain.questions.questions import Companion, Hold

TEXTS = (
    "Em nghỉ thai sản được mấy tháng và tiền tính trên lương nào, câu số {0}?",
    "Công ty bắt tăng ca quá bốn tiếng một ngày có đúng không ạ, tổ may {0}?",
    "Tôi nghỉ việc rồi thì sổ bảo hiểm lấy ở đâu, xưởng {0} chưa ai trả lời?",
    "Bị tai nạn trên đường đi làm về thì được hưởng những gì, ca {0}?",
)


def seed(archive: Archive) -> tuple[str, str]:
    """A broadcast that takes questions, and the cookie of a moderator."""
    archive.catalogue.save_programme(Programme("dh", "Điểm hẹn"))
    planned = archive.live.broadcasts.plan(
        Episode("tai-nang", "dh", "Buổi phát thử tải", date(2026, 11, 28), state=EpisodeState.SCHEDULED),
        datetime(2026, 11, 28, 13, 0),
    )
    archive.companion.questions.save_companion(Companion(planned.episode, hold=Hold.NONE))
    moderator = archive.studio.sign_in.accounts.add(Account("", "dieu-phoi", "Điều phối", Role.MODERATOR))
    return planned.episode, archive.studio.sign_in.start(moderator, "bench")


async def desk(port: int, slug: str, cookie: str, seen: dict[str, float]) -> None:
    """The moderator's stream: when each question was told there."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 22)
    writer.write(
        f"GET /api/v1/studio/episodes/{slug}/desk/events HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Accept: text/event-stream\r\nCookie: studio={cookie}\r\n\r\n".encode()
    )
    while line := await reader.readline():
        if found := re.match(rb'data: \{"id":"(\w{32})"\}', line):
            seen.setdefault(found[1].decode(), time.perf_counter())


async def ask_once(port: int, slug: str, number: int, sent: dict[str, float], waits: list[float]) -> int:
    """One worker's question, on a connection of its own; return the status."""
    body = json.dumps({"text": TEXTS[number % len(TEXTS)].format(number)}).encode()
    address = f"10.200.{number >> 8 & 255}.{number & 255}"
    began = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        f"POST /api/v1/episodes/{slug}/questions HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nOrigin: http://127.0.0.1:{port}\r\n"
        f"Sec-Fetch-Site: same-origin\r\nX-Forwarded-For: {address}\r\n"
        f"Cookie: device={secrets.token_urlsafe(18)}\r\n\r\n".encode()
        + body
    )
    answer = await reader.read()
    writer.close()
    waits.append(time.perf_counter() - began)
    status = int(answer.split(b" ", 2)[1])
    if status == 201:
        sent[json.loads(answer[answer.index(b"{") : answer.rindex(b"}") + 1])["id"]] = began
    return status


async def ask_all(port: int, slug: str, cookie: str, rate: float, seconds: float) -> dict[str, Any]:
    """`rate` questions a second, evenly, whether or not earlier ones were answered."""
    seen: dict[str, float] = {}
    sent: dict[str, float] = {}
    waits: list[float] = []
    watching = asyncio.create_task(desk(port, slug, cookie, seen))
    await asyncio.sleep(1)
    began, asking = time.perf_counter(), []
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
        asking.append(asyncio.create_task(ask_once(port, slug, number, sent, waits)))
    statuses = await asyncio.gather(*asking)
    took = time.perf_counter() - began
    for _ in range(100):
        if sent.keys() <= seen.keys():
            break
        await asyncio.sleep(0.1)
    watching.cancel()
    delays = [seen[each] - began for each, began in sent.items() if each in seen]
    return {
        "asked": len(statuses),
        "taken": len(sent),
        "not taken": sorted({each for each in statuses if each != 201}),
        "seconds": round(took, 1),
        "never at the desk": len(sent.keys() - seen.keys()),
        "ask to desk, ms": spread(delays),
        "answer to who asked, ms": spread(waits),
    }


def spread(seconds: list[float]) -> dict[str, int]:
    """p50, p95, p99 and the most, in milliseconds."""
    if len(seconds) < 2:
        return {}
    cuts = statistics.quantiles(seconds, n=100)
    marks = {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "most": max(seconds)}
    return {name: round(value * 1000) for name, value in marks.items()}


@contextmanager
def served(home: Path, processes: int) -> Iterator[tuple[int, int]]:
    """The site as `tualai serve` starts it: its port and process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "infra.commands.app",
        "--home",
        str(home),
        "serve",
        "--port",
        str(port),
    ]
    settings = {**os.environ, "TUALAI_EMBEDDER": "off", "TUALAI_LOG_LEVEL": "warning"}
    server = subprocess.Popen([*command, "--processes", str(processes)], env=settings)
    try:
        wait_for(port, server)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    """Until it answers. Raises `RuntimeError` when it does not start."""
    for _ in range(300):
        if server.poll() is not None:
            break
        with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
            time.sleep(2)
            return
        time.sleep(0.2)
    raise RuntimeError("The site did not start.")


def family(parent: int) -> list[int]:
    """A process and all that it started."""
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True, check=False
    )
    children = [int(each) for each in listed.stdout.split()]
    return [parent, *(each for child in children for each in family(child))]


def used_by(processes: list[int]) -> tuple[float, float]:
    """CPU seconds and resident MB of processes together."""
    ticks, pages = 0, 0
    for each in processes:
        try:
            fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
        pages += int(fields[21])
    return ticks / os.sysconf("SC_CLK_TCK"), pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def run(home: Path, streams: int, rate: float, seconds: float, processes: int) -> dict[str, Any]:
    """The whole bench; the figures."""
    with open_archive(Settings(home=home, embedder="off")) as archive:
        slug, cookie = seed(archive)
        with served(home, processes) as (port, server):
            site = family(server)
            idle_cpu, idle_memory = used_by(site)
            listeners = subprocess.Popen(
                [sys.executable, "-m", "bench.live_listeners", str(port), slug, str(streams), str(archive.live.events.newest())],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
            assert listeners.stdout is not None
            ready = json.loads(listeners.stdout.readline())["ready"]
            open_cpu, open_memory = used_by(site)
            figures = asyncio.run(ask_all(port, slug, cookie, rate, seconds))
            end_cpu, end_memory = used_by(site)
            time.sleep(3)
            said, _ = listeners.communicate("", timeout=60)
            report = json.loads(said)
        told = [each.id for each in archive.live.events.after(0, 1_000_000, [public_channel(slug)])]
        desk_told = len(archive.live.events.after(0, 1_000_000, [desk_channel(slug)]))
    return {
        "streams": streams,
        "opened in, s": ready,
        **figures,
        "public events": len(told),
        "desk events": desk_told,
        "streams that got all": streams
        if [list(report["ids"]), 1] == [told, report["different"]]
        else "NOT ALL",
        "fewest events of a stream": report["fewest"],
        "disordered or doubled": report["disordered"],
        "reconnected": report["reconnected"],
        "refused": report["refused"],
        "site's CPU, cores": round((end_cpu - open_cpu) / figures["seconds"], 2),
        "site's CPU to open, s": round(open_cpu - idle_cpu, 2),
        "site's memory, MB: idle, open, end": [round(idle_memory), round(open_memory), round(end_memory)],
        "listeners' CPU, s": report["cpu_seconds"],
        "machine's load": os.getloadavg()[0],
        "processes": processes,
    }


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--streams", type=int, default=2000)
    parser.add_argument("--rate", type=float, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--processes", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = run(Path(folder), chosen.streams, chosen.rate, chosen.seconds, chosen.processes)
    for name, value in figures.items():
        print(f"{name:36} {value}")
    return (
        0 if figures["streams that got all"] == chosen.streams and not figures["never at the desk"] else 1
    )


if __name__ == "__main__":
    sys.exit(main())
