"""Spans as a real collector's protocol has them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from infra.monitoring.opentelemetry import Spans, TracedMetrics
from infra.monitoring.prometheus import PrometheusMetrics


@pytest.fixture
def collector() -> Iterator[tuple[str, list[bytes]]]:
    got: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1/traces", got
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_request_becomes_a_span(collector: tuple[str, list[bytes]]) -> None:
    url, got = collector
    spans = Spans(url, "tualai-test")
    metrics = TracedMetrics(PrometheusMetrics(lambda: ()), spans)
    metrics.answered("/search", "GET", 200, 0.25)
    metrics.answered("/ask", "POST", 503, 1.0)
    spans.close()
    sent = [
        span
        for body in got
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]
    assert [(s.name, s.status.code) for s in sent] == [("GET /search", 0), ("POST /ask", 2)]
    assert [round((s.end_time_unix_nano - s.start_time_unix_nano) / 1e9, 3) for s in sent] == [0.25, 1.0]
