"""The published scores of a scheme as a report, the same figures as on its page; pure."""

from collections.abc import Iterable, Mapping, Sequence

from flask_babel import gettext as _

from app.assess.explain.numbers import number, percent
from app.assess.explain.schemes import component_name, of_plan, of_score
from app.assess.queries.schemes import Scheme, Score
from app.assess.report import Report, Table, table
from app.assess.scheme import COMPONENTS

NOTHING = "—"


def as_report(
    scheme: Scheme,
    scores: Iterable[Score],
    units: Sequence[tuple[str, str, int, int]],
    names: Mapping[int, str],
    published_on: str,
) -> Report:
    """Return what came of a published scheme; `names` gives those of the units, never a ranking."""
    span = f"{scheme.starts_on.isoformat()} – {scheme.ends_on.isoformat()}"
    facts = [
        (str(_("单位")), scheme.unit_name),
        (str(_("考评期")), span),
        (str(_("方案")), of_plan(scheme.plan)),
        (str(_("版本")), str(_("第 %(n)s 版，已公布", n=scheme.version))),
        (str(_("公布于")), published_on),
        (str(_("公式版本")), scheme.code),
    ]
    if scheme.reason:
        facts.append((str(_("更正")), scheme.reason))
    tables = (_scores(scheme, scores, names), _units(units))
    return Report(str(_("考评结果")), scheme.title, tuple(facts), tables)


def _scores(scheme: Scheme, scores: Iterable[Score], names: Mapping[int, str]) -> Table:
    counted = [one for one in COMPONENTS if scheme.plan.weights.get(one)]
    rows = []
    for one in scores:
        values = {part.name: part.value for part in one.parts}
        row = [one.name, names.get(one.unit_id or 0, NOTHING)]
        row.append(str(_("不计分")) if one.score is None else number(one.score, 2))
        for name in counted:
            value = values.get(name)
            row.append(NOTHING if value is None else percent(value))
        rows.append([*row, str(_("达标")) if one.code else "", of_score(one.score, one.parts)])
    heads = [str(_("姓名")), str(_("单位")), str(_("得分"))]
    heads += [f"{component_name(name)} {scheme.plan.weights[name]}" for name in counted]
    heads += [str(_("达标")), str(_("怎么算的"))]
    note = str(_("按单位和姓名排列，不排名次"))
    return table(
        str(_("每个人的得分")), heads, rows, note, [0, 1], empty=NOTHING, long=[len(heads) - 1]
    )


def _units(units: Sequence[tuple[str, str, int, int]]) -> Table:
    rows = [[name, str(met), str(counted)] for name, _code, met, counted in units]
    heads = [str(_("单位")), str(_("达标的人")), str(_("计分的人"))]
    empty = str(_("没有达标的单位。"))
    return table(str(_("达标的单位")), heads, rows, "", [0], empty=empty)
