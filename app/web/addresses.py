"""Addresses that people send along, such as where to go back to; pure."""

from urllib.parse import urlsplit

LONGEST = 2000


def local_path(text: str | None) -> str | None:
    """Return `text` when it is a path of this site, else None, so that no link leads elsewhere."""
    if not text or len(text) > LONGEST or not text.startswith("/") or text.startswith("//"):
        return None
    # Browsers read a backslash as a slash and drop control characters before looking.
    if "\\" in text or any(ord(character) < 33 or ord(character) == 127 for character in text):
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else text
