"""Shape of what keepers of questions send: a file, a question, a choice of drafts."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from app.bank.formats.draft import Draft

CHINESE = {"lang": "zh-CN"}
KINDS = {
    "single": _l("单选题"),
    "multiple": _l("多选题"),
    "truefalse": _l("判断题"),
    "blank": _l("填空题"),
    "order": _l("排序题"),
}
DIFFICULTIES = {"know": _l("识记"), "understand": _l("理解"), "apply": _l("运用")}
FORMATS = {"xlsx": _l("Excel 表格"), "gift": "GIFT", "moodle-xml": "Moodle XML", "toml": "TOML"}
RIGHT, WRONG = "对", "错"


def offer(choices: dict[str, str]) -> list[SelectChoice]:
    """Return choices the way the form library keeps them."""
    return [SelectChoice(value, label) for value, label in choices.items()]


class UploadForm(FlaskForm):  # type: ignore[misc]
    """A file with questions, and whose they will be."""

    file = FileField(_l("题目文件"), validators=[FileRequired(_l("请选择文件。"))])
    unit = SelectField(_l("归入哪个单位"), render_kw=CHINESE)


class ConfirmForm(FlaskForm):  # type: ignore[misc]
    """The file that was shown."""

    batch = HiddenField(validators=[DataRequired(), Length(22, 22)])


class QuestionForm(FlaskForm):  # type: ignore[misc]
    """A question written line by line: one option, item or blank a line."""

    kind = SelectField(_l("题型"), choices=offer(KINDS))
    stem = TextAreaField(
        _l("题干"),
        description=_l("填空题在要填的地方写三个下划线 ___"),
        validators=[DataRequired(_l("请填写题干。")), Length(max=2000)],
        render_kw={"rows": 3},
    )
    lines = TextAreaField(
        _l("选项"),
        description=_l("一行一个。填空题一行一个空，可接受的写法用 / 隔开；排序题按正确次序写"),
        validators=[Length(max=6000)],
        render_kw={"rows": 5},
    )
    answer = StringField(
        _l("答案"),
        description=_l("单选、多选写字母，如 B 或 ACD；判断写 对 或 错；填空和排序不用填"),
        validators=[Length(max=20)],
    )
    explanation = TextAreaField(_l("解析"), validators=[Length(max=5000)], render_kw={"rows": 3})
    difficulty = SelectField(_l("难度"), choices=offer(DIFFICULTIES))
    source = StringField(_l("出处"), validators=[Length(max=200)])

    def draft(self) -> Draft:
        """Return what was written as a draft, however unusable."""
        lines = tuple(line.strip() for line in (self.lines.data or "").splitlines() if line.strip())
        kind, answer = self.kind.data, (self.answer.data or "").strip()
        chosen = kind in ("single", "multiple")
        letters = "".join(sorted(set(answer.upper()))) if chosen else ""
        return Draft(
            row=1,
            kind=kind,
            stem=(self.stem.data or "").strip(),
            options=lines if chosen else (),
            answer=letters,
            truth={RIGHT: True, WRONG: False}.get(answer) if kind == "truefalse" else None,
            blanks=tuple(_variants(line) for line in lines) if kind == "blank" else (),
            items=lines if kind == "order" else (),
            explanation=(self.explanation.data or "").strip(),
            difficulty=self.difficulty.data,
            source=(self.source.data or "").strip(),
        )

    def show(self, draft: Draft) -> None:
        """Fill the form with a draft."""
        self.kind.data, self.stem.data = draft.kind, draft.stem
        held = draft.options or draft.items or tuple("/".join(group) for group in draft.blanks)
        self.lines.data = "\n".join(held)
        judged = {True: RIGHT, False: WRONG, None: ""}[draft.truth]
        self.answer.data = draft.answer or judged
        self.explanation.data, self.source.data = draft.explanation, draft.source
        self.difficulty.data = draft.difficulty or "know"


def _variants(line: str) -> tuple[str, ...]:
    """Return the accepted variants of one blank; a slash between digits belongs to a fraction."""
    parts, current = [], ""
    for place, sign in enumerate(line):
        around = line[place - 1 : place] + line[place + 1 : place + 2]
        if sign in "/／" and not (len(around) == 2 and around.isdigit()):
            parts.append(current)
            current = ""
        else:
            current += sign
    return tuple(part.strip() for part in [*parts, current] if part.strip())
