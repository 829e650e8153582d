"""Random faults between phones and the real server: each answer once, memory as if in order."""

import http.client
import json
import os
import random
import re
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.bank.kinds import Single
from app.bank.kinds.kind import key_of
from app.bank.source import read_bank
from app.base.clock import day_start, study_day
from app.base.ids import new_id
from app.study.arrival import make_stamp
from app.study.card import Review, replay
from app.study.log import card_of
from app.study.views.offline import key_from
from tests.browser.conftest import PASSWORD, ROOT, Site
from tests.browser.line import Line

pytestmark = pytest.mark.browser
EXAMPLES = int(os.environ.get("XUEJI_EXAMPLES", "100"))
MINUTE = timedelta(minutes=1)
HEADERS = {"Content-Type": "application/json", "X-Xueji": "1"}
QUESTIONS = [
    e.item for e in read_bank(ROOT / "question_bank").entries if isinstance(e.item, Single)
]


@dataclass
class Member:
    """A member at the far end of a line, with a signed-in cookie and questions not used yet."""

    line: Line
    site: Site
    id: int
    cookie: str
    key: bytes
    unused: list[Single]

    def post(self, body: dict[str, Any]) -> list[list[str]] | None:
        """Send a delivery; None when the line gave no answer."""
        connection = http.client.HTTPConnection(self.line.url.removeprefix("http://"), timeout=5)
        try:
            headers = {**HEADERS, "Cookie": self.cookie}
            connection.request("POST", "/api/sync", json.dumps(body), headers)
            reply = connection.getresponse()
            told = json.loads(reply.read())
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        assert reply.status == 200, told
        results: list[list[str]] = told["results"]
        return results

    def row(self, question_id: str) -> Any:
        """Return the stored card."""
        with sqlite3.connect(self.site.data / "xueji.sqlite3") as database:
            database.row_factory = sqlite3.Row
            query = "SELECT * FROM study_card WHERE member_id = ? AND question_id = ?"
            found = database.execute(query, (self.id, question_id)).fetchone()
        return Row(dict(found)) if found else None


class Row:
    """A stored card as the room reads it."""

    def __init__(self, columns: dict[str, Any]) -> None:
        for name, value in columns.items():
            is_day = name in ("last_day", "first_day", "wrong_day") and value
            setattr(self, name, date.fromisoformat(value) if is_day else value)


@dataclass
class Members:
    """Members behind one line; another one comes when the questions of the last are used up."""

    line: Line
    site: Site
    made: list[Member]

    def current(self) -> Member:
        """Return a member with questions to spare."""
        if not self.made or len(self.made[-1].unused) < 2:
            self.made.append(enter(self.site, self.line, f"未{len(self.made)}号"))
        return self.made[-1]


@pytest.fixture(scope="module")
def members(site: Site) -> Iterator[Members]:
    """Members who reach the site through a line."""
    line = Line(int(site.url.rsplit(":", 1)[1]))
    line.open()
    yield Members(line, site, [])
    line.close()


def enter(site: Site, line: Line, name: str) -> Member:
    """Make a member and sign in through the line."""
    site.make(name)
    connection = http.client.HTTPConnection(line.url.removeprefix("http://"))
    connection.request("GET", "/sign-in")
    reply = connection.getresponse()
    token = re.search(r'name="csrf_token" value="([^"]+)"', reply.read().decode())
    assert token
    form = {"csrf_token": token[1], "login": name, "password": PASSWORD}
    headers = {
        "Cookie": session_of(reply),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    connection.request("POST", "/sign-in", urlencode(form), headers)
    reply = connection.getresponse()
    assert reply.status == 302
    cookie = session_of(reply)
    connection.close()
    with sqlite3.connect(site.data / "xueji.sqlite3") as database:
        query = "SELECT id FROM accounts_user WHERE name = ?"
        [(number,)] = database.execute(query, (name,))
    key = key_from((site.data / "secret-key").read_text())
    return Member(line, site, number, cookie, key, list(QUESTIONS))


def session_of(reply: http.client.HTTPResponse) -> str:
    """Return the cookie of the session among those that a reply sets."""
    jar = SimpleCookie("; ".join(reply.headers.get_all("Set-Cookie") or ()))
    return f"session={jar['session'].value}"


class Phone:
    """A phone with a wrong clock; what it keeps, and what its member means to have answered."""

    def __init__(self, error: timedelta, stamp: str) -> None:
        self.error, self.stamp, self.device = error, stamp, new_id()
        self.waiting: list[dict[str, Any]] = []
        self.outcomes: dict[str, list[str]] = {}
        self.last: tuple[dict[str, Any], datetime, Review] | None = None
        self.count = 0

    def record(self, at: datetime, **fields: Any) -> dict[str, Any]:
        """Keep one item."""
        self.count += 1
        item = {"id": new_id(), "sequence": self.count, "stamp": self.stamp, **fields}
        item["at"] = int((at + self.error).timestamp() * 1000)
        self.waiting.append(item)
        return item

    def deliver(self, member: Member, rng: random.Random) -> None:
        """Send some of what waits, in any order; only what the server names is let go."""
        batch = rng.sample(self.waiting, rng.randint(1, len(self.waiting)))
        now = int((datetime.now(UTC) + self.error).timestamp() * 1000)
        body = {"account": member.id, "device": self.device, "now": now, "items": batch}
        for item_id, outcome, reason in member.post(body) or ():
            assert outcome in ("ok", "duplicate"), reason
            self.outcomes.setdefault(item_id, []).append(outcome)
        self.waiting = [i for i in self.waiting if i["id"] not in self.outcomes]


steps = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from(["right", "right", "wrong", "rate", "undo"]),
        st.integers(0, 1),
        st.sampled_from([1, 11, 300, 1440]),
        st.sampled_from(["", "", "whole", "deaf", "cut"]),
    ),
    min_size=1,
    max_size=7,
)
errors = st.tuples(st.integers(-72, 72), st.integers(-72, 72))


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps, errors, st.integers(0, 2**32))
def test_faults_on_the_line_change_nothing(
    members: Members,
    history: list[tuple[int, str, int, int, str]],
    hours: tuple[int, int],
    seed: int,
) -> None:
    rng, member = random.Random(seed), members.current()
    questions = [member.unused.pop(), member.unused.pop()]
    at = day_start(study_day(datetime.now(UTC)) - timedelta(days=9)) + timedelta(seconds=30)
    stamp = make_stamp(member.id, int((at - MINUTE).timestamp() * 1000), member.key)
    phones = [Phone(timedelta(hours=h), stamp) for h in hours]
    meant: dict[str, tuple[str, Review]] = {}
    for which, what, number, minutes, line in history:
        at += timedelta(minutes=minutes)
        act(phones[which], at, what, questions[number], meant)
        if line and phones[which].waiting:
            member.line.mode = line
            phones[which].deliver(member, rng)
    member.line.mode = "whole"
    for phone in phones:
        while phone.waiting:
            phone.deliver(member, rng)
    for question in questions:
        expected = replay(r for q, r in meant.values() if q == question.id)
        found = card_of(member.row(question.id))
        assert (found is None) == (expected is None)
        if found and expected:
            assert (found.memory, found.reps) == (expected.memory, expected.reps)
            assert (found.lapses, found.wrong_left) == (expected.lapses, expected.wrong_left)
    assert all(o.count("ok") <= 1 for p in phones for o in p.outcomes.values())


def act(
    phone: Phone,
    at: datetime,
    what: str,
    question: Single,
    meant: dict[str, tuple[str, Review]],
) -> None:
    """Do what a member does at the true time `at`, and note what it means."""
    if what in ("right", "wrong"):
        key = list(key_of(question.answer))
        response = key if what == "right" else [(key[0] + 1) % len(question.options)]
        item = phone.record(at, question=question.id, revision=1, response=response)
        rating = 3 if what == "right" else 1
        review = Review(
            item["id"], int(at.timestamp() * 1000), study_day(at), rating, what == "right"
        )
        meant[item["id"]] = (question.id, review)
        phone.last = (item, at, review)
    elif phone.last and study_day(phone.last[1]) == study_day(at):
        old, given_at, review = phone.last
        if what == "undo":
            phone.record(at, voids=old["id"])
            del meant[old["id"]]
            phone.last = None
        elif review.right and review.rating == 3:
            same = {name: old[name] for name in ("question", "revision", "response")}
            item = phone.record(given_at, voids=old["id"], rating=4, **same)
            rated = Review(item["id"], review.at_ms, review.day, 4, True)
            meant[item["id"]] = (meant.pop(old["id"])[0], rated)
            phone.last = (item, given_at, rated)


def test_a_line_that_hangs_loses_nothing(members: Members) -> None:
    member = members.current()
    question = member.unused.pop()
    phone = Phone(timedelta(), "")
    act(phone, datetime.now(UTC), "right", question, {})
    member.line.mode = "hung"
    before = time.monotonic()
    phone.deliver(member, random.Random(0))
    assert time.monotonic() - before > 4
    assert len(phone.waiting) == 1
    member.line.mode = "whole"
    phone.deliver(member, random.Random(0))
    assert phone.waiting == []
    assert member.row(question.id).reps == 1
