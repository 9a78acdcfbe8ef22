"""An episode: its page, its transcript, its captions."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from media.archive.episodes import EpisodeState, RenditionKind
from media.archive.taxonomy import Subject
from media.errors import InvalidInput, NotFound, Withdrawn
from media.jobs import ENDED, JobState
from transcribe.captions.formats import write_webvtt
from transcribe.transcripts import Transcript, TranscriptOrigin
from web.access.published_episodes import EpisodeDetails, PublishedEpisodes
from web.access.visibility import shown
from web.domain.questions.written_answers import paragraphs_of
from web.rendering.context import language_of
from web.rendering.links import Link, topic_link
from web.rendering.templating import render
from web.services import Services, services_of
from web.text.language import Language
from web.text.times import address_time, clock, iso_duration, parse_time
from web.views.costs import QualityChoice, choices
from web.views.episodes import EpisodeView, SpanView, present_episode, present_segment
from web.views.progress import ProgressView, present_progress
from web.views.transcript import Paragraph, paragraphs

CUES_ON_PAGE = 300
"""More than this and the transcript is fetched when it is opened, to keep the page light."""


@dataclass(frozen=True, slots=True)
class GuestView:
    """Somebody who answers: `about` is role and organisation."""

    name: str
    about: str


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A PDF to be saved; `megabytes` as written."""

    url: str
    name: str
    megabytes: str


@dataclass(frozen=True, slots=True)
class TranscriptView:
    """The words spoken. `cue_count` counts all cues; `paragraphs` is empty when they are to be fetched
    from `url`. `machine`: nobody has corrected them."""

    url: str
    captions_url: str
    cue_count: int
    paragraphs: tuple[Paragraph, ...]
    machine: bool
    language: str


@dataclass(frozen=True, slots=True)
class EpisodePage:
    """Everything on an episode's page. `start` and `until` are seconds as text ("" from the beginning, to
    the end), `written` the paragraphs of an answer in writing, `start_clock` the same in words; `progress` is None once nothing is being made, `storyboard` the address
    of its WebVTT ("" for none)."""

    episode: EpisodeView
    description: str
    guests: tuple[GuestView, ...]
    topics: tuple[Link, ...]
    answers: tuple[SpanView, ...]
    chapters: tuple[SpanView, ...]
    choices: tuple[QualityChoice, ...]
    storyboard: str
    transcript: TranscriptView | None
    progress: ProgressView | None
    start: str
    until: str
    start_clock: str
    duration: str
    linked_data: dict[str, object]
    documents: tuple[DocumentView, ...] = ()
    written: tuple[str, ...] = ()


def episode(request: Request) -> Response:
    """`/episodes/{slug}?t=…&until=…`; an old address leads to the new one."""
    slug = str(request.path_params["slug"])
    published = PublishedEpisodes(services_of(request))
    try:
        details = published.episode(slug)
    except Withdrawn:
        raise
    except NotFound:
        moved = published.moved(Subject.EPISODE, slug)
        if moved is None:
            raise
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/episodes/{moved}{query}", 301)
    return render(request, "episode.html", page=episode_page(request, details))


def episode_page(request: Request, details: EpisodeDetails) -> EpisodePage:
    """What the page shows of an episode."""
    language, services = language_of(request), services_of(request)
    topics = {each.slug: each for each in services.archive.catalogue.topics()}
    found = services.archive.transcripts.transcript(details.episode.slug)
    start = _moment(request.query_params.get("t", ""), details.duration)
    until = _moment(request.query_params.get("until", ""), details.duration)
    answers = tuple(present_segment(details, each, language) for each in details.answers)
    view = present_episode(details, language)
    return EpisodePage(
        episode=view,
        description=details.episode.description,
        guests=tuple(
            GuestView(each.name, ", ".join(filter(None, (each.role, each.organisation))))
            for each in details.episode.guests
        ),
        topics=tuple(
            topic_link(topics[slug], language) for slug in details.episode.topics if slug in topics
        ),
        answers=answers,
        chapters=tuple(present_segment(details, each, language) for each in details.chapters),
        choices=tuple(choices(details.media_base, details.renditions, details.duration, language)),
        storyboard=_storyboard(details),
        transcript=_transcript_view(view.url, found, CUES_ON_PAGE) if found and found.cues else None,
        progress=_progress(services, details, language),
        start=address_time(start) if start is not None else "",
        until=address_time(until) if until is not None and until > (start or 0) else "",
        start_clock=clock(start) if start else "",
        duration=address_time(details.duration),
        linked_data=_linked_data(details, view, answers, services.settings.base_url.rstrip("/")),
        documents=_documents(services, details, language),
        written=tuple(paragraphs_of(found.cues)) if found and details.episode.recording is None else (),
    )


def _documents(services: Services, details: EpisodeDetails, language: Language) -> tuple[DocumentView, ...]:
    slug = details.episode.slug
    held = services.archive.documents.of_episode(slug)
    return tuple(
        DocumentView(
            f"/episodes/{slug}/documents/{each.id}",
            each.filename,
            language.number(max(0.1, each.size_bytes / 1e6), 1),
        )
        for each in held
    )


def _moment(text: str, duration: float) -> float | None:
    """A time from the address; None for none, one that cannot be read or one beyond the end."""
    try:
        seconds = parse_time(text) if text else None
    except InvalidInput:
        return None
    return seconds if seconds is not None and seconds < max(duration, 0.1) else None


def _storyboard(details: EpisodeDetails) -> str:
    paths = [each.path for each in details.renditions if each.kind == RenditionKind.STORYBOARD]
    return details.media_base + paths[0] if paths else ""


def _transcript_view(url: str, found: Transcript, limit: int | None) -> TranscriptView:
    shown = found.cues if limit is None or len(found.cues) <= limit else ()
    return TranscriptView(
        url=f"{url}/transcript",
        captions_url=f"{url}/captions.vtt?version={found.version}",
        cue_count=len(found.cues),
        paragraphs=tuple(paragraphs(shown)),
        machine=found.origin == TranscriptOrigin.MACHINE,
        language=found.language,
    )


def _progress(services: Services, details: EpisodeDetails, language: Language) -> ProgressView | None:
    job = services.archive.jobs.job_of(details.episode.slug)
    if job is None or (job.state in ENDED and job.state != JobState.FAILED):
        return None
    return present_progress(job, language)


def _linked_data(
    details: EpisodeDetails, view: EpisodeView, answers: tuple[SpanView, ...], base_url: str
) -> dict[str, object]:
    """schema.org VideoObject with a Clip for each answer, as search engines read it."""
    return {
        "@context": "https://schema.org",
        "@type": "VideoObject",
        "name": view.title,
        "description": details.episode.description or view.title,
        "uploadDate": view.iso_date,
        "inLanguage": view.language,
        "duration": iso_duration(details.duration),
        "url": base_url + view.url,
        "thumbnailUrl": [base_url + view.source.poster] if view.source.poster else [],
        "hasPart": [
            {
                "@type": "Clip",
                "name": answer.plain_title,
                "startOffset": float(answer.start),
                "endOffset": float(answer.end),
                "url": base_url + answer.url,
            }
            for answer in answers
        ],
    }


def transcript(request: Request) -> Response:
    """`/episodes/{slug}/transcript`: all of it on one page, which scripts also take the words from."""
    language, services = language_of(request), services_of(request)
    details = shown(request, PublishedEpisodes(services), str(request.path_params["slug"]))
    found = services.archive.transcripts.transcript(details.episode.slug)
    view = present_episode(details, language)
    words = _transcript_view(view.url, found, None) if found and found.cues else None
    return render(request, "transcript.html", episode=view, transcript=words)


def captions(request: Request) -> Response:
    """`/episodes/{slug}/captions.vtt`: the newest transcript as WebVTT; empty when there is none."""
    services = services_of(request)
    details = shown(request, PublishedEpisodes(services, live=True), str(request.path_params["slug"]))
    found = services.archive.transcripts.transcript(details.episode.slug)
    content = write_webvtt(found.cues if found else ())
    current = found is not None and request.query_params.get("version") == str(found.version)
    caching = "public, max-age=86400" if current else "no-cache"
    caching = caching if details.episode.state == EpisodeState.PUBLISHED else "private, no-store"
    return Response(content, media_type="text/vtt; charset=utf-8", headers={"Cache-Control": caching})
