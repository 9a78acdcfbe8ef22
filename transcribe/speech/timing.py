"""From what an engine heard to words on the recording's clock: pure, shared by the engines."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from transcribe.cues import Word
from transcribe.speech.wav import Span

_UNSPACED = frozenset({"zh", "yue", "ja", "th", "lo", "my", "km", "bo"})
"""Languages written without spaces between words: there every piece is a word."""
_ALIASES = {"fil": "tl", "iw": "he", "in": "id", "ji": "yi", "nb": "no", "cmn": "zh"}
_SHORTEST = 0.02
"""A word lasts at least this long, in seconds (one step of Whisper's clock)."""
_FAR = 0.5
"""A word further than this from any speech (seconds) was not said."""
_SIGNATURES = re.compile(
    r"ghi[eề]n m[iì] g[oõ]|amara\.org|subtitles by|hãy subscribe cho kênh|la la school", re.IGNORECASE
)
"""Signatures of subtitles in Whisper's training data, which it writes over noise and silence."""
_UNSURE_NO_SPEECH, _UNSURE_LOG_PROBABILITY = 0.5, -0.8


@dataclass(frozen=True, slots=True)
class Heard:
    """A piece of a word as an engine says it: a leading space begins a word; times on its own clock."""

    text: str
    start: float
    end: float
    confidence: float


def base_language(tag: str) -> str:
    """Whisper's code for a BCP 47 tag (`vi-VN` → `vi`), whether or not Whisper knows it."""
    primary = tag.strip().replace("_", "-").split("-")[0].lower()
    return _ALIASES.get(primary, primary)


def is_invented(text: str, no_speech: float, log_probability: float) -> bool:
    """Whether a segment is likely not in the audio: a known signature, or unsure and thought silent.

    `no_speech` is 0–1, `log_probability` the mean over the segment's tokens.
    """
    unsure = no_speech > _UNSURE_NO_SPEECH and log_probability < _UNSURE_LOG_PROBABILITY
    return unsure or bool(_SIGNATURES.search(text))


def whole_words(pieces: Iterable[Heard], language: str) -> list[Heard]:
    """Glue pieces without a leading space to the word before (`twenty` `-one` → `twenty-one`)."""
    words: list[Heard] = []
    for piece in pieces:
        text = " ".join(piece.text.split())
        if not text:
            continue
        glued = words and not piece.text[0].isspace() and language not in _UNSPACED
        if glued or (words and not any(c.isalnum() for c in text)):
            last = words[-1]
            sure = min(last.confidence, piece.confidence)
            words[-1] = Heard(last.text + text, last.start, max(last.end, piece.end), sure)
        else:
            words.append(Heard(text, piece.start, piece.end, piece.confidence))
    return words


def on_the_clock(
    heard: Iterable[Heard], blocks: Sequence[Span], speech: Sequence[Span], offset: float
) -> Iterator[Word]:
    """Bring words from the clock of the joined `blocks` back to the recording's, one by one.

    Args:
        heard: in order, on the clock of the blocks laid end to end.
        blocks: what the engine was given, in seconds of the window.
        speech: where speech was found, in seconds of the window; word edges in a pause move to its edge.
        offset: of the window in the recording, in seconds.

    The words come back in order, never overlapping, inside the blocks.
    """
    lengths = list(accumulate(block.end - block.start for block in blocks))
    starts = [span.start for span in speech]
    last = blocks[0].start if blocks else 0.0
    for piece in heard:
        start, end = _restored(piece, blocks, lengths)
        placed = _snapped(max(start, last), max(end, last), speech, starts)
        if placed is None:
            continue
        begin = max(placed.start, last)
        finish = max(placed.end, begin + _SHORTEST)
        if finish > blocks[-1].end:
            finish, begin = blocks[-1].end, min(begin, blocks[-1].end)
        if finish <= begin:
            continue
        last = finish
        yield Word(
            piece.text, round(offset + begin, 3), round(offset + finish, 3), round(piece.confidence, 3)
        )


def _restored(piece: Heard, blocks: Sequence[Span], lengths: Sequence[float]) -> tuple[float, float]:
    """The piece's times in the window: its middle says in which block it lies."""
    middle = (piece.start + piece.end) / 2
    index = min(bisect_right(lengths, middle), len(blocks) - 1)
    block = blocks[index]
    shift = block.start - (lengths[index - 1] if index else 0.0)
    start = min(max(piece.start + shift, block.start), block.end)
    return start, min(max(piece.end + shift, start), block.end)


def _snapped(start: float, end: float, speech: Sequence[Span], starts: Sequence[float]) -> Span | None:
    """Move edges that lie in a pause to the speech the word belongs to; None when there is none near."""
    first = max(0, bisect_right(starts, start) - 1)
    near = speech[first : bisect_right(starts, end) + 1]
    best = max(near, key=lambda span: _overlap(span, start, end), default=None)
    if best is None or _overlap(best, start, end) < -_FAR:
        return None
    if _overlap(best, start, end) <= 0:
        return Span(start, end)
    if start < best.start and not any(span.start <= start < span.end for span in near):
        start = best.start
    if end > best.end and not any(span.start < end <= span.end for span in near):
        end = best.end
    return Span(start, end)


def _overlap(span: Span, start: float, end: float) -> float:
    """Seconds shared; negative is the distance apart."""
    return min(span.end, end) - max(span.start, start)
