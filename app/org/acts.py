"""Acts on record, told in words.

Rooms above name their acts here by their recorded names only, so that a member reads sentences
and never codes; a test finds acts that nobody has put into words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.base.audit import Entry
from app.org.party import POST_NAMES, STANDING_NAMES, STATUS_NAMES
from app.org.roles import ROLE_NAMES
from app.web.format import to_the_minute

WORDS = {
    "accounts.add_user": _l("添加了你的账号"),
    "accounts.invite_person": _l("添加了你的账号，并生成邀请链接"),
    "accounts.renew_invite": _l("生成了新的登录链接（可用来重设密码）"),
    "accounts.accept_invite": _l("用链接设置了密码"),
    "accounts.change_password": _l("更改了密码"),
    "accounts.add_factor": _l("设置了登录第二步"),
    "accounts.remove_factor": _l("删去了一种登录第二步"),
    "accounts.renew_recovery": _l("重新生成了恢复码"),
    "accounts.use_recovery": _l("用恢复码登录或确认了身份"),
    "accounts.reset_factors": _l("重置了你的登录第二步"),
    "accounts.name_identity": _l("登记或更改了你的单位账号"),
    "accounts.link_identity": _l("第一次用单位账号登录"),
    "accounts.make_first_admin": _l("建立了管理员账号"),
    "accounts.disable_user": _l("停用了账号"),
    "accounts.enable_user": _l("恢复了账号"),
    "assess.answer_appeal": _l("答复了你的申诉"),
    "assess.look_at_record": _l("看了你的学习档案"),
    "assess.change_scheme": _l("更改了考评方案"),
    "assess.correct_scheme": _l("开始更正已公布的考评"),
    "assess.discard_scheme": _l("删去了考评方案草稿"),
    "assess.make_scheme": _l("新建了考评方案"),
    "assess.publish_scheme": _l("公布了考评结果"),
    "assess.question_figure": _l("对一个数字提出了申诉"),
    "assign.change_assignment": _l("更改了布置"),
    "assign.make_assignment": _l("布置了试卷或学习目标"),
    "assign.withdraw_assignment": _l("撤回了布置"),
    "anki.import_reviews": _l("并入了在 Anki 里的复习"),
    "assign.change_duty": _l("更改了一项责任或计划事项"),
    "assign.change_plan": _l("更改了学习计划的名称"),
    "assign.copy_plan": _l("把学习计划传给了下级"),
    "assign.correct_hours": _l("更正了你的学时"),
    "assign.discard_plan": _l("删去了空的学习计划"),
    "assign.drop_target": _l("改回了上级的学时要求"),
    "assign.give_duty": _l("把一项责任移交给了你"),
    "assign.keep_duty": _l("保留了本单位的写法"),
    "assign.make_duty": _l("登记了一项责任或计划事项"),
    "assign.make_plan": _l("新建了学习计划"),
    "assign.record_hours": _l("登记了你的学时"),
    "assign.reopen_duty": _l("退回了一项没有完成的责任"),
    "assign.set_target": _l("定了学时要求"),
    "assign.settle_duty": _l("登记了一项责任的完成"),
    "assign.take_duty": _l("把你的一项责任移交给了别人"),
    "assign.withdraw_duty": _l("取消了一项责任或计划事项"),
    "assign.add_robot": _l("登记了群机器人"),
    "assign.remove_robot": _l("删去了群机器人"),
    "assign.try_robot": _l("试发了群消息"),
    "authoring.import_drafts": _l("收入了题目草稿"),
    "authoring.reject_drafts": _l("搁置了题目草稿"),
    "bank.add_own_question": _l("批准了本单位的题目"),
    "bank.amend_edition": _l("按修改后的文件停下了要复核的题目"),
    "bank.confirm_recheck": _l("复核了题目"),
    "bank.publish_bank": _l("发布了题库"),
    "bank.reply_report": _l("答复了你对题目的反馈"),
    "bank.retire_own_question": _l("停用了本单位的题目"),
    "bank.revise_own_question": _l("改写了本单位的题目"),
    "ops.ask_for_job": _l("安排了后台任务"),
    "ops.erase_member": _l("抹除了成员资料"),
    "org.edit_person": _l("更改了登记的内容"),
    "org.import_person": _l("按名册更改了登记的内容"),
    "org.import_roster": _l("导入了名册"),
    "org.merge_person": _l("随单位合并，更改了你的单位"),
    "org.give_post": _l("登记了职务"),
    "org.end_post": _l("登记了离任"),
    "org.withdraw_post": _l("删去了登记有误的职务"),
    "org.add_unit": _l("添加了单位"),
    "org.rename_unit": _l("更改了单位的名称或类别"),
    "org.move_unit": _l("更改了单位的上级"),
    "org.merge_units": _l("合并了单位"),
    "org.close_unit": _l("关闭了单位"),
    "quiz.make_paper": _l("新建了试卷"),
    "quiz.change_paper": _l("更改了试卷"),
    "quiz.pick_questions": _l("为试卷选了题"),
    "quiz.publish_paper": _l("发布了试卷"),
    "quiz.change_window": _l("更改了试卷的时间"),
    "quiz.close_paper": _l("结束了试卷"),
    "quiz.discard_paper": _l("删去了试卷草稿"),
    "quiz.extend_time": _l("给你加了答卷时间"),
    "quiz.remark_question": _l("重新评了试卷里的一道题"),
}
FIELD_NAMES = {
    "name": _l("姓名"),
    "phone": _l("手机号"),
    "role": _l("权限"),
    "unit_id": _l("单位"),
    "unit": _l("单位"),
    "status": _l("人员类别"),
    "standing": _l("学习要求"),
    "post": _l("职务"),
    "posts": _l("职务"),
    "since": _l("任职日期"),
    "until": _l("离任日期"),
    "title": _l("事项"),
    "due_on": _l("完成期限"),
    "settled_on": _l("完成日期"),
    "hours": _l("学时"),
    "day": _l("日期"),
    "subject": _l("学习内容"),
    "evidence": _l("依据"),
    "code": _l("代码"),
    "kind": _l("类别"),
    "from": _l("原来的上级"),
    "to": _l("现在的上级"),
    "into": _l("并入哪个单位"),
    "people": _l("人数"),
    "scores": _l("人数"),
    "units": _l("单位数"),
    "mode": _l("方式"),
    "questions": _l("题数"),
    "opens_at": _l("开始时间"),
    "closes_at": _l("截止时间"),
    "extra_s": _l("加时"),
    "reason": _l("理由"),
    "version": _l("第几版"),
    "full": _l("给全部分数"),
    "goal": _l("学习目标"),
}
UNIT_KEYS = ("unit", "unit_id", "from", "to", "into")
# As people wrote them, whatever the language of the page.
NAMES = (*UNIT_KEYS, "title", "name", "kind", "subject", "reason", "evidence")
MOMENTS = ("opens_at", "closes_at")
MODE_NAMES = {
    "exam": _l("考试"),
    "practice": _l("练习"),
    "challenge": _l("挑战答题"),
    "weekly": _l("每周一答"),
}
CODES = {
    "mode": MODE_NAMES,
    "role": ROLE_NAMES,
    "status": STATUS_NAMES,
    "standing": STANDING_NAMES,
    "post": POST_NAMES,
    "posts": POST_NAMES,
}


def mentioned_units(entry: Entry) -> tuple[int, ...]:
    """Return the ids of the units that an entry's details speak of."""
    details = _details(entry)
    found = [value for key in UNIT_KEYS for value in _as_list(details.get(key))]
    return tuple(value for value in found if isinstance(value, int))


def in_words(entry: Entry) -> str:
    """Return what was done, as a sentence without its subject."""
    return str(WORDS[entry.action]) if entry.action in WORDS else str(_("做了一项有记录的操作"))


def who_in_words(entry: Entry, reader_id: int, actors: Mapping[int, str]) -> str:
    """Return who did it, as `reader_id` would say."""
    if entry.actor_id is None:
        return str(_("本站的运行者"))
    if entry.actor_id == reader_id:
        return str(_("你自己"))
    return actors.get(entry.actor_id) or str(_("已不在册的人"))


@dataclass(frozen=True)
class Told:
    """A detail of an act: the field, what it was and became, and whether that is a name."""

    field: str
    values: str
    is_name: bool


def details_in_words(
    entry: Entry, units: Mapping[int, str], whole: bool = False
) -> tuple[Told, ...]:
    """Return what changed, old → new; names and phones are told without their value.

    What was none is left out, and what has no words too, unless `whole` asks for all there is.
    """
    told = []
    for key, value in _details(entry).items():
        if value not in (None, "") and (whole or key in FIELD_NAMES):
            values = [_value(key, one, units) for one in _as_list(value)]
            shown = ("、" if key == "posts" else " → ").join(values)
            as_written = key in NAMES or key not in FIELD_NAMES
            told.append(Told(str(FIELD_NAMES.get(key, key)), shown, as_written))
    return tuple(told)


def _value(key: str, value: Any, units: Mapping[int, str]) -> str:
    if value is None or value == "":
        return str(_("（无）"))
    if key in UNIT_KEYS:
        return units.get(value, str(_("（无）")))
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if key in MOMENTS:
        return to_the_minute(value)
    if key == "extra_s":
        return str(_("%(n)s 分钟", n=value // 60))
    return str(CODES.get(key, {}).get(value, value))


def _details(entry: Entry) -> dict[str, Any]:
    found = msgspec.json.decode(entry.details)
    return found if isinstance(found, dict) else {}


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
