from __future__ import annotations

import html
import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from infra.db.tables.archive import jobs
from infra.db.tables.studio import presence
from infra.jobs.plan import STEPS
from infra.maintenance.import_export import _segment
from media.archive.episodes import EpisodeState, Programme, renditions_prefix
from media.jobs import JobState
from search.indexer import published_passages
from tests.web.studio.conftest import Studio
from tests.web.studio.desk import OWN, add_answer, add_ready, desk, form_of
from transcribe.editing.review_marks import plain
from web.studio.episodes.views import STEP_TITLES

ROLES = ("", "admin", "editor", "moderator", "contributor")
HERE = "/studio/episodes/thang-ba"
API = "/api/v1/episodes/thang-ba"
HOSTILE = "<script>alert(1)</script>\"'&\u202e\u200f\x00👩‍👩‍👧"
SHOWN = html.escape("<script>alert(1)</script>", quote=False)


def audit(studio: Studio) -> list[tuple[str, str]]:
    entries = studio.sign_in.audit.entries(action="episode.")
    return [(entry.action, entry.actor) for entry in entries]


@pytest.mark.parametrize("own", [True, False])
def test_who_sees_which_pages(studio: Studio, own: bool) -> None:
    add_ready(studio, organisation=OWN if own else "khac")
    for role in ROLES:
        client = studio.client(role)
        sees = role in ("admin", "editor", "moderator") or (role == "contributor" and own)
        edits = sees and role != "moderator"
        listed = client.get("/studio")
        assert listed.status_code == (200 if role else 303), role
        assert (HERE in listed.text) is sees, role
        page = client.get(HERE)
        for answer in (page, client.get(f"{HERE}/preview")):
            assert answer.status_code == (200 if sees else 403 if role else 303), (role, answer.url)
        if sees:
            assert ('name="version"' in page.text and "Lưu</button>" in page.text) is edits, role
            assert ('value="publish"' in page.text) is (role in ("admin", "editor")), role


CALLS = [
    ("POST", f"{HERE}", "edit"),
    ("POST", f"{HERE}/work", "edit"),
    ("POST", f"{HERE}/publish", "publish"),
    ("POST", f"{HERE}/marks/x", "edit"),
    ("GET", "/api/v1/studio/episodes/thang-ba", "see"),
    ("PATCH", API, "edit"),
    ("POST", f"{API}/publish", "publish"),
    ("POST", f"{API}/schedule", "publish"),
    ("POST", f"{API}/withdraw", "publish"),
    ("PUT", f"{API}/captions-read", "edit"),
    ("POST", f"{API}/retry", "edit"),
    ("POST", f"{API}/cancel", "edit"),
    ("POST", f"{API}/presence", "see"),
    ("PUT", f"{API}/segments/x/marks", "edit"),
]


@pytest.mark.slow
@pytest.mark.parametrize("own", [True, False])
def test_who_may_call_what(studio: Studio, own: bool) -> None:
    add_ready(studio, organisation=OWN if own else "khac")
    of_role = {
        "": set(), "moderator": {"see"}, "contributor": {"see", "edit"} if own else set(),
        "admin": {"see", "edit", "publish"}, "editor": {"see", "edit", "publish"},
    }  # fmt: skip
    for role, may in of_role.items():
        here, before = desk(studio, role), studio.services.archive.catalogue.episode("thang-ba")
        for method, url, needs in CALLS:
            answer = here.call(method, url, None if method == "GET" else {})
            if not role:
                assert answer.status_code == 401, url
                continue
            assert (answer.status_code == 403) is (needs not in may), (role, method, url, answer.text)
            if method != "GET":
                without = here.client.request(method, url, json={})
                assert without.status_code == 403, (role, method, url)
        if "edit" not in may:
            assert studio.services.archive.catalogue.episode("thang-ba") == before, role


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.smoke
def test_lists_and_searches_of_answers_hold_what_is_seen(studio: Studio, role: str) -> None:
    add_ready(studio, organisation="khac")
    here = studio.client(role)
    sees = role in ("admin", "editor", "moderator")
    for url in ("/api/v1/studio/episodes", "/api/v1/studio/answers?q=thai+san", "/api/v1/studio/live"):
        answer = here.get(url)
        assert answer.status_code == (200 if role else 401)
        assert ("thang-ba" in answer.text) is sees, url


def test_a_contributor_moves_nothing_to_another_organisation(studio: Studio) -> None:
    episode = add_ready(studio, organisation=OWN)
    studio.services.archive.catalogue.save_programme(Programme("khac", "Khác"))
    here = desk(studio, "contributor")
    assert here.post(HERE, **form_of(episode, programme="khac")).status_code == 403
    assert here.call("PATCH", API, {"programme": "khac"}, **{"If-Match": '"1"'}).status_code == 403
    assert here.post(HERE, **form_of(episode, title="Tiêu đề mới")).status_code == 303
    assert studio.services.archive.catalogue.episode("thang-ba").title == "Tiêu đề mới"


def test_facts_are_saved_by_the_form(studio: Studio) -> None:
    episode = add_ready(studio)
    here = desk(studio, "editor")
    form = form_of(episode, description="Một\r\nhai", notice="Giọng máy") | {
        "guest_name": ["Bà Hoà", "", "Ông Nam"],
        "guest_role": ["Luật sư", "", ""],
        "guest_organisation": ["", "", "Liên đoàn"],
        "guest_place": ["2", "3", "1"],
    }
    assert here.post(HERE, **form).headers["location"] == f"{HERE}?saved"
    saved = studio.services.archive.catalogue.episode("thang-ba")
    assert [guest.name for guest in saved.guests] == ["Ông Nam", "Bà Hoà"]
    assert (saved.description, saved.topics) == ("Một\nhai", ("thai-san",))
    page = here.client.get(f"{HERE}?saved").text
    assert "Đã lưu" in page and "Bà Hoà" in page
    assert audit(studio)[0] == ("episode.edit", "editor")


def test_saving_over_somebody_else_shows_both_versions(studio: Studio) -> None:
    episode = add_ready(studio)
    one, two = desk(studio, "editor"), desk(studio, "admin")
    assert one.post(HERE, **form_of(episode, title="Bản một")).status_code == 303
    answer = two.post(HERE, **form_of(episode, title="Bản hai"))
    assert answer.status_code == 409
    assert "Bản một" in answer.text and "Bản hai" in answer.text and 'role="alert"' in answer.text
    assert studio.services.archive.catalogue.episode("thang-ba").title == "Bản một"
    version = re.search(r'name="version" value="(\d+)"', answer.text)
    assert version
    late = form_of(episode, title="Bản hai", version=version[1])
    assert two.post(HERE, **late).status_code == 303
    assert studio.services.archive.catalogue.episode("thang-ba").title == "Bản hai"


@pytest.mark.smoke
def test_a_patch_of_a_stale_version_is_refused_with_the_stored_one(studio: Studio) -> None:
    add_ready(studio)
    here = desk(studio, "editor")
    tag = here.client.get("/api/v1/studio/episodes/thang-ba").headers["etag"]
    assert here.call("PATCH", API, {"title": "Một"}).status_code == 428
    first = here.call("PATCH", API, {"title": "Một"}, **{"If-Match": tag})
    assert first.status_code == 200 and first.headers["etag"] != tag
    late = here.call("PATCH", API, {"title": "Hai"}, **{"If-Match": tag})
    assert late.status_code == 412
    assert (late.json()["current"]["title"], late.headers["etag"]) == ("Một", first.headers["etag"])
    assert late.headers["content-type"] == "application/problem+json"


def test_hostile_text_comes_out_as_text(studio: Studio) -> None:
    episode = add_ready(studio)
    here = desk(studio, "editor")
    form = form_of(episode, title=HOSTILE, description=HOSTILE, notice=HOSTILE) | {
        "guest_name": HOSTILE, "guest_role": HOSTILE, "guest_organisation": HOSTILE
    }  # fmt: skip
    assert here.post(HERE, **form).status_code == 303
    segment = studio.services.archive.transcripts.segments("thang-ba")[0].id
    marks = {"law_changed": "2026-01-01", "law_note": HOSTILE, "review_on": "2026-01-01"}
    assert here.post(f"{HERE}/marks/{segment}", **marks).status_code == 303
    assert here.post(f"{HERE}/publish", do="publish").status_code == 303
    public = studio.client()
    pages = [here.client.get(u).text for u in (HERE, "/studio", f"{HERE}/preview")]
    pages.append(public.get("/episodes/thang-ba").text)
    assert here.post(f"{HERE}/publish", do="withdraw", reason=HOSTILE).status_code == 303
    gone = public.get("/episodes/thang-ba")
    assert gone.status_code == 410
    for page in (*pages, here.client.get(HERE).text, gone.text):
        assert SHOWN in page and "<script>alert" not in page
        assert not {"\u202e", "\u200f", "\x00"} & set(page)
        assert "👩‍👩‍👧" in page


FIELDS = ["title", "description", "notice", "slug", "guest_name", "guest_role", "programme", "language"]


def test_a_text_far_too_long_is_refused_with_a_sentence(studio: Studio) -> None:
    episode = add_ready(studio)
    here, much = desk(studio, "editor"), "x" * 100_000
    for field in FIELDS:
        answer = here.post(
            HERE, **(form_of(episode) | {"guest_name": "Bà Hoà", "guest_role": "", field: much})
        )
        assert answer.status_code in (400, 404), field
        assert 'role="alert"' in answer.text or field == "programme", field
        body = {"guests": [{"name": much}]} if field.startswith("guest") else {field: much}
        problem = here.call("PATCH", API, body, **{"If-Match": '"1"'})
        assert problem.status_code in (400, 404), field
        assert 10 < len(problem.json()["detail"]) < 400, field
    assert studio.services.archive.catalogue.episode("thang-ba") == episode


UNUSABLE = [
    [], "x", None, {"state": "published"}, {"title": 1}, {"date": "31/12/2026"}, {"topics": "thai-san"},
    {"topics": [1]}, {"guests": [[]]}, {"guests": [{"name": "A", "x": 1}]}, {"title": "\ud800"},
    {"programme": "\ud800"}, {"slug": "\ud800"},
]  # fmt: skip


def test_json_that_cannot_be_used_is_refused(studio: Studio) -> None:
    episode = add_ready(studio)
    here = desk(studio, "editor")
    headers = {"X-CSRF": here.csrf, "Content-Type": "application/json", "If-Match": '"1"'}
    for body in UNUSABLE:
        answer = here.client.patch(API, content=json.dumps(body), headers=headers)
        assert answer.status_code in (400, 404), (body, answer.text)
    assert studio.services.archive.catalogue.episode("thang-ba") == episode


def test_an_old_address_leads_to_the_new_one(studio: Studio) -> None:
    episode = add_ready(studio)
    here = desk(studio, "editor")
    here.post(f"{HERE}/publish", do="publish")
    assert (
        here.post(HERE, **form_of(episode, slug="so-thang-ba"))
        .headers["location"]
        .endswith("so-thang-ba?saved")
    )
    answer = studio.client().get("/episodes/thang-ba?t=10")
    assert (answer.status_code, answer.headers["location"]) == (301, "/episodes/so-thang-ba?t=10")
    assert here.client.get(HERE).headers["location"] == "/studio/episodes/so-thang-ba"
    assert studio.client().get("/episodes/so-thang-ba").status_code == 200


def test_the_check_list_holds_back_what_is_not_ready(studio: Studio) -> None:
    studio.stores.add("thang-ba")
    here = desk(studio, "editor")
    page = here.client.get(HERE).text
    assert page.count("cần trước khi đăng") == 2  # playable, an answer
    for answer in (here.post(f"{HERE}/publish", do="publish"), here.call("POST", f"{API}/publish", {})):
        assert answer.status_code == 409
    assert here.call("POST", f"{API}/schedule", {"at": "2099-01-01T08:00"}).status_code == 409
    assert studio.services.archive.catalogue.episode("thang-ba").state is EpisodeState.PROCESSING


def test_captions_are_ticked_as_read(studio: Studio) -> None:
    add_ready(studio)
    here = desk(studio, "editor")
    ticked = {"do": "captions-read", "transcript": "1", "read": "yes"}
    assert here.post(f"{HERE}/work", **ticked).status_code == 303
    checks = {
        c["need"]: c["met"] for c in here.client.get("/api/v1/studio/episodes/thang-ba").json()["checks"]
    }
    assert checks["captions"] is True
    assert here.call("PUT", f"{API}/captions-read", {"version": 2}).status_code == 409
    assert here.call("PUT", f"{API}/captions-read", {"version": True}).status_code == 400
    assert (
        here.call("PUT", f"{API}/captions-read", {"version": 1, "read": False}).json()["captions_read"] == 0
    )


def test_times_are_those_of_the_zone(studio: Studio) -> None:
    add_ready(studio)
    here = desk(studio, "editor")
    assert here.post(f"{HERE}/publish", do="schedule", at="2099-11-30T19:00").status_code == 303
    assert studio.services.archive.catalogue.episode("thang-ba").publish_at == datetime(2099, 11, 30, 12, 0)
    page = here.client.get(HERE).text
    assert "19:00 ngày 30/11/2099" in page and "Asia/Ho_Chi_Minh" in page
    offset = here.call("POST", f"{API}/schedule", {"at": "2099-11-30T19:00:00+09:00"}).json()
    assert offset["publish_at"] == "2099-11-30T10:00:00+00:00"
    assert here.call("POST", f"{API}/schedule", {"at": None}).json()["publish_at"] is None
    for wrong in ("", "x", "2001-01-01T00:00", "0001-01-01T00:00"):
        assert here.post(f"{HERE}/publish", do="schedule", at=wrong).status_code == 400, wrong


def test_a_scheduled_episode_is_published_by_the_duty(studio: Studio) -> None:
    add_ready(studio)
    editing = studio.services.studio.editing
    assert editing
    editing.schedule("thang-ba", datetime.now(UTC).replace(tzinfo=None) - timedelta(seconds=1))
    assert studio.client().get("/episodes/thang-ba").status_code == 404
    assert (editing.publish_due(), editing.publish_due()) == (["thang-ba"], [])
    assert studio.client().get("/episodes/thang-ba").status_code == 200


@pytest.mark.parametrize(
    "role", [pytest.param(role, marks=[pytest.mark.slow] if role else []) for role in ROLES]
)
def test_media_before_and_after(studio: Studio, role: str) -> None:
    episode = add_ready(studio, organisation="khac")
    client, prefix = studio.client(role), f"/media/{episode.recording}"
    urls = [f"{prefix}/master.m3u8", f"{prefix}/480/index.m3u8", f"{prefix}/480/1.m4s"]
    urls += ["/episodes/thang-ba/transcript", "/episodes/thang-ba/captions.vtt"]
    sees = role in ("admin", "editor", "moderator")

    def check(hidden: int) -> None:
        for url in urls:
            answer = client.get(url)
            assert (answer.status_code == 200) is sees, url
            assert sees or answer.status_code in (404, hidden), url
            if (sees and url.startswith("/media")) or url.endswith("vtt"):
                caching = answer.headers["cache-control"]
                assert "public" not in caching and "no-store" in caching, url

    check(404)
    editor = desk(studio, "editor")
    editor.post(f"{HERE}/publish", do="publish")
    assert [client.get(url).status_code for url in urls] == [200] * 5
    assert editor.post(f"{HERE}/publish", do="withdraw", reason="Nói sai mức lương").status_code == 303
    check(410)
    assert renditions_prefix(episode.recording or "")


def test_a_withdrawn_episode_says_why_and_comes_back(studio: Studio) -> None:
    add_ready(studio)
    here = desk(studio, "editor")
    here.post(f"{HERE}/publish", do="publish")
    assert here.post(f"{HERE}/publish", do="withdraw", reason="").status_code == 400
    here.post(f"{HERE}/publish", do="withdraw", reason="Nói sai mức lương")
    public = studio.client()
    gone = public.get("/episodes/thang-ba")
    assert gone.status_code == 410 and "Đã gỡ: Nói sai mức lương" in gone.text
    problem = public.get("/api/v1/episodes/thang-ba")
    assert problem.status_code == 410 and "Nói sai mức lương" in problem.json()["detail"]
    assert here.call("POST", f"{API}/withdraw", {"reason": "Lại"}).status_code == 409
    assert here.call("POST", f"{API}/publish", {}).json()["state"] == "published"
    assert public.get("/episodes/thang-ba").status_code == 200
    assert [a for a, _ in audit(studio)] == ["episode.publish", "episode.withdraw", "episode.publish"]


def test_marks_are_shown_to_workers(studio: Studio) -> None:
    add_ready(studio, "thang-ba")
    add_ready(studio, "thang-sau")
    newer = add_answer(studio, "thang-sau", "Nghỉ thai sản theo luật mới?", 100.0)
    here = desk(studio, "editor")
    old = studio.services.archive.transcripts.segments("thang-ba")[0]
    found = here.post(f"{HERE}/marks/{old.id}", do="find", newer="luat moi")
    assert newer.id in found.text
    marks = {
        "law_changed": "2025-07-01",
        "law_note": "Luật mới",
        "superseded_by": newer.id,
        "review_on": "2026-01-01",
    }
    assert here.post(f"{HERE}/marks/{old.id}", **marks).status_code == 303
    late = here.post(f"{HERE}/marks/{old.id}", law_note="")
    assert late.status_code == 409 and "Luật mới" in late.text
    due = here.client.get("/studio").text
    assert "1 câu trả lời đến hạn xem lại" in due
    here.post(f"{HERE}/publish", do="publish")
    public = studio.client()
    page = public.get("/episodes/thang-ba").text
    assert "Luật đã thay đổi sau câu trả lời này, từ 1/7/2025" in page and "Luật mới" in page
    assert "luật mới?</a>" not in page, "the newer answer is not public yet"
    here.post("/studio/episodes/thang-sau/publish", do="publish")
    page = public.get("/episodes/thang-ba").text
    assert f'href="/episodes/thang-sau?t={newer.start:g}&amp;until={newer.end:g}"' in page
    segment = public.get("/api/v1/episodes/thang-ba").json()["segments"][0]
    assert (segment["law_changed"], segment["superseded_by"]) == ("2025-07-01", newer.id)


def test_marks_by_script(studio: Studio) -> None:
    add_ready(studio)
    here = desk(studio, "editor")
    segment = studio.services.archive.transcripts.segments("thang-ba")[0].id
    url = f"{API}/segments/{segment}/marks"
    first = here.call("PUT", url, {"law_changed": "2025-07-01", "law_note": "A"})
    assert (first.status_code, first.json()["outdated"]) == (200, True)
    late = here.call("PUT", url, {"law_note": ""})
    assert late.status_code == 409 and late.json()["current"]["law_note"] == "A"
    seen = {"law_changed": "2025-07-01", "law_note": "A"}
    assert here.call("PUT", url, {"seen": seen}).json()["outdated"] is False
    for wrong in ({"x": 1}, {"law_changed": "x"}, {"law_note": 1}, {"superseded_by": []}, {"seen": 3}):
        assert here.call("PUT", url, wrong).status_code == 400, wrong
    assert here.call("PUT", f"{API}/segments/khong-co/marks", {}).status_code == 404


def test_failed_work_says_why_and_is_retried(studio: Studio) -> None:
    studio.stores.add("thang-ba")
    here = desk(studio, "editor")
    assert here.call("POST", f"{API}/retry", {}).status_code == 409
    assert here.call("POST", f"{API}/cancel", {}).json()["state"] == "cancelled"
    job = studio.services.archive.jobs.job_of("thang-ba")
    assert job
    told = {"step": "Nhận dạng lời nói", "step_number": 4, "step_count": 7}
    failed = {
        "state": JobState.FAILED,
        "error": "The disk is full; free some space, then try the job again.",
    }
    with studio.database.write() as c:
        c.execute(jobs.update().where(jobs.c.id == job.id).values(**told, **failed))
    page = here.client.get("/studio").text
    assert "Bước “Nhận dạng lời nói” chưa làm được. Máy chủ hết chỗ; nhờ" in page
    assert page.count('class="step-done"') == 3 and page.count('class="step-failed"') == 1
    live = here.client.get("/api/v1/studio/live").json()["episodes"]["thang-ba"]
    assert live["can_retry"] and not live["can_cancel"] and live["state"] == "Bản nháp"


def test_the_steps_are_the_pipeline_s() -> None:
    assert tuple(step.title for step in STEPS) == STEP_TITLES


def test_who_else_is_there(studio: Studio) -> None:
    add_ready(studio)
    one, two = desk(studio, "editor"), desk(studio, "admin")
    assert one.call("POST", f"{API}/presence", {"what": "facts"}).json() == {"people": []}
    people = two.call("POST", f"{API}/presence", {"what": "transcript"}).json()["people"]
    assert [(each["name"], each["what"]) for each in people] == [("Người editor", "facts")]
    assert "Người editor (thông tin)" in two.client.get("/studio").text
    assert two.call("POST", f"{API}/presence", {"what": "elsewhere"}).status_code == 400
    with studio.database.write() as c:
        c.execute(
            presence.update().values(seen_at=datetime.now(UTC).replace(tzinfo=None) - timedelta(seconds=31))
        )
    assert one.call("POST", f"{API}/presence", {"what": "facts"}).json() == {"people": []}


def test_odd_addresses_of_the_list(studio: Studio) -> None:
    add_ready(studio)
    editor = studio.client("editor")
    for query in ("state=x", "page=0", "page=99999", "page=%C2%B2", "programme=%ff", "q=" + "x" * 3000):
        assert editor.get(f"/studio?{query}").status_code == 200, query


def test_both_languages_and_no_script_or_style_inside(studio: Studio) -> None:
    add_ready(studio)
    client = studio.client("editor")
    for url in ("/studio", HERE, f"{HERE}/preview"):
        english = client.get(f"{url}?lang=en").text
        assert '<html lang="en">' in english
        assert not re.search(r'\sstyle="|\son\w+="|<script>|<style', english), url
    assert "Publish now" in client.get(f"{HERE}?lang=en").text


def test_search_says_that_the_law_has_changed(studio: Studio) -> None:
    add_ready(studio)
    here = desk(studio, "editor")
    here.post(f"{HERE}/publish", do="publish")
    services = studio.services
    segment = services.archive.transcripts.segments("thang-ba")[0].id
    assert (
        here.call("PUT", f"{API}/segments/{segment}/marks", {"law_changed": "2025-07-01"}).status_code
        == 200
    )
    found = published_passages("thang-ba", services.archive.catalogue, services.archive.transcripts)
    services.archive.index.replace("thang-ba", found)
    assert "Luật đã thay đổi sau câu trả lời này" in studio.client().get("/search?q=thai+sản").text
    hits = studio.client().get("/api/v1/search?q=thai+sản&kind=answer").json()["hits"]
    assert [hit["outdated"] for hit in hits] == [True]


def test_what_the_command_line_withdraws_tells_no_older_reason_and_is_not_published_by_itself(
    studio: Studio,
) -> None:
    add_ready(studio)
    here = desk(studio, "editor")
    here.post(f"{HERE}/publish", do="schedule", at="2099-01-01T08:00")
    catalogue = studio.services.archive.catalogue
    catalogue.set_state("thang-ba", EpisodeState.WITHDRAWN)
    assert catalogue.episode("thang-ba").publish_at is None
    here.post(f"{HERE}/publish", do="publish")
    here.post(f"{HERE}/publish", do="withdraw", reason="Lý do cũ")
    catalogue.set_state("thang-ba", EpisodeState.PUBLISHED)
    catalogue.set_state("thang-ba", EpisodeState.WITHDRAWN)
    assert "Lý do cũ" not in studio.client().get("/episodes/thang-ba").text


def test_marks_go_out_with_an_export_and_come_back(studio: Studio) -> None:
    add_ready(studio)
    here = desk(studio, "editor")
    segment = studio.services.archive.transcripts.segments("thang-ba")[0]
    marks = {"law_changed": "2025-07-01", "law_note": "Luật mới", "review_on": "2026-12-01"}
    here.call("PUT", f"{API}/segments/{segment.id}/marks", marks)
    stored = studio.services.archive.transcripts.segments("thang-ba")
    assert [_segment(json.loads(json.dumps(plain(each)))) for each in stored] == stored
