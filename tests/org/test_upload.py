"""A roster between upload and confirmation."""

import io

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage

from app.base.errors import Invalid
from app.org import upload
from app.org.queries import Unit
from app.org.roster import LARGEST

UNITS = (
    Unit(1, "A", "甲支部", "党支部", None, "/1/", 0),
    Unit(2, "B", "乙支部", "党支部", None, "/2/", 0),
)
KEY = "k"


def stored(data: bytes, name: str = "名册.csv") -> FileStorage:
    """Return an upload."""
    return FileStorage(io.BytesIO(data), name)


def test_lines_are_placed_by_code_or_name_or_default(app: Flask) -> None:
    read = upload.read_file(stored("姓名,单位\n一,A\n二,乙支部\n三,\n四,丙支部\n".encode()))
    placed = upload.place(read, UNITS, 2)
    assert [(one.name, one.unit_id) for one in placed.newcomers] == [
        ("一", 1),
        ("二", 2),
        ("三", 2),
    ]
    assert [(row.number, "丙支部" in row.reason) for row in placed.refused] == [(5, True)]


@pytest.mark.parametrize(
    "data",
    [b"", b"\x00\x01", b"PK\x03\x04 no workbook", "没有表头\n一".encode(), b"a" * (LARGEST + 1)],
)
def test_what_is_no_roster_is_refused_with_a_sentence(app: Flask, data: bytes) -> None:
    with pytest.raises(Invalid, match="。"):
        upload.read_file(stored(data))


def test_a_seal_is_for_one_trainer_and_unaltered(app: Flask) -> None:
    read = upload.read_file(stored("姓名\n一\n".encode()))
    placed = upload.place(read, UNITS, 1)
    sealed = upload.seal(placed, 7, KEY)
    assert list(upload.unseal(sealed, 7, KEY)) == list(placed.newcomers)
    for token, user, key in ((sealed, 8, KEY), (sealed, 7, "other"), (sealed + "x", 7, KEY)):
        with pytest.raises(Invalid):
            upload.unseal(token, user, key)
