"""Calendars keep to RFC 5545: lines, folding, escaping, stable ids, times in UTC."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assign.calendar import LINE, Event, escape, fold, tag_of, write_calendar
from app.base.clock import SHANGHAI

pytestmark = pytest.mark.pure
CHANGED = datetime(2026, 11, 1, 8, 0, tzinfo=SHANGHAI)
NAMES = re.compile(r"[A-Z-]+(;[A-Z-]+=[^;:]+)*:")


def unfold(data: bytes) -> list[str]:
    """Return the content lines of a calendar, checking what RFC 5545, 3.1 asks of each."""
    assert data.endswith(b"\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    for line in data.split(b"\r\n"):
        assert len(line) <= LINE
        line.decode()  # no character is cut in two
    return data.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]


def unescape(value: str) -> str:
    """Return the text of a TEXT value, refusing what may not stand in one."""
    assert not re.search(r"(?<!\\)(\\\\)*[;,]", value), value
    told, characters = "", iter(value)
    for character in characters:
        if character == "\\":
            character = {"n": "\n", "\\": "\\", ";": ";", ",": ","}[next(characters)]
        told += character
    return told


def read(data: bytes) -> list[dict[str, str]]:
    """Return the events of a calendar by the names of their properties; a strict small reader."""
    lines = unfold(data)
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert lines.count("VERSION:2.0") == 1
    assert sum(line.startswith("PRODID:") for line in lines) == 1
    events: list[dict[str, str]] = []
    for line in lines:
        assert NAMES.match(line), line
        name, value = line.split(":", 1)
        if line == "BEGIN:VEVENT":
            events.append({})
        elif events and name not in ("BEGIN", "END"):
            assert name not in events[-1]
            events[-1][name] = value
    for event in events:
        assert {"UID", "DTSTAMP", "SUMMARY"} <= set(event)
        assert re.fullmatch(r"\d{8}T\d{6}Z", event["DTSTAMP"])
    return events


def test_a_moment_and_a_day() -> None:
    moment = datetime(2026, 11, 30, 18, 0, tzinfo=SHANGHAI)
    events = [
        Event("paper-1@x", "党章测验", moment, CHANGED),
        Event("duty-1@x", "讲党课", date(2026, 12, 31), CHANGED),
    ]
    duty, paper = read(write_calendar("学记", events))
    assert (paper["DTSTART"], paper["DTSTAMP"]) == ("20261130T100000Z", "20261101T000000Z")
    assert paper["SUMMARY"] == "党章测验"
    assert duty["DTSTART;VALUE=DATE"] == "20261231"
    assert duty["DTEND;VALUE=DATE"] == "20270101"


def test_nothing_due_is_a_calendar_too() -> None:
    assert read(write_calendar("学记", [])) == []


moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@given(st.lists(st.tuples(texts, moments), max_size=8), texts)
def test_whatever_the_titles_they_are_read_back(
    wanted: list[tuple[str, datetime]], name: str
) -> None:
    events = [Event(f"{n:03d}@x", title, at, CHANGED) for n, (title, at) in enumerate(wanted)]
    data = write_calendar(name, reversed(events))
    assert data == write_calendar(name, events)  # equal events, equal bytes, so an equal tag
    for found, event in zip(read(data), events, strict=True):
        assert found["UID"] == event.uid
        at = datetime.strptime(found["DTSTART"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        assert timedelta(0) <= event.at - at < timedelta(seconds=1)
        assert unescape(found["SUMMARY"]) == unescape(escape(event.title))


@given(texts)
def test_folding_loses_nothing(text: str) -> None:
    line = "SUMMARY:" + escape(text)
    folded = fold(line)
    assert folded.replace("\r\n ", "")[:-2] == line
    assert all(len(part.encode()) <= LINE for part in folded.split("\r\n"))


def test_escaping() -> None:
    assert escape("a,b;c\\d\ne\r\nf\x07") == r"a\,b\;c\\d\ne\nf"


def test_a_tag_changes_with_what_is_said() -> None:
    one = write_calendar("学记", [Event("1@x", "甲", date(2026, 12, 1), CHANGED)])
    other = write_calendar("学记", [Event("1@x", "乙", date(2026, 12, 1), CHANGED)])
    assert tag_of(one) != tag_of(other)
    assert len(tag_of(one)) == 32
