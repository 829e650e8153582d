"""The icons in static/ are what the script draws, and phones can read them."""

import struct
import zlib

import pytest

from app.base.config import ROOT
from app.web.icon import draw_icon
from app.web.installing import ICONS

pytestmark = pytest.mark.pure


def pixels(png: bytes) -> tuple[tuple[int, ...], bytes]:
    """Return the header's numbers and the unpacked lines; checksums must be right."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    place, chunks = 8, {}
    while place < len(png):
        length, kind = struct.unpack(">I4s", png[place : place + 8])
        data = png[place + 8 : place + 8 + length]
        (checksum,) = struct.unpack(">I", png[place + 8 + length : place + 12 + length])
        assert checksum == zlib.crc32(kind + data)
        chunks[kind] = data
        place += 12 + length
    return struct.unpack(">IIBBBBB", chunks[b"IHDR"]), zlib.decompress(chunks[b"IDAT"])


@pytest.mark.parametrize("size", ICONS)
def test_the_icons_are_drawn_by_the_script(size: int) -> None:
    kept = (ROOT / "static" / ICONS[size]).read_bytes()
    assert pixels(kept) == pixels(draw_icon(size))
    assert pixels(kept)[0][:2] == (size, size)
    assert len(kept) < 1500


def test_the_sign_is_three_white_bars_on_red() -> None:
    (_width, height, *_rest), lines = pixels(draw_icon(32))
    rows = [lines[n * 5 + 1 : n * 5 + 5] for n in range(height)]
    assert rows[0] == bytes(4)
    assert rows[9] == bytes([0, 255, 255, 0])
    assert rows[22] == bytes([0, 255, 0b11000000, 0])


@pytest.mark.parametrize("size", [0, -32, 100])
def test_a_size_off_the_grid_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="multiple"):
        draw_icon(size)
