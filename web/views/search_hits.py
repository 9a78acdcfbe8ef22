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


@dataclass(frozen=True, slots=True)
class Moments:
    """Moments of speech found in one episode, by time and on the `timeline`.

    `count` is a sentence; `more_url` leads to all of the episode ("" when all are here).
    """

    episode: EpisodeView
    moments: tuple[SpanView, ...]
    count: str
    timeline: Timeline
    more_url: str


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


def spans_of(hits: Sequence[Hit], published: PublishedEpisodes, language: Language) -> list[SpanView]:
    """Return views of hits; those whose episode has just been withdrawn are left out."""
    published.fetch({hit.passage.episode for hit in hits})
    found = ((hit, published.find(hit.passage.episode)) for hit in hits)
    return [_span(hit, details, language) for hit, details in found if details is not None]


def moments_of(
    results: SearchResults, published: PublishedEpisodes, language: Language, params: SearchParams
) -> list[Moments]:
    """Gather hits by episode, in the order of the best hit of each; within one by time."""
    by_episode: dict[str, list[Hit]] = {}
    for hit in results.hits:
        by_episode.setdefault(hit.passage.episode, []).append(hit)
    whole = len(results.hits) == results.total
    published.fetch(by_episode)
    details = ((published.find(slug), found) for slug, found in by_episode.items())
    return [_moments(each, found, whole, language, params) for each, found in details if each]


def _moments(
    details: EpisodeDetails, found: Sequence[Hit], whole: bool, language: Language, params: SearchParams
) -> Moments:
    if whole:
        count = language.many("%(num)s đoạn trong tập này", len(found))
    else:
        count = language.many("%(num)s đoạn khớp nhất trong tập này", len(found))
    here = whole or bool(params.episode)
    return Moments(
        present_episode(details, language),
        tuple(_span(hit, details, language) for hit in sorted(found, key=lambda hit: hit.passage.start)),
        count,
        _marked(details, found, count),
        "" if here else params.url(kind="speech", episode=details.episode.slug),
    )


def _marked(details: EpisodeDetails, found: Sequence[Hit], label: str) -> Timeline:
    """The episode's timeline with a mark at every moment found."""
    duration = details.duration
    line = draw(details.segments, duration, label)
    marks: set[TimelineMark] = set(line.marks)
    for hit in found:
        marks.update(draw((), duration, label, (hit.passage.start, hit.passage.end)).marks)
    return Timeline(tuple(sorted(marks, key=lambda mark: (mark.here, mark.x))), line.ticks, label)


def _span(hit: Hit, details: EpisodeDetails, language: Language) -> SpanView:
    passage = hit.passage
    text, spans = excerpt(passage.text, hit.text_spans)
    return present_span(
        details,
        passage.start,
        passage.end,
        language,
        kind=passage.kind,
        title=passage.title,
        marked_title=highlight(passage.title, hit.title_spans),
        excerpt=highlight(text, spans),
        answerers=passage.answerers,
        segment=_segment_of(hit, details),
        passage=passage.id,
    )


def _segment_of(hit: Hit, details: EpisodeDetails) -> Segment | None:
    """The segment a passage was made from."""
    passage = hit.passage
    if passage.kind == PassageKind.SPEECH:
        return None
    return next(
        (
            each
            for each in details.segments
            if each.kind.value == passage.kind.value
            and abs(each.start - passage.start) < _SAME_START_SECONDS
        ),
        None,
    )
