"""Words by which people write kinds, judgements, difficulties and letters; pure."""

import re
import unicodedata

from app.bank.formats.reasons import NO_SUCH_KIND, say

_UNSUPPORTED = re.compile(
    "简答|论述|问答|名词解释|主观|案例|材料|计算|写作|作文|编程|匹配|连线|配对|阅读|完形|解答|综合"
    "|essay|^qa$|^short$|^long$|^open$|program|shortanswer|shorttext|subjective|matching|coding|openended|freetext"
)
_KIND_WORDS = {
    "truefalse": "判断|是非|对错|正误|truefalse|trueorfalse|boolean|judge|yesno|^tf$",
    "blank": "填空|填充|fill|blank|completion|cloze",
    "order": "排序|排列|^order|sort|sequence|ranking",
    "": "不定项|任选|multiplechoice|^选择|^choice|mcq",
    "multiple": "多选|多项|multi|checkbox|^mc$|^ms$",
    "single": "单选|单项|single|radio|^sc$",
}
_KINDS = [(kind, re.compile(words)) for kind, words in _KIND_WORDS.items()]
_LEVELS = {
    "know": "识记|记忆|了解|知道|简单|容易|较易|^易$|^低$|^初级$|^easy$|^know$|^low$",
    "understand": "理解|中等|一般|适中|普通|^中$|^中级$|^medium$|^understand$|^normal$|^middle$",
    "apply": "应用|运用|掌握|困难|较难|^难$|^高$|^高级$|^hard$|^apply$|^difficult$|^high$",
}
_DIFFICULTIES = [(level, re.compile(words)) for level, words in _LEVELS.items()]
_TRUE = re.compile(r"[√✓✔☑✅]?\s*(?:对的?|正确|是的?|真|t|true|y|yes|right|correct|1|v)|[√✓✔☑✅]")
_FALSE = re.compile(
    r"[×✗✘✖☒❌]?\s*(?:x|错的?|错误|否|假|f|false|n|no|wrong|incorrect|0|不对|不正确|不是)|[×✗✘✖☒❌]"
)
_LETTERS = re.compile(r"[A-Z](?:[\s,、;/|.&+和与\"']*[A-Z])*")
_OUTER = " .。;；,，、:：()（）[]【】\"'“”*"


def even(text: str) -> str:
    """Return `text` in half width and lower case, without spaces and joining marks."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\s_\-()\[\]【】:、.*/“”\"']", "", plain)


def read_kind(text: str) -> tuple[str, str]:
    """Return (kind, ""), ("", "") when it must be guessed, ("", reason) when we have no such."""
    plain = even(text)
    if len(plain) > 30:
        return "", ""
    for kind, words in _KINDS:
        if words.search(plain):
            return kind, ""
    return "", say(NO_SUCH_KIND, text=text.strip()) if _UNSUPPORTED.search(plain) else ""


def read_truth(text: str) -> bool | None:
    """Return the judgement that `text` stands for, None when it is none."""
    plain = unicodedata.normalize("NFKC", text).casefold().strip(_OUTER)
    if _TRUE.fullmatch(plain):
        return True
    return False if _FALSE.fullmatch(plain) else None


def read_difficulty(text: str) -> str:
    """Return know, understand, apply, or "" when `text` says nothing about it."""
    plain = even(text)
    return next((level for level, words in _DIFFICULTIES if words.search(plain)), "")


def read_letters(text: str) -> str:
    """Return the capital letters `text` consists of ("a、C" → "AC"), "" when it has others."""
    plain = unicodedata.normalize("NFKC", text).upper().strip(_OUTER)
    return "".join(c for c in plain if "A" <= c <= "Z") if _LETTERS.fullmatch(plain) else ""


def letter_of(text: str) -> str:
    """Return one option letter in half width and upper case."""
    return unicodedata.normalize("NFKC", text).upper()
