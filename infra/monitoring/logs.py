"""Logs: lines for people or JSON for programs, each with the request or the job it belongs to."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

from infra.configuration.settings import Settings
from web.http.request_log import request_id

job_id: ContextVar[str] = ContextVar("tualai_job", default="")
"""Of the job at work in this context, "" for none."""


@contextmanager
def named(job: str) -> Iterator[None]:
    """What is logged in this block belongs to a job."""
    token = job_id.set(job)
    try:
        yield
    finally:
        job_id.reset(token)


def set_up_logs(settings: Settings) -> None:
    """Write logs to standard error, as the settings say. Replaces what was set up before."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_named)
    handler.setFormatter(_Json() if settings.log_format == "json" else logging.Formatter(_LINE))
    logging.basicConfig(level=settings.log_level.upper(), handlers=[handler], force=True)
    for chatty in ("botocore", "boto3", "urllib3", "httpx", "httpcore", "alembic", "faster_whisper"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


_LINE = "%(asctime)s %(levelname)s %(name)s%(context)s %(message)s"


def _named(record: logging.LogRecord) -> bool:
    context = {"request": request_id.get(), "job": job_id.get()}
    record.__dict__.update(context, context="".join(f" {k}={v}" for k, v in context.items() if v))
    return True


class _Json(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        for name in ("request", "job"):
            if value := getattr(record, name, ""):
                line[name] = value
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
