"""Glass to glass: from the moment a picture is drawn to the moment a browser shows it, at both latency settings.

Run as `python -m bench.live_latency [SECONDS]`. Every picture carries the time at which it was made, as black and white
blocks; it is encoded by ffmpeg as OBS would (x264 veryfast, B-frames, a keyframe a segment), sent by RTMP to a real
`tualai serve --with-live`, played by Chromium on the page that workers see, and the blocks are read back there.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import date
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from infra.assembly.wiring import open_archive
from infra.configuration.settings import read_settings
from media.archive.episodes import Episode, Programme
from media.ffmpeg.programs import find_programs
from tests.end_to_end.serving import browser, site

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "bench-results/live_latency.json"
WIDTH, HEIGHT, RATE, BLOCK, ACROSS, BITS = 640, 360, 25, 40, 16, 40
SETTLE_SECONDS = 15.0
READ = """([width, height, bits, across, block]) => {
  const video = document.querySelector("video");
  if (!video || video.readyState < 2 || video.paused) return null;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(video, 0, 0, width, height);
  const now = Date.now();
  let time = 0;
  for (let bit = 0; bit < bits; bit++) {
    const x = (bit % across) * block + block / 2, y = Math.floor(bit / across) * block + block / 2;
    time = time * 2 + (context.getImageData(x, y, 1, 1).data[0] > 127 ? 1 : 0);
  }
  return (now % 2 ** bits) - time;
}"""


def main() -> int:
    """Measure and print; the figures also go to bench-results/live_latency.json."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 40.0
    results = {}
    for name, length in (("default", 2.0), ("fastest", 1.0)):
        results[name] = measure(length, seconds)
        print(name, json.dumps(results[name]), flush=True)
    RESULTS.write_text(json.dumps(results, indent=2) + "\n")
    return 0


def measure(length: float, seconds: float) -> dict[str, Any]:
    """Latencies in seconds with segments of `length` seconds, read twice a second for so long."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="tualai-latency-"))
    os.environ |= {"TUALAI_HOME": str(folder), "TUALAI_LIVE_RTMP": f"rtmp://127.0.0.1:{port}/live"}
    try:
        key = _plan(length)
        with site(folder, "--with-live") as address, browser() as chromium:
            _wait_for(port)
            stop = threading.Event()
            encoder = threading.Thread(
                target=_encode, args=(f"rtmp://127.0.0.1:{port}/live/{key}", length, stop)
            )
            encoder.start()
            try:
                time.sleep(3 * length + 3)
                page = chromium.new_page()
                page.goto(f"{address}/episodes/so-1")
                page.locator("[data-begin]").click()
                time.sleep(SETTLE_SECONDS)
                return _figures(_sample(page, seconds))
            finally:
                stop.set()
                encoder.join()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _plan(length: float) -> str:
    with open_archive(read_settings()) as archive:
        archive.catalogue.save_programme(Programme("dh", "Điểm hẹn"))
        episode = Episode("so-1", "dh", "Số 1", date.today(), publish_when_ready=True)
        archive.live.broadcasts.plan(episode)
        archive.live.broadcasts.change("so-1", segment_seconds=length)
        return archive.live.broadcasts.stream_key("so-1")


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the live process did not start")


def _encode(target: str, length: float, stop: threading.Event) -> None:
    """Draw pictures in real time and have ffmpeg send them."""
    programs = find_programs()
    command = [
        *(str(programs.ffmpeg), "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "gray"),
        *("-s", f"{WIDTH}x{HEIGHT}", "-r", str(RATE), "-i", "pipe:0"),
        *("-re", "-f", "lavfi", "-i", "sine=440:r=48000", "-c:v", "libx264", "-preset", "veryfast"),
        *("-pix_fmt", "yuv420p", "-g", str(round(length * RATE)), "-b:v", "1500k", "-c:a", "aac"),
        *("-flush_packets", "1", "-f", "flv", target),
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as encoder:
        assert encoder.stdin is not None
        begun, number = time.time(), 0
        while not stop.is_set():
            time.sleep(max(0.0, begun + number / RATE - time.time()))
            encoder.stdin.write(_drawn(round(time.time() * 1000)))
            encoder.stdin.flush()
            number += 1
        encoder.terminate()


def _drawn(milliseconds: int) -> bytes:
    """A picture that says when it was made."""
    bits = [milliseconds >> (BITS - 1 - number) & 1 for number in range(BITS)]
    rows = []
    for start in range(0, BITS, ACROSS):
        line = b"".join(bytes([255 * bit]) * BLOCK for bit in bits[start : start + ACROSS]).ljust(
            WIDTH, b"\x80"
        )
        rows.append(line * BLOCK)
    return b"".join(rows).ljust(WIDTH * HEIGHT, b"\x80")


def _sample(page: Page, seconds: float) -> list[float]:
    found, until = [], time.monotonic() + seconds
    while time.monotonic() < until:
        latency = page.evaluate(READ, [WIDTH, HEIGHT, BITS, ACROSS, BLOCK])
        if latency is not None:
            found.append(latency / 1000)
        time.sleep(0.5)
    return found


def _figures(latencies: list[float]) -> dict[str, Any]:
    ordered = sorted(latencies)
    if not ordered:
        return {"samples": 0}
    return {
        "samples": len(ordered),
        "median": round(statistics.median(ordered), 2),
        "p95": round(ordered[round(0.95 * (len(ordered) - 1))], 2),
        "worst": round(ordered[-1], 2),
    }


if __name__ == "__main__":
    sys.exit(main())
