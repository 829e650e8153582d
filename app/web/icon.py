"""The site's sign as PNG for home screens, drawn from the numbers that icon.svg has; pure."""

import struct
import zlib

GRID = 32  # the sign is drawn on a square of 32 units
BARS = ((8, 9, 16), (8, 15, 16), (8, 21, 10))  # x, y and width in units; each 3 high
BAR_HEIGHT = 3
RED, WHITE = bytes.fromhex("a60f18"), bytes.fromhex("ffffff")


def draw_icon(size: int) -> bytes:
    """Return a PNG of `size` × `size` pixels (a multiple of 32), red to its edges.

    Phones cut their own shape out of it; the bars lie within the inner half, which all leave.
    """
    if size % GRID or size <= 0:
        raise ValueError("the size must be a multiple of 32")
    scale = size // GRID
    lines = b"".join(_line(y // scale, scale) for y in range(size))
    header = struct.pack(">IIBBBBB", size, size, 1, 3, 0, 0, 0)  # one bit a pixel, by palette
    chunks = ((b"IHDR", header), (b"PLTE", RED + WHITE), (b"IDAT", zlib.compress(lines, 9)))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*c) for c in (*chunks, (b"IEND", b"")))


def _line(row: int, scale: int) -> bytes:
    """Return one line of pixels: no filter, then eight pixels a byte."""
    white = [False] * GRID
    for x, y, width in BARS:
        if y <= row < y + BAR_HEIGHT:
            white[x : x + width] = [True] * width
    bits = "".join(str(int(white[n // scale])) for n in range(GRID * scale))
    return b"\0" + int(bits, 2).to_bytes(len(bits) // 8)


def _chunk(kind: bytes, data: bytes) -> bytes:
    """Return a chunk with its length and checksum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
