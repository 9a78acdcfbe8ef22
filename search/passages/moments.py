"""One hit for one moment."""

from __future__ import annotations

from collections.abc import Sequence

from search.passages.passage import Passage, PassageKind

TOLERANCE_SECONDS = 1.0


def said_again(passages: Sequence[Passage]) -> frozenset[str]:
    """Ids of the runs of cues that lie within an answer, or open a chapter, of the same list.

    Their words are in the answer or chapter too, so a search over episodes shows that alone; a search
    within one episode, or for speech, shows them.
    """
    others = [p for p in passages if p.kind is not PassageKind.SPEECH and p.text]
    return frozenset(
        p.id for p in passages if p.kind is PassageKind.SPEECH and any(_says(other, p) for other in others)
    )


def _says(other: Passage, run: Passage) -> bool:
    if other.episode != run.episode or not _within(run, other):
        return False
    return other.kind is PassageKind.ANSWER or run.text in other.text


def _within(run: Passage, other: Passage) -> bool:
    return other.start - TOLERANCE_SECONDS <= run.start and run.end <= other.end + TOLERANCE_SECONDS
