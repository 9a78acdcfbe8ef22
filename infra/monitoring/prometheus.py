"""Figures in Prometheus' format: requests of all processes, work done by workers, and what the database tells.

With PROMETHEUS_MULTIPROC_DIR set (as `tualai serve` does), the counters of all its processes are one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from infra.db.jobs.queues import Figure

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_STEP_BOUNDS = (0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14400)

_registry = CollectorRegistry()
_requests = Counter("tualai_requests", "Requests.", ("route", "method", "status"), registry=_registry)
_seconds = Histogram(
    "tualai_request_seconds",
    "Until an answer begins.",
    ("route", "method"),
    buckets=_BOUNDS,
    registry=_registry,
)
_steps = Histogram(
    "tualai_step_seconds",
    "Runs of pieces of jobs.",
    ("step", "outcome"),
    buckets=_STEP_BOUNDS,
    registry=_registry,
)
_storage_errors = Counter(
    "tualai_storage_errors", "Storage that did not answer.", ("operation",), registry=_registry
)


class PrometheusMetrics:
    """Implements `web.http.metrics.Metrics`; `figures` are asked for at every reading."""

    def __init__(self, figures: Callable[[], Iterable[Figure]]) -> None:
        self._figures = figures

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """See `Metrics.answered`."""
        _requests.labels(route, method, str(status)).inc()
        _seconds.labels(route, method).observe(seconds)

    def written(self) -> tuple[bytes, str]:
        """See `Metrics.written`."""
        whole = CollectorRegistry()
        if os.environ.get(FOLDER):
            MultiProcessCollector(whole)  # type: ignore[no-untyped-call]
        else:
            whole = _registry
        return generate_latest(whole) + generate_latest(_Figures(self._figures)), CONTENT_TYPE_LATEST


def step_done(step: str, outcome: str, seconds: float) -> None:
    """Count a run of a piece of a job: `outcome` is done, failed, cancelled, handed over, begun anew or not now."""
    _steps.labels(step, outcome).observe(seconds)


def storage_failed(operation: str) -> None:
    """Count a storage operation that raised `Unavailable`."""
    _storage_errors.labels(operation).inc()


def serve_figures(port: int, figures: Callable[[], Iterable[Figure]]) -> None:
    """Serve a worker's figures on the loopback address, in a thread of its own."""
    from prometheus_client import start_http_server

    _registry.register(_Figures(figures))
    start_http_server(port, addr="127.0.0.1", registry=_registry)


class _Figures(CollectorRegistry):
    """The database's figures as a registry of one collector."""

    def __init__(self, figures: Callable[[], Iterable[Figure]]) -> None:
        super().__init__()
        self._asked = figures

    def collect(self) -> Iterator[Metric]:
        families: dict[str, Metric] = {}
        for figure in self._asked():
            name = f"tualai_{figure.name}"
            kind = CounterMetricFamily if figure.counts else GaugeMetricFamily
            family = families.setdefault(name, kind(name, figure.meaning, labels=list(figure.labels)))
            family.add_metric(list(figure.labels.values()), figure.value)  # type: ignore[attr-defined]
        yield from families.values()
