"""A refusal is shown where it can be mended."""

from flask import Flask

from app.accounts.forms import SetupForm
from app.accounts.refusal import refuse
from app.base.errors import Invalid, TooMany


def test_beside_the_field_it_names(app: Flask) -> None:
    with app.test_request_context():
        form = SetupForm()
        assert refuse(form, Invalid("全部", name="姓名不对")) == 422
        assert (list(form.name.errors), form.form_errors) == (["姓名不对"], [])


def test_atop_when_it_names_none(app: Flask) -> None:
    with app.test_request_context():
        form = SetupForm()
        assert refuse(form, TooMany("请等一等")) == 429
        assert form.form_errors == ["请等一等"]
