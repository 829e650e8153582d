"""Which terms and plans of a paper make sense; pure."""

from app.bank.kinds import KINDS
from app.base.errors import Invalid
from app.base.words import gettext as _
from app.quiz.blueprint import MOST_QUESTIONS, MOST_RULES
from app.quiz.paper import KEY_SHOWN, MODES, Plan, Terms
from app.quiz.scoring import MOST_POINTS

LONGEST_TITLE = 80
LONGEST_S = 24 * 3600  # of one attempt
MOST_ATTEMPTS = 50
LONGEST_REASON = 200


def check_terms(terms: Terms) -> None:
    """Raise Invalid, naming the field, for terms that contradict each other."""
    if not 1 <= len(terms.title.strip()) <= LONGEST_TITLE:
        _refuse("title", _("请给试卷写一个名称，最多 %(n)s 个字。", n=LONGEST_TITLE))
    if terms.mode not in MODES or terms.key_shown not in KEY_SHOWN:
        _refuse("mode", _("请从列出的方式里选一种。"))
    if terms.duration_s is not None and not 60 <= terms.duration_s <= LONGEST_S:
        _refuse("duration", _("时长要在 1 分钟到 24 小时之间。"))
    if terms.closes_at is not None and terms.closes_at <= (terms.opens_at or 0):
        _refuse("closes", _("截止时间要晚于开始时间。"))
    if not 0 <= terms.attempts_allowed <= MOST_ATTEMPTS:
        _refuse("attempts", _("次数要在 0（不限）到 %(n)s 之间。", n=MOST_ATTEMPTS))
    if not 0 <= terms.pass_percent <= 100:
        _refuse("pass_percent", _("合格线要在 0 到 100 之间。"))
    if terms.mode == "exam":
        _check_exam(terms)


def read_reason(reason: str) -> str:
    """Return a reason trimmed, or refuse an empty or too long one."""
    reason = reason.strip()
    if not 1 <= len(reason) <= LONGEST_REASON:
        _refuse("reason", _("请写明理由，最多 %(n)s 个字。", n=LONGEST_REASON))
    return reason


def _check_exam(terms: Terms) -> None:
    """Raise Invalid for an examination that never ends or gives itself away."""
    if terms.duration_s is None and terms.closes_at is None:
        _refuse("duration", _("考试要有时长或截止时间。"))
    again = terms.attempts_allowed != 1 and not terms.per_person
    if again and terms.key_shown == "submission":
        message = _("同一份卷可以答几次时，答案要到截止后才能公布，否则第二次就知道答案了。")
        _refuse("key_shown", message)


def check_plan(terms: Terms, plan: Plan) -> None:
    """Raise Invalid for a plan that is too large or does not suit the mode."""
    if len(plan.rules) > MOST_RULES:
        raise Invalid(_("规则最多 %(n)s 条。", n=MOST_RULES))
    for number, rule in enumerate(plan.rules, 1):
        if rule.count < 1 or not 1 <= rule.points <= MOST_POINTS:
            message = _(
                "第 %(n)s 条：题数至少 1，每题 1 到 %(most)s 分。", n=number, most=MOST_POINTS
            )
            raise Invalid(message)
    if max(len(plan.picked), sum(rule.count for rule in plan.rules)) > MOST_QUESTIONS:
        raise Invalid(_("一份试卷最多 %(n)s 题。", n=MOST_QUESTIONS))
    for kind, points in plan.points.items():
        if kind not in KINDS or not 1 <= points <= MOST_POINTS:
            raise Invalid(_("每题 1 到 %(most)s 分。", most=MOST_POINTS))
    if terms.mode == "weekly" and plan.picked and not plan.rules:
        raise Invalid(_("每周一答要用规则组卷：写下每周出几题。"))


def _refuse(field: str, message: str) -> None:
    """Raise Invalid about one field."""
    raise Invalid(message, **{field: message})
