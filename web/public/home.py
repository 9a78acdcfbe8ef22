"""Home, topics, programmes, and the choice of language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, islice

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from media.archive.episodes import Topic
from media.archive.taxonomy import Subject
from media.errors import NotFound
from search.text.folding import tokens
from transcribe.segments import Segment
from web.access.published_episodes import EpisodeDetails, PublishedEpisodes
from web.http.origins import safe_next
from web.public.live import live_pages
from web.rendering.context import LANGUAGE_COOKIE, language_of
from web.rendering.links import Link, topic_link
from web.rendering.templating import render
from web.services import Services, services_of
from web.text.language import CODES, Language
from web.views.episodes import EpisodeView, SpanView, present_episode, present_segment

HOME_EPISODES = 6
HOME_ANSWERS = 8
POPULAR_ANSWERS = 5
POPULAR_DAYS = 90
LISTED_EPISODES = 200
REMEMBERED_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class TopicView:
    """A topic and, in words, how many answers it has."""

    link: Link
    answer_count: str


def home(request: Request) -> Response:
    """`/`: search, the newest episode, topics, popular and recent answers."""
    language, services = language_of(request), services_of(request)
    published = PublishedEpisodes(services)
    episodes = published.newest(HOME_EPISODES)
    newest = episodes[0] if episodes else None
    recent = islice(
        chain.from_iterable(_answers(published, each, language) for each in episodes[1:]), HOME_ANSWERS
    )
    return render(
        request,
        "home.html",
        lives=live_pages.on_home(request),
        newest=present_episode(newest, language) if newest else None,
        newest_answers=_answers(published, newest, language)[:4] if newest else [],
        topics=[topic_link(topic, language) for topic in _featured(published)],
        popular=_popular(services, published, language),
        recent=list(recent),
    )


def _featured(published: PublishedEpisodes) -> list[Topic]:
    """Topics of the home page: those that editors chose, or else all."""
    every = list(published.topics().values())
    return [topic for topic in every if topic.featured] or every


def _answers(
    published: PublishedEpisodes, details: EpisodeDetails, language: Language, topic: str | None = None
) -> list[SpanView]:
    """The answers of an episode; with `topic`, those on it."""
    found = [
        each for each in details.answers if topic is None or topic in topics_of(published, details, each)
    ]
    return [present_segment(details, each, language) for each in found]


def topics_of(published: PublishedEpisodes, details: EpisodeDetails, answer: Segment) -> tuple[str, ...]:
    """An answer's own topics; for one without, its episode's: the only one, or those its question names."""
    own = details.episode.topics
    if answer.topics or len(own) < 2:
        return answer.topics or own
    asked = _spelled(answer.question or answer.title)
    return tuple(
        slug for slug in own if slug in published.topics() and _names(published.topics()[slug], asked)
    )


def _names(topic: Topic, asked: str) -> bool:
    words = (topic.name_vi, topic.name_en, *topic.synonyms)
    return any(f" {_spelled(word)} " in f" {asked} " for word in words)


def _spelled(text: str) -> str:
    return " ".join(token.folded for token in tokens(text))


def _popular(services: Services, published: PublishedEpisodes, language: Language) -> list[SpanView]:
    since = date.today() - timedelta(days=POPULAR_DAYS)
    result = []
    for slug, segment_id in services.archive.plays.popular(since, POPULAR_ANSWERS):
        details = published.find(slug)
        answers = details.answers if details else []
        segment = next((each for each in answers if each.id == segment_id), None)
        if details is not None and segment is not None:
            result.append(present_segment(details, segment, language))
    return result


def topics(request: Request) -> Response:
    """`/topics`: all topics with how many answers each has."""
    language = language_of(request)
    published = PublishedEpisodes(services_of(request))
    counts = dict.fromkeys(published.topics(), 0)
    for each in published.newest(LISTED_EPISODES):
        for slug in chain.from_iterable(topics_of(published, each, answer) for answer in each.answers):
            counts[slug] = counts.get(slug, 0) + 1
    views = [
        TopicView(topic_link(topic, language), language.many("%(num)s câu trả lời", counts[topic.slug]))
        for topic in published.topics().values()
    ]
    return render(request, "topics.html", topics=views)


def topic(request: Request) -> Response:
    """`/topics/{slug}`: the answers on a topic, and the episodes about it."""
    language, slug = language_of(request), request.path_params["slug"]
    published = PublishedEpisodes(services_of(request))
    if slug not in published.topics() and (moved := _moved(request, Subject.TOPIC, slug)):
        return moved
    found = _topic(published, slug)
    on_topic = published.newest(LISTED_EPISODES, topic=slug)
    answers = [
        answer
        for each in published.newest(LISTED_EPISODES)
        for answer in _answers(published, each, language, slug)
    ]
    return render(
        request,
        "topic.html",
        topic=topic_link(found, language),
        synonyms=found.synonyms,
        answers=answers,
        episodes=[present_episode(each, language) for each in on_topic],
        others=[topic_link(each, language) for each in published.topics().values() if each != found],
    )


def _topic(published: PublishedEpisodes, slug: str) -> Topic:
    if slug not in published.topics():
        raise NotFound("There is no topic “%(topic)s”; see /topics for those there are.", topic=slug)
    return published.topics()[slug]


def programme(request: Request) -> Response:
    """`/programmes/{slug}`: a programme and its episodes."""
    language, slug = language_of(request), request.path_params["slug"]
    services = services_of(request)
    if moved := _moved(request, Subject.PROGRAMME, slug):
        return moved
    found = services.archive.catalogue.programme(slug)
    episodes: list[EpisodeView] = [
        present_episode(each, language)
        for each in PublishedEpisodes(services).newest(LISTED_EPISODES, programme=slug)
    ]
    if not episodes:
        raise NotFound("There is no programme “%(programme)s” with anything published.", programme=slug)
    return render(request, "programme.html", programme=found, episodes=episodes)


def _moved(request: Request, subject: Subject, slug: str) -> Response | None:
    """A redirect to where what had this address was merged into."""
    to = PublishedEpisodes(services_of(request)).moved(subject, slug)
    return RedirectResponse(f"/{subject}s/{to}", 301) if to else None


def change_language(request: Request) -> Response:
    """`/language?to=en&next=/…`: remember a language and go back."""
    response = RedirectResponse(safe_next(request.query_params.get("next", "/")), 303)
    to = request.query_params.get("to")
    if to in CODES:
        secure = request.url.scheme == "https"
        response.set_cookie(
            LANGUAGE_COOKIE, str(to), REMEMBERED_SECONDS, samesite="lax", httponly=True, secure=secure
        )
    return response
