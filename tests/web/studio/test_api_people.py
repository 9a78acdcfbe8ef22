"""Calls for people, one's own account, tokens, the audit log, processing and documents."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.web.sample_archive import MATERNITY
from tests.web.studio import api_site
from tests.web.studio.api_site import OURS, THEIRS, Site
from tests.web.studio.conftest import PASSWORD
from web.domain.accounts.tokens import Scope

filled, site = api_site.filled, api_site.site


@pytest.fixture
def api(site: Site) -> TestClient:
    """An admin's browser with its form token."""
    browser = site.session("admin")
    browser.headers.update(site.csrf(browser))
    return browser


def test_somebody_is_invited_and_chooses_a_password(api: TestClient, site: Site) -> None:
    new = {
        "login": "Lan.Nguyen",
        "name": "Nguyễn Thị Lan",
        "role": "contributor",
        "organisation": "dong-nai",
    }
    made = api.post("/api/v1/people", json=new, headers={"Idempotency-Key": "k"})
    assert made.status_code == 201
    person = made.json()["person"]
    assert (person["login"], person["role"], person["active"]) == ("lan.nguyen", "contributor", True)
    assert (made.json()["purpose"], made.json()["mailed"]) == ("invitation", False)
    assert api.get(made.headers["location"]).headers["etag"] == made.headers["etag"]
    asker = TestClient(site.app, follow_redirects=False)
    assert asker.post(made.json()["link"], data={"new": PASSWORD}).status_code == 303
    # The link is a secret: the first answer was not kept, the call is made again and says so.
    assert api.post("/api/v1/people", json=new, headers={"Idempotency-Key": "k"}).status_code == 409


def test_a_person_is_changed_by_who_saw_them_as_they_are(api: TestClient, site: Site) -> None:
    path = f"/api/v1/people/{site.account('moderator').id}"
    seen = {"If-Match": api.get(path).headers["etag"]}
    token = site.bearer("moderator", Scope.READ)
    assert api.patch(path, json={"active": False}).status_code == 428
    assert api.patch(path, json={"active": False}, headers=seen).json()["active"] is False
    assert TestClient(site.app).get("/api/v1/account", headers=token).status_code == 401
    late = api.patch(path, json={"name": "Khác"}, headers=seen)
    assert (late.status_code, late.json()["current"]["active"]) == (412, False)
    for wrong in ({"role": "king"}, {"active": 1}, {"email": "x"}, {"login": "x"}, []):
        assert api.patch(path, json=wrong, headers={"If-Match": "*"}).status_code == 400


def test_an_admin_does_not_lock_themselves_out(api: TestClient, site: Site) -> None:
    path = f"/api/v1/people/{site.account('admin').id}"
    for body in ({"role": "editor"}, {"active": False}):
        assert api.patch(path, json=body, headers={"If-Match": "*"}).status_code == 409
    assert api.patch(path, json={"name": "Chị Hoa"}, headers={"If-Match": "*"}).json()["name"] == "Chị Hoa"


def test_a_link_and_signing_out(api: TestClient, site: Site) -> None:
    browser, path = site.session("editor"), f"/api/v1/people/{site.account('editor').id}"
    assert browser.get("/api/v1/account").json()["person"]["login"] == "editor"
    assert api.post(f"{path}/link").json()["purpose"] == "reset"
    assert api.post(f"{path}/sign-out").status_code == 204
    assert browser.get("/api/v1/account").status_code == 401
    assert api.post("/api/v1/people/none/sign-out").status_code == 404


def test_the_audit_log_is_filtered(api: TestClient) -> None:
    api.post("/api/v1/topics", json={"name_vi": "Nhà ở"})
    found = api.get("/api/v1/audit?actor=admin&action=topic.&limit=5").json()["entries"]
    assert [(each["action"], each["subject"]) for each in found] == [("topic.save", "nha-o")]
    older = api.get(f"/api/v1/audit?before={found[0]['id']}").json()["entries"]
    assert all(each["id"] < found[0]["id"] for each in older)
    assert api.get("/api/v1/audit?until=2020-01-01").json()["entries"] == []
    for wrong in ("since=x", "before=x", "limit=501", "since=0001-01-01", "until=9999-12-31"):
        assert api.get(f"/api/v1/audit?{wrong}").status_code == 400, wrong


def test_a_token_is_made_used_and_removed(api: TestClient, site: Site) -> None:
    made = api.post(
        "/api/v1/tokens", json={"name": "máy quay", "scopes": ["read"]}, headers={"Idempotency-Key": "t"}
    )
    assert made.status_code == 201
    with site.database.read() as c:
        kept = c.exec_driver_sql("select count(*) from replays where key = 't'").scalar()
    assert kept == 0, "the secret would stand in the database"
    program = TestClient(site.app, headers={"Authorization": f"Bearer {made.json()['token']}"})
    account = program.get("/api/v1/account").json()
    assert account["actions"] == ["see_studio"]
    assert program.get("/api/v1/tokens").status_code == 403
    listed = api.get("/api/v1/tokens").json()["tokens"]
    assert [each["name"] for each in listed] == ["máy quay"]
    assert "token" not in listed[0]
    assert api.delete(made.headers["location"]).status_code == 204
    assert program.get("/api/v1/account").status_code == 401
    for wrong in ({"name": "x"}, {"name": "x", "scopes": []}, {"name": "x", "scopes": ["all"]}):
        assert api.post("/api/v1/tokens", json=wrong).status_code == 400


def test_the_password_is_changed(api: TestClient, site: Site) -> None:
    other = site.session("admin")
    wrong = api.post("/api/v1/account/password", json={"old": "x", "new": "một hai ba bốn năm"})
    assert wrong.status_code == 403
    changed = api.post("/api/v1/account/password", json={"old": PASSWORD, "new": "một hai ba bốn năm"})
    assert changed.status_code == 204
    assert api.get("/api/v1/account").status_code == 200
    assert other.get("/api/v1/account").status_code == 401
    assert api.post("/api/v1/account/sign-out").status_code == 204
    assert api.get("/api/v1/account").status_code == 401


def test_processing_is_listed_stopped_and_begun_again(api: TestClient, site: Site) -> None:
    jobs = {each["episode"]: each for each in api.get("/api/v1/jobs").json()["jobs"]}
    assert {OURS, THEIRS} <= jobs.keys()
    path = f"/api/v1/jobs/{jobs[OURS]['id']}"
    assert api.get(path).json() == jobs[OURS]
    assert api.post(f"{path}/cancel").status_code == 200
    assert api.get(path).json()["state"] == "cancelled"
    assert api.post(f"{path}/cancel").status_code == 409
    assert api.post(f"{path}/retry").json()["state"] in ("queued", "running")
    assert api.get("/api/v1/jobs/none").status_code == 404


def test_documents_are_listed_and_taken_off(api: TestClient, site: Site) -> None:
    path = f"/api/v1/episodes/{MATERNITY}/documents"
    found = api.get(path).json()["documents"]
    assert [each["filename"] for each in found] == ["tờ rơi.pdf"]
    assert api.delete(f"{path}/{found[0]['id']}").status_code == 204
    assert api.get(path).json()["documents"] == []
    assert api.delete(f"{path}/{found[0]['id']}").status_code == 404


def test_a_file_is_sent_by_a_token(site: Site) -> None:
    program = TestClient(
        site.app, headers={**site.bearer("editor", Scope.UPLOAD), "Tus-Resumable": "1.0.0"}
    )
    named = {"Upload-Length": "5", "Upload-Metadata": "filename YS5tcDQ=,programme ZGllbS1oZW4="}
    made = program.post("/api/v1/uploads", headers=named)
    assert made.status_code == 201
    chunk = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}
    assert program.patch(made.headers["location"], content=b"abcde", headers=chunk).status_code == 204
    assert program.get(made.headers["location"]).json()["state"] in ("waiting", "taking")
    reader = TestClient(site.app, headers={**site.bearer("editor", Scope.READ), "Tus-Resumable": "1.0.0"})
    assert reader.post("/api/v1/uploads", headers=named).status_code == 403
