"""Somebody's hands at a page: every key and click is done in the browser and counted.

Time is estimated by the keystroke-level model (Card, Moran and Newell, “The keystroke-level model for user
performance time with interactive systems”, CACM 23(7), 1980): 0.28 s a key, 1.1 s for pointing and clicking,
1.35 s of thought before a decision. Vietnamese is typed in Telex: a mark or a tone is a key of its own.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page

KEY, CLICK, THOUGHT = 0.28, 1.1, 1.35


@dataclass
class Hands:
    """Counts by part of the work; `listening` in seconds is only stated, not waited for."""

    page: Page
    part: str = ""
    counts: dict[str, dict[str, float]] = field(default_factory=dict)

    def begin(self, part: str) -> None:
        self.part = part
        self.counts[part] = {"keys": 0, "clicks": 0, "thoughts": 0, "listening": 0.0}

    def press(self, *keys: str) -> None:
        """Press keys; one with modifiers counts each of them."""
        for key in keys:
            self.page.keyboard.press(key)
            self.counts[self.part]["keys"] += len(key.split("+")) if len(key) > 1 else 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.counts[self.part]["keys"] += telex_keys(text)

    def click(self, target: Locator, times: int = 1) -> None:
        target.click(click_count=times)
        self.counts[self.part]["clicks"] += times

    def think(self, times: int = 1) -> None:
        self.counts[self.part]["thoughts"] += times

    def listen(self, seconds: float) -> None:
        self.counts[self.part]["listening"] += seconds

    def total(self) -> dict[str, float]:
        """All parts together, and the seconds of handwork they come to."""
        names = ("keys", "clicks", "thoughts", "listening")
        sums = {name: sum(each[name] for each in self.counts.values()) for name in names}
        sums["handwork"] = round(
            KEY * sums["keys"] + CLICK * sums["clicks"] + THOUGHT * sums["thoughts"], 1
        )
        sums["with_listening"] = round(sums["handwork"] + sums["listening"], 1)
        return sums


def telex_keys(text: str) -> int:
    """Keys pressed for a text in Telex: đ is two, and so is every mark or tone; a capital takes Shift."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "dd").replace("Đ", "DD"))
    return len(plain) + sum(letter.isupper() for letter in plain)
