"""Local receivers in place of WeCom, DingTalk and a mail server; they note whatever comes."""

import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Got:
    """A request: its path with the query, its headers, and the message in it."""

    path: str
    headers: dict[str, str]
    text: str


@dataclass
class Group:
    """A group with a robot: what it got, and how it answers (status, body, more headers)."""

    got: list[Got] = field(default_factory=list)
    answer: Callable[[Got], tuple[int, bytes, dict[str, str]] | None] = field(
        default=lambda _got: (200, b'{"errcode":0,"errmsg":"ok"}', {})
    )
    origin: str = ""

    @property
    def texts(self) -> list[str]:
        """The messages, in the order in which they came."""
        return [one.text for one in self.got]


@contextmanager
def group() -> Iterator[Group]:
    """Yield a group that listens; None as an answer breaks the line off."""
    made = Group()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got = Got(self.path, dict(self.headers), json.loads(body)["text"]["content"])
            made.got.append(got)
            answer = made.answer(got)
            if answer is None:
                self.connection.close()
                return
            status, told, more = answer
            self.send_response(status)
            for name, value in {"Content-Length": str(len(told)), **more}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(told)

        do_GET = do_POST

        def log_message(self, *_words: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_words: Any) -> None:
            pass

    with Server(("127.0.0.1", 0), Handler) as server:
        made.origin = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield made
        finally:
            server.shutdown()


@dataclass
class PostOffice:
    """A mail server: letters as (recipient, bytes), and what it says to a recipient and to data."""

    port: int = 0
    letters: list[tuple[str, str]] = field(default_factory=list)
    to_recipient: Callable[[str], str] = field(default=lambda _whom: "250 ok")
    to_data: Callable[[str], str | None] = field(default=lambda _whom: "250 taken")
    greeting: str = "220 here"


@contextmanager
def post_office() -> Iterator[PostOffice]:
    """Yield a mail server that listens; None after the data breaks the line off."""
    made = PostOffice()

    class Handler(socketserver.StreamRequestHandler):
        def say(self, words: str) -> None:
            self.wfile.write(words.encode() + b"\r\n")

        def handle(self) -> None:
            self.say(made.greeting)
            whom = ""
            while line := self.rfile.readline().decode().strip():
                word = line[:4].upper()
                if word == "RCPT":
                    whom = line[line.index("<") + 1 : line.index(">")]
                    self.say(made.to_recipient(whom))
                elif word == "DATA":
                    self.say("354 go on")
                    lines = iter(self.rfile.readline, b".\r\n")
                    made.letters.append((whom, b"".join(lines).decode()))
                    told = made.to_data(whom)
                    if told is None:
                        return
                    self.say(told)
                elif word == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 ok")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        made.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield made
        finally:
            server.shutdown()
