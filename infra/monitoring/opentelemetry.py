"""Spans for OpenTelemetry: requests by their route's pattern, nothing of a person.

The instrumentations there are put whole addresses into their spans, and with them what people search for.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, Status, StatusCode

from web.http.metrics import Metrics
from web.http.request_log import request_id


class Spans:
    """Sends spans to an OTLP/HTTP address, such as http://localhost:4318/v1/traces, in the background."""

    def __init__(self, url: str, service: str) -> None:
        self._provider = TracerProvider(resource=Resource.create({"service.name": service}))
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(url, timeout=5)))
        self._tracer = self._provider.get_tracer("tualai")

    def ended(
        self,
        name: str,
        seconds: float,
        attributes: Mapping[str, str | int],
        *,
        failed: bool,
        served: bool = False,
    ) -> None:
        """Note what has just ended after so many seconds."""
        end = time.time_ns()
        kind = SpanKind.SERVER if served else SpanKind.INTERNAL
        span = self._tracer.start_span(name, kind=kind, start_time=end - round(seconds * 1e9))
        span.set_attributes(dict(attributes))
        if failed:
            span.set_status(Status(StatusCode.ERROR))
        span.end(end)

    def close(self) -> None:
        """Send what waits."""
        self._provider.shutdown()


class TracedMetrics:
    """Implements `web.http.metrics.Metrics`: a span for each request, and the figures of another."""

    def __init__(self, metrics: Metrics, spans: Spans) -> None:
        self._metrics = metrics
        self._spans = spans

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """See `Metrics.answered`."""
        self._metrics.answered(route, method, status, seconds)
        self._spans.ended(
            f"{method} {route}",
            seconds,
            {
                "http.route": route,
                "http.request.method": method,
                "http.response.status_code": status,
                "tualai.request": request_id.get(),
            },
            failed=status >= 500,
            served=True,
        )

    def written(self) -> tuple[bytes, str]:
        """See `Metrics.written`."""
        return self._metrics.written()
