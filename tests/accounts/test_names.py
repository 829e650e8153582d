"""Names and phone numbers as people type them."""

import pytest
from flask import Flask

from app.accounts import names
from app.base.errors import Invalid


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("13800000001", "13800000001"),
        ("+86 138-0000-0001", "13800000001"),
        ("１３８００００００１１", "13800000011"),
        ("0086 13800000001", "13800000001"),
        ("010-12345678", "01012345678"),
        ("张三", None),
        ("12345", None),
        ("1" * 16, None),
        ("", None),
    ],
)
def test_phones(text: str, phone: str | None) -> None:
    assert names.find_phone(text) == phone


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (" 张 三 ", "张 三"),
        ("张\u200b三", "张 三"),
        ("Ａnna", "Anna"),
        ("买买提·艾力", "买买提·艾力"),
    ],
)
def test_names(app: Flask, text: str, name: str) -> None:
    assert names.read_name(text) == name


@pytest.mark.parametrize("text", ["", "  ", "13800000001", "··", "长" * 41])
def test_what_is_no_name(app: Flask, text: str) -> None:
    with pytest.raises(Invalid):
        names.read_name(text)


def test_no_phone_is_none_and_a_bad_one_is_refused(app: Flask) -> None:
    assert names.read_phone("  ") is None
    assert names.read_phone(None) is None
    with pytest.raises(Invalid):
        names.read_phone("12")


def test_only_known_roles(app: Flask) -> None:
    assert names.read_role("trainer") == "trainer"
    with pytest.raises(Invalid):
        names.read_role("emperor")


@pytest.mark.parametrize(
    ("own", "granted"),
    [
        ("member", set()),
        ("editor", set()),
        ("auditor", set()),
        ("trainer", {"member", "trainer"}),
        ("admin", {"member", "trainer", "editor", "auditor", "admin"}),
    ],
)
def test_nobody_grants_above_themselves(own: str, granted: set[str]) -> None:
    assert {role for role in names.ROLES if names.may_grant(own, role)} == granted
    assert not names.may_grant(own, "emperor")
