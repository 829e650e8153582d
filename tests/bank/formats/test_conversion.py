"""Drafts become content and come back; unusable ones say everything that is wrong."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from app.bank.formats.conversion import checked, digest, from_content, list_faults, to_content
from app.bank.formats.draft import Draft, Refused
from app.base.errors import Invalid
from tests.bank.formats.drafts import drafts, make_single

pytestmark = pytest.mark.pure


@settings(max_examples=50, deadline=None)
@given(draft=drafts())
def test_content_and_back(draft: Draft) -> None:
    content = to_content(draft, "q-1", "a5")
    assert from_content(content, source=draft.source or "a5") == replace(
        draft, id="q-1", source=draft.source or "a5"
    )


def test_a_draft_without_difficulty_is_to_be_known() -> None:
    assert to_content(make_single(), "q-1", "a1").difficulty == "know"


@pytest.mark.parametrize("id", ["", "九", "A", "a b", "x" * 61])
def test_an_unusable_id_is_invalid(id: str) -> None:
    with pytest.raises(Invalid):
        to_content(make_single(), id, "a1")


def test_all_faults_are_told() -> None:
    faulty = make_single(stem="", options=("子", "子"), answer="AC", where="一")
    refused = checked(faulty)
    assert isinstance(refused, Refused)
    assert refused.draft == faulty
    assert refused.where == "一"
    for word in ("缺少题干", "相同的选项", "不在选项之中", "一个字母"):
        assert word in refused.reason
    assert list_faults(make_single(explanation="字" * 5001)) == ["解析太长（最多 5000 字）。"]
    assert list_faults(make_single(kind="essay")) == ["不认识的题型“essay”。"]
    assert list_faults(make_single(answer="")) == ["缺少答案。"]


def test_only_ids_of_the_bank_are_kept() -> None:
    for id, kept in (("dz-1", "dz-1"), ("17", ""), ("题-1", ""), ("A1", "")):
        draft = checked(make_single(id=id))
        assert isinstance(draft, Draft)
        assert draft.id == kept


def test_the_digest_is_the_same_however_a_question_is_laid_out() -> None:
    first = make_single(stem="甲是（　　）。", row=3, where="一", explanation="因为")
    assert digest(first) == digest(make_single(stem="甲是( )", row=9))
    assert digest(first) != digest(make_single(stem="甲是（　　）。", answer="B"))
    assert digest(first) != digest(make_single(stem="乙是（　　）。"))
