"""Words that stand: what a recogniser says of speech that goes on, once it says the same twice. Pure.

A recogniser that is given the same seconds again with more behind them changes its mind about the last words. The
longest beginning on which two runs agree is kept (LocalAgreement-2: Liu, Spanakis and Niehues, Interspeech 2020;
for Whisper: Macháček, Dabre and Bojar 2023, “Turning Whisper into Real-Time Transcription System”).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from transcribe.captions.layout import cut_cues
from transcribe.cues import Cue, Word

SAME_MOMENT = 0.15
"""Seconds by which a word's time may move from run to run."""
LONGEST_DOUBT = 12.0
"""Seconds after which words stand although runs did not agree: a window must not grow without end."""
GROWN = 4.0
"""Seconds after which a cue is shown as it is."""
_ENDS = (".", "?", "!", "…")
CERTAIN_TAIL = 2.0
"""Seconds at the end that even then may still change."""


@dataclass
class StableWords:
    """What stands of one stretch of speech without a gap. Times are in seconds on the broadcast's clock."""

    until: float
    """Where what stands ends; the next window begins here."""
    _last: tuple[Word, ...] = ()
    _open: list[Word] = field(default_factory=list)

    def heard(self, words: Sequence[Word], end: float) -> list[Cue]:
        """What a run said of the window from `until` to `end`; return the cues that are whole now."""
        new = [word for word in words if word.start >= self.until - SAME_MOMENT and word.text.strip()]
        agreed = len(list(takewhile(lambda pair: _same(*pair), zip(self._last, new, strict=False))))
        if end - self.until > LONGEST_DOUBT:
            agreed = max(agreed, sum(word.end <= end - CERTAIN_TAIL for word in new))
        if new and agreed:
            self._open += new[:agreed]
            self.until = new[agreed - 1].end
        elif not new and end - self.until > LONGEST_DOUBT:
            self.until = end - CERTAIN_TAIL  # silence, or noise
        self._last = tuple(new[agreed:])
        return self._whole()

    def closed(self) -> list[Cue]:
        """The speech is interrupted: everything heard stands."""
        self._open += self._last
        cues = cut_cues(self._open)
        if self._open:
            self.until = self._open[-1].end
        self._open, self._last = [], ()
        return cues

    def _whole(self) -> list[Cue]:
        """All cues but the last, unless that is long enough or ends a sentence: it would only grow."""
        cues = cut_cues(self._open)
        if cues and not cues[-1].text.endswith(_ENDS) and self.until - cues[-1].start < GROWN:
            cues.pop()
        elif cues:  # what follows is not known: no staying up for the sake of reading
            cues[-1] = replace(cues[-1], end=max(cues[-1].start, self.until))
        taken = sum(len(cue.words) for cue in cues)
        del self._open[:taken]
        return cues


def _same(one: Word, other: Word) -> bool:
    return _bare(one.text) == _bare(other.text)


def _bare(text: str) -> str:
    """Without case and punctuation, in which runs differ most."""
    kept = (c for c in unicodedata.normalize("NFC", text).casefold() if c.isalnum())
    return "".join(kept)
