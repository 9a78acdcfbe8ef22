from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from infra.configuration.settings import Settings
from infra.monitoring.logs import job_id, set_up_logs
from web.http.request_log import request_id


@pytest.fixture(autouse=True)
def _root_as_before() -> object:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


def test_json_lines_name_request_and_job(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(Settings(home=tmp_path, log_format="json"))
    request, job = request_id.set("r-12345678"), job_id.set("j1")
    try:
        logging.getLogger("tualai.test").info("nghỉ %s", "thai sản")
        raise ValueError("wrong\nthing")
    except ValueError:
        logging.getLogger("tualai.test").exception("a step failed")
    finally:
        request_id.reset(request)
        job_id.reset(job)
    logging.getLogger("tualai.test").info("later")
    first, second, third = map(json.loads, capsys.readouterr().err.splitlines())
    assert (first["message"], first["request"], first["job"]) == ("nghỉ thai sản", "r-12345678", "j1")
    assert "ValueError: wrong\nthing" in second["error"]
    assert "request" not in third


def test_the_level_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(Settings(home=tmp_path, log_level="warning"))
    logging.getLogger("tualai.test").info("not this")
    logging.getLogger("tualai.test").warning("but this")
    assert [line for line in capsys.readouterr().err.splitlines() if "but this" in line] != []
    logging.getLogger("tualai.test").info("not this")
    assert "not this" not in capsys.readouterr().err
