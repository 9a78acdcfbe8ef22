"""Answering a question after the programme: in writing, or with an answer that the archive has."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from media.archive.episodes import Guest
from media.errors import ArchiveError
from search.index import SearchQuery
from search.passages.passage import PassageKind
from transcribe.editing.review_marks import Placed
from web.access.signed_in import SignedInRequest, guarded, page
from web.domain.accounts.permissions import Action
from web.domain.questions.asking import read_id
from web.domain.questions.questions import Question
from web.domain.questions.written_answers import TEXT_LENGTH, WrittenAnswer
from web.rendering.error_pages import status_of, told
from web.services import ArchiveServices, companion_of, services_of


@guarded(Action.MODERATE)
def answer(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /studio/questions/{id}/answer?find=…`."""
    question = _question(request)
    stored = companion_of(request).written_answers.written(question.id)
    return _page(request, signed_in, question, stored)


@guarded(Action.MODERATE)
def save(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /studio/questions/{id}/answer`; `do` is write or link."""
    question, form = _question(request), signed_in.form
    seen = int(form["version"]) if form.get("version", "").isdigit() else None
    given = _given(signed_in)
    try:
        if form.get("do") == "link":
            companion_of(request).written_answers.link(question.id, form.get("segment", ""), seen)
        else:
            companion_of(request).written_answers.write(question.id, given, seen)
    except ArchiveError as error:
        return _page(request, signed_in, question, given, told(request, error), status_of(error))
    desk = f"/studio/episodes/{question.episode}/desk" if question.episode else "/studio/questions"
    return RedirectResponse(f"{desk}#q-{question.id}", 303)


def _given(signed_in: SignedInRequest) -> WrittenAnswer:
    form = signed_in.form
    guest = Guest(form.get("guest", ""), form.get("role", ""), form.get("organisation", ""))
    return WrittenAnswer(form.get("text", ""), guest, form.get("programme", ""))


def _page(
    request: Request,
    signed_in: SignedInRequest,
    question: Question,
    given: WrittenAnswer | None,
    problem: str = "",
    status: int = 200,
) -> Response:
    services = services_of(request)
    guests = services.archive.catalogue.episode(question.episode).guests if question.episode else ()
    chosen = next((each for each in guests if each.name == question.guest), Guest(question.guest))
    find = request.query_params.get("find", "").strip()[:200]
    return page(
        request,
        signed_in,
        "written.html",
        status,
        question=question,
        given=given or WrittenAnswer("", chosen),
        guests=guests,
        programmes=[] if question.episode else services.archive.catalogue.programmes(),
        find=find,
        found=_found(services.archive, find or question.shown),
        length=TEXT_LENGTH,
        problem=problem,
    )


def _found(archive: ArchiveServices, text: str) -> list[Placed]:
    """Answers that may answer it, found as workers find them."""
    query = SearchQuery(text[:200], kinds=(PassageKind.ANSWER,), limit=6)
    placed = []
    for hit in archive.index.search(query).hits:
        for segment in archive.transcripts.segments(hit.passage.episode):
            if segment.kind == "answer" and abs(segment.start - hit.passage.start) < 0.05:
                placed.append(Placed(hit.passage.episode, hit.passage.episode_title, segment))
    return placed


def _question(request: Request) -> Question:
    return companion_of(request).questions.question(read_id(request.path_params["id"]))


ROUTES = [
    Route("/studio/questions/{id}/answer", answer, methods=["GET"]),
    Route("/studio/questions/{id}/answer", save, methods=["POST"]),
]
