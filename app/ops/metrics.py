"""Counts for Prometheus: requests by endpoint and status, how long they took, failed sign-ins.

They are kept in the process; the site runs as one (`./xueji serve`), and a second would count for
itself. What is looked up at each reading (copies, disk) is set by the view.
"""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate
from threading import Lock

from flask import Flask, current_app
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from app.web.journal import WRITER, Answered, add_observer

KEY = "xueji.metrics"
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)  # seconds
METHODS = ("GET", "HEAD", "POST")
REFUSED = (422, 429)
Answer = tuple[str, str, int]  # endpoint, method, status


class Counts(Collector):
    """How many answers of each kind there were, and how long those of each endpoint took.

    Counted here and put into Prometheus' words when somebody reads: its own counters cost a
    request more than looking up who is signed in.
    """

    def __init__(self) -> None:
        self.lock = Lock()
        self.answers: dict[Answer, int] = {}
        self.seconds: dict[str, float] = {}
        self.within: dict[str, list[int]] = {}  # endpoint → how many fell into each bucket

    def add(self, answer: Answer, seconds: float) -> None:
        """Count one."""
        endpoint, place = answer[0], bisect_left(BUCKETS, seconds)
        with self.lock:
            self.answers[answer] = self.answers.get(answer, 0) + 1
            self.seconds[endpoint] = self.seconds.get(endpoint, 0.0) + seconds
            if endpoint not in self.within:
                self.within[endpoint] = [0] * (len(BUCKETS) + 1)
            self.within[endpoint][place] += 1

    def collect(self) -> Iterator[Metric]:
        """Yield what was counted, as Prometheus knows it."""
        requests = CounterMetricFamily(
            "xueji_requests", "Requests answered.", labels=["endpoint", "method", "status"]
        )
        times = HistogramMetricFamily(
            "xueji_request_seconds", "Time to answer.", labels=["endpoint"]
        )
        failures = CounterMetricFamily(
            "xueji_sign_in_failures", "Sign-ins refused.", labels=["status"]
        )
        with self.lock:
            for (endpoint, method, status), number in self.answers.items():
                requests.add_metric([endpoint, method, str(status)], number)
                if (endpoint, method) == ("accounts.sign_in", "POST") and status in REFUSED:
                    failures.add_metric([str(status)], number)
            for endpoint, within in self.within.items():
                ends = [*map(str, map(float, BUCKETS)), "+Inf"]
                buckets = list(zip(ends, accumulate(within), strict=True))
                times.add_metric([endpoint], buckets, self.seconds[endpoint])
        yield from (requests, times, failures)


class Metrics:
    """The counts of one application, and what is looked up when they are read."""

    def __init__(self) -> None:
        own = self.registry = CollectorRegistry()
        self.counts = Counts()
        own.register(self.counts)
        self.ready = Gauge("xueji_ready", "1 when requests can be served.", registry=own)
        self.backup_age = Gauge(
            "xueji_backup_age_seconds", "Age of the newest copy, NaN without one.", registry=own
        )
        self.worker_age = Gauge(
            "xueji_worker_age_seconds", "Since the worker was heard of, NaN: never.", registry=own
        )
        self.disk_free = Gauge("xueji_disk_free_bytes", "Room in the data folder.", registry=own)

    def count(self, answered: Answered) -> None:
        """Count an answer; what is no page of ours is one endpoint, whatever its address."""
        method = answered.method if answered.method in METHODS else "other"
        self.counts.add((answered.endpoint or "missing", method, answered.status), answered.seconds)

    def text(self) -> bytes:
        """Return all counts as Prometheus reads them, with those that wait to be counted."""
        WRITER.flush()
        return generate_latest(self.registry)


def init_metrics(app: Flask) -> None:
    """Count the answers of `app`."""
    metrics = app.extensions[KEY] = Metrics()
    add_observer(app, metrics.count)


def current_metrics() -> Metrics:
    """Return the counts of the running application."""
    metrics: Metrics = current_app.extensions[KEY]
    return metrics
