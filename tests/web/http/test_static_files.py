from __future__ import annotations

import json
import re
from pathlib import Path

from starlette.testclient import TestClient

from web.http.static_files import StaticFolder

ROOT = Path(__file__).parents[3]


def test_files_are_kept_for_ever_under_a_name_that_changes(client: TestClient) -> None:
    address = re.search(r'href="(/static/[^"]+site\.css)"', client.get("/").text)
    assert address is not None
    answer = client.get(address.group(1), headers={"accept-encoding": "gzip"})
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    old = client.get("/static/0000000000/site.css", headers={"accept-encoding": "identity"})
    assert old.headers["cache-control"] == "no-cache"
    assert "content-encoding" not in old.headers
    assert old.text == answer.text


def test_the_version_changes_with_any_file(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("1")
    before = StaticFolder(tmp_path).version
    assert StaticFolder(tmp_path).version == before
    (tmp_path / "a.js").write_text("2")
    assert StaticFolder(tmp_path).version != before


def test_nothing_outside_the_folder(client: TestClient) -> None:
    for path in (
        "/static/x/nothing.js",
        "/static/x/..%2fapp.py",
        "/static/x//etc/passwd",
    ):
        assert client.get(path).status_code == 404
    assert client.get("/favicon.ico").headers["content-type"] == "image/svg+xml"


def test_third_party_code_is_pinned_and_its_lock_names_no_host() -> None:
    wanted = json.loads((ROOT / "package.json").read_text())["devDependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for package in locked.values():
        package.pop("funding", None)  # the one address that is not where it comes from
    assert "://" not in json.dumps(locked)
    for name, version in wanted.items():
        assert locked[f"node_modules/{name}"]["version"] == version
        assert locked[f"node_modules/{name}"]["integrity"].startswith("sha512-")
