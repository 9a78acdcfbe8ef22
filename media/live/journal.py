"""The journal of one take: what is in hand is on the disk as it comes, so that a killed process loses nothing.

One small FLV file for each segment that is not stored yet. `<number>-<milliseconds since 1970>.flv`.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from io import FileIO
from pathlib import Path

from media.errors import ArchiveError
from media.live.containers.flv import AAC, AUDIO, HEADER, VIDEO, FlvReader, Tag, picture_of, sound_of
from media.live.segmenter import Broken, Cut, MediaSegmenter

ABOUT = "take.json"
_EPOCH = datetime(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class About:
    """Of which take a journal is. `broadcast` is its id, `first` the number of its first segment, `zero`
    the timestamp in ms that the take counts from."""

    broadcast: str
    take: int
    base: float
    aim: float
    first: int
    zero: int | None = None


class Journal:
    """Written while a take comes in."""

    def __init__(self, folder: Path, about: About) -> None:
        self.folder = folder
        self._about = about
        self._number = about.first
        self._configs: dict[int, Tag] = {}
        self._file: FileIO | None = None
        folder.mkdir(parents=True, exist_ok=True)
        self._note(about)

    def write(self, tag: Tag, at: datetime) -> None:
        """Keep a tag that was received."""
        if is_config(tag):
            self._configs[tag.kind] = tag
        if self._file is None:
            self._open(at)
        assert self._file is not None  # noqa: S101 - just opened
        self._file.write(bytes(tag))

    def zero(self, zero: int) -> None:
        """The take's zero is known now."""
        if self._about.zero is None:
            self._about = replace(self._about, zero=zero)
            self._note(self._about)

    def turn(self, waiting: Sequence[tuple[int, bytes]], key: Tag, at: datetime) -> None:
        """A segment ended: the next file begins with `key` and the sounds (time in ms, data) that wait for it."""
        self._close()
        self._number += 1
        self._open(at)
        self.write(key, at)
        for time, data in waiting:
            self.write(Tag(AUDIO, time, bytes([AAC << 4 | 0xF, 1]) + data), at)

    def stored(self, number: int) -> None:
        """A segment is safe; its file can go."""
        for path in self.folder.glob(f"{number}-*.flv"):
            path.unlink(missing_ok=True)

    def end(self) -> None:
        """All is stored."""
        self._close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _open(self, at: datetime) -> None:
        milliseconds = (at - _EPOCH) // timedelta(milliseconds=1)
        self._file = FileIO(self.folder / f"{self._number}-{milliseconds}.flv", "w")
        self._file.write(HEADER + b"".join(bytes(each) for each in self._configs.values()))

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _note(self, about: About) -> None:
        fresh = self.folder / f"{ABOUT}.new"
        fresh.write_text(json.dumps(asdict(about)))
        fresh.replace(self.folder / ABOUT)


def read_about(folder: Path) -> About | None:
    """None for a folder that is no journal, or was killed before it became one."""
    try:
        return About(**json.loads((folder / ABOUT).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def left_in(folder: Path, about: About) -> Iterator[tuple[Cut, MediaSegmenter]]:
    """What a killed process had in hand, as segments, oldest first."""
    named = [path for path in folder.glob("*-*.flv") if path.stem.replace("-", "", 1).isdecimal()]
    for path in sorted(named, key=lambda each: int(each.stem.partition("-")[0])):
        number, _, milliseconds = path.stem.partition("-")
        at = _EPOCH + timedelta(milliseconds=int(milliseconds))
        segmenter = MediaSegmenter(
            about.base, int(number), about.aim * 1e6, about.zero
        )  # one file, one segment
        with suppress(Broken, ArchiveError):  # what came before is kept
            for tag in FlvReader().feed(path.read_bytes()):
                segmenter.feed(tag, at)
        cut = segmenter.finish()
        if cut is not None:
            yield cut, segmenter


def utc_now() -> datetime:
    """The present, UTC without a zone."""
    return datetime.now(UTC).replace(tzinfo=None)


def is_config(tag: Tag) -> bool:
    found = picture_of(tag) if tag.kind == VIDEO else sound_of(tag) if tag.kind == AUDIO else None
    return found is not None and found.config
