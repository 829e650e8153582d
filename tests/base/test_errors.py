"""Refusals carry a sentence, and a status that pages use."""

import pytest

from app.base import errors

pytestmark = pytest.mark.pure


def test_a_refusal_keeps_its_sentences() -> None:
    error = errors.Invalid("全部", name="姓名不对")
    assert (error.message, error.fields, str(error)) == ("全部", {"name": "姓名不对"}, "全部")


def test_forbidden_is_missing() -> None:
    assert issubclass(errors.Forbidden, errors.NotFound)
    statuses = {e: e.status for e in errors.XuejiError.__subclasses__()}
    assert sorted(statuses.values()) == [404, 409, 422, 429]
