"""How many free choices there are in a password, as a guesser who knows people sees it; pure.

A guesser tries words, names, dates, runs of the keyboard, and several of these joined, long before
letter after letter. A password is therefore cut into as few such pieces as possible, and each piece
counts as one choice, as does each character that belongs to none. "woaini19900101" is three words
and a date: four choices, though it has fourteen characters. No list of leaked passwords is needed:
these rules make far more than any list holds.
"""

import re
from collections.abc import Callable, Iterable

FEWEST = 5  # choices; fewer are tried first
LONGEST_PIECE = 24
ROWS = ("1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./", "abcdefghijklmnopqrstuvwxyz")
WALKS = (
    *ROWS,
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "qazwsxedcrfvtgbyhnujm",
    "147258369",
    "159357",
    "789456123",
    "!@#$%^&*()_+",
    "一二三四五六七八九十",
)
COMMON = """
    password passwort passwd pass word welcome admin administrator root user guest login logon
    letmein open sesame secret private default change changeme test tester testing temp demo sample
    iloveyou love lover loveyou baby honey sunshine princess monkey dragon tiger football baseball
    basketball soccer master hello world summer winter spring autumn flower angel happy lucky money
    super superman batman shadow computer internet server network windows linux apple google baidu
    tencent wechat weixin alibaba taobao huawei xiaomi china chinese beijing shanghai monday sunday
    january october december system manager office service company access qwerty azerty asdf
    mima koulin yonghu guanliyuan zhongguo gongchandang dangyuan dangzhang dangzhibu dangwei zhibu
    shuji xuexi xueji qiangguo xuexiqiangguo jiayou buwangchuxin chuxin shiming laojishiming
    weirenminfuwu renmin woaini aini woaizhongguo wode nihao laopo laogong baobao mama baba
    xiaoming zhangsan lisi wangwu wangwei zhangwei liwei wangfang wangjing lina liuyang
    密码 口令 管理员 用户 登录 党员 党章 党建 党委 党组织 支部 党支部 书记 委员 中国 共产党 祖国
    人民 学习 学记 强国 学习强国 不忘初心 牢记使命 为人民服务 我爱你 我爱中国 加油 你好 新时代
    二十大 北京
"""
INITIALS = " b p m f d t n l g k h j q x zh ch sh r z c s y w"
FINALS = """
    a o e i u v ai ei ui ao ou iu ie ve er an en in un vn ang eng ing ong ian iang iao uan uang uai
    uo ua ia iong ue
"""
WORDS = frozenset(COMMON.split())
SYLLABLES = frozenset(
    first + last
    for first in INITIALS.split(" ")
    for last in FINALS.split()
    if len(first + last) > 1
)
LEET = str.maketrans("013457@$!", "oleastasi")
NUMBERS = re.compile(
    r"(19|20)\d\d[-./]?(0[1-9]|1[0-2])[-./]?(0[1-9]|[12]\d|3[01])"  # a day
    r"|\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"  # a day with a short year
    r"|(19|20)\d\d(0[1-9]|1[0-2])|(19|20)\d\d"  # a month, a year
    r"|1[3-9]\d{9}"  # somebody's mobile number
    r"|\d{17}[\dx]"  # an identity card
    r"|520|521|1314|5201314|5211314|888|666|168|110|119|120|10086|10010|12306|985|211|404|007"
)


def count_choices(password: str, context: Iterable[str] = ()) -> int:
    """Return how many choices make up the password, folded to small letters; `context` are words.

    It is cut into the fewest pieces and single characters. A word with digits or signs for letters
    ("p@ssw0rd") is that word.
    """
    words = WORDS | {word for word in context if len(word) > 1}
    tests: tuple[Callable[[str], object], ...] = (
        words.__contains__,
        lambda piece: piece.translate(LEET) in words,
        SYLLABLES.__contains__,
        NUMBERS.fullmatch,
        _is_run,
    )
    fewest = [0]
    for end in range(1, len(password) + 1):
        best = fewest[end - 1] + 1
        for begin in range(max(0, end - LONGEST_PIECE), end - 1):
            if fewest[begin] + 1 >= best:
                continue
            piece = password[begin:end]
            if any(fits(piece) for fits in tests) or _is_repeated(password, begin, piece):
                best = fewest[begin] + 1
        fewest.append(best)
    return fewest[-1]


def _is_run(piece: str) -> bool:
    """Say whether a piece of three or more is one character again and again, or walks the keys."""
    if len(piece) < 3:
        return False
    if len(set(piece)) == 1:
        return True
    if piece[::2] == piece[1::2]:  # 112233
        return _is_run(piece[::2])
    return any(piece in walk or piece[::-1] in walk for walk in WALKS)


def _is_repeated(text: str, begin: int, piece: str) -> bool:
    """Say whether the piece stood earlier in the text."""
    return len(piece) >= 3 and piece in text[:begin]
