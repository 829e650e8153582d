"""What differs between two states of a person."""

from dataclasses import replace

import pytest

from app.accounts.details import FIELDS, Details, differences

pytestmark = pytest.mark.pure
ONE = Details("甲", None, "member", 1)


def test_only_what_differs_is_told() -> None:
    assert differences(ONE, ONE) == {}
    other = replace(ONE, name="乙", unit_id=None)
    assert differences(ONE, other) == {"name": ["甲", "乙"], "unit_id": [1, None]}


def test_every_field_is_looked_at() -> None:
    assert set(FIELDS) == set(Details.__dataclass_fields__)
