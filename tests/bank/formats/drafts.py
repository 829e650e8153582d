"""Builders and strategies of drafts for the tests of formats."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from app.bank.formats.cleaning import clean
from app.bank.formats.conversion import list_faults
from app.bank.formats.draft import Draft

SPECIAL = "=~#{}:\\%[]()<>&\"'`*_|;；/、，。（）A1\n $@+-→！é一二三甲乙"


def make_single(**parts: Any) -> Draft:
    """Return a usable single choice."""
    common = {
        "row": 1,
        "kind": "single",
        "stem": "甲是（　　）。",
        "options": ("子", "丑"),
        "answer": "A",
    }
    return Draft(**{**common, **parts})


def without_place(draft: Draft) -> Draft:
    """Return `draft` without where it was read."""
    return replace(draft, row=0, where="")


texts = (
    st.one_of(
        st.text(alphabet=SPECIAL, min_size=1, max_size=30),
        st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=20),
    )
    .map(clean)
    .filter(bool)
)
lines = texts.map(lambda text: text.replace("\n", " ")).filter(lambda text: clean(text) == text)
ids = st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True) | st.just("")


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    """Any draft the bank could use."""
    kind = draw(st.sampled_from(["single", "multiple", "truefalse", "blank", "order"]))
    draft = Draft(
        row=1,
        kind=kind,
        stem=draw(texts),
        explanation=draw(texts | st.just("")),
        difficulty=draw(st.sampled_from(["know", "understand", "apply"])),
        source=draw(st.sampled_from(["", "第一章", "第一章/第二节", "gp", "a5"])),
        tags=tuple(draw(st.lists(lines, max_size=3, unique=True))),
        id=draw(ids),
    )
    return draw(_with_key(draft).filter(lambda one: not list_faults(one)))


@st.composite
def _with_key(draw: st.DrawFn, draft: Draft) -> Draft:
    distinct = st.lists(texts, min_size=3, max_size=6, unique=True)
    if draft.kind == "truefalse":
        return replace(draft, truth=draw(st.booleans()))
    if draft.kind == "order":
        return replace(draft, items=tuple(draw(distinct)))
    if draft.kind == "blank":
        count = draw(st.integers(1, 3))
        stem = "___".join(draw(st.lists(lines, min_size=count + 1, max_size=count + 1)))
        groups = st.lists(texts, min_size=1, max_size=3, unique=True).map(tuple)
        blanks = tuple(draw(st.lists(groups, min_size=count, max_size=count)))
        return replace(draft, stem=stem, blanks=blanks)
    options = tuple(draw(distinct))
    least = 1 if draft.kind == "single" else 2
    most = 1 if draft.kind == "single" else len(options)
    places = draw(st.sets(st.integers(0, len(options) - 1), min_size=least, max_size=most))
    return replace(draft, options=options, answer="".join(chr(65 + n) for n in sorted(places)))
