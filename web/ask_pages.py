"""`/ask`: where a question will be sent. Until the companion takes questions it says so, and what helps now."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from web.asked import QUERY_LENGTH, tidy
from web.presenting import topic_link
from web.shelf import Shelf
from web.site import language_of, site_of
from web.templating import render


def ask(request: Request) -> Response:
    """`/ask?text=…`: nothing is sent and nothing is kept."""
    services, language = site_of(request).services, language_of(request)
    return render(
        request,
        "ask.html",
        text=tidy(request.query_params.get("text", ""))[:QUERY_LENGTH].strip(),
        contact=services.contact,
        topics=[topic_link(topic, language) for topic in Shelf(services).topics().values()],
    )
