"""One good answer of every described call, held against its schema."""

from __future__ import annotations

import base64
import json
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from httpx import Response
from starlette.testclient import TestClient

from media.archive.episodes import Episode, Rendition, RenditionKind, renditions_prefix
from media.errors import Message
from media.jobs import ENDED
from tests.web.sample_archive import DRAFT, MATERNITY
from tests.web.studio import api_site
from tests.web.studio.api_site import OURS, Site
from tests.web.studio.conftest import PASSWORD
from web.domain.accounts.tokens import Scope
from web.openapi.document import describe

filled, site = api_site.filled, api_site.site
DOCUMENT = describe("Thử", "/")
ENTRY = {"kind": "equivalent", "said": "lương tháng 13", "meant": "thưởng tết"}
CUE = [1.0, 3.0, "Chào anh chị."]
ANSWER = {"kind": "answer", "start": 10, "end": 20, "question": "Hỏi gì?"}
OWN = {"Sec-Fetch-Site": "same-origin"}
CHUNK = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}
QUERIES = {
    "search": "?q=thai+san&facets=1",
    "suggest": "?q=thai",
    "findAnswers": "?q=hỏi",
    "lexicon": "?version=1",
}
AIRED = "phat-thu"
CODE = "code"  # stands for that of a question just asked
KEYS = {"p256dh": base64.urlsafe_b64encode(b"\4" + bytes(64)).decode().rstrip("="), "auth": "A" * 22}
BODIES: dict[str, Any] = {
    "countPlay": {"episode": MATERNITY, "segment": "x"},
    "countSearch": {"text": "thai sản"},
    "countWatching": {"episode": MATERNITY, "seconds": 10, "ranges": [[0, 10]]},
    "changeEpisode": {"title": "Tên khác", "guests": [{"name": "Bà Mẫu"}], "topics": ["thai-san"]},
    "scheduleEpisode": {"at": "2099-01-01T19:00"},
    "withdrawEpisode": {"reason": "Luật đã thay đổi."},
    "noteCaptionsRead": {"version": 1},
    "bePresent": {"what": "facts"},
    "markAnswer": {"law_changed": "2026-01-01", "law_note": "Luật mới", "seen": {}},
    "changeSegments": {"changes": [{"id": "", "seen": None, "segment": ANSWER}]},
    "editTranscript": {"seen": 1, "edits": [{"before": [CUE], "after": [[1.0, 3.0, "Chào các anh chị."]]}]},
    "restoreTranscript": {"version": 1},
    "addTerm": {"written": "Đồng Nai", "heard": ["đồng lai"]},
    "changeTerm": {
        "written": "Biên Hòa", "by_sound": False, "seen": {"written": "Biên Hòa", "heard": ["biên hoà"]}
    },
    "importLink": {"url": "https://example.org/a.mp4", "programme": "diem-hen", "title": "Buổi phát"},
    "addTopic": {"name_vi": "Nhà ở"},
    "changeTopic": {"synonyms": ["thai sản"]},
    "orderTopics": {"slugs": ["an-toan"], "featured": []},
    "mergeTopic": {"into": "bao-hiem"},
    "addProgramme": {"title": "Tiếng nói thợ"},
    "changeProgramme": {"description": "Mỗi tuần."},
    "mergeProgramme": {"into": "diem-hen"},
    "addOrganisation": {"name": "Công đoàn Long Thành"},
    "changeOrganisation": {"name": "Công đoàn Biên Hòa"},
    "changeLexicon": {"added": [ENTRY]},
    "restoreLexicon": {"version": 1},
    "invite": {"login": "lan", "name": "Lan", "role": "editor"},
    "changePerson": {"email": "lan@example.vn"},
    "changePassword": {"old": PASSWORD, "new": "một hai ba bốn năm"},
    "addToken": {"name": "máy quay", "scopes": ["read"]},
    "endAnswer": {}, "unmergeQuestion": {}, "resumeAnswer": {}, "undoAnswer": {},
    "changeCompanion": {"open": True, "hold": "all"}, "addScreen": {"kind": "presenter"},
    "moveQuestion": {"state": "later"}, "releaseQuestion": {}, "holdQuestion": {"seen": None},
    "editQuestion": {"shown": "Nghỉ sinh bao lâu?", "guest": "Bà Hoa"}, "beginAnswer": {"guest": "Bà Hoa"},
    "blockAsker": {"days": 7}, "askArchive": {"text": "Phép năm còn thừa có được trả tiền không?"},
    "askEpisode": {"text": "Nghỉ sinh con được mấy tháng?"}, "receipt": {"code": CODE},
    "tellByPush": {"code": CODE, "subscription": {"endpoint": "https://push.example.org/x", "keys": KEYS}},
}  # fmt: skip
ABOUT: dict[str, str] = {
    "publishEpisode": DRAFT, "scheduleEpisode": DRAFT, "documents": MATERNITY, "removeDocument": MATERNITY,
    "episode": MATERNITY, "progress": MATERNITY, "withdrawEpisode": MATERNITY, "episodeFigures": MATERNITY,
    "events": MATERNITY, "episodeQuestions": MATERNITY, "askEpisode": MATERNITY, "broadcast": AIRED,
}  # fmt: skip
"""Calls of another episode than OURS."""
CALLS = [
    (method, path, operation)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    if method != "parameters"
]


@pytest.mark.slow
def test_every_call_has_a_good_answer_as_described(site: Site) -> None:
    _prepare(site)
    wrong = {}
    calls = sorted(CALLS, key=lambda call: (call[0] not in ("get", "head", "options"), call[0] == "delete"))
    last = {
        "publishEpisode",
        "mergeTopic",
        "mergeProgramme",
        "withdrawEpisode",
        "makeLink",
        "changePassword",
        "signOut",
    }
    for method, path, operation in sorted(calls, key=lambda call: call[2]["operationId"] in last):
        answer = _ask(site, method, path, operation["operationId"])
        if problem := _problem_of(answer, operation):
            wrong[operation["operationId"]] = f"{answer.status_code}: {problem} {answer.text[:200]}"
    assert not wrong, json.dumps(wrong, ensure_ascii=False, indent=1)


def _prepare(site: Site) -> None:
    """What the sample has not: levels of sound."""
    catalogue = site.services.archive.catalogue
    recording = catalogue.episode(OURS).recording
    assert recording is not None
    catalogue.save_renditions(recording, [Rendition("waveform", RenditionKind.WAVEFORM, "waveform.json")])
    assert site.services.live is not None
    site.services.live.broadcasts.plan(Episode(AIRED, "diem-hen", "Phát thử", date(2026, 12, 1)))
    levels = b'{"per_second": 10, "peaks": "AAAA", "silences": [[0.5, 1.0]]}'
    site.services.archive.storage.put(f"{renditions_prefix(recording)}/waveform.json", BytesIO(levels))


def _ask(site: Site, method: str, path: str, name: str) -> Response:
    slug = ABOUT.get(name, OURS)
    client = TestClient(site.app, follow_redirects=False, raise_server_exceptions=False)
    headers = {**OWN, "Tus-Resumable": "1.0.0"}
    if path.startswith(("/api/v1/uploads", "/api/v1/links")):
        headers |= site.bearer("editor", *Scope)
    else:
        client = site.session("editor" if name == "removeToken" else "admin")
        headers |= site.csrf(client)
    if "If-Match" in str(DOCUMENT["paths"][path][method].get("parameters", "")):
        headers["If-Match"] = "*"
    _make_ready(site, name)
    content, address = b"", site.address(path, slug) + QUERIES.get(name, "")
    if name == "createUpload":
        headers |= {"Upload-Length": "9", "Upload-Metadata": "filename YS5tcDQ=,programme ZGllbS1oZW4="}
    elif name == "sendBytes":
        headers, content = headers | CHUNK, b"abc"
    elif name == "uploadByPost":
        headers["X-HTTP-Method-Override"] = "HEAD"
    elif name == "mergeQuestions":
        content = json.dumps({"questions": [site.values["questions"][1]]}).encode()
        headers["Content-Type"] = "application/json"
    elif name in BODIES:
        body = BODIES[name]
        if body.get("code") == CODE:
            asked = client.post("/api/v1/questions", json=BODIES["askArchive"], headers=headers)
            body = {**body, "code": asked.json()["code"]}
        return client.request(method.upper(), address, json=body, headers=headers)
    return client.request(method.upper(), address, content=content, headers=headers)


def _make_ready(site: Site, name: str) -> None:
    """What a call changes is so that it can be changed."""
    jobs, job = site.services.archive.jobs, site.services.archive.jobs.job_of(OURS)
    assert job is not None
    if name in ("retryEpisode", "retryJob") and job.state not in ENDED:
        jobs.cancel(job.id)
    if name in ("cancelEpisode", "cancelJob") and job.state in ENDED:
        jobs.retry(job.id)
    if name == "unmergeQuestion":
        one, other = site.values["questions"][:2]
        assert site.services.companion is not None
        site.services.companion.board.unmerge(other)
        site.services.companion.board.merge([one], other)
    if name in ("retryUpload", "removeUpload"):
        assert site.services.studio
        site.services.studio.upload_service.uploads.refuse(
            site.values["uploads"][0], Message("Not a recording.")
        )


def _problem_of(answer: Response, operation: dict[str, Any]) -> str:
    """What is wrong with an answer that should be good."""
    from openapi_schema_validator import OAS31Validator

    described = operation["responses"].get(str(answer.status_code))
    if described is None or answer.status_code >= 300:
        return "not good"
    if "content" not in described:
        return "has a body" if answer.content else ""
    if answer.headers["content-type"] not in described["content"]:
        return answer.headers["content-type"]
    for name in described.get("headers", {}):
        if name not in answer.headers:
            return f"no {name}"
    schema = {**described["content"]["application/json"]["schema"], "components": DOCUMENT["components"]}
    errors = OAS31Validator(schema).iter_errors(answer.json())
    return "; ".join(f"{error.json_path}: {error.message[:120]}" for error in errors)


def test_bodies_are_of_calls_that_there_are() -> None:
    names = {operation["operationId"] for _, _, operation in CALLS}
    assert (BODIES.keys() | ABOUT.keys() | QUERIES.keys()) - names == set()
