"""What editors do to segments: what may be saved, splitting, merging, snapping. Pure."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from media.errors import Conflict, InvalidInput
from transcribe.cues import Cue
from transcribe.segments import Segment, SegmentKind, SegmentOrigin, overlap, segment_id

SNAP_SECONDS = 0.4
SHORTEST_SECONDS = 0.5
TOUCHING_SECONDS = 0.05
"""Chapters whose edges are no further apart share that edge."""
MUCH_OVERLAP_SECONDS = 5.0
CHANGES_LIMIT = 500
TITLE_LENGTH, QUESTION_LENGTH, NAME_LENGTH = 300, 2000, 200
NAMES_LIMIT, TOPICS_LIMIT = 20, 20
_ID = re.compile(r"[a-z0-9:-]{1,120}")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class SegmentChange:
    """One segment as its editor wants it.

    `id` is "" for a new one that the store names. `seen` is the version the editor saw, None when there was
    none (new, or removed before and now brought back). `new` None removes it; its plays then count for the
    segment `into`, if any. A removed suggestion does not come back from the machine.
    """

    id: str
    seen: int | None
    new: Segment | None
    into: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """What becomes of one change: `before` as stored (None: not there), `after` as to be stored."""

    id: str
    before: Segment | None
    after: Segment | None
    into: str = ""

    @property
    def idle(self) -> bool:
        """Whether it is so already: the same was saved before."""
        return self.before == self.after


class SegmentConflict(Conflict):
    """Somebody else has changed a segment meanwhile. `now` is what is there, None for removed, by id."""

    def __init__(self, now: Mapping[str, Segment | None]) -> None:
        super().__init__(
            "Somebody else changed this meanwhile, so nothing was saved over it;"
            " compare both and keep the right one."
        )
        self.now = dict(now)


def decide(
    episode: str,
    here: Mapping[str, Segment],
    gone: Mapping[str, Segment],
    changes: Sequence[SegmentChange],
) -> list[Decided]:
    """Decide on all changes together, in their order.

    Args:
        episode: whose segments they are.
        here: the episode's segments by id.
        gone: those removed before.
        changes: what is wanted. What is so already is no clash: an answer may have been lost on the line.

    Raises:
        Clash: for all changes of segments that are not as their editor saw them.
        InvalidInput: too many changes, one segment twice, or an id that cannot be used.
    """
    named = [change.id for change in changes if change.id]
    if len(changes) > CHANGES_LIMIT or len(set(named)) < len(named):
        raise InvalidInput(
            "Send at most %(most)s changes at once, and each segment once.", most=CHANGES_LIMIT
        )
    decided: list[Decided] = []
    clashes: dict[str, Segment | None] = {}
    taken = {*here, *gone, *named}
    for change in changes:
        key = change.id or _new_id(episode, change, taken)
        taken.add(key)
        found = _decide(episode, replace(change, id=key), here.get(key), gone.get(key))
        if found is None:
            clashes[key] = here.get(key)
        else:
            decided.append(found)
    if clashes:
        raise SegmentConflict(clashes)
    return decided


def _new_id(episode: str, change: SegmentChange, taken: Collection[str]) -> str:
    if change.new is None:
        raise InvalidInput("A change that removes a segment must name it.")
    return segment_id(episode, change.new, taken)


def _decide(
    episode: str, change: SegmentChange, here: Segment | None, gone: Segment | None
) -> Decided | None:
    """None for a clash."""
    as_seen = change.seen == (here.version if here else None)
    if change.new is None:
        return Decided(change.id, here, None, change.into) if as_seen or here is None else None
    old = here or gone
    if old is None and as_seen:
        _check_new_id(episode, change.id)
        return Decided(change.id, None, replace(change.new, id=change.id, version=1))
    if old is None:
        return None
    after = replace(
        change.new,
        id=change.id,
        version=old.version + 1,
        law_changed=old.law_changed,
        law_note=old.law_note,
        superseded_by=old.superseded_by,
        review_on=old.review_on,
    )
    return Decided(change.id, here, after) if as_seen or after == here else None


def _check_new_id(episode: str, key: str) -> None:
    if not _ID.fullmatch(key) or not key.startswith(f"{episode}:"):
        raise InvalidInput(
            "A new segment's id must begin with “%(episode)s:”; leave it out to get one.", episode=episode
        )


def check_segment(segment: Segment, duration: float, topics: Collection[str]) -> Segment:
    """Return it fit to be stored: texts without control characters, times within the recording.

    Args:
        segment: as sent.
        duration: of the recording in seconds; 0 when it is not known.
        topics: slugs there are.

    Raises:
        InvalidInput: says what to change.
    """
    start, end = (min(_moment(at), duration or math.inf) for at in (segment.start, segment.end))
    if end - start < SHORTEST_SECONDS:
        raise InvalidInput(
            "A segment must end at least %(least)s s after its start.", least=SHORTEST_SECONDS
        )
    if (answer_start := segment.answer_start) is not None:
        answer_start = min(max(_moment(answer_start), start), end)
    if len(segment.answerers) > NAMES_LIMIT or len(segment.topics) > TOPICS_LIMIT:
        raise InvalidInput(
            "At most %(names)s names and %(topics)s topics go with a segment.",
            names=NAMES_LIMIT,
            topics=TOPICS_LIMIT,
        )
    if unknown := [topic for topic in segment.topics if topic not in topics]:
        raise InvalidInput(
            "There is no topic “%(topic)s”; choose one that there is.", topic=unknown[0][:80]
        )
    names = [plain_text(name, NAME_LENGTH) for name in segment.answerers]
    return replace(
        segment,
        start=start,
        end=end,
        answer_start=answer_start,
        title=plain_text(segment.title, TITLE_LENGTH),
        question=plain_text(segment.question, QUESTION_LENGTH),
        asker=plain_text(segment.asker, NAME_LENGTH),
        answerers=tuple(dict.fromkeys(name for name in names if name)),
        topics=tuple(dict.fromkeys(segment.topics)),
        confidence=min(1.0, max(0.0, segment.confidence)) if math.isfinite(segment.confidence) else 0.5,
    )


def _moment(seconds: float) -> float:
    if not math.isfinite(seconds):
        raise InvalidInput("A segment's times must be numbers of seconds.")
    return round(max(0.0, seconds), 3)


def plain_text(text: str, limit: int) -> str:
    """Text in NFC without control characters and lone surrogates, its blanks as one each.

    Raises:
        InvalidInput: longer than `limit` characters.
    """
    whole = text.encode("utf-8", "replace").decode("utf-8")
    made = " ".join(_UNSEEN.sub(" ", unicodedata.normalize("NFC", whole)).split())
    if len(made) > limit:
        raise InvalidInput(
            "“%(text)s…” has %(given)s characters; write at most %(most)s.",
            text=made[:40],
            given=len(made),
            most=limit,
        )
    return made


def snap(moment: float, edges: Iterable[float], reach: float = SNAP_SECONDS) -> float:
    """The nearest of `edges` no more than `reach` seconds away, else `moment` itself."""
    nearest = min(edges, key=lambda edge: (abs(edge - moment), edge), default=moment)
    return nearest if abs(nearest - moment) <= reach else moment


def edges_of(cues: Sequence[Cue], silences: Sequence[tuple[float, float]] = ()) -> list[float]:
    """Where an edge may be put: starts and ends of cues and of silences (seconds), sorted, each once."""
    spans = [(cue.start, cue.end) for cue in cues] + list(silences)
    return sorted({edge for span in spans for edge in span})


def split(segment: Segment, at: float) -> tuple[Segment, Segment]:
    """Split at a second of the recording; the first half keeps id and text, the second is to be told.

    Raises:
        InvalidInput: where a half would be shorter than half a second.
    """
    if not segment.start + SHORTEST_SECONDS <= at <= segment.end - SHORTEST_SECONDS:
        raise InvalidInput("Put the playing position inside the segment to split it there.")
    begins = segment.answer_start
    first = replace(
        segment,
        end=at,
        answer_start=None if begins is None or begins > at else begins,
        origin=SegmentOrigin.EDITOR,
    )
    second = replace(
        segment,
        id="",
        start=at,
        title="",
        question="",
        asker="",
        answer_start=begins if begins is not None and begins > at else None,
        origin=SegmentOrigin.EDITOR,
        version=1,
    )
    return first, second


def merge(one: Segment, other: Segment) -> Segment:
    """Both as one, from the first start to the last end; the earlier one's id and text come first.

    Raises:
        InvalidInput: when they are of two kinds.
    """
    if one.kind is not other.kind:
        raise InvalidInput("Only two answers or two chapters can be merged.")
    first, second = sorted((one, other), key=lambda each: (each.start, each.end, each.id))
    return replace(
        first,
        end=max(first.end, second.end),
        title=first.title or second.title,
        question=first.question or second.question,
        asker=first.asker or second.asker,
        answerers=tuple(dict.fromkeys(first.answerers + second.answerers)),
        topics=tuple(dict.fromkeys(first.topics + second.topics)),
        answer_start=first.answer_start if first.answer_start is not None else second.answer_start,
        origin=SegmentOrigin.EDITOR,
        confidence=min(first.confidence, second.confidence),
    )


def tiled(segments: Sequence[Segment], before: Segment, after: Segment) -> list[Segment]:
    """The other chapters that change when one is moved: a shared edge stays shared. None for answers."""
    if after.kind is not SegmentKind.CHAPTER:
        return []
    found = []
    for each in segments:
        if each.kind is not SegmentKind.CHAPTER or each.id == after.id:
            continue
        left = after.start - each.start
        if abs(each.end - before.start) <= TOUCHING_SECONDS and left >= SHORTEST_SECONDS:
            moved = replace(each, end=after.start)
        elif abs(each.start - before.end) <= TOUCHING_SECONDS and each.end - after.end >= SHORTEST_SECONDS:
            moved = replace(each, start=after.end)
        else:
            continue
        if moved != each:
            found.append(moved)
    return found


def overlapping(segments: Sequence[Segment]) -> list[tuple[Segment, Segment, float]]:
    """Pairs of neighbouring answers that share more than five seconds, with those seconds: a warning."""
    answers = sorted((s for s in segments if s.kind is SegmentKind.ANSWER), key=lambda s: (s.start, s.end))
    return [(a, b, overlap(a, b)) for a, b in pairwise(answers) if overlap(a, b) > MUCH_OVERLAP_SECONDS]
