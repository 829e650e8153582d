"""Files sent to the production server, and whether it answers others meanwhile."""

import http.cookiejar
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Iterable

from tests.conftest import PASSWORD

CUT_OFF = 0


class Browser:
    """A browser that keeps cookies and forms, without a screen."""

    def __init__(self, url: str) -> None:
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener, self.url = urllib.request.build_opener(jar), url

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

    def upload(self, path: str, name: str, content: bytes, unit: str = "") -> int:
        """Upload a file through the form of a page and return the status.

        Of a file that is far too large the server refuses the rest before it has come: CUT_OFF.
        """
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
        except urllib.error.URLError as error:
            if isinstance(error.reason, BrokenPipeError | ConnectionResetError):
                return CUT_OFF
            raise


def waits_meanwhile(url: str, works: Iterable[Callable[[], None]]) -> list[float]:
    """Do all the work at once, in threads; return how long a visitor waited for each page, in s."""
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    waits, visitor = [], Browser(url)
    while any(thread.is_alive() for thread in threads):
        began = time.monotonic()
        assert "学记" in visitor.get("/")
        waits.append(time.monotonic() - began)
        time.sleep(0.05)  # a visitor looks at the page, too
    return waits


def assert_answered(waits: list[float]) -> None:
    """Hold that a visitor was answered all the while, half of the time within a second."""
    assert len(waits) > 3
    assert sorted(waits)[len(waits) // 2] < 1, waits
