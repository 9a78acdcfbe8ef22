"""Nothing private of a question ever reaches the public: sentinels in every private field, every public way walked."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from tests.web.studio import api_site
from tests.web.studio.api_site import Filled, Site, open_site
from tests.web.studio.test_permissions_everywhere import PUBLIC
from web.domain.accounts.accounts import Role
from web.domain.events.events import public_channel
from web.domain.questions.asking import Asker
from web.domain.questions.drafts import read_draft
from web.domain.questions.public_view import public_data, public_view, tidings
from web.domain.questions.questions import Question, QuestionState
from web.domain.questions.receipts import digest

filled = api_site.filled
EPISODE = "thai-san-va-bao-hiem"
PHONE, EMAIL, IDENTITY = "0987 654 321", "bi.mat@example.com", "079190001234"
DEVICE = {letter: f"Thietbi{letter}" * 3 for letter in "abcde"}
PRIVATE = ["0987654321", PHONE, EMAIL, IDENTITY, "GOCKHONGHIEN", "GIUKIN", "TENKHONGHIEN", "XUONGKHONGHIEN"]


@pytest.fixture
def site(filled: Filled, tmp_path: Path, built_app: Starlette) -> Iterator[Site]:
    with open_site(filled, tmp_path, built_app) as made:
        yield made


def ask(
    site: Site, text: str, device: str, episode: str | None = EPISODE, **fields: str
) -> tuple[Question, str]:
    asking = site.services.companion.asking()
    assert asking
    sent = {
        "text": text,
        "name": "TENKHONGHIEN",
        "workplace": "XUONGKHONGHIEN",
        "email": EMAIL,
        "phone": PHONE,
    }
    made = asking.ask(read_draft(sent | fields), Asker(device, "203.0.113.5"), episode, ("", ""))
    return made.question, made.code


def walk(site: Site) -> Iterator[tuple[str, str]]:
    """Every public address that is read, with its answer: as anybody, and as who has a page of events."""
    client = TestClient(site.app, follow_redirects=False)
    for route in site.app.routes:
        if not isinstance(route, Route) or "GET" not in (route.methods or ()):
            continue
        if f"GET {route.path}" not in PUBLIC or "{question}" in route.path or "{code}" in route.path:
            continue
        asked = f"?episode={EPISODE}&text=GOC&q=GOC&after=0"
        for slug, query in ((EPISODE, ""), (EPISODE, asked), (api_site.OURS, "")):
            path = _filled(site, route.path, slug)
            if path is not None:
                answer = client.get(path + query)
                yield path + query, answer.text + str(answer.headers)


def _filled(site: Site, path: str, slug: str) -> str | None:
    try:
        return site.address(
            path.replace("{path:path}", "x").replace("{name:path}", "x").replace("{version}", "x"), slug
        )
    except (AssertionError, KeyError, IndexError, StopIteration):
        return None


@pytest.mark.slow
def test_sentinels_never_reach_the_public(site: Site) -> None:
    services = site.services
    assert services.companion and services.live
    text = f"Gọi {PHONE} hoặc {EMAIL}, thẻ {IDENTITY}, xem https://gockhonghien.example/GOCKHONGHIEN"
    shown, shown_code = ask(site, f"Nghỉ sinh thế nào? {text}", DEVICE["a"])
    held, held_code = ask(site, "GIUKIN câu này giữ lại", DEVICE["b"])
    refused, refused_code = ask(site, "GIUKIN câu này không nhận", DEVICE["c"])
    merged, merged_code = ask(site, "GIUKIN câu này gộp", DEVICE["d"])
    archive, archive_code = ask(site, f"GIUKIN gửi kho {text}", DEVICE["e"], None)
    board = services.companion.board
    board.move(shown.id, QuestionState.SHORTLISTED, None, shown.version)
    board.move(refused.id, QuestionState.REFUSED, None, refused.version)
    board.merge([merged.id], shown.id)
    codes = [shown_code, held_code, refused_code, merged_code, archive_code]
    digests = [digest(services.companion.encryption(), code) for code in codes]
    devices = [services.companion.encryption().pseudonym("device", each) for each in DEVICE.values()]
    ids = [held.id, refused.id, archive.id]
    private = [*PRIVATE, *codes, *digests, *devices, *ids, "203.0.113.5", *DEVICE.values()]
    public = [public_channel(EPISODE), public_channel("")]
    told = [str(each) for each in services.live.events.after(0, channels=public)]
    assert any(shown.id in each for each in told)
    for where, answer in itertools.chain(walk(site), (("event", each) for each in told)):
        for secret in private:
            assert secret not in answer, f"{secret} in {where}"
    seen = TestClient(site.app).get(f"/api/v1/episodes/{EPISODE}/questions").text
    assert shown.id in seen and "Nghỉ sinh thế nào? Gọi […] hoặc […]" in seen


def test_a_receipt_shows_nothing_but_its_own(site: Site) -> None:
    text = f"Nghỉ sinh thế nào? {PHONE}"
    _, code = ask(site, text, DEVICE["a"])
    other, _ = ask(site, f"GIUKIN {PHONE}", DEVICE["b"])
    client = TestClient(site.app)
    pages = [client.get(f"/questions/{code}").text]
    pages.append(
        client.post("/api/v1/receipts", json={"code": code}, headers={"sec-fetch-site": "same-origin"}).text
    )
    for page in pages:
        assert "Nghỉ sinh thế nào?" in page
        for secret in (*PRIVATE, other.id, DEVICE["a"]):
            assert secret not in page


def test_contacts_are_on_no_page_of_the_studio_but_the_one_for_calling(site: Site) -> None:
    question, _ = ask(site, "Nghỉ sinh thế nào vậy ạ?", DEVICE["a"])
    for role in Role:
        client = site.session(role.value)
        for path in (
            f"/studio/episodes/{EPISODE}/desk",
            "/studio/calls",
            "/studio/audit",
            "/studio/figures",
            f"/studio/episodes/{EPISODE}",
        ):
            page = client.get(path).text
            assert "0987654321" not in page and EMAIL not in page and PHONE not in page, (role, path)
    assert question.held


words = st.text(st.sampled_from("abc 0123456789@."), max_size=30)
asked = st.builds(
    Question,
    id=st.just("i"),
    episode=st.sampled_from([None, "e"]),
    original=st.just("GOC"),
    shown=words,
    state=st.sampled_from(QuestionState),
    held=st.booleans(),
    votes=st.integers(0, 5),
    merged_into=st.sampled_from([None, "j"]),
    guest=st.just("KHACH"),
    segment=st.just("DOAN"),
    source=st.just("NGUON"),
)


@given(st.none() | asked, asked, st.sampled_from(["", "/episodes/e?t=5"]))
def test_what_is_told_follows_from_what_anybody_may_see(
    before: Question | None, after: Question, answer: str
) -> None:
    before = replace(before, episode=after.episode) if before else None
    told = tidings(before, after, answer)
    assert told[0].channel == f"desk:{after.episode or ''}"
    public = [each for each in told if each.channel.startswith("public:")]
    assert not {"GOC", "KHACH", "DOAN", "NGUON"} & set(str([each.data for each in public]).split("'"))
    seen = public_data(public_view(before, answer)) if before and before.public else None
    for each in public:  # applying what is told gives what anybody may see
        if each.kind == "question":
            seen = each.data
        elif each.kind == "votes" and seen:
            seen = seen | each.data
        elif each.kind == "gone":
            seen = None
    assert seen == (public_data(public_view(after, answer)) if after.public else None)
    assert len(public) <= 1 and (before != after or not public)


def test_what_is_not_public_has_no_public_view() -> None:
    question = Question("i", "e", "a", "a")
    for each in (
        replace(question, held=True),
        replace(question, state=QuestionState.REFUSED),
        replace(question, merged_into="j"),
    ):
        with pytest.raises(ValueError, match="not public"):
            public_view(each)
