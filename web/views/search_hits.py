"""Search results as the page shows them: answers, chapters, moments by episode. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from search.index import Hit, SearchResults
from search.passages.passage import PassageKind
from transcribe.segments import Segment
from web.access.published_episodes import EpisodeDetails, PublishedEpisodes
from web.text.highlights import excerpt, highlight
from web.text.language import Language
from web.views.episodes import EpisodeView, SpanView, present_episode, present_span
from web.views.search_address import SearchParams
from web.views.timeline import Timeline, TimelineMark, draw

_SAME_START_SECONDS = 0.05
_CHOICES_MOST = 12
_MOMENTS_SHOWN = 3
_EPISODES_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Moments:
    """Moments of speech found in one episode: the best in `moments`, all on the `timeline`.

    `count` is a sentence; `more_url` leads to all of them ("" when all are here).
    """

    episode: EpisodeView
    moments: tuple[SpanView, ...]
    count: str
    timeline: Timeline
    more_url: str


@dataclass(frozen=True, slots=True)
class Group:
    """Hits of one kind. `total` is in the index, `more_url` leads to all of them ("" when all are
    here). Answers and chapters are in `spans`, speech is in `episodes`."""

    kind: str
    heading: str
    total: int
    more_url: str
    spans: tuple[SpanView, ...] = ()
    episodes: tuple[Moments, ...] = ()


@dataclass(frozen=True, slots=True)
class FacetChoice:
    """A way to narrow the search and how many hits it leaves (`number`, as written); where it is chosen
    already (`current`) the address takes it back."""

    name: str
    url: str
    number: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Facet:
    """Choices of one sort, at least one."""

    heading: str
    choices: tuple[FacetChoice, ...]


def facet_of(
    heading: str,
    names: Mapping[str, str],
    counts: Mapping[str, int],
    chosen: str,
    address: Callable[[str], str],
    language: Language,
) -> Facet | None:
    """The values of `names` (by value, in order) that find something, and the chosen one.

    `address` gives the page narrowed to a value, "" for none. None where nothing is left to choose.
    """
    values = [value for value in names if counts.get(value) or value == chosen][:_CHOICES_MOST]
    choices = tuple(
        FacetChoice(
            names[value],
            address("" if value == chosen else value),
            language.number(counts.get(value, 0)),
            value == chosen,
        )
        for value in values
    )
    return Facet(heading, choices) if len(choices) > 1 or chosen in values else None


def spans_of(hits: Sequence[Hit], shelf: PublishedEpisodes, language: Language) -> list[SpanView]:
    """Return views of hits; those whose episode has just been withdrawn are left out."""
    shelf.fetch({hit.passage.episode for hit in hits})
    found = ((hit, shelf.find(hit.passage.episode)) for hit in hits)
    return [_span(hit, shelved, language) for hit, shelved in found if shelved is not None]


def moments_of(
    results: SearchResults, shelf: PublishedEpisodes, language: Language, asked: SearchParams
) -> list[Moments]:
    """Gather hits by episode, in the order of the best hit of each; within one by time.

    Of a search through all kinds each episode shows its best ones only.
    """
    by_episode: dict[str, list[Hit]] = {}
    for hit in results.hits:
        by_episode.setdefault(hit.passage.episode, []).append(hit)
    whole = len(results.hits) == results.total
    most = len(results.hits) if asked.kind or asked.episode else _MOMENTS_SHOWN
    shelf.fetch(by_episode)
    shelved = ((shelf.find(slug), found) for slug, found in by_episode.items())
    gathered = [_moments(each, found, most, whole, language, asked) for each, found in shelved if each]
    return gathered if asked.kind else gathered[:_EPISODES_SHOWN]


def _moments(
    shelved: EpisodeDetails,
    found: Sequence[Hit],
    most: int,
    whole: bool,
    language: Language,
    asked: SearchParams,
) -> Moments:
    if whole:
        count = language.many("%(num)s đoạn trong tập này", len(found))
    else:
        count = language.many("%(num)s đoạn khớp nhất trong tập này", len(found))
    best = sorted(found[:most], key=lambda hit: hit.passage.start)
    here = bool(asked.episode)
    more = (
        ""
        if here or (whole and len(found) <= most)
        else asked.url(kind="speech", episode=shelved.episode.slug)
    )
    return Moments(
        present_episode(shelved, language),
        tuple(_span(hit, shelved, language) for hit in best),
        count,
        _marked(shelved, found, count),
        more,
    )


def _marked(shelved: EpisodeDetails, found: Sequence[Hit], label: str) -> Timeline:
    """The episode's timeline with a mark at every moment found."""
    duration = shelved.duration
    line = draw(shelved.segments, duration, label)
    marks: set[TimelineMark] = set(line.marks)
    for hit in found:
        marks.update(draw((), duration, label, (hit.passage.start, hit.passage.end)).marks)
    return Timeline(tuple(sorted(marks, key=lambda mark: (mark.here, mark.x))), line.ticks, label)


def _span(hit: Hit, shelved: EpisodeDetails, language: Language) -> SpanView:
    passage = hit.passage
    text, spans = excerpt(passage.text, hit.text_spans)
    return present_span(
        shelved,
        passage.start,
        passage.end,
        language,
        kind=passage.kind,
        title=passage.title,
        marked_title=highlight(passage.title, hit.title_spans),
        excerpt=highlight(text, spans),
        answerers=passage.answerers,
        segment=_segment_of(hit, shelved),
        passage=passage.id,
    )


def _segment_of(hit: Hit, shelved: EpisodeDetails) -> Segment | None:
    """The segment a passage was made from."""
    passage = hit.passage
    if passage.kind == PassageKind.SPEECH:
        return None
    return next(
        (
            each
            for each in shelved.segments
            if each.kind.value == passage.kind.value
            and abs(each.start - passage.start) < _SAME_START_SECONDS
        ),
        None,
    )
