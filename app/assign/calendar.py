"""A calendar to subscribe to: titles and due times as iCalendar (RFC 5545); pure.

All times are in UTC, so that no zone has to be described; days are whole days without a time.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LINE = 75  # octets of a line, without its end (RFC 5545, 3.1)
PRODUCT = "-//Xueji//Reminders//ZH"
REFRESH = "PT6H"


@dataclass(frozen=True, slots=True)
class Event:
    """Something due: `uid` is the same for ever, `changed_at` when its title or time last was.

    `at` is a moment, or a day for what is due on it whenever.
    """

    uid: str
    title: str
    at: datetime | date
    changed_at: datetime


def write_calendar(name: str, events: Iterable[Event]) -> bytes:
    """Return the calendar of that name; equal events give equal bytes."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escape(name)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}",
        f"X-PUBLISHED-TTL:{REFRESH}",
    ]
    for event in sorted(events, key=lambda one: one.uid):
        lines += _event(event)
    lines.append("END:VCALENDAR")
    return "".join(fold(line) for line in lines).encode()


def _event(event: Event) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"DTSTAMP:{_utc(event.changed_at)}",
        *_times(event.at),
        f"SUMMARY:{escape(event.title)}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _times(at: datetime | date) -> list[str]:
    if isinstance(at, datetime):
        return [f"DTSTART:{_utc(at)}"]
    return [
        f"DTSTART;VALUE=DATE:{at:%Y%m%d}",
        f"DTEND;VALUE=DATE:{at + timedelta(days=1):%Y%m%d}",
    ]


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escape(text: str) -> str:
    """Return a text as a TEXT value (RFC 5545, 3.3.11), without control characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(c for c in text if c in "\n\t" or (ord(c) >= 32 and ord(c) != 127))
    for plain, told in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(plain, told)
    return text


def fold(line: str) -> str:
    """Return a content line with its end, broken after at most 75 octets, never in a character."""
    parts, part, room = [], "", LINE
    for character in line:
        size = len(character.encode())
        if size > room:
            parts.append(part)
            part, room = "", LINE - 1  # the space that continues a line counts
        part += character
        room -= size
    return "\r\n ".join([*parts, part]) + "\r\n"


def tag_of(calendar: bytes) -> str:
    """Return the entity tag of a calendar."""
    return hashlib.sha256(calendar).hexdigest()[:32]
