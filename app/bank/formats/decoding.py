"""Bytes to text: UTF-8, UTF-16 with its mark, or GB 18030; pure."""

from app.bank.formats.reasons import ENCODING, LONG_LINE, NOT_TEXT, TOO_MANY_LINES, say
from app.base.errors import Invalid

LONGEST_LINE = 20_000  # characters
MOST_LINES = 250_000
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def decode(data: bytes) -> str:
    """Return `data` as text with \\n ends; raise Invalid when it is none or in no known coding."""
    coding = _MARKS.get(data[:2])
    if coding is None and b"\x00" in data:
        raise Invalid(NOT_TEXT)
    for name in [coding] if coding else ["utf-8-sig", "gb18030"]:
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        if "\x00" in text or _is_noise(text):
            raise Invalid(NOT_TEXT)
        return text.replace("\r\n", "\n").replace("\r", "\n")
    raise Invalid(ENCODING)


def list_lines(text: str) -> list[str]:
    """Return the lines of `text`; raise Invalid for too many, or one above LONGEST_LINE."""
    lines = text.split("\n")
    if len(lines) > MOST_LINES:
        raise Invalid(say(TOO_MANY_LINES, n=MOST_LINES))
    for number, line in enumerate(lines, 1):
        if len(line) > LONGEST_LINE:
            raise Invalid(say(LONG_LINE, n=number, most=LONGEST_LINE))
    return lines


def _is_noise(text: str) -> bool:
    """Say whether control characters are too many for text."""
    head = text[:4000]
    return sum(c < " " and c not in "\t\n\r\f\x0b" for c in head) * 50 > len(head)
