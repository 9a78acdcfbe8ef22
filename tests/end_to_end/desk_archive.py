"""An archive for the transcript's desk: a short transcript and one of ninety minutes, two editors signed in."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

from infra.assembly.wiring import open_archive
from infra.configuration.settings import Settings
from media.archive.episodes import Episode, Programme
from tests.stores import a_recording
from transcribe.cues import Cue, Word
from transcribe.transcripts import Transcript, TranscriptOrigin
from web.domain.accounts.accounts import Account, Role

SYLLABLES = """chào anh chị em công nhân hôm nay chúng ta nói về chế độ thai sản
tiền lương bảo hiểm xã hội nghỉ phép"""
SHORT, LONG = "so-ngan", "chin-muoi-phut"


def spoken(count: int, words: int) -> tuple[Cue, ...]:
    """Cues two seconds apart; every twelfth word is one the machine was not sure of."""
    chosen, said = random.Random(1), SYLLABLES.split()
    cues = []
    for n in range(count):
        texts = [chosen.choice(said) for _ in range(words)]
        timed = tuple(
            Word(
                text,
                2.0 * n + 1.8 * k / words,
                2.0 * n + 1.8 * (k + 1) / words,
                0.4 if (n + k) % 12 == 0 else 0.9,
            )
            for k, text in enumerate(texts)
        )
        cues.append(Cue(2.0 * n, 2.0 * n + 1.9, " ".join(texts), timed))
    return tuple(cues)


def make(home: Path) -> dict[str, str]:
    """Fill `home`; return the session's token of each editor."""
    cookies = {}
    with open_archive(Settings(home=home)) as archive:
        archive.catalogue.save_programme(Programme("dh", "Điểm hẹn"))
        for number, (slug, count) in enumerate(((SHORT, 60), (LONG, 2500)), 1):
            episode = Episode(slug, "dh", "Số tháng Ba", date(2026, 3, 15))
            job = archive.catalogue.add_episode(episode, a_recording(f"{number:064x}"))
            archive.jobs.cancel(job)
            cues = spoken(count, 10)
            archive.transcripts.save_transcript(
                slug, Transcript("vi", TranscriptOrigin.MACHINE, cues, "whisper")
            )
        for login, name in (("lan", "Chị Lan"), ("minh", "Anh Minh")):
            account = archive.studio.sign_in.accounts.add(Account("", login, name, Role.EDITOR))
            cookies[login] = archive.studio.sign_in.start(account, "pytest")
    return cookies
