"""Search results as the page shows them: answers, chapters, moments by episode. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from search.index import Hit
from search.passages import PassageKind
from transcribe.segments import Segment
from web.highlights import excerpt, highlight
from web.language import Language
from web.presenting import EpisodeView, SpanView, present_episode, present_span
from web.shelf import Shelf, ShelvedEpisode

_SAME_START_SECONDS = 0.05
_CHOICES_MOST = 12


@dataclass(frozen=True, slots=True)
class Moments:
    """Moments of speech found in one episode."""

    episode: EpisodeView
    moments: tuple[SpanView, ...]


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
class Choice:
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
    choices: tuple[Choice, ...]


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
        Choice(
            names[value],
            address("" if value == chosen else value),
            language.number(counts.get(value, 0)),
            value == chosen,
        )
        for value in values
    )
    return Facet(heading, choices) if len(choices) > 1 or chosen in values else None


def spans_of(hits: Sequence[Hit], shelf: Shelf, language: Language) -> list[SpanView]:
    """Return views of hits; those whose episode has just been withdrawn are left out."""
    found = ((hit, shelf.find(hit.passage.episode)) for hit in hits)
    return [_span(hit, shelved, language) for hit, shelved in found if shelved is not None]


def moments_of(hits: Sequence[Hit], shelf: Shelf, language: Language) -> list[Moments]:
    """Gather hits by episode, in the order of the best hit of each; within one by time."""
    by_episode: dict[str, list[Hit]] = {}
    for hit in hits:
        by_episode.setdefault(hit.passage.episode, []).append(hit)
    result = []
    for slug, found in by_episode.items():
        shelved = shelf.find(slug)
        if shelved is not None:
            found.sort(key=lambda hit: hit.passage.start)
            views = tuple(_span(hit, shelved, language) for hit in found)
            result.append(Moments(present_episode(shelved, language), views))
    return result


def _span(hit: Hit, shelved: ShelvedEpisode, language: Language) -> SpanView:
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
    )


def _segment_of(hit: Hit, shelved: ShelvedEpisode) -> Segment | None:
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
