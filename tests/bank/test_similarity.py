"""Stems that nearly repeat each other are found, however many others there are."""

import pytest

from app.bank.similarity import likeness, list_twins, trigrams

pytestmark = pytest.mark.pure


def test_likeness_lies_between_nothing_and_the_same() -> None:
    one = trigrams("预备党员的预备期为一年")
    assert likeness(one, trigrams("预备党员的预备期，为 一 年。")) == 1
    assert likeness(one, trigrams("党的最高领导机关是全国代表大会")) == 0
    assert 0 < likeness(one, trigrams("预备党员的预备期为两年")) < 1


def test_a_twin_is_found_among_many() -> None:
    texts = {f"q{n}": f"第{n}条规定的内容与其他各条都不相同，编号为{n * n}" for n in range(300)}
    texts["first"] = "申请入党的人应当有几名正式党员作介绍人"
    texts["second"] = "申请入党的人，应当有几名正式党员做介绍人？"
    found = [(one, other) for one, other, _share in list_twins(texts, 0.7) if one == "second"]
    assert found == [("second", "first")]


def test_short_and_empty_texts_are_no_crash() -> None:
    assert list(list_twins({"a": "", "b": "一", "c": "一"})) == [("c", "b", 1.0)]
