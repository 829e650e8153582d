"""A production server on a fresh database with the real bank, and phones to look at it with."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from app.base.config import load
from app.base.db import db
from app.factory import create_app
from tests.conftest import Clock, make_app

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "correct horse 一二三"
# Of pages with something in their address, and of a missing one, a look at one each.
NAMED = [
    "/chapters/dangzhang/ch1",
    "/search?q=预备期",
    "/no-such-page",
]
# What has an address of its own and is no page: files, programs, doors that only lead elsewhere.
NO_PAGES = {
    "/api/pack",
    "/livez",
    "/readyz",
    "/metrics",
    "/sw.js",
    "/manifest.webmanifest",
    "/bank/template.xlsx",
    "/people/roster/template.xlsx",
    "/bank/export",
    "/anki/export",
    "/anki/shared",
    "/my-data/xueji.json",
    "/my-data/xueji.xlsx",
    "/sign-in",
    "/sign-in/second",
    "/sign-in/organisation",
    "/sign-in/organisation/back",
}


@pytest.fixture(scope="session")
def every(prepared: Path) -> list[str]:
    """Every page that has a fixed address, so that a new one cannot be forgotten."""
    rules = make_app(prepared, Clock(), "sqlite://").url_map.iter_rules()
    fixed = {one.rule for one in rules if "GET" in (one.methods or ()) and not one.arguments}
    return [*NAMED, *sorted(fixed - NO_PAGES - {"/offline"})]


@dataclass(frozen=True)
class Site:
    """A running site."""

    url: str
    data: Path

    def flask(self, *words: str, stdin: str = "") -> str:
        """Run a command against the site's database and return what it prints."""
        return command(self.data, *words, stdin=stdin)

    def make(self, name: str, role: str = "member") -> None:
        """Add a person with the usual password."""
        added = self.flask("accounts", "add", name, "--role", role, "--json", stdin=PASSWORD + "\n")
        assert json.loads(added)["id"]


def command(data: Path, *words: str, stdin: str = "") -> str:
    """Run a Flask command with its data in `data`, without a process of its own."""
    app = create_app(load({"XUEJI_DATA": str(data)}))
    done = app.test_cli_runner().invoke(args=list(words), input=stdin)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    assert done.exit_code == 0, done.output
    return done.stdout


def _environ(data: Path) -> dict[str, str]:
    """Return the environment without settings of the surrounding run."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("XUEJI_")}
    return {**kept, "XUEJI_DATA": str(data)}


@contextmanager
def serve(data: Path) -> Iterator[Site]:
    """Run the production server on a data folder that has been set up."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = "--interface wsgi --host 127.0.0.1 --workers 1 --blocking-threads 6 --no-ws"
    words += f" --log-level warning --port {port} app.wsgi:application"
    server = subprocess.Popen(
        [sys.executable, "-m", "granian", *words.split()], cwd=ROOT, env=_environ(data)
    )
    try:
        for _try in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield Site(f"http://127.0.0.1:{port}", data)
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site as `./xueji serve` runs it."""
    data = tmp_path_factory.mktemp("data")
    command(data, "setup")
    with serve(data) as running:
        yield running


Phone = Callable[..., BrowserContext]


@pytest.fixture
def phone(browser: Browser, site: Site) -> Iterator[Phone]:
    """Make a small phone with touch: 360×640, Chinese, in Shanghai."""
    made: list[BrowserContext] = []

    def make(javascript: bool = True, scheme: str = "light") -> BrowserContext:
        context = browser.new_context(
            base_url=site.url,
            viewport={"width": 360, "height": 640},
            has_touch=True,
            is_mobile=True,
            java_script_enabled=javascript,
            color_scheme=scheme,  # type: ignore[arg-type]
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        context.set_default_timeout(10_000)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()
