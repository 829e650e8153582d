"""A small load generator on plain sockets: several connections, one thread for all.

It shares the machine with what it measures, so it must cost little: of a hello world it would else
be its own speed that is measured. It reads no more of an answer than its status and its length.
"""

import select
import socket
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

PATIENCE = 60  # seconds in which somebody must be answered
AT_ONCE = 1 << 16  # bytes
END = b"\r\n\r\n"
LENGTH = b"\r\ncontent-length:"
LAST = b"\r\nconnection: close"


@dataclass(frozen=True)
class Request:
    """One HTTP request."""

    method: str
    path: str
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()

    def encode(self) -> bytes:
        """Return the request as it travels."""
        body = self.body.encode()
        heads = [f"{self.method} {self.path} HTTP/1.1", "Host: 127.0.0.1"]
        heads += ["Accept-Encoding: identity", *(f"{name}: {v}" for name, v in self.headers)]
        if body or self.method == "POST":
            heads.append(f"Content-Length: {len(body)}")
        return "\r\n".join(heads).encode() + END + body


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


class Line:
    """A connection on which one request follows the other; `began` is when the last was sent."""

    def __init__(self, port: int, make: Callable[[], Request]) -> None:
        self.port, self.make = port, make
        self.socket: socket.socket | None = None
        self.began, self.read = 0.0, b""

    def send(self) -> int:
        """Send the next request, over a new connection if need be; return the socket's number."""
        told = self.make().encode()
        self.began = time.perf_counter()
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(told)
        return self.socket.fileno()

    def receive(self) -> int | None:
        """Read what has come; return the status once the answer is there, as a whole.

        Raises ConnectionError when the other side has closed, ValueError for an answer that does
        not tell its length.
        """
        assert self.socket is not None
        more = self.socket.recv(AT_ONCE)
        if not more:
            raise ConnectionError("the server has closed a connection")
        self.read += more
        status = status_of(self.read)
        if status is not None:
            if LAST in self.read.partition(END)[0].lower():
                self.close()
            self.read = b""
        return status

    def close(self) -> None:
        """Close the connection."""
        if self.socket is not None:
            self.socket.close()
            self.socket = None


def status_of(answer: bytes) -> int | None:
    """Return the status of an answer that is there as a whole; None when more is to come.

    Raises ValueError for one that does not tell its length.
    """
    head = answer.find(END)
    if head < 0:
        return None
    heads = answer[: head + 2].lower()  # each line with its end
    place = heads.find(LENGTH)
    if place < 0:
        raise ValueError(f"no Content-Length: {answer[:head]!r}")
    begin = place + len(LENGTH)
    length = int(heads[begin : heads.index(b"\r", begin)])
    return int(answer[9:12]) if len(answer) >= head + len(END) + length else None


def run(port: int, workers: list[Callable[[], Request]], seconds: float) -> Rate:
    """Send what each worker makes, over one connection each, for `seconds`.

    Raises TimeoutError when nobody was answered for a long time, and what `Line.receive` does.
    """
    times, statuses = list[float](), Counter[int]()
    waiting: dict[int, Line] = {}
    with select.epoll() as coming, ExitStack() as opened:

        def send(line: Line) -> None:
            number = line.send()
            if number not in waiting:
                coming.register(number, select.EPOLLIN)
                waiting[number] = line

        start = time.perf_counter()
        end = start + seconds
        for make in workers:
            line = Line(port, make)
            opened.callback(line.close)
            send(line)
        while waiting:
            ready = coming.poll(PATIENCE)
            if not ready:
                raise TimeoutError(f"no answer for {PATIENCE} s")
            for number, _event in ready:
                line = waiting[number]
                status = line.receive()
                if status is None:
                    continue
                now = time.perf_counter()
                times.append(now - line.began)
                statuses[status] += 1
                if now >= end:
                    line.close()
                if line.socket is None:  # the system forgets to look at what is closed
                    del waiting[number]
                if now < end:
                    send(line)
    took = time.perf_counter() - start
    times.sort()
    return Rate(
        round(len(times) / took, 1),
        round(1000 * times[len(times) // 2], 2),
        round(1000 * times[min(len(times) - 1, int(len(times) * 0.99))], 2),
        dict(statuses),
    )
