"""What counts as the same answer when a person types it; pure."""

import re
import unicodedata

# Between digits these carry meaning (1.5 is not 15, 3-5 is not 35); elsewhere they are dropped.
_KEPT = re.compile(r"(?<=\d)[./:\-](?=\d)|(?<=\d)%")
# Input methods offer several round signs for the zero of 二〇三五.
_ZEROS = str.maketrans("○◯", "〇〇")
_DASHES = re.compile(r"(?<=\d)[\u2010-\u2015~](?=\d)")


def fold(text: str) -> str:
    """Return `text` with width, case, spaces and punctuation evened out; digits stay as written."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    plain = plain.translate(_ZEROS)
    plain = "".join(c for c in plain if unicodedata.category(c)[0] not in "ZC")
    plain = _DASHES.sub("-", plain)
    kept = {match.start() for match in _KEPT.finditer(plain)}
    return "".join(c for n, c in enumerate(plain) if n in kept or unicodedata.category(c)[0] != "P")
