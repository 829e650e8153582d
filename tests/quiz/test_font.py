"""A font is found where it lies, the setting first, and its absence told with what to do."""

from pathlib import Path

import pytest

from app.base.errors import Invalid
from app.quiz.font import find_font

pytestmark = pytest.mark.pure


def test_the_first_place_that_has_one(tmp_path: Path) -> None:
    second = tmp_path / "NotoSansCJK-Regular.ttc"
    second.write_bytes(b"")
    places = [str(tmp_path / "none.ttc"), str(second)]
    found = find_font(None, places)
    assert (found.regular, found.bold, found.face) == (second, second, 2)
    bold = tmp_path / "NotoSansCJK-Bold.ttc"
    bold.write_bytes(b"")
    assert find_font(None, places).bold == bold


def test_the_setting_goes_first(tmp_path: Path) -> None:
    own = tmp_path / "own.ttf"
    own.write_bytes(b"")
    found = find_font(str(own), [])
    assert (found.regular, found.face) == (own, 0)
    with pytest.raises(Invalid, match="XUEJI_FONT"):
        find_font(str(tmp_path / "none.ttf"))


def test_without_any_the_sentence_says_what_to_install() -> None:
    with pytest.raises(Invalid, match="fonts-noto-cjk"):
        find_font(None, [])
