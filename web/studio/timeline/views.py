"""What the timeline's page is given: plain, documented values. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from media.archive.episodes import RenditionKind, Topic
from transcribe.cues import Cue
from transcribe.editing.segments import overlapping
from transcribe.segments import Segment, SegmentKind, SegmentState
from transcribe.transcripts import Transcript
from web.access.published_episodes import EpisodeDetails
from web.domain.demand.topic_guesses import guess_topics
from web.rendering.links import topic_link
from web.studio.timeline.segment_json import exact_clock, segment_json
from web.text.language import Language
from web.views.episodes import source_of


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """A segment in the table for browsers without JavaScript: times as “12:05.3”, names one a line."""

    id: str
    version: int
    kind: SegmentKind
    start: str
    end: str
    title: str
    question: str
    asker: str
    answerers: str
    topics: tuple[str, ...]
    suggested: bool
    guessed: bool
    percent: int


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """Everything on the page. `data` is what its script works with, `warnings` are sentences."""

    slug: str
    title: str
    rows: tuple[SegmentRow, ...]
    topics: tuple[tuple[str, str], ...]
    guests: tuple[str, ...]
    data: dict[str, object]
    warnings: tuple[str, ...]
    playable: bool
    duration: float


def present_timeline(
    details: EpisodeDetails,
    segments: Sequence[Segment],
    transcript: Transcript | None,
    topics: Sequence[Topic],
    language: Language,
) -> TimelinePage:
    """Make the page's views from what is stored."""
    episode = details.episode
    cues = transcript.cues if transcript else ()
    guesses = guess_topics(segments, cues, topics)
    named = tuple((topic.slug, topic_link(topic, language).name) for topic in topics)
    return TimelinePage(
        slug=episode.slug,
        title=episode.title,
        rows=tuple(present_row(each, guesses.get(each.id, [])) for each in segments),
        topics=named,
        guests=tuple(guest.name for guest in episode.guests),
        data=_data(details, segments, cues, guesses, topics, dict(named)),
        warnings=tuple(_warnings(segments, language)),
        playable=details.playable,
        duration=details.duration,
    )


def _data(
    details: EpisodeDetails,
    segments: Sequence[Segment],
    cues: Sequence[Cue],
    guesses: dict[str, list[str]],
    topics: Sequence[Topic],
    named: dict[str, str],
) -> dict[str, object]:
    source, boards = source_of(details), RenditionKind.STORYBOARD
    board = next((each for each in details.renditions if each.kind is boards), None)
    rates = [each.frame_rate for each in details.renditions if each.frame_rate > 0]
    return {
        "episode": details.episode.slug,
        "language": details.episode.language,
        "duration": details.duration,
        "source": source.video or source.sound,
        "poster": source.poster,
        "storyboard": details.media_base + board.path if board else "",
        "waveform": f"/api/v1/episodes/{details.episode.slug}/waveform",
        "frame": round(1 / max(rates), 4) if rates else 0.04,
        "cues": [[cue.start, cue.end, " ".join(cue.text.split())] for cue in cues],
        "segments": [segment_json(each) for each in segments],
        "guesses": {key: found for key, found in guesses.items() if found},
        "guests": [guest.name for guest in details.episode.guests],
        "topics": [
            {
                "slug": each.slug,
                "name": named[each.slug],
                "others": [each.name_vi, each.name_en, *each.synonyms],
            }
            for each in topics
        ],
    }


def present_row(segment: Segment, guessed: Sequence[str] = ()) -> SegmentRow:
    """A segment as the table shows it; `guessed` topics stand in for none."""
    return SegmentRow(
        id=segment.id,
        version=segment.version,
        kind=segment.kind,
        start=exact_clock(segment.start),
        end=exact_clock(segment.end),
        title=segment.title,
        question=segment.question,
        asker=segment.asker,
        answerers="\n".join(segment.answerers),
        topics=segment.topics or tuple(guessed),
        suggested=segment.state is SegmentState.SUGGESTED,
        guessed=bool(guessed) and not segment.topics,
        percent=round(100 * segment.confidence),
    )


def _warnings(segments: Sequence[Segment], language: Language) -> list[str]:
    return [
        language.say(
            "Câu trả lời ở %(first)s và ở %(second)s chồng lên nhau %(seconds)s giây.",
            first=exact_clock(a.start),
            second=exact_clock(b.start),
            seconds=language.number(shared, 1),
        )
        for a, b, shared in overlapping(segments)
    ]
