"""A roster between upload and confirmation."""

import io

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage

from app.base import child
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
    assert [(one.name, one.unit_id, one.named) for one in placed.entries] == [
        ("一", 1, True),
        ("二", 2, True),
        ("三", 2, False),
    ]
    assert [(row.number, "丙支部" in row.reason) for row in placed.refused] == [(5, True)]


def test_words_that_are_no_posts_of_the_party_are_mentioned(app: Flask) -> None:
    read = upload.read_file(stored("姓名,身份,职务\n一,预备党员,科长、书记\n二,神仙,\n".encode()))
    placed = upload.place(read, UNITS, 1)
    [entry] = placed.entries
    assert (entry.status, entry.posts) == ("probationary", ("secretary",))
    assert [(row.number, "科长" in row.reason) for row in placed.notes] == [(2, True)]
    assert [(row.number, "神仙" in row.reason) for row in placed.refused] == [(3, True)]


@pytest.mark.parametrize(
    "data",
    [b"", b"\x00\x01", b"PK\x03\x04 no workbook", "没有表头\n一".encode(), b"a" * (LARGEST + 1)],
)
def test_what_is_no_roster_is_refused_with_a_sentence(app: Flask, data: bytes) -> None:
    with pytest.raises(Invalid, match="。"):
        upload.read_file(stored(data))


@pytest.mark.parametrize(
    ("refusal", "sentence"), [(child.BUSY, "过一会儿"), (child.REFUSED, "不是可以读取的表格")]
)
def test_a_workbook_is_read_in_the_limited_child_alone(
    app: Flask, monkeypatch: pytest.MonkeyPatch, refusal: str, sentence: str
) -> None:
    def refuse(*_words: object) -> None:
        raise Invalid(refusal)

    monkeypatch.setattr(child, "run", refuse)
    with pytest.raises(Invalid, match=sentence):
        upload.read_file(stored(b"PK\x03\x04", "名册.xlsx"))


def test_a_seal_is_for_one_trainer_and_unaltered(app: Flask) -> None:
    read = upload.read_file(stored("姓名,类别,职务\n一,党员,书记、组织委员\n二\n".encode()))
    placed = upload.place(read, UNITS, 1)
    sealed = upload.seal(placed.entries, "sum", 7, KEY)
    assert upload.unseal(sealed, 7, KEY) == (placed.entries, "sum")
    for token, user, key in ((sealed, 8, KEY), (sealed, 7, "other"), (sealed + "x", 7, KEY)):
        with pytest.raises(Invalid):
            upload.unseal(token, user, key)
