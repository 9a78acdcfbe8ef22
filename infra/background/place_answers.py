"""Answers marked on air find their place in the recording, also where nobody presses anything any more."""

from __future__ import annotations

import logging

from infra.assembly.archive import Archive
from media.live.broadcast import OnAir, Origin
from web.domain.accounts.actor import acting

log = logging.getLogger("tualai.worker")

SETTLING_SECONDS = 20.0
ACTOR = "live"


def settle_answers(archive: Archive, episode: str) -> None:
    """End an answer that was left running, and put all of them where the recording has them."""
    archive.companion.board.end_answer(episode)
    archive.companion.board.settle(episode)


def settle_marks(archive: Archive, _name: str) -> None:
    """A worker's duty: make answers of the marks beside a broadcast elsewhere once its recording is here, and end
    those that were left running at the end of any."""
    for broadcast in archive.live.broadcasts.broadcasts(open_only=False):
        marks = archive.companion.board.marks(broadcast.episode)
        running = any(mark.ended_at is None for mark in marks)
        waiting = broadcast.origin is Origin.ELSEWHERE and any(not mark.segment for mark in marks)
        with acting(ACTOR):
            if running and broadcast.state is OnAir.ENDED:
                settle_answers(archive, broadcast.episode)
            elif waiting and archive.companion.board.settle(broadcast.episode):
                log.info("%s: the answers marked on air are in the recording", broadcast.episode)
