"""Text as it comes from files, made fit to keep; pure."""

import re
import unicodedata
from html.parser import HTMLParser

LONGEST_HTML = 20_000  # characters; longer texts are refused for their length anyhow
_LINES = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_SPACES = str.maketrans({"\t": " ", "\u00a0": " "})
_JOINERS = "\u200c\u200d"  # part of some scripts and emoji
_ODD = re.compile(r"[^\n\x20-\x7e\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef]")
_TAG = re.compile(
    r"</?(?:p|br|div|span|img|b|i|u|em|strong|sub|sup|font|ul|ol|li|pre|a)\b[^<>]*>", re.I
)
_BLOCKS = {"p", "br", "div", "li", "tr", "pre", "h1", "h2", "h3", "ul", "ol", "table"}
_ENTITY = re.compile(
    r"&(?:nbsp|lt|gt|amp|quot|ldquo|rdquo|hellip|mdash|#\d{2,5}|#x[0-9a-f]{2,4});", re.I
)


def clean(text: str) -> str:
    """Return `text` without outer spaces and without what nobody can see or what breaks files."""
    text = _LINES.sub("\n", text).translate(_SPACES)
    if _ODD.search(text):
        text = "".join(c for c in text if c == "\n" or c in _JOINERS or _visible(c))
    return text.strip()


def _visible(character: str) -> bool:
    """Say no to control and format characters, surrogates and code points that are none."""
    if unicodedata.category(character) in ("Cc", "Cf", "Cs"):
        return False
    return ord(character) & 0xFFFE != 0xFFFE and not 0xFDD0 <= ord(character) <= 0xFDEF


def plain_of_html(text: str) -> tuple[str, bool]:
    """Return HTML as plain text, and whether it held a picture."""
    reader = _Reader()
    reader.feed(text[:LONGEST_HTML])
    reader.close()
    lines = [line.strip() for line in clean("".join(reader.parts)).split("\n")]
    return re.sub(r"\n{2,}", "\n", "\n".join(lines)).strip(), reader.picture


def looks_like_html(text: str) -> bool:
    """Say whether `text` holds common tags or entities, as copied from web pages."""
    return bool(_TAG.search(text) or _ENTITY.search(text))


class _Reader(HTMLParser):
    """Collects the text between tags."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.picture = False
        self._pre = 0
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Break lines at blocks, notice pictures, fall silent in scripts."""
        if tag in _BLOCKS:
            self.parts.append("\n")
        self.picture |= tag in ("img", "svg", "object", "video", "audio")
        self._pre += tag == "pre"
        self._silent += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        """Break lines after blocks."""
        if tag in _BLOCKS:
            self.parts.append("\n")
        self._pre -= tag == "pre"
        self._silent -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        """Keep text; outside <pre> a line break is a space."""
        if self._silent <= 0:
            self.parts.append(data if self._pre > 0 else re.sub(r"[ \t]*\n\s*", " ", data))
