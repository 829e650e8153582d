"""Every component in all its states, for developers: there only when the site runs in debug.

The samples are plain values, because the rooms that components come from lie above this one.
"""

from types import SimpleNamespace as Sample
from typing import Any

from flask import Blueprint, Flask, abort, render_template
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    Form,
    IntegerField,
    PasswordField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, NumberRange

from app.web.permissions import permission

blueprint = Blueprint("gallery", __name__)
KINDS = ("single", "multiple", "truefalse", "blank", "order")
TEXTS = ("坚持真理", "坚守理想", "践行初心，" + "担当使命，" * 6, "不怕牺牲")
CHAPTERS = (
    "parts",
    "fields",
    *(f"{way}-{kind}" for way in ("question", "paper") for kind in KINDS),
)


class Fields(Form):  # type: ignore[misc]
    """One field of each type; the page shows it empty, filled and refused."""

    text = StringField("姓名", description="按身份证写", validators=[DataRequired("请写姓名。")])
    password = PasswordField("密码", validators=[DataRequired("请写密码。")])
    number = IntegerField("题数", validators=[NumberRange(1, 9, "要在 1 到 9 之间。")])
    chosen = SelectField("范围", choices=[SelectChoice("", "全部"), SelectChoice("a", "党章")])
    day = DateField("日期")
    file = FileField("花名册")
    long = TextAreaField("理由")
    tick = BooleanField("只看本单位")


def init_gallery(app: Flask) -> None:
    """Put the gallery up in debug; otherwise its addresses are missing like any other."""
    if app.debug:
        app.register_blueprint(blueprint)


@blueprint.get("/dev/components")
@permission("public")
def index() -> str:
    """List the chapters."""
    return render_template("dev/components.html", chapters=CHAPTERS)


@blueprint.get("/dev/components/<chapter>")
@permission("public")
def components(chapter: str) -> str:
    """Show the components of one chapter in all their states."""
    if chapter not in CHAPTERS:
        abort(404)
    name, _dash, kind = chapter.partition("-")
    return render_template(f"dev/{name}.html", chapter=chapter, **_samples(name, kind))


def _samples(name: str, kind: str) -> dict[str, Any]:
    """Return what the template of a chapter shows."""
    if name == "fields":
        refused = Fields(MultiDict({"number": "77", "day": "nonsense"}))
        refused.validate()
        return {"refused": refused, "empty": Fields(prefix="empty-")}
    if name == "parts":
        days = [[Sample(count=n, level=n) for n in range(5)] + [Sample(count=0, level=0)] * 2] * 12
        ends = (Sample(number=n, pages=3, previous=n - 1, next=(n + 1) % 4) for n in (1, 2, 3))
        return {"weeks": days, "counts": [n % 7 for n in range(30)], "ends": list(ends)}
    question, shown = _question(kind), _presented(kind)
    sent = MultiDict([("choice", "1"), ("blank-0", "为人民服务"), ("place-0", "2")])
    way = Sample(name="due", subject="", chapter="", since=0)
    common = {"question": question, "presented": shown, "sent": sent, "way": way}
    if name == "question":
        return common
    papers = [
        Sample(
            moves=[
                Sample(ended=ended, at=1_795_000_000, opens_at=None, closes_at=at, reason="停电")
            ]
        )
        for ended, at in ((False, 1_795_100_000), (False, None), (True, None))
    ]
    left = Sample(attempt=Sample(deadline=1_795_000_600), left_s=600)
    return {**common, "marks": _marks(kind, question, shown), "papers": papers, "page": left}


def _question(kind: str) -> Sample:
    """Return a question of a kind."""
    return Sample(
        id="sample",
        kind=kind,
        stem="党章（2022年修改）规定，伟大建党精神的内容有___。" + "题目可以很长，" * 8,
        content=Sample(answers=(("甲",), ("乙",))),
        explanation="见总纲第五自然段。",
        document_title="中国共产党章程",
        document_short="党章",
        edition_short="2022年",
        provision_label="总纲第五自然段",
    )


def _presented(kind: str) -> Sample:
    """Return its options as shown, the first of which is right."""
    texts = ("正确", "错误") if kind == "truefalse" else TEXTS
    options = [
        Sample(value=str(n), letter="ABCD"[n], text=text, index=n) for n, text in enumerate(texts)
    ]
    return Sample(options=() if kind == "blank" else options, key=(0,))


def _marks(kind: str, question: Sample, shown: Sample) -> list[Sample]:
    """Return the question marked right, in part, wrong, unanswered, and wrong but marked anew."""
    anew = [Sample(old_mark=0.0, new_mark=2.0, reason="题目有歧义")]
    states: tuple[tuple[float, tuple[int, ...], str | None, list[Sample]], ...] = (
        (2.0, (0,), "甲；乙", []),
        (1.0, (0, 1), "甲；丙", []),
        (0.0, (1,), "丁", []),
        (0.0, (), None, []),
        (2.0, (1,), "丁", anew),
    )
    return [
        Sample(
            slot=slot,
            question=question,
            presented=shown,
            chosen=chosen,
            given=given,
            key="甲；乙",
            mark=mark,
            points=2,
            remarks=remarks,
        )
        for slot, (mark, chosen, given, remarks) in enumerate(states, 1)
    ]
