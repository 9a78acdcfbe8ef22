"""Taking in what one encoder sends: journalled at once, cut, stored, and only then told of."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from infra.live.lower_rung import LowerRung
from infra.live.segment_writer import LiveContext, SegmentWriter
from media.errors import ArchiveError, Conflict, Message, Unavailable
from media.live.broadcast import SOURCE, Health, PublishSession
from media.live.containers.flv import AUDIO, VIDEO, Tag
from media.live.journal import About, Journal, is_config, utc_now
from media.live.ladder import plan_rung
from media.live.meter import Meter
from media.live.segmenter import Broken, Config, Cut, MediaSegmenter
from media.probing.media_info import VideoInfo

log = logging.getLogger("tualai.live")

MOST_WAITING = 8
"""Segments on their way to the store; with more the encoder has to wait."""
AGAIN_SECONDS = 1.0


class IngestSession:
    """Implements `media.live.ingest_port.Sink` for one connection; takes follow each other where the encoder changes."""

    def __init__(self, context: LiveContext, key: str, encoder: str, hang_up: Callable[[], None]) -> None:
        self._context, self.key, self._encoder = context, key, encoder
        self.hang_up = hang_up
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="live-store")
        self._waiting = 0
        self._over: ArchiveError | None = None
        self._configs: dict[int, Tag] = {}
        self._closing = asyncio.Lock()
        self.closed = False
        self.warning: Message | None = None

    def begin(self) -> None:
        """Begin a take. Raises `Forbidden`, `Unavailable`. Blocks."""
        self.publishing: PublishSession = self._context.broadcasts.begin_session(self.key)
        take, broadcast = self.publishing, self.publishing.broadcast
        first = take.first.get(SOURCE, 0)
        about = About(broadcast.id, take.number, take.base, broadcast.segment_seconds, first)
        self._journal = Journal(self._context.folder / f"{broadcast.id}-{take.number}", about)
        self._segmenter = MediaSegmenter(take.base, first, broadcast.segment_seconds)
        self._writer = SegmentWriter(self._context, broadcast.episode, broadcast.folder, take.number, first)
        self.meter = Meter()
        self._rung: LowerRung | None = None
        self._planned = False
        log.info(
            "%s: take %d begins at %.1f s (%s)", broadcast.episode, take.number, take.base, self._encoder
        )

    @property
    def episode(self) -> str:
        return self.publishing.broadcast.episode

    async def feed(self, tag: Tag) -> None:
        """See `Sink.feed`."""
        if self._over is not None:
            raise self._over
        try:
            self._take_in(tag)
        except Broken:
            await self._renew()
            for config in self._configs.values():
                self._take_in(config)
            self._take_in(tag)
        while self._waiting > MOST_WAITING and self._over is None:
            await asyncio.sleep(0.05)

    async def close(self) -> None:
        """See `Sink.close`."""
        async with self._closing:
            if self.closed:
                return
            self.closed = True
            await asyncio.to_thread(self._finish)
            self._thread.shutdown(wait=False)

    def abandon(self) -> None:
        """The process ends and the store does not answer: the journal keeps what is left for the next one."""
        self._over = self._over or Unavailable("The live intake is stopping.")

    def health(self, free: int | None, warning: Message | None) -> Health:
        """How it does now."""
        config = self._segmenter.config
        picture = config.picture if config else None
        return Health(
            video_kbps=self.meter.kbps(VIDEO),
            audio_kbps=self.meter.kbps(AUDIO),
            frame_rate=self.meter.frame_rate,
            width=picture.width if picture else 0,
            height=picture.height if picture else 0,
            dropped=self.meter.dropped,
            delay=round(self.meter.delay, 2),
            keyframes=self.meter.keyframes,
            encoder=self._encoder,
            free_bytes=free,
            warning=warning or self.warning,
        )

    def _take_in(self, tag: Tag) -> None:
        at = utc_now()
        self.meter.count(tag, at)
        cut = self._segmenter.feed(tag, at)
        if cut is not None:
            waiting = self._segmenter.waiting()
            self._journal.turn(waiting if tag.kind == VIDEO else waiting[:-1], tag, at)
            self._hand_over(cut)
            if not self._planned:
                self._planned = True
                self._begin_rung()
        else:
            self._journal.write(tag, at)
        if self._rung is not None:
            self._rung.feed(tag)
        if self._segmenter.zero is not None:
            self._journal.zero(self._segmenter.zero)
        if tag.kind in (AUDIO, VIDEO) and is_config(tag):
            self._configs[tag.kind] = tag

    def _begin_rung(self) -> None:
        """After the first segment it is known what the source is like."""
        picture = self._segmenter.config.picture if self._segmenter.config else None
        if picture is None or not self._context.ffmpeg or self._segmenter.zero is None:
            return
        video = VideoInfo(0, "h264", picture.width, picture.height, self.meter.frame_rate, "yuv420p")
        kbps, keyframes = self.meter.kbps(VIDEO), self.meter.keyframes
        rung = plan_rung(video, cores=self._context.cores, keyframes=keyframes, kbps=kbps)
        if rung is None:
            return
        number = self.publishing.first.get(rung.name, 0)
        segmenter = MediaSegmenter(
            self.publishing.base, number, self.publishing.broadcast.segment_seconds, self._segmenter.zero
        )
        self._rung = LowerRung(self._context.ffmpeg, rung, segmenter, self._keep_rung)
        for config in self._configs.values():
            self._rung.feed(config)

    def _keep_rung(self, name: str, cut: Cut, config: Config) -> None:
        """Store a segment of the rung; what can't be stored at once is left out, the source goes before."""
        writer, rate = self._writer, self.meter.frame_rate

        def store() -> None:
            try:
                writer.write_one(name, cut, cut.whole, config, rate)
            except ArchiveError as error:
                log.info("%s: a segment of %s is left out (%s)", self.episode, name, error)

        self._thread.submit(store)

    def _hand_over(self, cut: Cut) -> None:
        config, journal, writer = self._segmenter.config, self._journal, self._writer
        assert config is not None  # noqa: S101 - something was cut
        self._waiting += 1
        frame_rate = self.meter.frame_rate
        self._thread.submit(self._store, cut, config, journal, writer, frame_rate)

    def _store(
        self, cut: Cut, config: Config, journal: Journal, writer: SegmentWriter, rate: float
    ) -> None:
        try:
            while self._over is None:
                try:
                    writer.write(cut, config, rate)
                    journal.stored(cut.number)
                    self.warning = None
                    return
                except Unavailable as error:
                    self.warning = error.message
                    log.warning("%s: %s", self.episode, error)
                    time.sleep(AGAIN_SECONDS)
        except Conflict as error:
            self._over = error
        except Exception:
            log.exception("%s: segment %d", self.episode, cut.number)
            self._over = Unavailable("A segment could not be kept.")
        finally:
            self._waiting -= 1

    async def _renew(self) -> None:
        """Another take on the same connection."""
        await asyncio.to_thread(self._finish)
        await asyncio.to_thread(self.begin)

    def _finish(self) -> None:
        """Store what is left; the take is over. Blocks."""
        cut = self._segmenter.finish()
        if cut is not None:
            self._hand_over(cut)
        if self._rung is not None:
            self._rung.finish()
        self._thread.submit(lambda: None).result()
        if self._over is None:
            self._context.broadcasts.close_session(self.episode, self.publishing.number)
            self._journal.end()
            log.info("%s: take %d is over", self.episode, self.publishing.number)
