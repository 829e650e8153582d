"""Every figure has a sentence with inputs and formula, and numbers are not rounded to lies."""

import inspect
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.assess.anomalies import Burst, FastAnswer, Hasty, SameWrong
from app.assess.calibration import Covered, Judged, cover, judge
from app.assess.distribution import compare, distribution
from app.assess.expected import Slot, expected
from app.assess.explain import anomalies, items, knowledge, tasks
from app.assess.explain.numbers import correlation, few, number, one_in, percent
from app.assess.item_analysis import Answer, analyse
from app.assess.mastery import from_recall
from app.assess.offsets import Model, Recall
from app.assess.options import NEGATIVE, TOO_HARD, Flag, Item
from app.assign.assignment import Terms
from app.assign.goal import Goal
from app.assign.load import Load
from app.assign.queries import Task
from app.assign.taking import Progress

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0%"),
        (1, "100%"),
        (0.836, "84%"),
        (0.002, "0.2%"),
        (0.0001, "<0.1%"),
        (0.997, "99.7%"),
        (0.99999, ">99.9%"),
        (0.995, "99.5%"),
    ],
)
def test_shares_are_never_rounded_to_nothing_or_everything(share: float, text: str) -> None:
    assert percent(share) == text


def test_numbers_have_no_idle_zeros() -> None:
    assert (number(3.0), number(2.46), number(-0.01), number(120)) == ("3", "2.5", "0", "120")
    assert (correlation(0.256), correlation(None)) == ("0.26", "—")


def test_small_chances_are_written_for_people() -> None:
    assert (one_in(0.01), one_in(3e-5), one_in(1e-12)) == ("1/100", "1/33,333", "<1/1,000,000,000")
    assert (few(0.0002), few(1e-7), few(2.5)) == ("0.0002", "<0.0001", "2.5")


def holds(sentence: str, *parts: str) -> None:
    """Check that a sentence holds all parts and no unfilled place."""
    assert "%(" not in sentence
    assert [part for part in parts if part not in sentence] == []


def test_a_share_shows_both_intervals() -> None:
    holds(knowledge.of_share(8, 10), "8 ÷ 10 = 80%", "50%", "96%", "Beta(8+½, 2+½)", "威尔逊")
    holds(knowledge.of_share(0, 0), "还没有作答")


def test_mastery_shows_inputs_bar_and_word() -> None:
    sentence = knowledge.of_mastery(from_recall([0.9] * 30, 10))
    holds(sentence, "共 40 题", "学过 30 题", "27 ÷ 40 = 68%", "10 题按不会", "“还没有掌握”", "95%")
    holds(knowledge.of_mastery(from_recall([], 7)), "共 7 题，还没有学过")


def test_recall_and_marks_say_how_many_and_wait_for_release() -> None:
    holds(knowledge.of_recall(0.93, 12), "93%", "12 题")
    holds(knowledge.of_recall(None, 0), "还没有学过")
    holds(knowledge.of_sat("测验", 7.5, 10.0), "测验：7.5 / 10 分")
    holds(knowledge.of_sat("测验", None, 10.0), "还没有公布")


def test_hours_stand_beside_what_is_asked() -> None:
    holds(knowledge.of_hours(12.5, 32, 2026), "2026 年", "12.5 学时", "要求 32 学时")
    holds(knowledge.of_hours(3, 0, 2026), "没有规定要求")


def test_a_forecast_shows_what_it_rests_on() -> None:
    slots = [Slot("q", 5, 0.25, Recall(0.9, 3, 5.0))] * 9 + [Slot("n", 5, 0.25, None)]
    forecast = expected(Model(samples=300), 1, slots)
    sentence = knowledge.of_forecast(forecast)
    holds(sentence, "共 10 题、满分 50 分", "没学过 1 题", number(forecast.mean), "FSRS")
    holds(sentence, f"{forecast.low} 到 {forecast.high} 分", percent(forecast.chance))
    for reason in ("samples", "questions", "unmet"):
        holds(knowledge.of_shortage(reason), "数据不够")


def test_calibration_and_coverage_in_words() -> None:
    judged = [Judged(n % 25, 0.8, n % 5 != 0) for n in range(1000)]
    found = judge(judged)
    holds(knowledge.of_calibration(found), "25 人", "1000 次", "80%", "0.16", "对数损失")
    holds(knowledge.of_calibration(None), "数据不够", "500", "20")
    assert found is not None
    holds(knowledge.of_bin(found.bins[8]), "80% 到 90%", "1000 次", "95% 区间")
    holds(knowledge.of_bin(found.bins[0]), "0% 到 10%", "没有作答")
    papers = cover([Covered(n, 70, 60, 80, 0.8, 75, 100) for n in range(100)])
    holds(knowledge.of_coverage(papers), "100 份", "100%", "应为 80%", "-5 个百分点")
    holds(knowledge.of_coverage(None), "数据不够", "100 份")


def test_item_figures_in_words() -> None:
    answers = [Answer(f"a{n}", q, float(n % 3 > 0), 2, (n % 3,)) for n in range(9) for q in "xy"]
    analysis = analyse(answers, {"x": Item("x", 3, (1, 2), 0.25)})
    figures = analysis.items["x"]
    holds(items.of_item(figures), "9 次作答", "得分率 33%", "乱答约 25%", "区分度 1", "50%")
    holds(items.of_paper(analysis), "9 份答卷，2 题", "满分 4 分", "α = 1", "测量标准误 0 分")
    holds(items.of_option(figures.options[1]), "B（答案）：3 人选", "27%")
    holds(items.of_option(figures.options[0]), "A：3 人选")
    holds(items.of_paper(analyse([])), "还没有答卷")
    holds(items.of_paper(analyse(answers[:1])), "不能算信度")
    nothing = analyse([Answer("a", "x", 0, 0)]).items["x"]
    holds(items.of_item(nothing), "不计分")
    holds(items.of_few(3), "3 次", "20 次")
    assert items.list_told(figures) == [items.of_few(9)]
    flagged = replace(figures, answers=30, flags=(Flag(NEGATIVE), Flag(TOO_HARD)))
    assert items.list_told(flagged) == [items.flag_words(flag) for flag in flagged.flags]


def test_every_figure_of_an_item_has_a_definition() -> None:
    names = {"facility", "guess", "discrimination", "efficiency", "point_biserial", "weight"}
    assert names | {"reliability", "sem", "idle", "first"} == set(items.definitions())
    for sentence in items.definitions().values():
        holds(sentence)


def test_every_flag_has_its_words() -> None:
    from app.assess import options

    rules = [options.STRONG_CHOSE, options.NEGATIVE, options.LOW_DISCRIMINATION, options.TOO_EASY]
    rules += [options.TOO_HARD, options.GUESSED, options.IDLE_OPTION]
    assert len({items.flag_words(Flag(rule, 1)) for rule in rules}) == 7
    assert items.flag_words(Flag(options.STRONG_CHOSE, 1)) == "能力强的人多选 B：请核对答案。"


def test_distributions_in_words() -> None:
    holds(items.of_distribution(distribution([0.2, 0.4, 0.6])), "3 人", "中位数 40%")
    holds(items.of_distribution(None), "还没有得分")
    holds(items.of_hidden(compare({"甲": [0.5] * 3, "乙": [0.5] * 9})), "2 个单位", "5 人")
    assert items.of_hidden(compare({"乙": [0.5] * 9})) == ""


def test_anomalies_carry_their_evidence_and_another_explanation() -> None:
    fast = FastAnswer("q", 900, 14_000, 4_000)
    holds(anomalies.of_fast(fast), "0.9 秒", "14 秒", "4 秒")
    holds(anomalies.of_hasty(Hasty(1, (fast,) * 6, 20, 0.01)), "20 题", "6 题", "30%", "也可能")
    pair = SameWrong((1, 2), ("a", "b", "c"), 3, 4, 0.9, 2e-7, 1000)
    holds(
        anomalies.of_same_wrong(pair),
        "4 题",
        "3 题",
        "0.9 题",
        "1/5,000,000",
        "0.0002 对",
        "1000 对",
        "也可能",
    )
    holds(anomalies.of_burst(Burst(1, 0, 60, 120_000, 1_200_000.0)), "2 分钟", "60 题", "20 分钟")
    holds(anomalies.caution(), "不据此扣分")


def test_what_was_asked_is_completed_overdue_or_open() -> None:
    closes_at = int(datetime(2026, 6, 30, 16, tzinfo=UTC).timestamp())
    paper, goal = Terms("卷", closes_at, 1), Terms("标", closes_at, goal=Goal((("a", "b"),), 80))
    asked = Task(1, paper, None, Progress("handed_in", passed=True), None, (), False, True)
    assert tasks.of_task(asked) == "已完成，合格"
    for progress, over, told in (
        (Progress("handed_in", late=True, passed=False), True, "逾期完成，未合格"),
        (Progress("handed_in"), False, "已完成"),
        (Progress("missed"), True, "逾期"),
        (Progress("begun"), True, "逾期"),
        (Progress("begun"), False, "正在答"),
        (Progress("todo"), False, "还没有开始"),
        (Progress("later"), False, "还没到开始时间"),
    ):
        assert tasks.of_task(replace(asked, progress=progress, over=over)) == told
    assert tasks.of_task(replace(asked, exempt=True)) == "不作要求"
    assert (tasks.kind_of(asked), tasks.end_of(asked).isoformat()) == ("试卷", "2026-06-30")
    load = Load(0.62, 0.9, 3, 10, 13, 5, 40, True)
    aimed = Task(2, goal, None, None, load, (), False, False)
    assert (tasks.kind_of(aimed), tasks.end_of(aimed).isoformat()) == ("学习目标", "2026-06-30")
    holds(tasks.of_task(aimed), "正在学", "62%", "目标 80%")
    holds(tasks.of_task(replace(aimed, over=True)), "逾期")
    holds(tasks.of_task(replace(aimed, load=replace(load, now=0.8))), "已完成")
    assert tasks.of_task(replace(aimed, load=None)) == "还没有算过"


def test_every_sentence_is_tested_here() -> None:
    source = inspect.getsource(inspect.getmodule(holds))  # type: ignore[arg-type]
    for module in (knowledge, items, anomalies, tasks):
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                assert f".{name}(" in source, name
