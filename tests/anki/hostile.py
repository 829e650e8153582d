"""Two hundred files that are no use, or meant to do harm, in place of what Anki exports."""

import io
import random
import sqlite3
import struct
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing

import zstandard

from app.anki.deck import Selection, build
from tests.anki.make import ALL, NOW, make_progress

Named = tuple[str, bytes]
META = {"anki2": b"\x08\x01", "anki21": b"\x08\x02", "anki21b": b"\x08\x03"}
LAYOUTS = tuple(META)
RECURSIVE = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
    "SELECT i AS id, 1609687759865 AS cid, 3 AS ease, 0 AS factor, 1 AS type, 0 AS time FROM n"
)


def collection() -> bytes:
    """Return a sound collection with reviews, as an old Anki keeps it."""
    progress = {q.id: make_progress((0, 3), (30, 1), (60, 3)) for q in ALL}
    with zipfile.ZipFile(io.BytesIO(build(Selection(ALL, progress), NOW).content)) as archive:
        return archive.read("collection.anki2")


def packed(content: bytes, layout: str = "anki21", meta: bytes | None = None) -> bytes:
    """Return a package with this collection."""
    file = io.BytesIO()
    stored = layout == "anki21b"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as out:
        out.writestr("meta", META[layout] if meta is None else meta)
        out.writestr("collection." + layout, zstd(content) if stored else content)
        out.writestr("media", b"{}")
    return file.getvalue()


def zstd(content: bytes) -> bytes:
    """Compress as Anki does: a stream that does not say how long it is."""
    packer = zstandard.ZstdCompressor().compressobj()
    return packer.compress(content) + packer.flush()


def changed(*statements: str) -> bytes:
    """Return the collection after some SQL."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.deserialize(collection())
        for statement in statements:
            connection.execute(statement)
        return connection.serialize()


def strangers() -> Iterator[Named]:
    """What is no package at all."""
    yield "empty", b""
    yield "text", "学记".encode() * 400
    yield "picture", b"\x89PNG\r\n\x1a\n" + bytes(4000)
    yield "bare collection", collection()
    yield "bare stream", zstd(collection())
    yield "only the letters", b"PK"
    yield "end of zip only", b"PK\x05\x06" + bytes(18)
    yield "zeros", bytes(100_000)
    for name in ("word/document.xml", "xl/workbook.xml", "mimetype", "collection.anki3"):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as out:
            out.writestr(name, b"<x/>")
        yield f"zip of {name}", file.getvalue()
    for seed in range(8):
        yield f"noise {seed}", b"PK\x03\x04" + random.Random(seed).randbytes(5000)


def cut() -> Iterator[Named]:
    """Sound packages of which the end is missing."""
    for layout in LAYOUTS:
        whole = packed(collection(), layout)
        for n in range(1, 16):
            yield f"cut {layout} {n}", whole[: len(whole) * n // 16]


def flipped() -> Iterator[Named]:
    """Sound packages in which a byte of the packed collection is another."""
    for layout in LAYOUTS:
        whole = packed(collection(), layout)
        start, end = whole.index(b"collection.") + 40, whole.index(b"PK\x01\x02") - 60
        for n in range(15):
            place = start + (end - start) * n // 15
            yield f"flip {layout} {n}", _with(whole, place, bytes([whole[place] ^ 0x5A]))


def _with(data: bytes, place: int, piece: bytes) -> bytes:
    return data[:place] + piece + data[place + len(piece) :]


def misleading() -> Iterator[Named]:
    """Zips and streams that lie about themselves."""
    sound = collection()
    for number, meta in enumerate((b"", b"\x08", b"\x08\x04", b"\x08\x7f", b"\xff" * 40, b"{}")):
        yield f"meta {number}", packed(sound, "anki21", meta)
    whole = packed(sound)
    entry = whole.index(b"PK\x01\x02")
    second = whole.index(b"PK\x01\x02", entry + 4)
    for method in (1, 9, 12, 14, 93, 99):
        yield f"method {method}", _with(whole, second + 10, struct.pack("<H", method))
    yield "encrypted", _with(whole, second + 8, b"\x01\x00")
    yield "sum", _with(whole, second + 16, b"abcd")
    yield "offset", _with(whole, second + 42, struct.pack("<I", 2**31))
    for name, content in (("not zstd", sound), ("two letters", b"(\xb5"), ("empty", b"")):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as out:
            out.writestr("meta", META["anki21b"])
            out.writestr("collection.anki21b", content)
        yield f"stream {name}", file.getvalue()


def bombs() -> Iterator[Named]:
    """Little files that become large ones."""
    huge = bytes(64 * 1024 * 1024 + 4096)
    for layout in LAYOUTS:
        yield f"zeros {layout}", packed(huge, layout)
    window = zstandard.ZstdCompressionParameters(window_log=27, compression_level=1)
    packer = zstandard.ZstdCompressor(compression_params=window).compressobj()
    wide = packer.compress(huge) + packer.flush()
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as out:
        out.writestr("meta", META["anki21b"])
        out.writestr("collection.anki21b", wide)
    yield "wide window", file.getvalue()
    many = zstandard.ZstdCompressor().compress(bytes(1024 * 1024)) * 4000
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as out:
        out.writestr("meta", META["anki21b"])
        out.writestr("collection.anki21b", many)
    yield "many frames", file.getvalue()
    # Frame of a window of 2 MiB; each block says "131,072 times this byte".
    runs = b"\x28\xb5\x2f\xfd\x00\x58" + b"\x02\x00\x10\x00" * 16_384
    for name, method in (("two gibibytes", zipfile.ZIP_STORED), ("again", zipfile.ZIP_DEFLATED)):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", method) as out:
            out.writestr("meta", META["anki21b"])
            out.writestr("collection.anki21b", runs)
        yield name, file.getvalue()
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as out:
        for number in range(60_000):
            out.writestr(f"{number}", b"")
    yield "many parts", file.getvalue()


def corrupt() -> Iterator[Named]:
    """Packages in order, around a database that is not."""
    sound = collection()
    yield "magic", packed(b"SQLite format 4\0" + sound[16:])
    yield "header only", packed(sound[:100])
    yield "first page only", packed(sound[:512])
    for size in (b"\0\0", b"\0\1", b"\xff\xff", b"\x02\x01"):
        yield f"page size {size.hex()}", packed(_with(sound, 16, size))
    for place in (100, 102, 103, 104):  # of the first page's own head
        yield f"schema {place}", packed(_with(sound, place, b"\xff\xff"))
    page = int.from_bytes(sound[16:18], "big")
    for number in range(1, 9):
        yield f"page {number}", packed(sound[: page * number])
    for seed in range(10):
        rng = random.Random(seed)
        torn = bytearray(sound)
        for _time in range(3000):
            torn[rng.randrange(100, len(torn))] = rng.randrange(256)
        torn[100:108] = rng.randbytes(8)
        yield f"torn {seed}", packed(bytes(torn))


def scheming() -> Iterator[Named]:
    """Databases in order, with things in them that ours have not."""
    for table in ("revlog", "cards", "notes", "col"):
        yield f"no {table}", packed(changed(f"DROP TABLE {table}"))
        yield (
            f"{table} is a view",
            packed(
                changed(
                    f"ALTER TABLE {table} RENAME TO x", f"CREATE VIEW {table} AS SELECT * FROM x"
                )
            ),
        )
        yield (
            f"{table} lacks id",
            packed(changed(f"DROP TABLE {table}", f"CREATE TABLE {table} (a, b)")),
        )
    yield (
        "recursive view",
        packed(changed("DROP TABLE revlog", f"CREATE VIEW revlog AS {RECURSIVE}"), "anki21b"),
    )
    column = "ALTER TABLE {} ADD COLUMN y AS (hex(zeroblob(900000000)))"
    for table in ("revlog", "cards", "notes", "col"):
        yield f"computed {table}", packed(changed(column.format(table)))
    yield (
        "virtual",
        packed(
            changed("DROP TABLE revlog", "CREATE VIRTUAL TABLE revlog USING fts5(id, cid, ease)")
        ),
    )
    yield "view of decks", packed(changed("CREATE VIEW decks AS SELECT 1 AS id, 2 AS name"))
    yield "view of config", packed(changed("CREATE VIEW config AS SELECT 1 AS key, 2 AS val"))
    yield "computed decks", packed(changed("CREATE TABLE decks (id, name AS (abs(id)))"))
    yield "no notes of ours", packed(changed("DELETE FROM notes", "DELETE FROM revlog"))
    yield "huge settings", packed(changed("UPDATE col SET conf = zeroblob(17000000)"))
    yield "huge guid", packed(changed("UPDATE notes SET guid = zeroblob(17000000)"))
    deep = "UPDATE col SET conf = '" + "[" * 100_000 + "'"
    gone = ("DELETE FROM notes", "DELETE FROM cards", "UPDATE revlog SET cid = 5")
    yield "deep settings", packed(changed(*gone, deep))
    for column in ("cid", "ease", "type", "time", "factor"):
        newest = "WHERE id = (SELECT max(id) FROM revlog)"
        huge = f"UPDATE revlog SET {column} = zeroblob(17000000) {newest}"
        yield f"huge {column}", packed(changed(huge))
    for value in ("'5'", "5.5", "x'00'", "-1", "9223372036854775807"):
        yield f"cards of {value}", packed(changed(*gone[:2], f"UPDATE revlog SET cid = {value}"))


GROUPS: dict[Callable[[], Iterator[Named]], int] = {
    strangers: 20,
    cut: 45,
    flipped: 45,
    misleading: 18,
    bombs: 8,
    corrupt: 29,
    scheming: 35,
}
