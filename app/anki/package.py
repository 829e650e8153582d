"""A package or collection that Anki wrote, opened as far as the collection in it; pure.

Both are zip files. Which collection counts is told by `meta`, a protobuf message whose first field
is the layout: 3 is collection.anki21b (a zstd stream), 2 collection.anki21, 1 or no `meta`
collection.anki2; what else of them is there only asks people to update. Everything here runs in
the limited child (app.base.child) on bytes that may be hostile.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import zstandard

from app.anki.collection import Fault, read_collection

LARGEST = 32 * 1024 * 1024  # bytes of a file from outside
LARGEST_COLLECTION = 64 * 1024 * 1024  # bytes, unpacked
LARGEST_WINDOW = 16 * 1024 * 1024  # bytes a zstd stream may want to look back; Anki writes 2 MiB
LAYOUTS = {1: "anki2", 2: "anki21", 3: "anki21b"}
COMPRESSED = "anki21b"
PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    zstandard.ZstdError,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)


def read_for_parent(data: bytes, now_ms: str, known: str) -> dict[str, Any]:
    """Return what the file tells of our cards as JSON can hold it, or {"fault": why it cannot}.

    `now_ms` is in milliseconds since 1970, `known` holds the ids of our questions, one a line.
    """
    try:
        layout, content = unpack(data)
        told = read_collection(content, frozenset(known.split("\n")), int(now_ms))
    except Fault as fault:
        return {"fault": fault.code}
    except MemoryError:
        return {"fault": "large"}
    return {"layout": layout, **told}


def unpack(data: bytes) -> tuple[str, bytearray]:
    """Return the layout and the bytes of the SQLite file in a package; raise Fault."""
    with _opened(data) as archive:
        names = set(archive.namelist())
        layout = _layout(archive, names)
        name = f"collection.{layout}"
        if name not in names:
            raise Fault("foreign")
        entry = archive.getinfo(name)
        if entry.compress_type not in PLAIN:
            raise Fault("damaged")
        with archive.open(entry) as part:
            return layout, _read(part, layout == COMPRESSED)


@contextmanager
def _opened(data: bytes) -> Iterator[zipfile.ZipFile]:
    """Open a zip file; whatever is wrong with it, then or later, is a Fault."""
    if not data.startswith(b"PK"):
        raise Fault("foreign")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield archive
    except BROKEN:
        raise Fault("damaged") from None


def _layout(archive: zipfile.ZipFile, names: set[str]) -> str:
    """Return which collection counts."""
    if "meta" not in names:
        return "anki21" if "collection.anki21" in names else "anki2"
    with archive.open("meta") as part:
        told = part.read(16)
    if len(told) < 2 or told[0] != 0x08:  # field 1, a small number
        raise Fault("damaged")
    if told[1] not in LAYOUTS:
        raise Fault("newer")
    return LAYOUTS[told[1]]


def _read(part: IO[bytes], compressed: bool) -> bytearray:
    """Return the unpacked bytes of the collection, never more than the ceiling."""
    if compressed:
        reader = zstandard.ZstdDecompressor(max_window_size=LARGEST_WINDOW)
        part = reader.stream_reader(part.read())  # to its end, so that the zip's sum is checked
    content = bytearray()
    while piece := part.read(1024 * 1024):
        content += piece
        if len(content) > LARGEST_COLLECTION:
            raise Fault("large")
    return content
