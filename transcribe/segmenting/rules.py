"""The `Segmenter`: by who seems to ask and to answer, by phrases, by vocabulary; no speaker labels, no network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from transcribe.cues import Cue
from transcribe.segmenting.answers import answers_from
from transcribe.segmenting.chapters import ChapterRules, chapters_from
from transcribe.segmenting.dialogue.features import SentenceVectors
from transcribe.segmenting.dialogue.finding import read_hand_overs
from transcribe.segmenting.dialogue.hand_overs import find_hand_overs, find_invitations
from transcribe.segmenting.dialogue.interviews import find_asked
from transcribe.segmenting.dialogue.reading import dialogue_reader
from transcribe.segmenting.languages.base import LanguagePack
from transcribe.segmenting.languages.english import ENGLISH
from transcribe.segmenting.languages.vietnamese import VIETNAMESE
from transcribe.segmenting.running_text import RunningText
from transcribe.segments import Segment, SegmentKind

PACKS = {pack.code: pack for pack in (VIETNAMESE, ENGLISH)}


class RuleSegmenter:
    """Finds answers by how they are handed over, chapters by transitions and lexical cohesion."""

    def __init__(
        self,
        rules: ChapterRules | None = None,
        vectors: Callable[[], SentenceVectors | None] = lambda: None,
    ) -> None:
        """`vectors` gives what tells texts of the same meaning, None where there is nothing to tell it."""
        self._rules, self._vectors = rules or ChapterRules(), vectors

    def segment(self, cues: Sequence[Cue], language: str, duration: float) -> list[Segment]:
        """See `transcribe.segmenting.port.Segmenter`."""
        text = RunningText(cues)
        if not text.cues:
            return []
        end = duration if duration > 0 else max(cue.end for cue in text.cues)
        pack = PACKS.get(language.lower().replace("_", "-").split("-")[0])
        answers, offsets = _answers(text, pack, self._vectors) if pack else ([], [])
        chapters = chapters_from(text, pack, offsets, answers, end, self._rules)
        return _fitted([*chapters, *answers], end)


def _answers(
    text: RunningText, pack: LanguagePack, vectors: Callable[[], SentenceVectors | None]
) -> tuple[list[Segment], list[int]]:
    invitations = find_invitations(text, pack)
    hand_overs = find_hand_overs(text, pack, invitations)
    reader = dialogue_reader(pack.code)
    if reader is not None:
        hand_overs = read_hand_overs(text, pack, reader, vectors(), hand_overs)
    elif not any(mark.sure for mark in hand_overs):  # nobody announces questions here: a conversation
        hand_overs = find_asked(text, pack) or hand_overs
    closings = [match.start() for match in pack.closing.finditer(text.folded)]
    closings = sorted(text.sentences[text.sentence_at(closing)].start for closing in closings)
    return answers_from(text, pack, hand_overs, invitations, closings), [mark.start for mark in hand_overs]


def _fitted(segments: list[Segment], end: float) -> list[Segment]:
    """Sorted, within the recording."""
    segments = [replace(segment, end=min(segment.end, end)) for segment in segments]
    kept = [segment for segment in segments if segment.end > segment.start]
    return sorted(kept, key=lambda segment: (segment.start, segment.kind != SegmentKind.CHAPTER))
