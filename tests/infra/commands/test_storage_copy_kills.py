"""`tualai storage copy` killed again and again between a folder and S3: whole in the end, and never half at any time."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from media.storage.folder import FolderStorage
from media.storage.port import Storage
from media.storage.s3.writing import PART_BYTES
from tests.infra.command_line import ROOT
from tests.media.storage.s3.s3_server import KEY, SECRET, S3Server

pytestmark = pytest.mark.slow

KILLS = 20
"""In `make thorough`; three in `make test`."""


def command(home: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = os.environ | {"TUALAI_STORAGE_KEY": KEY, "TUALAI_STORAGE_SECRET": SECRET}
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "infra.commands.app",
            "--home",
            str(home),
            "storage",
            "copy",
            "--json",
            *arguments,
        ],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def lines(notes: Path) -> int:
    return sum(file.read_bytes().count(b"\n") for file in notes.glob("*.tsv"))


def killed(home: Path, chosen: random.Random, most: int, *arguments: str) -> None:
    """Run until it has done a little more, then kill it in the middle of something."""
    process, before = command(home, *arguments), lines(home / "copies")
    wanted, until = before + chosen.randrange(1, most), time.monotonic() + 60
    while process.poll() is None and lines(home / "copies") < wanted and time.monotonic() < until:
        time.sleep(0.005)
    time.sleep(chosen.random() * 0.05)
    process.send_signal(signal.SIGKILL)
    process.communicate()


def sizes(storage: Storage) -> dict[str, int]:
    return {each.key: each.size_bytes for each in storage.inventory("recordings")}


@pytest.mark.parametrize(("to_s3", "kills", "small"), [(True, KILLS, 600), (False, 5, 150)])
def test_killed_again_and_again(
    s3_server: S3Server, tmp_path: Path, thorough: bool, to_s3: bool, kills: int, small: int
) -> None:
    if not thorough:
        kills, small = 3, 90
    chosen = random.Random(to_s3)
    made = tmp_path / "made"
    for number in range(small):
        path = made / f"{number % 7}" / f"{number}.m4s"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(chosen.randbytes(chosen.randrange(1, 20_000)))
    for number in range(3):
        (made / f"source.{number}").write_bytes(chosen.randbytes(2 * PART_BYTES + number))
    bucket = s3_server.bucket()
    url = s3_server.url(bucket, "archive")
    folder, remote = FolderStorage(tmp_path / "store"), s3_server.storage(url)
    source, target = (folder, remote) if to_s3 else (remote, folder)
    source.put_folder("recordings/x", made)
    wanted = sizes(source)
    addresses = [f"file://{tmp_path / 'store'}", url]
    arguments = ("--from", addresses[not to_s3], "--to", addresses[to_s3])
    home = tmp_path / "home"
    home.mkdir()
    for _ in range(kills):
        killed(home, chosen, small // kills, *arguments)
        there = sizes(target)
        assert there.items() <= wanted.items()  # whole or not there
    assert len(there) < len(wanted)  # it was killed, not done
    last = command(home, *arguments)
    done = json.loads(last.communicate()[0])
    assert last.returncode == 0
    assert sizes(target) == wanted
    assert done["copied"] + done["compared"] + done["known"] == len(wanted)
    assert (
        done["known"] >= len(there) - kills * 16
    )  # what was under way at a kill is all that is done again
    for key in wanted:
        with folder.open(key) as left, remote.open(key) as right:
            assert left.read() == right.read()
    remote.forget_unfinished(0)
    assert "Uploads" not in s3_server.client().list_multipart_uploads(Bucket=bucket)
    print(f"{kills} kills, {done}")
