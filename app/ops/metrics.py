"""Counts for Prometheus: requests by endpoint and status, how long they took, failed sign-ins.

They are kept in the process; the site runs as one (`./xueji serve`), and a second would count for
itself. What is looked up at each reading (copies, disk) is set by the view.
"""

from flask import Flask, current_app, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from werkzeug.wrappers import Response

from app.web.journal import elapsed

KEY = "xueji.metrics"
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)  # seconds
METHODS = ("GET", "HEAD", "POST")
REFUSED = (422, 429)


class Metrics:
    """The counts of one application."""

    def __init__(self) -> None:
        own = self.registry = CollectorRegistry()
        self.known: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self.requests = Counter(
            "xueji_requests", "Requests answered.", ["endpoint", "method", "status"], registry=own
        )
        self.seconds = Histogram(
            "xueji_request_seconds", "Time to answer.", ["endpoint"], buckets=BUCKETS, registry=own
        )
        self.sign_in_failures = Counter(
            "xueji_sign_in_failures", "Sign-ins refused.", ["status"], registry=own
        )
        self.ready = Gauge("xueji_ready", "1 when requests can be served.", registry=own)
        self.backup_age = Gauge(
            "xueji_backup_age_seconds", "Age of the newest copy, NaN without one.", registry=own
        )
        self.worker_age = Gauge(
            "xueji_worker_age_seconds", "Since the worker was heard of, NaN: never.", registry=own
        )
        self.disk_free = Gauge("xueji_disk_free_bytes", "Room in the data folder.", registry=own)

    def count(self, response: Response) -> Response:
        """Count an answer; what is no page of ours is one endpoint, whatever its address."""
        asked = request._get_current_object()  # type: ignore[attr-defined]
        endpoint = asked.endpoint or "missing"
        method = asked.method if asked.method in METHODS else "other"
        key = (endpoint, method, response.status_code)
        if key not in self.known:
            self.known[key] = self.requests.labels(*key), self.seconds.labels(endpoint)
        requests, seconds = self.known[key]
        requests.inc()
        seconds.observe(elapsed())
        if (endpoint, method) == ("accounts.sign_in", "POST") and response.status_code in REFUSED:
            self.sign_in_failures.labels(response.status_code).inc()
        return response

    def text(self) -> bytes:
        """Return all counts as Prometheus reads them."""
        return generate_latest(self.registry)


def init_metrics(app: Flask) -> None:
    """Count the answers of `app`."""
    metrics = app.extensions[KEY] = Metrics()
    app.after_request(metrics.count)


def current_metrics() -> Metrics:
    """Return the counts of the running application."""
    metrics: Metrics = current_app.extensions[KEY]
    return metrics
