"""Segments served against nginx: the site alone, nginx before it in the ways docs/operations.md gives, and nginx alone.

Needs nginx on PATH. Eight clients on this machine ask for segments of 300 kB, a new connection each, as fast as they
get them; so the clients are most of the work, and CPU seconds per thousand segments tell more than the rate.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from bench.s3 import (
    CLIENTS,
    RECORDING,
    ROOT,
    SEGMENT_BYTES,
    Figures,
    cpu_of,
    fetched_bytes,
    publish,
    under_load,
)
from tests.media.storage.s3.s3_server import free_port

NGINX = """
daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1; {user}
events {{}}
http {{
  access_log off; client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e; sendfile on;
  proxy_cache_path {folder}/cache keys_zone=tualai:1m max_size=1g use_temp_path=off;
  server {{
    listen 127.0.0.1:{port};
    {location}
  }}
}}
"""
FILES = "recordings/{recording}/renditions"


@contextmanager
def running(command: list[str], ports: list[int], **environment: str) -> Iterator[psutil.Process]:
    """A program, once its segments can be had at all `ports`."""
    with tempfile.TemporaryFile() as log:
        process = psutil.Popen(command, cwd=ROOT, env=os.environ | environment, stdout=log, stderr=log)
        try:
            until = time.monotonic() + 90
            while ports:
                try:
                    fetched_bytes(ports[0], 0)
                    ports = ports[1:]
                except OSError:
                    if time.monotonic() > until:
                        raise
                    time.sleep(0.2)
            yield process
        finally:
            process.terminate()
            process.wait(30)


def nginx(folder: Path, port: int, location: str) -> list[str]:
    """The command that runs nginx with a configuration of its own."""
    folder.mkdir(exist_ok=True)
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port, location=location, user=user))
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") or "nginx"
    return [program, "-p", str(folder), "-e", str(folder / "error.log"), "-c", "nginx.conf"]


def main() -> int:
    """Measure and print."""
    scratch = Path(tempfile.mkdtemp(prefix="tualai-serving-"))
    figures: Figures = {"segment_bytes": SEGMENT_BYTES, "clients": CLIENTS}
    try:
        home = scratch / "home"
        settings = {"TUALAI_HOME": str(home), "TUALAI_EMBEDDER": "off"}
        publish(home, settings)
        stored = home / "files" / FILES.format(recording=RECORDING)
        front = free_port()
        direct = f"location /media/{RECORDING}/ {{ alias {stored}/; }}"
        with running(nginx(scratch / "n", front, direct), [front]) as server:
            figures["nginx alone"] = under_load(front, server)
        for delivery in ("site", "accel"):
            back, front = free_port(), free_port()
            serve = [
                sys.executable,
                "-m",
                "infra.commands.app",
                "serve",
                "--processes",
                "1",
                "--port",
                str(back),
            ]
            proxied = f"location / {{ proxy_pass http://127.0.0.1:{back}; }}"
            internal = f"location /_files/ {{ internal; alias {home}/files/; }}"
            cached = f"location / {{ proxy_pass http://127.0.0.1:{back}; proxy_cache tualai; proxy_cache_lock on; }}"
            ways = {"site": [("nginx, passed on", proxied), ("nginx, cached", cached)],
                    "accel": [("nginx, X-Accel-Redirect", f"{proxied} {internal}")]}  # fmt: skip
            begins = [back] if delivery == "site" else []
            with running(serve, begins, **settings, TUALAI_DELIVERY=delivery) as site:
                if delivery == "site":
                    figures["site alone"] = under_load(back, site)
                for name, location in ways[delivery]:
                    with running(nginx(scratch / "n", front, location), [front]) as server:
                        before = cpu_of(server)
                        figures[name] = under_load(front, site)
                        figures[name]["nginx_cpu_s"] = round(cpu_of(server) - before, 2)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    folder = ROOT / "bench-results"
    folder.mkdir(exist_ok=True)
    (folder / "serving.json").write_text(json.dumps(figures, indent=1))
    print(json.dumps(figures, indent=1))
    return 0


if __name__ == "__main__":
    if not shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin"):
        sys.exit("nginx is not on PATH: nothing was measured")
    sys.exit(main())
