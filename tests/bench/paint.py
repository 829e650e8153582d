"""How soon pages can be read on slow lines, how little they jump, and how many bytes they cost.

A demonstration site on the production server is looked at by Chromium through its DevTools
protocol: every page in a fresh window with an empty cache, and once more as on every later visit
(style sheets and scripts kept). Each figure is the median of a few rounds, with the smallest and
largest beside it, because the machine makes noise. With `--lighthouse FILE` Lighthouse's own
simulated slow 4G and its four scores are taken as well.
"""

import argparse
import json
import os
import re
import socket
import statistics
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from app.accounts.actions.sessions import start_session
from app.accounts.queries import Viewer, find_by_login
from app.bank.queries import get_question, list_question_ids
from app.base import clock
from app.base.db import transaction
from app.base.ids import new_id
from app.factory import create_app
from app.quiz import actions as quiz
from app.quiz.paper import Plan, Terms
from app.study import actions as study
from app.study.queries import get_marks
from tests.browser.conftest import command, serve
from tests.chromium import CHROMIUM, launch

ROUNDS = 5
SETTLED_MS = 600  # after loading; what comes later is not a first paint
WATCH = """
window.seen = {lcp: 0, cls: 0};
new PerformanceObserver((list) => list.getEntries().forEach((e) => { seen.lcp = e.startTime; }))
  .observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver((list) => list.getEntries().forEach((e) => {
  if (!e.hadRecentInput) seen.cls += e.value;
})).observe({type: "layout-shift", buffered: true});
"""


@dataclass(frozen=True)
class Line:
    """A line and a phone: bytes a second, milliseconds until a reply begins, how slow it thinks."""

    name: str
    bytes_s: float
    latency_ms: int
    slowdown: int


LINES = (
    Line("slow 4G", 1.6e6 / 8, 150, 4),
    Line("400 kbit/s, 2 s", 400e3 / 8, 2000, 4),
)


@dataclass(frozen=True)
class Target:
    """A page to look at, with the cookie of who looks (empty: nobody signed in)."""

    name: str
    path: str
    cookie: str


def prepare(data: Path) -> list[Target]:
    """Fill a demonstration site and return the pages to look at."""
    command(data, "setup", "--demo")
    os.environ["XUEJI_DATA"] = str(data)
    app = create_app()
    with app.app_context():
        now = clock.now()
        member, trainer = _person("演示学员01"), _person("演示书记")
        answer_id = new_id()
        question = next(q for q in map(get_question, list_question_ids()) if q.kind == "single")
        sent = study.Answer(answer_id, question.id, question.revision, 0, [0], 9000, "due")
        _answer(member.id, sent)
        plan = Plan(picked=tuple(list_question_ids()[:20]), points={})
        terms = Terms("演示测验", "exam", trainer.unit_id, duration_s=7200)
        paper_id = quiz.make_paper(trainer, terms, plan, now)
        quiz.publish_paper(trainer, paper_id, now)
        quiz.start_attempt(member, paper_id, now)
        return [
            Target("sign-in", "/sign-in", ""),
            Target("home", "/", _cookie(app, member)),
            Target("study", "/study", _cookie(app, member)),
            Target("feedback", f"/study/answers/{answer_id}", _cookie(app, member)),
            Target("statistics", "/statistics", _cookie(app, member)),
            Target("paper", f"/papers/{paper_id}/attempts/1/1", _cookie(app, member)),
            Target("report", f"/paper-desk/{paper_id}", _cookie(app, trainer)),
        ]


def _person(name: str) -> Viewer:
    """Return somebody of the demonstration branch as the person who acts."""
    found = find_by_login(name)
    assert found is not None, name
    return Viewer(found.id, found.name, found.role, found.unit_id, "zh", "auto", 18, True)


def _answer(member_id: int, sent: study.Answer) -> None:
    """Answer a question that the member may have met before."""
    version = get_marks(member_id, sent.question_id).version
    study.answer_card(member_id, msgspec.structs.replace(sent, version=version), clock.now())


def _cookie(app: Any, who: Viewer) -> str:
    """Sign somebody in, with every factor shown, and return the cookie's value."""
    with transaction() as session:
        token = start_session(session, who.id, "paint", clock.now(), second=True)
    serializer = app.session_interface.get_signing_serializer(app)
    return str(serializer.dumps({"_user_id": token, "_fresh": True, "_permanent": True}))


class Looker:
    """Opens pages as a phone does."""

    def __init__(self, browser: Browser, url: str, cookie_name: str) -> None:
        self.browser, self.url, self.cookie_name = browser, url, cookie_name

    def look(self, target: Target, line: Line, again: bool) -> dict[str, float]:
        """Return LCP and CLS of one visit and the bytes of everything it fetched."""
        context = self._context(target)
        try:
            if again:
                self._visit(context.new_page(), target.path, None)
            return self._visit(context.new_page(), target.path, line)
        finally:
            context.close()

    def _context(self, target: Target) -> BrowserContext:
        """Return a fresh phone, signed in where the page asks for it."""
        context = self.browser.new_context(
            base_url=self.url,
            viewport={"width": 360, "height": 640},
            device_scale_factor=2,
            has_touch=True,
            is_mobile=True,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            service_workers="block",  # they work after the paint, and would hide the bytes
        )
        context.set_default_timeout(60_000)
        if target.cookie:
            context.add_cookies(
                [{"name": self.cookie_name, "value": target.cookie, "url": self.url}]
            )
        context.add_init_script(WATCH)
        return context

    def _visit(self, page: Page, path: str, line: Line | None) -> dict[str, float]:
        """Open a page over a line (None: as fast as can be) and wait until it is quiet."""
        session, sizes = page.context.new_cdp_session(page), list[float]()
        session.send("Network.enable")
        if line is not None:
            session.send(
                "Network.emulateNetworkConditions",
                {
                    "offline": False,
                    "latency": line.latency_ms,
                    "downloadThroughput": line.bytes_s,
                    "uploadThroughput": line.bytes_s / 2,
                },
            )
            session.send("Emulation.setCPUThrottlingRate", {"rate": line.slowdown})
        session.on("Network.loadingFinished", lambda e: sizes.append(e["encodedDataLength"]))
        reply = page.goto(path, wait_until="load")
        assert reply is not None
        assert reply.ok, (path, reply.status)
        page.wait_for_timeout(SETTLED_MS + (line.latency_ms if line else 0))
        seen = page.evaluate("seen")
        page.close()
        return {"lcp_ms": seen["lcp"], "cls": seen["cls"], "bytes": sum(sizes)}


def summed(found: list[dict[str, float]]) -> dict[str, Any]:
    """Return the median of each figure, and of the paint the smallest and largest."""
    paints = [one["lcp_ms"] for one in found]
    return {
        "lcp_ms": round(statistics.median(paints)),
        "lcp_from_to_ms": [round(min(paints)), round(max(paints))],
        "cls": round(statistics.median(one["cls"] for one in found), 4),
        "bytes": round(statistics.median(one["bytes"] for one in found)),
    }


def measure(
    targets: list[Target], looker: Looker, rounds: int, lines: Sequence[Line]
) -> dict[str, Any]:
    """Return page → line → first and later visit → figures."""
    return {
        target.name: {
            line.name: {
                name: summed([looker.look(target, line, again) for _round in range(rounds)])
                for name, again in (("first visit", False), ("later visits", True))
            }
            for line in lines
        }
        for target in targets
    }


SCORES = ("performance", "accessibility", "best-practices", "seo")


@contextmanager
def fresh(url: str, cookie_name: str, target: Target) -> Iterator[int]:
    """Run a browser that has nothing but the sign-in of who looks; yield the port it listens on.

    A cookie given to Lighthouse as a header would be lost as soon as the site sets one of its own.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as profile, sync_playwright() as playwright:
        args = ["--no-sandbox", "--disable-gpu", f"--remote-debugging-port={port}"]
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=CHROMIUM, args=args
        )
        if target.cookie:
            context.add_cookies([{"name": cookie_name, "value": target.cookie, "url": url}])
        yield port
        context.close()


def lighthouse(program: Path, url: str, cookie_name: str, target: Target) -> dict[str, float]:
    """Return Lighthouse's four scores (0…100) and the paint it works out for slow 4G."""
    with tempfile.TemporaryDirectory() as folder, fresh(url, cookie_name, target) as port:
        file = Path(folder) / "report.json"
        words = [str(program), url + target.path, "--quiet", "--output=json"]
        words += [f"--output-path={file}", f"--port={port}"]
        words += [f"--only-categories={','.join(SCORES)}"]
        subprocess.run(words, check=True, capture_output=True, timeout=300)
        told = json.loads(file.read_text())
    scores = {name: 100 * (told["categories"][name]["score"] or 0) for name in SCORES}
    audits = told["audits"]
    failed = [
        name
        for name, audit in audits.items()
        if audit.get("score") is not None and audit["score"] < 0.9
    ]
    return {
        **scores,
        "lcp_ms": audits["largest-contentful-paint"]["numericValue"],
        "cls": audits["cumulative-layout-shift"]["numericValue"],
        "failed": failed,  # type: ignore[dict-item]
    }


def judge(program: Path, looker: Looker, targets: list[Target], rounds: int) -> dict[str, Any]:
    """Return page → medians of Lighthouse's figures, and what it faults."""
    found = {}
    for target in targets:
        runs = [
            lighthouse(program, looker.url, looker.cookie_name, target) for _round in range(rounds)
        ]
        numbers = (*SCORES, "lcp_ms", "cls")
        medians = {name: statistics.median(one[name] for one in runs) for name in numbers}
        faults = sorted({name for one in runs for name in one["failed"]})  # type: ignore[attr-defined]
        found[target.name] = {**{k: round(v, 3) for k, v in medians.items()}, "faults": faults}
    return found


def run(rounds: int, only: str, program: Path | None, lines: Sequence[Line]) -> dict[str, Any]:
    """Make a site, look at it, and return everything that was measured."""
    with tempfile.TemporaryDirectory() as folder:
        targets = [t for t in prepare(Path(folder)) if re.fullmatch(only, t.name)]
        cookie_name = str(create_app().config["SESSION_COOKIE_NAME"])
        with serve(Path(folder)) as site:
            with launch() as browser:
                looker = Looker(browser, site.url, cookie_name)
                found = {"rounds": rounds, "load": os.getloadavg()[0]}
                pages = measure(targets, looker, rounds, lines) if lines else {}
            judged = judge(program, looker, targets, rounds) if program else {}
    return {**found, "pages": pages, "lighthouse": judged}


def main(words: list[str] | None = None) -> None:
    """Print one JSON object; `--quick` looks at each page once, over one line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--only", default=".*", help="a pattern of page names")
    parser.add_argument("--lighthouse", type=Path, help="the program, as npm installs it")
    parser.add_argument("--no-lines", action="store_true", help="Lighthouse's figures alone")
    parser.add_argument("--quick", action="store_true", help="one round over the fastest line")
    parser.add_argument("--json", action="store_true", help="one line of JSON")
    choice = parser.parse_args(words)
    rounds, lines = (1, LINES[:1]) if choice.quick else (choice.rounds, LINES)
    found = run(rounds, choice.only, choice.lighthouse, () if choice.no_lines else lines)
    print(json.dumps(found, indent=None if choice.json else 2, ensure_ascii=False))


if __name__ == "__main__":
    main()
