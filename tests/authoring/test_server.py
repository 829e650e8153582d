"""While hostile files are refused, the production server goes on answering others."""

import http.cookiejar
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from pathlib import Path

import pytest

from tests.bank.formats import hostile
from tests.browser.conftest import PASSWORD, Site, command, serve

pytestmark = pytest.mark.once
SLOW = ("bomb-sheet.xlsx", "bomb.docx", "bomb.xml")


class Browser:
    """A browser that keeps cookies and forms, without a screen."""

    def __init__(self, site: Site) -> None:
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener, self.url = urllib.request.build_opener(jar), site.url

    def get(self, path: str) -> str:
        """Return a page."""
        with self.opener.open(self.url + path, timeout=30) as reply:
            return str(reply.read().decode())

    def token(self, path: str) -> str:
        """Return the token of the form on a page."""
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(path))
        assert found
        return found[1]

    def sign_in(self, name: str) -> None:
        """Sign in through the form."""
        form = {"csrf_token": self.token("/sign-in"), "login": name, "password": PASSWORD}
        data = urllib.parse.urlencode(form).encode()
        with self.opener.open(self.url + "/sign-in", data, timeout=30) as reply:
            assert reply.status == 200

    def upload(self, name: str, content: bytes, unit: str, path: str = "/bank/import") -> int:
        """Upload a file and return the status."""
        mark = uuid.uuid4().hex
        fields = {"csrf_token": self.token(path), "unit": unit}
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
            for key, value in fields.items()
        ]
        head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        parts += [head.encode(), b"\r\n", content, f"\r\n--{mark}--\r\n".encode()]
        kind = {"Content-Type": f"multipart/form-data; boundary={mark}"}
        request = urllib.request.Request(self.url + path, b"".join(parts), kind)
        try:
            with self.opener.open(request, timeout=60) as reply:
                return int(reply.status)
        except urllib.error.HTTPError as error:
            return error.code


def test_the_site_answers_while_files_are_refused(tmp_path: Path) -> None:
    command(tmp_path, "setup")
    command(tmp_path, "org", "add-unit", "A", "甲支部")
    for name in ("书记", "书记二"):
        words = ("accounts", "add", name, "--role", "trainer", "--unit", "A")
        command(tmp_path, *words, stdin=PASSWORD + "\n")
    files = dict(hostile.workbooks()) | dict(hostile.documents()) | dict(hostile.xml())
    statuses: list[int] = []
    with serve(tmp_path) as site:
        trainers = [Browser(site), Browser(site)]
        for trainer, name in zip(trainers, ("书记", "书记二"), strict=True):
            trainer.sign_in(name)

        def send(trainer: Browser) -> None:
            statuses.extend(trainer.upload(name, files[name], "1") for name in SLOW)

        threads = [threading.Thread(target=send, args=(one,)) for one in trainers]
        for thread in threads:
            thread.start()
        waits, visitor = [], Browser(site)
        while any(thread.is_alive() for thread in threads):
            began = time.monotonic()
            assert "学记" in visitor.get("/")
            waits.append(time.monotonic() - began)
        for thread in threads:
            thread.join()
    assert statuses == [422] * 2 * len(SLOW)
    assert len(waits) > 3
    assert sorted(waits)[len(waits) // 2] < 1, waits
