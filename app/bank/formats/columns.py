"""Titles of columns and keys of objects: which part of a question each one holds; pure."""

import re
import unicodedata

_TITLES = {
    "stem": (
        "题干 题目 试题 问题 题目内容 试题内容 题干内容 问题内容 题目正文 试题题干 "
        "题目题干 题目描述 试题正文 内容 题面 正文 question questiontext questioncontent "
        "questiontitle stem "
        "content title text prompt problem subject topic questionstem body query ques quiz name"
    ),
    "kind": (
        "题型 类型 题目类型 试题类型 试题题型 题目题型 题类 类别名称 题型名称 试题种类 题目种类 "
        "type kind questiontype typename tixing qtype format questionkind categorytype typelabel"
    ),
    "answer": (
        "答案 正确答案 标准答案 参考答案 正确选项 试题答案 题目答案 答案选项 正确项 答案内容 正解 "
        "answer answers key correct correctanswer correctanswers rightanswer rightanswers solution "
        "correctoption correctoptions answerkey rightoption standardanswer daan correctchoice ans "
        "referenceanswer correctindex answerindex correctoptionindex right rightkey correctindices"
    ),
    "explanation": (
        "解析 答案解析 试题解析 题目解析 解释 说明 详解 答案说明 解题思路 分析 讲解 答题解析 "
        "analysis explanation explain feedback rationale jiexi comment analyse parse parsing "
        "explanations generalfeedback reason detail answeranalysis remark"
    ),
    "difficulty": (
        "难度 难易程度 难易度 难度等级 难度系数 难易 试题难度 题目难度 difficulty level nandu"
    ),
    "source": (
        "章节 章 知识点 出处 依据 条款 来源 所属章节 考点 分类 目录 章节或条款 章节名称 知识点名称 "
        "所属知识点 题目分类 试题分类 类别 科目 学科 课程 题库 所属题库 条文 法条 题目来源 "
        "试题来源 chapter section knowledge knowledgepoint source category reference unit lesson "
        "classification"
    ),
    "tags": "标签 关键词 关键字 tag tags keyword keywords labels",
    "options": (
        "选项 选项内容 备选项 备选答案 选择项 答案选项内容 可选项 题目选项 试题选项 全部选项 "
        "options option choices choice items optiontext optioncontent optionlist answerlist "
        "selections answeroptions alternatives"
    ),
    "letter": (
        "选项号 选项编号 选项序号 选项字母 选项标识 选项标号 选项名称 "
        "optionletter optionkey optionlabel"
    ),
    "flag": (
        "是否正确 是否正确答案 是否为正确答案 正确与否 是否答案 是否为答案 是否正确选项 "
        "iscorrect correctflag istrue isright isanswer"
    ),
    "id": "编号 id 题目编号 试题编号 questionid qid uid 题目id 试题id",
    "number": "题号 序号 no number index 行号 num seq order 题目序号 试题序号 sn xuhao",
    "unused": (
        "分值 分数 得分 满分 题目分值 试题分值 score points point mark time 时间 时长 备注 创建人 "
        "创建时间 状态 出题人 单位 部门 更新时间 图片 图片地址 附件 excludes notes"
    ),
}
_ROLES = {title: role for role, held in _TITLES.items() for title in held.split()}
_OPTION = re.compile(
    r"(?:选项|备选项|备选答案|选择项|答案选项|答案|option|choice|opt|answer|选项内容|xx|select)?"
    r"([a-h]|[1-9]|10|[一二三四五六七八])"
    r"(?:选项|项|选项内容|option)?"
)
_FLAG = re.compile(r"(?:iscorrect|correct|是否正确|正确)([1-9]|[a-h])")
_NUMERALS = "一二三四五六七八"
_ENDINGS = [("题干", "stem"), ("正确答案", "answer"), ("解析", "explanation"), ("题型", "kind")]
_NOTE = re.compile(r"[(（\[【<].*?[)）\]】>]|[(（\[【].*$", re.S)
_LEGEND = re.compile(r"(\d)\s*[-=:：、.]?\s*([^\d\s,，;；、/)）(（]{2,10})")


def recognise_title(title: str) -> str:
    """Return what a column holds: stem, kind, answer, explanation, difficulty, source, tags,
    options, letter, flag, id, number, unused, "option 3" or "flag 3" (counted from 1), or "".
    """
    plain = plain_title(title)
    if not plain or len(plain) > 24:
        return ""
    if plain in _ROLES:
        return _ROLES[plain]
    if found := _FLAG.fullmatch(plain):
        return f"flag {_count(found[1])}"
    if (found := _OPTION.fullmatch(plain)) and not plain.isdigit():
        return f"option {_count(found[1])}"
    return next((role for ending, role in _ENDINGS if plain.endswith(ending)), "")


def plain_title(title: str) -> str:
    """Return a title without width, case, spaces, marks and what it says in brackets."""
    plain = unicodedata.normalize("NFKC", title[:200]).casefold().strip()
    return re.sub(r"[\s_\-*:#.、。/'\"]", "", _NOTE.sub("", plain) or plain)


def legend_of(title: str) -> dict[str, str]:
    """Return what numbers stand for where a title says so: 题型（0单选，1判断） → {"0": "单选"}."""
    found = dict(_LEGEND.findall(title[:200]))
    return found if len(found) > 1 else {}


def _count(mark: str) -> int:
    """Return 1 for a, 1 or 一."""
    if mark.isdigit():
        return int(mark)
    return _NUMERALS.index(mark) + 1 if mark in _NUMERALS else ord(mark) - ord("a") + 1
