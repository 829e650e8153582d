"""Lines of a text told apart: labels such as 【答案】, question numbers, headings; pure."""

import re

from app.bank.formats.wording import read_kind

_WORDS = {
    "answer": (
        "正确答案|参考答案|标准答案|试题答案|答案|正确选项|答|"
        "answers?|ans|correct answer|right answer|key"
    ),
    "explanation": (
        "答案解析|试题解析|题目解析|参考解析|解析|详解|解答|解释|分析|点评|explanation|analysis|rationale"
    ),
    "difficulty": "难易程度|难易度|难度系数|难度等级|难度|difficulty",
    "source": "知识点|考点|章节|出处|依据|来源|条款|所属章节|chapter|source|reference|category",
    "kind": "题目类型|试题类型|题型|类型|type",
    "tags": "标签|关键词|tags?|keywords?",
    "stem": "题干|题目|试题|问题|question|stem",
    "unused": "分值|分数|得分|score|points?|备注|你的答案|我的答案|您的答案|考生答案|用时",
}
_ROLE = {word: role for role, words in _WORDS.items() for word in words.replace("?", "").split("|")}
_INLINE = ("answer", "explanation", "difficulty")  # the others label whole lines only, or in 【】
_AT_START = {word for word, role in _ROLE.items() if role not in _INLINE} | {"key"}
_ANY = "|".join(sorted("|".join(_WORDS.values()).split("|"), key=len, reverse=True))
_LABEL = re.compile(
    rf"(?:^|(?<=[\s\\。；;，,.！!？?：:）)、|】\]✅❌>]))[\\]?"
    rf"(?:[【\[〔［]\s*({_ANY})\s*[】\]〕］]\s*[:：]?|[（(]\s*({_ANY})\s*[:：]\s*([^（）()]+)[)）]"
    rf"|({_ANY})\s*(?:是|为)?\s*[:：]|(?<=\\)({_ANY})\s)\s*",
    re.I,
)
_MAYBE = re.compile(r"[:：】\]〕］\\]")
_NUMBER = re.compile(
    r"(?:第\s*(\d{1,5}|[一二三四五六七八九十百零]{1,5})\s*题\s*[、.．:：]?"
    r"|[（(]\s*(\d{1,5})\s*[)）]\s*[、.．]?"
    r"|(?:Q|题目?|试题|例题?|Question)\s*(\d{1,5})\s*(?:[、.．:：)）]|$)"
    r"|[【\[]\s*(\d{1,5})\s*[】\]]"
    r"|(\d{1,5})\s*(?:[、．:：)）](?!\d)|[.](?!\d)|\t))\s*",
    re.I,
)
_KIND = (
    r"(?:单项?选|多项?选|不定项|选择|判断|是非|填空|排序"
    r"|简答|论述|问答|名词解释|案例|材料|计算|综合)"
)
_WORD = r"[^\s（）()【】\[\]：:，,。？?]"
_COUNTS = r"(?:[（(].*|[:：]?\s*[共每]\s*\S.*|\d+\s*[道题].*|[:：])?"
_SECTIONS = [
    re.compile(  # 二、多选题：每题 2 分
        r"[（(]?\s*第?\s*[一二三四五六七八九十]{1,3}\s*(?:部分|大题)?\s*[、.．:：,，)）]?\s*[（(【\[]?\s*"
        rf"({_WORD}{{0,4}}{_KIND}(?:{_WORD}{{0,3}}题型?|选?))\s*[】\])）]?\s*(?:[:：,，【].*|{_COUNTS})"
    ),
    re.compile(  # 【多选题】, 2. 多选题（每题 2 分）
        r"(?:\d{1,2}\s*[、.．]\s*)?[（(【\[]?\s*"
        rf"({_WORD}{{0,4}}{_KIND}{_WORD}{{0,3}}题型?|[单多]选|判断|填空)\s*[】\])）]?\s*{_COUNTS}"
    ),
]
_OTHER = re.compile(r"[一二三四五六七八九十]{1,3}\s*[、.．]\s*(\S{1,8}题)\s*(?:[（(].*)?")
_CHAPTER = re.compile(
    r"第\s*[一二三四五六七八九十百零\d]{1,5}\s*[章节编篇讲单元](?!题)[^？?（(]{0,40}"
)
_ANSWERS = re.compile(
    r"[（(【\[]?\s*(?:参考|标准|正确|试题|习题|全部)?答案(?:与解析|及解析|和解析|部分|汇总|一览|如下)?"
    r"\s*[】\])）]?\s*[:：]?"
)
_NUMERALS = {c: n for n, c in enumerate("零一二三四五六七八九")}


def split_labels(line: str) -> tuple[str, list[tuple[str, str]]]:
    """Return what stands before the first label in `line`, and (role, text) for each label.

    Roles: answer, explanation, difficulty, source, kind, tags, stem, unused.
    """
    if (alone := _ROLE.get(line.strip().casefold())) in ("answer", "explanation"):
        return "", [(alone, "")]
    if not _MAYBE.search(line):
        return line.strip(), []
    head, found, stop, role = "", [], 0, ""
    for match in _LABEL.finditer(line):
        if match.start() and (match[4] or "").casefold() in _AT_START:
            continue
        text = line[stop : match.start()].strip(" \\")
        if role:
            found.append((role, text))
        else:
            head = text
        word = next(match[n] for n in (1, 2, 4, 5) if match[n])
        role, stop = _ROLE.get(word.casefold(), "unused"), match.end()
        if match[2]:
            found.append((role, match[3].strip()))
            role = "" if not head else "rest"
            head = head or line[: match.start()].strip(" \\")
    if not role:
        return (line.strip() if not found and not stop else head), found
    rest = line[stop:].strip()
    return head, found if role == "rest" and not rest else [*found, (role, rest)]


def split_number(line: str) -> tuple[int, str] | None:
    """Return the number a question begins with and the rest of the line, None without number."""
    match = _NUMBER.match(line)
    if not match:
        return None
    mark = next(group for group in match.groups() if group)
    return (int(mark) if mark.isdigit() else _numeral(mark)), line[match.end() :].strip()


def section_kind(line: str) -> str | None:
    """Return the kind word of a heading such as 二、多选题（每题2分）, None for other lines.

    A heading of another sort (三、场景题) gives "".
    """
    if len(line) > 80:
        return None
    found = next((match for form in _SECTIONS if (match := form.fullmatch(line))), None)
    if found and (any(read_kind(found[1])) or "选择" in found[1]):
        return found[1]
    return "" if _OTHER.fullmatch(line) else None


def is_chapter(line: str) -> bool:
    """Say whether a line is the title of a chapter."""
    return bool(_CHAPTER.fullmatch(line))


def is_label(text: str) -> bool:
    """Say whether a heading is nothing but a label such as 解析."""
    return text.casefold() in _ROLE


def is_answers_heading(line: str) -> bool:
    """Say whether a line announces answers, as at the end of a paper."""
    return bool(_ANSWERS.fullmatch(line))


def _numeral(text: str) -> int:
    """Return the value of a Chinese numeral up to 999."""
    total, digit = 0, 0
    for character in text:
        if character == "百":
            total, digit = total + (digit or 1) * 100, 0
        elif character == "十":
            total, digit = total + (digit or 1) * 10, 0
        else:
            digit = _NUMERALS[character]
    return total + digit
