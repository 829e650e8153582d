"""The load generator counts every answer once, whatever pieces it comes in."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.bench.load import Request, run, status_of

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello"
pytestmark = pytest.mark.once


@contextmanager
def answering(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """Listen on a port; whoever connects is answered request after request."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve(taken: socket.socket) -> None:
            with taken:
                while taken.recv(1 << 16):
                    answer(taken)

        def accept() -> None:
            while True:
                try:
                    taken, _whom = listening.accept()
                except OSError:
                    return
                threading.Thread(target=serve, args=(taken,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)


def hello() -> Request:
    """Return a request."""
    return Request("GET", "/", headers=(("Cookie", "a=b"),))


def test_requests_travel_as_http_wants_them() -> None:
    sent = Request("POST", "/study/answer", "é=1", (("Cookie", "a=b"),)).encode()
    heads, body = sent.split(b"\r\n\r\n")
    assert heads.split(b"\r\n")[0] == b"POST /study/answer HTTP/1.1"
    assert {b"Host: 127.0.0.1", b"Cookie: a=b", b"Content-Length: 4"} <= set(heads.split(b"\r\n"))
    assert body == "é=1".encode()
    assert b"Content-Length" not in hello().encode()
    assert b"Content-Length: 0" in Request("POST", "/").encode()


def test_an_answer_is_there_when_all_of_it_is() -> None:
    assert [status_of(OK[:n]) for n in range(len(OK))] == [None] * len(OK)
    assert status_of(OK) == 200
    assert status_of(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nServer: x\r\n\r\n") == 404


def test_an_answer_without_its_length_is_refused() -> None:
    with pytest.raises(ValueError, match="Content-Length"):
        status_of(b"HTTP/1.1 200 OK\r\nX-Content-Length: 3\r\n\r\nabc")


def test_every_answer_is_counted_once() -> None:
    given: list[int] = []

    def in_two(taken: socket.socket) -> None:
        given.append(1)
        taken.sendall(OK[:30])
        taken.sendall(OK[30:])

    with answering(in_two) as port:
        rate = run(port, [hello] * 3, 0.2)
    assert rate.statuses == {200: len(given)}
    assert len(given) > 3
    assert 0 < rate.p50_ms <= rate.p99_ms


def test_a_server_that_ends_each_connection_is_asked_over_a_new_one() -> None:
    last, given = OK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"), list[int]()

    def once(taken: socket.socket) -> None:
        given.append(1)
        taken.sendall(last)
        taken.shutdown(socket.SHUT_RDWR)

    with answering(once) as port:
        rate = run(port, [hello] * 3, 0.2)
    assert rate.statuses == {200: len(given)}
    assert len(given) > 3


def test_a_connection_that_is_closed_is_told() -> None:
    def close(taken: socket.socket) -> None:
        taken.shutdown(socket.SHUT_RDWR)

    with answering(close) as port, pytest.raises(ConnectionError):
        run(port, [hello], 0.2)
