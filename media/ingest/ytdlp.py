"""Fetching a recording from an address by yt-dlp: a child process, behind a proxy that knows public addresses only."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from media.errors import InvalidInput, Unavailable
from media.ingest.guarded_proxy import CheckingProxy, serving
from media.ingest.links import check_link
from media.ingest.uploads import TooLarge, clean_filename
from media.process.child import ChildFailed, ChildLimits, run
from media.progress import Progress

STALL_SECONDS = 180.0
NAME = "title.txt"
# One file with picture and sound: joining two would need ffmpeg, and ffmpeg could open connections of its own.
FORMAT = "b/ba"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address led to."""

    filename: str
    length: int


def fetch(
    link: str,
    target: Path,
    scratch: Path,
    *,
    proxy: CheckingProxy,
    largest: int,
    seconds: float,
    progress: Progress,
) -> Fetched:
    """Fetch `link` into the file `target`, at most `largest` bytes and for at most `seconds`.

    Raises:
        InvalidInput: nothing that can be played is there, or it leads to an address that is not public.
        TooLarge: it is larger than allowed.
        Unavailable: yt-dlp is not installed.
    """
    check_link(link)
    if find_spec("yt_dlp") is None:
        raise Unavailable("Import by link needs yt-dlp; run pip install 'tualai[links]' once.")
    with TemporaryDirectory(dir=scratch, prefix="link-") as name, serving(proxy) as address:
        folder = Path(name)
        (folder / "nothing").mkdir()
        try:
            run(
                _command(link, folder, address, largest),
                limits=ChildLimits(seconds, STALL_SECONDS, file_bytes=largest + (1 << 20)),
                folder=folder,
                received=_reporter(progress),
            )
        except ChildFailed as error:
            raise _explained(error, proxy, largest) from error
        return _found(folder, target, proxy, largest)


def _command(link: str, folder: Path, proxy: str, largest: int) -> list[str]:
    return [
        *(sys.executable, "-I", "-m", "yt_dlp"),
        *("--ignore-config", "--no-cache-dir", "--no-playlist", "--playlist-items", "1"),
        *("--proxy", proxy, "--socket-timeout", "30", "--retries", "3", "--file-access-retries", "0"),
        *("--no-exec", "--no-js-runtimes", "--no-remote-components", "--downloader", "native"),
        *("--ffmpeg-location", str(folder / "nothing"), "--fixup", "never", "--no-mtime", "--no-colors"),
        *("--format", FORMAT, "--max-filesize", str(largest)),
        *("--newline", "--progress-template", "download:%(progress._percent_str)s"),
        *("--print-to-file", "after_move:%(title)s", NAME, "--output", "recording.%(ext)s"),
        *("--", link),
    ]


def _found(folder: Path, target: Path, proxy: CheckingProxy, largest: int) -> Fetched:
    files = [path for path in folder.glob("recording.*") if path.suffix != ".part" and path.stat().st_size]
    if len(files) != 1:
        raise _explained(ChildFailed(0, "no file was fetched"), proxy, largest)
    title = folder / NAME
    shown = title.read_text("utf-8", "replace").strip().replace("/", "-") if title.exists() else ""
    length = files[0].stat().st_size
    target.parent.mkdir(parents=True, exist_ok=True)
    files[0].replace(target)
    return Fetched(clean_filename(f"{shown[:150] or 'link'}{files[0].suffix}"), length)


def _reporter(progress: Progress) -> Callable[[bytes], bool]:
    def received(data: bytes) -> bool:
        for line in data.decode("utf-8", "replace").splitlines():
            number = line.strip().removesuffix("%").strip()
            if number.replace(".", "", 1).isdigit():
                progress(min(0.5, float(number) / 200), "")
        return True

    return received


def _explained(error: ChildFailed, proxy: CheckingProxy, largest: int) -> InvalidInput | Unavailable:
    if proxy.refusals:
        return InvalidInput(
            "This link leads to %(place)s, which is no public address on the usual port; only public"
            " recordings can be imported.",
            place=proxy.refusals[-1],
        )
    if proxy.overrun or "File is larger" in error.complaint or "max-filesize" in error.complaint:
        return TooLarge(
            "The recording at this link is larger than %(most)s GB.", most=f"{largest / 1e9:.0f}"
        )
    if error.overrun:
        return InvalidInput("Fetching this link took too long; download it yourself and upload the file.")
    lines = [line for line in error.complaint.splitlines() if line.startswith("ERROR:")]
    why = lines[-1].removeprefix("ERROR:").strip()[:200] if lines else "nothing was found there"
    return InvalidInput(
        "Nothing could be fetched from this link (%(why)s). Download it yourself and upload the file.",
        why=why,
    )
