"""The only way in for a file from outside: size first, then a limited child process."""

import msgspec

from app.bank.formats.draft import Parsed
from app.bank.formats.reasons import EMPTY, TOO_LARGE, say
from app.base import child
from app.base.errors import Invalid

LARGEST = 12 * 1024 * 1024  # bytes


def parse_safely(name: str, data: bytes) -> Parsed:
    """Return the questions in a file called `name`; raise Invalid with a sentence for people."""
    if not data:
        raise Invalid(EMPTY)
    if len(data) > LARGEST:
        raise Invalid(say(TOO_LARGE, n=LARGEST // 1024 // 1024))
    found = child.run("app.bank.formats.recognise:parse_for_parent", data, name[-200:])
    try:
        return msgspec.convert(found, Parsed)
    except msgspec.ValidationError:
        raise Invalid(child.REFUSED) from None
