"""What templates are given: plain, documented views. Pure functions make them."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from media.archive.episodes import RenditionKind
from media.hls.playlist import MASTER
from search.passages.passage import PassageKind
from transcribe.segments import Segment, SegmentState
from web.access.published_episodes import EpisodeDetails
from web.rendering.links import Link, play_url
from web.text.language import Language
from web.text.times import address_time, clock, length
from web.views.costs import Cost, cost
from web.views.timeline import Timeline, draw

ANSWER, CHAPTER, SPEECH = PassageKind.ANSWER, PassageKind.CHAPTER, PassageKind.SPEECH


@dataclass(frozen=True, slots=True)
class Source:
    """Addresses to play from: playlists for picture and for sound only, and a picture to show
    meanwhile; each empty when there is none."""

    video: str
    sound: str
    poster: str


@dataclass(frozen=True, slots=True)
class EpisodeView:
    """An episode on a card or at the head of its page. `length` and `date` are in words, `cost` is of
    the whole episode, `answer_count` is a sentence such as “3 câu trả lời”, `share_picture` a path."""

    slug: str
    title: str
    url: str
    language: str
    programme: Link
    date: str
    iso_date: str
    length: str
    cost: Cost
    notice: str
    timeline: Timeline
    answer_count: str
    source: Source
    playable: bool


@dataclass(frozen=True, slots=True)
class SpanView:
    """A piece of an episode that can be played by itself: an answer, a chapter, a moment of speech.

    `title` (the question of an answer) and `excerpt` may carry `<mark>`; `plain_title` never does.
    `who` is who answers, `asker` who asked. `start` and `end` are seconds as text for addresses,
    `clock` and `length` are in words. `suggested`: a machine found it and nobody has confirmed it.
    `segment` is its id for counting plays, "" when it has none; `passage` the id of the hit it is, if any.
    `outdated` says in words that something newer holds ("" when nothing does), `law_note` what the law says
    now, `newer` leads to the newer answer.
    """

    kind: str
    segment: str
    title: str | Markup
    plain_title: str
    excerpt: Markup
    who: str
    asker: str
    url: str
    start: str
    end: str
    clock: str
    length: str
    cost: Cost
    suggested: bool
    timeline: Timeline
    episode: EpisodeView
    passage: str = ""
    outdated: str = ""
    law_note: str = ""
    newer: Link | None = None


def source_of(details: EpisodeDetails) -> Source:
    """Return where to play an episode from."""
    by_kind = {each.kind: each for each in reversed(details.renditions)}
    moving = details.playable and any(each.height for each in details.renditions)
    sound = by_kind.get(RenditionKind.AUDIO)
    poster = by_kind.get(RenditionKind.POSTER)
    has_master = moving or RenditionKind.SOURCE in by_kind
    return Source(
        video=details.media_base + MASTER if has_master else "",
        sound=details.media_base + sound.path if sound else "",
        poster=details.media_base + poster.path if poster else "",
    )


def present_episode(details: EpisodeDetails, language: Language) -> EpisodeView:
    """Return the view of an episode."""
    episode, answers = details.episode, len(details.answers)
    count = language.many("%(num)s câu trả lời", answers)
    return EpisodeView(
        slug=episode.slug,
        title=episode.title,
        url=f"/episodes/{episode.slug}",
        language=episode.language,
        programme=Link(details.programme.title, f"/programmes/{details.programme.slug}"),
        date=language.date(episode.date),
        iso_date=episode.date.isoformat(),
        length=length(details.duration, language) if details.duration else "",
        cost=cost(details.renditions, details.duration, language),
        notice=episode.notice,
        timeline=draw(details.segments, details.duration, count),
        answer_count=count,
        source=source_of(details),
        playable=details.playable,
    )


def present_span(
    details: EpisodeDetails,
    start: float,
    end: float,
    language: Language,
    *,
    kind: PassageKind,
    title: str,
    marked_title: Markup | None = None,
    excerpt: Markup | None = None,
    answerers: tuple[str, ...] = (),
    segment: Segment | None = None,
    passage: str = "",
) -> SpanView:
    """Return the view of the span `start`–`end` (seconds); `segment` is the one that it is, if any, and
    `passage` the id of the hit."""
    spoken = length(end - start, language)
    where = language.say("Từ %(clock)s, dài %(length)s", clock=clock(start), length=spoken)
    return SpanView(
        kind=kind.value,
        segment=segment.id if segment else "",
        title=title if marked_title is None else marked_title,
        plain_title=title,
        excerpt=excerpt or Markup(""),
        who=_capital(", ".join(answerers or (segment.answerers if segment else ()))),
        asker=_capital(segment.asker if segment else ""),
        url=play_url(details.episode.slug, start, end),
        start=address_time(start),
        end=address_time(end),
        clock=clock(start),
        length=spoken,
        cost=cost(details.renditions, end - start, language),
        suggested=segment is not None and segment.state == SegmentState.SUGGESTED,
        timeline=draw(details.segments, details.duration, where, (start, end)),
        episode=present_episode(details, language),
        passage=passage,
        outdated=_outdated(segment, language),
        law_note=segment.law_note if segment else "",
        newer=_newer(details, segment),
    )


def _outdated(segment: Segment | None, language: Language) -> str:
    if segment is None or not segment.outdated:
        return ""
    if segment.law_changed is None:
        return language.say("Đã có câu trả lời mới hơn")
    day = language.date(segment.law_changed)
    return language.say("Luật đã thay đổi sau câu trả lời này, từ %(day)s", day=day)


def _newer(details: EpisodeDetails, segment: Segment | None) -> Link | None:
    newer = details.newer.get(segment.id) if segment else None
    return Link(newer.title, play_url(newer.episode, newer.start, newer.end)) if newer else None


def _capital(name: str) -> str:
    """As at the start of a sentence: “bà H.” is heard, “Bà H.” is shown."""
    return name[:1].upper() + name[1:]


def present_segment(details: EpisodeDetails, segment: Segment, language: Language) -> SpanView:
    """Return the view of an answer or a chapter."""
    return present_span(
        details,
        segment.start,
        segment.end,
        language,
        kind=PassageKind(segment.kind.value),
        title=segment.question or segment.title,
        segment=segment,
    )
