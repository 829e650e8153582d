"""The nightly work: forecasts of a demonstration branch hold, and the page says it is simulated."""

import json

import pytest
from flask import Flask

from app.assess import queries
from app.assess.actions import refit_forecasts
from app.assess.expected import ENOUGH_SAMPLES
from app.bank.queries import list_question_ids
from app.base.clock import study_day
from app.ops.demo import load_demo
from app.org.queries import list_people
from app.study.actions import answer_card
from app.study.memory import replay
from tests.conftest import Cast, Clock
from tests.study.test_actions import sent, single


def test_nothing_is_said_before_there_are_answers(bank: Flask, clock: Clock) -> None:
    assert queries.list_fared() == []
    found = refit_forecasts(clock())
    assert (found.samples, found.questions, found.brier) == (0, 0, None)
    page = bank.test_client().get("/calibration")
    assert page.status_code == 200
    assert "数据不够" in page.text


@pytest.mark.once
def test_a_demonstration_branch_is_forecast_and_labelled(
    bank: Flask, clock: Clock, cast: Cast
) -> None:
    load_demo(24, 40, 3, clock())
    found = refit_forecasts(clock())
    assert found.samples == 0
    assert found.simulated > 500
    [fared] = queries.list_fared()
    assert fared.simulated
    good = fared.tried.calibration
    assert good is not None
    assert good.brier < good.constant_brier
    page = bank.test_client().get("/calibration").text
    assert "模拟数据，不是真人" in page
    assert "真实作答" not in page[page.index("<h2>") : page.index("</h2>")]
    member = next(p.id for p in list_people(None, "演示学员01"))
    model = queries.get_model(member)
    assert model.samples == found.simulated
    record = queries.get_record(member, None, clock())
    told = [line.outlook for _s, lines in record.subjects for line in lines]
    assert any(one.forecast for one in told if one.forecast and one.forecast.questions >= 5)


def test_real_and_simulated_answers_are_never_fitted_together(
    bank: Flask, clock: Clock, cast: Cast
) -> None:
    member = cast.make_member("甲")
    answer_card(member, sent(single(), True), clock())
    load_demo(2, 5, 1, clock())
    found = refit_forecasts(clock())
    assert found.samples == 1
    assert found.simulated > 1
    assert queries.get_model(member).samples == 1
    assert found.questions == 1  # simulated answers say nothing of the bank


def test_a_forecast_says_why_there_is_none(bank: Flask, clock: Clock, cast: Cast) -> None:
    from app.bank.queries import get_question

    asked = [(get_question(i), 1) for i in list_question_ids()]
    day = study_day(clock())
    memory = replay([(3, day)])
    assert memory is not None
    outlook = queries.forecast(queries.get_model(1), 1, asked, {asked[0][0].id: memory}, day)
    assert outlook.forecast is None
    assert "samples" in outlook.lacks
    assert ENOUGH_SAMPLES == 200


def test_item_figures_of_the_bank_wait_for_five_people(
    bank: Flask, clock: Clock, cast: Cast
) -> None:
    cast.make_member("书记", role="trainer")
    for n in range(4):
        answer_card(cast.make_member(f"甲{n}"), sent(single(), n > 0), clock())
    refit_forecasts(clock())
    assert queries.find_bank_figures(single()) is None
    assert "不到 5 次" in cast.sign_in("书记").get("/item-analysis?show=all").text
    answer_card(cast.make_member("戊"), sent(single(), True), clock())
    refit_forecasts(clock())
    figures = queries.find_bank_figures(single())
    assert figures is not None
    assert figures.facility == pytest.approx(4 / 5)
    page = cast.sign_in("书记").get(f"/bank/questions/{single()}/answers").text
    assert "得分率" in page
    assert "甲0" not in page


def test_from_the_terminal_and_at_night(bank: Flask, clock: Clock) -> None:
    from app.base.jobs import kinds

    done = bank.test_cli_runner().invoke(args=["assess", "refit", "--json"])
    assert json.loads(done.stdout)["samples"] == 0
    assert "assess.refit" in kinds()
