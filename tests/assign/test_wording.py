"""Words and days of duties."""

from datetime import date

import pytest

from app.assign.period import Period
from app.assign.wording import Wording, check_reason, check_wording
from app.base.errors import Invalid

pytestmark = pytest.mark.pure
DAYS = date(2026, 1, 1), date(2026, 3, 1)


@pytest.mark.parametrize(
    ("wording", "field"),
    [
        (Wording(" ", "x", *DAYS), "title"),
        (Wording("题" * 101, "x", *DAYS), "title"),
        (Wording("甲", "", *DAYS), "measure"),
        (Wording("甲", "x" * 1001, *DAYS), "measure"),
        (Wording("甲", "x", DAYS[1], DAYS[0]), "due_on"),
    ],
)
def test_bad_wordings_name_the_field(wording: Wording, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        check_wording(wording)
    assert field in caught.value.fields


def test_items_of_a_plan_need_no_measure() -> None:
    found = check_wording(Wording(" 学条例 ", "", *DAYS), Period(2026))
    assert found.title == "学条例"


def test_reasons_are_asked_for() -> None:
    assert check_reason(" 换届 ") == "换届"
    for text in ("", "  ", "x" * 1001):
        with pytest.raises(Invalid):
            check_reason(text)
