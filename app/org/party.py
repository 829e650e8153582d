"""The Party's words for people: status, standing and posts, as codes, names and as sheets say them.

Statuses follow the stages of admission (发展党员工作细则); *exempt* is the state of the frail or
seriously ill, of whom nothing rigid is asked (党员教育管理工作条例, art. 23); *away* are members
who live and work elsewhere (流动党员) and still study.
"""

import re
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.names import fold
from app.base.errors import Invalid

UNKNOWN = "unknown"  # nobody has recorded it yet
FULL, PROBATIONARY = "full", "probationary"
STATUS_NAMES = {
    FULL: _l("正式党员"),
    PROBATIONARY: _l("预备党员"),
    "development": _l("发展对象"),
    "activist": _l("入党积极分子"),
    "other": _l("群众或其他"),
    UNKNOWN: _l("未登记"),
}
ACTIVE, EXEMPT = "active", "exempt"
STANDING_NAMES = {
    ACTIVE: _l("正常"),
    EXEMPT: _l("免于硬性要求（年老体弱或重病）"),
    "away": _l("流动党员"),
}
POST_NAMES = {
    "secretary": _l("书记"),
    "deputy": _l("副书记"),
    "organisation": _l("组织委员"),
    "publicity": _l("宣传委员"),
    "discipline": _l("纪检委员"),
    "worker": _l("党务工作者"),
    "lecturer": _l("讲师"),
}
STATUSES, STANDINGS, POSTS = tuple(STATUS_NAMES), tuple(STANDING_NAMES), tuple(POST_NAMES)
COMMITTEE = ("secretary", "deputy", "organisation", "publicity", "discipline")

FIRST_DAY, LAST_DAY = date(1921, 7, 1), date(2100, 12, 31)

_STATUS_WORDS = {
    "党员": FULL,
    "正式": FULL,
    "正式党员": FULL,
    "中共党员": FULL,
    "预备": PROBATIONARY,
    "预备党员": PROBATIONARY,
    "中共预备党员": PROBATIONARY,
    "发展对象": "development",
    "积极分子": "activist",
    "入党积极分子": "activist",
    "群众": "other",
    "其他": "other",
    "群众或其他": "other",
    "入党申请人": "other",
    "共青团员": "other",
    "团员": "other",
}
_POST_WORDS = {
    "书记": "secretary",
    "副书记": "deputy",
    "组织委员": "organisation",
    "宣传委员": "publicity",
    "纪检委员": "discipline",
    "纪律检查委员": "discipline",
    "党务工作者": "worker",
    "党务干部": "worker",
    "讲师": "lecturer",
    "党员教育讲师": "lecturer",
}
_BETWEEN = re.compile(r"[、,;/|\s]+|和|兼")
_OF_UNIT = re.compile(r"^(党委|党总支|总支|党支部|支部|党小组)")


def read_status(text: str) -> str:
    """Return the code of a status as sheets write it, "" for an empty cell; raise Invalid."""
    word = fold(text).replace(" ", "")
    if word and word not in _STATUS_WORDS:
        raise Invalid(_("人员类别“%(word)s”无法识别。", word=word[:20]))
    return _STATUS_WORDS.get(word, "")


def read_posts(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the codes of the posts a cell names, and the words in it that name none."""
    words = [_OF_UNIT.sub("", word) for word in _BETWEEN.split(fold(text)) if word]
    codes = tuple(dict.fromkeys(_POST_WORDS[word] for word in words if word in _POST_WORDS))
    return codes, tuple(word for word in words if word and word not in _POST_WORDS)


def check_days(since: date, until: date | None) -> None:
    """Raise Invalid unless a post's days lie between 1921 and 2100 and do not run backwards."""
    if not FIRST_DAY <= since <= LAST_DAY:
        raise Invalid(
            _("日期应在 1921 年到 2100 年之间。"), since=_("日期应在 1921 年到 2100 年之间。")
        )
    if until is not None and not since <= until <= LAST_DAY:
        raise Invalid(_("离任日期不能早于任职日期。"), until=_("离任日期不能早于任职日期。"))
