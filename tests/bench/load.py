"""A small load generator on plain sockets: keep-alive, several connections, one thread each."""

import http.client
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Request:
    """One HTTP request."""

    method: str
    path: str
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Rate:
    """Requests per second, latency percentiles and processor time each in ms, statuses seen.

    `stored_ms` is the processor time of the database's own processes, where it has some.
    """

    per_second: float
    p50_ms: float
    p99_ms: float
    statuses: dict[int, int]
    cpu_ms: float = 0.0
    stored_ms: float = 0.0


def run(port: int, workers: list[Callable[[], Request]], seconds: float) -> Rate:
    """Send what each worker makes, over one connection each, for `seconds`."""
    times: list[float] = []
    statuses: dict[int, int] = {}
    lock, end = threading.Lock(), time.perf_counter() + seconds

    def work(make: Callable[[], Request]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        own: list[tuple[float, int]] = []
        while time.perf_counter() < end:
            request = make()
            begin = time.perf_counter()
            connection.request(
                request.method, request.path, request.body or None, dict(request.headers)
            )
            reply = connection.getresponse()
            reply.read()
            own.append((time.perf_counter() - begin, reply.status))
        connection.close()
        with lock:
            for elapsed, status in own:
                times.append(elapsed)
                statuses[status] = statuses.get(status, 0) + 1

    threads = [threading.Thread(target=work, args=(w,)) for w in workers]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - start
    times.sort()
    return Rate(
        round(len(times) / took, 1),
        round(1000 * times[len(times) // 2], 2),
        round(1000 * times[min(len(times) - 1, int(len(times) * 0.99))], 2),
        statuses,
    )
