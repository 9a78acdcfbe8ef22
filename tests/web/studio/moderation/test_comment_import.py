"""Comments of a file become questions, over the page's own forms."""

from __future__ import annotations

import re
from tempfile import SpooledTemporaryFile
from typing import Any

import pytest
from starlette import formparsers

from tests.web.studio import api_site
from tests.web.studio.api_site import OURS, Site

filled, site = api_site.filled, api_site.site
PAGE = f"/studio/episodes/{OURS}/comments"
ROWS = "Nội dung\nNghỉ sinh được mấy tháng?\nLương thử việc tính thế nào?\n"


def test_a_file_is_read_and_its_comments_are_imported(site: Site) -> None:
    client = site.session("moderator")
    csrf = site.csrf(client)["X-CSRF"]
    read = client.post(PAGE, data={"csrf": csrf, "do": "read"}, files={"file": ("bình.csv", ROWS.encode())})
    assert read.status_code == 200
    assert "Nghỉ sinh được mấy tháng?" in read.text
    picks = re.findall(r'name="pick" value="([^"]*)"', read.text)
    assert len(picks) == 2
    first = picks[0].replace("&#34;", '"')
    done = client.post(PAGE, data={"csrf": csrf, "do": "import", "source": "csv", "pick": [first]})
    assert done.headers["location"] == f"{PAGE}?new=1&known=0"


def test_a_form_that_is_none_is_told_in_the_pages_language(site: Site) -> None:
    client = site.session("moderator")
    kind, said = {"Content-Type": "multipart/form-data; boundary=b"}, "Không đọc được nội dung gửi lên"
    hostile = b"--b\r\n" + b"x" * 3900 + b"\r\n\r\nx\r\n"
    for body in (b"--b\r\n", hostile * 100 + b"--b--\r\n"):
        answer = client.post(PAGE, content=body, headers={**kind, "Accept": "text/html"})
        assert answer.status_code == 400
        assert said in answer.text


def test_files_are_closed_when_the_answer_is_there(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[SpooledTemporaryFile[bytes]] = []

    def keep(**values: Any) -> SpooledTemporaryFile[bytes]:
        kept.append(SpooledTemporaryFile(**values))  # noqa: SIM115
        return kept[-1]

    monkeypatch.setattr(formparsers, "SpooledTemporaryFile", keep)
    client = site.session("moderator")
    for csrf, status in ((site.csrf(client)["X-CSRF"], 200), ("wrong", 403)):
        sent = {"file": ("a.csv", (ROWS * 40_000).encode())}
        assert client.post(PAGE, data={"csrf": csrf, "do": "read"}, files=sent).status_code == status
    assert [each.closed for each in kept] == [True, True]


def test_an_origin_that_is_no_address_is_another_site(site: Site) -> None:
    client = site.session("moderator")
    sent = {"csrf": site.csrf(client)["X-CSRF"], "do": "read"}
    assert client.post(PAGE, data=sent, headers={"Origin": "http://["}).status_code == 403
