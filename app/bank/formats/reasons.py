"""Every sentence by which a file or a question is refused, in one place for translation; pure."""

# Whole files
TOO_LARGE = "文件太大（最多 {n} MB），请分成几份。"
EMPTY = "文件是空的，请检查后再上传。"
UNKNOWN = "认不出这是哪种题目文件，请用 Excel、CSV、文本、Word、JSON、Markdown、GIFT、Moodle XML。"
OLD_OFFICE = "这是旧版 Office 文件，请另存为 .xlsx 或 .docx 再上传。"
PICTURE = "这是图片、PDF 或压缩包，不能读取题目，请改用 Excel、Word 或文本文件。"
ENCODING = "文件的文字编码无法识别，请另存为 UTF-8。"
NOT_TEXT = "文件里有不是文字的内容，请另存为 UTF-8 文本、.xlsx 或 .csv。"
BAD_ZIP = "文件已损坏，请重新保存后再上传。"
ZIP_BOMB = "文件展开后太大或部件太多，没有读取。请只保留题目再保存一次。"
BAD_XML = "XML 有误或含有不允许的内容，没有读取。"
BAD_JSON = "JSON 有误，请检查第 {n} 行附近。"
BAD_TOML = "TOML 有误，请改正（{error}）。"
TOO_DEEP = "文件里一层套一层太深，没有读取。"
TOO_MANY = "一次最多导入 {n} 题，请分成几份。"
TOO_MANY_CELLS = "表格太大（最多 {n} 格），请删去多余的行列，或分成几份。"
TOO_MANY_LINES = "文件太长（最多 {n} 行），请分成几份。"
LONG_LINE = "第 {n} 行太长（超过 {most} 字），没有读取。"
NO_QUESTIONS = "没有找到题目。请下载 Excel 模板，对照示例填写。"
NO_HEADER = "前 {n} 行里没有找到表头，也认不出各列是什么。请下载 Excel 模板，对照示例填写。"

# Single questions
NO_STEM = "缺少题干。"
NO_ANSWER = "缺少答案。"
LONG_TEXT = "{what}太长（最多 {n} 字）。"
SAME_OPTIONS = "有两个相同的选项“{text}”。"
LETTER_TWICE = "选项字母 {letter} 出现了两次。"
UNKNOWN_KIND = "不认识的题型“{text}”。"
NO_SUCH_KIND = "{text}没有对应的题型，不能导入（支持单选、多选、判断、填空、排序）。"
NO_KIND = "没有选项，也没有要填的空或对错，看不出是什么题。"
NOT_AN_OPTION = "答案“{text}”不在选项之中。"
TWO_OPTIONS = "答案“{text}”对应不止一个选项。"
NUMBER_UNCLEAR = "答案“{text}”是数字，看不出从 0 还是从 1 数起，请改用字母。"
NOT_TRUTH = "判断题的答案“{text}”看不出是对还是错。"
BLANKS_DIFFER = "题干有 {blanks} 个空，答案却有 {answers} 个。"
ORDER_KEY = "排序题的答案“{text}”没有把每一项各用一次。"
PICTURE_IN_STEM = "题干或选项里有图片，不能导入。"
DESCRIPTION = "只有说明文字，没有题目。"
ONLY_CATEGORY = "只有分类，没有题目。"
ESSAY = "论述题没有标准答案，不能导入。"
MATCHING = "配对题没有对应的题型，不能导入。"
TOLERANCE = "数值题带有误差范围，不能改成填空题。"
WILDCARD = "答案里的通配符 * 不能改成填空题。"
NO_RIGHT_ANSWER = "没有一个选项标为正确。"
BRACES = "花括号没有配对。"
BAD_ITEM = "这一项不是题目。"
TOO_LONG_BLOCK = "这一题太长，没有读取。"
NO_ANSWER_LINE = "没有 ANSWER 行。"
CLOZE = "完形题里有不是填空的小题，不能导入。"


def say(template: str, **parts: object) -> str:
    """Return a sentence of this file filled in; what came from the file is cut to 40 characters."""
    return template.format(**{name: _short(part) for name, part in parts.items()})


def _short(part: object) -> object:
    """Return a text on one line and no longer than a message can bear."""
    if not isinstance(part, str):
        return part
    plain = " ".join(part.split())
    return plain if len(plain) <= 40 else plain[:39] + "…"
